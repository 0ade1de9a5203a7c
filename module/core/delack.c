// SPDX-License-Identifier: GPL-2.0
/*
 * Delayed acknowledgments: RFC 9293 §3.8.6.3 (MUST-40, 58), RFC 5681 §4.2.
 *
 * An ACK that waits may ride on what the program answers, or stand for two
 * segments; but the sender's window grows by ACKs, so that while it is small,
 * at the start, after a loss and after a long pause, none waits. Where the
 * program has answered what arrived, its next answer is worth waiting for.
 *
 * Called by input.c for what it took in. An ACK that is due rides on the next
 * segment that leaves, whatever it is.
 */
#include "delack.h"
#include "conn.h"
#include "timer.h"

#define QUICK		16	/* ACKs: sixteen segments double a window of 10 */
#define WAIT_MOST_US	(200u * USEC_PER_MSEC)	/* of MUST-40's 500 */

static u32 least_wait_us(const struct clasp_conn *c)
{
	return CLASP_MS(READ_ONCE(c->settings->delayed_ack_ms));
}

/**
 * clasp_delack_wait() - how long an ACK may wait now
 * @c: connection
 *
 * Return: microseconds; under 500 ms (MUST-40).
 */
u32 clasp_delack_wait(const struct clasp_conn *c)
{
	u32 least_us = least_wait_us(c);
	u32 most_us = WAIT_MOST_US;

	/* the sender's timer allows for a round trip, not for much more */
	if (c->rto.srtt_us)
		most_us = min(most_us, c->rto.srtt_us);

	return max(least_us, min(most_us, c->delack.wait_us));
}

/**
 * clasp_delack_start() - the connection is established
 * @c: connection; the caller owns it
 */
void clasp_delack_start(struct clasp_conn *c)
{
	if (!c->delack.answers)
		c->delack.quick = QUICK;
}

/**
 * clasp_delack_now() - acknowledge at once
 * @c: connection; the caller owns it
 * @why: CLASP_SEND_ACK_*
 */
void clasp_delack_now(struct clasp_conn *c, enum clasp_send why)
{
	c->ack_why = why;
}

/**
 * clasp_delack_later() - the program will have something to send soon
 * @c: connection; the caller owns it
 * @now_us: the time
 */
void clasp_delack_later(struct clasp_conn *c, u64 now_us)
{
	clasp_timer_set(c, CLASP_TIMER_DELACK, now_us + WAIT_MOST_US);
}

/**
 * clasp_delack_gap() - a gap in the sequence has opened, or fills
 * @c: connection; the caller owns it
 *
 * RFC 5681 §4.2: acknowledge at once. The sender is in recovery, its window
 * small, and lives on ACKs for a while.
 */
void clasp_delack_gap(struct clasp_conn *c)
{
	c->delack.quick = QUICK;
	c->delack.answers = false;
	clasp_delack_now(c, CLASP_SEND_ACK_GAP);
}

/*
 * Learn how fast segments follow each other, so that an ACK waits for the next
 * one where that is likely to come. After a pause longer than a timeout the
 * sender begins anew, with a small window (RFC 5681 §4.1).
 */
static void learn_pace(struct clasp_conn *c, u64 now_us)
{
	struct clasp_delack *d = &c->delack;
	u32 pause_us = (u32)now_us - d->last_us;

	if (d->last_us && pause_us > clasp_rto_interval(&c->rto)) {
		d->wait_us = 0;
		if (!d->answers)
			d->quick = QUICK;
	} else if (d->last_us) {
		d->wait_us = d->wait_us / 2 + pause_us;
	}
	d->last_us = (u32)now_us ?: 1;
}

/**
 * clasp_delack_measure() - how long is a full segment?
 * @c: connection; the caller owns it
 * @len: payload of one that arrived
 * @push: its sender had no more to put into it
 *
 * As long as the largest so far; or, once the path has become smaller, as two
 * in a row that are alike and end no write (MUST-60 sets PSH on what does).
 */
void clasp_delack_measure(struct clasp_conn *c, u32 len, bool push)
{
	struct clasp_delack *d = &c->delack;

	len = min_t(u32, len, c->adv_mss);
	if (len > c->rcv_mss)
		c->rcv_mss = len;
	else if (!push && len == d->last_len && len >= CLASP_MSS_MIN)
		c->rcv_mss = len;
	d->last_len = push ? 0 : len;
}

/**
 * clasp_delack_data() - data arrived in order; rcv_nxt has moved
 * @c: connection; the caller owns it
 * @len: payload of the segment
 * @now_us: the time
 *
 * At least every second full segment is acknowledged at once (RFC 5681 §4.2),
 * the rest within clasp_delack_wait().
 */
void clasp_delack_data(struct clasp_conn *c, u32 len, u64 now_us)
{
	learn_pace(c, now_us);
	if (!READ_ONCE(c->settings->delayed_ack))
		clasp_delack_now(c, CLASP_SEND_ACK_NOW);
	else if (c->rcv_nxt - c->rcv_wup >= 2 * c->rcv_mss)
		clasp_delack_now(c, CLASP_SEND_ACK_SECOND);
	else if (c->delack.quick && !c->delack.answers)
		clasp_delack_now(c, CLASP_SEND_ACK_QUICK);
	else if (!clasp_timer_runs(c, CLASP_TIMER_DELACK))
		clasp_timer_set(c, CLASP_TIMER_DELACK,
				now_us + clasp_delack_wait(c));
}

/**
 * clasp_delack_answered() - new data leaves
 * @c: connection; the caller owns it
 * @now_us: the time
 *
 * Soon after data arrived it is taken for the program's answer.
 */
void clasp_delack_answered(struct clasp_conn *c, u64 now_us)
{
	if (c->delack.last_us &&
	    (u32)now_us - c->delack.last_us < clasp_delack_wait(c))
		c->delack.answers = true;
}

/**
 * clasp_delack_sent() - an ACK has left, alone or on other segments
 * @c: connection; the caller owns it
 */
void clasp_delack_sent(struct clasp_conn *c)
{
	bool due = c->ack_why || clasp_timer_runs(c, CLASP_TIMER_DELACK);

	if (due && c->delack.quick)
		c->delack.quick--;
	c->ack_why = 0;
	clasp_timer_stop(c, CLASP_TIMER_DELACK);
}

/**
 * clasp_delack_timeout() - an ACK has waited in vain
 * @c: connection; the caller owns it
 *
 * No answer of the program has come: the next is not waited for.
 */
void clasp_delack_timeout(struct clasp_conn *c)
{
	c->delack.answers = false;
	c->delack.wait_us = 0;
	clasp_delack_now(c, CLASP_SEND_ACK_DELAYED);
}

/**
 * clasp_delack_quick() - CLASP_QUICKACK
 * @c: connection; the caller owns it, and asks for output afterwards
 * @quick: true not to wait, false to wait for the program's answers
 *
 * As tcp(7) says, this is not for good: what arrives may change it.
 */
void clasp_delack_quick(struct clasp_conn *c, bool quick)
{
	c->delack.answers = !quick;
	c->delack.quick = quick ? QUICK : 0;
	if (quick && clasp_timer_runs(c, CLASP_TIMER_DELACK))
		clasp_delack_now(c, CLASP_SEND_ACK_QUICK);
}
