// SPDX-License-Identifier: GPL-2.0
/*
 * Delayed acknowledgments: RFC 9293 §3.8.6.3 (MUST-40, MUST-58), RFC 5681 §4.2.
 */
#include <kunit/test.h>

#include "bare.h"
#include "delack.h"

/* As input.c does: rcv_nxt moves, then delack.c is told. */
static void arrives(struct clasp_conn *c, u32 len, u64 now_us)
{
	c->rcv_nxt += len;
	clasp_delack_data(c, len, now_us);
}

static u64 deadline_us(const struct clasp_conn *c)
{
	return c->deadline_us[CLASP_TIMER_DELACK];
}

static void now__any_reason__due_at_once(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_delack_now(c, CLASP_SEND_ACK_GAP);

	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_GAP);
}

/* MUST-40: within 0.5 s, of the first that waits. */
static void data__first_segment__waits_40_ms(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	arrives(c, BARE_MSS, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->ack_why, 0);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + CLASP_MS(40));
}

static void data__more_small_ones__deadline_stays(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	arrives(c, 10, BARE_NOW);
	arrives(c, 10, BARE_NOW + CLASP_MS(30));

	KUNIT_EXPECT_EQ(test, c->ack_why, 0);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + CLASP_MS(40));
}

/* MUST-58; SHLD-19: at least every second full-sized segment */
static void data__second_full_segment__at_once(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	arrives(c, BARE_MSS, BARE_NOW);
	arrives(c, BARE_MSS - 1, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);

	arrives(c, 1, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_SECOND);
}

/* Merged by GRO: several segments at once are several. */
static void data__two_segments_in_one__at_once(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	arrives(c, 2 * BARE_MSS, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_SECOND);
	/* a full segment is not as long as that */
	KUNIT_EXPECT_EQ(test, c->rcv_mss, BARE_MSS);
}

static void data__larger_than_before__is_what_full_means(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->rcv_mss = 300;
	arrives(c, 800, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->rcv_mss, 800);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);

	arrives(c, 200, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->rcv_mss, 800);
}

/* 65536 and 16 bits: a length must not be cut to nothing. */
static void data__64_kib_at_once__counts_as_what_we_take(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->rcv_mss = 300;
	arrives(c, 65536, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->rcv_mss, BARE_MSS);
}

/* The lesson's switch: each segment is acknowledged by itself. */
static void data__delayed_ack_off__at_once(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_settings(c)->delayed_ack = false;
	arrives(c, 1, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_NOW);
	KUNIT_EXPECT_EQ(test, deadline_us(c), 0ull);
}

static void data__other_delay__as_the_setting_says(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_settings(c)->delayed_ack_ms = 200;
	arrives(c, 1, BARE_NOW);

	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + CLASP_MS(200));
}

static struct kunit_case delack_cases[] = {
	KUNIT_CASE(now__any_reason__due_at_once),
	KUNIT_CASE(data__first_segment__waits_40_ms),
	KUNIT_CASE(data__more_small_ones__deadline_stays),
	KUNIT_CASE(data__second_full_segment__at_once),
	KUNIT_CASE(data__two_segments_in_one__at_once),
	KUNIT_CASE(data__larger_than_before__is_what_full_means),
	KUNIT_CASE(data__64_kib_at_once__counts_as_what_we_take),
	KUNIT_CASE(data__delayed_ack_off__at_once),
	KUNIT_CASE(data__other_delay__as_the_setting_says),
	{}
};

static struct kunit_suite delack_suite = {
	.name = "delack",
	.exit = bare_exit,
	.test_cases = delack_cases,
};

kunit_test_suite(delack_suite);
