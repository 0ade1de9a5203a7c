// SPDX-License-Identifier: GPL-2.0
/*
 * BBR's model of a path: how fast it delivers at most, how long its round trip
 * is without a queue, how much may be in flight before it loses.
 *
 * draft-ietf-ccwg-bbr, "Updating the Model" and "Congestion Signals". Fed by
 * bbr.c with each acknowledgment's sample.
 */
#include "bbr.h"
#include "seq.h"

#define MIN_RTT_FILTER_MS	10000
#define PROBE_RTT_INTERVAL_MS	5000
#define EXTRA_ROUNDS		5	/* two slots: ExtraAckedFilterLen is 10 */
#define FULL_BW_ROUNDS		3

/* BBRBeta = 0.7 and BBRLossThresh = 2 % */
#define BETA(x)			((u32)div_u64((u64)(x) * 7, 10))
#define LOSS_THRESH		50

/* Bytes a second, in the units that are kept. */
static u32 bw_of(u64 rate)
{
	return min_t(u64, rate >> 3, CLASP_BBR_NONE - 1);
}

/**
 * clasp_bbr_model_init() - nothing is known of the path
 * @c: connection; its controller's part is all 0
 * @now_us: the time
 */
void clasp_bbr_model_init(struct clasp_conn *c, u64 now_us)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->min_rtt_us = c->rto.srtt_us ?: CLASP_BBR_NONE;
	bbr->probe_rtt_min_us = bbr->min_rtt_us;
	bbr->min_rtt_ms = clasp_bbr_ms(now_us);
	bbr->probe_rtt_min_ms = bbr->min_rtt_ms;
	bbr->inflight_hi = CLASP_BBR_NONE;
	bbr->extra_us = now_us;
	bbr->next_round_delivered = c->rate.delivered;
	bbr->loss_round_delivered = c->rate.delivered;
	clasp_bbr_reset_lower(c);
}

/**
 * clasp_bbr_new_round() - a round trip begins: what is sent from now on ends it
 * @c: connection
 */
void clasp_bbr_new_round(struct clasp_conn *c)
{
	clasp_bbr_of(c)->next_round_delivered = c->rate.delivered;
}

/**
 * clasp_bbr_new_cycle() - a probe has ended: bandwidth before the last is old
 * @c: connection
 */
void clasp_bbr_new_cycle(struct clasp_conn *c)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	if (!bbr->max_bw[0])
		return;

	bbr->max_bw[1] = bbr->max_bw[0];
	bbr->max_bw[0] = 0;
}

/**
 * clasp_bbr_max_bw() - the most that the path delivered of late
 * @c: connection
 */
u32 clasp_bbr_max_bw(const struct clasp_conn *c)
{
	const struct clasp_bbr *bbr = clasp_bbr_of(c);

	return max(bbr->max_bw[0], bbr->max_bw[1]);
}

/**
 * clasp_bbr_bw() - what the path is believed to deliver now
 * @c: connection
 */
u32 clasp_bbr_bw(const struct clasp_conn *c)
{
	return min(clasp_bbr_max_bw(c), clasp_bbr_of(c)->bw_lo);
}

/**
 * clasp_bbr_bdp() - what is in flight when the path is full and no queue is
 * @c: connection
 * @bw: bandwidth
 * @gain: multiple of it, in 1/256
 *
 * Return: bytes.
 */
u32 clasp_bbr_bdp(const struct clasp_conn *c, u32 bw, u32 gain)
{
	u32 min_rtt_us = clasp_bbr_of(c)->min_rtt_us;
	u64 bytes;

	if (min_rtt_us == CLASP_BBR_NONE || !bw)
		return clasp_cong_initial(c);

	/* the units are 8 bytes, the gain 1/256 */
	bytes = div_u64((u64)bw * min_t(u32, min_rtt_us, 1 << 27),
			USEC_PER_SEC / 8);

	return min_t(u64, bytes * gain / CLASP_BBR_UNIT, CLASP_WINDOW_MAX);
}

void clasp_bbr_reset_full_bw(struct clasp_conn *c)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->full_bw = 0;
	bbr->full_bw_count = 0;
	bbr->full_bw_now = false;
}

void clasp_bbr_reset_congestion(struct clasp_conn *c)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->loss_in_round = false;
	bbr->loss_events = 0;
	bbr->bw_latest = 0;
	bbr->inflight_latest = 0;
}

void clasp_bbr_reset_lower(struct clasp_conn *c)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->bw_lo = CLASP_BBR_NONE;
	bbr->inflight_lo = CLASP_BBR_NONE;
}

/* BBRUpdateLatestDeliverySignals() */
static void latest(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->bw_latest = max(bbr->bw_latest, bw_of(s->rate));
	bbr->inflight_latest = max(bbr->inflight_latest, s->rate_delivered);
	bbr->loss_round_start = seq_after_eq(s->prior_delivered,
					     bbr->loss_round_delivered);
	if (bbr->loss_round_start)
		bbr->loss_round_delivered = c->rate.delivered;
}

/* BBRUpdateRound() */
static void update_round(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->round_start = seq_after_eq(s->prior_delivered,
					bbr->next_round_delivered);
	if (!bbr->round_start)
		return;

	clasp_bbr_new_round(c);
	if (bbr->rounds_since_probe < U8_MAX)
		bbr->rounds_since_probe++;
	if (++bbr->extra_rounds < EXTRA_ROUNDS && bbr->full_bw_reached)
		return;
	bbr->extra_rounds = 0;
	bbr->extra_acked[1] = bbr->extra_acked[0];
	bbr->extra_acked[0] = 0;
}

/*
 * BBRAdaptLowerBoundsFromCongestion(): a loss while not probing for more.
 *
 * The draft takes any loss for congestion here. But what a path loses by chance
 * is missing from each round, so that one after the other would lower what is
 * sent: in the 2 s between two probes by a third, at 1 % of loss. So the draft's
 * own threshold is used here too. The sample is of what the round began with, so
 * that rounds follow each other here, where the draft's begin with a loss.
 */
static void lower(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	if (bbr->state == CLASP_BBR_STARTUP || bbr->state == CLASP_BBR_REFILL ||
	    bbr->state == CLASP_BBR_UP || !bbr->loss_in_round ||
	    !clasp_bbr_too_high(c, s))
		return;

	if (bbr->bw_lo == CLASP_BBR_NONE)
		bbr->bw_lo = clasp_bbr_max_bw(c);
	if (bbr->inflight_lo == CLASP_BBR_NONE)
		bbr->inflight_lo = c->cong.cwnd;
	bbr->bw_lo = max3(bbr->bw_latest, BETA(bbr->bw_lo), 1u);
	bbr->inflight_lo = max(bbr->inflight_latest, BETA(bbr->inflight_lo));
}

/*
 * BBRUpdateACKAggregation(): acknowledgments that come in bursts need more in
 * flight than the path has room for, while the next burst is awaited.
 */
static void aggregation(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	u32 us = (u32)s->now_us - bbr->extra_us;
	u64 expected = div_u64((u64)clasp_bbr_bw(c) * us, USEC_PER_SEC / 8);

	if (bbr->extra_delivered <= expected) {
		bbr->extra_delivered = 0;
		bbr->extra_us = s->now_us;
		expected = 0;
	}
	bbr->extra_delivered = min_t(u64, CLASP_WINDOW_MAX,
				     (u64)bbr->extra_delivered + s->delivered);
	bbr->extra_acked[0] = max_t(u32, bbr->extra_acked[0],
				    min_t(u64, c->cong.cwnd,
					  bbr->extra_delivered - expected));
}

/**
 * clasp_bbr_extra() - what comes in bursts, above what the bandwidth explains
 * @c: connection
 *
 * Return: bytes.
 */
u32 clasp_bbr_extra(const struct clasp_conn *c)
{
	const struct clasp_bbr *bbr = clasp_bbr_of(c);

	return max(bbr->extra_acked[0], bbr->extra_acked[1]);
}

/* BBRCheckFullBWReached(): three rounds without a quarter more */
static void full_bw(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	if (bbr->full_bw_now || !bbr->round_start || s->app_limited)
		return;
	if ((u64)bw_of(s->rate) * 4 >= (u64)bbr->full_bw * 5) {
		clasp_bbr_reset_full_bw(c);
		bbr->full_bw = bw_of(s->rate);
		return;
	}

	bbr->full_bw_now = ++bbr->full_bw_count >= FULL_BW_ROUNDS;
	if (bbr->full_bw_now)
		bbr->full_bw_reached = true;
}

/**
 * clasp_bbr_measure() - learn from an acknowledgment
 * @c: connection; the caller owns it
 * @s: what it told
 */
void clasp_bbr_measure(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->round_start = false;
	bbr->loss_round_start = false;
	if (s->lost) {
		bbr->loss_in_round = true;
		bbr->loss_events += bbr->loss_events < U8_MAX;
	}
	if (s->interval_us) {
		latest(c, s);
		update_round(c, s);
		/* the program's rate counts only if the path can do more */
		if (!s->app_limited || bw_of(s->rate) >= clasp_bbr_max_bw(c))
			bbr->max_bw[0] = max3(bbr->max_bw[0], bw_of(s->rate), 1u);
		full_bw(c, s);
	}
	if (bbr->loss_round_start)
		lower(c, s);
	aggregation(c, s);
}

/**
 * clasp_bbr_advance() - an acknowledgment has been made use of
 * @c: connection; the caller owns it
 * @s: what it told
 */
void clasp_bbr_advance(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	if (!bbr->loss_round_start)
		return;

	bbr->loss_in_round = false;
	bbr->loss_events = 0;
	bbr->bw_latest = bw_of(s->rate);
	bbr->inflight_latest = s->rate_delivered;
}

/**
 * clasp_bbr_min_rtt() - BBRUpdateMinRTT(): the round trip without a queue
 * @c: connection; the caller owns it
 * @s: what an acknowledgment told
 */
void clasp_bbr_min_rtt(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	u64 now_us = s->now_us;

	bbr->probe_rtt_expired = clasp_bbr_since(now_us, bbr->probe_rtt_min_ms,
						 PROBE_RTT_INTERVAL_MS);
	if (s->rtt_us &&
	    (s->rtt_us < bbr->probe_rtt_min_us || bbr->probe_rtt_expired)) {
		bbr->probe_rtt_min_us = min_t(u64, s->rtt_us, U32_MAX - 1);
		bbr->probe_rtt_min_ms = clasp_bbr_ms(now_us);
	}

	if (bbr->probe_rtt_min_us < bbr->min_rtt_us ||
	    clasp_bbr_since(now_us, bbr->min_rtt_ms, MIN_RTT_FILTER_MS)) {
		bbr->min_rtt_us = bbr->probe_rtt_min_us;
		bbr->min_rtt_ms = bbr->probe_rtt_min_ms;
	}
}

/**
 * clasp_bbr_too_high() - BBRIsInflightTooHigh(): was there more than the path
 *	takes?
 * @c: connection
 * @s: what an acknowledgment told
 *
 * The draft asks whether more than 2 % of a flight was lost. Of 300 segments
 * that are 6: a path that loses 1 % by chance does so every few round trips, and
 * each time a sixth of the rate would be given up. So it has to be more by two
 * standard deviations of what chance does to such a number, its square root.
 */
bool clasp_bbr_too_high(const struct clasp_conn *c,
			const struct clasp_sample *s)
{
	u32 tolerated = s->tx_flight / LOSS_THRESH;
	u64 excess;

	if (!s->interval_us || s->rate_lost <= tolerated)
		return false;
	excess = s->rate_lost - tolerated;

	return excess * excess > 4 * (u64)tolerated * clasp_conn_mss(c);
}
