/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When a connection's timers fire.
 *
 * Deadlines are kept as the low bits of milliseconds, which is finer than the
 * timers of a kernel, and enough to tell before from behind for 24 days: the
 * longest that a program may ask for is a user timeout of as much. They are
 * rounded up, so that nothing fires early. Pacing alone is finer: its deadline
 * is the next transmission's own time.
 */
#ifndef CLASP_CORE_TIMER_H
#define CLASP_CORE_TIMER_H

#include "conn.h"

#define CLASP_TIMER_MOST_US	(24ull * 24 * 3600 * USEC_PER_SEC)

/* Low bits of milliseconds; never 0, which means never. */
static inline u32 clasp_stamp_ms(u64 now_us)
{
	return (u32)div_u64(now_us, USEC_PER_MSEC) ?: 1;
}

/**
 * clasp_timer_runs() - is a timer set?
 * @c: connection
 * @timer: which
 */
static inline bool clasp_timer_runs(const struct clasp_conn *c,
				    enum clasp_timer timer)
{
	if (timer == CLASP_TIMER_PACE)
		return c->pace_waits;

	return c->deadline_ms[timer];
}

/**
 * clasp_timer_at() - when a timer fires
 * @c: connection
 * @timer: which
 * @now_us: the time
 *
 * Return: a time, which may have passed; 0 when the timer is not set.
 */
static inline u64 clasp_timer_at(const struct clasp_conn *c,
				 enum clasp_timer timer, u64 now_us)
{
	u64 now_ms = div_u64(now_us, USEC_PER_MSEC);
	u32 at_ms;

	if (timer == CLASP_TIMER_PACE)
		return c->pace_waits ? c->pace.next_us : 0;
	/* /proc asks without owning the connection */
	at_ms = READ_ONCE(c->deadline_ms[timer]);
	if (!at_ms)
		return 0;

	return CLASP_MS(now_ms + (s32)(at_ms - (u32)now_ms));
}

/**
 * clasp_timer_stop() - a timer is not to fire
 * @c: connection; the caller owns it
 * @timer: which
 */
static inline void clasp_timer_stop(struct clasp_conn *c,
				    enum clasp_timer timer)
{
	if (timer == CLASP_TIMER_PACE)
		c->pace_waits = false;
	else
		c->deadline_ms[timer] = 0;
}

/**
 * clasp_timer_set() - a timer is to fire at a time, and not before
 * @c: connection; the caller owns it
 * @timer: which, of all but CLASP_TIMER_PACE: that is pace.c's
 * @at_us: the time, at most CLASP_TIMER_MOST_US from now
 */
static inline void clasp_timer_set(struct clasp_conn *c,
				   enum clasp_timer timer, u64 at_us)
{
	c->deadline_ms[timer] = clasp_stamp_ms(at_us + USEC_PER_MSEC - 1);
}

#endif
