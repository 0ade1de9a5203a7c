// SPDX-License-Identifier: GPL-2.0
/*
 * BBR's rules, an acknowledgment at a time: states and bounds are set by hand.
 * On a whole path it is in bbr_test.c.
 */
#include <kunit/test.h>

#include "bare.h"
#include "bbr.h"

#define RTT_US		(40 * (u64)USEC_PER_MSEC)
#define RATE		1250000u	/* bytes a second */
#define BDP		50000u
#define DELIVERED	1000000u	/* before */

/* In a state, on a path that is known: 10 Mbit/s, 40 ms. */
static struct clasp_conn *in_state(struct kunit *test,
				   enum clasp_bbr_state state)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	c->cong_ops = &clasp_bbr;
	c->cong.ssthresh = 5000;
	c->burst = 10000;
	c->rto.srtt_us = RTT_US;
	c->rto.min_rtt_us = RTT_US;
	c->rate.delivered = DELIVERED;
	clasp_cong_start(c);
	clasp_bbr_model_init(c, BARE_NOW);

	bare_sent(c, BDP);
	c->cong.cwnd = 2 * BDP;
	bbr->state = state;
	bbr->max_bw[0] = RATE / 8;
	bbr->full_bw_reached = state != CLASP_BBR_STARTUP;
	bbr->cycle_ms = clasp_bbr_ms(BARE_NOW);
	bbr->probe_wait_ms = 2500;

	return c;
}

/* Of a segment sent in this round trip, a millisecond from the beginning. */
static struct clasp_sample sample(void)
{
	return (struct clasp_sample){
		.now_us = BARE_NOW + USEC_PER_MSEC,
		.acked = BARE_MSS, .delivered = BARE_MSS, .rtt_us = RTT_US,
		.prior_delivered = DELIVERED - BDP, .rate_delivered = BDP,
		.interval_us = RTT_US, .rate = RATE, .tx_flight = BDP,
	};
}

static void acks(struct clasp_conn *c, struct clasp_sample s)
{
	clasp_bbr.on_ack(c, &s);
}

/* The first of what was sent when the round trip began. */
static void acks_of_next_round(struct clasp_conn *c)
{
	struct clasp_sample s = sample();

	s.prior_delivered = DELIVERED;
	acks(c, s);
}

static void acks_with_losses(struct clasp_conn *c)
{
	struct clasp_sample s = sample();

	s.lost = BDP / 5;
	s.rate_lost = BDP / 5;
	acks(c, s);
}

static void gains__the_drafts(struct kunit *test)
{
	static const u16 expected[][2] = {
		{ 710, 512 }, { 90, 512 }, { 230, 512 }, { 256, 512 },
		{ 256, 512 }, { 320, 576 }, { 256, 128 },
	};
	struct clasp_conn *c = in_state(test, CLASP_BBR_STARTUP);
	struct clasp_cong_info info = {};
	u8 state;

	for (state = 0; state < ARRAY_SIZE(expected); state++) {
		clasp_bbr_of(c)->state = state;
		clasp_bbr.info(c, &info);
		KUNIT_EXPECT_EQ(test, info.pacing_gain, expected[state][0]);
		KUNIT_EXPECT_EQ(test, info.cwnd_gain, expected[state][1]);
	}
}

static void cruise__rate_is_the_paths_less_a_percent(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);

	acks(c, sample());
	KUNIT_EXPECT_EQ(test, c->pace.rate, RATE / 100 * 99);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, CLASP_WINDOW_MAX);
}

/* Until the pipe is full a low sample does not slow it down. */
static void startup__rate_never_sinks(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_STARTUP);

	c->pace.rate = 100 * RATE;
	acks(c, sample());
	KUNIT_EXPECT_EQ(test, c->pace.rate, 100 * RATE);
	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_STARTUP);
}

/* What was under way before there was a controller ends no round. */
static void round__begins_with_the_controller(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_sample s = sample();

	acks(c, s);
	KUNIT_EXPECT_FALSE(test, clasp_bbr_of(c)->round_start);
	acks_of_next_round(c);
	KUNIT_EXPECT_TRUE(test, clasp_bbr_of(c)->round_start);

	/* what tells no rate, begins none */
	s.interval_us = 0;
	acks(c, s);
	KUNIT_EXPECT_FALSE(test, clasp_bbr_of(c)->round_start);
}

static void cruise__reno_would_have_grown__refill(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);

	clasp_bbr_of(c)->rounds_since_probe = BDP / BARE_MSS - 1;
	acks(c, sample());
	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_CRUISE);
	clasp_bbr_of(c)->rounds_since_probe++;
	acks(c, sample());
	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_REFILL);
}

static void cruise__its_time_is_over__refill(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_sample s = sample();

	s.now_us = BARE_NOW + CLASP_MS(2500);
	acks(c, s);
	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_CRUISE);
	s.now_us += CLASP_MS(1);
	acks(c, s);
	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_REFILL);
}

static void refill__for_a_round_trip(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_REFILL);

	acks(c, sample());
	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_REFILL);
	acks_of_next_round(c);
	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_UP);
}

/* As long as its own bound holds it back, the path has not told its limit. */
static void up__at_its_own_bound__goes_on(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_UP);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->inflight_hi = c->cong.cwnd;
	bbr->full_bw_now = true;
	c->cong.used = c->cong.cwnd;
	acks(c, sample());

	KUNIT_EXPECT_EQ(test, bbr->state, CLASP_BBR_UP);
	KUNIT_EXPECT_FALSE(test, bbr->full_bw_now);
	KUNIT_EXPECT_EQ(test, bbr->full_bw, RATE / 8);
	KUNIT_EXPECT_EQ(test, bbr->inflight_hi, 2 * BDP + 10);
}

/* One bound a probe: the losses behind it are of the same excess. */
static void losses_in_up__one_bound(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_UP);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->probe_samples = true;
	acks_with_losses(c);
	KUNIT_EXPECT_EQ(test, bbr->state, CLASP_BBR_DOWN);
	KUNIT_EXPECT_EQ(test, bbr->inflight_hi, BDP);
	KUNIT_EXPECT_FALSE(test, bbr->probe_samples);
}

static void losses_outside_of_a_probe__bound_stays(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->inflight_hi = BDP - 1;
	acks_with_losses(c);
	KUNIT_EXPECT_EQ(test, bbr->inflight_hi, BDP - 1);
	/* so much in flight without losses is known to fit */
	acks(c, sample());
	KUNIT_EXPECT_EQ(test, bbr->inflight_hi, BDP);
}

/* 2 % and two standard deviations: of 50 segments 1 and 2, of 2500 50 and 15. */
static void too_high__more_than_chance_explains(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_UP);
	struct clasp_sample s = sample();

	s.rate_lost = 3 * BARE_MSS;
	KUNIT_EXPECT_FALSE(test, clasp_bbr_too_high(c, &s));
	s.rate_lost++;
	KUNIT_EXPECT_TRUE(test, clasp_bbr_too_high(c, &s));

	s.tx_flight = 2500 * BARE_MSS;
	s.rate_lost = 64 * BARE_MSS;
	KUNIT_EXPECT_FALSE(test, clasp_bbr_too_high(c, &s));
	s.rate_lost = 65 * BARE_MSS;
	KUNIT_EXPECT_TRUE(test, clasp_bbr_too_high(c, &s));
	s.interval_us = 0;
	KUNIT_EXPECT_FALSE(test, clasp_bbr_too_high(c, &s));
}

/* A cycle in which nothing was measured makes nothing old. */
static void new_cycle__nothing_measured__keeps_what_is_known(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_DOWN);

	clasp_bbr_new_cycle(c);
	KUNIT_EXPECT_EQ(test, clasp_bbr_max_bw(c), RATE / 8);
	clasp_bbr_new_cycle(c);
	KUNIT_EXPECT_EQ(test, clasp_bbr_max_bw(c), RATE / 8);
}

/* 5 s from the last round trip that was shorter than any before. */
static void probe_rtt__counts_from_the_shortest(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_sample s = sample();

	acks(c, s);
	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_CRUISE);
	s.now_us = BARE_NOW + CLASP_MS(2000);
	s.rtt_us = RTT_US - 1;
	acks(c, s);
	s.rtt_us = RTT_US;
	s.now_us += CLASP_MS(5000);
	acks(c, s);
	KUNIT_EXPECT_NE(test, clasp_bbr_of(c)->state, CLASP_BBR_PROBE_RTT);
	s.now_us += CLASP_MS(1);
	acks(c, s);
	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_PROBE_RTT);
}

/* What little was in flight told nothing of the path. */
static void probe_rtt__over__lower_bounds_forgotten(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_PROBE_RTT);
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	struct clasp_sample s = sample();

	bbr->probe_rtt_done_us = (u32)BARE_NOW;
	bbr->bw_lo = 1;
	bbr->inflight_lo = 1;
	bbr->prior_cwnd = 3 * BDP;
	acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->state, CLASP_BBR_PROBE_RTT);
	acks_of_next_round(c);

	KUNIT_EXPECT_EQ(test, bbr->state, CLASP_BBR_CRUISE);
	KUNIT_EXPECT_EQ(test, bbr->bw_lo, CLASP_BBR_NONE);
	KUNIT_EXPECT_EQ(test, bbr->inflight_lo, CLASP_BBR_NONE);
	KUNIT_EXPECT_GE(test, c->cong.cwnd, 2 * BDP);
}

/* A round without losses lowers nothing, with many it does: to what arrived. */
static void losses_in_cruise__down_to_what_arrived(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	struct clasp_sample s = sample();

	s.prior_delivered = DELIVERED;
	s.rate = RATE * 9 / 10;
	s.rate_delivered = BDP * 9 / 10;
	acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->bw_lo, CLASP_BBR_NONE);

	c->cong.cwnd = 2 * BDP;
	s.lost = BDP / 10;
	s.rate_lost = BDP / 10;
	acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->bw_lo, RATE * 9 / 10 / 8);
	KUNIT_EXPECT_EQ(test, bbr->inflight_lo, 2 * BDP * 7 / 10);
	KUNIT_EXPECT_EQ(test, clasp_bbr_bw(c), RATE * 9 / 10 / 8);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 2 * BDP * 7 / 10);
}

static void losses_in_cruise__never_under_beta(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	struct clasp_sample s = sample();

	s.prior_delivered = DELIVERED;
	s.rate = RATE / 10;
	s.rate_delivered = BDP / 10;
	s.lost = BDP / 10;
	s.rate_lost = BDP / 10;
	acks(c, s);

	KUNIT_EXPECT_EQ(test, bbr->bw_lo, RATE / 8 * 7 / 10);
	KUNIT_EXPECT_EQ(test, bbr->inflight_lo, 2 * BDP * 7 / 10);
}

/* Six losses in a round, and more than the path takes: the pipe is full. */
static void startup__sixth_loss_in_a_round__drain(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_STARTUP);
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	struct clasp_sample s = sample();
	int i;

	s.rate_lost = BDP / 5;
	for (i = 0; i < 4; i++) {
		s.lost = BARE_MSS;
		acks(c, s);
		s.lost = 0;
		acks(c, s);
	}
	s.lost = BARE_MSS;
	s.prior_delivered = DELIVERED;
	acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->loss_events, 0);
	KUNIT_EXPECT_EQ(test, bbr->state, CLASP_BBR_STARTUP);

	s.prior_delivered = DELIVERED - 1;
	for (i = 0; i < 5; i++)
		acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->loss_events, 5);
	s.prior_delivered = DELIVERED;
	acks(c, s);
	KUNIT_EXPECT_TRUE(test, bbr->full_bw_reached);
	KUNIT_EXPECT_NE(test, bbr->state, CLASP_BBR_STARTUP);
	KUNIT_EXPECT_EQ(test, bbr->inflight_hi, BDP);
}

/* Three rounds that bring less than a quarter more. */
static void startup__third_round_without_growth__full(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_STARTUP);
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	struct clasp_sample s = sample();
	int i;

	s.prior_delivered = DELIVERED;
	acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->full_bw, RATE / 8);
	for (i = 0; i < 2; i++)
		acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->full_bw_count, 2);
	/* a quarter more: it counts anew */
	s.rate = RATE + RATE / 4 + 8;
	acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->full_bw_count, 0);
	KUNIT_EXPECT_EQ(test, bbr->full_bw, s.rate / 8);
	for (i = 0; i < 3; i++) {
		KUNIT_EXPECT_FALSE(test, bbr->full_bw_reached);
		acks(c, s);
	}
	KUNIT_EXPECT_TRUE(test, bbr->full_bw_reached);
}

/* Each phase says of what the acknowledgments that follow will tell. */
static void probe__acks_are_of_its_phases(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	bbr->bw_lo = 1;
	bbr->up_rounds = 3;
	bbr->rounds_since_probe = 63;
	acks(c, sample());
	KUNIT_ASSERT_EQ(test, bbr->state, CLASP_BBR_REFILL);
	KUNIT_EXPECT_EQ(test, bbr->acks, CLASP_BBR_ACKS_REFILLING);
	KUNIT_EXPECT_EQ(test, bbr->bw_lo, CLASP_BBR_NONE);
	KUNIT_EXPECT_EQ(test, bbr->up_rounds, 0);

	acks_of_next_round(c);
	KUNIT_ASSERT_EQ(test, bbr->state, CLASP_BBR_UP);
	KUNIT_EXPECT_EQ(test, bbr->acks, CLASP_BBR_ACKS_STARTING);
	KUNIT_EXPECT_TRUE(test, bbr->probe_samples);
	KUNIT_EXPECT_EQ(test, bbr->full_bw, RATE / 8);

	acks_of_next_round(c);
	KUNIT_EXPECT_EQ(test, bbr->acks, CLASP_BBR_ACKS_FEEDBACK);
	acks_with_losses(c);
	KUNIT_ASSERT_EQ(test, bbr->state, CLASP_BBR_DOWN);
	KUNIT_EXPECT_EQ(test, bbr->acks, CLASP_BBR_ACKS_STOPPING);
	KUNIT_EXPECT_LE(test, bbr->rounds_since_probe, 1);
	KUNIT_EXPECT_GE(test, bbr->probe_wait_ms, 2000);
	KUNIT_EXPECT_LE(test, bbr->probe_wait_ms, 3000);
	KUNIT_EXPECT_EQ(test, bbr->bw_latest, 0u);
	KUNIT_EXPECT_EQ(test, bbr->loss_events, 0);

	/* what was measured in the probe grows old with the second cycle */
	bbr->max_bw[1] = 1;
	acks_of_next_round(c);
	KUNIT_EXPECT_EQ(test, bbr->acks, CLASP_BBR_ACKS_INIT);
	KUNIT_EXPECT_EQ(test, bbr->max_bw[1], RATE / 8);
	KUNIT_EXPECT_EQ(test, bbr->max_bw[0], 0u);
}

static void rounds__are_counted(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	acks(c, sample());
	KUNIT_EXPECT_EQ(test, bbr->rounds_since_probe, 0);
	acks_of_next_round(c);
	acks_of_next_round(c);
	KUNIT_EXPECT_EQ(test, bbr->rounds_since_probe, 2);
}

/* BBRSetCwnd(): by what arrived, up to twice the BDP. */
static void cruise__window_grows_by_what_arrived(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);

	c->cong.cwnd = BDP;
	acks(c, sample());
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BDP + BARE_MSS);
	c->cong.cwnd = 3 * BDP;
	acks(c, sample());
	KUNIT_EXPECT_GE(test, c->cong.cwnd, 2 * BDP);
	KUNIT_EXPECT_LE(test, c->cong.cwnd, 2 * BDP + 2 * BARE_MSS);
}

/* Room for others, while it does not probe: 15 % of the bound. */
static void cruise__headroom_under_the_bound(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);

	clasp_bbr_of(c)->inflight_hi = BDP;
	acks(c, sample());
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BDP * 85 / 100);

	clasp_bbr_of(c)->state = CLASP_BBR_REFILL;
	c->cong.cwnd = BDP;
	acks(c, sample());
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BDP);
}

/* Cruise begins when no more is in flight than the path holds, without a queue. */
static void down__flight_is_the_bdp__cruise(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_DOWN);

	bare_sent(c, 1);
	acks(c, sample());
	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_DOWN);
	c->snd_una++;
	acks(c, sample());
	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_CRUISE);
}

/* What comes in a burst, above the rate: its most of two times five rounds. */
static void aggregation__burst__remembered(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	struct clasp_sample s = sample();
	int i;

	s.delivered = 20000;
	acks(c, s);
	/* a millisecond is worth 1250 */
	KUNIT_EXPECT_EQ(test, clasp_bbr_extra(c), 20000u);
	s.now_us += USEC_PER_MSEC;
	s.delivered = 3000;
	acks(c, s);
	KUNIT_EXPECT_EQ(test, clasp_bbr_extra(c), 23000u - 1250);

	s.delivered = 0;
	s.now_us += CLASP_MS(40);
	s.prior_delivered = DELIVERED;
	for (i = 0; i < 5; i++)
		acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->extra_acked[0], 0u);
	KUNIT_EXPECT_EQ(test, clasp_bbr_extra(c), 21750u);
	for (i = 0; i < 4; i++)
		acks(c, s);
	KUNIT_EXPECT_EQ(test, clasp_bbr_extra(c), 21750u);
	acks(c, s);
	KUNIT_EXPECT_EQ(test, clasp_bbr_extra(c), 0u);
}

/* A longer round trip counts when the shorter one is 10 s old, and not before. */
static void min_rtt__old_one_is_given_up(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	struct clasp_sample s = sample();

	s.rtt_us = RTT_US + 1000;
	s.now_us = BARE_NOW + CLASP_MS(6000);
	acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->min_rtt_us, RTT_US);
	s.now_us = BARE_NOW + CLASP_MS(10001);
	acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->min_rtt_us, RTT_US + 1000);
	KUNIT_EXPECT_EQ(test, bbr->min_rtt_ms, bbr->probe_rtt_min_ms);
}

static void bdp__nothing_known__initial_window(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_STARTUP);

	KUNIT_EXPECT_EQ(test, clasp_bbr_bdp(c, RATE / 8, 256), BDP);
	KUNIT_EXPECT_EQ(test, clasp_bbr_bdp(c, RATE / 8, 512), 2 * BDP);
	KUNIT_EXPECT_EQ(test, clasp_bbr_bdp(c, 0, 256), 10 * BARE_MSS);
	clasp_bbr_of(c)->min_rtt_us = CLASP_BBR_NONE;
	KUNIT_EXPECT_EQ(test, clasp_bbr_bdp(c, RATE / 8, 256), 10 * BARE_MSS);
}

/* BBRHandleRestartFromIdle() */
static void restart__program_had_nothing__at_the_paths_rate(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_UP);

	c->pace.rate = 1;
	clasp_bbr.on_restart(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->pace.rate, 1);
	KUNIT_EXPECT_FALSE(test, clasp_bbr_of(c)->idle_restart);

	c->rate.app_limited = 1;
	clasp_bbr.on_restart(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->pace.rate, RATE / 100 * 99);
	KUNIT_EXPECT_TRUE(test, clasp_bbr_of(c)->idle_restart);
}

static void restart__in_probe_rtt__leaves_it_when_over(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_PROBE_RTT);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	c->rate.app_limited = 1;
	clasp_bbr.on_restart(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, bbr->state, CLASP_BBR_PROBE_RTT);
	bbr->probe_rtt_done_us = (u32)BARE_NOW;
	clasp_bbr.on_restart(c, BARE_NOW + CLASP_MS(1));
	KUNIT_EXPECT_EQ(test, bbr->state, CLASP_BBR_CRUISE);

	bbr->state = CLASP_BBR_DRAIN;
	clasp_bbr.on_restart(c, BARE_NOW + CLASP_MS(1));
	KUNIT_EXPECT_EQ(test, bbr->state, CLASP_BBR_DRAIN);
}

/* What was lost in such a flight tells that less would have been right. */
static void ack__too_much_lost__bound_does_not_rise(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	struct clasp_sample s = sample();

	bbr->inflight_hi = BDP;
	s.tx_flight = 2 * BDP;
	s.rate_lost = BDP;
	acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->inflight_hi, BDP);

	s.rate_lost = 0;
	acks(c, s);
	KUNIT_EXPECT_EQ(test, bbr->inflight_hi, 2 * BDP);
}

/* Or no ProbeRTT would ever come again. */
static void ack__after_a_pause__the_pause_is_over(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);

	clasp_bbr_of(c)->idle_restart = true;
	acks(c, sample());

	KUNIT_EXPECT_FALSE(test, clasp_bbr_of(c)->idle_restart);
}

static void advance__a_round_with_losses_ends__latest_is_of_the_next(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);
	struct clasp_bbr *bbr = clasp_bbr_of(c);
	struct clasp_sample s = sample();

	bbr->bw_latest = RATE;
	bbr->inflight_latest = 3 * BDP;
	bbr->loss_in_round = true;
	clasp_bbr_advance(c, &s);
	KUNIT_EXPECT_EQ(test, bbr->inflight_latest, 3 * BDP);

	bbr->loss_round_start = true;
	clasp_bbr_advance(c, &s);
	KUNIT_EXPECT_EQ(test, bbr->inflight_latest, BDP);
	KUNIT_EXPECT_EQ(test, bbr->bw_latest, RATE / 8);
	KUNIT_EXPECT_FALSE(test, bbr->loss_in_round);
}

/* One at the sender, one on its way, one at the receiver. */
static void ack__short_path__room_for_three_transmissions(struct kunit *test)
{
	struct clasp_conn *c = in_state(test, CLASP_BBR_CRUISE);

	clasp_bbr_of(c)->min_rtt_us = 500;
	c->pace.rate = RATE;
	KUNIT_EXPECT_EQ(test, clasp_pace_quantum(c), 2 * BARE_MSS);
	acks(c, sample());

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 6 * BARE_MSS);
}

static struct kunit_case bbr_model_cases[] = {
	KUNIT_CASE(gains__the_drafts),
	KUNIT_CASE(cruise__rate_is_the_paths_less_a_percent),
	KUNIT_CASE(startup__rate_never_sinks),
	KUNIT_CASE(round__begins_with_the_controller),
	KUNIT_CASE(cruise__reno_would_have_grown__refill),
	KUNIT_CASE(cruise__its_time_is_over__refill),
	KUNIT_CASE(refill__for_a_round_trip),
	KUNIT_CASE(up__at_its_own_bound__goes_on),
	KUNIT_CASE(losses_in_up__one_bound),
	KUNIT_CASE(losses_outside_of_a_probe__bound_stays),
	KUNIT_CASE(too_high__more_than_chance_explains),
	KUNIT_CASE(new_cycle__nothing_measured__keeps_what_is_known),
	KUNIT_CASE(probe_rtt__counts_from_the_shortest),
	KUNIT_CASE(probe_rtt__over__lower_bounds_forgotten),
	KUNIT_CASE(losses_in_cruise__down_to_what_arrived),
	KUNIT_CASE(losses_in_cruise__never_under_beta),
	KUNIT_CASE(startup__sixth_loss_in_a_round__drain),
	KUNIT_CASE(startup__third_round_without_growth__full),
	KUNIT_CASE(probe__acks_are_of_its_phases),
	KUNIT_CASE(rounds__are_counted),
	KUNIT_CASE(cruise__window_grows_by_what_arrived),
	KUNIT_CASE(cruise__headroom_under_the_bound),
	KUNIT_CASE(down__flight_is_the_bdp__cruise),
	KUNIT_CASE(aggregation__burst__remembered),
	KUNIT_CASE(min_rtt__old_one_is_given_up),
	KUNIT_CASE(bdp__nothing_known__initial_window),
	KUNIT_CASE(restart__program_had_nothing__at_the_paths_rate),
	KUNIT_CASE(restart__in_probe_rtt__leaves_it_when_over),
	KUNIT_CASE(ack__too_much_lost__bound_does_not_rise),
	KUNIT_CASE(ack__after_a_pause__the_pause_is_over),
	KUNIT_CASE(advance__a_round_with_losses_ends__latest_is_of_the_next),
	KUNIT_CASE(ack__short_path__room_for_three_transmissions),
	{}
};

static struct kunit_suite bbr_model_suite = {
	.name = "bbr_model",
	.exit = bare_exit,
	.test_cases = bbr_model_cases,
};

kunit_test_suite(bbr_model_suite);

MODULE_DESCRIPTION("Tests of BBR's rules");
MODULE_LICENSE("GPL");
