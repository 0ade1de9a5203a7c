// SPDX-License-Identifier: GPL-2.0
/*
 * Pacing: how fast, how much at once, and when the next may leave.
 */
#include <kunit/test.h>

#include "bare.h"
#include "output.h"

#define RATE	1000000u	/* bytes a second: a segment each millisecond */

static struct clasp_conn *paced(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->pace_wanted = true;
	c->pace.rate = RATE;

	return c;
}

/* Twice the window each round trip while it doubles, 1.2 times it later. */
static void update__window_over_round_trip(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_pace_update(c);
	KUNIT_EXPECT_EQ(test, c->pace.rate, 0ull);

	c->rto.srtt_us = 100 * USEC_PER_MSEC;
	clasp_pace_update(c);
	KUNIT_EXPECT_EQ(test, c->pace.rate, 200000ull);

	c->cong.ssthresh = 2 * c->cong.cwnd;
	clasp_pace_update(c);
	KUNIT_EXPECT_EQ(test, c->pace.rate, 120000ull);
}

/* A controller that governs has a rate of its own. */
static void update__controller_governs__left_alone(struct kunit *test)
{
	struct clasp_conn *c = paced(test);

	c->cong_ops = &clasp_bbr;
	c->rto.srtt_us = 100 * USEC_PER_MSEC;
	clasp_pace_update(c);

	KUNIT_EXPECT_EQ(test, c->pace.rate, (u64)RATE);
}

static void limit__above_and_below__the_lower(struct kunit *test)
{
	struct clasp_conn *c = paced(test);

	clasp_pace_limit(c, RATE + 1);
	KUNIT_EXPECT_EQ(test, c->pace.rate, (u64)RATE);
	clasp_pace_limit(c, 10);
	KUNIT_EXPECT_EQ(test, c->pace.rate, 10ull);

	c->pace.rate = 0;
	clasp_pace_limit(c, 20);
	KUNIT_EXPECT_EQ(test, c->pace.rate, 20ull);
}

static void holds__until_it_is_time(struct kunit *test)
{
	struct clasp_conn *c = paced(test);

	KUNIT_EXPECT_FALSE(test, clasp_pace_holds(c, BARE_NOW));
	clasp_pace_sent(c, 2 * BARE_MSS, BARE_NOW);
	/* there was no transmission before: half, as if it had been late */
	KUNIT_EXPECT_EQ(test, c->pace.next_us, BARE_NOW + 1000);

	clasp_pace_sent(c, 2 * BARE_MSS, BARE_NOW + 1000);
	KUNIT_EXPECT_EQ(test, c->pace.next_us, BARE_NOW + 3000);
	KUNIT_EXPECT_TRUE(test, clasp_pace_holds(c, BARE_NOW + 2999));
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_PACE, BARE_NOW),
			BARE_NOW + 3000);
	KUNIT_EXPECT_FALSE(test, clasp_pace_holds(c, BARE_NOW + 3000));
	KUNIT_EXPECT_FALSE(test, clasp_timer_runs(c, CLASP_TIMER_PACE));
}

/* A timer that fires late: the next leaves earlier, by what was lost. */
static void sent__late__made_up_for(struct kunit *test)
{
	struct clasp_conn *c = paced(test);

	c->pace.next_us = BARE_NOW;
	clasp_pace_sent(c, 2 * BARE_MSS, BARE_NOW + 300);
	KUNIT_EXPECT_EQ(test, c->pace.next_us, BARE_NOW + 2000);

	/* but a pause is no credit for a burst */
	clasp_pace_sent(c, 2 * BARE_MSS, BARE_NOW + 1000000);
	KUNIT_EXPECT_EQ(test, c->pace.next_us, BARE_NOW + 1001000);
}

static void sent__nothing__no_pause(struct kunit *test)
{
	struct clasp_conn *c = paced(test);

	clasp_pace_sent(c, 0, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->pace.next_us, 0ull);
}

/* What leaves in a millisecond, in whole segments, and at least two. */
static void quantum__by_rate(struct kunit *test)
{
	struct clasp_conn *c = paced(test);

	KUNIT_EXPECT_EQ(test, clasp_pace_quantum(c), 2 * BARE_MSS);
	c->pace.rate = 10 * RATE + 999999;
	KUNIT_EXPECT_EQ(test, clasp_pace_quantum(c), 10 * BARE_MSS);
	c->pace.rate = U64_MAX;
	KUNIT_EXPECT_EQ(test, clasp_pace_quantum(c), 4294 * BARE_MSS);
	c->pace_wanted = false;
	KUNIT_EXPECT_EQ(test, clasp_pace_quantum(c), U32_MAX);
}

/* fq does it: nothing waits here. */
static void by_qdisc__never_held(struct kunit *test)
{
	struct clasp_conn *c = paced(test);

	c->pace_by_qdisc = true;
	c->pace.next_us = BARE_NOW + 1000;

	KUNIT_EXPECT_FALSE(test, clasp_pace_holds(c, BARE_NOW));
}

static void unwanted__never_held(struct kunit *test)
{
	struct clasp_conn *c = paced(test);

	c->pace_wanted = false;
	c->pace.next_us = BARE_NOW + 1000;
	KUNIT_EXPECT_FALSE(test, clasp_pace_holds(c, BARE_NOW));

	/* unless the controller needs it */
	c->cong_ops = &clasp_bbr;
	KUNIT_EXPECT_TRUE(test, clasp_pace_holds(c, BARE_NOW));
}

/* Two segments, a pause with a timer, the next two. */
static void output__a_quantum_at_a_time(struct kunit *test)
{
	struct clasp_conn *c = paced(test);
	struct clasp_tx tx;

	c->burst = 60000;
	bare_unsent(c, 6 * BARE_MSS, true);
	KUNIT_ASSERT_TRUE(test, clasp_output_next(c, BARE_NOW, &tx));
	KUNIT_EXPECT_EQ(test, tx.len, 2 * BARE_MSS);
	bare_leaves(c, tx.len);
	clasp_output_sent(c, &tx, BARE_NOW);

	KUNIT_EXPECT_FALSE(test, clasp_output_next(c, BARE_NOW, &tx));
	KUNIT_EXPECT_EQ(test, clasp_output_wake(c, BARE_NOW),
			c->pace.next_us);
	KUNIT_ASSERT_TRUE(test, clasp_output_next(c, c->pace.next_us, &tx));
	KUNIT_EXPECT_EQ(test, tx.len, 2 * BARE_MSS);
}

static struct kunit_case pace_cases[] = {
	KUNIT_CASE(update__window_over_round_trip),
	KUNIT_CASE(update__controller_governs__left_alone),
	KUNIT_CASE(limit__above_and_below__the_lower),
	KUNIT_CASE(holds__until_it_is_time),
	KUNIT_CASE(sent__late__made_up_for),
	KUNIT_CASE(sent__nothing__no_pause),
	KUNIT_CASE(quantum__by_rate),
	KUNIT_CASE(by_qdisc__never_held),
	KUNIT_CASE(unwanted__never_held),
	KUNIT_CASE(output__a_quantum_at_a_time),
	{}
};

static struct kunit_suite pace_suite = {
	.name = "pace",
	.exit = bare_exit,
	.test_cases = pace_cases,
};

kunit_test_suite(pace_suite);

MODULE_DESCRIPTION("Tests of pacing");
MODULE_LICENSE("GPL");
