// SPDX-License-Identifier: GPL-2.0
/*
 * Deadlines in 32 bits: timer.h.
 */
#include <kunit/test.h>

#include "bare.h"

#define DAY		(24 * 3600 * (u64)USEC_PER_SEC)
#define WRAP		CLASP_MS(1ull << 32)	/* when the low bits are 0 again */
#define TIMER		CLASP_TIMER_USER_TIMEOUT

static struct clasp_conn *conn(struct kunit *test)
{
	return bare_conn(test, CLASP_ESTABLISHED);
}

static void runs__never_set__no(struct kunit *test)
{
	struct clasp_conn *c = conn(test);
	unsigned int i;

	for (i = 0; i < CLASP_TIMER_MAX; i++) {
		KUNIT_EXPECT_FALSE(test, clasp_timer_runs(c, i));
		KUNIT_EXPECT_EQ(test, clasp_timer_at(c, i, BARE_NOW), 0ull);
	}
}

static void stop__running__is_not_set(struct kunit *test)
{
	struct clasp_conn *c = conn(test);

	clasp_timer_set(c, TIMER, BARE_NOW);
	KUNIT_EXPECT_TRUE(test, clasp_timer_runs(c, TIMER));
	clasp_timer_stop(c, TIMER);

	KUNIT_EXPECT_FALSE(test, clasp_timer_runs(c, TIMER));
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, TIMER, BARE_NOW), 0ull);
}

/* Early would be too early: nothing would be due, and the timer set again. */
static void at__between_milliseconds__never_early(struct kunit *test)
{
	struct clasp_conn *c = conn(test);

	clasp_timer_set(c, TIMER, BARE_NOW + 1);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, TIMER, BARE_NOW),
			BARE_NOW + CLASP_MS(1));
	clasp_timer_set(c, TIMER, BARE_NOW + CLASP_MS(1));
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, TIMER, BARE_NOW),
			BARE_NOW + CLASP_MS(1));
}

/* The longest wait, and how late it may be seen. */
static void at__days_away__before_and_behind(struct kunit *test)
{
	struct clasp_conn *c = conn(test);
	u64 at_us = BARE_NOW + CLASP_TIMER_MOST_US;

	clasp_timer_set(c, TIMER, at_us);

	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, TIMER, BARE_NOW), at_us);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, TIMER, at_us), at_us);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, TIMER, at_us + 24 * DAY), at_us);
}

static void at__over_the_wrap__as_elsewhere(struct kunit *test)
{
	struct clasp_conn *c = conn(test);

	clasp_timer_set(c, TIMER, WRAP + DAY);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, TIMER, WRAP - DAY), WRAP + DAY);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, TIMER, WRAP + DAY + 5),
			WRAP + DAY);

	clasp_timer_set(c, TIMER, 3 * WRAP - DAY);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, TIMER, 3 * WRAP + DAY),
			3 * WRAP - DAY);
}

/* 0 stands for "not set": a millisecond late is better than never. */
static void set__low_bits_are_0__runs_all_the_same(struct kunit *test)
{
	struct clasp_conn *c = conn(test);

	clasp_timer_set(c, TIMER, WRAP);

	KUNIT_EXPECT_TRUE(test, clasp_timer_runs(c, TIMER));
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, TIMER, WRAP), WRAP + CLASP_MS(1));
}

/* Segments are spaced out by microseconds. */
static void at__pace__to_the_microsecond(struct kunit *test)
{
	struct clasp_conn *c = conn(test);

	c->pace_waits = true;
	c->pace.next_us = BARE_NOW + 7;

	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_PACE, BARE_NOW),
			BARE_NOW + 7);
	clasp_timer_stop(c, CLASP_TIMER_PACE);
	KUNIT_EXPECT_FALSE(test, clasp_timer_runs(c, CLASP_TIMER_PACE));
}

/* What a connection costs. */
static void conn__measured__within_eight_cache_lines(struct kunit *test)
{
	kunit_info(test, "a connection: %zu bytes, its annex %zu, a range %zu",
		   sizeof(struct clasp_conn), sizeof(struct clasp_annex),
		   sizeof(struct clasp_sent));

	KUNIT_EXPECT_LE(test, sizeof(struct clasp_conn), (size_t)CLASP_CONN_MOST);
	KUNIT_EXPECT_LE(test, sizeof(struct clasp_sent), (size_t)48);
}

static struct kunit_case timer_cases[] = {
	KUNIT_CASE(runs__never_set__no),
	KUNIT_CASE(stop__running__is_not_set),
	KUNIT_CASE(at__between_milliseconds__never_early),
	KUNIT_CASE(at__days_away__before_and_behind),
	KUNIT_CASE(at__over_the_wrap__as_elsewhere),
	KUNIT_CASE(set__low_bits_are_0__runs_all_the_same),
	KUNIT_CASE(at__pace__to_the_microsecond),
	KUNIT_CASE(conn__measured__within_eight_cache_lines),
	{}
};

static struct kunit_suite timer_suite = {
	.name = "timer",
	.exit = bare_exit,
	.test_cases = timer_cases,
};

kunit_test_suite(timer_suite);

MODULE_LICENSE("GPL");
