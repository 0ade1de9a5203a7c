/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A segment arrives on a connection.
 */
#ifndef CLASP_CORE_INPUT_H
#define CLASP_CORE_INPUT_H

#include "conn.h"

/* What becomes of a segment's payload. */
enum clasp_payload {
	CLASP_PAYLOAD_NONE,	/* there is none, or none that is new */
	CLASP_PAYLOAD_NEXT,	/* in order: it is the program's */
	CLASP_PAYLOAD_HOLD,	/* behind a gap: clasp_reasm_*() */
};

/**
 * struct clasp_arrival - what the core made of a segment
 * @payload: what becomes of its payload
 * @skip: bytes at the payload's front that arrived before
 * @held: where the rest belongs; for CLASP_PAYLOAD_HOLD to be kept with it
 * @drop: why it, or its payload, went no further; CLASP_DROP_NONE
 * @reset: answer it with clasp_segment_reset()
 * @urgent_new: the urgent pointer has advanced: tell the program
 * @urgent_old: with it: the octet that was urgent before has arrived; out of
 *	line it is not read any more
 * @urgent_here: the urgent octet is in the payload
 * @urgent_old_seq: number of the one before
 * @urgent_at: where in the payload
 */
struct clasp_arrival {
	enum clasp_payload	payload;
	u32			skip;
	struct clasp_held	held;
	enum clasp_drop		drop;
	bool			reset;
	bool			urgent_new;
	bool			urgent_old;
	bool			urgent_here;
	u32			urgent_old_seq;
	u32			urgent_at;
};

void clasp_input(struct clasp_conn *c, const struct clasp_segment *seg,
		 u32 room, u64 now_us, struct clasp_arrival *a);
void clasp_input_fin(struct clasp_conn *c, u64 now_us);

#endif
