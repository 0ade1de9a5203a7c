// SPDX-License-Identifier: GPL-2.0
/*
 * HyStart++: leave slow start when round trips grow, before segments are lost.
 *
 * RFC 9406. Slow start doubles the window until a queue overflows, and then
 * half a window is lost at once. A queue that fills shows earlier, in the least
 * round trip of each round. Since that may be a false alarm, growth first slows
 * down (Conservative Slow Start, CSS) and goes back to normal when the round
 * trips do. Asked by controllers, in their first slow start alone.
 */
#include "hystart.h"
#include "conn.h"
#include "seq.h"

/* §4.3, the constants */
#define MIN_RTT_THRESH_US	4000u
#define MAX_RTT_THRESH_US	16000u
#define MIN_RTT_DIVISOR		8
#define N_RTT_SAMPLE		8
#define CSS_GROWTH_DIVISOR	4
#define CSS_ROUNDS		5
#define L			8

static void begin_round(const struct clasp_conn *c, struct clasp_hystart *h)
{
	h->begun = true;
	h->window_end = c->snd_nxt;
	h->last_min_us = h->min_us;
	h->min_us = 0;
	h->samples = 0;
}

/* Return: true when slow start is over. */
static bool end_round(const struct clasp_conn *c, struct clasp_hystart *h)
{
	if (h->base_us && ++h->css_rounds >= CSS_ROUNDS)
		return true;
	begin_round(c, h);

	return false;
}

static void measure(struct clasp_hystart *h, u64 rtt_us)
{
	u32 rtt = clamp_t(u64, rtt_us, 1, U32_MAX);

	h->min_us = h->min_us ? min(h->min_us, rtt) : rtt;
	if (h->samples < N_RTT_SAMPLE)
		h->samples++;
}

static void compare(struct clasp_hystart *h)
{
	u32 thresh;

	if (h->samples < N_RTT_SAMPLE)
		return;

	if (h->base_us) {
		/* it was no queue: back to slow start */
		if (h->min_us < h->base_us)
			h->base_us = 0;
		return;
	}

	if (!h->last_min_us)
		return;
	thresh = clamp(h->last_min_us / MIN_RTT_DIVISOR, MIN_RTT_THRESH_US,
		       MAX_RTT_THRESH_US);
	if (h->min_us - h->last_min_us < thresh ||
	    h->min_us < h->last_min_us)
		return;
	h->base_us = h->min_us;
	h->css_rounds = 0;
}

/**
 * clasp_hystart_ack() - data was acknowledged in the first slow start
 * @c: connection; the caller owns it. Its cwnd grows; when slow start is over
 *	its ssthresh comes down to cwnd
 * @h: the state, all 0 to begin with
 * @s: what the acknowledgment told
 */
void clasp_hystart_ack(struct clasp_conn *c, struct clasp_hystart *h,
		       const struct clasp_sample *s)
{
	u32 grow = min(s->acked, L * clasp_conn_mss(c));

	if (!h->begun)
		begin_round(c, h);
	if (s->rtt_us) {
		measure(h, s->rtt_us);
		compare(h);
	}

	c->cong.cwnd += h->base_us ? grow / CSS_GROWTH_DIVISOR : grow;
	if (seq_after_eq(c->snd_una, h->window_end) && end_round(c, h))
		c->cong.ssthresh = c->cong.cwnd;
}
