// SPDX-License-Identifier: GPL-2.0
/*
 * Delayed acknowledgments: RFC 9293 §3.8.6.3 (MUST-40, 58), RFC 5681 §4.2.
 *
 * Called by input.c for what it took in. An ACK that is due rides on the next
 * segment that leaves, whatever it is.
 */
#include "delack.h"

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
 * clasp_delack_data() - data arrived in order; rcv_nxt has moved
 * @c: connection; the caller owns it
 * @len: payload of the segment
 * @now_us: the time
 *
 * At least every second full segment is acknowledged at once (RFC 5681 §4.2),
 * the rest within delayed_ack_ms.
 */
void clasp_delack_data(struct clasp_conn *c, u32 len, u64 now_us)
{
	u64 *deadline_us = &c->deadline_us[CLASP_TIMER_DELACK];

	/* full is what the largest so far was */
	if (len > c->rcv_mss)
		c->rcv_mss = min_t(u32, len, c->adv_mss);

	if (!READ_ONCE(c->settings->delayed_ack))
		clasp_delack_now(c, CLASP_SEND_ACK_NOW);
	else if (c->rcv_nxt - c->rcv_wup >= 2 * c->rcv_mss)
		clasp_delack_now(c, CLASP_SEND_ACK_SECOND);
	else if (!*deadline_us)
		*deadline_us = now_us + CLASP_MS(c->settings->delayed_ack_ms);
}
