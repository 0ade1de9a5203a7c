// SPDX-License-Identifier: GPL-2.0
/*
 * HyStart++, against RFC 9406: what ends slow start, and what does not.
 */
#include <kunit/test.h>

#include "bare.h"
#include "hystart.h"

static struct clasp_hystart hystart;

static struct clasp_conn *starting(struct kunit *test)
{
	struct clasp_conn *c;

	memset(&hystart, 0, sizeof(hystart));

	c = bare_conn(test, CLASP_ESTABLISHED);
	c->snd_nxt = c->snd_una + 10 * BARE_MSS;

	return c;
}

static void acks(struct clasp_conn *c, u32 bytes, u64 rtt_us)
{
	const struct clasp_sample s = {
		.now_us = BARE_NOW, .acked = bytes, .rtt_us = rtt_us,
	};

	c->snd_una += bytes;
	clasp_hystart_ack(c, &hystart, &s);
}

/* What is in flight arrives; with the last of it, @next segments are sent. */
static void all_arrives(struct clasp_conn *c, u64 rtt_us, u32 next)
{
	while (clasp_conn_flight(c) > BARE_MSS)
		acks(c, BARE_MSS, rtt_us);
	c->snd_nxt += next * BARE_MSS;
	acks(c, BARE_MSS, rtt_us);
}

/* A round trip of ten segments, and ten more leave. */
static void round_trip(struct clasp_conn *c, u64 rtt_us)
{
	all_arrives(c, rtt_us, 10);
}

static bool is_over(const struct clasp_conn *c)
{
	return c->cong.ssthresh != CLASP_WINDOW_MAX;
}

static void same_round_trips__goes_on(struct kunit *test)
{
	struct clasp_conn *c = starting(test);
	int i;

	for (i = 0; i < 20; i++)
		round_trip(c, 50000);

	KUNIT_EXPECT_FALSE(test, is_over(c));
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 210 * BARE_MSS);
}

/* §4.2: L = 8, however much one ACK is for. */
static void stretch_ack__eight_segments(struct kunit *test)
{
	struct clasp_conn *c = starting(test);

	c->snd_nxt += 10 * BARE_MSS;
	acks(c, 20 * BARE_MSS, 50000);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 18 * BARE_MSS);
}

/* An eighth longer: Conservative Slow Start, a quarter of the growth. */
static void longer_by_an_eighth__slows_down(struct kunit *test)
{
	struct clasp_conn *c = starting(test);
	u32 before;

	round_trip(c, 80000);
	round_trip(c, 80000);
	round_trip(c, 90000);
	before = c->cong.cwnd;
	all_arrives(c, 90000, 8);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd - before, 10 * BARE_MSS / 4);
	KUNIT_EXPECT_FALSE(test, is_over(c));
}

static void longer_by_less__goes_on(struct kunit *test)
{
	struct clasp_conn *c = starting(test);

	round_trip(c, 80000);
	round_trip(c, 80000);
	round_trip(c, 89999);
	KUNIT_EXPECT_EQ(test, hystart.base_us, 0u);
}

/* MIN_RTT_THRESH: on a short path an eighth would be noise; 4 ms are not. */
static void short_path__four_ms(struct kunit *test)
{
	struct clasp_conn *c = starting(test);

	round_trip(c, 1000);
	round_trip(c, 1000);
	round_trip(c, 4999);
	KUNIT_EXPECT_EQ(test, hystart.base_us, 0u);
	round_trip(c, 8999);
	KUNIT_EXPECT_EQ(test, hystart.base_us, 8999u);
}

/* MAX_RTT_THRESH: on a long one, an eighth would be a long queue. */
static void long_path__sixteen_ms(struct kunit *test)
{
	struct clasp_conn *c = starting(test);

	round_trip(c, 400000);
	round_trip(c, 400000);
	round_trip(c, 416000);
	KUNIT_EXPECT_EQ(test, hystart.base_us, 416000u);
}

/* N_RTT_SAMPLE: seven are too few to tell. */
static void seven_samples__say_nothing(struct kunit *test)
{
	struct clasp_conn *c = starting(test);

	round_trip(c, 80000);
	all_arrives(c, 80000, 7);
	all_arrives(c, 200000, 7);
	KUNIT_EXPECT_EQ(test, hystart.base_us, 0u);
}

/* The least of a round counts: one slow ACK is no queue. */
static void one_short_sample__no_queue(struct kunit *test)
{
	struct clasp_conn *c = starting(test);

	round_trip(c, 80000);
	round_trip(c, 80000);
	acks(c, BARE_MSS, 80000);
	round_trip(c, 200000);
	KUNIT_EXPECT_EQ(test, hystart.base_us, 0u);
}

/* §4.2: the round trips are back to normal, so it was none. */
static void false_alarm__resumes(struct kunit *test)
{
	struct clasp_conn *c = starting(test);
	u32 before;

	round_trip(c, 80000);
	round_trip(c, 80000);
	round_trip(c, 100000);
	KUNIT_EXPECT_EQ(test, hystart.base_us, 100000u);
	round_trip(c, 80000);
	KUNIT_EXPECT_EQ(test, hystart.base_us, 0u);

	before = c->cong.cwnd;
	round_trip(c, 80000);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd - before, 10 * BARE_MSS);
}

/* CSS_ROUNDS = 5, the one in which it began counted. */
static void five_rounds__over(struct kunit *test)
{
	struct clasp_conn *c = starting(test);
	int i;

	round_trip(c, 80000);
	round_trip(c, 80000);
	for (i = 0; i < 4; i++)
		round_trip(c, 100000);
	KUNIT_EXPECT_FALSE(test, is_over(c));

	round_trip(c, 100000);
	KUNIT_EXPECT_TRUE(test, is_over(c));
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, c->cong.cwnd);
}

/* Karn: retransmitted rounds have no samples, and decide nothing. */
static void no_samples__goes_on(struct kunit *test)
{
	struct clasp_conn *c = starting(test);
	int i;

	round_trip(c, 80000);
	for (i = 0; i < 10; i++)
		round_trip(c, 0);

	KUNIT_EXPECT_FALSE(test, is_over(c));
	KUNIT_EXPECT_EQ(test, hystart.base_us, 0u);
}

static struct kunit_case hystart_cases[] = {
	KUNIT_CASE(same_round_trips__goes_on),
	KUNIT_CASE(stretch_ack__eight_segments),
	KUNIT_CASE(longer_by_an_eighth__slows_down),
	KUNIT_CASE(longer_by_less__goes_on),
	KUNIT_CASE(short_path__four_ms),
	KUNIT_CASE(long_path__sixteen_ms),
	KUNIT_CASE(seven_samples__say_nothing),
	KUNIT_CASE(one_short_sample__no_queue),
	KUNIT_CASE(false_alarm__resumes),
	KUNIT_CASE(five_rounds__over),
	KUNIT_CASE(no_samples__goes_on),
	{}
};

static struct kunit_suite hystart_suite = {
	.name = "hystart",
	.exit = bare_exit,
	.test_cases = hystart_cases,
};

kunit_test_suite(hystart_suite);

MODULE_DESCRIPTION("Tests of HyStart++");
MODULE_LICENSE("GPL");
