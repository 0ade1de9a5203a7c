// SPDX-License-Identifier: GPL-2.0
/*
 * The persist timer: RFC 9293 §3.8.6.1 (zero-window probing, MUST-36, 37) and
 * §3.8.6.2.1 (the override timeout of silly window avoidance).
 *
 * A window update may be lost, and is not sent again by itself: whoever waits
 * for one has to ask. Started by clasp_output_wake().
 */
#include "persist.h"
#include "event.h"
#include "timer.h"
#include "urgent.h"
#include "window.h"

/**
 * clasp_persist_start() - something waits, and nothing is under way
 * @c: connection; the caller owns it
 * @now_us: the time
 */
void clasp_persist_start(struct clasp_conn *c, u64 now_us)
{
	if (!clasp_timer_runs(c, CLASP_TIMER_PERSIST))
		clasp_timer_set(c, CLASP_TIMER_PERSIST,
				now_us + clasp_rto_interval(&c->rto));
}

/**
 * clasp_persist_timeout() - the persist timer fired
 * @c: connection; the caller owns it
 * @now_us: the time
 *
 * With some window, a piece smaller than a segment goes at last. With none,
 * the peer is asked, less and less often (SHLD-29), for as long as it answers.
 */
void clasp_persist_timeout(struct clasp_conn *c, u64 now_us)
{
	u8 limit = READ_ONCE(c->settings->retries2);

	if (clasp_annex(c)->user.timeout_ms)
		limit = U8_MAX;
	if (c->orphan)
		limit = READ_ONCE(c->settings->orphan_retries);

	if (clasp_window_usable(c)) {
		c->override = true;
		return;
	}
	if (c->probes >= limit) {
		clasp_conn_fail(c, CLASP_ON_TIMEOUT,
				c->soft_error ? c->soft_error : ETIMEDOUT);
		return;
	}

	c->probes++;
	c->probe_due = true;
	c->urgent_due = clasp_urgent_unsent(c);
	clasp_rto_back_off(&c->rto);
}
