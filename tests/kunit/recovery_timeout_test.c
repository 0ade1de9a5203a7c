// SPDX-License-Identifier: GPL-2.0
/*
 * The retransmission timer fires: RFC 5681 §3.1, RFC 6298 §5, RFC 6582 §4.
 */
#include <kunit/test.h>

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

/* Below what is acknowledged nothing is lost any more. */
static void ack__of_what_is_held_lost__not_sent_again(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	lossy_times_out(c);
	lossy_acks(c, 4000);
	KUNIT_EXPECT_EQ(test, c->lost, 6000u);
	KUNIT_EXPECT_EQ(test, c->lost_seq, c->snd_una);
	KUNIT_EXPECT_PTR_EQ(test, clasp_scoreboard_next(c), head(c));

	lossy_acks(c, 6000);
	KUNIT_EXPECT_EQ(test, c->lost, 0u);
	KUNIT_EXPECT_NULL(test, clasp_scoreboard_next(c));
}

/* What was sent again already is not begun anew by an ACK below it. */
static void ack__below_what_was_sent_again__goes_on_there(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 5000);

	bare_sent(c, 5000);
	lossy_times_out(c);
	KUNIT_ASSERT_NOT_NULL(test, clasp_scoreboard_next(c));
	clasp_recovery_sent(c, clasp_scoreboard_next(c), 5000, LOSSY_LATER);
	lossy_acks(c, 1000);

	KUNIT_ASSERT_NOT_NULL(test, clasp_scoreboard_next(c));
	KUNIT_EXPECT_EQ(test, clasp_scoreboard_next(c)->seq, BARE_SEQ + 5000);
	KUNIT_EXPECT_EQ(test, c->again, 4000u);
	KUNIT_EXPECT_EQ(test, c->lost, 9000u);
}

/* rto-head-only: a window of one, RFC 5681 §3.1, RFC 6582 §4 */
static void timeout__first__all_lost_from_one_segment(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	lossy_dupacks(c, 2);
	lossy_times_out(c);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 5000u);
	KUNIT_EXPECT_EQ(test, c->lost, 10000u);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 0u);
	KUNIT_EXPECT_PTR_EQ(test, clasp_scoreboard_next(c), head(c));
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_TIMER);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_LOSS);
	KUNIT_EXPECT_EQ(test, c->dupacks, 0);
	KUNIT_EXPECT_EQ(test, c->dup_bytes, 0u);
	KUNIT_EXPECT_EQ(test, last_why(c), CLASP_CWND_TIMEOUT);
}

/* "the value of ssthresh is held constant" for the same data */
static void timeout__again__ssthresh_held(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	lossy_times_out(c);
	lossy_acks(c, 6000);
	c->retries = 1;
	lossy_times_out(c);

	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 5000u);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BARE_MSS);
}

static void timeout__in_recovery__ends_it(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	lossy_dupacks(c, 3);
	lossy_resends(c);
	lossy_times_out(c);

	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_LOSS);
	KUNIT_EXPECT_EQ(test, c->recover, c->snd_nxt);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_TIMER);
	/* the copy under way is lost too */
	KUNIT_EXPECT_EQ(test, c->again, 0u);
	KUNIT_EXPECT_EQ(test, c->lost, 10000u);
}

/*
 * RFC 6582 §4.1: what was sent twice is acknowledged twice. Only duplicates of
 * something above tell of another loss.
 */
static void timeout__dupacks_of_old_data__no_fast_retransmit(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	lossy_times_out(c);
	lossy_dupacks(c, 5);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_LOSS);

	bare_sent(c, 5000);
	lossy_acks(c, 10000);
	lossy_dupacks(c, 5);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_EQ(test, c->lost, 0u);

	lossy_acks(c, 1000);
	lossy_dupacks(c, 3);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
}

static struct kunit_case recovery_timeout_cases[] = {
	KUNIT_CASE(ack__of_what_is_held_lost__not_sent_again),
	KUNIT_CASE(ack__below_what_was_sent_again__goes_on_there),
	KUNIT_CASE(timeout__first__all_lost_from_one_segment),
	KUNIT_CASE(timeout__again__ssthresh_held),
	KUNIT_CASE(timeout__in_recovery__ends_it),
	KUNIT_CASE(timeout__dupacks_of_old_data__no_fast_retransmit),
	{}
};

static struct kunit_suite recovery_timeout_suite = {
	.name = "recovery_timeout",
	.exit = bare_exit,
	.test_cases = recovery_timeout_cases,
};

kunit_test_suite(recovery_timeout_suite);
