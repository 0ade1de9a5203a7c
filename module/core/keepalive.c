// SPDX-License-Identifier: GPL-2.0
/*
 * Keepalive: RFC 9293 §3.8.4 (MUST-24 to 29).
 *
 * A peer that has gone without a word leaves a connection that has nothing to
 * send for ever. A program may ask to have it probed: when nothing was heard
 * for long, with an old sequence number, which the peer has to answer. One
 * unanswered probe means nothing (MUST-29); several in a row do.
 *
 * The timer is not moved by each segment: it fires, finds that something was
 * heard since, and is set again. Armed by clasp_output_wake().
 */
#include "keepalive.h"
#include "event.h"

/* MUST-27, MUST-28: adjustable, two hours unless somebody says otherwise. */
u32 clasp_keepalive_idle_s(const struct clasp_conn *c)
{
	return clasp_annex(c)->user.keepalive_idle_s ?:
	       READ_ONCE(c->settings->keepalive_time_s);
}

u32 clasp_keepalive_intvl_s(const struct clasp_conn *c)
{
	return clasp_annex(c)->user.keepalive_intvl_s ?:
	       READ_ONCE(c->settings->keepalive_intvl_s);
}

u8 clasp_keepalive_probes(const struct clasp_conn *c)
{
	return clasp_annex(c)->user.keepalive_probes ?:
	       READ_ONCE(c->settings->keepalive_probes);
}

static u64 seconds(u32 s)
{
	return (u64)s * USEC_PER_SEC;
}

static void set(struct clasp_conn *c, u64 at_us)
{
	clasp_timer_set(c, CLASP_TIMER_KEEPALIVE, at_us);
}

/* The peer is known, and the connection not about to be forgotten. */
static bool is_wanted(const struct clasp_conn *c)
{
	return clasp_annex(c)->user.keepalive &&
	       clasp_conn_in(c, CLASP_IN_SYNCHRONIZED) &&
	       !clasp_conn_in(c, CLASP_IN(TIME_WAIT));
}

/**
 * clasp_keepalive_arm() - watch over the connection, if the program wants it
 * @c: connection; the caller owns it
 * @now_us: the time
 *
 * Off unless asked (MUST-25).
 */
void clasp_keepalive_arm(struct clasp_conn *c, u64 now_us)
{
	if (!is_wanted(c))
		clasp_timer_stop(c, CLASP_TIMER_KEEPALIVE);
	else if (!clasp_timer_runs(c, CLASP_TIMER_KEEPALIVE))
		set(c, now_us + seconds(clasp_keepalive_idle_s(c)));
}

/* As long as the program bore with unacknowledged data, or so many probes. */
static bool is_given_up(const struct clasp_conn *c, u64 silence_us)
{
	u64 patience_us = CLASP_MS(clasp_annex(c)->user.timeout_ms);

	if (patience_us)
		return c->keepalives && silence_us >= patience_us;

	return c->keepalives >= clasp_keepalive_probes(c);
}

/**
 * clasp_keepalive_timeout() - the keepalive timer fired
 * @c: connection; the caller owns it
 * @now_us: the time
 *
 * What is under way, or waits for a window, has a timer that finds out
 * (MUST-26: only when the connection is idle).
 */
void clasp_keepalive_timeout(struct clasp_conn *c, u64 now_us)
{
	u64 idle_us = seconds(clasp_keepalive_idle_s(c));
	u64 silence_us = CLASP_MS(clasp_stamp_ms(now_us) - c->heard_ms);

	if (!is_wanted(c))
		return;
	if (silence_us < idle_us) {
		set(c, now_us - silence_us + idle_us);
		return;
	}
	if (clasp_conn_flight(c) || clasp_unsent_first(c)) {
		set(c, now_us + idle_us);
		return;
	}

	if (is_given_up(c, silence_us)) {
		clasp_conn_fail(c, CLASP_ON_TIMEOUT,
				c->soft_error ? c->soft_error : ETIMEDOUT);
		/* it may be there after all, and only have been out of reach */
		c->reset_why = CLASP_SEND_RESET_KEEPALIVE;
		return;
	}

	c->keepalives++;
	c->keepalive_due = true;
	set(c, now_us + seconds(clasp_keepalive_intvl_s(c)));
}
