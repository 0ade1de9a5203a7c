// SPDX-License-Identifier: GPL-2.0
/*
 * Timestamps and PAWS, against RFC 7323.
 */
#include <kunit/test.h>

#include "timestamps.h"

#define NOW		(1000 * (u64)USEC_PER_SEC)
#define SECONDS(us)	((u32)((us) / USEC_PER_SEC))
#define DAY		(24 * 3600 * (u64)USEC_PER_SEC)
#define PEER		5000u	/* TS.Recent */
#define ACKED		0x100u	/* Last.ACK.sent */

static struct clasp_timestamps in_force(void)
{
	return (struct clasp_timestamps){
		.recent = PEER, .recent_s = SECONDS(NOW), .offset = 77, .on = true,
	};
}

static struct clasp_segment stamped(u32 tsval)
{
	return (struct clasp_segment){
		.seq = ACKED, .flags = CLASP_ACK, .tsval = tsval,
		.has = CLASP_HAS_TIMESTAMPS,
	};
}

static void value__any_time__milliseconds_and_offset(struct kunit *test)
{
	struct clasp_timestamps ts = in_force();

	KUNIT_EXPECT_EQ(test, clasp_timestamps_value(&ts, 0), 77u);
	KUNIT_EXPECT_EQ(test, clasp_timestamps_value(&ts, 2999), 79u);
	KUNIT_EXPECT_EQ(test, clasp_timestamps_value(&ts, NOW), 1000077u);
}

static void value__clock_past_32_bits__wraps(struct kunit *test)
{
	struct clasp_timestamps ts = in_force();

	KUNIT_EXPECT_EQ(test,
			clasp_timestamps_value(&ts, (1ull << 32) * 1000), 77u);
	ts.offset = U32_MAX;
	KUNIT_EXPECT_EQ(test, clasp_timestamps_value(&ts, 2000), 1u);
}

static void add__with_ack__echoes_ts_recent(struct kunit *test)
{
	struct clasp_segment seg = { .flags = CLASP_ACK, .has = CLASP_HAS_MSS };
	struct clasp_timestamps ts = in_force();

	clasp_timestamps_add(&ts, &seg, NOW);

	KUNIT_EXPECT_EQ(test, seg.has, CLASP_HAS_MSS | CLASP_HAS_TIMESTAMPS);
	KUNIT_EXPECT_EQ(test, seg.tsval, 1000077u);
	KUNIT_EXPECT_EQ(test, seg.tsecr, PEER);
}

/* §3.2: "When the ACK bit is not set ... [TSecr] MUST be set to zero" */
static void add__without_ack__echoes_zero(struct kunit *test)
{
	struct clasp_segment seg = { .flags = CLASP_SYN, .tsecr = 9 };
	struct clasp_timestamps ts = in_force();

	clasp_timestamps_add(&ts, &seg, NOW);

	KUNIT_EXPECT_EQ(test, seg.has, CLASP_HAS_TIMESTAMPS);
	KUNIT_EXPECT_EQ(test, seg.tsecr, 0u);
}

static void take__any__value_and_time(struct kunit *test)
{
	struct clasp_timestamps ts = in_force();

	clasp_timestamps_take(&ts, 3, NOW + USEC_PER_SEC);

	KUNIT_EXPECT_EQ(test, ts.recent, 3u);
	KUNIT_EXPECT_EQ(test, ts.recent_s, SECONDS(NOW) + 1);
}

/* §5.3 R1: SEG.TSval < TS.Recent, in the order of numbers that wrap. */
static void old__smaller_value__only_that(struct kunit *test)
{
	struct clasp_timestamps ts = in_force();
	struct clasp_segment before = stamped(PEER - 1);
	struct clasp_segment same = stamped(PEER);
	struct clasp_segment after = stamped(PEER + 1);

	KUNIT_EXPECT_TRUE(test, clasp_timestamps_old(&ts, &before, NOW));
	KUNIT_EXPECT_FALSE(test, clasp_timestamps_old(&ts, &same, NOW));
	KUNIT_EXPECT_FALSE(test, clasp_timestamps_old(&ts, &after, NOW));
}

static void old__values_that_wrap__in_their_order(struct kunit *test)
{
	struct clasp_timestamps ts = in_force();
	struct clasp_segment high = stamped(0xffffff00);
	struct clasp_segment low = stamped(0x100);

	ts.recent = 0x100;
	KUNIT_EXPECT_TRUE(test, clasp_timestamps_old(&ts, &high, NOW));
	ts.recent = 0xffffff00;
	KUNIT_EXPECT_FALSE(test, clasp_timestamps_old(&ts, &low, NOW));
}

/* §5.5: after 24 days of silence TS.Recent says nothing. */
static void old__idle_24_days__believed(struct kunit *test)
{
	struct clasp_timestamps ts = in_force();
	struct clasp_segment seg = stamped(PEER - 1);

	KUNIT_EXPECT_TRUE(test,
			  clasp_timestamps_old(&ts, &seg, NOW + 24 * DAY - 1));
	KUNIT_EXPECT_FALSE(test,
			   clasp_timestamps_old(&ts, &seg, NOW + 24 * DAY));
}

/* §4.3 (2): SEG.TSval >= TS.Recent and SEG.SEQ <= Last.ACK.sent */
static void note__next_to_acknowledge__taken(struct kunit *test)
{
	struct clasp_timestamps ts = in_force();
	struct clasp_segment seg = stamped(PEER + 10);

	clasp_timestamps_note(&ts, &seg, ACKED, NOW + USEC_PER_SEC);

	KUNIT_EXPECT_EQ(test, ts.recent, PEER + 10);
	KUNIT_EXPECT_EQ(test, ts.recent_s, SECONDS(NOW) + 1);
}

/* The earliest unacknowledged segment is echoed, not a later one (§4.3 A). */
static void note__behind_what_is_acknowledged__not_taken(struct kunit *test)
{
	struct clasp_timestamps ts = in_force();
	struct clasp_segment seg = stamped(PEER + 10);

	seg.seq = ACKED + 1;
	clasp_timestamps_note(&ts, &seg, ACKED, NOW);
	KUNIT_EXPECT_EQ(test, ts.recent, PEER);

	/* a hole that is filled brings the older number (§4.3 C) */
	seg.seq = ACKED - 1;
	clasp_timestamps_note(&ts, &seg, ACKED, NOW);
	KUNIT_EXPECT_EQ(test, ts.recent, PEER + 10);
}

static void note__older_value__only_after_24_days(struct kunit *test)
{
	struct clasp_timestamps ts = in_force();
	struct clasp_segment seg = stamped(PEER - 1);

	clasp_timestamps_note(&ts, &seg, ACKED, NOW + 24 * DAY - 1);
	KUNIT_EXPECT_EQ(test, ts.recent, PEER);

	clasp_timestamps_note(&ts, &seg, ACKED, NOW + 24 * DAY);
	KUNIT_EXPECT_EQ(test, ts.recent, PEER - 1);
}

/* The same value again still says that the peer is alive. */
static void note__same_value__renews_the_time(struct kunit *test)
{
	struct clasp_timestamps ts = in_force();
	struct clasp_segment seg = stamped(PEER);

	clasp_timestamps_note(&ts, &seg, ACKED, NOW + DAY);

	KUNIT_EXPECT_EQ(test, ts.recent, PEER);
	KUNIT_EXPECT_EQ(test, ts.recent_s, SECONDS(NOW + DAY));
}

static void note__not_in_force_or_absent__not_taken(struct kunit *test)
{
	struct clasp_timestamps ts = in_force();
	struct clasp_segment seg = stamped(PEER + 10);

	ts.on = false;
	clasp_timestamps_note(&ts, &seg, ACKED, NOW);
	KUNIT_EXPECT_EQ(test, ts.recent, PEER);

	ts.on = true;
	seg.has = 0;
	clasp_timestamps_note(&ts, &seg, ACKED, NOW);
	KUNIT_EXPECT_EQ(test, ts.recent, PEER);
}

static struct kunit_case timestamps_cases[] = {
	KUNIT_CASE(value__any_time__milliseconds_and_offset),
	KUNIT_CASE(value__clock_past_32_bits__wraps),
	KUNIT_CASE(add__with_ack__echoes_ts_recent),
	KUNIT_CASE(add__without_ack__echoes_zero),
	KUNIT_CASE(take__any__value_and_time),
	KUNIT_CASE(old__smaller_value__only_that),
	KUNIT_CASE(old__values_that_wrap__in_their_order),
	KUNIT_CASE(old__idle_24_days__believed),
	KUNIT_CASE(note__next_to_acknowledge__taken),
	KUNIT_CASE(note__behind_what_is_acknowledged__not_taken),
	KUNIT_CASE(note__older_value__only_after_24_days),
	KUNIT_CASE(note__same_value__renews_the_time),
	KUNIT_CASE(note__not_in_force_or_absent__not_taken),
	{}
};

static struct kunit_suite timestamps_suite = {
	.name = "timestamps",
	.test_cases = timestamps_cases,
};

kunit_test_suite(timestamps_suite);
