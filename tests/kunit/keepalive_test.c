// SPDX-License-Identifier: GPL-2.0
/*
 * Keepalive: RFC 9293 §3.8.4.
 */
#include <kunit/test.h>

#include "bare.h"
#include "keepalive.h"
#include "peer.h"

#define HOURS	(3600 * (u64)USEC_PER_SEC)
#define SECONDS	((u64)USEC_PER_SEC)

static u64 deadline_us(const struct clasp_conn *c)
{
	return clasp_timer_at(c, CLASP_TIMER_KEEPALIVE, BARE_NOW);
}

/* An idle connection of a program that asked for it; heard at BARE_NOW. */
static struct clasp_conn *watched(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_annex(c)->user.keepalive = true;
	clasp_keepalive_heard(c, BARE_NOW);

	return c;
}

/* MUST-25 */
static void arm__not_asked_for__never(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_keepalive_arm(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, deadline_us(c), 0ull);

	/* asked for, and no more */
	clasp_timer_set(c, CLASP_TIMER_KEEPALIVE, BARE_NOW);
	clasp_keepalive_arm(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, deadline_us(c), 0ull);
	clasp_keepalive_timeout(c, BARE_NOW + 3 * HOURS);
	KUNIT_EXPECT_FALSE(test, c->keepalive_due);
}

static void arm__no_connection_yet__not_yet(struct kunit *test)
{
	struct clasp_conn *c = watched(test);

	c->state = CLASP_SYN_SENT;
	clasp_keepalive_arm(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, deadline_us(c), 0ull);
}

/* MUST-28 */
static void arm__asked_for__after_two_hours(struct kunit *test)
{
	struct clasp_conn *c = watched(test);

	clasp_keepalive_arm(c, BARE_NOW - 5);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + 2 * HOURS);

	/* segments do not move it */
	clasp_keepalive_heard(c, BARE_NOW + 7);
	clasp_keepalive_arm(c, BARE_NOW + 7);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + 2 * HOURS);
}

/* MUST-27, by the program and by the namespace */
static void arm__other_time__as_said(struct kunit *test)
{
	struct clasp_conn *c = watched(test);

	bare_settings(c)->keepalive_time_s = 100;
	clasp_keepalive_arm(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + 100 * SECONDS);

	clasp_timer_stop(c, CLASP_TIMER_KEEPALIVE);
	clasp_annex(c)->user.keepalive_idle_s = 10;
	clasp_keepalive_arm(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + 10 * SECONDS);
}

static void timeout__heard_since__set_again(struct kunit *test)
{
	struct clasp_conn *c = watched(test);

	clasp_keepalive_heard(c, BARE_NOW + HOURS);
	clasp_keepalive_timeout(c, BARE_NOW + 2 * HOURS);

	KUNIT_EXPECT_FALSE(test, c->keepalive_due);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + 3 * HOURS);
}

/* MUST-26: when no data is outstanding */
static void timeout__data_under_way__another_timer_finds_out(struct kunit *test)
{
	struct clasp_conn *c = watched(test);

	bare_sent(c, 100);
	clasp_keepalive_timeout(c, BARE_NOW + 2 * HOURS);

	KUNIT_EXPECT_FALSE(test, c->keepalive_due);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + 4 * HOURS);
}

/* MUST-29: one lost probe kills nothing; nine do */
static void timeout__no_answers__nine_probes_then_reset(struct kunit *test)
{
	struct clasp_conn *c = watched(test);
	u64 now_us = BARE_NOW + 2 * HOURS;
	int i;

	for (i = 0; i < 9; i++) {
		clasp_keepalive_timeout(c, now_us);
		KUNIT_EXPECT_TRUE(test, c->keepalive_due);
		KUNIT_EXPECT_EQ(test, deadline_us(c), now_us + 75 * SECONDS);
		KUNIT_EXPECT_EQ(test, c->state, CLASP_ESTABLISHED);
		c->keepalive_due = false;
		now_us += 75 * SECONDS;
	}

	clasp_keepalive_timeout(c, now_us);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_CLOSED);
	KUNIT_EXPECT_EQ(test, c->error, ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, c->reset_why, CLASP_SEND_RESET_KEEPALIVE);
}

/* MUST-47 */
static void timeout__soft_error_known__it_is_the_reason(struct kunit *test)
{
	struct clasp_conn *c = watched(test);

	clasp_annex(c)->user.keepalive_probes = 1;
	c->soft_error = EHOSTUNREACH;
	clasp_keepalive_timeout(c, BARE_NOW + 2 * HOURS);
	clasp_keepalive_timeout(c, BARE_NOW + 2 * HOURS + 75 * SECONDS);

	KUNIT_EXPECT_EQ(test, c->error, EHOSTUNREACH);
}

static void timeout__answered__begins_anew(struct kunit *test)
{
	struct clasp_conn *c = watched(test);
	u64 now_us = BARE_NOW + 2 * HOURS;

	clasp_keepalive_timeout(c, now_us);
	clasp_keepalive_heard(c, now_us + SECONDS);
	clasp_keepalive_timeout(c, now_us + 75 * SECONDS);

	KUNIT_EXPECT_EQ(test, c->keepalives, 0);
	KUNIT_EXPECT_EQ(test, deadline_us(c), now_us + SECONDS + 2 * HOURS);
}

/* tcp(7): with CLASP_USER_TIMEOUT that decides, not the count */
static void timeout__user_timeout__after_that_silence(struct kunit *test)
{
	struct clasp_conn *c = watched(test);
	u64 now_us = BARE_NOW + 10 * SECONDS;
	int i;

	clasp_annex(c)->user.keepalive_idle_s = 10;
	clasp_annex(c)->user.keepalive_intvl_s = 5;
	clasp_annex(c)->user.keepalive_probes = 1;
	clasp_annex(c)->user.timeout_ms = 30000;
	for (i = 0; i < 4; i++) {
		clasp_keepalive_timeout(c, now_us);
		KUNIT_EXPECT_EQ(test, c->state, CLASP_ESTABLISHED);
		now_us += 5 * SECONDS;
	}

	clasp_keepalive_timeout(c, now_us);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_CLOSED);
}

/* The whole way: an old sequence number, without data, that must be answered. */
static void established__silence__probe_and_answer(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	clasp_annex(p->conn)->user.keepalive = true;
	clasp_annex(p->conn)->user.keepalive_idle_s = 60;
	clasp_annex(p->conn)->user.keepalive_intvl_s = 30;
	peer_pushes(p);
	time_passes(p, 59 * SECONDS);
	EXPECT_SENT_NOTHING(p);
	time_passes(p, 1 * SECONDS);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt - 1, .ack = p->rcv_nxt,
		    .why = CLASP_SEND_PROBE_KEEPALIVE);

	peer_sends(p, ACK);
	time_passes(p, 59 * SECONDS);
	EXPECT_SENT_NOTHING(p);
	time_passes(p, 1 * SECONDS);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt - 1);
}

static void established__silence_for_ever__reset(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	clasp_annex(p->conn)->user.keepalive = true;
	peer_pushes(p);
	time_passes(p, 2 * HOURS + 8 * 75 * SECONDS);
	KUNIT_EXPECT_EQ(test, peer_count_sent(p), 9);
	peer_forgets(p);
	time_passes(p, 75 * SECONDS);

	EXPECT_SENT(p, RST | ACK, .seq = p->snd_nxt,
		    .why = CLASP_SEND_RESET_KEEPALIVE);
	EXPECT_STATE(p, CLOSED);
	KUNIT_EXPECT_EQ(test, p->conn->error, ETIMEDOUT);
}

/* The silence begins with the peer's SYN. */
static void opens__the_peer_was_heard(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	time_passes(p, 300 * USEC_PER_MSEC);
	peer_sends(p, SYN | ACK, .seq = PEER_ISS, .ack = OUR_ISS + 1);

	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, p->conn->heard_ms, clasp_stamp_ms(p->now_us));
}

static struct kunit_case keepalive_cases[] = {
	KUNIT_CASE(arm__not_asked_for__never),
	KUNIT_CASE(arm__no_connection_yet__not_yet),
	KUNIT_CASE(arm__asked_for__after_two_hours),
	KUNIT_CASE(arm__other_time__as_said),
	KUNIT_CASE(timeout__heard_since__set_again),
	KUNIT_CASE(timeout__data_under_way__another_timer_finds_out),
	KUNIT_CASE(timeout__no_answers__nine_probes_then_reset),
	KUNIT_CASE(timeout__soft_error_known__it_is_the_reason),
	KUNIT_CASE(timeout__answered__begins_anew),
	KUNIT_CASE(timeout__user_timeout__after_that_silence),
	KUNIT_CASE(established__silence__probe_and_answer),
	KUNIT_CASE(established__silence_for_ever__reset),
	KUNIT_CASE(opens__the_peer_was_heard),
	{}
};

static struct kunit_suite keepalive_suite = {
	.name = "keepalive",
	.exit = bare_exit,
	.test_cases = keepalive_cases,
};

kunit_test_suite(keepalive_suite);

MODULE_DESCRIPTION("Tests of keepalive");
MODULE_LICENSE("GPL");
