// SPDX-License-Identifier: GPL-2.0
/*
 * The user timeout, and what else a program chooses of a connection's end.
 */
#include <kunit/test.h>

#include "bare.h"
#include "peer.h"
#include "usertimeout.h"

#define SECONDS	((u64)USEC_PER_SEC)

static u64 deadline_us(const struct clasp_conn *c)
{
	return clasp_timer_at(c, CLASP_TIMER_USER_TIMEOUT, BARE_NOW);
}

static void arm__not_set__never(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_user_timeout_arm(c, true, BARE_NOW);

	KUNIT_EXPECT_EQ(test, deadline_us(c), 0ull);
}

static void arm__something_waits__from_when_it_began(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_annex(c)->user.timeout_ms = 5000;
	clasp_user_timeout_arm(c, true, BARE_NOW);
	clasp_user_timeout_arm(c, true, BARE_NOW + 3 * SECONDS);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + 5 * SECONDS);

	clasp_user_timeout_progress(c);
	clasp_user_timeout_arm(c, true, BARE_NOW + 4 * SECONDS);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + 9 * SECONDS);
}

static void arm__nothing_waits__no_timer(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_annex(c)->user.timeout_ms = 5000;
	clasp_user_timeout_arm(c, true, BARE_NOW);
	clasp_user_timeout_arm(c, false, BARE_NOW + SECONDS);
	KUNIT_EXPECT_EQ(test, deadline_us(c), 0ull);

	clasp_user_timeout_arm(c, true, BARE_NOW + 2 * SECONDS);
	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + 7 * SECONDS);
}

static struct peer *impatient(struct kunit *test, u32 ms)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	clasp_annex(p->conn)->user.timeout_ms = ms;

	return p;
}

/* MUST-21: the program sets R2 */
static void established__data_unacked__over_on_the_dot(struct kunit *test)
{
	struct peer *p = impatient(test, 3000);

	program_writes(p, 100);
	time_passes(p, 3 * SECONDS - 1);
	EXPECT_STATE(p, ESTABLISHED);

	time_passes(p, 1);
	EXPECT_STATE(p, CLOSED);
	KUNIT_EXPECT_EQ(test, p->conn->error, ETIMEDOUT);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->flags & RST, 0);
}

/* Longer than R2, too: nine hours, where fifteen retries end after one. */
static void established__longer_than_r2__not_before(struct kunit *test)
{
	struct peer *p = impatient(test, 7200 * 1000);

	program_writes(p, 100);
	time_passes(p, 7199 * SECONDS);
	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_GT(test, p->conn->retries, 15);

	time_passes(p, 1 * SECONDS);
	EXPECT_STATE(p, CLOSED);
}

static void established__progress__begins_anew(struct kunit *test)
{
	struct peer *p = impatient(test, 3000);

	program_writes(p, 200);
	time_passes(p, 2 * SECONDS);
	peer_sends(p, ACK, .ack = p->snd_nxt + 100);
	time_passes(p, 2 * SECONDS);
	EXPECT_STATE(p, ESTABLISHED);
	time_passes(p, 1 * SECONDS);
	EXPECT_STATE(p, CLOSED);
}

/* tcp(7): also when buffered data cannot be sent, though probes are answered */
static void established__window_shut__over_though_answered(struct kunit *test)
{
	struct peer *p = impatient(test, 10000);
	int i;

	p->window = 0;
	peer_sends(p, ACK);
	program_writes(p, 100);
	for (i = 0; i < 9; i++) {
		time_passes(p, 1 * SECONDS);
		peer_sends(p, ACK);
	}
	EXPECT_STATE(p, ESTABLISHED);
	time_passes(p, 1 * SECONDS);
	EXPECT_STATE(p, CLOSED);
	KUNIT_EXPECT_EQ(test, p->conn->error, ETIMEDOUT);
}

static void established__idle__never(struct kunit *test)
{
	struct peer *p = impatient(test, 1000);

	time_passes(p, 3600 * SECONDS);
	EXPECT_STATE(p, ESTABLISHED);
}

/* MUST-22 */
static void syn_sent__user_timeout__over(struct kunit *test)
{
	struct peer *p = peer_new(test);

	clasp_annex(p->conn)->user.timeout_ms = 2500;
	program_connects(p);
	time_passes(p, 2499 * USEC_PER_MSEC);
	EXPECT_STATE(p, SYN_SENT);
	time_passes(p, 1 * USEC_PER_MSEC);
	EXPECT_STATE(p, CLOSED);
	KUNIT_EXPECT_EQ(test, p->conn->error, ETIMEDOUT);
}

/* CLASP_SYNCNT: SYNs at 0, 1, 3 s; given up at 7 s. */
static void syn_sent__two_retries__three_syns(struct kunit *test)
{
	struct peer *p = peer_new(test);

	clasp_annex(p->conn)->user.syn_retries = 2;
	program_connects(p);
	time_passes(p, 7 * SECONDS - 1);
	KUNIT_EXPECT_EQ(test, peer_count_sent(p), 3);
	EXPECT_STATE(p, SYN_SENT);
	time_passes(p, 1);
	EXPECT_STATE(p, CLOSED);
}

/* CLASP_LINGER2 */
static void fin_wait_2__orphan__as_long_as_the_program_said(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	clasp_annex(p->conn)->user.linger2_s = 7;
	program_leaves(p);
	peer_sends(p, ACK, .ack = p->snd_nxt + 1);
	EXPECT_STATE(p, FIN_WAIT_2);
	time_passes(p, 7 * SECONDS - 1);
	EXPECT_STATE(p, FIN_WAIT_2);
	time_passes(p, 1);
	EXPECT_STATE(p, CLOSED);
}

static void fin_wait_2__no_waiting_wanted__reset(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	clasp_annex(p->conn)->user.linger2_s = -1;
	program_leaves(p);
	EXPECT_STATE(p, FIN_WAIT_1);
	peer_forgets(p);
	peer_sends(p, ACK, .ack = p->snd_nxt + 1);

	EXPECT_SENT(p, RST | ACK, .seq = p->snd_nxt + 1);
	EXPECT_STATE(p, CLOSED);
}

/* cork: full segments alone, but nothing for ever (MUST-60). */
static void established__corked__the_rest_waits_for_the_timer(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	clasp_annex(p->conn)->user.corked = true;
	program_writes(p, 100);
	EXPECT_SENT_NOTHING(p);

	time_passes(p, 10 * SECONDS);
	EXPECT_SENT(p, ACK | PSH, .len = 100);
}

/* cork: and the rest once it is let go */
static void established__corked__full_segments_leave(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	clasp_annex(p->conn)->user.corked = true;
	program_writes(p, 2 * PEER_MSS + 100);
	EXPECT_SENT(p, ACK, .len = PEER_MSS);
	EXPECT_SENT(p, ACK, .len = PEER_MSS);
	EXPECT_SENT_NOTHING(p);

	clasp_annex(p->conn)->user.corked = false;
	peer_pushes(p);
	EXPECT_SENT(p, ACK | PSH, .len = 100);
}

/* msg-more: closing ends the waiting */
static void established__more_follows_and_close__leaves(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	p->conn->more_follows = true;
	program_writes(p, 100);
	EXPECT_SENT_NOTHING(p);

	program_closes(p);
	EXPECT_SENT(p, FIN | ACK | PSH, .len = 100);
}

static struct kunit_case usertimeout_cases[] = {
	KUNIT_CASE(arm__not_set__never),
	KUNIT_CASE(arm__something_waits__from_when_it_began),
	KUNIT_CASE(arm__nothing_waits__no_timer),
	KUNIT_CASE(established__data_unacked__over_on_the_dot),
	KUNIT_CASE(established__longer_than_r2__not_before),
	KUNIT_CASE(established__progress__begins_anew),
	KUNIT_CASE(established__window_shut__over_though_answered),
	KUNIT_CASE(established__idle__never),
	KUNIT_CASE(syn_sent__user_timeout__over),
	KUNIT_CASE(syn_sent__two_retries__three_syns),
	KUNIT_CASE(fin_wait_2__orphan__as_long_as_the_program_said),
	KUNIT_CASE(fin_wait_2__no_waiting_wanted__reset),
	KUNIT_CASE(established__corked__the_rest_waits_for_the_timer),
	KUNIT_CASE(established__corked__full_segments_leave),
	KUNIT_CASE(established__more_follows_and_close__leaves),
	{}
};

static struct kunit_suite usertimeout_suite = {
	.name = "usertimeout",
	.exit = bare_exit,
	.test_cases = usertimeout_cases,
};

kunit_test_suite(usertimeout_suite);

MODULE_DESCRIPTION("Tests of the user timeout and other choices");
MODULE_LICENSE("GPL");
