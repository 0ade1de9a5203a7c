// SPDX-License-Identifier: GPL-2.0
/*
 * What the program and the network do to a connection outside of segments:
 * RFC 9293 §3.10.1, §3.10.4, §3.10.5, §3.9.2.2, and segment sizes (§3.7.1).
 */
#include "peer.h"
#include "output.h"

static void init__whatever_it_held__closed(struct kunit *test)
{
	struct peer *p = peer_new(test);

	memset(p->conn, 0xff, sizeof(*p->conn));
	clasp_conn_init(p->conn, &p->settings);

	EXPECT_STATE(p, CLOSED);
	KUNIT_EXPECT_EQ(test, p->conn->todo, 0);
	KUNIT_EXPECT_EQ(test, p->conn->error, 0u);
	KUNIT_EXPECT_EQ(test, clasp_annex(p->conn)->counts.segs_in, 0u);
	/* MUST-15 */
	KUNIT_EXPECT_EQ(test, p->conn->peer_mss, CLASP_MSS_DEFAULT_V4);
}

/* MUST-14, MUST-65: the option is on the SYN, and on nothing later. */
static void closed__connect__syn_with_mss(struct kunit *test)
{
	struct peer *p = peer_new(test);

	program_connects(p);

	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->has, CLASP_HAS_MSS);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->mss, PEER_MSS);
	EXPECT_SENT(p, SYN, .seq = OUR_ISS, .ack = 0, .window = OUR_BUFFER,
		    .why = CLASP_SEND_OPEN);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, SYN_SENT);

	peer_sends(p, SYN | ACK);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->has, 0);
}

/* RFC 7323 §3.2: offered with our SYN, TSecr zero without an ACK. */
static void closed__connect_with_timestamps__offered(struct kunit *test)
{
	struct peer *p = peer_new(test);
	const struct clasp_segment *syn;

	p->settings.timestamps = true;
	program_connects(p);

	syn = peer_last_sent(p);
	KUNIT_EXPECT_EQ(test, syn->has,
			CLASP_HAS_MSS | CLASP_HAS_TIMESTAMPS);
	KUNIT_EXPECT_EQ(test, syn->tsval, OUR_TS_OFFSET + 1000);
	KUNIT_EXPECT_EQ(test, syn->tsecr, 0u);
}

/* close-in-synsent */
static void syn_sent__close__nothing_sent_and_syn_ack_meets_rst(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	program_closes(p);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, CLOSED);

	peer_sends(p, SYN | ACK);
	EXPECT_SENT(p, RST, .seq = p->snd_nxt);
	EXPECT_STATE(p, CLOSED);
}

/* No data was sent: the FIN goes at once (§3.10.4), behind our SYN's number. */
static void syn_rcvd__close__fin(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_RCVD);

	program_closes(p);
	EXPECT_SENT(p, FIN | ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	EXPECT_STATE(p, FIN_WAIT_1);

	peer_sends(p, ACK);
	EXPECT_STATE(p, FIN_WAIT_2);
	/* neither SYN nor FIN is payload */
	KUNIT_EXPECT_EQ(test, clasp_annex(p->conn)->counts.bytes_acked, 0ull);
}

static void syn_rcvd__close_and_syn_lost__sent_again(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_RCVD);

	program_closes(p);
	peer_forgets(p);
	time_passes(p, USEC_PER_SEC);

	EXPECT_SENT(p, SYN | ACK, .seq = OUR_ISS, .ack = p->rcv_nxt,
		    .why = CLASP_SEND_RTX_SYN);
	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, p->conn->snd_nxt, p->snd_nxt + 1);
}

static void syn_rcvd__close_and_fin_lost__sent_again(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_RCVD);

	program_closes(p);
	peer_forgets(p);
	peer_sends(p, ACK, .ack = p->snd_nxt);
	time_passes(p, USEC_PER_SEC);

	EXPECT_STATE(p, FIN_WAIT_1);
	EXPECT_SENT(p, FIN | ACK, .seq = p->snd_nxt,
		    .why = CLASP_SEND_RTX_PROBE);
}

/* The peer's SYN ACK, as in Figure 8, for a program that has closed. */
static void syn_rcvd__close_then_crossed_syn_ack__counts(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_RCVD);

	program_closes(p);
	peer_forgets(p);
	peer_sends(p, SYN | ACK, .seq = PEER_ISS, .ack = p->snd_nxt);

	EXPECT_TAKEN(p);
	KUNIT_EXPECT_EQ(test, p->conn->snd_una, p->snd_nxt);
	EXPECT_SENT_NOTHING(p);
}

static void established__close__fin_once(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	program_closes(p);
	program_closes(p);

	EXPECT_SENT(p, FIN | ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt,
		    .why = CLASP_SEND_FIN);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, FIN_WAIT_1);
}

/* §3.10.4: queued until all that was written has left. */
static void established__close_with_unsent_data__fin_rides_last(struct kunit *test)
{
	struct peer *p = peer_new(test);

	p->window = 1500;
	peer_walks(p, CLASP_ESTABLISHED);
	program_writes(p, 2500);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .len = 1000);
	program_closes(p);
	EXPECT_STATE(p, FIN_WAIT_1);
	EXPECT_SENT_NOTHING(p);

	peer_sends(p, ACK, .window = 5000);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 1000, .len = 1000);
	EXPECT_SENT(p, FIN | PSH | ACK, .seq = p->snd_nxt + 2000, .len = 500);
}

/* close-3seg */
static void close_wait__close__fin_and_last_ack(struct kunit *test)
{
	struct peer *p = peer_in(test, CLOSE_WAIT);

	program_closes(p);
	EXPECT_SENT(p, FIN | ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	EXPECT_STATE(p, LAST_ACK);

	peer_sends(p, ACK);
	EXPECT_STATE(p, CLOSED);
	KUNIT_EXPECT_EQ(test, p->conn->error, 0u);
}

static void any_state__close_again__nothing(struct kunit *test)
{
	static const u8 states[] = {
		CLASP_CLOSED, CLASP_FIN_WAIT_1, CLASP_FIN_WAIT_2,
		CLASP_CLOSING, CLASP_LAST_ACK, CLASP_TIME_WAIT,
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		struct peer *p = peer_at(test, states[i]);

		program_closes(p);
		EXPECT_SENT_NOTHING(p);
		PEER_EXPECT(p, peer_is_in(p, states[i]));
	}
}

/* §3.10.5: who knows us is told, with a RST that says where we are. */
static void any_state__abort__rst_where_the_peer_knows_us(struct kunit *test)
{
	static const struct {
		u8	state;
		bool	reset;
	} rows[] = {
		{ CLASP_CLOSED,		false },
		{ CLASP_LISTEN,		false },
		{ CLASP_SYN_SENT,	false },
		{ CLASP_SYN_RCVD,	true },
		{ CLASP_ESTABLISHED,	true },
		{ CLASP_FIN_WAIT_1,	true },
		{ CLASP_FIN_WAIT_2,	true },
		{ CLASP_CLOSE_WAIT,	true },
		{ CLASP_CLOSING,	false },
		{ CLASP_LAST_ACK,	false },
		{ CLASP_TIME_WAIT,	false },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct peer *p = peer_at(test, rows[i].state);

		program_aborts(p);
		if (rows[i].reset)
			EXPECT_SENT(p, RST | ACK, .seq = p->snd_nxt,
				    .ack = p->rcv_nxt, .window = 0,
				    .why = CLASP_SEND_RESET_ABORT);
		EXPECT_SENT_NOTHING(p);
		EXPECT_STATE(p, CLOSED);
		KUNIT_EXPECT_EQ(test, p->conn->error, 0u);
	}
}

/* docs/protocol.md §3: a RST carries no options. */
static void established__abort_with_timestamps__rst_without(struct kunit *test)
{
	struct peer *p = peer_with_timestamps(test, CLASP_ESTABLISHED);

	program_writes(p, 100);
	peer_sends(p, ACK, .len = 10, .ack = p->snd_nxt);
	peer_forgets(p);
	program_aborts(p);

	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->has, 0);
	/* what was under way counts: the RST is in the peer's window */
	EXPECT_SENT(p, RST | ACK, .seq = p->snd_nxt + 100,
		    .ack = p->rcv_nxt + 10);
	EXPECT_SENT_NOTHING(p);
}

/* MUST-12: a program can tell a close from an abort. */
static void established__closed_or_aborted__told_apart(struct kunit *test)
{
	struct peer *closed = peer_in(test, ESTABLISHED);
	struct peer *aborted = peer_in(test, ESTABLISHED);

	peer_sends(closed, FIN | ACK);
	KUNIT_EXPECT_EQ(test, closed->todo & (CLASP_TODO_EOF | CLASP_TODO_ERROR),
			CLASP_TODO_EOF);
	KUNIT_EXPECT_EQ(test, closed->conn->error, 0u);

	peer_sends(aborted, RST);
	KUNIT_EXPECT_EQ(test, aborted->todo & (CLASP_TODO_EOF | CLASP_TODO_ERROR),
			CLASP_TODO_ERROR);
	KUNIT_EXPECT_EQ(test, aborted->conn->error, (u32)ECONNRESET);
}

/* finwait2-orphan */
static void fin_wait_2__orphan__times_out(struct kunit *test)
{
	struct peer *p = peer_in(test, FIN_WAIT_2);

	program_leaves(p);
	time_passes(p, CLASP_MS(60000) - 1);
	EXPECT_STATE(p, FIN_WAIT_2);

	time_passes(p, 1);
	EXPECT_STATE(p, CLOSED);
	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, p->conn->error, 0u);
}

static void fin_wait_1__orphan__waits_only_from_fin_wait_2_on(struct kunit *test)
{
	struct peer *p = peer_in(test, FIN_WAIT_1);

	program_leaves(p);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(p->conn, CLASP_TIMER_FIN_WAIT_2, p->now_us),
			0ull);
	peer_sends(p, ACK);
	EXPECT_STATE(p, FIN_WAIT_2);
	time_passes(p, CLASP_MS(60000));
	EXPECT_STATE(p, CLOSED);
}

/*
 * What is left to send waits for a window that the peer keeps shut, and
 * answers. That keeps a program waiting: nobody waits here, and nobody can end it.
 */
static void fin_wait_1__orphan_shut_out__ends_though_answered(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);
	unsigned int probes = 0;

	peer_sends(p, ACK, .window = 0);
	program_writes(p, 100);
	program_leaves(p);
	p->window = 0;
	peer_forgets(p);

	while (peer_state(p) != CLASP_CLOSED && probes < 100) {
		time_passes(p, clasp_output_wake(p->conn, p->now_us) - p->now_us);
		probes += peer_count_sent(p);
		peer_forgets(p);
		peer_sends(p, ACK, .ack = p->snd_nxt);
	}

	EXPECT_STATE(p, CLOSED);
	KUNIT_EXPECT_EQ(test, probes, (u32)p->settings.orphan_retries);
}

/* Once there is a window, the count is of another wait. */
static void fin_wait_1__orphan_window_opens__counts_anew(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .window = 0);
	program_writes(p, 100);
	program_leaves(p);
	time_passes(p, CLASP_MS(100));
	p->conn->probes = p->settings.orphan_retries;

	peer_sends(p, ACK);
	KUNIT_EXPECT_EQ(test, p->conn->probes, 0);
	KUNIT_EXPECT_EQ(test, p->conn->snd_nxt, p->snd_nxt + 101);
}

/* half-close: a program that reads on may wait for ever */
static void fin_wait_2__program_still_reads__stays(struct kunit *test)
{
	struct peer *p = peer_in(test, FIN_WAIT_2);

	time_passes(p, 24ull * 3600 * USEC_PER_SEC);
	peer_sends(p, PSH | ACK, .len = 100);

	EXPECT_STATE(p, FIN_WAIT_2);
	KUNIT_EXPECT_EQ(test, p->unread, 100u);
}

/* Else Nagle would wait for the acknowledgment of what was never sent. */
static void connect__any_iss__no_small_segment_is_out(struct kunit *test)
{
	static const u32 isses[] = { 0, 1, 0x7fffffff, 0x80000001, 0xffffffff };
	struct peer *p = peer_new(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(isses); i++) {
		clasp_conn_init(p->conn, &p->settings);
		clasp_conn_connect(p->conn, isses[i], 0);
		KUNIT_EXPECT_EQ(test, p->conn->snd_sml, p->conn->snd_una);
	}
}

static void close__syn_sent__there_is_no_fin(struct kunit *test)
{
	struct peer *p = peer_in(test, SYN_SENT);

	program_closes(p);

	EXPECT_STATE(p, CLOSED);
	KUNIT_EXPECT_FALSE(test, p->conn->fin_wanted);
}

/* A sender's first window is small, and grows by our ACKs. */
static void start__established__acks_do_not_wait(struct kunit *test)
{
	struct peer *p = peer_new(test);

	p->conn->delack.answers = false;
	peer_walks(p, CLASP_ESTABLISHED);
	peer_sends(p, PSH | ACK, .len = 10);

	EXPECT_SENT(p, ACK, .why = CLASP_SEND_ACK_QUICK);
}

static struct kunit_case conn_cases[] = {
	KUNIT_CASE(init__whatever_it_held__closed),
	KUNIT_CASE(closed__connect__syn_with_mss),
	KUNIT_CASE(closed__connect_with_timestamps__offered),
	KUNIT_CASE(syn_sent__close__nothing_sent_and_syn_ack_meets_rst),
	KUNIT_CASE(syn_rcvd__close__fin),
	KUNIT_CASE(syn_rcvd__close_and_syn_lost__sent_again),
	KUNIT_CASE(syn_rcvd__close_and_fin_lost__sent_again),
	KUNIT_CASE(syn_rcvd__close_then_crossed_syn_ack__counts),
	KUNIT_CASE(established__close__fin_once),
	KUNIT_CASE(established__close_with_unsent_data__fin_rides_last),
	KUNIT_CASE(close_wait__close__fin_and_last_ack),
	KUNIT_CASE(any_state__close_again__nothing),
	KUNIT_CASE(any_state__abort__rst_where_the_peer_knows_us),
	KUNIT_CASE(established__abort_with_timestamps__rst_without),
	KUNIT_CASE(established__closed_or_aborted__told_apart),
	KUNIT_CASE(fin_wait_2__orphan__times_out),
	KUNIT_CASE(fin_wait_1__orphan__waits_only_from_fin_wait_2_on),
	KUNIT_CASE(fin_wait_1__orphan_shut_out__ends_though_answered),
	KUNIT_CASE(fin_wait_1__orphan_window_opens__counts_anew),
	KUNIT_CASE(fin_wait_2__program_still_reads__stays),
	KUNIT_CASE(connect__any_iss__no_small_segment_is_out),
	KUNIT_CASE(close__syn_sent__there_is_no_fin),
	KUNIT_CASE(start__established__acks_do_not_wait),
	{}
};

static struct kunit_suite conn_suite = {
	.name = "conn",
	.test_cases = conn_cases,
};

kunit_test_suite(conn_suite);
