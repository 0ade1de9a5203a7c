// SPDX-License-Identifier: GPL-2.0
/*
 * The retransmission timer's estimator, against RFC 6298's formulas.
 */
#include <kunit/test.h>

#include "rto.h"

#define MS		((u32)USEC_PER_MSEC)
#define MIN_US		(200 * MS)

static void init__nothing_measured__one_second(struct kunit *test)
{
	struct clasp_rto rto;

	clasp_rto_init(&rto);

	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), 1000 * MS);
	KUNIT_EXPECT_EQ(test, rto.srtt_us, 0u);
}

static void sample__first__srtt_is_it_and_rttvar_half(struct kunit *test)
{
	struct clasp_rto rto;

	clasp_rto_init(&rto);
	clasp_rto_sample(&rto, 300 * MS, MIN_US);

	KUNIT_EXPECT_EQ(test, rto.srtt_us, 300 * MS);
	KUNIT_EXPECT_EQ(test, rto.rttvar_us, 150 * MS);
	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), 900 * MS);
	KUNIT_EXPECT_EQ(test, rto.min_rtt_us, 300 * MS);
}

static void sample__second__eighth_and_quarter(struct kunit *test)
{
	struct clasp_rto rto;

	clasp_rto_init(&rto);
	clasp_rto_sample(&rto, 800 * MS, MIN_US);
	clasp_rto_sample(&rto, 400 * MS, MIN_US);

	/* RTTVAR = 3/4 * 400 + 1/4 * |800 - 400|, SRTT = 7/8 * 800 + 50 */
	KUNIT_EXPECT_EQ(test, rto.rttvar_us, 400 * MS);
	KUNIT_EXPECT_EQ(test, rto.srtt_us, 750 * MS);
	KUNIT_EXPECT_EQ(test, rto.min_rtt_us, 400 * MS);
}

static void sample__steady_path__keeps_the_least_margin(struct kunit *test)
{
	struct clasp_rto rto;
	int i;

	clasp_rto_init(&rto);
	for (i = 0; i < 100; i++)
		clasp_rto_sample(&rto, 300 * MS, MIN_US);

	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), 500 * MS);
}

static void sample__zero_or_endless__stays_in_range(struct kunit *test)
{
	struct clasp_rto rto;

	clasp_rto_init(&rto);
	clasp_rto_sample(&rto, 0, MIN_US);
	KUNIT_EXPECT_EQ(test, rto.srtt_us, 1u);

	clasp_rto_sample(&rto, U32_MAX, MIN_US);
	KUNIT_EXPECT_LE(test, clasp_rto_interval(&rto),
			(u32)CLASP_RTO_MAX_US);
}

static void back_off__each__doubles_up_to_the_maximum(struct kunit *test)
{
	struct clasp_rto rto;
	u32 expected = 1000 * MS;
	int i;

	clasp_rto_init(&rto);
	for (i = 0; i < 7; i++) {
		clasp_rto_back_off(&rto);
		expected *= 2;
		KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), expected);
	}
	for (i = 0; i < 1000; i++)
		clasp_rto_back_off(&rto);

	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), (u32)CLASP_RTO_MAX_US);
}

/* §2.4's bound is on the margin here; without one, the deviation rules. */
static void sample__no_least_margin__four_deviations(struct kunit *test)
{
	struct clasp_rto rto;

	clasp_rto_init(&rto);
	clasp_rto_sample(&rto, 10 * MS, 0);
	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), 30 * MS);

	clasp_rto_sample(&rto, 10 * MS, 25 * MS);
	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), 35 * MS);
}

/* MUST-18, karn: the doubled timeout goes on top of the new estimate. */
static void sample__backed_off__backoff_stays(struct kunit *test)
{
	struct clasp_rto rto;

	clasp_rto_init(&rto);
	clasp_rto_back_off(&rto);
	clasp_rto_back_off(&rto);
	clasp_rto_sample(&rto, 300 * MS, MIN_US);

	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), 4 * 900 * MS);
}

static void sample__in_any_order__smallest_is_known(struct kunit *test)
{
	struct clasp_rto rto;

	clasp_rto_init(&rto);
	clasp_rto_sample(&rto, 300 * MS, MIN_US);
	clasp_rto_sample(&rto, 100 * MS, MIN_US);
	clasp_rto_sample(&rto, 200 * MS, MIN_US);

	KUNIT_EXPECT_EQ(test, rto.min_rtt_us, 100 * MS);
}

/* The largest deviation there can be: four of them still fit. */
static void sample__from_nothing_to_endless__no_overflow(struct kunit *test)
{
	struct clasp_rto rto;
	int i;

	clasp_rto_init(&rto);
	for (i = 0; i < 50; i++) {
		clasp_rto_sample(&rto, i % 2 ? 0 : U32_MAX, MIN_US);
		KUNIT_EXPECT_LE(test, rto.srtt_us, (u32)CLASP_RTO_MAX_US);
		KUNIT_EXPECT_LE(test, clasp_rto_interval(&rto),
				(u32)CLASP_RTO_MAX_US);
		KUNIT_EXPECT_GE(test, clasp_rto_interval(&rto), MIN_US);
	}
}

/* From 1 us it takes 27 doublings: each shift stays in 64 bits. */
static void back_off__tiny_timeout__reaches_the_maximum(struct kunit *test)
{
	struct clasp_rto rto;
	u32 before;
	int i;

	clasp_rto_init(&rto);
	clasp_rto_sample(&rto, 1, 0);
	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), 1u);
	for (i = 0; i < 300; i++) {
		before = clasp_rto_interval(&rto);
		clasp_rto_back_off(&rto);
		KUNIT_EXPECT_GE(test, clasp_rto_interval(&rto), before);
	}

	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), (u32)CLASP_RTO_MAX_US);
	KUNIT_EXPECT_EQ(test, rto.backoff, 27);
}

/* A margin or a backoff that is out of all proportion is cut, not wrapped. */
static void interval__beyond_32_bits__the_maximum(struct kunit *test)
{
	struct clasp_rto rto;

	clasp_rto_init(&rto);
	clasp_rto_sample(&rto, 300 * MS, U32_MAX);
	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), (u32)CLASP_RTO_MAX_US);

	/* backed off while it was 1 us, then measured anew */
	rto = (struct clasp_rto){ .rto_us = 1u << 20, .backoff = 27 };
	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&rto), (u32)CLASP_RTO_MAX_US);
}

/* 0 stands for no sample. */
static void sample__a_path_without_length__one_microsecond(struct kunit *test)
{
	struct clasp_rto rto;
	int i;

	clasp_rto_init(&rto);
	for (i = 0; i < 9; i++)
		clasp_rto_sample(&rto, 0, MIN_US);

	KUNIT_EXPECT_EQ(test, rto.srtt_us, 1u);
}

static struct kunit_case rto_cases[] = {
	KUNIT_CASE(init__nothing_measured__one_second),
	KUNIT_CASE(sample__first__srtt_is_it_and_rttvar_half),
	KUNIT_CASE(sample__second__eighth_and_quarter),
	KUNIT_CASE(sample__steady_path__keeps_the_least_margin),
	KUNIT_CASE(sample__zero_or_endless__stays_in_range),
	KUNIT_CASE(sample__no_least_margin__four_deviations),
	KUNIT_CASE(sample__backed_off__backoff_stays),
	KUNIT_CASE(sample__in_any_order__smallest_is_known),
	KUNIT_CASE(sample__from_nothing_to_endless__no_overflow),
	KUNIT_CASE(back_off__each__doubles_up_to_the_maximum),
	KUNIT_CASE(back_off__tiny_timeout__reaches_the_maximum),
	KUNIT_CASE(interval__beyond_32_bits__the_maximum),
	KUNIT_CASE(sample__a_path_without_length__one_microsecond),
	{}
};

static struct kunit_suite rto_suite = {
	.name = "rto",
	.test_cases = rto_cases,
};

kunit_test_suite(rto_suite);
