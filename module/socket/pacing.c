// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel has to do with pacing: a timer fine enough, the fq queueing
 * discipline, SO_MAX_PACING_RATE.
 *
 * The socket's other timer counts in jiffies, of which one may be 10 ms. This
 * one is for the core's PACE alone. Like the other it holds a reference while
 * it is set, and whoever stops it before it runs gives that back.
 */
#include <linux/hrtimer.h>

#include "engine.h"
#include "pacing.h"

static enum hrtimer_restart fired(struct hrtimer *timer)
{
	struct clasp_sock *cs = container_of(timer, struct clasp_sock,
					     pace_timer);

	clasp_engine_timer((struct sock *)cs);

	return HRTIMER_NORESTART;
}

/**
 * clasp_pace_init() - a new socket's timer
 * @sk: socket that nobody knows yet
 */
void clasp_pace_init(struct sock *sk)
{
	clasp_compat_hrtimer_setup(&clasp_sk(sk)->pace_timer, fired,
				   CLOCK_MONOTONIC,
				   HRTIMER_MODE_REL_PINNED_SOFT);
}

/**
 * clasp_pace_tell() - tell the core what is wanted
 * @sk: socket; lock held
 *
 * fq says itself in sk_pacing_status that it is there; SO_MAX_PACING_RATE says
 * in it that somebody has to be.
 */
void clasp_pace_tell(struct sock *sk)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	unsigned long most = READ_ONCE(sk->sk_max_pacing_rate);
	/* pairs with fq's release */
	u32 status = smp_load_acquire(&sk->sk_pacing_status);

	c->pace_by_qdisc = status == SK_PACING_FQ;
	c->pace_wanted = status == SK_PACING_NEEDED;
	/* whose rate nobody else sets anew */
	if (c->cong_ops->flags & CLASP_CONG_UNLIMITED)
		c->pace.rate = 0;
	if (most != ~0UL)
		clasp_pace_limit(c, most);
}

/**
 * clasp_pace_told() - tell the queueing discipline what the core wants
 * @sk: socket; lock held
 */
void clasp_pace_told(struct sock *sk)
{
	u64 rate = clasp_sk(sk)->conn.pace.rate;

	if (rate)
		WRITE_ONCE(sk->sk_pacing_rate, min_t(u64, rate, ~0UL));
}

/**
 * clasp_pace_arm() - ask the core again soon
 * @sk: socket; lock held; its connection is not over
 * @wait_us: how soon
 *
 * If the timer is set already it stays: it was for something even sooner, or
 * hardly later.
 */
void clasp_pace_arm(struct sock *sk, u64 wait_us)
{
	struct hrtimer *timer = &clasp_sk(sk)->pace_timer;

	if (hrtimer_is_queued(timer))
		return;

	sock_hold(sk);
	hrtimer_start(timer, ns_to_ktime(wait_us * NSEC_PER_USEC),
		      HRTIMER_MODE_REL_PINNED_SOFT);
}

/**
 * clasp_pace_stop() - the connection is over
 * @sk: socket; lock held
 *
 * A timer that runs just now waits for the lock, finds nothing due, and gives
 * its reference back itself.
 */
void clasp_pace_stop(struct sock *sk)
{
	if (hrtimer_try_to_cancel(&clasp_sk(sk)->pace_timer) == 1)
		__sock_put(sk);
}
