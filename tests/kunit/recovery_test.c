// SPDX-License-Identifier: GPL-2.0
/*
 * Fast retransmit and fast recovery with a peer that does not tell what it
 * holds: RFC 5681 §3.2, RFC 6582, with the window of RFC 6937. Timeouts are in
 * recovery_timeout_test.c, SACK is in recovery_sack_test.c.
 */
#include <kunit/test.h>

#include "ack.h"
#include "lossy.h"
#include "recovery.h"
#include "scoreboard.h"

/* The range at snd_una: what is sent again first. */
static struct clasp_sent *head(struct clasp_conn *c)
{
	return clasp_sent_at(c, c->snd_una);
}

static enum clasp_cwnd_why last_why(struct clasp_conn *c)
{
	return bare_heard(c)->last[CLASP_EVENT_CWND].cwnd;
}

/* Two may be reordering: reordering makes no retransmission. */
static void dupack__first_two__counted_only(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	lossy_dupacks(c, 2);

	KUNIT_EXPECT_EQ(test, c->dupacks, 2);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.dupacks, 2u);
	KUNIT_EXPECT_EQ(test, c->lost, 0u);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
}

/* limited-transmit: RFC 3042, a new segment for each of the first two */
static void dupack__first_two__one_new_segment_each(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 0u);
	lossy_dupacks(c, 1);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), BARE_MSS);
	bare_sent(c, 1000);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 0u);
	lossy_dupacks(c, 1);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), BARE_MSS);
}

/* dupack-3: §3.2 steps 2 and 3 */
static void dupack__third__head_again_and_window_halved(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	lossy_dupacks(c, 3);

	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	KUNIT_EXPECT_EQ(test, c->recover, c->snd_nxt);
	KUNIT_EXPECT_EQ(test, c->lost, BARE_MSS);
	KUNIT_EXPECT_EQ(test, head(c)->marks, CLASP_SENT_LOST);
	KUNIT_EXPECT_EQ(test, head(c)->end_seq, c->snd_una + BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_DUPACK);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.fast_rtx, 1u);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 5000u);
	/* three have left the network, and one is lost: it may leave at once */
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 6000u);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), BARE_MSS);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->count[CLASP_EVENT_CWND], 2u);
	KUNIT_EXPECT_EQ(test, last_why(c), CLASP_CWND_REDUCE);
}

/* dupack-3: one segment is lost, and that is all that may be sent again. */
static void dupack__third_little_under_way__no_more_than_that(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10);

	lossy_dupacks(c, 3);

	KUNIT_EXPECT_EQ(test, c->lost, 10u);
	KUNIT_EXPECT_EQ(test, c->dup_bytes, 0u);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 2 * BARE_MSS);
}

/* prr: step 4, each one more has left the network. RFC 6937: one leaves for two. */
static void dupack__fourth_and_on__window_comes_down(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	lossy_dupacks(c, 3);
	lossy_resends(c);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 7000u);

	lossy_dupacks(c, 1);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 6000u);
	lossy_dupacks(c, 1);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 5000u);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 0u);
	lossy_dupacks(c, 2);
	/* at ssthresh: one for each */
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 5000u);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 2 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 5000u);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.fast_rtx, 1u);
}

/* No more can have left the network than was in it: lies gain nothing. */
static void dupack__without_end__window_and_count_end(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);
	int i;

	for (i = 0; i < U16_MAX + 10; i++) {
		lossy_dupacks(c, 1);
		lossy_resends(c);
		lossy_sends_new(c);
	}

	/* two more had left when it began; each of them lets go of one */
	KUNIT_EXPECT_LE(test, c->cong.cwnd, 6000u);
	KUNIT_EXPECT_LE(test, clasp_conn_flight(c), 2 * 12000u);
	KUNIT_EXPECT_EQ(test, c->dupacks, U16_MAX);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.fast_rtx, 1u);
	KUNIT_EXPECT_EQ(test, c->lost, BARE_MSS);
}

/* The lesson's switch: without it only the timer repairs. */
static void dupack__fast_retransmit_off__nothing(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	bare_settings(c)->fast_retransmit = false;
	lossy_dupacks(c, 10);

	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_EQ(test, c->lost, 0u);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.dupacks, 10u);
}

/* Any new acknowledgment in between, and the count begins anew. */
static void dupack__new_ack_between__counts_anew(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	lossy_dupacks(c, 2);
	lossy_acks(c, 1000);
	KUNIT_EXPECT_EQ(test, c->dup_bytes, 0u);
	lossy_dupacks(c, 2);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);

	lossy_dupacks(c, 1);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
}

/* prr: RFC 6582 §3.2 step 3, full acknowledgment */
static void ack__all_until_recover__window_is_ssthresh(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	lossy_dupacks(c, 3);
	lossy_resends(c);
	lossy_dupacks(c, 6);
	bare_sent(c, 4000);
	lossy_acks(c, 10000);

	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 5000u);
	KUNIT_EXPECT_EQ(test, c->dupacks, 0);
	KUNIT_EXPECT_EQ(test, c->dup_bytes, 0u);
	KUNIT_EXPECT_EQ(test, c->lost + c->again, 0u);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 4000u);
}

/* prr: most of it was lost: no burst at the end. */
static void ack__all_and_little_arrived__window_stays_small(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 3000);

	c->cong.ssthresh = 20000;
	lossy_dupacks(c, 3);
	lossy_resends(c);
	lossy_acks(c, 3000);

	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 2 * BARE_MSS);
	KUNIT_EXPECT_LE(test, c->cong.cwnd, 2 * BARE_MSS);
}

/* Partial: the next hole, at once. */
static void ack__one_octet_short_of_recover__partial(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	lossy_dupacks(c, 3);
	lossy_resends(c);
	lossy_acks(c, 3000);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	KUNIT_EXPECT_EQ(test, c->lost, BARE_MSS);
	KUNIT_EXPECT_EQ(test, head(c)->marks, CLASP_SENT_LOST);
	KUNIT_EXPECT_EQ(test, head(c)->end_seq, c->snd_una + BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_PARTIAL);
	KUNIT_EXPECT_GE(test, clasp_cong_quota(c), BARE_MSS);
	KUNIT_EXPECT_LE(test, c->cong.cwnd, 7000u);

	lossy_acks(c, 6999);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	KUNIT_EXPECT_EQ(test, c->lost, 1u);
	lossy_acks(c, 1);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
}

/*
 * RFC 6582 §3.2 step 3 sends the next hole with each partial ACK. Nearly all
 * of a long flight is lost here, so that reducing in proportion would not.
 */
static void ack__partial_far_above_ssthresh__a_segment_each(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 60000);
	int i;

	c->cong.cwnd = 60000;
	lossy_dupacks(c, 3);
	for (i = 0; i < 20; i++) {
		KUNIT_ASSERT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
		KUNIT_ASSERT_GE(test, clasp_cong_quota(c), BARE_MSS);
		KUNIT_ASSERT_EQ(test, lossy_resends(c), BARE_MSS);
		lossy_acks(c, 1000);
	}
}

/* ack-splitting: less than a segment at a time is nothing more. */
static void ack__partial_split_in_many__no_more_leaves(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);
	u32 sent = 0;
	int i;

	lossy_dupacks(c, 3);
	sent += lossy_resends(c);
	for (i = 0; i < 100; i++) {
		lossy_acks(c, 10);
		sent += lossy_resends(c);
		lossy_sends_new(c);
		KUNIT_ASSERT_LE(test, c->cong.cwnd, 7000u);
	}

	KUNIT_EXPECT_LE(test, sent, 2 * BARE_MSS);
	KUNIT_EXPECT_LE(test, clasp_conn_flight(c), 11000u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
}

/*
 * RFC 3042: "the amount of outstanding data would remain less than or equal to
 * the congestion window plus 2 segments", though no recovery begins.
 */
static void dupack__of_old_data_without_end__little_leaves(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);
	int i;

	lossy_times_out(c);
	lossy_acks(c, 10000);
	c->cong.cwnd = 5000;
	bare_sent(c, 5000);
	for (i = 0; i < 30; i++) {
		lossy_dupacks(c, 1);
		lossy_sends_new(c);
	}

	KUNIT_EXPECT_LE(test, clasp_conn_flight(c), 5000u + 3 * BARE_MSS);
}

/* Never far behind: 2^31 octets later it would seem to be ahead. */
static void recover__two_gib_later__still_behind(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	int i;

	for (i = 0; i < 3; i++) {
		bare_sent(c, CLASP_WINDOW_MAX);
		lossy_acks(c, CLASP_WINDOW_MAX);
	}
	bare_sent(c, 5000);
	lossy_dupacks(c, 3);

	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	KUNIT_EXPECT_EQ(test, head(c)->marks, CLASP_SENT_LOST);
}

/* RFC 5681 equation (4): FlightSize is what was out when the mark was set. */
static void ecn__ack_of_most_of_the_flight__half_of_all_of_it(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment seg;

	c->ecn_on = true;
	c->cong.cwnd = 20 * BARE_MSS;
	bare_sent(c, 10 * BARE_MSS);
	seg = bare_acking(c, 9 * BARE_MSS);
	seg.flags |= CLASP_ECE;
	clasp_ack_take(c, &seg, LOSSY_LATER);

	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 5 * BARE_MSS);
}

static struct kunit_case recovery_cases[] = {
	KUNIT_CASE(dupack__first_two__counted_only),
	KUNIT_CASE(dupack__first_two__one_new_segment_each),
	KUNIT_CASE(dupack__third__head_again_and_window_halved),
	KUNIT_CASE(dupack__third_little_under_way__no_more_than_that),
	KUNIT_CASE(dupack__fourth_and_on__window_comes_down),
	KUNIT_CASE(dupack__without_end__window_and_count_end),
	KUNIT_CASE(dupack__fast_retransmit_off__nothing),
	KUNIT_CASE(dupack__new_ack_between__counts_anew),
	KUNIT_CASE(dupack__of_old_data_without_end__little_leaves),
	KUNIT_CASE(ack__all_until_recover__window_is_ssthresh),
	KUNIT_CASE(ack__all_and_little_arrived__window_stays_small),
	KUNIT_CASE(ack__one_octet_short_of_recover__partial),
	KUNIT_CASE(ack__partial_far_above_ssthresh__a_segment_each),
	KUNIT_CASE(ack__partial_split_in_many__no_more_leaves),
	KUNIT_CASE(recover__two_gib_later__still_behind),
	KUNIT_CASE(ecn__ack_of_most_of_the_flight__half_of_all_of_it),
	{}
};

static struct kunit_suite recovery_suite = {
	.name = "recovery",
	.exit = bare_exit,
	.test_cases = recovery_cases,
};

kunit_test_suite(recovery_suite);
