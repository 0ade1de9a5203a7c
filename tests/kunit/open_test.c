// SPDX-License-Identifier: GPL-2.0
/*
 * SEGMENT ARRIVES while a connection opens: RFC 9293 §3.10.7.3, and the
 * SYN_RCVD of a simultaneous open (§3.5, Figure 8). The passive one is in
 * embryo_test.c.
 */
#include "peer.h"

/* synack-wrong-ack: only our SYN can be acknowledged */
static void syn_sent__ack_of_something_else__rst(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	peer_sends(p, SYN | ACK, .ack = OUR_ISS);
	EXPECT_DROPPED(p, SYN_SENT_ACK);
	EXPECT_SENT(p, RST, .seq = OUR_ISS);
	peer_sends(p, ACK, .ack = OUR_ISS + 2);
	EXPECT_DROPPED(p, SYN_SENT_ACK);
	EXPECT_SENT(p, RST, .seq = OUR_ISS + 2);
	EXPECT_STATE(p, SYN_SENT);

	/* a RST is never answered */
	peer_sends(p, RST | ACK, .ack = OUR_ISS);
	EXPECT_DROPPED(p, SYN_SENT_ACK);
	KUNIT_EXPECT_FALSE(test, p->arrival.reset);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, SYN_SENT);
}

/* rst-in-synsent, port-closed */
static void syn_sent__rst__only_with_the_right_ack(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	peer_sends(p, RST);
	EXPECT_DROPPED(p, SYN_SENT_RST);
	EXPECT_STATE(p, SYN_SENT);

	peer_sends(p, RST | ACK, .seq = 0);
	EXPECT_STATE(p, CLOSED);
	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, p->conn->error, (u32)ECONNREFUSED);
	KUNIT_EXPECT_TRUE(test, p->todo & CLASP_TODO_ERROR);
}

static void syn_sent__neither_syn_nor_rst__dropped(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	peer_sends(p, ACK, .len = 10);
	EXPECT_DROPPED(p, SYN_SENT_OTHER);
	peer_sends(p, FIN);
	EXPECT_DROPPED(p, SYN_SENT_OTHER);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, SYN_SENT);
}

/* open-3way */
static void syn_sent__syn_ack__established(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	time_passes(p, CLASP_MS(30));
	peer_sends(p, SYN | ACK, .window = 12345);

	EXPECT_TAKEN(p);
	EXPECT_SENT(p, ACK, .seq = OUR_ISS + 1, .ack = PEER_ISS + 1,
		    .why = CLASP_SEND_ACK_OPEN);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_FALSE(test, p->conn->passive);
	KUNIT_EXPECT_EQ(test, p->conn->snd_una, OUR_ISS + 1);
	KUNIT_EXPECT_EQ(test, p->conn->snd_wnd, 12345u);
	KUNIT_EXPECT_EQ(test, p->conn->max_snd_wnd, 12345u);
	KUNIT_EXPECT_EQ(test, p->conn->snd_wl1, PEER_ISS);
	KUNIT_EXPECT_EQ(test, p->conn->snd_wl2, OUR_ISS + 1);
	KUNIT_EXPECT_EQ(test, p->conn->irs, PEER_ISS);
	KUNIT_EXPECT_EQ(test, p->conn->rto.srtt_us, 30u * (u32)USEC_PER_MSEC);
	KUNIT_EXPECT_EQ(test, p->conn->cong.cwnd, 10u * PEER_MSS);
}

/* RFC 7323 §3.2 */
static void syn_sent__timestamps__in_force_when_both_want(struct kunit *test)
{
	struct peer *p = peer_with_timestamps(test, CLASP_SYN_SENT);

	peer_sends(p, SYN | ACK, .tsval = 5);
	KUNIT_EXPECT_TRUE(test, p->conn->ts.on);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->tsecr, 5u);

	p = peer_with_timestamps(test, CLASP_SYN_SENT);
	peer_sends(p, SYN | ACK, .has = CLASP_HAS_MSS);
	KUNIT_EXPECT_FALSE(test, p->conn->ts.on);

	p = peer_in(test, SYN_SENT);
	peer_sends(p, SYN | ACK, .has = CLASP_HAS_TIMESTAMPS, .tsval = 5);
	KUNIT_EXPECT_FALSE(test, p->conn->ts.on);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->has, 0);
}

/* What happened to the SYN is no burden to what comes after. */
static void syn_sent__answered_late__a_fresh_start(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	time_passes(p, 4 * USEC_PER_SEC);
	network_refuses(p, EHOSTUNREACH, false);
	KUNIT_EXPECT_EQ(test, p->conn->retries, 2);
	peer_sends(p, SYN | ACK);

	KUNIT_EXPECT_EQ(test, p->conn->retries, 0);
	KUNIT_EXPECT_EQ(test, p->conn->rto.backoff, 0);
	KUNIT_EXPECT_EQ(test, p->conn->soft_error, 0u);
	/* RFC 6298 §5.7; Karn: no sample */
	KUNIT_EXPECT_EQ(test, p->conn->rto.rto_us, 3 * (u32)USEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, p->conn->rto.srtt_us, 0u);
}

static void syn_sent__syn_ack_with_data_and_fin__all_taken(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	peer_sends(p, SYN | FIN | ACK, .len = 100);

	EXPECT_SENT(p, ACK, .ack = PEER_ISS + 102);
	EXPECT_STATE(p, CLOSE_WAIT);
	KUNIT_EXPECT_EQ(test, p->unread, 100u);
	KUNIT_EXPECT_EQ(test, p->arrival.skip, 0u);
}

/* open-simultaneous, MUST-10: Figure 8 of RFC 9293 */
static void syn_sent__simultaneous_open__one_connection(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	peer_sends(p, SYN);
	EXPECT_SENT(p, SYN | ACK, .seq = OUR_ISS, .ack = PEER_ISS + 1);
	EXPECT_STATE(p, SYN_RCVD);

	/* the peer is in SYN_RCVD too, and says its SYN again with an ACK */
	peer_sends(p, SYN | ACK, .seq = PEER_ISS);
	EXPECT_TAKEN(p);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_FALSE(test, p->conn->passive);
	KUNIT_EXPECT_EQ(test, p->conn->rcv_nxt, PEER_ISS + 1);
}

/* The crossing SYN ACK must acknowledge our SYN, and be no RST. */
static void syn_rcvd__crossed_syn_ack_of_something_else__rst(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_RCVD);

	peer_sends(p, SYN | ACK, .seq = PEER_ISS, .ack = OUR_ISS + 2);
	EXPECT_DROPPED(p, SYN_RCVD_ACK);
	EXPECT_SENT(p, RST, .seq = OUR_ISS + 2);
	EXPECT_STATE(p, SYN_RCVD);
}

static void syn_rcvd__rst__refused(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_RCVD);

	peer_sends(p, RST);
	EXPECT_STATE(p, CLOSED);
	KUNIT_EXPECT_EQ(test, p->conn->error, (u32)ECONNREFUSED);
}

static void syn_rcvd__ack_of_something_else__rst(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_RCVD);

	peer_sends(p, ACK, .ack = p->snd_nxt - 1);
	EXPECT_DROPPED(p, SYN_RCVD_ACK);
	EXPECT_SENT(p, RST, .seq = p->snd_nxt - 1);
	peer_sends(p, ACK, .ack = p->snd_nxt + 1);
	EXPECT_DROPPED(p, SYN_RCVD_ACK);
	EXPECT_SENT(p, RST, .seq = p->snd_nxt + 1);
	EXPECT_STATE(p, SYN_RCVD);
}

/* syn-lost: 1, 2, 4 ... s, seven times, then ETIMEDOUT (MUST-18, 22, 23) */
static void syn_sent__nobody_answers__times_out(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);
	u64 began_us = p->now_us;
	unsigned int i;

	for (i = 0; i < 7; i++) {
		time_passes(p, (USEC_PER_SEC << i) - 1);
		EXPECT_SENT_NOTHING(p);
		time_passes(p, 1);
		EXPECT_SENT(p, SYN, .seq = OUR_ISS, .why = CLASP_SEND_RTX_SYN);
	}
	time_passes(p, (128 * USEC_PER_SEC) - 1);
	EXPECT_STATE(p, SYN_SENT);
	KUNIT_EXPECT_GT(test, p->now_us - began_us, 180 * (u64)USEC_PER_SEC);
	time_passes(p, 1);
	EXPECT_STATE(p, CLOSED);
	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, p->conn->error, (u32)ETIMEDOUT);
}

static struct kunit_case open_cases[] = {
	KUNIT_CASE(syn_sent__ack_of_something_else__rst),
	KUNIT_CASE(syn_sent__rst__only_with_the_right_ack),
	KUNIT_CASE(syn_sent__neither_syn_nor_rst__dropped),
	KUNIT_CASE(syn_sent__syn_ack__established),
	KUNIT_CASE(syn_sent__timestamps__in_force_when_both_want),
	KUNIT_CASE(syn_sent__answered_late__a_fresh_start),
	KUNIT_CASE(syn_sent__syn_ack_with_data_and_fin__all_taken),
	KUNIT_CASE(syn_sent__simultaneous_open__one_connection),
	KUNIT_CASE(syn_rcvd__crossed_syn_ack_of_something_else__rst),
	KUNIT_CASE(syn_rcvd__rst__refused),
	KUNIT_CASE(syn_rcvd__ack_of_something_else__rst),
	KUNIT_CASE(syn_sent__nobody_answers__times_out),
	{}
};

static struct kunit_suite open_suite = {
	.name = "open",
	.test_cases = open_cases,
};

kunit_test_suite(open_suite);
