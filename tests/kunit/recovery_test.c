// SPDX-License-Identifier: GPL-2.0
/*
 * Fast retransmit and fast recovery: RFC 5681 §3.2, RFC 6582.
 *
 * ack.c would move snd_una before it calls; the suite does so itself.
 */
#include <kunit/test.h>

#include "bare.h"
#include "recovery.h"

static struct clasp_conn *under_way(struct kunit *test, u32 len)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, len);

	return c;
}

static void dupacks(struct clasp_conn *c, int times)
{
	while (times-- > 0)
		clasp_recovery_dupack(c);
}

static bool acks(struct clasp_conn *c, u32 len)
{
	c->snd_una += len;

	return clasp_recovery_ack(c, len);
}

static void times_out(struct clasp_conn *c)
{
	c->retries++;
	clasp_recovery_timeout(c);
}

static enum clasp_cwnd_why last_why(struct clasp_conn *c)
{
	return bare_heard(c)->last[CLASP_EVENT_CWND].cwnd;
}

/* Two may be reordering: reordering makes no retransmission. */
static void dupack__first_two__counted_only(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	dupacks(c, 2);

	KUNIT_EXPECT_EQ(test, c->dupacks, 2);
	KUNIT_EXPECT_EQ(test, c->counts.dupacks, 2u);
	KUNIT_EXPECT_EQ(test, c->rtx_seq, c->rtx_end);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
	KUNIT_EXPECT_FALSE(test, c->in_recovery);
}

/* dupack-3: §3.2 steps 2 and 3 */
static void dupack__third__head_again_and_window_halved(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	dupacks(c, 3);

	KUNIT_EXPECT_TRUE(test, c->in_recovery);
	KUNIT_EXPECT_EQ(test, c->recover, c->snd_nxt);
	KUNIT_EXPECT_EQ(test, c->rtx_seq, c->snd_una);
	KUNIT_EXPECT_EQ(test, c->rtx_end, c->snd_una + BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_DUPACK);
	KUNIT_EXPECT_TRUE(test, c->rtx_force);
	KUNIT_EXPECT_EQ(test, c->counts.fast_rtx, 1u);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 5000u);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 8000u);
	KUNIT_EXPECT_EQ(test, last_why(c), CLASP_CWND_LOSS);
}

/* One segment is lost, and that is all that may be sent again. */
static void dupack__third_little_under_way__no_more_than_that(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10);

	dupacks(c, 3);

	KUNIT_EXPECT_EQ(test, c->rtx_end, c->snd_nxt);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 2 * BARE_MSS);
}

/* Step 4: each one more has left the network. */
static void dupack__fourth_and_on__inflate(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	dupacks(c, 3 + 4);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 12000u);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 5000u);
	KUNIT_EXPECT_EQ(test, c->counts.fast_rtx, 1u);
	KUNIT_EXPECT_EQ(test, last_why(c), CLASP_CWND_INFLATE);
}

/* No more can have left the network than was in it: lies gain nothing. */
static void dupack__without_end__window_and_count_end(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	dupacks(c, U16_MAX + 10);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 5000u + 10000u);
	KUNIT_EXPECT_EQ(test, c->dupacks, U16_MAX);
	KUNIT_EXPECT_EQ(test, c->counts.fast_rtx, 1u);
}

/* The lesson's switch: without it only the timer repairs. */
static void dupack__fast_retransmit_off__nothing(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	bare_settings(c)->fast_retransmit = false;
	dupacks(c, 10);

	KUNIT_EXPECT_FALSE(test, c->in_recovery);
	KUNIT_EXPECT_EQ(test, c->rtx_seq, c->rtx_end);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->counts.dupacks, 10u);
}

/* Any new acknowledgment in between, and the count begins anew. */
static void dupack__new_ack_between__counts_anew(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	dupacks(c, 2);
	KUNIT_EXPECT_FALSE(test, acks(c, 1000));
	dupacks(c, 2);
	KUNIT_EXPECT_FALSE(test, c->in_recovery);

	dupacks(c, 1);
	KUNIT_EXPECT_TRUE(test, c->in_recovery);
}

/* RFC 6582 §3.2 step 3, full acknowledgment, option (1) */
static void ack__all_until_recover__window_is_ssthresh(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	dupacks(c, 3);
	bare_sent(c, 6000);
	KUNIT_EXPECT_TRUE(test, acks(c, 10000));

	KUNIT_EXPECT_FALSE(test, c->in_recovery);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 5000u);
	KUNIT_EXPECT_EQ(test, c->dupacks, 0);
	KUNIT_EXPECT_EQ(test, c->rtx_seq, c->rtx_end);
	KUNIT_EXPECT_FALSE(test, c->rtx_force);
	KUNIT_EXPECT_EQ(test, last_why(c), CLASP_CWND_RECOVERED);
}

/* min (ssthresh, max (FlightSize, SMSS) + SMSS): no burst at the end. */
static void ack__all_and_nothing_under_way__two_segments(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	dupacks(c, 3);
	acks(c, 10000);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 2 * BARE_MSS);
}

/* Partial: the next hole, deflated by what is acknowledged, plus a segment. */
static void ack__one_octet_short_of_recover__partial(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	dupacks(c, 3);
	KUNIT_EXPECT_TRUE(test, acks(c, 3000));
	KUNIT_EXPECT_TRUE(test, c->in_recovery);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 8000u - 3000u + BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->rtx_seq, c->snd_una);
	KUNIT_EXPECT_EQ(test, c->rtx_end, c->snd_una + BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_PARTIAL);
	KUNIT_EXPECT_TRUE(test, c->rtx_force);
	KUNIT_EXPECT_EQ(test, last_why(c), CLASP_CWND_PARTIAL);

	acks(c, 6999);
	KUNIT_EXPECT_TRUE(test, c->in_recovery);
	KUNIT_EXPECT_EQ(test, c->rtx_end - c->rtx_seq, 1u);
	acks(c, 1);
	KUNIT_EXPECT_FALSE(test, c->in_recovery);
}

static void ack__partial_under_a_segment__nothing_added(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	dupacks(c, 3);
	acks(c, 999);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 8000u - 999u);

	acks(c, 1000);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 8000u - 999u);
}

/* Deflating goes no lower than what sends at all. */
static void ack__partial_of_more_than_cwnd__one_segment(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 50000);

	dupacks(c, 3);
	c->cong.cwnd = 2000;
	acks(c, 40000);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BARE_MSS);
}

/* Below what is acknowledged nothing is lost any more. */
static void ack__of_what_is_held_lost__not_sent_again(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	times_out(c);
	KUNIT_EXPECT_FALSE(test, acks(c, 4000));
	KUNIT_EXPECT_EQ(test, c->rtx_seq, c->snd_una);
	KUNIT_EXPECT_EQ(test, c->rtx_end, c->snd_nxt);
	KUNIT_EXPECT_TRUE(test, c->rtx_force);

	acks(c, 6000);
	KUNIT_EXPECT_EQ(test, c->rtx_seq, c->rtx_end);
	KUNIT_EXPECT_EQ(test, c->rtx_seq, c->snd_una);
	KUNIT_EXPECT_FALSE(test, c->rtx_force);
}

/* What was sent again already is not begun anew by an ACK below it. */
static void ack__below_what_was_sent_again__goes_on_there(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	times_out(c);
	c->rtx_seq += 5000;
	acks(c, 1000);

	KUNIT_EXPECT_EQ(test, c->rtx_seq, c->snd_una + 4000);
}

/* rto-head-only, cwnd 1: RFC 5681 §3.1, RFC 6582 §4 */
static void timeout__first__all_lost_from_one_segment(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	c->dupacks = 2;
	times_out(c);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 5000u);
	KUNIT_EXPECT_EQ(test, c->rtx_seq, c->snd_una);
	KUNIT_EXPECT_EQ(test, c->rtx_end, c->snd_nxt);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_TIMER);
	KUNIT_EXPECT_TRUE(test, c->rtx_force);
	KUNIT_EXPECT_EQ(test, c->dupacks, 0);
	KUNIT_EXPECT_EQ(test, last_why(c), CLASP_CWND_TIMEOUT);
}

/* "the value of ssthresh is held constant" for the same data */
static void timeout__again__ssthresh_held(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	times_out(c);
	c->snd_una += 6000;
	times_out(c);

	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 5000u);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BARE_MSS);
}

static void timeout__in_recovery__ends_it(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	dupacks(c, 3);
	times_out(c);

	KUNIT_EXPECT_FALSE(test, c->in_recovery);
	KUNIT_EXPECT_EQ(test, c->recover, c->snd_nxt);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_TIMER);
}

/*
 * RFC 6582 §4.1: what was sent twice is acknowledged twice. Only duplicates of
 * something above tell of another loss.
 */
static void timeout__dupacks_of_old_data__no_fast_retransmit(struct kunit *test)
{
	struct clasp_conn *c = under_way(test, 10000);

	times_out(c);
	dupacks(c, 5);
	KUNIT_EXPECT_FALSE(test, c->in_recovery);

	bare_sent(c, 5000);
	acks(c, 10000);
	dupacks(c, 5);
	KUNIT_EXPECT_FALSE(test, c->in_recovery);

	acks(c, 1000);
	dupacks(c, 3);
	KUNIT_EXPECT_TRUE(test, c->in_recovery);
}

/* Never far behind: 2^31 octets later it would seem to be ahead. */
static void recover__two_gib_later__still_behind(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	int i;

	for (i = 0; i < 3; i++) {
		c->snd_nxt += CLASP_WINDOW_MAX;
		acks(c, CLASP_WINDOW_MAX);
	}
	c->snd_nxt += 5000;
	dupacks(c, 3);

	KUNIT_EXPECT_TRUE(test, c->in_recovery);
	KUNIT_EXPECT_EQ(test, c->rtx_seq, c->snd_una);
}

static struct kunit_case recovery_cases[] = {
	KUNIT_CASE(dupack__first_two__counted_only),
	KUNIT_CASE(dupack__third__head_again_and_window_halved),
	KUNIT_CASE(dupack__third_little_under_way__no_more_than_that),
	KUNIT_CASE(dupack__fourth_and_on__inflate),
	KUNIT_CASE(dupack__without_end__window_and_count_end),
	KUNIT_CASE(dupack__fast_retransmit_off__nothing),
	KUNIT_CASE(dupack__new_ack_between__counts_anew),
	KUNIT_CASE(ack__all_until_recover__window_is_ssthresh),
	KUNIT_CASE(ack__all_and_nothing_under_way__two_segments),
	KUNIT_CASE(ack__one_octet_short_of_recover__partial),
	KUNIT_CASE(ack__partial_under_a_segment__nothing_added),
	KUNIT_CASE(ack__partial_of_more_than_cwnd__one_segment),
	KUNIT_CASE(ack__of_what_is_held_lost__not_sent_again),
	KUNIT_CASE(ack__below_what_was_sent_again__goes_on_there),
	KUNIT_CASE(timeout__first__all_lost_from_one_segment),
	KUNIT_CASE(timeout__again__ssthresh_held),
	KUNIT_CASE(timeout__in_recovery__ends_it),
	KUNIT_CASE(timeout__dupacks_of_old_data__no_fast_retransmit),
	KUNIT_CASE(recover__two_gib_later__still_behind),
	{}
};

static struct kunit_suite recovery_suite = {
	.name = "recovery",
	.exit = bare_exit,
	.test_cases = recovery_cases,
};

kunit_test_suite(recovery_suite);
