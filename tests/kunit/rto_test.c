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

static struct kunit_case rto_cases[] = {
	KUNIT_CASE(init__nothing_measured__one_second),
	KUNIT_CASE(sample__first__srtt_is_it_and_rttvar_half),
	KUNIT_CASE(sample__second__eighth_and_quarter),
	KUNIT_CASE(sample__steady_path__keeps_the_least_margin),
	KUNIT_CASE(sample__zero_or_endless__stays_in_range),
	KUNIT_CASE(back_off__each__doubles_up_to_the_maximum),
	{}
};

static struct kunit_suite rto_suite = {
	.name = "rto",
	.test_cases = rto_cases,
};

kunit_test_suite(rto_suite);
