// SPDX-License-Identifier: GPL-2.0
/*
 * Initial sequence numbers, against RFC 6528.
 */
#include <kunit/test.h>

#include "isn.h"

#define HASH	0xdeadbeefu

static const struct clasp_settings drawn = { .isn_fixed = false };
static const struct clasp_settings fixed = { .isn_fixed = true };

/* MUST-8: a clock that ticks every 4 µs. */
static void drawn__time_passes__one_every_four_microseconds(struct kunit *test)
{
	u32 first = clasp_isn(&drawn, false, HASH, 4000);

	KUNIT_EXPECT_EQ(test, clasp_isn(&drawn, false, HASH, 4003), first);
	KUNIT_EXPECT_EQ(test, clasp_isn(&drawn, false, HASH, 4004), first + 1);
	KUNIT_EXPECT_EQ(test,
			clasp_isn(&drawn, false, HASH, 4000 + USEC_PER_SEC),
			first + 250000);
}

/* It goes round every 4.77 hours, and on: RFC 9293 §3.4.1. */
static void drawn__clock_past_2_to_the_34__wraps(struct kunit *test)
{
	u64 round_us = 4ull << 32;
	u64 late_us = U64_MAX - 3;

	KUNIT_EXPECT_EQ(test, clasp_isn(&drawn, false, HASH, round_us), HASH);
	KUNIT_EXPECT_EQ(test, clasp_isn(&drawn, false, HASH, round_us - 4),
			HASH - 1);
	KUNIT_EXPECT_EQ(test, clasp_isn(&drawn, false, HASH, late_us),
			HASH - 1);
}

/* MUST-9: F, the keyed hash, shifts the clock for each four-tuple. */
static void drawn__other_hash__other_numbers(struct kunit *test)
{
	u32 one = clasp_isn(&drawn, false, HASH, 4000);
	u32 other = clasp_isn(&drawn, false, HASH + 12345, 4000);

	KUNIT_EXPECT_EQ(test, other - one, 12345u);
}

static void drawn__either_side__by_the_same_rule(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, clasp_isn(&drawn, true, HASH, 4000),
			clasp_isn(&drawn, false, HASH, 4000));
}

/* docs/protocol.md §7 counts from these. */
static void fixed__whatever_hash_and_time__textbook(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, clasp_isn(&fixed, false, HASH, 4000), 1000u);
	KUNIT_EXPECT_EQ(test, clasp_isn(&fixed, true, HASH, 4000), 5000u);
	KUNIT_EXPECT_EQ(test, clasp_isn(&fixed, false, 0, U64_MAX), 1000u);
}

static struct kunit_case isn_cases[] = {
	KUNIT_CASE(drawn__time_passes__one_every_four_microseconds),
	KUNIT_CASE(drawn__clock_past_2_to_the_34__wraps),
	KUNIT_CASE(drawn__other_hash__other_numbers),
	KUNIT_CASE(drawn__either_side__by_the_same_rule),
	KUNIT_CASE(fixed__whatever_hash_and_time__textbook),
	{}
};

static struct kunit_suite isn_suite = {
	.name = "isn",
	.test_cases = isn_cases,
};

kunit_test_suite(isn_suite);
