// SPDX-License-Identifier: GPL-2.0
/*
 * Dynamic right-sizing: a receive window that a fast path can fill.
 *
 * A window bounds what is sent in a round trip. One that is too small slows the
 * connection; one that is far too large takes memory from others. What the
 * program reads in a round trip is what the path and the program can do; twice
 * as much lets the sender double its window, which is the fastest that it grows
 * (RFC 5681 §3.1), and shows in the next round trip's reading. (The idea is
 * Fisk and Feng's, "Dynamic Right-Sizing", 2001.)
 *
 * A receiver that sends no data measures the round trip from timestamps that
 * come back with data (RFC 7323 §4), or, without them, takes the time in which
 * a whole window arrives, which is a round trip at least.
 *
 * Called by input.c for data, and by the body when the program has read; the
 * body makes the buffer as large as told, within its limits.
 */
#include "rcvtune.h"
#include "clasp_body.h"
#include "conn.h"
#include "seq.h"
#include "window.h"

/* Smoothed, as senders do (RFC 6298 §2.3). */
static void sample_echo(struct clasp_rcvtune *r, u32 rtt_us)
{
	if (!r->rtt_us)
		r->rtt_us = rtt_us;
	else
		r->rtt_us = r->rtt_us - r->rtt_us / 8 + rtt_us / 8;
}

/* An echo is news once: what follows with the same has waited for the sender. */
static void measure_echo(struct clasp_conn *c, const struct clasp_segment *seg,
			 u64 now_us)
{
	struct clasp_rcvtune *r = &clasp_annex(c)->rcvtune;
	s32 rtt_ms = clasp_timestamps_value(&c->ts, now_us) - seg->tsecr;

	if (seg->tsecr == r->mark || rtt_ms < 0)
		return;

	r->mark = seg->tsecr;
	/* under a millisecond counts as one */
	sample_echo(r, min_t(u64, CLASP_MS(max(rtt_ms, 1)), U32_MAX));
}

/* The least of these is nearest to the truth. */
static void measure_window(struct clasp_conn *c, u64 now_us)
{
	struct clasp_rcvtune *r = &clasp_annex(c)->rcvtune;
	u32 time_us = (u32)now_us ?: 1;
	u32 took_us = max(time_us - r->mark_us, 1u);

	if (r->mark_us && seq_before(c->rcv_nxt, r->mark))
		return;
	if (r->mark_us && (!r->rtt_us || took_us < r->rtt_us))
		r->rtt_us = took_us;

	r->mark = c->rcv_nxt + c->rcv_wnd;
	r->mark_us = time_us;
}

/**
 * clasp_rcvtune_data() - data has arrived
 * @c: connection; the caller owns it
 * @seg: the segment
 * @now_us: the time
 */
void clasp_rcvtune_data(struct clasp_conn *c, const struct clasp_segment *seg,
			u64 now_us)
{
	if (c->ts.on && seg->has & CLASP_HAS_TIMESTAMPS)
		measure_echo(c, seg, now_us);
	else
		measure_window(c, now_us);
}

/* Reading grows: by as much again in the next round trip, it is assumed. */
static u32 wanted(u32 before, u32 now, u32 mss)
{
	u64 next = (u64)now + (now - before);

	return min_t(u64, 2 * next + 16 * mss, CLASP_WINDOW_MAX);
}

/**
 * clasp_rcvtune_read() - the program has read
 * @c: connection; the caller owns it
 * @copied_seq: first octet that it has not read
 * @now_us: the time
 *
 * Return: bytes of payload that the buffer should have room for; 0 when it may
 * stay as it is. It never is to become smaller: what was offered stays offered.
 */
u32 clasp_rcvtune_read(struct clasp_conn *c, u32 copied_seq, u64 now_us)
{
	struct clasp_rcvtune *r = &clasp_annex(c)->rcvtune;
	u32 took_us = (u32)now_us - r->read_us;
	u32 before = r->space;
	u32 read;

	if (!r->rtt_us || took_us < r->rtt_us)
		return 0;

	read = div_u64((u64)(copied_seq - r->read_seq) * r->rtt_us, took_us);
	r->read_seq = copied_seq;
	r->read_us = now_us;
	/* the first measurement has begun at no particular time */
	if (!before) {
		r->space = max(c->rcv_mss, 1u);
		return 0;
	}
	if (read <= before || !READ_ONCE(c->settings->moderate_rcvbuf))
		return 0;
	r->space = read;

	return wanted(before, read, c->rcv_mss);
}
