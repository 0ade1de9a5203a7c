/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What to send next.
 */
#ifndef CLASP_CORE_OUTPUT_H
#define CLASP_CORE_OUTPUT_H

#include "conn.h"

#define CLASP_TX_SACK	(8 * CLASP_SACK_MAX)	/* bytes */

/**
 * struct clasp_tx - one transmission that the core wants
 * @why: why it leaves
 * @sent: range of the send queue that the payload is from, NULL without any
 * @skip: bytes at the range's front that are not for this transmission
 * @len: payload, bytes; above @mss it leaves as several segments
 * @mss: payload of a full segment
 * @fresh: the payload has not been sent before: a longer range is cut at @len
 * @segment: the header of the first segment; PSH and FIN in it are for the
 *	last, CWR for the first, and each next one has a sequence number @mss
 *	higher
 * @sack: the SACK option's ranges, if @segment has one, which points here;
 *	else undefined
 */
struct clasp_tx {
	enum clasp_send		why;
	struct clasp_sent	*sent;
	u32			skip;
	u32			len;
	u32			mss;
	bool			fresh;
	struct clasp_segment	segment;
	u8			sack[CLASP_TX_SACK];
};

bool clasp_output_next(struct clasp_conn *c, u64 now_us, struct clasp_tx *tx);
void clasp_output_sent(struct clasp_conn *c, const struct clasp_tx *tx,
		       u64 now_us);
u64 clasp_output_wake(struct clasp_conn *c, u64 now_us);
u32 clasp_output_goal(const struct clasp_conn *c);

#endif
