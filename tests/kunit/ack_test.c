// SPDX-License-Identifier: GPL-2.0
/*
 * A good acknowledgment: RFC 9293 §3.10.7.4, fifth; RFC 6298 §5; RFC 5681 §2.
 * What it measures is in ack_rtt_test.c.
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

/* Our FIN, behind what was written. */
static struct clasp_conn *fin_sent(struct kunit *test, enum clasp_state state)
{
	struct clasp_conn *c = bare_conn(test, state);

	c->fin_wanted = true;
	c->snd_nxt++;

	return c;
}

static u64 rto_at_us(const struct clasp_conn *c)
{
	return clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, BARE_NOW);
}

static void new__all_of_it__queue_is_done(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 1000);
	clasp_timer_set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW + 1);
	c->retries = 3;
	c->soft_error = ENETUNREACH;
	acked(c, 1000);

	KUNIT_EXPECT_EQ(test, c->snd_una, c->snd_nxt);
	KUNIT_EXPECT_TRUE(test, c->todo & CLASP_TODO_ACKED);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_acked, 1000ull);
	KUNIT_EXPECT_EQ(test, c->retries, 0);
	KUNIT_EXPECT_EQ(test, c->soft_error, 0u);
	/* RFC 6298 §5.2: turn the timer off */
	KUNIT_EXPECT_EQ(test, rto_at_us(c), 0ull);
}

/* RFC 6298 §5.3: restart it, so that it expires after RTO from now */
static void new__some_of_it__timer_restarts(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 1000);
	bare_sent(c, 1000);
	clasp_timer_set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW + 1);
	acked(c, 1000);

	KUNIT_EXPECT_EQ(test, c->snd_una, BARE_SEQ + 1000);
	KUNIT_EXPECT_EQ(test, rto_at_us(c),
			LATER + clasp_rto_interval(&c->rto));
}

/* RFC 6298 §2.2, RFC 5681 §3.1: one segment acknowledged in slow start */
static void new__sent_once__measured_and_window_grows(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 10000);
	acked(c, 10000);

	KUNIT_EXPECT_EQ(test, c->rto.srtt_us, (u32)RTT);
	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&c->rto), (u32)(RTT + 200000));
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 12 * BARE_MSS);
}

/* The flight that counts is the one before the ACK. */
static void new__all_of_a_full_window__it_was_in_use(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 5001);
	acked(c, 5001);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 12 * BARE_MSS);

	bare_sent(c, 2000);
	acked(c, 2000);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 12 * BARE_MSS);
}

/* RFC 5681 §2: what a duplicate acknowledgment is, and what is none. */
static void old__each_condition__duplicate_or_not(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment seg = bare_acking(c, 0);

	/* (a) nothing outstanding */
	clasp_ack_take(c, &seg, LATER);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.dupacks, 0u);

	bare_sent(c, 1000);
	clasp_ack_take(c, &seg, LATER);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.dupacks, 1u);

	/* (b) data */
	seg.len = 1;
	clasp_ack_take(c, &seg, LATER);
	seg.len = 0;
	/* (c) SYN or FIN */
	seg.flags = CLASP_ACK | CLASP_FIN;
	clasp_ack_take(c, &seg, LATER);
	seg.flags = CLASP_ACK | CLASP_SYN;
	clasp_ack_take(c, &seg, LATER);
	seg.flags = CLASP_ACK;
	/* (d) not the greatest acknowledgment */
	seg.ack--;
	clasp_ack_take(c, &seg, LATER);
	seg.ack++;
	/* (e) another window */
	seg.window++;
	clasp_ack_take(c, &seg, LATER);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.dupacks, 1u);

	/* which now is the last known */
	clasp_ack_take(c, &seg, LATER);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.dupacks, 2u);
}

/* Below SND.UNA: it says nothing, of the window neither. */
static void old__below_una__nothing(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment seg = bare_acking(c, -1);

	bare_sent(c, 1000);
	seg.seq++;
	seg.window = 5;
	clasp_ack_take(c, &seg, LATER);

	KUNIT_EXPECT_EQ(test, c->snd_una, BARE_SEQ);
	KUNIT_EXPECT_EQ(test, c->snd_wnd, BARE_WINDOW);
	KUNIT_EXPECT_EQ(test, c->todo, 0);
}

/* MUST-37: alive while probes are answered, for as long as it takes. */
static void any__window_zero__peer_lives(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 10, true);
	c->snd_wnd = 0;
	c->probes = 14;
	c->retries = 14;
	c->rto.backoff = 5;
	clasp_timer_set(c, CLASP_TIMER_PERSIST, LATER);
	acked(c, 0);

	KUNIT_EXPECT_EQ(test, c->probes, 0);
	KUNIT_EXPECT_EQ(test, c->retries, 0);
	/* but still asked as seldom as before */
	KUNIT_EXPECT_EQ(test, c->rto.backoff, 5);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_PERSIST, BARE_NOW), LATER);
}

static void any__window_opens__probing_ends(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment seg;

	bare_unsent(c, 10, true);
	c->snd_wnd = 0;
	c->probe_due = true;
	c->rto.backoff = 5;
	clasp_timer_set(c, CLASP_TIMER_PERSIST, LATER);
	seg = bare_acking(c, 0);
	seg.window = 1;
	clasp_ack_take(c, &seg, LATER);

	KUNIT_EXPECT_EQ(test, c->snd_wnd, 1u);
	KUNIT_EXPECT_FALSE(test, c->probe_due);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_PERSIST, BARE_NOW), 0ull);
	KUNIT_EXPECT_EQ(test, c->rto.backoff, 0);
}

/* Retransmissions into an open window are not answered by duplicates. */
static void any__window_open__retries_count_on(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 1000);
	c->retries = 14;
	c->rto.backoff = 5;
	acked(c, 0);

	KUNIT_EXPECT_EQ(test, c->retries, 14);
	KUNIT_EXPECT_EQ(test, c->rto.backoff, 5);
}

/* close-4way, close-simultaneous: our FIN takes one number, no octet. */
static void fin__acked__state_moves_on(struct kunit *test)
{
	struct clasp_conn *c = fin_sent(test, CLASP_FIN_WAIT_1);

	acked(c, 1);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_FIN_WAIT_2);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_acked, 0ull);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_FIN_WAIT_2, BARE_NOW), 0ull);

	c = fin_sent(test, CLASP_CLOSING);
	acked(c, 1);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_TIME_WAIT);

	c = fin_sent(test, CLASP_LAST_ACK);
	acked(c, 1);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_CLOSED);
	KUNIT_EXPECT_EQ(test, rto_at_us(c), 0ull);
}

/* Data before the FIN is not the FIN. */
static void fin__data_before_it_acked__stays(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_FIN_WAIT_1);

	bare_sent(c, 1000);
	c->fin_wanted = true;
	c->snd_nxt++;
	acked(c, 1000);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_FIN_WAIT_1);

	acked(c, 1);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_FIN_WAIT_2);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_acked, 1000ull);
}

/* finwait2-orphan: times out */
static void fin__acked_for_an_orphan__waits_no_longer_than_that(struct kunit *test)
{
	struct clasp_conn *c = fin_sent(test, CLASP_FIN_WAIT_1);

	c->orphan = true;
	acked(c, 1);

	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_FIN_WAIT_2, BARE_NOW),
			LATER + CLASP_MS(60000));
}

static struct kunit_case ack_cases[] = {
	KUNIT_CASE(new__all_of_it__queue_is_done),
	KUNIT_CASE(new__some_of_it__timer_restarts),
	KUNIT_CASE(new__sent_once__measured_and_window_grows),
	KUNIT_CASE(new__all_of_a_full_window__it_was_in_use),
	KUNIT_CASE(old__each_condition__duplicate_or_not),
	KUNIT_CASE(old__below_una__nothing),
	KUNIT_CASE(any__window_zero__peer_lives),
	KUNIT_CASE(any__window_opens__probing_ends),
	KUNIT_CASE(any__window_open__retries_count_on),
	KUNIT_CASE(fin__acked__state_moves_on),
	KUNIT_CASE(fin__data_before_it_acked__stays),
	KUNIT_CASE(fin__acked_for_an_orphan__waits_no_longer_than_that),
	{}
};

static struct kunit_suite ack_suite = {
	.name = "ack",
	.exit = bare_exit,
	.test_cases = ack_cases,
};

kunit_test_suite(ack_suite);
