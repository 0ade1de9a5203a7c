// SPDX-License-Identifier: GPL-2.0
/*
 * Losses found by time: RFC 8985 §6.
 */
#include <kunit/test.h>

#include "ack.h"
#include "lossy.h"
#include "rack.h"
#include "recovery.h"
#include "timeout.h"

#define RTT	LOSSY_RTT
#define QUARTER	(RTT / 4)

/* A flight of segments a millisecond apart; the path's round trip is known. */
static struct clasp_conn *flight(struct kunit *test, unsigned int segments)
{
	struct clasp_conn *c = lossy_conn(test, segments);

	c->rto.srtt_us = RTT;
	c->rto.min_rtt_us = RTT;

	return c;
}

/* The octets [from, to) arrive one round trip after the last of them left. */
static void arrives(struct clasp_conn *c, u32 from, u32 to)
{
	u64 sent_us = clasp_sent_at(c, BARE_SEQ + to - 1)->sent_us;

	LOSSY_SACKS_AT(c, sent_us + RTT, c->snd_una - BARE_SEQ, { from, to });
}

static u64 reorder_at_us(struct clasp_conn *c)
{
	return clasp_timer_at(c, CLASP_TIMER_REORDER, BARE_NOW);
}

/* §6.2 step 2: the most recently sent of what was delivered. */
static void arrived__out_of_order__newest_is_kept(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 5);

	arrives(c, 3000, 4000);
	KUNIT_EXPECT_EQ(test, c->rack.end_seq, BARE_SEQ + 4000);
	KUNIT_EXPECT_EQ(test, c->rack.sent_us, BARE_NOW - CLASP_MS(1));
	KUNIT_EXPECT_EQ(test, c->rack.rtt_us, (u32)RTT);

	/* late by 5 ms: its round trip counts, its time does not */
	LOSSY_SACKS_AT(c, BARE_NOW + CLASP_MS(2) + RTT, 0, { 1000, 2000 });
	KUNIT_EXPECT_EQ(test, c->rack.end_seq, BARE_SEQ + 4000);
	KUNIT_EXPECT_EQ(test, c->rack.rtt_us, (u32)(RTT + CLASP_MS(5)));
}

/* Several of one transmission have one time; numbers tell their order. */
static void arrived__same_time__order_of_numbers(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 5000);

	c->rto.srtt_us = RTT;
	c->rto.min_rtt_us = RTT;
	LOSSY_SACKS_AT(c, BARE_NOW + RTT, 0, { 2000, 3000 });
	KUNIT_EXPECT_EQ(test, c->rack.end_seq, BARE_SEQ + 3000);
	KUNIT_EXPECT_EQ(test, reorder_at_us(c), BARE_NOW + RTT + QUARTER);

	/* what is behind it may still come, what is before it is late */
	clasp_recovery_reorder(c, reorder_at_us(c));
	KUNIT_EXPECT_EQ(test, c->lost, 2000u);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 4000), 0);
	lossy_adds_up(test, c);
}

/* §6.2 step 2: an answer faster than the path is to an earlier copy. */
static void arrived__too_soon_for_the_copy__ignored(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 4);
	struct clasp_rack before;

	arrives(c, 1000, 4000);
	KUNIT_EXPECT_EQ(test, lossy_resends_at(c, BARE_NOW + RTT), 1000u);
	before = c->rack;
	lossy_acks_at(c, 4000, BARE_NOW + RTT + RTT - 1);

	KUNIT_EXPECT_EQ(test, c->rack.sent_us, before.sent_us);
	KUNIT_EXPECT_EQ(test, c->rack.rtt_us, before.rtt_us);
}

static void arrived__in_time_for_the_copy__taken(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 4);

	arrives(c, 1000, 4000);
	lossy_resends_at(c, BARE_NOW + RTT);
	lossy_acks_at(c, 4000, BARE_NOW + RTT + RTT);

	KUNIT_EXPECT_EQ(test, c->rack.sent_us, BARE_NOW + RTT);
}

/* The timestamp is older than the copy: to the first one. */
static void arrived__echo_of_the_first__ignored(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 4);
	struct clasp_segment seg;

	c->ts.on = true;
	arrives(c, 1000, 4000);
	lossy_resends_at(c, BARE_NOW + RTT);
	seg = bare_acking(c, 4000);
	seg.has = CLASP_HAS_TIMESTAMPS;
	seg.tsecr = clasp_timestamps_value(&c->ts, BARE_NOW);
	clasp_ack_take(c, &seg, BARE_NOW + 3 * RTT);

	KUNIT_EXPECT_EQ(test, c->rack.sent_us, BARE_NOW);
}

/* §6.2 step 4: as long as nothing was overtaken the third one is a loss. */
static void detect__third_sacked__lost_at_once(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 10);

	arrives(c, 1000, 2000);
	KUNIT_EXPECT_EQ(test, c->lost, 0u);
	arrives(c, 2000, 3000);
	KUNIT_EXPECT_EQ(test, c->lost, 0u);
	arrives(c, 3000, 4000);

	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	KUNIT_EXPECT_EQ(test, c->lost, 1000u);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_DUPACK);
	lossy_adds_up(test, c);
}

/* One ACK tells of three: no counting of ACKs. */
static void detect__three_told_by_one_ack__lost_at_once(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 10);

	arrives(c, 1000, 4000);

	KUNIT_EXPECT_EQ(test, c->lost, 1000u);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_RACK);
}

/* reordering within a quarter RTT makes no retransmission */
static void detect__late_by_less_than_a_quarter__not_lost(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 4);

	arrives(c, 2000, 3000);
	arrives(c, 3000, 4000);
	/* sent 3 ms before the last: what is left of the quarter */
	KUNIT_EXPECT_EQ(test, reorder_at_us(c),
			BARE_NOW - CLASP_MS(2) + RTT + QUARTER);
	clasp_recovery_reorder(c, BARE_NOW + RTT + CLASP_MS(16));
	KUNIT_EXPECT_EQ(test, c->lost, 0u);

	lossy_acks_at(c, 4000, BARE_NOW + RTT + CLASP_MS(16));
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_EQ(test, reorder_at_us(c), 0ull);
	KUNIT_EXPECT_TRUE(test, c->rack.reordered);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.fast_rtx, 0u);
}

/* §6.3: the timer, not another ACK, finds it. */
static void detect__late_by_a_quarter__lost_by_timer(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 4);

	arrives(c, 3000, 4000);
	clasp_recovery_reorder(c, BARE_NOW - CLASP_MS(3) + RTT + QUARTER);
	KUNIT_EXPECT_EQ(test, c->lost, 1000u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_RACK);
	KUNIT_EXPECT_GE(test, clasp_cong_quota(c), BARE_MSS);
	/* in recovery the window is 0: the others too */
	clasp_recovery_reorder(c, BARE_NOW + RTT);
	KUNIT_EXPECT_EQ(test, c->lost, 3000u);
	lossy_adds_up(test, c);
}

/* Once something was overtaken, three duplicates are no loss any more. */
static void detect__reordering_seen__third_is_waited_for(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 10);
	u32 at;

	c->rack.reordered = true;
	for (at = 1000; at < 9000; at += 1000)
		arrives(c, at, at + 1000);

	KUNIT_EXPECT_EQ(test, c->dupacks, 8);
	KUNIT_EXPECT_EQ(test, c->lost, 0u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_EQ(test, reorder_at_us(c),
			clasp_sent_first(c)->sent_us + RTT + QUARTER);
}

/* §3.4, §6: a retransmission is lost when what was sent later has arrived. */
static void detect__copy_lost_too__found_without_a_timeout(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 5);
	u64 again_us = BARE_NOW + RTT;

	arrives(c, 1000, 5000);
	KUNIT_EXPECT_EQ(test, lossy_resends_at(c, again_us), 1000u);
	bare_sent(c, 1000)->sent_us = again_us + CLASP_MS(1);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 0) & CLASP_SENT_AGAIN,
			CLASP_SENT_AGAIN);

	LOSSY_SACKS_AT(c, again_us + CLASP_MS(1) + RTT, 0, { 5000, 6000 },
		       { 1000, 5000 });
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 0),
			CLASP_SENT_LOST | CLASP_SENT_TWICE);
	KUNIT_EXPECT_EQ(test, c->again, 0u);
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, lossy_resends(c), 1000u);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.rto, 0u);
}

/* §6.2 step 3: the original came behind what was sent later. */
static void adapt__overtaken__seen_and_a_copy_is_not(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 5);

	arrives(c, 1000, 5000);
	lossy_resends_at(c, BARE_NOW + RTT);
	lossy_acks_at(c, 5000, BARE_NOW + 2 * RTT);
	KUNIT_EXPECT_FALSE(test, c->rack.reordered);

	c = flight(test, 5);
	arrives(c, 1000, 2000);
	lossy_acks_at(c, 1000, BARE_NOW + RTT);
	KUNIT_EXPECT_TRUE(test, c->rack.reordered);
}

static void dsack(struct clasp_conn *c)
{
	u32 una = c->snd_una - BARE_SEQ;

	LOSSY_SACKS_AT(c, BARE_NOW + RTT, una, { una - 1000, una });
}

static u64 window(struct clasp_conn *c)
{
	/* of the second segment, the third having arrived */
	u32 una = c->snd_una - BARE_SEQ;

	c->rack.reordered = true;
	LOSSY_SACKS_AT(c, BARE_NOW + RTT, una, { una + 1000, una + 2000 });

	return reorder_at_us(c) - c->rack.rtt_us - clasp_order_first(c)->sent_us;
}

/* §6.2 step 4: reo_wnd_mult, once a round trip */
static void adapt__dsack__widened_once_a_round(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 12);

	lossy_acks(c, 2000);
	dsack(c);
	dsack(c);
	KUNIT_EXPECT_EQ(test, c->rack.widened, 1);
	/* not even when a recovery ends within the round */
	clasp_rack_recovered(c);
	dsack(c);
	KUNIT_EXPECT_EQ(test, c->rack.widened, 1);

	lossy_acks(c, 10000);
	dsack(c);
	KUNIT_EXPECT_EQ(test, c->rack.widened, 2);
}

static void adapt__widened__quarter_by_quarter_to_a_round_trip(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 5);

	lossy_acks(c, 1000);
	c->rto.srtt_us = RTT;
	c->rto.min_rtt_us = RTT;
	KUNIT_EXPECT_EQ(test, window(c), QUARTER);
	dsack(c);
	c->rto.srtt_us = RTT;
	KUNIT_EXPECT_EQ(test, window(c), 2 * QUARTER);
	/* min(..., SRTT) */
	c->rack.widened = 200;
	KUNIT_EXPECT_EQ(test, window(c), (u64)c->rto.srtt_us);
}

/* "Reset after 16 recoveries" without a D-SACK */
static void adapt__sixteen_recoveries__narrow_again(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 5);
	int i;

	lossy_acks(c, 1000);
	dsack(c);
	for (i = 0; i < 15; i++)
		clasp_rack_recovered(c);
	KUNIT_EXPECT_EQ(test, c->rack.widened, 1);
	clasp_rack_recovered(c);
	KUNIT_EXPECT_EQ(test, c->rack.widened, 0);
	clasp_rack_recovered(c);
	KUNIT_EXPECT_EQ(test, c->rack.persist, 0);
}

/* 2^31 octets later the last D-SACK's round is not ahead. */
static void adapt__two_gib_later__widened_again(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 5);
	int i;

	lossy_acks(c, 1000);
	dsack(c);
	for (i = 0; i < 3; i++) {
		bare_sent(c, CLASP_WINDOW_MAX - 10);
		lossy_acks(c, clasp_conn_flight(c));
	}
	dsack(c);

	KUNIT_EXPECT_EQ(test, c->rack.widened, 2);
}

/* Nothing else arrives: the timer of the connection finds the loss. */
static void detect__timer_of_the_connection__lost(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 10);

	arrives(c, 1000, 2000);
	KUNIT_ASSERT_NE(test, reorder_at_us(c), 0ull);
	clasp_timeout(c, reorder_at_us(c));

	KUNIT_EXPECT_EQ(test, c->lost, 1000u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
}

/* The lesson's switch. */
static void detect__fast_retransmit_off__nothing(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 10);

	bare_settings(c)->fast_retransmit = false;
	arrives(c, 1000, 10000);
	clasp_recovery_reorder(c, BARE_NOW + 10 * RTT);

	KUNIT_EXPECT_EQ(test, c->lost, 0u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
}

static void detect__nothing_is_late__nothing_is_lost(struct kunit *test)
{
	struct clasp_conn *c = flight(test, 5);

	arrives(c, 1000, 2000);
	KUNIT_EXPECT_EQ(test, clasp_rack_detect(c, BARE_NOW + RTT), 0u);
	KUNIT_EXPECT_EQ(test, clasp_rack_detect(c, BARE_NOW + 2 * RTT), 1000u);
	KUNIT_EXPECT_EQ(test, clasp_rack_detect(c, BARE_NOW + 3 * RTT), 0u);
}

static struct kunit_case rack_cases[] = {
	KUNIT_CASE(arrived__out_of_order__newest_is_kept),
	KUNIT_CASE(arrived__same_time__order_of_numbers),
	KUNIT_CASE(arrived__too_soon_for_the_copy__ignored),
	KUNIT_CASE(arrived__in_time_for_the_copy__taken),
	KUNIT_CASE(arrived__echo_of_the_first__ignored),
	KUNIT_CASE(detect__third_sacked__lost_at_once),
	KUNIT_CASE(detect__three_told_by_one_ack__lost_at_once),
	KUNIT_CASE(detect__late_by_less_than_a_quarter__not_lost),
	KUNIT_CASE(detect__late_by_a_quarter__lost_by_timer),
	KUNIT_CASE(detect__reordering_seen__third_is_waited_for),
	KUNIT_CASE(detect__copy_lost_too__found_without_a_timeout),
	KUNIT_CASE(detect__timer_of_the_connection__lost),
	KUNIT_CASE(detect__fast_retransmit_off__nothing),
	KUNIT_CASE(adapt__overtaken__seen_and_a_copy_is_not),
	KUNIT_CASE(adapt__dsack__widened_once_a_round),
	KUNIT_CASE(adapt__widened__quarter_by_quarter_to_a_round_trip),
	KUNIT_CASE(adapt__sixteen_recoveries__narrow_again),
	KUNIT_CASE(adapt__two_gib_later__widened_again),
	KUNIT_CASE(detect__nothing_is_late__nothing_is_lost),
	{}
};

static struct kunit_suite rack_suite = {
	.name = "rack",
	.exit = bare_exit,
	.test_cases = rack_cases,
};

kunit_test_suite(rack_suite);
