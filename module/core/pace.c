// SPDX-License-Identifier: GPL-2.0
/*
 * When the next transmission may leave.
 *
 * A window's worth sent at once fills the queue of the slowest link before the
 * acknowledgments can tell. Spread over the round trip it does not. The rate
 * is the controller's, if it has one (CLASP_CONG_GOVERNS), or follows from
 * window and round trip; RFC 6928 §2.1 and RFC 8985 §9 want this for the large
 * initial window too.
 *
 * Where the queueing discipline spaces segments out by itself (fq), the body
 * gives it the rate and says so in @pace_by_qdisc: then nothing waits here.
 */
#include "pace.h"
#include "conn.h"

/* In slow start the window doubles within the round trip; later, a little. */
#define GAIN_SLOW_START	200	/* percent */
#define GAIN_AVOIDANCE	120

/* A transmission is what leaves in this time, so that timers are not many. */
#define QUANTUM_US	USEC_PER_MSEC
#define QUANTUM_SEGMENTS	2

static bool wants(const struct clasp_conn *c)
{
	return c->pace_wanted || c->cong_ops->flags & CLASP_CONG_PACED;
}

static bool is_paced(const struct clasp_conn *c)
{
	return !c->pace_by_qdisc && c->pace.rate && wants(c);
}

/**
 * clasp_pace_update() - window or round trip have changed
 * @c: connection; the caller owns it
 */
void clasp_pace_update(struct clasp_conn *c)
{
	u32 window = max(c->cong.cwnd, clasp_conn_flight(c));
	u32 gain = GAIN_AVOIDANCE;

	if (c->cong_ops->flags & CLASP_CONG_GOVERNS)
		return;
	if (!c->rto.srtt_us)
		return;
	/* on the way to the threshold, half of it before */
	if (c->cong.cwnd < c->cong.ssthresh / 2)
		gain = GAIN_SLOW_START;

	c->pace.rate = div_u64(div_u64((u64)window * gain, 100) * USEC_PER_SEC,
			       c->rto.srtt_us);
}

/**
 * clasp_pace_limit() - the program wants no more than this
 * @c: connection; the caller owns it
 * @most: bytes a second
 */
void clasp_pace_limit(struct clasp_conn *c, u64 most)
{
	if (!c->pace.rate || c->pace.rate > most)
		c->pace.rate = most;
}

/**
 * clasp_pace_holds() - is it too early for what could leave otherwise?
 * @c: connection; the caller owns it
 * @now_us: the time
 *
 * If so the timer is set, and fires when it is not any more.
 */
bool clasp_pace_holds(struct clasp_conn *c, u64 now_us)
{
	c->pace_waits = is_paced(c) && c->pace.next_us > now_us;

	return c->pace_waits;
}

/**
 * clasp_pace_quantum() - how much one transmission may have
 * @c: connection
 *
 * Return: bytes; whole segments.
 */
u32 clasp_pace_quantum(const struct clasp_conn *c)
{
	u32 mss = clasp_conn_mss(c);
	u64 bytes;

	if (!c->pace.rate || !wants(c))
		return U32_MAX;

	bytes = div_u64(min_t(u64, c->pace.rate, U32_MAX) * QUANTUM_US,
			USEC_PER_SEC);

	return max_t(u32, bytes - bytes % mss, QUANTUM_SEGMENTS * mss);
}

/**
 * clasp_pace_sent() - a transmission has left
 * @c: connection; the caller owns it
 * @len: its payload, bytes
 * @now_us: the time
 *
 * One that left late, since the timer was, lets the next leave earlier; but no
 * more than by half, so that a pause is not made up for by a burst.
 */
void clasp_pace_sent(struct clasp_conn *c, u32 len, u64 now_us)
{
	u64 late_us = now_us - min(c->pace.next_us, now_us);
	u64 len_us;

	if (!c->pace.rate || !len)
		return;

	len_us = div64_u64((u64)len * USEC_PER_SEC, c->pace.rate);
	c->pace.next_us = now_us + len_us - min(len_us / 2, late_us);
}
