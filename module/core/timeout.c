// SPDX-License-Identifier: GPL-2.0
/*
 * A connection's timers fire: RFC 9293 §3.10.8, §3.8.3 (R1, R2), RFC 6298 §5.
 *
 * All of them share the one timer of the body, which calls clasp_timeout() at
 * clasp_output_wake()'s time or later, and asks for output afterwards.
 */
#include "timeout.h"
#include "delack.h"
#include "event.h"
#include "keepalive.h"
#include "persist.h"
#include "probe.h"
#include "recovery.h"
#include "timer.h"
#include "usertimeout.h"

/* R2, in retransmissions: MUST-20, MUST-23. */
static u8 retry_limit(const struct clasp_conn *c)
{
	const struct clasp_user *user = &clasp_annex(c)->user;
	const struct clasp_settings *s = c->settings;

	if (c->state == CLASP_SYN_SENT)
		return user->syn_retries ?: READ_ONCE(s->syn_retries);
	if (c->state == CLASP_SYN_RCVD)
		return READ_ONCE(s->synack_retries);
	if (c->orphan)
		return READ_ONCE(s->orphan_retries);
	/* which has a timer of its own */
	if (user->timeout_ms)
		return U8_MAX;

	return READ_ONCE(s->retries2);
}

/* R1: something is wrong with the path, or with what we think of it. */
static void doubt_path(struct clasp_conn *c)
{
	c->todo |= CLASP_TODO_ROUTE;
	if (!clasp_conn_opening(c))
		clasp_plpmtu_black_hole(c);
}

/* For operators: how often, and for how long, nobody answers. */
static void count_timeout(struct clasp_counts *n, u64 now_us)
{
	n->rto++;
	if (n->silence_us)
		return;

	n->silence_us = now_us;
	n->silences++;
}

static void retransmit(struct clasp_conn *c, u64 now_us)
{
	if (!clasp_conn_opening(c) && !clasp_conn_flight(c))
		return;

	if (c->retries >= retry_limit(c)) {
		clasp_conn_fail(c, CLASP_ON_TIMEOUT,
				c->soft_error ? c->soft_error : ETIMEDOUT);
		return;
	}

	c->retries++;
	count_timeout(&clasp_annex(c)->counts, now_us);
	if (c->retries == READ_ONCE(c->settings->retries1))
		doubt_path(c);

	clasp_rto_back_off(&c->rto);
	if (clasp_conn_opening(c))
		c->syn_why = CLASP_SEND_RTX_SYN;
	else
		clasp_recovery_timeout(c);
}

static void fire_if_due(struct clasp_conn *c, enum clasp_timer timer,
			u64 now_us)
{
	if (!clasp_timer_runs(c, timer) ||
	    clasp_timer_at(c, timer, now_us) > now_us)
		return;

	clasp_timer_stop(c, timer);
	clasp_tell_timer(c, timer);

	switch (timer) {
	case CLASP_TIMER_RETRANSMIT:
		retransmit(c, now_us);
		break;
	case CLASP_TIMER_PERSIST:
		clasp_persist_timeout(c, now_us);
		break;
	case CLASP_TIMER_PROBE:
		clasp_probe_timeout(c, now_us);
		break;
	case CLASP_TIMER_REORDER:
		clasp_recovery_reorder(c, now_us);
		break;
	case CLASP_TIMER_DELACK:
		clasp_delack_timeout(c);
		break;
	case CLASP_TIMER_FIN_WAIT_2:
		clasp_conn_move(c, CLASP_ON_TIMEOUT);
		break;
	case CLASP_TIMER_KEEPALIVE:
		clasp_keepalive_timeout(c, now_us);
		break;
	case CLASP_TIMER_USER_TIMEOUT:
		clasp_user_timeout_over(c);
		break;
	default:
		break;
	}
}

/**
 * clasp_timeout() - let everything happen that is due
 * @c: connection; the caller owns it
 * @now_us: the time
 */
void clasp_timeout(struct clasp_conn *c, u64 now_us)
{
	unsigned int i;

	/* RFC 8985 §7.2: a probe in the place of a timeout of the same time */
	fire_if_due(c, CLASP_TIMER_PROBE, now_us);
	for (i = 0; i < CLASP_TIMER_MAX; i++)
		fire_if_due(c, i, now_us);
}

/**
 * clasp_timeout_next() - which timer fires next
 * @c: connection
 * @now_us: the time
 *
 * Return: the timer, or CLASP_TIMER_MAX when none is set.
 */
enum clasp_timer clasp_timeout_next(const struct clasp_conn *c, u64 now_us)
{
	enum clasp_timer next = CLASP_TIMER_MAX;
	u64 next_us = U64_MAX;
	unsigned int i;

	for (i = 0; i < CLASP_TIMER_MAX; i++) {
		u64 at_us = clasp_timer_at(c, i, now_us);

		if (!at_us || at_us >= next_us)
			continue;
		next = i;
		next_us = at_us;
	}

	return next;
}
