// SPDX-License-Identifier: GPL-2.0
/*
 * The defaults, against what the RFCs ask of them.
 */
#include <kunit/test.h>

#include "cong.h"
#include "rto.h"
#include "settings.h"

/* How long @retries timeouts take, from @rto_us on: RFC 6298 §5.5. */
static u64 patience_us(u64 rto_us, u8 retries)
{
	u64 total_us = 0;
	int i;

	/* the last retransmission is waited for, too */
	for (i = 0; i <= retries; i++) {
		total_us += rto_us;
		rto_us = min_t(u64, 2 * rto_us, CLASP_RTO_MAX_US);
	}

	return total_us;
}

static struct clasp_settings *defaults(struct kunit *test)
{
	struct clasp_settings *s = kunit_kzalloc(test, sizeof(*s), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, s);
	/* whatever was there before */
	memset(s, 0xff, sizeof(*s));
	clasp_settings_init(s);

	return s;
}

/* MUST-23: R2 for a SYN is at least 3 minutes. */
static void init__syn_retries__three_minutes(struct kunit *test)
{
	struct clasp_settings *s = defaults(test);

	KUNIT_EXPECT_EQ(test, s->syn_retries, 7);
	KUNIT_EXPECT_EQ(test, s->synack_retries, 5);
	KUNIT_EXPECT_GE(test, patience_us(USEC_PER_SEC, s->syn_retries),
			180 * (u64)USEC_PER_SEC);
}

/* MUST-20, SHLD-10 and SHLD-11: R1 of 3 and more, R2 of 100 s and more. */
static void init__data_retries__r1_three_r2_hundred_seconds(struct kunit *test)
{
	struct clasp_settings *s = defaults(test);

	KUNIT_EXPECT_GE(test, s->retries1, 3);
	KUNIT_EXPECT_LT(test, s->retries1, s->retries2);
	KUNIT_EXPECT_GE(test,
			patience_us(CLASP_MS(s->rto_min_ms), s->retries2),
			100 * (u64)USEC_PER_SEC);
	KUNIT_EXPECT_LT(test, s->orphan_retries, s->retries2);
	KUNIT_EXPECT_GT(test, s->orphan_retries, 0);
}

/* MUST-40: an ACK is never delayed by 0.5 s. */
static void init__delayed_ack__under_half_a_second(struct kunit *test)
{
	struct clasp_settings *s = defaults(test);

	KUNIT_EXPECT_TRUE(test, s->delayed_ack);
	KUNIT_EXPECT_EQ(test, s->delayed_ack_ms, 40u);
	/* and the other side's least timeout leaves room for it */
	KUNIT_EXPECT_LT(test, s->delayed_ack_ms, s->rto_min_ms);
}

/* MUST-13: 2 MSL. The MSL is 30 s (docs/protocol.md §4). */
static void init__time_wait__two_msl(struct kunit *test)
{
	struct clasp_settings *s = defaults(test);

	KUNIT_EXPECT_EQ(test, s->time_wait_ms, 60000u);
	KUNIT_EXPECT_EQ(test, s->fin_timeout_ms, 60000u);
}

/* RFC 6928: ten segments. docs/protocol.md §4: 200 ms. */
static void init__sending__ten_segments_and_reno(struct kunit *test)
{
	struct clasp_settings *s = defaults(test);

	KUNIT_EXPECT_EQ(test, s->initial_cwnd, 10u);
	KUNIT_EXPECT_EQ(test, s->rto_min_ms, 200u);
	KUNIT_EXPECT_PTR_EQ(test, s->congestion_control, &clasp_cubic);
}

/* RFC 5961 §7: answers to strangers are few. */
static void init__challenge_ack__two_a_second(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, defaults(test)->challenge_ack_ms, 500u);
}

/* Each switch is there to turn something off; none is off by itself. */
static void init__switches__everything_works(struct kunit *test)
{
	struct clasp_settings *s = defaults(test);

	KUNIT_EXPECT_TRUE(test, s->timestamps);
	KUNIT_EXPECT_TRUE(test, s->nagle);
	KUNIT_EXPECT_TRUE(test, s->fast_retransmit);
	KUNIT_EXPECT_TRUE(test, s->flow_control);
	/* MUST-9: the numbers of the textbook can be predicted */
	KUNIT_EXPECT_FALSE(test, s->isn_fixed);
}

/* tcp(7)'s, which programs and people are used to. */
static void init__patience__as_tcp(struct kunit *test)
{
	struct clasp_settings *s = defaults(test);

	KUNIT_EXPECT_EQ(test, s->keepalive_time_s, 7200);
	KUNIT_EXPECT_EQ(test, s->keepalive_intvl_s, 75);
	KUNIT_EXPECT_EQ(test, s->keepalive_probes, 9);
	KUNIT_EXPECT_EQ(test, s->orphan_retries, 8);
	KUNIT_EXPECT_EQ(test, s->retries1, 3);
	KUNIT_EXPECT_EQ(test, s->retries2, 15);
}

static struct kunit_case settings_cases[] = {
	KUNIT_CASE(init__syn_retries__three_minutes),
	KUNIT_CASE(init__data_retries__r1_three_r2_hundred_seconds),
	KUNIT_CASE(init__delayed_ack__under_half_a_second),
	KUNIT_CASE(init__time_wait__two_msl),
	KUNIT_CASE(init__sending__ten_segments_and_reno),
	KUNIT_CASE(init__challenge_ack__two_a_second),
	KUNIT_CASE(init__switches__everything_works),
	KUNIT_CASE(init__patience__as_tcp),
	{}
};

static struct kunit_suite settings_suite = {
	.name = "settings",
	.test_cases = settings_cases,
};

kunit_test_suite(settings_suite);
