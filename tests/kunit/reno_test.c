// SPDX-License-Identifier: GPL-2.0
/*
 * Reno, against RFC 5681's equations and RFC 3465's counting of bytes.
 */
#include <kunit/test.h>

#include "bare.h"

static void acks(struct clasp_conn *c, u32 bytes)
{
	const struct clasp_sample s = { .now_us = BARE_NOW, .acked = bytes };

	clasp_reno.on_ack(c, &s);
}

static struct clasp_conn *avoiding(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->cong.ssthresh = c->cong.cwnd;

	return c;
}

static void name__as_the_setting_spells_it__reno(struct kunit *test)
{
	KUNIT_EXPECT_STREQ(test, clasp_reno.name, "reno");
	KUNIT_EXPECT_EQ(test, clasp_reno.flags, 0u);
}

static void init__window_is_set__left_alone(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_reno.init(c);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, CLASP_WINDOW_MAX);
}

/* slow-start: +1 a segment acknowledged, doubled when all of it is. */
static void slow_start__each_segment_acked__doubles(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	int i;

	for (i = 0; i < 10; i++)
		acks(c, BARE_MSS);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 20 * BARE_MSS);
}

/* slow-start: every second acknowledged: as fast (RFC 3465 §2.2, L = 2). */
static void slow_start__every_second_acked__doubles(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	int i;

	for (i = 0; i < 5; i++)
		acks(c, 2 * BARE_MSS);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 20 * BARE_MSS);
}

/* One ACK for many gives two segments, no burst of ten. */
static void slow_start__stretch_ack__two_segments(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	acks(c, 10 * BARE_MSS);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 12 * BARE_MSS);
}

/* ack-splitting: it gains nothing, neither here nor in avoidance. */
static void slow_start__split_ack__as_the_whole(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	int i;

	for (i = 0; i < 1000; i++)
		acks(c, 1);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 11 * BARE_MSS);
}

static void slow_start__just_under_ssthresh__goes_on(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->cong.ssthresh = c->cong.cwnd + 1;
	acks(c, BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 11 * BARE_MSS);

	/* and now it is above */
	acks(c, BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 11 * BARE_MSS);
}

/* RFC 5681 §3.1: one full-sized segment a round-trip time. */
static void avoidance__window_acked__one_segment(struct kunit *test)
{
	struct clasp_conn *c = avoiding(test);
	int i;

	for (i = 0; i < 9; i++)
		acks(c, BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);

	acks(c, BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 11 * BARE_MSS);

	/* the next takes eleven */
	for (i = 0; i < 10; i++)
		acks(c, BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 11 * BARE_MSS);
	acks(c, BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 12 * BARE_MSS);
}

/* ack-splitting: byte by byte */
static void avoidance__split_ack__as_the_whole(struct kunit *test)
{
	struct clasp_conn *c = avoiding(test);
	int i;

	for (i = 0; i < 9999; i++)
		acks(c, 1);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);

	acks(c, 1);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 11 * BARE_MSS);
}

/* What goes over the window counts for the next round. */
static void avoidance__more_than_window_acked__rest_kept(struct kunit *test)
{
	struct clasp_conn *c = avoiding(test);

	acks(c, 15 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 11 * BARE_MSS);

	acks(c, 6 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 12 * BARE_MSS);
}

/* Equation (4): max (FlightSize / 2, 2*SMSS). Of the flight, not of cwnd. */
static void loss__much_under_way__half_of_it(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 7000);
	clasp_reno.on_loss(c);

	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 3500u);
	/* what becomes of cwnd is recovery.c's affair */
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
}

static void loss__little_under_way__two_segments(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 3999);
	clasp_reno.on_loss(c);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 2 * BARE_MSS);

	bare_sent(c, 3);
	clasp_reno.on_loss(c);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 2001u);
}

static void rto__much_under_way__half_of_it(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 9000);
	clasp_reno.on_rto(c);

	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 4500u);
}

static struct kunit_case reno_cases[] = {
	KUNIT_CASE(name__as_the_setting_spells_it__reno),
	KUNIT_CASE(init__window_is_set__left_alone),
	KUNIT_CASE(slow_start__each_segment_acked__doubles),
	KUNIT_CASE(slow_start__every_second_acked__doubles),
	KUNIT_CASE(slow_start__stretch_ack__two_segments),
	KUNIT_CASE(slow_start__split_ack__as_the_whole),
	KUNIT_CASE(slow_start__just_under_ssthresh__goes_on),
	KUNIT_CASE(avoidance__window_acked__one_segment),
	KUNIT_CASE(avoidance__split_ack__as_the_whole),
	KUNIT_CASE(avoidance__more_than_window_acked__rest_kept),
	KUNIT_CASE(loss__much_under_way__half_of_it),
	KUNIT_CASE(loss__little_under_way__two_segments),
	KUNIT_CASE(rto__much_under_way__half_of_it),
	{}
};

static struct kunit_suite reno_suite = {
	.name = "reno",
	.exit = bare_exit,
	.test_cases = reno_cases,
};

kunit_test_suite(reno_suite);
