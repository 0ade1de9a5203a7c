// SPDX-License-Identifier: GPL-2.0
/*
 * How much may be under way, whichever controller decides: RFC 5681, RFC 6928.
 *
 * The controller is one of the suite's own, that says what it was asked.
 */
#include <kunit/test.h>

#include "bare.h"

static struct {
	unsigned int inits, acks, releases;
	u32 acked;
} asked;

static void tell_init(struct clasp_conn *c)
{
	asked.inits++;
}

static void tell_release(struct clasp_conn *c)
{
	asked.releases++;
}

static void tell_ack(struct clasp_conn *c, const struct clasp_sample *s)
{
	asked.acks++;
	asked.acked = s->acked;
	c->cong.cwnd += s->acked;
}

static void tell_loss(struct clasp_conn *c)
{
}

static const struct clasp_cong_ops teller = {
	.name = "teller", .init = tell_init, .release = tell_release,
	.on_ack = tell_ack,
	.on_loss = tell_loss, .on_rto = tell_loss,
};

static void acks(struct clasp_conn *c, u32 bytes, u32 flight)
{
	const struct clasp_sample s = {
		.now_us = BARE_NOW, .acked = bytes, .prior_flight = flight,
	};

	clasp_cong_ack(c, &s);
}

static struct clasp_conn *told(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	memset(&asked, 0, sizeof(asked));
	c->cong_ops = &teller;

	return c;
}

static void find__each_name__its_controller(struct kunit *test)
{
	KUNIT_EXPECT_PTR_EQ(test, clasp_cong_find("reno"), &clasp_reno);
	KUNIT_EXPECT_PTR_EQ(test, clasp_cong_find("cubic"), &clasp_cubic);
	KUNIT_EXPECT_PTR_EQ(test, clasp_cong_find("bbr"), &clasp_bbr);
	KUNIT_EXPECT_PTR_EQ(test, clasp_cong_find("none"), &clasp_cong_none);
}

static void find__other_name__none(struct kunit *test)
{
	KUNIT_EXPECT_NULL(test, clasp_cong_find("vegas"));
	KUNIT_EXPECT_NULL(test, clasp_cong_find("ren"));
	KUNIT_EXPECT_NULL(test, clasp_cong_find(""));
}

/* initial window 10; RFC 5681 §3.1: ssthresh "arbitrarily high" */
static void start__default__ten_segments(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	c->cong = (struct clasp_cong){ .used = 7, .priv = { 7 } };
	clasp_cong_start(c);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, CLASP_WINDOW_MAX);
	KUNIT_EXPECT_EQ(test, c->cong.used, 0u);
	KUNIT_EXPECT_EQ(test, c->cong.priv[0], 0u);
	KUNIT_EXPECT_EQ(test, asked.inits, 1u);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->last[CLASP_EVENT_CWND].cwnd,
			CLASP_CWND_INITIAL);
}

/* A window of nothing would never send, one of 2^32 would be nothing. */
static void start__silly_setting__one_segment_to_2_to_the_30(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	bare_settings(c)->initial_cwnd = 0;
	clasp_cong_start(c);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BARE_MSS);

	bare_settings(c)->initial_cwnd = U32_MAX;
	clasp_cong_start(c);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, CLASP_WINDOW_MAX);

	/* 2^32 bytes, which is 0 in 32 bits */
	bare_settings(c)->initial_cwnd = 1u << 22;
	c->peer_mss = 1024;
	c->path_mss = 1024;
	clasp_cong_start(c);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, CLASP_WINDOW_MAX);
}

static void ack__window_in_use__controller_is_asked(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	acks(c, 2000, 10 * BARE_MSS);

	KUNIT_EXPECT_EQ(test, asked.acks, 1u);
	KUNIT_EXPECT_EQ(test, asked.acked, 2000u);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->last[CLASP_EVENT_CWND].cwnd,
			CLASP_CWND_SLOW_START);
}

/* application-limited: RFC 7661, half of it in slow start. */
static void ack__slow_start_under_half_used__stays(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	acks(c, 2000, 5 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, asked.acks, 0u);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->count[CLASP_EVENT_CWND], 0u);

	acks(c, 2000, 5 * BARE_MSS + 1);
	KUNIT_EXPECT_EQ(test, asked.acks, 1u);
}

/* application-limited: in avoidance, where no segment more would have fitted. */
static void ack__avoidance_not_full__stays(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	c->cong.ssthresh = c->cong.cwnd;
	acks(c, 2000, 9 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, asked.acks, 0u);

	acks(c, 2000, 9 * BARE_MSS + 1);
	KUNIT_EXPECT_EQ(test, asked.acks, 1u);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->last[CLASP_EVENT_CWND].cwnd,
			CLASP_CWND_AVOIDANCE);
}

static void ack__nothing_acked__no_event(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	acks(c, 0, 10 * BARE_MSS);

	KUNIT_EXPECT_EQ(test, asked.acks, 0u);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->count[CLASP_EVENT_CWND], 0u);
}

static void ack__at_2_to_the_30__grows_no_further(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	c->cong.cwnd = CLASP_WINDOW_MAX - 1;
	acks(c, 5000, CLASP_WINDOW_MAX - 1);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, CLASP_WINDOW_MAX);
}

static void quota__some_under_way__the_rest(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 10000u);
	bare_sent(c, 4000);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 6000u);
	bare_sent(c, 6000);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 0u);
}

/* After a loss more may be under way than allowed: nothing, not 2^32 less. */
static void quota__more_under_way_than_allowed__none(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	bare_sent(c, 4000);
	c->cong.cwnd = BARE_MSS;

	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 0u);
}

/* RFC 6675's pipe: what is held lost has left the network. */
static void quota__held_lost__no_longer_under_way(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	bare_sent(c, 8000);
	bare_lost(c, 1000, 4000);

	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 5000u);
}

/* The lesson's switch: without congestion control nothing holds back. */
static void none__whatever_happens__unlimited(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->cong_ops = &clasp_cong_none;
	clasp_cong_start(c);
	bare_sent(c, 20000);
	c->cong_ops->on_loss(c);
	c->cong_ops->on_rto(c);
	acks(c, 1000, 20000);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, CLASP_WINDOW_MAX);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), CLASP_WINDOW_MAX);
}

/* RFC 7661, of the round trip: paced, some is free whenever an ACK arrives. */
static void ack__used_within_the_round_trip__controller_is_asked(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	c->cong.ssthresh = c->cong.cwnd;
	bare_sent(c, 10 * BARE_MSS);
	clasp_cong_sent(c, BARE_NOW);
	c->snd_una += 5 * BARE_MSS;
	clasp_cong_sent(c, BARE_NOW);
	acks(c, BARE_MSS, 5 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, asked.acks, 1u);

	/* a round trip later that is no longer so */
	c->snd_una += 5 * BARE_MSS;
	bare_sent(c, BARE_MSS);
	clasp_cong_sent(c, BARE_NOW);
	acks(c, BARE_MSS, BARE_MSS);
	KUNIT_EXPECT_EQ(test, asked.acks, 1u);
}

/* idle-restart: RFC 5681 §4.1, for more than a timeout nothing was sent. */
static void restart__after_a_pause__initial_window(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	c->cong.cwnd = 50 * BARE_MSS;
	c->cong.ssthresh = 40 * BARE_MSS;
	clasp_cong_restart(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 50 * BARE_MSS);

	clasp_cong_sent(c, BARE_NOW);
	clasp_cong_restart(c, BARE_NOW + USEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 50 * BARE_MSS);

	clasp_cong_restart(c, BARE_NOW + USEC_PER_SEC + USEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 40 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->last[CLASP_EVENT_CWND].cwnd,
			CLASP_CWND_RESTART);
}

/* idle-restart: it does not grow by waiting */
static void restart__small_window__stays(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	clasp_cong_sent(c, BARE_NOW);
	c->cong.cwnd = 3 * BARE_MSS;
	clasp_cong_restart(c, BARE_NOW + 60 * USEC_PER_SEC);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 3 * BARE_MSS);
}

/* undo: what was taken for a loss was none: all of it is given back. */
static void undo__after_loss_and_rto__window_before_both(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	c->cong_ops = &clasp_reno;
	bare_sent(c, 10 * BARE_MSS);
	clasp_cong_loss(c);
	c->belief = CLASP_BELIEF_RECOVERY;
	c->cong.cwnd = c->cong.ssthresh;
	clasp_cong_rto(c);
	c->cong.cwnd = BARE_MSS;
	clasp_cong_undo(c);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, CLASP_WINDOW_MAX);
}

/* ecn: a mark is a loss without one: the window comes down at once. */
static void ecn__marked__half(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	c->cong_ops = &clasp_reno;
	bare_sent(c, 10 * BARE_MSS);
	clasp_cong_ecn(c);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 5 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 5 * BARE_MSS);
}

static void choose__in_the_middle__takes_over_the_window(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	c->cong_ops = &clasp_cubic;
	clasp_cong_start(c);
	c->cong.cwnd = 33 * BARE_MSS;
	memset(c->cong.priv, 0xff, sizeof(c->cong.priv));
	clasp_cong_choose(c, &teller);

	KUNIT_EXPECT_EQ(test, asked.inits, 1u);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 33 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.priv[CLASP_CONG_PRIV - 1], 0ull);
}

static void choose__before_it_opens__begins_later(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	clasp_cong_choose(c, &teller);
	KUNIT_EXPECT_EQ(test, asked.inits, 0u);
	clasp_cong_start(c);
	KUNIT_EXPECT_EQ(test, asked.inits, 1u);
}

/* In recovery the window is recovery's, unless the controller governs it. */
static void ack__in_recovery__not_asked(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	c->belief = CLASP_BELIEF_RECOVERY;
	acks(c, 2000, 10 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, asked.acks, 0u);
}

/* Or nothing would ever be acknowledged, and the window never grow. */
static void quota__nothing_under_way__a_segment_may_leave(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	c->cong.cwnd = BARE_MSS / 2;
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), BARE_MSS);
	bare_sent(c, 10);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), BARE_MSS / 2 - 10);
}

static void choose__another__the_one_before_is_released_once(struct kunit *test)
{
	struct clasp_conn *c = told(test);

	/* what never began needs no end */
	clasp_cong_stop(c);
	KUNIT_EXPECT_EQ(test, asked.releases, 0u);

	clasp_cong_start(c);
	clasp_cong_choose(c, &clasp_reno);
	KUNIT_EXPECT_EQ(test, asked.releases, 1u);
	clasp_cong_stop(c);
	clasp_cong_stop(c);
	KUNIT_EXPECT_EQ(test, asked.releases, 1u);
}

static void acks_at(struct clasp_conn *c, u32 flight, u64 now_us)
{
	const struct clasp_sample s = {
		.now_us = now_us, .acked = BARE_MSS, .prior_flight = flight,
	};

	clasp_cong_ack(c, &s);
}

/* RFC 7661 §4.4.3: it says nothing of what the path can carry now. */
static void ack__not_half_used_for_five_minutes__half(struct kunit *test)
{
	struct clasp_conn *c = told(test);
	u64 then_us = BARE_NOW + 300 * (u64)USEC_PER_SEC;

	c->cong.cwnd = 100 * BARE_MSS;
	c->cong.ssthresh = 40 * BARE_MSS;
	acks_at(c, 50 * BARE_MSS, BARE_NOW);
	acks_at(c, 20 * BARE_MSS, then_us - USEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 100 * BARE_MSS);

	acks_at(c, 20 * BARE_MSS, then_us);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 50 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 75 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->last[CLASP_EVENT_CWND].cwnd,
			CLASP_CWND_UNUSED);

	/* and once more, but no less than a new connection has */
	acks_at(c, BARE_MSS, then_us + 299 * (u64)USEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 50 * BARE_MSS);
	acks_at(c, BARE_MSS, then_us + 300 * (u64)USEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 25 * BARE_MSS);
	acks_at(c, BARE_MSS, then_us + 600 * (u64)USEC_PER_SEC);
	acks_at(c, BARE_MSS, then_us + 900 * (u64)USEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 75 * BARE_MSS);
}

static void ack__half_used_now_and_then__stays(struct kunit *test)
{
	struct clasp_conn *c = told(test);
	int i;

	c->cong.cwnd = 100 * BARE_MSS;
	c->cong.ssthresh = 40 * BARE_MSS;
	for (i = 0; i < 10; i++) {
		acks_at(c, 50 * BARE_MSS + 1,
			BARE_NOW + (2 * i) * 200 * (u64)USEC_PER_SEC);
		acks_at(c, BARE_MSS,
			BARE_NOW + (2 * i + 1) * 200 * (u64)USEC_PER_SEC);
	}

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 100 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 40 * BARE_MSS);
}

static struct kunit_case cong_cases[] = {
	KUNIT_CASE(find__each_name__its_controller),
	KUNIT_CASE(find__other_name__none),
	KUNIT_CASE(start__default__ten_segments),
	KUNIT_CASE(start__silly_setting__one_segment_to_2_to_the_30),
	KUNIT_CASE(ack__window_in_use__controller_is_asked),
	KUNIT_CASE(ack__slow_start_under_half_used__stays),
	KUNIT_CASE(ack__avoidance_not_full__stays),
	KUNIT_CASE(ack__nothing_acked__no_event),
	KUNIT_CASE(ack__at_2_to_the_30__grows_no_further),
	KUNIT_CASE(quota__some_under_way__the_rest),
	KUNIT_CASE(quota__more_under_way_than_allowed__none),
	KUNIT_CASE(quota__held_lost__no_longer_under_way),
	KUNIT_CASE(ack__used_within_the_round_trip__controller_is_asked),
	KUNIT_CASE(ack__in_recovery__not_asked),
	KUNIT_CASE(restart__after_a_pause__initial_window),
	KUNIT_CASE(restart__small_window__stays),
	KUNIT_CASE(undo__after_loss_and_rto__window_before_both),
	KUNIT_CASE(ecn__marked__half),
	KUNIT_CASE(choose__in_the_middle__takes_over_the_window),
	KUNIT_CASE(choose__before_it_opens__begins_later),
	KUNIT_CASE(none__whatever_happens__unlimited),
	KUNIT_CASE(quota__nothing_under_way__a_segment_may_leave),
	KUNIT_CASE(choose__another__the_one_before_is_released_once),
	KUNIT_CASE(ack__not_half_used_for_five_minutes__half),
	KUNIT_CASE(ack__half_used_now_and_then__stays),
	{}
};

static struct kunit_suite cong_suite = {
	.name = "cong",
	.exit = bare_exit,
	.test_cases = cong_cases,
};

kunit_test_suite(cong_suite);
