// SPDX-License-Identifier: GPL-2.0
/*
 * BBR on an ideal path: one bottleneck with a long queue, no loss but what a
 * case makes up. The network is a few lines here, so that nothing else of the
 * core has to work.
 */
#include <kunit/test.h>

#include "bare.h"
#include "bbr.h"

#define RTT_US		(40 * (u64)USEC_PER_MSEC)
#define RATE		1250000u	/* bytes a second: 10 Mbit/s */
#define BDP		50000u
#define SEGMENT_US	(BARE_MSS * (u64)USEC_PER_SEC / RATE)
#define FLYING		1024

static struct path {
	struct clasp_sent	sent[FLYING];
	u64			arrives_us[FLYING];
	unsigned int		head, tail;
	u64			now_us;
	u64			free_us;	/* when the bottleneck is */
	u64			rtt_us;
	u32			max_flight;
	u32			seen;		/* states that it was in, bits */
	u32			lose;		/* bytes, with the next ACK */
} path;

static struct clasp_conn *start(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	memset(&path, 0, sizeof(path));
	path.now_us = BARE_NOW;
	path.rtt_us = RTT_US;
	c->cong_ops = &clasp_bbr;
	c->burst = 60000;
	c->rto.srtt_us = RTT_US;
	c->rto.min_rtt_us = RTT_US;
	clasp_cong_start(c);

	return c;
}

static bool may_send(struct clasp_conn *c)
{
	return path.head - path.tail < FLYING &&
	       clasp_cong_quota(c) >= BARE_MSS &&
	       !clasp_pace_holds(c, path.now_us);
}

static void send(struct clasp_conn *c)
{
	struct clasp_sent *sent = &path.sent[path.head % FLYING];

	*sent = (struct clasp_sent){
		.seq = c->snd_nxt, .end_seq = c->snd_nxt + BARE_MSS,
	};
	clasp_rate_sent(c, sent, path.now_us);
	sent->sent_us = path.now_us;
	c->snd_nxt += BARE_MSS;
	clasp_cong_sent(c, path.now_us);
	clasp_pace_sent(c, BARE_MSS, path.now_us);

	path.free_us = max(path.free_us, path.now_us) + SEGMENT_US;
	path.arrives_us[path.head++ % FLYING] = path.free_us + path.rtt_us;
	path.max_flight = max(path.max_flight, clasp_conn_in_flight(c));
}

static void arrive(struct clasp_conn *c)
{
	const struct clasp_sent *sent = &path.sent[path.tail % FLYING];
	struct clasp_sample s = {
		.now_us = path.now_us, .acked = BARE_MSS,
		.delivered = BARE_MSS, .lost = path.lose,
		.prior_flight = clasp_conn_in_flight(c),
		.rtt_us = path.now_us - sent->sent_us,
	};

	c->rate.lost += path.lose;
	path.lose = 0;
	path.tail++;
	c->snd_una += BARE_MSS;
	clasp_rate_delivered(c, sent, &s);
	clasp_rate_done(c, &s);
	clasp_cong_ack(c, &s);
	path.seen |= 1u << clasp_bbr_of(c)->state;
}

/* Everything that happens until then; a program that always has more. */
static void runs(struct clasp_conn *c, u64 us)
{
	u64 until_us = path.now_us + us;

	while (path.now_us < until_us) {
		u64 next_us = until_us;

		clasp_timer_stop(c, CLASP_TIMER_PACE);
		while (may_send(c))
			send(c);
		if (path.head != path.tail)
			next_us = min(next_us, path.arrives_us[path.tail % FLYING]);
		if (clasp_timer_runs(c, CLASP_TIMER_PACE))
			next_us = min(next_us, c->pace.next_us);
		path.now_us = max(path.now_us, next_us);
		while (path.head != path.tail &&
		       path.arrives_us[path.tail % FLYING] <= path.now_us)
			arrive(c);
	}
}

static bool runs_into(struct clasp_conn *c, enum clasp_bbr_state state, u64 us)
{
	for (; us; us -= USEC_PER_MSEC) {
		runs(c, USEC_PER_MSEC);
		if (clasp_bbr_of(c)->state == state)
			return true;
	}

	return false;
}

static bool is_about(u64 found, u64 expected, u32 percent)
{
	return found * 100 >= expected * (100 - percent) &&
	       found * 100 <= expected * (100 + percent);
}

static u64 bw(struct clasp_conn *c)
{
	return (u64)clasp_bbr_bw(c) * 8;
}

/* bbr-states: Startup */
static void begins__in_startup_fast(struct kunit *test)
{
	struct clasp_conn *c = start(test);

	KUNIT_EXPECT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_STARTUP);
	/* 2.77 times the initial window a round trip */
	KUNIT_EXPECT_TRUE(test, is_about(c->pace.rate, 693359, 1));
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
}

/* bbr-states: Startup, Drain, then ProbeBW, with what the path has, and no more. */
static void startup__finds_the_path(struct kunit *test)
{
	struct clasp_conn *c = start(test);

	KUNIT_EXPECT_TRUE(test, runs_into(c, CLASP_BBR_DRAIN, USEC_PER_SEC));
	KUNIT_EXPECT_TRUE(test, is_about(bw(c), RATE, 5));
	KUNIT_EXPECT_TRUE(test, runs_into(c, CLASP_BBR_CRUISE, USEC_PER_SEC));
	KUNIT_EXPECT_TRUE(test, is_about(clasp_bbr_of(c)->min_rtt_us, RTT_US, 5));
	KUNIT_EXPECT_LE(test, path.max_flight, 4 * BDP);
}

/*
 * bbr-states: half a minute: nearly all that the path has, and a queue of less
 * than one round trip after startup.
 */
static void long_run__fills_the_path(struct kunit *test)
{
	struct clasp_conn *c = start(test);
	u32 before;

	runs(c, 2 * USEC_PER_SEC);
	path.max_flight = 0;
	path.seen = 0;
	before = c->snd_una;
	runs(c, 30 * USEC_PER_SEC);

	KUNIT_EXPECT_TRUE_MSG(test, is_about(c->snd_una - before, 30 * RATE, 8),
			      "%u", c->snd_una - before);
	KUNIT_EXPECT_LE(test, path.max_flight, 5 * BDP / 2);
	KUNIT_EXPECT_TRUE(test, path.seen & 1 << CLASP_BBR_CRUISE);
	KUNIT_EXPECT_TRUE(test, path.seen & 1 << CLASP_BBR_REFILL);
	KUNIT_EXPECT_TRUE(test, path.seen & 1 << CLASP_BBR_UP);
	KUNIT_EXPECT_TRUE(test, path.seen & 1 << CLASP_BBR_PROBE_RTT);
	KUNIT_EXPECT_FALSE(test, path.seen & 1 << CLASP_BBR_STARTUP);
}

/* bbr-states: every 5 s without a shorter round trip: half of the BDP for 200 ms. */
static void probe_rtt__window_halves_and_comes_back(struct kunit *test)
{
	struct clasp_conn *c = start(test);
	u64 since_us;
	u32 cwnd;

	runs(c, 2 * USEC_PER_SEC);
	/* no round trip is as short any more */
	path.rtt_us += USEC_PER_MSEC;
	KUNIT_ASSERT_TRUE(test, runs_into(c, CLASP_BBR_PROBE_RTT,
					  6 * USEC_PER_SEC));
	cwnd = clasp_bbr_of(c)->prior_cwnd;
	since_us = path.now_us;
	runs(c, 10 * USEC_PER_MSEC);
	KUNIT_EXPECT_TRUE_MSG(test, is_about(c->cong.cwnd, BDP / 2, 10), "%u",
			      c->cong.cwnd);

	KUNIT_ASSERT_TRUE(test, runs_into(c, CLASP_BBR_CRUISE, USEC_PER_SEC));
	KUNIT_EXPECT_GE(test, path.now_us - since_us, 200 * (u64)USEC_PER_MSEC);
	KUNIT_EXPECT_LE(test, path.now_us - since_us, 400 * (u64)USEC_PER_MSEC);
	runs(c, 100 * USEC_PER_MSEC);
	KUNIT_EXPECT_GT(test, c->cong.cwnd, cwnd / 2);
}

/* More than 2 % lost while it asks for more: that was too much. */
static void loss_in_up__bound_and_down(struct kunit *test)
{
	struct clasp_conn *c = start(test);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	KUNIT_ASSERT_TRUE(test, runs_into(c, CLASP_BBR_UP, 8 * USEC_PER_SEC));
	KUNIT_EXPECT_EQ(test, bbr->inflight_hi, CLASP_BBR_NONE);
	runs(c, RTT_US);
	path.lose = 10 * BARE_MSS;
	runs(c, 2 * SEGMENT_US);

	KUNIT_EXPECT_EQ(test, bbr->state, CLASP_BBR_DOWN);
	KUNIT_EXPECT_GE(test, bbr->inflight_hi, 7 * BDP / 10);
	KUNIT_EXPECT_LE(test, bbr->inflight_hi, 2 * BDP);
}

/* A few lost by chance are not: 1 % of what is in flight. */
static void random_loss_in_up__goes_on(struct kunit *test)
{
	struct clasp_conn *c = start(test);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	KUNIT_ASSERT_TRUE(test, runs_into(c, CLASP_BBR_UP, 8 * USEC_PER_SEC));
	path.lose = BDP / 100;
	runs(c, 2 * SEGMENT_US);

	KUNIT_EXPECT_EQ(test, bbr->state, CLASP_BBR_UP);
	KUNIT_EXPECT_EQ(test, bbr->inflight_hi, CLASP_BBR_NONE);
}

static void loses_each_round(struct clasp_conn *c, u32 bytes, int rounds)
{
	while (rounds--) {
		path.lose = bytes;
		runs(c, RTT_US);
	}
}

/* Outside of a probe a loss lowers what it dares, until a probe forgets it. */
static void loss_in_cruise__lower_bounds_until_refill(struct kunit *test)
{
	struct clasp_conn *c = start(test);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	KUNIT_ASSERT_TRUE(test, runs_into(c, CLASP_BBR_CRUISE,
					  2 * USEC_PER_SEC));
	runs(c, 2 * RTT_US);
	loses_each_round(c, 5 * BARE_MSS, 3);
	KUNIT_ASSERT_EQ(test, bbr->state, CLASP_BBR_CRUISE);
	KUNIT_EXPECT_NE(test, bbr->bw_lo, CLASP_BBR_NONE);
	KUNIT_EXPECT_GE(test, bw(c), 7ull * RATE / 10);

	KUNIT_ASSERT_TRUE(test, runs_into(c, CLASP_BBR_UP, 4 * USEC_PER_SEC));
	KUNIT_EXPECT_EQ(test, bbr->bw_lo, CLASP_BBR_NONE);
	KUNIT_EXPECT_EQ(test, bbr->inflight_lo, CLASP_BBR_NONE);
}

/* What is lost by chance is missing in each round, and lowers nothing. */
static void random_loss_in_cruise__lowers_nothing(struct kunit *test)
{
	struct clasp_conn *c = start(test);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	KUNIT_ASSERT_TRUE(test, runs_into(c, CLASP_BBR_CRUISE,
					  2 * USEC_PER_SEC));
	loses_each_round(c, BDP / 100, 20);

	KUNIT_ASSERT_EQ(test, bbr->state, CLASP_BBR_CRUISE);
	KUNIT_EXPECT_EQ(test, bbr->bw_lo, CLASP_BBR_NONE);
	KUNIT_EXPECT_TRUE(test, is_about(bw(c), RATE, 5));
}

/* What ProbeRTT let through is half: no reason to stay with that. */
static void loss_after_probe_rtt__judged_by_what_follows(struct kunit *test)
{
	struct clasp_conn *c = start(test);

	KUNIT_ASSERT_TRUE(test, runs_into(c, CLASP_BBR_PROBE_RTT,
					  6 * USEC_PER_SEC));
	KUNIT_ASSERT_TRUE(test, runs_into(c, CLASP_BBR_CRUISE, USEC_PER_SEC));
	path.lose = 5 * BARE_MSS;
	runs(c, 4 * RTT_US);

	KUNIT_ASSERT_EQ(test, clasp_bbr_of(c)->state, CLASP_BBR_CRUISE);
	KUNIT_EXPECT_TRUE_MSG(test, is_about(bw(c), RATE, 15), "%llu",
			      bw(c));
}

/* The window is one segment until something arrives, then at least four. */
static void rto__begins_small(struct kunit *test)
{
	struct clasp_conn *c = start(test);

	runs(c, USEC_PER_SEC);
	clasp_cong_rto(c);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BARE_MSS);
	runs(c, 10 * USEC_PER_MSEC);
	KUNIT_EXPECT_GE(test, c->cong.cwnd, 4 * BARE_MSS);
}

static void undo__forgets_lower_bounds(struct kunit *test)
{
	struct clasp_conn *c = start(test);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	runs(c, USEC_PER_SEC);
	clasp_cong_loss(c);
	bbr->bw_lo = 1;
	bbr->inflight_lo = 1;
	clasp_cong_undo(c);

	KUNIT_EXPECT_EQ(test, bbr->bw_lo, CLASP_BBR_NONE);
	KUNIT_EXPECT_EQ(test, bbr->inflight_lo, CLASP_BBR_NONE);
}

static void info__what_it_believes(struct kunit *test)
{
	struct clasp_conn *c = start(test);
	struct clasp_cong_info info = {};

	runs(c, 2 * USEC_PER_SEC);
	clasp_bbr.info(c, &info);

	KUNIT_EXPECT_TRUE(test, is_about(info.bw, RATE, 5));
	KUNIT_EXPECT_TRUE(test, is_about(info.min_rtt_us, RTT_US, 5));
	KUNIT_EXPECT_GE(test, info.pacing_gain, 230u);
	KUNIT_EXPECT_GE(test, info.cwnd_gain, 128u);
}

/* What the acknowledgments tell is of before, for a round trip. */
static void probe_rtt__again__a_round_trip_is_waited_for(struct kunit *test)
{
	struct clasp_conn *c = start(test);
	struct clasp_bbr *bbr = clasp_bbr_of(c);

	runs(c, 2 * USEC_PER_SEC);
	path.rtt_us += USEC_PER_MSEC;
	/* as the one before left it */
	bbr->probe_rtt_round_done = true;
	KUNIT_ASSERT_TRUE(test, runs_into(c, CLASP_BBR_PROBE_RTT,
					  6 * USEC_PER_SEC));
	KUNIT_EXPECT_EQ(test, bbr->acks, CLASP_BBR_ACKS_STOPPING);

	while (bbr->state == CLASP_BBR_PROBE_RTT && !bbr->probe_rtt_done_us)
		runs(c, SEGMENT_US);
	KUNIT_EXPECT_EQ(test, bbr->state, CLASP_BBR_PROBE_RTT);
	KUNIT_EXPECT_FALSE(test, bbr->probe_rtt_round_done);
}

static struct kunit_case bbr_cases[] = {
	KUNIT_CASE(begins__in_startup_fast),
	KUNIT_CASE(startup__finds_the_path),
	KUNIT_CASE(long_run__fills_the_path),
	KUNIT_CASE(probe_rtt__window_halves_and_comes_back),
	KUNIT_CASE(loss_in_up__bound_and_down),
	KUNIT_CASE(random_loss_in_up__goes_on),
	KUNIT_CASE(loss_in_cruise__lower_bounds_until_refill),
	KUNIT_CASE(random_loss_in_cruise__lowers_nothing),
	KUNIT_CASE(loss_after_probe_rtt__judged_by_what_follows),
	KUNIT_CASE(rto__begins_small),
	KUNIT_CASE(undo__forgets_lower_bounds),
	KUNIT_CASE(info__what_it_believes),
	KUNIT_CASE(probe_rtt__again__a_round_trip_is_waited_for),
	{}
};

static struct kunit_suite bbr_suite = {
	.name = "bbr",
	.exit = bare_exit,
	.test_cases = bbr_cases,
};

kunit_test_suite(bbr_suite);

MODULE_DESCRIPTION("Tests of BBR");
MODULE_LICENSE("GPL");
