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
 * What waits behind a gap counts as read: it would have been. Until the gap
 * fills, a round trip later at best, it takes up room, and what follows needs a
 * window too; a sender that does not slow down for a loss would have to stop.
 *
 * A receiver that sends no data measures the round trip from timestamps that
 * come back with data (RFC 7323 §4), or, without them, takes the time in which
 * a whole window arrives, which is a round trip at least.
 *
 * Called by input.c for data, and by the body when the program has read or a
 * range is held; the body makes the buffer as large as told, within its limits.
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

/* From the first gap to the end of what has arrived. */
static u32 held(const struct clasp_conn *c)
{
	const struct clasp_held *last;

	last = clasp_held_before(c, c->rcv_nxt + CLASP_WINDOW_MAX);

	return last ? seq_max(last->end_seq, c->rcv_nxt) - c->rcv_nxt : 0;
}

/*
 * Reading grows: by as much again in the next round trip, it is assumed.
 * Return: what the program takes then; 0 when there is no news.
 */
static u32 measure_reading(struct clasp_rcvtune *r, u32 seq, u64 now_us,
			   u32 mss)
{
	u32 took_us = (u32)now_us - r->read_us;
	u32 before = r->space;
	u32 read;

	/* a gap has filled, and the program comes to it now */
	if (took_us < r->rtt_us || (before && seq_before(seq, r->read_seq)))
		return 0;

	read = div_u64((u64)(seq - r->read_seq) * r->rtt_us, took_us);
	r->read_seq = seq;
	r->read_us = now_us;
	/* the first measurement has begun at no particular time */
	if (!before) {
		r->space = max(mss, 1u);
		return 0;
	}
	if (read <= before)
		return 0;
	r->space = read;

	return min_t(u64, (u64)read + (read - before), CLASP_WINDOW_MAX);
}

/**
 * clasp_rcvtune_read() - the program has read, or a range is held
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
	u32 waits = held(c);
	u32 next;

	if (!r->rtt_us)
		return 0;

	next = measure_reading(r, copied_seq + waits, now_us, c->rcv_mss);
	if (!READ_ONCE(c->settings->moderate_rcvbuf) || (!next && !waits))
		return 0;

	/* the buffer holds what waits, and the window begins before it */
	return min_t(u64, 2 * ((u64)max(next, r->space) + waits) +
			  16 * c->rcv_mss, CLASP_WINDOW_MAX);
}
