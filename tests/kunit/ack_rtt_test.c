// SPDX-License-Identifier: GPL-2.0
/*
 * Which acknowledgments measure the round trip: RFC 6298 §3 (Karn), RFC 7323 §4.
 */
#include <kunit/test.h>

#include "ack.h"
#include "bare.h"

#define RTT	(80 * (u64)USEC_PER_MSEC)
#define LATER	(BARE_NOW + RTT)

static void acked(struct clasp_conn *c, u32 len)
{
	struct clasp_segment seg = bare_acking(c, len);

	clasp_ack_take(c, &seg, LATER);
}

/* The newest range says most of the path as it is now. */
static void new__several_ranges__newest_is_measured(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 1000)->sent_us = BARE_NOW - 50000;
	bare_sent(c, 1000);
	bare_sent(c, 1000)->sent_us = BARE_NOW + 70000;
	acked(c, 2000);
	KUNIT_EXPECT_EQ(test, c->rto.srtt_us, (u32)RTT);

	/* RFC 6298 §2.3: 7/8 of that and 1/8 of the third */
	acked(c, 1000);
	KUNIT_EXPECT_EQ(test, c->rto.srtt_us, (u32)RTT - 70000 / 8);
}

/* A range leaves at one time: its first segment measures as well as its last. */
static void new__part_of_a_range__measured(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 1000);
	acked(c, 999);

	KUNIT_EXPECT_EQ(test, c->rto.srtt_us, (u32)RTT);
	KUNIT_EXPECT_EQ(test, c->snd_una, BARE_SEQ + 999);
}

/* karn: "MUST NOT be made using segments that were retransmitted" */
static void new__sent_twice__not_measured(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 1000)->marks = CLASP_SENT_TWICE;
	bare_sent(c, 1000);
	c->rto.backoff = 3;
	acked(c, 2000);

	KUNIT_EXPECT_EQ(test, c->rto.srtt_us, 0u);
	/* and so the backed-off timeout is kept for what is sent next */
	KUNIT_EXPECT_EQ(test, c->rto.backoff, 3);
}

static void new__measured__backoff_ends(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 1000);
	c->rto.backoff = 3;
	acked(c, 1000);

	KUNIT_EXPECT_EQ(test, c->rto.backoff, 0);
}

/* 2^32 µs are 72 minutes: a suspended machine's sample must not wrap. */
static void new__hours_later__longest_timeout(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 1000)->sent_us = LATER - (1ull << 32) - RTT;
	acked(c, 1000);

	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&c->rto),
			(u32)CLASP_RTO_MAX_US);
}

/* With timestamps in force; our clock said @ago_ms when it was sent. */
static struct clasp_segment echo(struct clasp_conn *c, u32 len, u32 ago_ms)
{
	struct clasp_segment seg = bare_acking(c, len);

	c->ts.on = true;
	c->ts.offset = 1000;
	seg.has = CLASP_HAS_TIMESTAMPS;
	seg.tsecr = clasp_timestamps_value(&c->ts, LATER) - ago_ms;

	return seg;
}

/* RFC 7323 §4.1: the echo tells the two copies apart. */
static void new__sent_twice_with_timestamps__measured(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment seg;

	bare_sent(c, 1000)->marks = CLASP_SENT_TWICE;
	c->rto.backoff = 3;
	seg = echo(c, 1000, 30);
	clasp_ack_take(c, &seg, LATER);

	KUNIT_EXPECT_EQ(test, c->rto.srtt_us, 30000u);
	KUNIT_EXPECT_EQ(test, c->rto.backoff, 0);
}

/* An echo that cannot be ours: absent, zero, or of the future. */
static void new__echo_of_no_use__not_measured(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment seg;

	bare_sent(c, 3000)->marks = CLASP_SENT_TWICE;

	seg = echo(c, 1000, 30);
	seg.has = 0;
	clasp_ack_take(c, &seg, LATER);

	seg = echo(c, 1000, 30);
	seg.tsecr = 0;
	clasp_ack_take(c, &seg, LATER);

	seg = echo(c, 500, -1);
	clasp_ack_take(c, &seg, LATER);

	seg = echo(c, 500, 30);
	c->ts.on = false;
	clasp_ack_take(c, &seg, LATER);

	KUNIT_EXPECT_EQ(test, c->snd_una, c->snd_nxt);
	KUNIT_EXPECT_EQ(test, c->rto.srtt_us, 0u);
}

/* The shortest measured stays inside what the margin allows. */
static void new__least_timeout__from_the_setting(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_settings(c)->rto_min_ms = 1000;
	bare_sent(c, 1000);
	acked(c, 1000);

	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&c->rto),
			(u32)(RTT + 1000000));
}

static struct clasp_conn *syn_sent(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_SYN_SENT);

	c->snd_una = c->iss;
	c->lost_seq = c->iss;
	c->fack = c->iss;
	c->syn_us = BARE_NOW;

	return c;
}

static void syn__sent_once__measured(struct kunit *test)
{
	struct clasp_conn *c = syn_sent(test);

	clasp_ack_of_syn(c, c->iss + 1, LATER);

	KUNIT_EXPECT_EQ(test, c->snd_una, c->iss + 1);
	KUNIT_EXPECT_EQ(test, c->lost_seq, c->snd_una);
	KUNIT_EXPECT_EQ(test, c->fack, c->snd_una);
	KUNIT_EXPECT_EQ(test, c->rto.srtt_us, (u32)RTT);
}

/* RFC 6298 §5.7, karn: three seconds, and no sample */
static void syn__timed_out__three_seconds(struct kunit *test)
{
	struct clasp_conn *c = syn_sent(test);

	c->retries = 2;
	clasp_ack_of_syn(c, c->iss + 1, LATER);

	KUNIT_EXPECT_EQ(test, c->rto.srtt_us, 0u);
	KUNIT_EXPECT_EQ(test, c->rto.rto_us, (u32)(3 * USEC_PER_SEC));
}

static struct kunit_case ack_rtt_cases[] = {
	KUNIT_CASE(new__several_ranges__newest_is_measured),
	KUNIT_CASE(new__part_of_a_range__measured),
	KUNIT_CASE(new__sent_twice__not_measured),
	KUNIT_CASE(new__measured__backoff_ends),
	KUNIT_CASE(new__hours_later__longest_timeout),
	KUNIT_CASE(new__sent_twice_with_timestamps__measured),
	KUNIT_CASE(new__echo_of_no_use__not_measured),
	KUNIT_CASE(new__least_timeout__from_the_setting),
	KUNIT_CASE(syn__sent_once__measured),
	KUNIT_CASE(syn__timed_out__three_seconds),
	{}
};

static struct kunit_suite ack_rtt_suite = {
	.name = "ack_rtt",
	.exit = bare_exit,
	.test_cases = ack_rtt_cases,
};

kunit_test_suite(ack_rtt_suite);
