// SPDX-License-Identifier: GPL-2.0
/*
 * A recovery that was not needed is undone: RFC 3522, RFC 3708, RFC 4015,
 * RFC 5682.
 */
#include <kunit/test.h>

#include "ack.h"
#include "lossy.h"
#include "recovery.h"
#include "undo.h"

/* Three arrive behind a hole: the head is sent again. */
static struct clasp_conn *recovering(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	c->rto.srtt_us = LOSSY_RTT;
	c->rto.min_rtt_us = LOSSY_RTT;
	LOSSY_SACKS(c, 0, { 1000, 4000 });
	KUNIT_ASSERT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	KUNIT_ASSERT_EQ(test, lossy_resends(c), 1000u);

	return c;
}

static void expect_undone(struct kunit *test, struct clasp_conn *c)
{
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.undone, 1u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_GE(test, c->cong.cwnd, 10 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, CLASP_WINDOW_MAX);
	KUNIT_EXPECT_EQ(test, c->lost + c->again, 0u);
	KUNIT_EXPECT_FALSE(test, c->undo.on);
}

static void expect_not_undone(struct kunit *test, struct clasp_conn *c)
{
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.undone, 0u);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 5000u);
}

/* RFC 3708: all that was sent again was there already. */
static void dsack__of_all_that_was_sent_again__undone(struct kunit *test)
{
	struct clasp_conn *c = recovering(test);

	lossy_acks(c, 4000);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	LOSSY_SACKS(c, 4000, { 0, 1000 });

	expect_undone(test, c);
}

static void dsack__of_some_that_was_sent_again__not_undone(struct kunit *test)
{
	struct clasp_conn *c = recovering(test);

	LOSSY_SACKS(c, 0, { 1000, 4000 }, { 5000, 10000 });
	KUNIT_ASSERT_EQ(test, lossy_resends(c), 1000u);
	lossy_acks(c, 4000);
	LOSSY_SACKS(c, 4000, { 0, 1000 });

	expect_not_undone(test, c);
}

/* It comes when the recovery is over: the original came just before. */
static void dsack__after_the_end__undone(struct kunit *test)
{
	struct clasp_conn *c = recovering(test);

	lossy_acks(c, 10000);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_LE(test, c->cong.cwnd, 7000u);
	bare_sent(c, 5000);
	LOSSY_SACKS(c, 10000, { 0, 1000 });

	expect_undone(test, c);
}

static void dsack__a_round_trip_after_the_end__too_late(struct kunit *test)
{
	struct clasp_conn *c = recovering(test);

	bare_sent(c, 2000);
	lossy_acks(c, 12000);
	bare_sent(c, 2000);
	lossy_acks(c, 1000);
	LOSSY_SACKS(c, 13000, { 0, 1000 });

	expect_not_undone(test, c);
}

/* Of what was sent before: no witness in this case. */
static void dsack__of_older_data__not_undone(struct kunit *test)
{
	struct clasp_conn *c = recovering(test);

	LOSSY_SACKS(c, 0, { -1000, 0 }, { 1000, 4000 });

	expect_not_undone(test, c);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
}

/* A tail loss probe's D-SACK is not one of what was found lost. */
static void dsack__of_the_probe__not_undone(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);
	struct clasp_sent *last = clasp_sent_last(c);

	/* the tenth was repeated; it, and its copy, arrive */
	clasp_recovery_sent(c, last, 1000, BARE_NOW + 1);
	LOSSY_SACKS(c, 0, { 7000, 10000 });
	KUNIT_ASSERT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	lossy_resends(c);
	LOSSY_SACKS(c, 0, { 9000, 10000 }, { 7000, 10000 });

	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.undone, 0u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
}

static struct clasp_segment echo(struct clasp_conn *c, u32 len, u64 of_us)
{
	struct clasp_segment seg = bare_acking(c, len);

	seg.has = CLASP_HAS_TIMESTAMPS;
	seg.tsecr = clasp_timestamps_value(&c->ts, of_us);

	return seg;
}

/* Eifel: what is acknowledged was sent before the retransmission. */
static void eifel__echo_of_the_original__undone(struct kunit *test)
{
	struct clasp_conn *c = recovering(test);
	struct clasp_segment seg = echo(c, 4000, BARE_NOW);

	c->ts.on = true;
	clasp_ack_take(c, &seg, LOSSY_LATER + 1);

	expect_undone(test, c);
}

static void eifel__echo_of_the_copy__not_undone(struct kunit *test)
{
	struct clasp_conn *c = recovering(test);
	struct clasp_segment seg = echo(c, 4000, LOSSY_LATER);

	c->ts.on = true;
	clasp_ack_take(c, &seg, LOSSY_LATER + LOSSY_RTT);

	expect_not_undone(test, c);
}

/* RFC 3522 step 3: only an acceptable ACK, and only with timestamps */
static void eifel__duplicate_or_no_timestamps__not_undone(struct kunit *test)
{
	struct clasp_conn *c = recovering(test);
	struct clasp_segment seg = echo(c, 0, BARE_NOW);

	c->ts.on = true;
	clasp_ack_take(c, &seg, LOSSY_LATER + 1);
	c->ts.on = false;
	seg = echo(c, 4000, BARE_NOW);
	clasp_ack_take(c, &seg, LOSSY_LATER + 1);

	expect_not_undone(test, c);
}

/* spurious RTO undone: RFC 5682, something arrives that was sent once. */
static void f_rto__original_arrives__undone(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	c->sack_seen = true;
	lossy_times_out(c);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BARE_MSS);
	clasp_recovery_sent(c, clasp_sent_first(c), 1000, LOSSY_LATER);
	lossy_acks(c, 2000);

	expect_undone(test, c);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 8000u);
}

static void f_rto__only_the_copy_arrives__not_undone(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	c->sack_seen = true;
	lossy_times_out(c);
	clasp_recovery_sent(c, clasp_sent_first(c), 1000, LOSSY_LATER);
	lossy_acks(c, 1000);

	expect_not_undone(test, c);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_LOSS);
}

/* Step 2a: all is acknowledged at once; the ACKs before may have been lost. */
static void f_rto__all_acked__not_undone(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	c->sack_seen = true;
	lossy_times_out(c);
	clasp_recovery_sent(c, clasp_sent_first(c), 1000, LOSSY_LATER);
	lossy_acks(c, 10000);

	expect_not_undone(test, c);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
}

/* Without SACK it may have waited behind the hole. */
static void f_rto__without_sack__not_undone(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	lossy_times_out(c);
	clasp_recovery_sent(c, clasp_sent_first(c), 1000, LOSSY_LATER);
	lossy_acks(c, 5000);

	expect_not_undone(test, c);
}

/* Before anything was sent again there is nothing to have been in vain. */
static void any__nothing_sent_again_yet__not_undone(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	c->sack_seen = true;
	lossy_times_out(c);
	lossy_acks(c, 2000);

	expect_not_undone(test, c);
}

/* RFC 3168: congestion that was told is none that can turn out otherwise. */
static void any__window_was_being_reduced__not_given_back(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	clasp_recovery_reduce(c);
	LOSSY_SACKS(c, 0, { 1000, 4000 });
	KUNIT_ASSERT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	lossy_resends(c);
	lossy_acks(c, 4000);
	LOSSY_SACKS(c, 4000, { 0, 1000 });

	expect_not_undone(test, c);
}

static struct kunit_case undo_cases[] = {
	KUNIT_CASE(dsack__of_all_that_was_sent_again__undone),
	KUNIT_CASE(dsack__of_some_that_was_sent_again__not_undone),
	KUNIT_CASE(dsack__after_the_end__undone),
	KUNIT_CASE(dsack__a_round_trip_after_the_end__too_late),
	KUNIT_CASE(dsack__of_older_data__not_undone),
	KUNIT_CASE(dsack__of_the_probe__not_undone),
	KUNIT_CASE(eifel__echo_of_the_original__undone),
	KUNIT_CASE(eifel__echo_of_the_copy__not_undone),
	KUNIT_CASE(eifel__duplicate_or_no_timestamps__not_undone),
	KUNIT_CASE(f_rto__original_arrives__undone),
	KUNIT_CASE(f_rto__only_the_copy_arrives__not_undone),
	KUNIT_CASE(f_rto__all_acked__not_undone),
	KUNIT_CASE(f_rto__without_sack__not_undone),
	KUNIT_CASE(any__nothing_sent_again_yet__not_undone),
	KUNIT_CASE(any__window_was_being_reduced__not_given_back),
	{}
};

static struct kunit_suite undo_suite = {
	.name = "undo",
	.exit = bare_exit,
	.test_cases = undo_cases,
};

kunit_test_suite(undo_suite);
