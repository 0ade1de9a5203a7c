// SPDX-License-Identifier: GPL-2.0
/*
 * From the old window to the new one: RFC 6937 §3, §3.1's examples; RFC 9937.
 */
#include <kunit/test.h>

#include "ack.h"
#include "lossy.h"
#include "prr.h"

/* A flight, and a window of half of it to come to. */
static struct clasp_conn *reducing(struct kunit *test, u32 segments)
{
	struct clasp_conn *c = lossy_conn(test, segments);

	c->cong.ssthresh = segments / 2 * BARE_MSS;
	c->belief = CLASP_BELIEF_RECOVERY;
	c->sack_seen = true;
	clasp_prr_start(c);

	return c;
}

/* A segment arrives. Returns how many segments leave. */
static u32 arrives(struct clasp_conn *c, bool advanced, u32 lost)
{
	struct clasp_news news = {
		.sample = { .delivered = BARE_MSS, .lost = lost },
	};
	u32 quota;

	c->sacked += BARE_MSS;
	c->lost += lost;
	clasp_prr_update(c, &news, advanced);
	quota = clasp_cong_quota(c) / BARE_MSS;
	clasp_prr_sent(c, quota * BARE_MSS);
	bare_sent(c, quota * BARE_MSS);

	return quota;
}

/*
 * §3.1, the table of PRR: one leaves for two that arrive, until ssthresh is
 * reached; in whole segments, where the RFC counts octets.
 */
static void update__more_than_ssthresh__in_proportion(struct kunit *test)
{
	static const u8 leave[] = {
		1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 0, 1, 1, 1,
	};
	struct clasp_conn *c = reducing(test, 20);
	unsigned int i;

	/* the first one was lost; each that arrives tells of it */
	c->lost = BARE_MSS;
	for (i = 0; i < ARRAY_SIZE(leave); i++)
		KUNIT_EXPECT_EQ_MSG(test, arrives(c, false, 0), leave[i],
				    "ACK %u", i);

	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), c->cong.ssthresh);
	KUNIT_EXPECT_EQ(test, c->prr.delivered, 19 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->prr.out, 10 * BARE_MSS);
}

/* At ssthresh: what arrives is what leaves. */
static void update__at_ssthresh__one_for_one(struct kunit *test)
{
	struct clasp_conn *c = reducing(test, 20);
	int i;

	c->lost = 10 * BARE_MSS;
	c->prr.delivered = 10 * BARE_MSS;
	c->prr.out = 10 * BARE_MSS;
	for (i = 0; i < 5; i++)
		KUNIT_EXPECT_EQ(test, arrives(c, false, 0), 1u);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, c->cong.ssthresh);
}

/*
 * Below it: a segment more for each that arrives, as in slow start (SSRB), but
 * only as long as nothing more is found lost (RFC 9937: SafeACK); else what
 * arrives (CRB).
 */
static void update__below_ssthresh__bounded(struct kunit *test)
{
	struct clasp_conn *c = reducing(test, 20);

	c->lost = 15 * BARE_MSS;
	c->prr.delivered = 2 * BARE_MSS;
	c->prr.out = 2 * BARE_MSS;
	KUNIT_EXPECT_EQ(test, arrives(c, true, 0), 2u);
	KUNIT_EXPECT_EQ(test, arrives(c, false, 0), 1u);
	KUNIT_EXPECT_EQ(test, arrives(c, true, BARE_MSS), 1u);
}

/* What was allowed and not sent before is made up for. */
static void update__below_ssthresh_and_behind__catches_up(struct kunit *test)
{
	struct clasp_conn *c = reducing(test, 20);

	c->lost = 12 * BARE_MSS;
	c->prr.delivered = 4 * BARE_MSS;
	c->prr.out = 2 * BARE_MSS;
	/* pipe is 7 then: 3 are missing, 3 may leave */
	KUNIT_EXPECT_EQ(test, arrives(c, false, 0), 3u);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), c->cong.ssthresh);
}

/* "Force a fast retransmit upon entering recovery" */
static void update__first__one_segment_at_least(struct kunit *test)
{
	struct clasp_conn *c = reducing(test, 20);
	struct clasp_news news = {};

	clasp_prr_update(c, &news, false);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), BARE_MSS);

	clasp_prr_sent(c, BARE_MSS);
	clasp_prr_update(c, &news, false);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 0u);
}

/* Rounded up, and no less than nothing: what left too much stays. */
static void update__in_proportion__ceiling(struct kunit *test)
{
	struct clasp_conn *c = reducing(test, 20);
	struct clasp_news news = { .sample.delivered = 1 };

	c->cong.ssthresh = 7000;
	c->prr.out = 1;
	/* CEIL(1 * 7000 / 20000) - 1 */
	clasp_prr_update(c, &news, false);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 0u);
	/* CEIL(4 * 7000 / 20000) - 1 */
	news.sample.delivered = 3;
	clasp_prr_update(c, &news, false);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 1u);

	c->prr.out = 5000;
	clasp_prr_update(c, &news, false);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 0u);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, clasp_conn_in_flight(c));
}

/* Nothing under way, huge numbers: neither a division by 0 nor an overflow. */
static void update__extremes__bounded(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_news news = { .sample.delivered = CLASP_WINDOW_MAX };

	c->cong.ssthresh = CLASP_WINDOW_MAX;
	clasp_prr_start(c);
	KUNIT_EXPECT_EQ(test, c->prr.flight, 1u);
	clasp_prr_update(c, &news, true);
	clasp_prr_update(c, &news, true);
	clasp_prr_update(c, &news, true);

	KUNIT_EXPECT_EQ(test, c->cong.cwnd, CLASP_WINDOW_MAX);
}

/* Without SACK a partial ACK's hole is sent at once: RFC 6582 §3.2 step 3 */
static void update__hole_of_a_partial_ack__one_segment(struct kunit *test)
{
	struct clasp_conn *c = reducing(test, 20);
	struct clasp_news news = { .sample.lost = BARE_MSS };

	c->prr.out = 19 * BARE_MSS;
	clasp_prr_update(c, &news, true);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), 0u);

	c->sack_seen = false;
	clasp_prr_update(c, &news, true);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), BARE_MSS);
}

static struct kunit_case prr_cases[] = {
	KUNIT_CASE(update__more_than_ssthresh__in_proportion),
	KUNIT_CASE(update__at_ssthresh__one_for_one),
	KUNIT_CASE(update__below_ssthresh__bounded),
	KUNIT_CASE(update__below_ssthresh_and_behind__catches_up),
	KUNIT_CASE(update__first__one_segment_at_least),
	KUNIT_CASE(update__in_proportion__ceiling),
	KUNIT_CASE(update__extremes__bounded),
	KUNIT_CASE(update__hole_of_a_partial_ack__one_segment),
	{}
};

static struct kunit_suite prr_suite = {
	.name = "prr",
	.exit = bare_exit,
	.test_cases = prr_cases,
};

kunit_test_suite(prr_suite);
