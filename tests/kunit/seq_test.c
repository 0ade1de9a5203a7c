// SPDX-License-Identifier: GPL-2.0
/*
 * Sequence numbers wrap: RFC 9293 §3.4.
 */
#include <kunit/test.h>

#include "seq.h"

/* Pairs one apart, wherever the numbers wrap. */
static const u32 places[] = { 0, 1, 0x7fffffff, 0x80000000, 0xffffffff };

static void neighbours__anywhere__in_order(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(places); i++) {
		u32 a = places[i], b = a + 1;

		KUNIT_EXPECT_TRUE(test, seq_before(a, b));
		KUNIT_EXPECT_FALSE(test, seq_before(b, a));
		KUNIT_EXPECT_FALSE(test, seq_before(a, a));
		KUNIT_EXPECT_TRUE(test, seq_after(b, a));
		KUNIT_EXPECT_FALSE(test, seq_after(a, a));
		KUNIT_EXPECT_TRUE(test, seq_before_eq(a, a));
		KUNIT_EXPECT_TRUE(test, seq_after_eq(a, a));
		KUNIT_EXPECT_EQ(test, seq_max(a, b), b);
		KUNIT_EXPECT_EQ(test, seq_min(a, b), a);
	}
}

static void far_apart__half_the_space__still_in_order(struct kunit *test)
{
	u32 a = 0xfffffff0, b = a + 0x7fffffff;

	KUNIT_EXPECT_TRUE(test, seq_before(a, b));
	KUNIT_EXPECT_EQ(test, seq_max(b, a), b);
	KUNIT_EXPECT_EQ(test, seq_min(b, a), a);
}

static void between__interval_that_wraps__its_edges_count(struct kunit *test)
{
	u32 low = 0xfffffff0, high = 0x10;

	KUNIT_EXPECT_TRUE(test, seq_between(low, low, high));
	KUNIT_EXPECT_TRUE(test, seq_between(low, 0, high));
	KUNIT_EXPECT_TRUE(test, seq_between(low, high, high));
	KUNIT_EXPECT_FALSE(test, seq_between(low, low - 1, high));
	KUNIT_EXPECT_FALSE(test, seq_between(low, high + 1, high));
}

static struct kunit_case seq_cases[] = {
	KUNIT_CASE(neighbours__anywhere__in_order),
	KUNIT_CASE(far_apart__half_the_space__still_in_order),
	KUNIT_CASE(between__interval_that_wraps__its_edges_count),
	{}
};

static struct kunit_suite seq_suite = {
	.name = "seq",
	.test_cases = seq_cases,
};

kunit_test_suite(seq_suite);

MODULE_DESCRIPTION("Suites of Clasp's core");
MODULE_LICENSE("GPL");
