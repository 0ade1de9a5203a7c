// SPDX-License-Identifier: GPL-2.0
/*
 * conn.c, what the network says: segment sizes (RFC 9293 §3.7.1) and ICMP
 * (§3.9.2.2, RFC 5927).
 */
#include "peer.h"

/* MUST-15: what the peer did not say is the default of its IP version. */
static void mss__absent_from_the_syn__the_default(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	p->conn->peer_mss = CLASP_MSS_DEFAULT_V6;
	p->conn->path_mss = 9000;
	peer_sends(p, SYN | ACK, .has = 0);
	KUNIT_EXPECT_EQ(test, clasp_conn_mss(p->conn), 1220u);

	p = peer_in(test, SYN_SENT);
	p->conn->path_mss = 9000;
	peer_sends(p, SYN | ACK, .has = 0);
	KUNIT_EXPECT_EQ(test, clasp_conn_mss(p->conn), 536u);
}

/* MUST-16: the smallest rules, and options come off it (RFC 6691). */
static void mss__several_limits__the_smallest(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	p->conn->path_mss = 1400;
	peer_sends(p, SYN | ACK, .mss = 1300);
	KUNIT_EXPECT_EQ(test, clasp_conn_mss(p->conn), 1300u);
	p->conn->path_mss = 1200;
	KUNIT_EXPECT_EQ(test, clasp_conn_mss(p->conn), 1200u);
	p->conn->user_mss = 700;
	KUNIT_EXPECT_EQ(test, clasp_conn_mss(p->conn), 700u);
	p->conn->ts.on = true;
	KUNIT_EXPECT_EQ(test, clasp_conn_mss(p->conn), 688u);
}

static void path_mss__tiny__never_under_256(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	clasp_conn_path_mss(p->conn, 0);

	KUNIT_EXPECT_EQ(test, clasp_conn_mss(p->conn), CLASP_MSS_MIN);
}

/* RFC 1191: what no longer fits was lost, and is sent again smaller. */
static void path_mss__shrinks__all_under_way_sent_again(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	program_writes(p, 2000);
	peer_forgets(p);
	clasp_conn_path_mss(p->conn, 600);
	peer_pushes(p);

	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .len = 600,
		    .why = CLASP_SEND_RTX_MTU);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 600, .len = 400);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 1000, .len = 600);
	EXPECT_SENT(p, PSH | ACK, .seq = p->snd_nxt + 1600, .len = 400);
	EXPECT_SENT_NOTHING(p);
}

static void path_mss__grows_or_stays__nothing_sent(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	program_writes(p, 2000);
	peer_forgets(p);
	clasp_conn_path_mss(p->conn, PEER_MSS);
	clasp_conn_path_mss(p->conn, 9000);
	peer_pushes(p);

	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, clasp_conn_mss(p->conn), (u32)PEER_MSS);
}

/* A SYN has no payload that could be too long. */
static void path_mss__shrinks_while_it_opens__nothing_lost(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	clasp_conn_path_mss(p->conn, 400);
	peer_pushes(p);

	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, p->conn->lost, 0u);
}

/* RFC 5927 §4.1: an error must quote something that is under way. */
static void icmp__sequence_number__only_in_flight(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);
	u32 seq = p->snd_nxt;

	KUNIT_EXPECT_FALSE(test, clasp_conn_icmp_current(p->conn, seq));
	program_writes(p, 100);
	KUNIT_EXPECT_FALSE(test, clasp_conn_icmp_current(p->conn, seq - 1));
	KUNIT_EXPECT_TRUE(test, clasp_conn_icmp_current(p->conn, seq));
	KUNIT_EXPECT_TRUE(test, clasp_conn_icmp_current(p->conn, seq + 99));
	KUNIT_EXPECT_FALSE(test, clasp_conn_icmp_current(p->conn, seq + 100));
}

/* MUST-54 */
static void icmp__hard_while_it_opens__ends_it(struct kunit *test)
{
	static const u8 states[] = { CLASP_SYN_SENT, CLASP_SYN_RCVD };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		struct peer *p = peer_at(test, states[i]);

		network_refuses(p, ECONNREFUSED, true);
		EXPECT_STATE(p, CLOSED);
		KUNIT_EXPECT_EQ(test, p->conn->error, (u32)ECONNREFUSED);
		KUNIT_EXPECT_TRUE(test, p->todo & CLASP_TODO_ERROR);
		EXPECT_SENT_NOTHING(p);
		/* and no SYN is sent again */
		time_passes(p, 300 * USEC_PER_SEC);
		EXPECT_SENT_NOTHING(p);
	}
}

/* MUST-56 aborts nothing, MUST-47 tells of it when all has failed. */
static void icmp__soft_while_it_opens__told_at_the_end(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	network_refuses(p, EHOSTUNREACH, false);
	EXPECT_STATE(p, SYN_SENT);
	KUNIT_EXPECT_EQ(test, p->conn->error, 0u);

	time_passes(p, 300 * USEC_PER_SEC);
	EXPECT_STATE(p, CLOSED);
	KUNIT_EXPECT_EQ(test, p->conn->error, (u32)EHOSTUNREACH);
}

static void icmp__hard_once_synchronized__soft(struct kunit *test)
{
	static const u8 states[] = {
		CLASP_ESTABLISHED, CLASP_FIN_WAIT_1, CLASP_FIN_WAIT_2,
		CLASP_CLOSE_WAIT, CLASP_CLOSING, CLASP_LAST_ACK,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		struct peer *p = peer_at(test, states[i]);

		network_refuses(p, ECONNREFUSED, true);
		PEER_EXPECT(p, peer_is_in(p, states[i]));
		KUNIT_EXPECT_EQ(test, p->conn->error, 0u);
		KUNIT_EXPECT_EQ(test, p->conn->soft_error, (u32)ECONNREFUSED);
		KUNIT_EXPECT_FALSE(test, p->todo & CLASP_TODO_ERROR);
	}
}

static void icmp__then_it_is_delivered__forgotten(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	program_writes(p, 100);
	network_refuses(p, EHOSTUNREACH, false);
	peer_sends(p, ACK);
	KUNIT_EXPECT_EQ(test, p->conn->soft_error, 0u);

	program_writes(p, 100);
	time_passes(p, 24ull * 3600 * USEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, p->conn->error, (u32)ETIMEDOUT);
}

static struct kunit_case network_cases[] = {
	KUNIT_CASE(mss__absent_from_the_syn__the_default),
	KUNIT_CASE(mss__several_limits__the_smallest),
	KUNIT_CASE(path_mss__tiny__never_under_256),
	KUNIT_CASE(path_mss__shrinks__all_under_way_sent_again),
	KUNIT_CASE(path_mss__shrinks_while_it_opens__nothing_lost),
	KUNIT_CASE(path_mss__grows_or_stays__nothing_sent),
	KUNIT_CASE(icmp__sequence_number__only_in_flight),
	KUNIT_CASE(icmp__hard_while_it_opens__ends_it),
	KUNIT_CASE(icmp__soft_while_it_opens__told_at_the_end),
	KUNIT_CASE(icmp__hard_once_synchronized__soft),
	KUNIT_CASE(icmp__then_it_is_delivered__forgotten),
	{}
};

static struct kunit_suite network_suite = {
	.name = "network",
	.test_cases = network_cases,
};

kunit_test_suite(network_suite);
