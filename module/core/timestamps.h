/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The timestamps option: which values to send, and which to believe.
 */
#ifndef CLASP_CORE_TIMESTAMPS_H
#define CLASP_CORE_TIMESTAMPS_H

#include "base.h"
#include "segment.h"

/**
 * struct clasp_timestamps - one connection's timestamps
 * @recent: TS.Recent, the peer's timestamp to echo
 * @recent_s: when it was taken, seconds on our clock
 * @offset: added to our clock, so that it tells strangers nothing
 * @on: both SYNs carried the option
 */
struct clasp_timestamps {
	u32	recent;
	u32	recent_s;
	u32	offset;
	bool	on;
};

u32 clasp_timestamps_age_s(const struct clasp_timestamps *ts, u64 now_us);
u32 clasp_timestamps_value(const struct clasp_timestamps *ts, u64 now_us);
void clasp_timestamps_add(const struct clasp_timestamps *ts,
			  struct clasp_segment *seg, u64 now_us);
void clasp_timestamps_take(struct clasp_timestamps *ts, u32 tsval, u64 now_us);
bool clasp_timestamps_old(const struct clasp_timestamps *ts,
			  const struct clasp_segment *seg, u64 now_us);
void clasp_timestamps_note(struct clasp_timestamps *ts,
			   const struct clasp_segment *seg, u32 last_ack_sent,
			   u64 now_us);

#endif
