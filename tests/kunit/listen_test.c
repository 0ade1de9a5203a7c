// SPDX-License-Identifier: GPL-2.0
/*
 * embryo.c, the listener's part: RFC 9293 §3.10.7.2.
 */
#include "peer.h"

static void listen__rst__dropped(struct kunit *test)
{
	struct peer *p = peer_in(test, LISTEN);

	peer_sends(p, RST);
	EXPECT_DROPPED(p, LISTEN_RST);
	/* first of all: neither its ACK nor its SYN is looked at */
	peer_sends(p, RST | ACK | SYN, .ack = 77);
	EXPECT_DROPPED(p, LISTEN_RST);

	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, LISTEN);
}

static void listen__ack__rst_with_its_number(struct kunit *test)
{
	struct peer *p = peer_in(test, LISTEN);

	peer_sends(p, ACK, .ack = 77);
	EXPECT_DROPPED(p, LISTEN_ACK);
	EXPECT_SENT(p, RST, .seq = 77);
	peer_sends(p, SYN | ACK, .ack = 78);
	EXPECT_DROPPED(p, LISTEN_ACK);
	EXPECT_SENT(p, RST, .seq = 78);

	EXPECT_STATE(p, LISTEN);
}

static void listen__neither__dropped(struct kunit *test)
{
	struct peer *p = peer_in(test, LISTEN);

	peer_sends(p, FIN, .len = 5);
	EXPECT_DROPPED(p, LISTEN_OTHER);
	peer_sends(p, 0, .len = 5);
	EXPECT_DROPPED(p, LISTEN_OTHER);

	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, LISTEN);
}

/* open-3way; MUST-14, MUST-65 */
static void listen__syn__syn_ack_with_mss(struct kunit *test)
{
	struct peer *p = peer_in(test, LISTEN);

	peer_sends(p, SYN);

	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->has, CLASP_HAS_MSS);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->mss, PEER_MSS);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->source, OUR_PORT);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->dest, PEER_PORT);
	EXPECT_SENT(p, SYN | ACK, .seq = OUR_ISS, .ack = PEER_ISS + 1,
		    .window = OUR_BUFFER);
	EXPECT_STATE(p, SYN_RCVD);
}

/* Text on a SYN is not kept: it is not acknowledged, and comes again. */
static void listen__syn_with_text__only_the_syn_acknowledged(struct kunit *test)
{
	struct peer *p = peer_in(test, LISTEN);

	peer_sends(p, SYN, .len = 100);
	EXPECT_SENT(p, SYN | ACK, .ack = PEER_ISS + 1);
	peer_sends(p, ACK, .len = 100);

	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, p->unread, 100u);
}

/* MUST-15 */
static void listen__syn_without_mss__default(struct kunit *test)
{
	struct peer *p = peer_in(test, LISTEN);

	peer_sends(p, SYN, .has = 0);
	peer_sends(p, ACK);

	KUNIT_EXPECT_EQ(test, clasp_conn_mss(p->conn), CLASP_MSS_DEFAULT_V4);
}

/* RFC 7323 §3.2: in force when both want them. */
static void listen__timestamps__in_force_when_both_want(struct kunit *test)
{
	struct peer *p = peer_new(test);

	p->settings.timestamps = true;
	peer_walks(p, CLASP_LISTEN);
	peer_sends(p, SYN, .has = CLASP_HAS_MSS);
	KUNIT_EXPECT_FALSE(test, peer_last_sent(p)->has & CLASP_HAS_TIMESTAMPS);

	p = peer_in(test, LISTEN);
	peer_sends(p, SYN, .has = CLASP_HAS_TIMESTAMPS, .tsval = 5);
	KUNIT_EXPECT_FALSE(test, peer_last_sent(p)->has & CLASP_HAS_TIMESTAMPS);

	p = peer_new(test);
	p->settings.timestamps = true;
	peer_walks(p, CLASP_LISTEN);
	peer_sends(p, SYN, .tsval = 5);
	KUNIT_EXPECT_TRUE(test, peer_last_sent(p)->has & CLASP_HAS_TIMESTAMPS);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->tsval, OUR_TS_OFFSET + 1000);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->tsecr, 5u);
}

static struct kunit_case listen_cases[] = {
	KUNIT_CASE(listen__rst__dropped),
	KUNIT_CASE(listen__ack__rst_with_its_number),
	KUNIT_CASE(listen__neither__dropped),
	KUNIT_CASE(listen__syn__syn_ack_with_mss),
	KUNIT_CASE(listen__syn_with_text__only_the_syn_acknowledged),
	KUNIT_CASE(listen__syn_without_mss__default),
	KUNIT_CASE(listen__timestamps__in_force_when_both_want),
	{}
};

static struct kunit_suite listen_suite = {
	.name = "listen",
	.test_cases = listen_cases,
};

kunit_test_suite(listen_suite);
