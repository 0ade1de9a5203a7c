// SPDX-License-Identifier: GPL-2.0
/*
 * Buffers that fit the path: rcvtune.c, sndtune.c.
 */
#include <kunit/test.h>

#include "bare.h"
#include "rcvtune.h"
#include "sndtune.h"

#define MS(n)	CLASP_MS(n)

/* Data with our timestamp of @sent_us on it. */
static struct clasp_segment echo(struct clasp_conn *c, u64 sent_us)
{
	c->ts.on = true;

	return (struct clasp_segment){
		.flags = CLASP_ACK, .len = 100, .has = CLASP_HAS_TIMESTAMPS,
		.tsecr = clasp_timestamps_value(&c->ts, sent_us),
	};
}

static void echoed(struct clasp_conn *c, u64 sent_us, u64 now_us)
{
	struct clasp_segment seg = echo(c, sent_us);

	clasp_rcvtune_data(c, &seg, now_us);
}

static void data__first_echo__the_round_trip(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	echoed(c, BARE_NOW, BARE_NOW + MS(80));

	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.rtt_us, MS(80));
}

static void data__more_echoes__smoothed(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	echoed(c, BARE_NOW, BARE_NOW + MS(80));
	echoed(c, BARE_NOW + MS(10), BARE_NOW + MS(10 + 160));

	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.rtt_us, MS(90));
}

/* What follows in the same flight has waited at the sender. */
static void data__same_echo_again__no_news(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	echoed(c, BARE_NOW, BARE_NOW + MS(80));
	echoed(c, BARE_NOW, BARE_NOW + MS(900));

	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.rtt_us, MS(80));
}

static void data__echo_of_the_future__not_believed(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	echoed(c, BARE_NOW + MS(500), BARE_NOW);

	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.rtt_us, 0);
}

static void data__echo_within_a_millisecond__counts_as_one(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	echoed(c, BARE_NOW, BARE_NOW + 1);

	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.rtt_us, MS(1));
}

/* Without timestamps: the least time that a window has taken. */
static void data__no_timestamps__a_window_takes_a_round_trip(struct kunit *test)
{
	struct clasp_segment seg = { .flags = CLASP_ACK, .len = 100 };
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	u64 now_us = BARE_NOW;

	clasp_rcvtune_data(c, &seg, now_us);
	c->rcv_nxt += BARE_BUFFER - 1;
	clasp_rcvtune_data(c, &seg, now_us + MS(70));
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.rtt_us, 0);

	c->rcv_nxt += 1;
	now_us += MS(100);
	clasp_rcvtune_data(c, &seg, now_us);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.rtt_us, MS(100));

	c->rcv_nxt += BARE_BUFFER;
	now_us += MS(400);
	clasp_rcvtune_data(c, &seg, now_us);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.rtt_us, MS(100));

	c->rcv_nxt += BARE_BUFFER;
	now_us += MS(60);
	clasp_rcvtune_data(c, &seg, now_us);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.rtt_us, MS(60));
}

/* A connection whose round trip is known: 100 ms. */
static struct clasp_conn *measured(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_annex(c)->rcvtune.rtt_us = MS(100);
	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV, BARE_NOW), 0);

	return c;
}

static void read__round_trip_unknown__as_it_is(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV + 50000,
						 BARE_NOW), 0);
}

/*
 * window-autotuning: twice what comes next: 50000 more than before, and as many
 * more again.
 */
static void read__more_than_before__twice_and_growing(struct kunit *test)
{
	struct clasp_conn *c = measured(test);

	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV + 30000,
						 BARE_NOW + MS(99)), 0);
	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV + 50000,
						 BARE_NOW + MS(100)),
			2 * (50000 + 49000) + 16 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV + 150000,
						 BARE_NOW + MS(200)),
			2 * (100000 + 50000) + 16 * BARE_MSS);
}

static void read__no_more_than_before__as_it_is(struct kunit *test)
{
	struct clasp_conn *c = measured(test);

	clasp_rcvtune_read(c, BARE_RCV + 50000, BARE_NOW + MS(100));
	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV + 100000,
						 BARE_NOW + MS(200)), 0);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.space, 50000);
}

/* Read in three round trips, it is a third of that in one. */
static void read__after_a_pause__its_share(struct kunit *test)
{
	struct clasp_conn *c = measured(test);

	clasp_rcvtune_read(c, BARE_RCV + 150000, BARE_NOW + MS(300));

	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.space, 50000);
}

/*
 * What waits behind a gap would have been read; it takes room besides, at once,
 * and what follows it a window.
 */
static void held__behind_a_gap__counts_as_read(struct kunit *test)
{
	struct clasp_conn *c = measured(test);
	u32 space = clasp_annex(c)->rcvtune.space;

	bare_hold(c, BARE_RCV + 1000, BARE_RCV + 41000, false);
	bare_hold(c, BARE_RCV + 42000, BARE_RCV + 50000, false);
	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV, BARE_NOW +
						 MS(50)),
			2 * (space + 50000) + 16 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV, BARE_NOW +
						 MS(100)),
			2 * (50000 + 50000 - space + 50000) + 16 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.space, 50000);
}

/* Then it is read: not a second time. */
static void held__gap_filled__no_news(struct kunit *test)
{
	struct clasp_conn *c = measured(test);

	bare_hold(c, BARE_RCV + 1000, BARE_RCV + 50000, false);
	clasp_rcvtune_read(c, BARE_RCV, BARE_NOW + MS(100));
	c->rcv_nxt += 50000;
	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV + 1000,
						 BARE_NOW + MS(200)), 0);
	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV + 60000,
						 BARE_NOW + MS(200)), 0);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.space, 50000);
}

static void read__enormous__largest_window(struct kunit *test)
{
	struct clasp_conn *c = measured(test);

	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV + 0x70000000,
						 BARE_NOW + MS(100)),
			CLASP_WINDOW_MAX);
}

static void read__switched_off__as_it_is(struct kunit *test)
{
	struct clasp_conn *c = measured(test);

	bare_settings(c)->moderate_rcvbuf = false;
	KUNIT_EXPECT_EQ(test, clasp_rcvtune_read(c, BARE_RCV + 50000,
						 BARE_NOW + MS(100)), 0);
}

static void wanted__window_not_full__two_windows(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_EQ(test, clasp_sndtune_wanted(c), 20 * BARE_MSS);

	c->cong.cwnd = CLASP_WINDOW_MAX;
	KUNIT_EXPECT_EQ(test, clasp_sndtune_wanted(c), CLASP_WINDOW_MAX);
}

/* More could not leave if there were more. */
static void wanted__window_full__as_it_is(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 9 * BARE_MSS + 1);
	KUNIT_EXPECT_EQ(test, clasp_sndtune_wanted(c), 0);
}

/* It may hold anything. */
static void data__an_option_not_agreed_on__no_measure(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment seg = echo(c, BARE_NOW);

	c->ts.on = false;
	clasp_rcvtune_data(c, &seg, BARE_NOW + MS(80));

	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.rtt_us, 0u);
}

/* 0 stands for none. */
static void data__a_window_in_no_time__one_microsecond(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment seg = { .flags = CLASP_ACK, .len = 100 };

	clasp_rcvtune_data(c, &seg, BARE_NOW);
	c->rcv_nxt += c->rcv_wnd;
	clasp_rcvtune_data(c, &seg, BARE_NOW);

	KUNIT_EXPECT_EQ(test, clasp_annex(c)->rcvtune.rtt_us, 1u);
}

static struct kunit_case rcvtune_cases[] = {
	KUNIT_CASE(data__first_echo__the_round_trip),
	KUNIT_CASE(data__more_echoes__smoothed),
	KUNIT_CASE(data__same_echo_again__no_news),
	KUNIT_CASE(data__echo_of_the_future__not_believed),
	KUNIT_CASE(data__echo_within_a_millisecond__counts_as_one),
	KUNIT_CASE(data__no_timestamps__a_window_takes_a_round_trip),
	KUNIT_CASE(read__round_trip_unknown__as_it_is),
	KUNIT_CASE(read__more_than_before__twice_and_growing),
	KUNIT_CASE(read__no_more_than_before__as_it_is),
	KUNIT_CASE(read__after_a_pause__its_share),
	KUNIT_CASE(held__behind_a_gap__counts_as_read),
	KUNIT_CASE(held__gap_filled__no_news),
	KUNIT_CASE(read__enormous__largest_window),
	KUNIT_CASE(read__switched_off__as_it_is),
	KUNIT_CASE(wanted__window_not_full__two_windows),
	KUNIT_CASE(wanted__window_full__as_it_is),
	KUNIT_CASE(data__an_option_not_agreed_on__no_measure),
	KUNIT_CASE(data__a_window_in_no_time__one_microsecond),
	{}
};

static struct kunit_suite rcvtune_suite = {
	.name = "rcvtune",
	.exit = bare_exit,
	.test_cases = rcvtune_cases,
};

kunit_test_suite(rcvtune_suite);

MODULE_DESCRIPTION("Tests of buffer sizes");
MODULE_LICENSE("GPL");
