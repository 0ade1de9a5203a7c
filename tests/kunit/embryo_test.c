// SPDX-License-Identifier: GPL-2.0
/*
 * The passive SYN_RCVD: RFC 9293 §3.10.7.4. LISTEN is in listen_test.c.
 */
#include "peer.h"

/* An embryo, its SYN ACK looked at. */
static struct peer *with_embryo(struct kunit *test)
{
	struct peer *p = peer_in(test, LISTEN);

	peer_sends(p, SYN);
	EXPECT_STATE(p, SYN_RCVD);
	peer_forgets(p);
	p->snd_nxt = peer_next_ack(p);
	p->rcv_nxt = peer_next_seq(p);

	return p;
}

static struct peer *embryo_with_timestamps(struct kunit *test)
{
	struct peer *p = peer_new(test);

	p->settings.timestamps = true;
	peer_walks(p, CLASP_LISTEN);
	peer_sends(p, SYN);
	peer_forgets(p);
	p->snd_nxt = peer_next_ack(p);
	p->rcv_nxt = peer_next_seq(p);

	return p;
}

/* MUST-11: the connection remembers that it was passive. */
static void embryo__ack__hatches_established(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	peer_sends(p, ACK, .window = 12345);

	EXPECT_TAKEN(p);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_TRUE(test, p->conn->passive);
	KUNIT_EXPECT_EQ(test, p->conn->snd_una, OUR_ISS + 1);
	KUNIT_EXPECT_EQ(test, p->conn->snd_nxt, OUR_ISS + 1);
	KUNIT_EXPECT_EQ(test, p->conn->write_seq, OUR_ISS + 1);
	KUNIT_EXPECT_EQ(test, p->conn->snd_wnd, 12345u);
	KUNIT_EXPECT_EQ(test, p->conn->max_snd_wnd, PEER_WINDOW);
	KUNIT_EXPECT_EQ(test, p->conn->adv_mss, PEER_MSS);
	KUNIT_EXPECT_EQ(test, p->conn->rcv_nxt, PEER_ISS + 1);
	KUNIT_EXPECT_EQ(test, p->conn->local_port, OUR_PORT);
	KUNIT_EXPECT_EQ(test, p->conn->remote_port, PEER_PORT);
	KUNIT_EXPECT_EQ(test, p->conn->cong.cwnd, 10u * PEER_MSS);
	KUNIT_EXPECT_EQ(test, clasp_conn_mss(p->conn), PEER_MSS);
	/* our SYN has an answer: no timer is left of it */
	time_passes(p, 300 * USEC_PER_SEC);
	EXPECT_SENT_NOTHING(p);
}

/* synack-lost: the ACK may carry data, and even the FIN. */
static void embryo__ack_with_data_and_fin__close_wait(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	peer_sends(p, FIN | PSH | ACK, .len = 100);

	EXPECT_STATE(p, CLOSE_WAIT);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt + 101);
	KUNIT_EXPECT_EQ(test, p->unread, 100u);
}

static void embryo__ack_of_something_else__rst(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	peer_sends(p, ACK, .ack = p->snd_nxt - 1);
	EXPECT_DROPPED(p, SYN_RCVD_ACK);
	EXPECT_SENT(p, RST, .seq = p->snd_nxt - 1);
	peer_sends(p, ACK, .ack = p->snd_nxt + 1);
	EXPECT_DROPPED(p, SYN_RCVD_ACK);
	EXPECT_SENT(p, RST, .seq = p->snd_nxt + 1);

	/* no connection was made for it */
	KUNIT_EXPECT_EQ(test, p->taker, PEER_MEETS_EMBRYO);
	EXPECT_STATE(p, SYN_RCVD);
}

/* no-ack-flag */
static void embryo__data_without_ack__dropped(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	peer_sends(p, PSH, .len = 100);

	EXPECT_DROPPED(p, NO_ACK);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, SYN_RCVD);
}

static void embryo__syn_again__syn_ack_again(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	peer_sends(p, SYN, .seq = PEER_ISS);
	EXPECT_DROPPED(p, SYN_RCVD_SYN);
	EXPECT_SENT(p, SYN | ACK, .seq = OUR_ISS, .ack = p->rcv_nxt);

	/* a flood of them is not answered each */
	peer_sends(p, SYN, .seq = PEER_ISS);
	EXPECT_SENT_NOTHING(p);
	time_passes(p, CLASP_MS(500));
	peer_sends(p, SYN, .seq = PEER_ISS);
	EXPECT_SENT(p, SYN | ACK, .seq = OUR_ISS);
}

/* rst-exact, rst-in-window, rst-outside: RFC 5961 §3.2 */
static void embryo__rst__by_its_place(struct kunit *test)
{
	static const struct {
		u32		offset;
		enum clasp_drop	drop;
		bool		challenged;
	} rows[] = {
		{ -1,			CLASP_DROP_RST_OUTSIDE,	false },
		{ 1,			CLASP_DROP_RST_INEXACT,	true },
		{ OUR_BUFFER - 1,	CLASP_DROP_RST_INEXACT,	true },
		{ OUR_BUFFER,		CLASP_DROP_RST_OUTSIDE,	false },
		{ OUR_BUFFER + 1,	CLASP_DROP_RST_OUTSIDE,	false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct peer *p = with_embryo(test);

		peer_sends(p, RST, .seq = p->rcv_nxt + rows[i].offset);
		PEER_EXPECT(p, peer_saw_drop(p, rows[i].drop));
		if (rows[i].challenged)
			EXPECT_SENT(p, ACK, .seq = p->snd_nxt,
				    .ack = p->rcv_nxt);
		EXPECT_SENT_NOTHING(p);
		EXPECT_STATE(p, SYN_RCVD);
	}
}

/* §3.10.7.4, second: a passive one returns to LISTEN. */
static void embryo__rst_exact__forgotten(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	peer_sends(p, RST);

	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, LISTEN);
}

/* RFC 5961 §4.2: a guessed SYN must not end it. */
static void embryo__other_syn_in_window__challenged(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	peer_sends(p, SYN, .seq = p->rcv_nxt + 10);
	EXPECT_DROPPED(p, SYN_CHALLENGED);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	EXPECT_STATE(p, SYN_RCVD);
}

static void embryo__outside_the_window__one_ack(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	peer_sends(p, ACK, .seq = p->rcv_nxt + OUR_BUFFER + 1, .len = 1);
	EXPECT_DROPPED(p, OUT_OF_WINDOW);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	peer_sends(p, ACK, .seq = p->rcv_nxt - 1);
	EXPECT_DROPPED(p, OUT_OF_WINDOW);
	EXPECT_SENT_NOTHING(p);
	/* nothing can begin where the SYN was and have more than it */
	peer_sends(p, ACK, .seq = p->rcv_nxt - 1, .len = 5);
	EXPECT_DROPPED(p, OUT_OF_WINDOW);
	EXPECT_STATE(p, SYN_RCVD);
}

/* The peer has filled our window: its ACK counts (MUST-66 for zero). */
static void embryo__ack_at_the_right_edge__hatches(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	peer_sends(p, ACK, .seq = p->rcv_nxt + OUR_BUFFER);

	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, ESTABLISHED);
}

/* The ACK was lost, and later data arrives first: it proves as much. */
static void embryo__data_behind_a_gap__hatches_and_holds(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	peer_sends(p, ACK, .seq = p->rcv_nxt + 100, .len = 100);
	EXPECT_STATE(p, ESTABLISHED);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt, .why = CLASP_SEND_ACK_GAP);
	KUNIT_EXPECT_EQ(test, p->unread, 0u);
}

static void embryo__without_timestamps_in_force__dropped(struct kunit *test)
{
	struct peer *p = embryo_with_timestamps(test);

	peer_sends(p, ACK, .has = 0);
	EXPECT_DROPPED(p, NO_TIMESTAMP);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, SYN_RCVD);

	/* but a RST has none */
	peer_sends(p, RST);
	EXPECT_STATE(p, LISTEN);
}

static void embryo__old_timestamp__paws(struct kunit *test)
{
	struct peer *p = embryo_with_timestamps(test);

	peer_sends(p, ACK, .tsval = p->embryo.ts.recent - 1);
	EXPECT_DROPPED(p, PAWS);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	KUNIT_EXPECT_TRUE(test, peer_last_sent(p)->has & CLASP_HAS_TIMESTAMPS);
	KUNIT_EXPECT_EQ(test, p->taker, PEER_MEETS_EMBRYO);

	peer_sends(p, ACK);
	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_TRUE(test, p->conn->ts.on);
}

/* 1, 2, 4 ... s, five times (docs/protocol.md §4), then forgotten */
static void embryo__no_answer__resent_and_forgotten(struct kunit *test)
{
	struct peer *p = with_embryo(test);
	unsigned int i;

	for (i = 0; i < 5; i++) {
		time_passes(p, (USEC_PER_SEC << i) - 1);
		EXPECT_SENT_NOTHING(p);
		time_passes(p, 1);
		EXPECT_SENT(p, SYN | ACK, .seq = OUR_ISS, .ack = p->rcv_nxt);
	}
	EXPECT_STATE(p, SYN_RCVD);
	time_passes(p, 32 * USEC_PER_SEC);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, LISTEN);
}

static void embryo__wait__never_above_the_maximum(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	p->embryo.retries = U8_MAX;

	KUNIT_EXPECT_EQ(test, clasp_embryo_wait(&p->embryo),
			(u32)CLASP_RTO_MAX_US);
}

/* RFC 6298 §5.7, and Karn: no sample when it may be for either copy. */
static void embryo__answer_to_the_second_syn_ack__three_seconds(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	time_passes(p, USEC_PER_SEC);
	peer_sends(p, ACK);

	KUNIT_EXPECT_EQ(test, p->conn->rto.srtt_us, 0u);
	KUNIT_EXPECT_EQ(test, p->conn->rto.rto_us, 3 * (u32)USEC_PER_SEC);
}

static void embryo__answer_to_the_first_syn_ack__measured(struct kunit *test)
{
	struct peer *p = with_embryo(test);

	time_passes(p, CLASP_MS(70));
	peer_sends(p, ACK);

	KUNIT_EXPECT_EQ(test, p->conn->rto.srtt_us, 70u * (u32)USEC_PER_MSEC);
}

static struct kunit_case embryo_cases[] = {
	KUNIT_CASE(embryo__ack__hatches_established),
	KUNIT_CASE(embryo__ack_with_data_and_fin__close_wait),
	KUNIT_CASE(embryo__ack_of_something_else__rst),
	KUNIT_CASE(embryo__data_without_ack__dropped),
	KUNIT_CASE(embryo__syn_again__syn_ack_again),
	KUNIT_CASE(embryo__rst__by_its_place),
	KUNIT_CASE(embryo__rst_exact__forgotten),
	KUNIT_CASE(embryo__other_syn_in_window__challenged),
	KUNIT_CASE(embryo__outside_the_window__one_ack),
	KUNIT_CASE(embryo__ack_at_the_right_edge__hatches),
	KUNIT_CASE(embryo__data_behind_a_gap__hatches_and_holds),
	KUNIT_CASE(embryo__without_timestamps_in_force__dropped),
	KUNIT_CASE(embryo__old_timestamp__paws),
	KUNIT_CASE(embryo__no_answer__resent_and_forgotten),
	KUNIT_CASE(embryo__wait__never_above_the_maximum),
	KUNIT_CASE(embryo__answer_to_the_second_syn_ack__three_seconds),
	KUNIT_CASE(embryo__answer_to_the_first_syn_ack__measured),
	{}
};

static struct kunit_suite embryo_suite = {
	.name = "embryo",
	.test_cases = embryo_cases,
};

kunit_test_suite(embryo_suite);
