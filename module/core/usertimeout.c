// SPDX-License-Identifier: GPL-2.0
/*
 * The user timeout: RFC 9293 §3.9.1.1 and §3.10.8, RFC 5482 (without its
 * option: what an end tells the other of its patience changes nothing here).
 *
 * What is sent may be unacknowledged, and what is written unsent because of the
 * peer's window, for as long as the program says; then the connection is over,
 * however many retransmissions or probes there were. It takes R2's place, and
 * bounds keepalive's silence too (keepalive.c). Armed by clasp_output_wake().
 */
#include "usertimeout.h"
#include "clasp_body.h"

/**
 * clasp_user_timeout_arm() - something waits for the peer, or nothing does
 * @c: connection; the caller owns it
 * @waiting: data, a SYN or a FIN is unacknowledged, or cannot be sent
 * @now_us: the time
 */
void clasp_user_timeout_arm(struct clasp_conn *c, bool waiting, u64 now_us)
{
	u64 patience_us = CLASP_MS(clasp_annex(c)->user.timeout_ms);

	if (!waiting || !patience_us)
		clasp_timer_stop(c, CLASP_TIMER_USER_TIMEOUT);
	else if (!clasp_timer_runs(c, CLASP_TIMER_USER_TIMEOUT))
		clasp_timer_set(c, CLASP_TIMER_USER_TIMEOUT,
				now_us + min(patience_us, CLASP_TIMER_MOST_US));
}

/**
 * clasp_user_timeout_over() - the program's patience is at its end
 * @c: connection; the caller owns it
 */
void clasp_user_timeout_over(struct clasp_conn *c)
{
	clasp_conn_fail(c, CLASP_ON_TIMEOUT,
			c->soft_error ? c->soft_error : ETIMEDOUT);
}
