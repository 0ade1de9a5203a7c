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
	clasp_delack_measure(c, len, false);
	clasp_delack_data(c, len, now_us);
}

static u64 deadline_us(const struct clasp_conn *c)
{
	return clasp_timer_at(c, CLASP_TIMER_DELACK, BARE_NOW);
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

/* The path has become smaller: 5681's two segments are of what it takes now. */
static void data__twice_alike_and_smaller__is_what_full_means(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	arrives(c, 700, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->rcv_mss, BARE_MSS);
	arrives(c, 700, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->rcv_mss, 700);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_SECOND);
}

static void measure__smaller_for_another_reason__as_it_was(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	/* writes of the same length */
	clasp_delack_measure(c, 700, true);
	clasp_delack_measure(c, 700, true);
	/* what ends a write in between, and what begins the next */
	clasp_delack_measure(c, 700, false);
	clasp_delack_measure(c, 700, true);
	clasp_delack_measure(c, 700, false);
	/* not alike */
	clasp_delack_measure(c, 699, false);
	KUNIT_EXPECT_EQ(test, c->rcv_mss, BARE_MSS);

	/* smaller than any path */
	clasp_delack_measure(c, CLASP_MSS_MIN - 1, false);
	clasp_delack_measure(c, CLASP_MSS_MIN - 1, false);
	KUNIT_EXPECT_EQ(test, c->rcv_mss, BARE_MSS);
	clasp_delack_measure(c, CLASP_MSS_MIN, false);
	clasp_delack_measure(c, CLASP_MSS_MIN, false);
	KUNIT_EXPECT_EQ(test, c->rcv_mss, CLASP_MSS_MIN);
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

/* The sender's window is small and grows by ACKs: none waits. */
static void start__sixteen_acks__at_once(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	int i;

	clasp_delack_start(c);
	for (i = 0; i < 16; i++) {
		arrives(c, 10, BARE_NOW);
		KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_QUICK);
		c->rcv_wup = c->rcv_nxt;
		clasp_delack_sent(c);
	}

	arrives(c, 10, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + CLASP_MS(40));
}

/* What we send acknowledges nothing new: that is none of the sixteen. */
static void sent__nothing_due__not_counted(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	int i;

	clasp_delack_start(c);
	for (i = 0; i < 100; i++)
		clasp_delack_sent(c);
	arrives(c, 10, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_QUICK);
}

static void gap__quick_for_a_while(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->delack.answers = true;
	clasp_delack_gap(c);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_GAP);
	clasp_delack_sent(c);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);

	arrives(c, 10, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_QUICK);
}

/* RFC 5681 §4.1: after a timeout's pause the sender's window is small again. */
static void data__after_a_pause__quick(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	arrives(c, 10, BARE_NOW);
	clasp_delack_sent(c);
	arrives(c, 10, BARE_NOW + USEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);
	clasp_delack_sent(c);

	arrives(c, 10, BARE_NOW + 2 * USEC_PER_SEC + 1);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_QUICK);
}

static void answered__soon__the_next_ack_waits_for_an_answer(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_delack_start(c);
	arrives(c, 10, BARE_NOW);
	clasp_delack_answered(c, BARE_NOW + CLASP_MS(5));
	clasp_delack_sent(c);

	arrives(c, 10, BARE_NOW + CLASP_MS(10));
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + CLASP_MS(50));
}

static void answered__late_or_first__is_no_answer(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_delack_answered(c, BARE_NOW);
	KUNIT_EXPECT_FALSE(test, c->delack.answers);

	arrives(c, 10, BARE_NOW);
	clasp_delack_answered(c, BARE_NOW + CLASP_MS(40));
	KUNIT_EXPECT_FALSE(test, c->delack.answers);
}

/* Where no answer came none is waited for longer than need be. */
static void timeout__waited_in_vain__forgets(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->delack.answers = true;
	c->delack.wait_us = CLASP_MS(100);
	clasp_delack_timeout(c);

	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_DELAYED);
	KUNIT_EXPECT_FALSE(test, c->delack.answers);
	KUNIT_EXPECT_EQ(test, clasp_delack_wait(c), CLASP_MS(40));
}

/* MUST-40, and not so long that the sender's timer fires. */
static void wait__segments_come_slowly__longer_within_bounds(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	u64 now_us = BARE_NOW;
	int i;

	for (i = 0; i < 20; i++) {
		arrives(c, 10, now_us);
		now_us += CLASP_MS(60);
	}
	KUNIT_EXPECT_GT(test, clasp_delack_wait(c), CLASP_MS(100));
	KUNIT_EXPECT_LE(test, clasp_delack_wait(c), CLASP_MS(120));

	c->delack.wait_us = CLASP_MS(450);
	KUNIT_EXPECT_EQ(test, clasp_delack_wait(c), CLASP_MS(200));
	c->rto.srtt_us = CLASP_MS(70);
	KUNIT_EXPECT_EQ(test, clasp_delack_wait(c), CLASP_MS(70));
	c->rto.srtt_us = CLASP_MS(1);
	KUNIT_EXPECT_EQ(test, clasp_delack_wait(c), CLASP_MS(40));
}

/* CLASP_QUICKACK */
static void quick__while_one_waits__now(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	arrives(c, 10, BARE_NOW);
	clasp_delack_quick(c, true);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_QUICK);
	clasp_delack_sent(c);

	clasp_delack_quick(c, true);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);

	clasp_delack_quick(c, false);
	arrives(c, 10, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);
	/* set before the connection opens it still holds */
	clasp_delack_start(c);
	arrives(c, 10, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);
}

static void quick__on_and_off__for_so_many(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_delack_quick(c, true);
	arrives(c, 10, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_QUICK);
	clasp_delack_sent(c);

	clasp_delack_quick(c, false);
	KUNIT_EXPECT_EQ(test, c->delack.quick, 0);
}

static struct kunit_case delack_cases[] = {
	KUNIT_CASE(start__sixteen_acks__at_once),
	KUNIT_CASE(sent__nothing_due__not_counted),
	KUNIT_CASE(gap__quick_for_a_while),
	KUNIT_CASE(data__after_a_pause__quick),
	KUNIT_CASE(answered__soon__the_next_ack_waits_for_an_answer),
	KUNIT_CASE(answered__late_or_first__is_no_answer),
	KUNIT_CASE(timeout__waited_in_vain__forgets),
	KUNIT_CASE(wait__segments_come_slowly__longer_within_bounds),
	KUNIT_CASE(quick__while_one_waits__now),
	KUNIT_CASE(now__any_reason__due_at_once),
	KUNIT_CASE(data__first_segment__waits_40_ms),
	KUNIT_CASE(data__more_small_ones__deadline_stays),
	KUNIT_CASE(data__second_full_segment__at_once),
	KUNIT_CASE(data__two_segments_in_one__at_once),
	KUNIT_CASE(data__larger_than_before__is_what_full_means),
	KUNIT_CASE(data__twice_alike_and_smaller__is_what_full_means),
	KUNIT_CASE(measure__smaller_for_another_reason__as_it_was),
	KUNIT_CASE(data__64_kib_at_once__counts_as_what_we_take),
	KUNIT_CASE(data__delayed_ack_off__at_once),
	KUNIT_CASE(data__other_delay__as_the_setting_says),
	KUNIT_CASE(quick__on_and_off__for_so_many),
	{}
};

static struct kunit_suite delack_suite = {
	.name = "delack",
	.exit = bare_exit,
	.test_cases = delack_cases,
};

kunit_test_suite(delack_suite);
