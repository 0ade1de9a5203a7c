// SPDX-License-Identifier: GPL-2.0
/*
 * CUBIC: after a loss, back to the window that was lost at along a cubic curve:
 * fast at first, careful around it, and then fast again in search of more.
 *
 * RFC 9438. The curve is one of time, not of acknowledgments, so that long
 * paths get as much as short ones; where Reno would be faster, it is as fast as
 * Reno. The first slow start is HyStart++'s (hystart.c).
 *
 * Windows are bytes here and segments in the RFC, times milliseconds.
 */
#include "cong.h"
#include "conn.h"
#include "hystart.h"
#include "rto.h"

/*
 * §5: C = 0.4 segments/s^3, which is 1 segment in 2.5 s^3; beta = 0.7. In ms^3
 * for one segment, as a product that 32-bit division can take in two steps:
 */
#define MS3_A			2500u
#define MS3_B			1000000u
#define BETA(w)			((u32)div_u64((u64)(w) * 7, 10))
#define FAST_CONVERGENCE(w)	((u32)div_u64((u64)(w) * 17, 20)) /* §4.7 */

/* §4.3: alpha = 3 (1 - beta) / (1 + beta) = 9/17 */
#define ALPHA_NUM		9
#define ALPHA_DEN		17

/* Curves end here: far above the largest window, and no product overflows. */
#define FARTHEST_MS		524288

/**
 * struct cubic - what CUBIC remembers; names are the RFC's
 * @epoch_us: when this congestion avoidance began; 0 before it does
 * @last_us: when the window could grow last
 * @est_credit: bytes acknowledged towards the next segment in @w_est, times
 *	ALPHA_DEN
 * @w_max: window before the last reduction, bytes; 0: begin the curve here
 * @k_ms: K, time from the epoch's beginning to @w_max
 * @w_est: the window that Reno would have
 * @cwnd_prior: window when the reduction came
 * @credit: what is left of a byte of growth, in 1/cwnd
 * @undo_epoch_us: @epoch_us before the last reduction
 * @undo_w_max: @w_max before it
 * @undo_k_ms: @k_ms before it
 * @undo_w_est: @w_est before it
 * @undo_cwnd_prior: @cwnd_prior before it
 * @hystart: the first slow start
 */
struct cubic {
	u64			epoch_us;
	u64			last_us;
	u64			est_credit;
	u64			undo_epoch_us;
	u32			w_max;
	u32			k_ms;
	u32			w_est;
	u32			cwnd_prior;
	u32			credit;
	u32			undo_w_max;
	u32			undo_k_ms;
	u32			undo_w_est;
	u32			undo_cwnd_prior;
	struct clasp_hystart	hystart;
};

static struct cubic *cubic_of(struct clasp_conn *c)
{
	return clasp_cong_priv(c, struct cubic);
}

/* The largest x with x^3 <= a, a bit at a time. */
static u32 cube_root(u64 a)
{
	u32 root = 0;
	u64 bit;

	for (bit = 1 << 20; bit; bit >>= 1)
		if ((root + bit) * (root + bit) * (root + bit) <= a)
			root += bit;

	return root;
}

static void cubic_init(struct clasp_conn *c)
{
}

/* §4.2, figure 2: K = cbrt((W_max - cwnd_epoch) / C) */
static u32 time_to(u32 w_max, u32 cwnd, u32 mss)
{
	return cube_root(div_u64((u64)(w_max - cwnd) * MS3_A * MS3_B, mss));
}

static void begin_epoch(struct clasp_conn *c, struct cubic *cubic, u64 now_us)
{
	u32 cwnd = c->cong.cwnd;

	cubic->epoch_us = now_us;
	cubic->w_est = cwnd;
	cubic->est_credit = 0;
	cubic->credit = 0;
	cubic->k_ms = 0;
	if (cwnd < cubic->w_max)
		cubic->k_ms = time_to(cubic->w_max, cwnd, clasp_conn_mss(c));
	else
		cubic->w_max = cwnd;	/* §4.8, §4.10 */
}

/* §4.2, figure 1: W_cubic(t) = C * (t - K)^3 + W_max */
static u32 w_cubic(const struct cubic *cubic, u64 t_ms, u32 mss)
{
	bool before = t_ms < cubic->k_ms;
	u64 far_ms = before ? cubic->k_ms - t_ms : t_ms - cubic->k_ms;
	u64 delta;

	far_ms = min_t(u64, far_ms, FARTHEST_MS);
	delta = div_u64(far_ms * far_ms * far_ms, MS3_A);
	delta = div_u64(delta * mss, MS3_B);

	if (before)
		return cubic->w_max > delta ? cubic->w_max - delta : 0;

	return min_t(u64, cubic->w_max + delta, CLASP_WINDOW_MAX);
}

/* §4.3: as much as Reno would have, and Reno's own step from W_max on */
static u32 w_est(struct clasp_conn *c, struct cubic *cubic, u32 acked)
{
	u32 alpha = cubic->w_est < cubic->cwnd_prior ? ALPHA_NUM : ALPHA_DEN;
	u64 window = (u64)c->cong.cwnd * ALPHA_DEN;

	cubic->est_credit += (u64)acked * alpha;
	while (cubic->est_credit >= window) {
		cubic->est_credit -= window;
		cubic->w_est += clasp_conn_mss(c);
	}
	cubic->w_est = min(cubic->w_est, CLASP_WINDOW_MAX);

	return cubic->w_est;
}

/* §4.4 and §4.5: a part of the way to the target with each segment */
static void approach(struct clasp_conn *c, struct cubic *cubic, u32 target,
		     u32 acked)
{
	u32 cwnd = c->cong.cwnd;
	u64 credit;

	target = clamp(target, cwnd, cwnd + cwnd / 2);
	credit = (u64)(target - cwnd) * min(acked, cwnd) + cubic->credit;
	c->cong.cwnd += div_u64_rem(credit, cwnd, &cubic->credit);
}

static void avoid(struct clasp_conn *c, struct cubic *cubic,
		  const struct clasp_sample *s)
{
	u32 mss = clasp_conn_mss(c);
	u64 t_us;
	u32 est;

	if (!cubic->epoch_us)
		begin_epoch(c, cubic, s->now_us);
	else if (s->now_us - cubic->last_us > c->rto.srtt_us)
		/* §5.8: the program limited; that time does not count */
		cubic->epoch_us += s->now_us - cubic->last_us;
	cubic->last_us = s->now_us;

	t_us = s->now_us - cubic->epoch_us;
	est = w_est(c, cubic, s->acked);
	if (w_cubic(cubic, div_u64(t_us, USEC_PER_MSEC), mss) < est) {
		c->cong.cwnd = max(c->cong.cwnd, est);
		return;
	}

	t_us += c->rto.srtt_us;
	approach(c, cubic, w_cubic(cubic, div_u64(t_us, USEC_PER_MSEC), mss),
		 s->acked);
}

static void cubic_on_ack(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct cubic *cubic = cubic_of(c);

	if (c->cong.cwnd >= c->cong.ssthresh)
		avoid(c, cubic, s);
	else if (c->cong.ssthresh == CLASP_WINDOW_MAX)
		clasp_hystart_ack(c, &cubic->hystart, s);
	else
		clasp_cong_slow_start(c, s->acked, 2 * clasp_conn_mss(c));
}

/* What to go back to: not within a recovery, but before it. */
static void remember(const struct clasp_conn *c, struct cubic *cubic)
{
	if (clasp_conn_reducing(c))
		return;

	cubic->undo_epoch_us = cubic->epoch_us;
	cubic->undo_w_max = cubic->w_max;
	cubic->undo_k_ms = cubic->k_ms;
	cubic->undo_w_est = cubic->w_est;
	cubic->undo_cwnd_prior = cubic->cwnd_prior;
}

/* §4.6 and §4.7 */
static void cubic_on_loss(struct clasp_conn *c)
{
	struct cubic *cubic = cubic_of(c);
	u32 cwnd = c->cong.cwnd;

	remember(c, cubic);
	cubic->w_max = cwnd < cubic->w_max ? FAST_CONVERGENCE(cwnd) : cwnd;
	cubic->cwnd_prior = cwnd;
	cubic->epoch_us = 0;
	/* what was allowed and not used is not known to fit */
	c->cong.ssthresh = max(BETA(min(clasp_cong_flight(c), cwnd)),
			       2 * clasp_conn_mss(c));
}

/* §4.8: as for a loss, but the next curve begins at its plateau. */
static void cubic_on_rto(struct clasp_conn *c)
{
	cubic_on_loss(c);
	cubic_of(c)->w_max = 0;
}

static void cubic_undo(struct clasp_conn *c)
{
	struct cubic *cubic = cubic_of(c);

	/* §4.9: the curve goes on; the time since is not part of it */
	cubic->epoch_us = cubic->undo_epoch_us;
	cubic->w_max = cubic->undo_w_max;
	cubic->k_ms = cubic->undo_k_ms;
	cubic->w_est = cubic->undo_w_est;
	cubic->cwnd_prior = cubic->undo_cwnd_prior;
}

const struct clasp_cong_ops clasp_cubic = {
	.name		= "cubic",
	.init		= cubic_init,
	.on_ack		= cubic_on_ack,
	.on_loss	= cubic_on_loss,
	.on_rto		= cubic_on_rto,
	.undo		= cubic_undo,
};
