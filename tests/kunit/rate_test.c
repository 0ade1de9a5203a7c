// SPDX-License-Identifier: GPL-2.0
/*
 * Delivery rate samples: draft-cheng-iccrg-delivery-rate-estimation.
 */
#include <kunit/test.h>

#include "bare.h"

#define MS	((u64)USEC_PER_MSEC)

static struct clasp_conn *measured(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	/* counters that wrap soon */
	c->rate.delivered = 0xfffff000u;
	c->rate.lost = 0xffffffffu;

	return c;
}

static void sends(struct clasp_conn *c, struct clasp_sent *sent, u32 len,
		  u64 now_us)
{
	*sent = (struct clasp_sent){
		.seq = c->snd_nxt, .end_seq = c->snd_nxt + len,
	};
	clasp_rate_sent(c, sent, now_us);
	sent->sent_us = now_us;
	c->snd_nxt += len;
}

static struct clasp_sample arrives(struct clasp_conn *c,
				   const struct clasp_sent *sent, u64 now_us)
{
	struct clasp_sample s = { .now_us = now_us };

	clasp_rate_delivered(c, sent, &s);
	c->snd_una = sent->end_seq;
	s.acked = sent->end_seq - sent->seq;
	s.delivered = s.acked;
	clasp_rate_done(c, &s);

	return s;
}

static void of__bytes_and_time__bytes_a_second(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, clasp_rate_of(1000, 1000), 1000000ull);
	KUNIT_EXPECT_EQ(test, clasp_rate_of(U32_MAX, 1),
			U32_MAX * (u64)USEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, clasp_rate_of(5, 0), 0ull);
}

static void first_segment__over_its_round_trip(struct kunit *test)
{
	struct clasp_conn *c = measured(test);
	struct clasp_sent sent;
	struct clasp_sample s;

	sends(c, &sent, 1000, BARE_NOW);
	s = arrives(c, &sent, BARE_NOW + 100 * MS);

	KUNIT_EXPECT_EQ(test, s.interval_us, (u32)(100 * MS));
	KUNIT_EXPECT_EQ(test, s.rate_delivered, 1000u);
	KUNIT_EXPECT_EQ(test, s.rate, 10000ull);
	KUNIT_EXPECT_EQ(test, s.tx_flight, 1000u);
	KUNIT_EXPECT_EQ(test, s.rate_lost, 0u);
	KUNIT_EXPECT_FALSE(test, s.app_limited);
	KUNIT_EXPECT_EQ(test, c->rate.delivered, 0xfffff000u + 1000);
}

/* Sent at once, they arrive 10 ms apart: 1000 bytes each 10 ms. */
static void burst__rate_of_the_path(struct kunit *test)
{
	struct clasp_conn *c = measured(test);
	struct clasp_sent sent[30];
	struct clasp_sample s;
	int i;

	for (i = 0; i < 10; i++)
		sends(c, &sent[i], 1000, BARE_NOW);
	for (i = 0; i < 20; i++) {
		u64 now_us = BARE_NOW + (100 + 10 * i) * MS;

		arrives(c, &sent[i], now_us);
		sends(c, &sent[10 + i], 1000, now_us);
	}
	/* the third flight: each was sent when another had arrived */
	arrives(c, &sent[20], BARE_NOW + 300 * MS);
	s = arrives(c, &sent[21], BARE_NOW + 310 * MS);

	KUNIT_EXPECT_EQ(test, s.rate_delivered, 10000u);
	KUNIT_EXPECT_EQ(test, s.interval_us, (u32)(100 * MS));
	KUNIT_EXPECT_EQ(test, s.rate, 100000ull);
}

/* Acknowledgments that come at once do not make the path faster. */
static void acks_compressed__time_of_the_sending(struct kunit *test)
{
	struct clasp_conn *c = measured(test);
	struct clasp_sent sent[11];
	struct clasp_sample s;
	int i;

	for (i = 0; i < 11; i++)
		sends(c, &sent[i], 1000, BARE_NOW + 10 * i * MS);
	arrives(c, &sent[0], BARE_NOW + 200 * MS);
	for (i = 1; i < 11; i++)
		s = arrives(c, &sent[i], BARE_NOW + 201 * MS);

	/* over 201 ms since the flight began, not over the last of them */
	KUNIT_EXPECT_EQ(test, s.interval_us, (u32)(201 * MS));
	KUNIT_EXPECT_EQ(test, s.rate_delivered, 11000u);
}

/* The sample is the newest range's, whatever the order they are told in. */
static void several_arrive__newest_counts(struct kunit *test)
{
	struct clasp_conn *c = measured(test);
	struct clasp_sample s = { .now_us = BARE_NOW + 100 * MS };
	struct clasp_sent a, b;

	sends(c, &a, 1000, BARE_NOW);
	c->rate.delivered += 500;
	sends(c, &b, 2000, BARE_NOW + MS);
	clasp_rate_delivered(c, &b, &s);
	clasp_rate_delivered(c, &a, &s);

	KUNIT_EXPECT_EQ(test, s.prior_delivered, b.delivered);
	KUNIT_EXPECT_EQ(test, s.tx_flight, 3000u);
}

/* Below the round trip it was no delivery, but a spurious retransmission. */
static void faster_than_the_path__no_sample(struct kunit *test)
{
	struct clasp_conn *c = measured(test);
	struct clasp_sent sent;
	struct clasp_sample s;

	c->rto.min_rtt_us = 50 * MS;
	sends(c, &sent, 1000, BARE_NOW);
	s = arrives(c, &sent, BARE_NOW + 49 * MS);

	KUNIT_EXPECT_EQ(test, s.interval_us, 0u);
	KUNIT_EXPECT_EQ(test, s.rate, 0ull);
}

static void nothing_arrived__no_sample(struct kunit *test)
{
	struct clasp_conn *c = measured(test);
	struct clasp_sample s = { .now_us = BARE_NOW };

	clasp_rate_done(c, &s);

	KUNIT_EXPECT_EQ(test, s.interval_us, 0u);
	KUNIT_EXPECT_EQ(test, c->rate.delivered, 0xfffff000u);
}

static void lost_meanwhile__counted(struct kunit *test)
{
	struct clasp_conn *c = measured(test);
	struct clasp_sent sent;
	struct clasp_sample s;

	sends(c, &sent, 1000, BARE_NOW);
	c->rate.lost += 700;
	s = arrives(c, &sent, BARE_NOW + 100 * MS);

	KUNIT_EXPECT_EQ(test, s.rate_lost, 700u);
}

/* What the program left free until all of that has arrived. */
static void program_limits__samples_say_so(struct kunit *test)
{
	struct clasp_conn *c = measured(test);
	struct clasp_sent a, b, later;
	struct clasp_sample s;

	sends(c, &a, 1000, BARE_NOW);
	clasp_rate_limited(c);
	sends(c, &b, 1000, BARE_NOW + MS);

	s = arrives(c, &a, BARE_NOW + 100 * MS);
	KUNIT_EXPECT_FALSE(test, s.app_limited);
	s = arrives(c, &b, BARE_NOW + 101 * MS);
	KUNIT_EXPECT_TRUE(test, s.app_limited);

	sends(c, &later, 1000, BARE_NOW + 102 * MS);
	s = arrives(c, &later, BARE_NOW + 202 * MS);
	KUNIT_EXPECT_FALSE(test, s.app_limited);
}

/* After a pause a flight is measured from its own beginning. */
static void pause__not_measured(struct kunit *test)
{
	struct clasp_conn *c = measured(test);
	struct clasp_sent sent;
	struct clasp_sample s;

	sends(c, &sent, 1000, BARE_NOW);
	arrives(c, &sent, BARE_NOW + 100 * MS);
	sends(c, &sent, 1000, BARE_NOW + 5000 * MS);
	s = arrives(c, &sent, BARE_NOW + 5100 * MS);

	KUNIT_EXPECT_EQ(test, s.interval_us, (u32)(100 * MS));
}

/* Faster than the least round trip nothing arrives; as fast, it does. */
static void done__as_fast_as_the_round_trip__is_believed(struct kunit *test)
{
	struct clasp_conn *c = measured(test);
	struct clasp_sample s;
	struct clasp_sent sent;

	c->rto.min_rtt_us = 10 * MS;
	sends(c, &sent, 1000, BARE_NOW);
	s = arrives(c, &sent, BARE_NOW + 10 * MS);
	KUNIT_EXPECT_EQ(test, s.rate, 100000ull);

	sends(c, &sent, 1000, BARE_NOW + 20 * MS);
	s = arrives(c, &sent, BARE_NOW + 30 * MS - 1);
	KUNIT_EXPECT_EQ(test, s.rate, 0ull);
}

static struct kunit_case rate_cases[] = {
	KUNIT_CASE(of__bytes_and_time__bytes_a_second),
	KUNIT_CASE(first_segment__over_its_round_trip),
	KUNIT_CASE(burst__rate_of_the_path),
	KUNIT_CASE(acks_compressed__time_of_the_sending),
	KUNIT_CASE(several_arrive__newest_counts),
	KUNIT_CASE(faster_than_the_path__no_sample),
	KUNIT_CASE(nothing_arrived__no_sample),
	KUNIT_CASE(lost_meanwhile__counted),
	KUNIT_CASE(program_limits__samples_say_so),
	KUNIT_CASE(pause__not_measured),
	KUNIT_CASE(done__as_fast_as_the_round_trip__is_believed),
	{}
};

static struct kunit_suite rate_suite = {
	.name = "rate",
	.exit = bare_exit,
	.test_cases = rate_cases,
};

kunit_test_suite(rate_suite);

MODULE_DESCRIPTION("Tests of delivery rate samples");
MODULE_LICENSE("GPL");
