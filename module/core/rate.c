// SPDX-License-Identifier: GPL-2.0
/*
 * How fast the path delivers: a sample with each acknowledgment.
 *
 * draft-cheng-iccrg-delivery-rate-estimation. With each range that is sent goes
 * a note of how much had been delivered by then, and when. When the range
 * arrives, what was delivered since, over the time since, is the rate at which
 * the path delivers; over the time that the sending took, if that was longer,
 * since acknowledgments may come in bursts.
 *
 * Called by output.c for what leaves, by ack.c for what arrived. Bytes and
 * microseconds wrap in 32 bits; no sample is of more than a window.
 */
#include "rate.h"
#include "clasp_body.h"
#include "conn.h"
#include "seq.h"

/**
 * clasp_rate_of() - bytes a second
 * @bytes: how many
 * @us: in what time
 */
u64 clasp_rate_of(u32 bytes, u32 us)
{
	return us ? div_u64((u64)bytes * USEC_PER_SEC, us) : 0;
}

/**
 * clasp_rate_sent() - a range leaves
 * @c: connection; the caller owns it. What is in flight does not yet count it
 * @sent: the range
 * @now_us: the time
 */
void clasp_rate_sent(struct clasp_conn *c, struct clasp_sent *sent,
		     u64 now_us)
{
	struct clasp_rate *rate = &c->rate;

	/* a flight begins, and the time before says nothing */
	if (!clasp_conn_in_flight(c)) {
		rate->first_sent_us = now_us;
		rate->delivered_us = now_us;
	}

	sent->first_sent_us = rate->first_sent_us;
	sent->delivered_us = rate->delivered_us;
	sent->delivered = rate->delivered;
	sent->lost = rate->lost;
	sent->app_limited = rate->app_limited;
	sent->flight = clasp_conn_in_flight(c) + (sent->end_seq - sent->seq);
}

/**
 * clasp_rate_limited() - the program gives less than the path would take
 * @c: connection; nothing is left to send, and the window is open
 *
 * What is in flight now, and what is sent until it has arrived, measures the
 * program.
 */
void clasp_rate_limited(struct clasp_conn *c)
{
	c->rate.app_limited = c->rate.delivered + clasp_conn_in_flight(c) ?: 1;
}

/**
 * clasp_rate_delivered() - a range has arrived, in part or whole
 * @c: connection
 * @sent: the range, of which some is now known to have arrived that was not
 *	before
 * @s: what the acknowledgment told so far
 *
 * The sample is of the range that was sent last.
 */
void clasp_rate_delivered(const struct clasp_conn *c,
			  const struct clasp_sent *sent,
			  struct clasp_sample *s)
{
	if (s->newest && !seq_after(sent->delivered, s->prior_delivered) &&
	    !(sent->delivered == s->prior_delivered &&
	      seq_after(sent->sent_us, s->sent_us)))
		return;

	s->newest = true;
	s->prior_delivered = sent->delivered;
	s->prior_us = sent->delivered_us;
	s->rate_lost = sent->lost;
	s->sent_us = sent->sent_us;
	s->send_us = s->sent_us - sent->first_sent_us;
	s->tx_flight = sent->flight;
	s->app_limited = sent->app_limited;
}

/**
 * clasp_rate_done() - all of an acknowledgment was looked at
 * @c: connection; the caller owns it
 * @s: what it told; the rate is filled in
 */
void clasp_rate_done(struct clasp_conn *c, struct clasp_sample *s)
{
	struct clasp_counts *counts = &clasp_annex(c)->counts;
	struct clasp_rate *rate = &c->rate;
	u32 now = s->now_us;

	rate->delivered += s->delivered;
	if (s->delivered)
		rate->delivered_us = now;
	if (rate->app_limited &&
	    seq_after(rate->delivered, rate->app_limited))
		rate->app_limited = 0;
	if (!s->newest)
		return;

	/* the next flight is measured from here on */
	rate->first_sent_us = s->sent_us;
	s->rate_lost = rate->lost - s->rate_lost;
	s->rate_delivered = rate->delivered - s->prior_delivered;
	s->interval_us = max(s->send_us, now - s->prior_us);
	/* faster than the path's round trip it cannot have been */
	if (s->interval_us < c->rto.min_rtt_us &&
	    c->rto.min_rtt_us != U32_MAX)
		s->interval_us = 0;
	if (!s->interval_us)
		return;

	s->rate = clasp_rate_of(s->rate_delivered, s->interval_us);
	if (!s->app_limited || s->rate >= clasp_rate_of(counts->rate_delivered,
							counts->rate_us)) {
		counts->rate_delivered = s->rate_delivered;
		counts->rate_us = s->interval_us;
	}
}
