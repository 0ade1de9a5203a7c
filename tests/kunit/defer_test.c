// SPDX-License-Identifier: GPL-2.0
/*
 * CLASP_DEFER_ACCEPT: no connection before there is data on it.
 */
#include <kunit/test.h>

#include "defer.h"
#include "peer.h"

static struct peer *peer_deferred(struct kunit *test, u8 tries)
{
	struct peer *p = peer_in(test, LISTEN);

	clasp_annex(p->conn)->user.defer_accept = tries;
	peer_sends(p, SYN, .seq = PEER_ISS);
	EXPECT_SENT(p, SYN | ACK);

	return p;
}

static void answers(struct peer *p, u32 len)
{
	peer_sends(p, ACK, .seq = PEER_ISS + 1, .ack = OUR_ISS + 1, .len = len);
}

/* tcp(7): a time becomes a number of timeouts, 1, 2, 4 ... s, and back. */
static void seconds__any__as_many_timeouts_as_it_takes(struct kunit *test)
{
	static const struct {
		int	seconds;
		u8	tries;
		int	told;
	} rows[] = {
		{ -1, 0, 0 }, { 0, 0, 0 }, { 1, 1, 1 }, { 2, 2, 3 },
		{ 3, 2, 3 }, { 4, 3, 7 }, { 7, 3, 7 }, { 8, 4, 15 },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		KUNIT_EXPECT_EQ(test, clasp_defer_tries(rows[i].seconds),
				rows[i].tries);
		KUNIT_EXPECT_EQ(test, clasp_defer_seconds(rows[i].tries),
				rows[i].told);
	}
	KUNIT_EXPECT_EQ(test, clasp_defer_tries(0x7fffffff), U8_MAX);
}

static void ack__not_deferred__opens(struct kunit *test)
{
	struct peer *p = peer_deferred(test, 0);

	answers(p, 0);

	EXPECT_STATE(p, ESTABLISHED);
}

static void ack__deferred__does_not_open(struct kunit *test)
{
	struct peer *p = peer_deferred(test, 3);

	answers(p, 0);

	EXPECT_DROPPED(p, DEFERRED);
	EXPECT_STATE(p, SYN_RCVD);
	EXPECT_SENT_NOTHING(p);
}

static void data__deferred__opens(struct kunit *test)
{
	struct peer *p = peer_deferred(test, 3);

	answers(p, 0);
	answers(p, 1);

	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, p->conn->rcv_nxt, PEER_ISS + 2);
}

static void fin__deferred__opens(struct kunit *test)
{
	struct peer *p = peer_deferred(test, 3);

	peer_sends(p, FIN | ACK, .seq = PEER_ISS + 1, .ack = OUR_ISS + 1);

	EXPECT_STATE(p, CLOSE_WAIT);
}

/* Who has answered is not asked again, but for once at the end. */
static void time__acked__asked_again_at_the_end(struct kunit *test)
{
	struct peer *p = peer_deferred(test, 3);

	answers(p, 0);
	time_passes(p, 3 * USEC_PER_SEC);
	EXPECT_SENT_NOTHING(p);
	time_passes(p, 4 * USEC_PER_SEC);
	EXPECT_SENT(p, SYN | ACK);
	EXPECT_SENT_NOTHING(p);

	answers(p, 0);
	EXPECT_STATE(p, ESTABLISHED);
}

static void time__not_acked__asked_again_as_ever(struct kunit *test)
{
	struct peer *p = peer_deferred(test, 3);

	time_passes(p, 3 * USEC_PER_SEC);

	EXPECT_SENT(p, SYN | ACK);
	EXPECT_SENT(p, SYN | ACK);
}

/* A long time is waited out, also past the limit for those who are silent. */
static void time__longer_than_a_syn_ack_lives__still_there(struct kunit *test)
{
	struct peer *p = peer_deferred(test, 8);

	answers(p, 0);
	time_passes(p, 100ull * USEC_PER_SEC);
	KUNIT_EXPECT_GT(test, p->embryo.retries, p->settings.synack_retries);
	EXPECT_STATE(p, SYN_RCVD);

	p = peer_deferred(test, 8);
	time_passes(p, 100ull * USEC_PER_SEC);
	EXPECT_STATE(p, LISTEN);
}

static void time__all_of_it_and_no_answer__forgotten(struct kunit *test)
{
	struct peer *p = peer_deferred(test, 2);

	answers(p, 0);
	time_passes(p, 200ull * USEC_PER_SEC);

	EXPECT_STATE(p, LISTEN);
}

/* The client's side: its ACK may ride on what it sends first. */
static void connect__deferred__ack_waits_for_data(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	peer_forgets(p);
	clasp_annex(p->conn)->user.defer_accept = 1;
	peer_sends(p, SYN | ACK, .seq = PEER_ISS, .ack = OUR_ISS + 1);
	EXPECT_STATE(p, ESTABLISHED);
	EXPECT_SENT_NOTHING(p);
	program_writes(p, 10);
	EXPECT_SENT(p, ACK | PSH, .ack = PEER_ISS + 1, .len = 10);
	time_passes(p, 100 * USEC_PER_MSEC);
	EXPECT_SENT_NOTHING(p);
}

static void connect__deferred_without_data__ack_in_the_end(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	peer_forgets(p);
	clasp_annex(p->conn)->user.defer_accept = 1;
	peer_sends(p, SYN | ACK, .seq = PEER_ISS, .ack = OUR_ISS + 1);
	time_passes(p, 250 * USEC_PER_MSEC);

	EXPECT_SENT(p, ACK, .ack = PEER_ISS + 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(seconds__any__as_many_timeouts_as_it_takes),
	KUNIT_CASE(ack__not_deferred__opens),
	KUNIT_CASE(ack__deferred__does_not_open),
	KUNIT_CASE(data__deferred__opens),
	KUNIT_CASE(fin__deferred__opens),
	KUNIT_CASE(time__acked__asked_again_at_the_end),
	KUNIT_CASE(time__not_acked__asked_again_as_ever),
	KUNIT_CASE(time__longer_than_a_syn_ack_lives__still_there),
	KUNIT_CASE(time__all_of_it_and_no_answer__forgotten),
	KUNIT_CASE(connect__deferred__ack_waits_for_data),
	KUNIT_CASE(connect__deferred_without_data__ack_in_the_end),
	{}
};

static struct kunit_suite suite = {
	.name = "defer",
	.test_cases = cases,
};

kunit_test_suite(suite);
