/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How large the receive buffer should be.
 */
#ifndef CLASP_CORE_RCVTUNE_H
#define CLASP_CORE_RCVTUNE_H

#include "base.h"

struct clasp_conn;
struct clasp_segment;

/**
 * struct clasp_rcvtune - what a receiver measures
 * @rtt_us: round trip as it sees it; 0: none yet
 * @mark: where the present measurement ends: with timestamps the echo that has
 *	been seen, without them the right edge of the window that is being received
 * @mark_us: without timestamps: since when
 * @read_seq: what the program had read when the round trip began, and what
 *	waited behind a gap
 * @read_us: when that was
 * @space: bytes that the program took in the fullest round trip so far
 *
 * Times are the low bits of the clock: they are an hour apart at most, and
 * what is measured wrongly once an hour does no harm.
 */
struct clasp_rcvtune {
	u32	rtt_us;
	u32	mark;
	u32	mark_us;
	u32	read_seq;
	u32	read_us;
	u32	space;
};

void clasp_rcvtune_data(struct clasp_conn *c, const struct clasp_segment *seg,
			u64 now_us);
u32 clasp_rcvtune_read(struct clasp_conn *c, u32 copied_seq, u64 now_us);

#endif
