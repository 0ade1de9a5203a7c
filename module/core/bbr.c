// SPDX-License-Identifier: GPL-2.0
/*
 * BBR: send at the rate that the path delivers, not until it overflows.
 *
 * draft-ietf-ccwg-bbr (version 3). bbr_model.c measures what the path delivers
 * and its round trip; here that becomes a pacing rate and a window, in one of a
 * few states: Startup doubles the rate each round until it brings no more,
 * Drain takes the queue away which that left, ProbeBW goes round Down, Cruise,
 * Refill and Up, to see now and then whether there is more, and ProbeRTT
 * empties the path now and then, to see how short it is.
 */
#include "bbr.h"
#include "seq.h"

#define MIN_PIPE_SEGMENTS	4
#define STARTUP_LOSS_EVENTS	6
#define PROBE_RTT_MS		200
#define PROBE_WAIT_MS		2000	/* and up to 1000 more */
#define RENO_ROUNDS		63
#define UP_ROUNDS		20

/* §2: gains, in 1/256 */
static const struct {
	u16	pacing;
	u16	cwnd;
} gains[] = {
	[CLASP_BBR_STARTUP]	= { 710, 512 },	/* 4 ln 2, 2 */
	[CLASP_BBR_DRAIN]	= {  90, 512 },	/* 0.35 */
	[CLASP_BBR_DOWN]	= { 230, 512 },	/* 0.90 */
	[CLASP_BBR_CRUISE]	= { 256, 512 },
	[CLASP_BBR_REFILL]	= { 256, 512 },
	[CLASP_BBR_UP]		= { 320, 576 },	/* 1.25, 2.25 */
	[CLASP_BBR_PROBE_RTT]	= { 256, 128 },	/* 1, 0.5 */
};

static u32 min_pipe(const struct clasp_conn *c)
{
	return MIN_PIPE_SEGMENTS * clasp_conn_mss(c);
}

static bool in_probe_bw(const struct clasp_bbr *bbr)
{
	return bbr->state >= CLASP_BBR_DOWN && bbr->state <= CLASP_BBR_UP;
}

/* BBRQuantizationBudget(): enough to keep bursts going at both ends */
static u32 inflight(const struct clasp_conn *c, u32 gain)
{
	const struct clasp_bbr *bbr = clasp_bbr_of(c);
	u32 quantum = min(clasp_pace_quantum(c), c->burst);
	u32 bytes = clasp_bbr_bdp(c, clasp_bbr_bw(c), gain);

	if (gain > CLASP_BBR_UNIT)
		bytes += clasp_bbr_extra(c);
	bytes = max3(bytes, 3 * quantum, min_pipe(c));
	if (bbr->state == CLASP_BBR_UP)
		bytes += 2 * clasp_conn_mss(c);

	return min(bytes, CLASP_WINDOW_MAX);
}

/* BBRInflightWithHeadroom(): others want to find room in the queue */
static u32 with_headroom(const struct clasp_conn *c)
{
	u32 hi = clasp_bbr_of(c)->inflight_hi;
	u32 headroom;

	if (hi == CLASP_BBR_NONE)
		return hi;
	headroom = max_t(u32, div_u64((u64)hi * 15, 100), clasp_conn_mss(c));

	return max(hi - min(hi, headroom), min_pipe(c));
}

/* BBRTargetInflight() */
static u32 target(const struct clasp_conn *c)
{
	return min(clasp_bbr_bdp(c, clasp_bbr_bw(c), CLASP_BBR_UNIT),
		   c->cong.cwnd);
}

/* Connections that began together must not probe together; nothing more. */
static u32 chance(const struct clasp_conn *c, u64 now_us, u32 below)
{
	u32 mixed = ((u32)now_us ^ c->iss) * 2654435761u;

	return (u64)mixed * below >> 32;
}

static void start_down(struct clasp_conn *c, u64 now_us)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	clasp_bbr_reset_congestion(c);
	bbr->rounds_since_probe = chance(c, now_us, 2);
	bbr->probe_wait_ms = PROBE_WAIT_MS + chance(c, now_us, 1000);
	bbr->cycle_ms = clasp_bbr_ms(now_us);
	bbr->acks = CLASP_BBR_ACKS_STOPPING;
	bbr->state = CLASP_BBR_DOWN;
	clasp_bbr_new_round(c);
}

static void start_refill(struct clasp_conn *c)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	clasp_bbr_reset_lower(c);
	bbr->up_rounds = 0;
	bbr->acks = CLASP_BBR_ACKS_REFILLING;
	bbr->state = CLASP_BBR_REFILL;
	clasp_bbr_new_round(c);
}

static void start_up(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->acks = CLASP_BBR_ACKS_STARTING;
	bbr->probe_samples = true;
	bbr->cycle_ms = clasp_bbr_ms(s->now_us);
	bbr->state = CLASP_BBR_UP;
	clasp_bbr_reset_full_bw(c);
	bbr->full_bw = min_t(u64, s->rate >> 3, CLASP_BBR_NONE - 1);
	clasp_bbr_new_round(c);
}

/* BBRCheckStartupHighLoss(): the queue is too short to be filled */
static void startup_loss(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	if (bbr->full_bw_reached || !bbr->loss_round_start ||
	    bbr->loss_events < STARTUP_LOSS_EVENTS || !clasp_bbr_too_high(c, s))
		return;

	bbr->full_bw_reached = true;
	bbr->inflight_hi = max(clasp_bbr_bdp(c, clasp_bbr_max_bw(c),
					     CLASP_BBR_UNIT),
			       bbr->inflight_latest);
}

/* BBRHandleInflightTooHigh() */
static void too_high(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	if (!bbr->probe_samples)
		return;

	bbr->probe_samples = false;
	if (!s->app_limited)
		bbr->inflight_hi = max_t(u32, s->tx_flight,
					 div_u64((u64)target(c) * 7, 10));
	if (bbr->state == CLASP_BBR_UP)
		start_down(c, s->now_us);
}

/* BBRProbeInflightHiUpward(): by one segment a round, then two, four ... */
static void raise_hi(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	u32 mss = clasp_conn_mss(c);
	u64 growth = (u64)mss << bbr->up_rounds;

	if (c->cong.used + mss <= c->cong.cwnd ||
	    c->cong.cwnd < bbr->inflight_hi)
		return;

	growth = div_u64(growth * min(s->delivered, c->cong.cwnd), c->cong.cwnd);
	bbr->inflight_hi = min_t(u64, bbr->inflight_hi + growth,
				 CLASP_WINDOW_MAX);
	if (bbr->round_start && bbr->up_rounds < UP_ROUNDS)
		bbr->up_rounds++;
}

/* BBRAdaptLongTermModel() */
static void adapt(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	if (bbr->acks == CLASP_BBR_ACKS_STARTING && bbr->round_start)
		bbr->acks = CLASP_BBR_ACKS_FEEDBACK;
	if (bbr->acks == CLASP_BBR_ACKS_STOPPING && bbr->round_start) {
		bbr->acks = CLASP_BBR_ACKS_INIT;
		bbr->probe_samples = false;
		if (in_probe_bw(bbr) && !s->app_limited)
			clasp_bbr_new_cycle(c);
	}

	if (clasp_bbr_too_high(c, s)) {
		too_high(c, s);
		return;
	}
	if (bbr->inflight_hi == CLASP_BBR_NONE || !s->interval_us)
		return;
	bbr->inflight_hi = max(bbr->inflight_hi, s->tx_flight);
	if (bbr->state == CLASP_BBR_UP)
		raise_hi(c, s);
}

/* BBRIsTimeToProbeBW(): by the clock, or as soon as Reno would have grown */
static bool time_to_probe(const struct clasp_conn *c, u64 now_us)
{
	const struct clasp_bbr *bbr = clasp_bbr_of(c);
	u32 rounds = target(c) / clasp_conn_mss(c);

	return clasp_bbr_since(now_us, bbr->cycle_ms, bbr->probe_wait_ms) ||
	       bbr->rounds_since_probe >= clamp(rounds, 1u, (u32)RENO_ROUNDS);
}

static bool time_to_cruise(const struct clasp_conn *c)
{
	u32 flight = clasp_conn_in_flight(c);

	return flight <= with_headroom(c) &&
	       flight <= inflight(c, CLASP_BBR_UNIT);
}

/* BBRIsTimeToGoDown(): more in flight no longer means more delivered */
static bool time_to_go_down(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	u32 mss = clasp_conn_mss(c);
	bool limited = c->cong.used + mss > c->cong.cwnd;

	/* raise_hi() may just have raised it a little above the window */
	if (limited && c->cong.cwnd + mss > bbr->inflight_hi) {
		clasp_bbr_reset_full_bw(c);
		bbr->full_bw = min_t(u64, s->rate >> 3, CLASP_BBR_NONE - 1);
		return false;
	}

	return bbr->full_bw_now;
}

/* BBRUpdateProbeBWCyclePhase() */
static void cycle(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	if (!bbr->full_bw_reached)
		return;
	adapt(c, s);

	switch (bbr->state) {
	case CLASP_BBR_DOWN:
		if (time_to_probe(c, s->now_us))
			start_refill(c);
		else if (time_to_cruise(c))
			bbr->state = CLASP_BBR_CRUISE;
		break;
	case CLASP_BBR_CRUISE:
		if (time_to_probe(c, s->now_us))
			start_refill(c);
		break;
	case CLASP_BBR_REFILL:
		if (bbr->round_start)
			start_up(c, s);
		break;
	case CLASP_BBR_UP:
		if (time_to_go_down(c, s))
			start_down(c, s->now_us);
		break;
	default:
		break;
	}
}

/* BBRCheckStartupDone() and BBRCheckDrainDone() */
static void startup(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	startup_loss(c, s);
	if (bbr->state == CLASP_BBR_STARTUP && bbr->full_bw_reached)
		bbr->state = CLASP_BBR_DRAIN;
	if (bbr->state == CLASP_BBR_DRAIN &&
	    clasp_conn_in_flight(c) <= inflight(c, CLASP_BBR_UNIT))
		start_down(c, s->now_us);
}

static u32 probe_rtt_cwnd(const struct clasp_conn *c)
{
	return max(clasp_bbr_bdp(c, clasp_bbr_bw(c),
				 gains[CLASP_BBR_PROBE_RTT].cwnd), min_pipe(c));
}

/*
 * BBRExitProbeRTT(). What it held back is still under way, and must not be
 * taken for all that a lossy path delivers.
 */
static void leave_probe_rtt(struct clasp_conn *c, u64 now_us)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->probe_rtt_min_ms = clasp_bbr_ms(now_us);
	c->cong.cwnd = max(c->cong.cwnd, bbr->prior_cwnd);
	clasp_bbr_reset_lower(c);
	bbr->loss_round_delivered =
		c->rate.delivered + clasp_conn_in_flight(c);
	bbr->state = CLASP_BBR_STARTUP;
	if (!bbr->full_bw_reached)
		return;
	start_down(c, now_us);
	bbr->state = CLASP_BBR_CRUISE;
}

static bool probe_rtt_is_over(const struct clasp_bbr *bbr, u64 now_us)
{
	return bbr->probe_rtt_done_us &&
	       (s32)((u32)now_us - bbr->probe_rtt_done_us) > 0;
}

/* BBRHandleProbeRTT(): little in flight, for a round trip and for 200 ms */
static void stay_in_probe_rtt(struct clasp_conn *c, u64 now_us)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	/* what is delivered now says nothing of what could be */
	clasp_rate_limited(c);

	if (!bbr->probe_rtt_done_us) {
		if (clasp_conn_in_flight(c) > probe_rtt_cwnd(c))
			return;
		bbr->probe_rtt_done_us =
			(u32)(now_us + CLASP_MS(PROBE_RTT_MS)) ?: 1;
		bbr->probe_rtt_round_done = false;
		clasp_bbr_new_round(c);
		return;
	}

	if (bbr->round_start)
		bbr->probe_rtt_round_done = true;
	if (bbr->probe_rtt_round_done && probe_rtt_is_over(bbr, now_us))
		leave_probe_rtt(c, now_us);
}

/* BBRCheckProbeRTT() */
static void check_probe_rtt(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	if (bbr->state != CLASP_BBR_PROBE_RTT && bbr->probe_rtt_expired &&
	    !bbr->idle_restart) {
		bbr->state = CLASP_BBR_PROBE_RTT;
		bbr->prior_cwnd = c->cong.cwnd;
		bbr->probe_rtt_done_us = 0;
		bbr->acks = CLASP_BBR_ACKS_STOPPING;
		clasp_bbr_new_round(c);
	}
	if (bbr->state == CLASP_BBR_PROBE_RTT)
		stay_in_probe_rtt(c, s->now_us);
	if (s->delivered)
		bbr->idle_restart = false;
}

/* BBRSetPacingRateWithGain(), 1 % under it, so that no queue stays */
static void set_rate(struct clasp_conn *c, u32 gain)
{
	u64 rate = (u64)clasp_bbr_bw(c) * gain / 32;	/* 8 / 256 */

	rate = div_u64(rate * 99, 100);
	if (rate && (clasp_bbr_of(c)->full_bw_reached || rate > c->pace.rate))
		c->pace.rate = rate;
}

/* BBRBoundCwndForModel() */
static u32 bound(const struct clasp_conn *c)
{
	const struct clasp_bbr *bbr = clasp_bbr_of(c);
	u32 most = CLASP_WINDOW_MAX;

	if (bbr->state == CLASP_BBR_CRUISE || bbr->state == CLASP_BBR_PROBE_RTT)
		most = min(most, with_headroom(c));
	else if (in_probe_bw(bbr))
		most = min(most, bbr->inflight_hi);
	if (bbr->state == CLASP_BBR_PROBE_RTT)
		most = min(most, probe_rtt_cwnd(c));

	return max(min(most, bbr->inflight_lo), min_pipe(c));
}

/* BBRSetCwnd() */
static void set_cwnd(struct clasp_conn *c, const struct clasp_sample *s)
{
	const struct clasp_bbr *bbr = clasp_bbr_of(c);
	u32 most = inflight(c, gains[bbr->state].cwnd);
	u32 cwnd = c->cong.cwnd;

	if (bbr->full_bw_reached)
		cwnd = min(cwnd + s->delivered, most);
	else if (cwnd < most || c->rate.delivered < clasp_cong_initial(c))
		cwnd += s->delivered;

	c->cong.cwnd = min(max(cwnd, min_pipe(c)), bound(c));
}

static void bbr_on_ack(struct clasp_conn *c, const struct clasp_sample *s)
{
	if (!clasp_bbr_of(c)->min_rtt_ms)
		clasp_bbr_model_init(c, s->now_us);

	clasp_bbr_measure(c, s);
	startup(c, s);
	cycle(c, s);
	clasp_bbr_min_rtt(c, s);
	check_probe_rtt(c, s);
	clasp_bbr_advance(c, s);

	set_rate(c, gains[clasp_bbr_of(c)->state].pacing);
	set_cwnd(c, s);
}

static void bbr_init(struct clasp_conn *c)
{
	u32 rtt_us = c->rto.srtt_us ?: USEC_PER_MSEC;
	u64 rate = div_u64((u64)c->cong.cwnd * USEC_PER_SEC, rtt_us);

	c->cong.ssthresh = CLASP_WINDOW_MAX;
	c->pace.rate = rate * gains[CLASP_BBR_STARTUP].pacing / CLASP_BBR_UNIT;
}

static void bbr_on_loss(struct clasp_conn *c)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->loss_in_round = true;
}

/* Nothing is in flight any more, and nothing is known to arrive. */
static void bbr_on_rto(struct clasp_conn *c)
{
	bbr_on_loss(c);
	c->cong.cwnd = clasp_conn_mss(c);
}

/* BBRHandleRestartFromIdle(): the pipe is empty, and needs no draining */
static void bbr_on_restart(struct clasp_conn *c, u64 now_us)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	if (!c->rate.app_limited)
		return;

	bbr->idle_restart = true;
	bbr->extra_us = now_us;
	bbr->extra_delivered = 0;
	if (in_probe_bw(bbr))
		set_rate(c, CLASP_BBR_UNIT);
	else if (bbr->state == CLASP_BBR_PROBE_RTT &&
		 probe_rtt_is_over(bbr, now_us))
		leave_probe_rtt(c, now_us);
}

/* What was learned from losses that were none is forgotten. */
static void bbr_undo(struct clasp_conn *c)
{
	clasp_bbr_reset_lower(c);
	clasp_bbr_reset_full_bw(c);
	clasp_bbr_of(c)->loss_in_round = false;
}

static void bbr_info(const struct clasp_conn *c, struct clasp_cong_info *info)
{
	const struct clasp_bbr *bbr = clasp_bbr_of(c);

	info->bw = (u64)clasp_bbr_bw(c) << 3;
	info->min_rtt_us = bbr->min_rtt_us;
	info->pacing_gain = gains[bbr->state].pacing;
	info->cwnd_gain = gains[bbr->state].cwnd;
}

const struct clasp_cong_ops clasp_bbr = {
	.name		= "bbr",
	.flags		= CLASP_CONG_PACED | CLASP_CONG_GOVERNS,
	.init		= bbr_init,
	.on_ack		= bbr_on_ack,
	.on_loss	= bbr_on_loss,
	.on_rto		= bbr_on_rto,
	.on_restart	= bbr_on_restart,
	.undo		= bbr_undo,
	.info		= bbr_info,
};
