// SPDX-License-Identifier: GPL-2.0
/*
 * CUBIC, against RFC 9438's equations. Curves are compared with tables that
 * were worked out by hand: W_cubic(t) = 0.4 (t - K)^3 + W_max, in segments.
 */
#include <kunit/test.h>

#include "bare.h"

#define RTT_US	(200 * (u32)USEC_PER_MSEC)
#define SEGMENTS(n)	((n) * BARE_MSS)

static void acks_at(struct clasp_conn *c, u32 bytes, u64 now_us)
{
	const struct clasp_sample s = { .now_us = now_us, .acked = bytes };

	clasp_cubic.on_ack(c, &s);
}

/* Each round trip the window arrives, a segment at a time, evenly. */
static void time_goes(struct clasp_conn *c, u64 *now_us, u64 until_us)
{
	while (*now_us < until_us) {
		*now_us += c->rto.srtt_us / (c->cong.cwnd / BARE_MSS);
		acks_at(c, BARE_MSS, *now_us);
	}
}

static struct clasp_conn *with_rtt(struct kunit *test, u32 rtt_us)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->cong_ops = &clasp_cubic;
	c->rto.srtt_us = rtt_us;

	return c;
}

/* A loss with @segments in flight, recovered from. */
static void loses(struct clasp_conn *c, u32 segments)
{
	c->cong.cwnd = SEGMENTS(segments);
	c->snd_nxt = c->snd_una + c->cong.cwnd;
	clasp_cong_loss(c);
	c->cong.cwnd = c->cong.ssthresh;
}

static bool is_about(u32 cwnd, u32 bytes, u32 off)
{
	return cwnd + off >= bytes && cwnd <= bytes + off;
}

/* §4.8: behind the plateau the curve begins anew, whatever the last K was. */
static void curve__begins_behind_the_plateau__rises_at_once(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);
	u64 now_us = BARE_NOW;

	loses(c, 100);
	time_goes(c, &now_us, BARE_NOW + USEC_PER_SEC);
	clasp_cong_rto(c);
	c->cong.cwnd = c->cong.ssthresh;
	/* 0.4 * 3^3 segments in such a round trip; the last K was over 4 s */
	c->rto.srtt_us = 3 * USEC_PER_SEC;
	acks_at(c, c->cong.cwnd, now_us);

	KUNIT_EXPECT_TRUE(test, is_about(c->cong.cwnd,
					 c->cong.ssthresh + 10800, 10));
}

/* §4.6: beta is 0.7. */
static void loss__hundred_in_flight__seventy(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);

	loses(c, 100);

	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, SEGMENTS(70));
}

static void loss__two_in_flight__two(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);

	loses(c, 2);

	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, SEGMENTS(2));
}

/* What was allowed but not sent is not known to fit; nor what was too much. */
static void loss__window_not_used__of_what_was(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);

	c->cong.cwnd = SEGMENTS(100);
	c->snd_nxt = c->snd_una + SEGMENTS(10);
	clasp_cong_loss(c);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, SEGMENTS(7));

	c->cong.cwnd = SEGMENTS(20);
	c->snd_nxt = c->snd_una + SEGMENTS(30);
	clasp_cong_loss(c);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, SEGMENTS(14));
}

/*
 * cubic-curve: W_max = 100, cwnd = 70: K = cbrt(30 / 0.4) = 4.217 s.
 */
static void curve__after_a_loss__as_the_table(struct kunit *test)
{
	static const struct {
		u32 ms;
		u32 cwnd;
	} table[] = {
		{ 1000,  86680 }, { 2000,  95640 }, { 3000,  99279 },
		{ 4000,  99996 }, { 5000, 100192 }, { 6000, 102266 },
		{ 7000, 108617 }, { 8000, 121652 },
	};
	struct clasp_conn *c = with_rtt(test, RTT_US);
	u64 now_us = BARE_NOW;
	int i;

	loses(c, 100);
	acks_at(c, 0, now_us);
	for (i = 0; i < ARRAY_SIZE(table); i++) {
		time_goes(c, &now_us, BARE_NOW + CLASP_MS(table[i].ms));
		KUNIT_EXPECT_TRUE_MSG(test, is_about(c->cong.cwnd, table[i].cwnd,
						     SEGMENTS(2)),
				      "%u ms: %u", table[i].ms, c->cong.cwnd);
	}
}

/*
 * §4.7: a second loss before W_max: another flow wants room, so that the next
 * W_max is 0.85 of 80 = 68. From 56, K = cbrt(12 / 0.4) = 3.107 s.
 */
static void fast_convergence__lost_earlier__lower_plateau(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);
	u64 now_us = BARE_NOW;

	loses(c, 100);
	loses(c, 80);
	acks_at(c, 0, now_us);

	time_goes(c, &now_us, BARE_NOW + CLASP_MS(3107));
	KUNIT_EXPECT_TRUE_MSG(test, is_about(c->cong.cwnd, SEGMENTS(68), 1000),
			      "%u", c->cong.cwnd);
}

static void fast_convergence__lost_later__no_need(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);
	u64 now_us = BARE_NOW;

	loses(c, 80);
	loses(c, 100);
	acks_at(c, 0, now_us);

	time_goes(c, &now_us, BARE_NOW + CLASP_MS(4217));
	KUNIT_EXPECT_TRUE_MSG(test, is_about(c->cong.cwnd, SEGMENTS(100), 1000),
			      "%u", c->cong.cwnd);
}

/*
 * §4.3: on a short path Reno is faster. From 7 to 10 it takes 3 / (9/17), near
 * 6 round trips of 10 ms, then one for each segment: 54 after 500 ms. CUBIC's
 * own curve would be below 10 by then.
 */
static void friendly__short_path__as_reno(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, 10 * USEC_PER_MSEC);
	u64 now_us = BARE_NOW;

	loses(c, 10);
	acks_at(c, 0, now_us);

	time_goes(c, &now_us, BARE_NOW + CLASP_MS(500));
	KUNIT_EXPECT_TRUE_MSG(test, is_about(c->cong.cwnd, SEGMENTS(54), 4000),
			      "%u", c->cong.cwnd);
}

/* §4.4: never more than half of the window a round trip. */
static void target__far_above__half_more(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);
	int i;

	loses(c, 100);
	acks_at(c, 0, BARE_NOW);
	/* the time that an unused window takes does not count, so go on */
	for (i = 1; i < 150; i++)
		acks_at(c, 0, BARE_NOW + i * (u64)RTT_US);

	c->cong.cwnd = SEGMENTS(70);
	acks_at(c, SEGMENTS(70), BARE_NOW + i * (u64)RTT_US);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, SEGMENTS(105));
}

/* §5.8: an hour without data is no hour of growth. */
static void pause__of_an_hour__does_not_count(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);
	u64 now_us = BARE_NOW;

	loses(c, 100);
	acks_at(c, 0, now_us);
	time_goes(c, &now_us, BARE_NOW + CLASP_MS(2000));
	now_us += CLASP_MS(3600000);
	time_goes(c, &now_us, now_us + CLASP_MS(1000));

	KUNIT_EXPECT_TRUE_MSG(test, is_about(c->cong.cwnd, 99279, SEGMENTS(2)),
			      "%u", c->cong.cwnd);
}

/* §4.8: K is 0 after a timeout: 0.4 * 3^3 = 10.8 segments more after 3 s. */
static void rto__slow_start_over__begins_at_plateau(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);
	u64 now_us = BARE_NOW;

	c->cong.cwnd = SEGMENTS(100);
	c->snd_nxt = c->snd_una + SEGMENTS(100);
	clasp_cong_rto(c);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, SEGMENTS(70));

	c->cong.cwnd = BARE_MSS;
	while (c->cong.cwnd < SEGMENTS(70))
		acks_at(c, BARE_MSS, now_us);
	acks_at(c, 0, now_us);
	time_goes(c, &now_us, BARE_NOW + CLASP_MS(3000));
	KUNIT_EXPECT_TRUE_MSG(test, is_about(c->cong.cwnd, 80800, SEGMENTS(3)),
			      "%u", c->cong.cwnd);
}

/* §4.9: the loss was none, and the curve goes on where it was. */
static void undo__spurious_loss__curve_goes_on(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);
	u64 now_us = BARE_NOW;

	loses(c, 100);
	acks_at(c, 0, now_us);
	time_goes(c, &now_us, BARE_NOW + CLASP_MS(2000));
	loses(c, c->cong.cwnd / BARE_MSS);
	clasp_cong_undo(c);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, SEGMENTS(70));

	time_goes(c, &now_us, BARE_NOW + CLASP_MS(4000));
	KUNIT_EXPECT_TRUE_MSG(test, is_about(c->cong.cwnd, 99996, SEGMENTS(2)),
			      "%u", c->cong.cwnd);
}

/*
 * §4.9.1: so does Reno's window, where that is the larger: 9/17 of a segment a
 * round trip, up to what there was at the loss before.
 */
static void undo__spurious_loss__friendly_window_goes_on(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, USEC_PER_MSEC);
	u64 now_us = BARE_NOW;
	u32 before;

	loses(c, 100);
	time_goes(c, &now_us, BARE_NOW + CLASP_MS(20));
	before = c->cong.cwnd;
	KUNIT_EXPECT_TRUE(test, is_about(before, 80000, SEGMENTS(2)));
	clasp_cong_loss(c);
	c->cong.cwnd = c->cong.ssthresh;
	time_goes(c, &now_us, BARE_NOW + CLASP_MS(25));
	clasp_cong_undo(c);

	time_goes(c, &now_us, BARE_NOW + CLASP_MS(42));
	KUNIT_EXPECT_TRUE_MSG(test, is_about(c->cong.cwnd, before + 9000,
					     SEGMENTS(2)),
			      "%u, %u", before, c->cong.cwnd);
}

/* Below a known threshold, and after HyStart++, it is Reno's slow start. */
static void slow_start__known_threshold__two_at_most(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);

	c->cong.ssthresh = SEGMENTS(50);
	acks_at(c, SEGMENTS(10), BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, SEGMENTS(12));
}

/* Nothing overflows where nothing ever will be. */
static void curve__largest_window__stays_in_it(struct kunit *test)
{
	struct clasp_conn *c = with_rtt(test, RTT_US);
	u64 now_us = BARE_NOW;
	int i;

	c->cong.cwnd = CLASP_WINDOW_MAX;
	c->snd_nxt = c->snd_una + CLASP_WINDOW_MAX;
	clasp_cong_loss(c);
	c->cong.cwnd = c->cong.ssthresh;
	for (i = 0; i < 100000; i++) {
		const struct clasp_sample s = {
			.now_us = now_us, .acked = SEGMENTS(10000),
			.prior_flight = CLASP_WINDOW_MAX,
		};

		now_us += RTT_US / 2;
		clasp_cong_ack(c, &s);
	}

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, CLASP_WINDOW_MAX);
}

static struct kunit_case cubic_cases[] = {
	KUNIT_CASE(loss__hundred_in_flight__seventy),
	KUNIT_CASE(loss__two_in_flight__two),
	KUNIT_CASE(loss__window_not_used__of_what_was),
	KUNIT_CASE(curve__after_a_loss__as_the_table),
	KUNIT_CASE(fast_convergence__lost_earlier__lower_plateau),
	KUNIT_CASE(fast_convergence__lost_later__no_need),
	KUNIT_CASE(friendly__short_path__as_reno),
	KUNIT_CASE(curve__begins_behind_the_plateau__rises_at_once),
	KUNIT_CASE(target__far_above__half_more),
	KUNIT_CASE(pause__of_an_hour__does_not_count),
	KUNIT_CASE(rto__slow_start_over__begins_at_plateau),
	KUNIT_CASE(undo__spurious_loss__curve_goes_on),
	KUNIT_CASE(undo__spurious_loss__friendly_window_goes_on),
	KUNIT_CASE(slow_start__known_threshold__two_at_most),
	KUNIT_CASE(curve__largest_window__stays_in_it),
	{}
};

static struct kunit_suite cubic_suite = {
	.name = "cubic",
	.exit = bare_exit,
	.test_cases = cubic_cases,
};

kunit_test_suite(cubic_suite);

MODULE_DESCRIPTION("Tests of CUBIC");
MODULE_LICENSE("GPL");
