// SPDX-License-Identifier: GPL-2.0
/*
 * SEGMENT ARRIVES, first to fifth step: RFC 9293 §3.10.7.4, RFC 5961, PAWS.
 * SYN_SENT and SYN_RCVD are in open_test.c, what comes after in text_test.c;
 * all of it around the window's edges in matrix_test.c.
 */
#include "peer.h"
#include "event.h"
#include "event_log.h"

/* rst-exact: what the program is told depends on where it was (tcp(7)) */
static void synchronized__rst_exact__error(struct kunit *test)
{
	static const struct {
		u8	state;
		u32	error;
	} rows[] = {
		{ CLASP_ESTABLISHED,	ECONNRESET },
		{ CLASP_FIN_WAIT_1,	ECONNRESET },
		{ CLASP_FIN_WAIT_2,	ECONNRESET },
		{ CLASP_CLOSE_WAIT,	EPIPE },
		{ CLASP_CLOSING,	ECONNRESET },
		{ CLASP_LAST_ACK,	ECONNRESET },
	};
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		struct peer *p = peer_at(test, rows[i].state);

		peer_sends(p, RST);
		EXPECT_STATE(p, CLOSED);
		EXPECT_SENT_NOTHING(p);
		KUNIT_EXPECT_EQ(test, p->conn->error, rows[i].error);
	}
}

/* rst-in-window, rst-outside */
static void established__rst_by_its_place__challenged_or_dropped(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, RST, .seq = p->rcv_nxt + 1);
	EXPECT_DROPPED(p, RST_INEXACT);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt,
		    .why = CLASP_SEND_ACK_CHALLENGE);
	peer_sends(p, RST, .seq = p->rcv_nxt - 1);
	EXPECT_DROPPED(p, RST_OUTSIDE);
	peer_sends(p, RST, .seq = p->rcv_nxt + OUR_BUFFER);
	EXPECT_DROPPED(p, RST_OUTSIDE);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, ESTABLISHED);
}

/* MUST-66: RST and ACK count at a window of zero. */
static void established__zero_window__rst_and_ack_count(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	program_writes(p, 100);
	peer_sends(p, PSH | ACK, .len = OUR_BUFFER, .ack = p->snd_nxt);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->window, 0u);
	peer_forgets(p);

	peer_sends(p, ACK, .ack = p->snd_nxt + 100);
	EXPECT_TAKEN(p);
	KUNIT_EXPECT_EQ(test, p->conn->snd_una, p->snd_nxt + 100);
	peer_sends(p, RST);
	EXPECT_STATE(p, CLOSED);
}

/* syn-established: wherever it lies, and never fatal */
static void established__syn__challenged_not_always(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, SYN, .seq = p->rcv_nxt + 5);
	EXPECT_DROPPED(p, SYN_CHALLENGED);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt,
		    .why = CLASP_SEND_ACK_CHALLENGE);
	/* RFC 5961 §7: not each of a flood */
	peer_sends(p, SYN, .seq = p->rcv_nxt - 5000);
	EXPECT_DROPPED(p, SYN_CHALLENGED);
	peer_sends(p, RST, .seq = p->rcv_nxt + 5);
	EXPECT_SENT_NOTHING(p);

	time_passes(p, CLASP_MS(500));
	peer_sends(p, SYN, .seq = p->rcv_nxt - 5000);
	EXPECT_SENT(p, ACK, .why = CLASP_SEND_ACK_CHALLENGE);
	EXPECT_STATE(p, ESTABLISHED);
}

/* no-ack-flag */
static void established__no_ack_bit__not_queued(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, FIN | PSH, .len = 100);

	EXPECT_DROPPED(p, NO_ACK);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, p->unread, 0u);
}

/* ack-of-unsent */
static void established__ack_of_unsent__ack_and_dropped(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	program_writes(p, 100);
	peer_forgets(p);
	peer_sends(p, PSH | ACK, .ack = p->snd_nxt + 101, .len = 10);

	EXPECT_DROPPED(p, ACK_UNSENT);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 100, .ack = p->rcv_nxt);
	KUNIT_EXPECT_EQ(test, p->unread, 0u);
	KUNIT_EXPECT_EQ(test, p->conn->snd_una, p->snd_nxt);
}

/* ack-too-old: RFC 5961 §5, not before SND.UNA - MAX.SND.WND */
static void established__ack_too_old__challenged(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, PSH | ACK, .ack = p->snd_nxt - PEER_WINDOW, .len = 10);
	EXPECT_TAKEN(p);
	KUNIT_EXPECT_EQ(test, p->unread, 10u);

	peer_sends(p, PSH | ACK, .ack = p->snd_nxt - PEER_WINDOW - 1,
		   .len = 10);
	EXPECT_DROPPED(p, ACK_TOO_OLD);
	EXPECT_SENT(p, ACK, .why = CLASP_SEND_ACK_CHALLENGE);
	KUNIT_EXPECT_EQ(test, p->unread, 10u);
}

/* out-of-window: one ACK, rate-limited; but data is always answered */
static void established__out_of_window__answered(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);
	unsigned int i;

	peer_sends(p, ACK, .seq = p->rcv_nxt - 1);
	EXPECT_DROPPED(p, OLD_DATA);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt,
		    .why = CLASP_SEND_ACK_UNACCEPTABLE);
	peer_sends(p, ACK, .seq = p->rcv_nxt + OUR_BUFFER + 1);
	EXPECT_DROPPED(p, OUT_OF_WINDOW);
	EXPECT_SENT_NOTHING(p);

	/* the peer whose ACK was lost waits for one */
	for (i = 0; i < 2; i++) {
		peer_sends(p, ACK, .seq = p->rcv_nxt - 100, .len = 100);
		EXPECT_DROPPED(p, OLD_DATA);
		EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	}
}

/* RFC 5961 §7: data that a stranger may have sent asks for no more ACKs */
static void established__data_with_a_bad_ack__challenged_not_always(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);
	unsigned int i;

	peer_sends(p, PSH | ACK, .ack = p->snd_nxt + 1, .len = 10);
	EXPECT_DROPPED(p, ACK_UNSENT);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt,
		    .why = CLASP_SEND_ACK_CHALLENGE);
	for (i = 0; i < 100; i++) {
		peer_sends(p, PSH | ACK, .ack = p->snd_nxt + 1, .len = 10);
		EXPECT_DROPPED(p, ACK_UNSENT);
		peer_sends(p, FIN | ACK, .ack = p->snd_nxt - PEER_WINDOW - 1,
			   .len = 10);
		EXPECT_DROPPED(p, ACK_TOO_OLD);
	}
	EXPECT_SENT_NOTHING(p);

	time_passes(p, CLASP_MS(500));
	peer_sends(p, PSH | ACK, .ack = p->snd_nxt - PEER_WINDOW - 1,
		   .len = 10);
	EXPECT_SENT(p, ACK, .why = CLASP_SEND_ACK_CHALLENGE);
	KUNIT_EXPECT_EQ(test, p->unread, 0u);
}

/* Timestamps in force: RFC 7323 §3.2 */
static void established__no_timestamp__dropped(struct kunit *test)
{
	struct peer *p = peer_with_timestamps(test, CLASP_ESTABLISHED);

	peer_sends(p, PSH | ACK, .has = 0, .len = 10);
	EXPECT_DROPPED(p, NO_TIMESTAMP);
	EXPECT_SENT_NOTHING(p);
	/* a SYN is challenged all the same, a RST has none */
	peer_sends(p, SYN, .has = 0);
	EXPECT_DROPPED(p, SYN_CHALLENGED);
	peer_sends(p, RST);
	EXPECT_STATE(p, CLOSED);
}

static void established__old_timestamp__paws(struct kunit *test)
{
	struct peer *p = peer_with_timestamps(test, CLASP_ESTABLISHED);
	u32 recent = p->conn->ts.recent;

	peer_sends(p, PSH | ACK, .len = 10, .tsval = recent - 1);
	EXPECT_DROPPED(p, PAWS);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt,
		    .why = CLASP_SEND_ACK_UNACCEPTABLE);
	KUNIT_EXPECT_EQ(test, p->unread, 0u);

	/* RFC 7323 §5.2: a RST is not subject to it */
	peer_sends(p, RST, .has = CLASP_HAS_TIMESTAMPS, .tsval = recent - 1);
	EXPECT_STATE(p, CLOSED);
}

/* ts-poison: a segment whose ACK is bad leaves TS.Recent alone. */
static void established__timestamp_with_a_bad_ack__not_echoed(struct kunit *test)
{
	struct peer *p = peer_with_timestamps(test, CLASP_ESTABLISHED);
	u32 recent = p->conn->ts.recent;

	peer_sends(p, ACK, .tsval = recent + 1000, .ack = p->snd_nxt + 1);
	KUNIT_EXPECT_EQ(test, p->conn->ts.recent, recent);
	peer_sends(p, ACK, .tsval = recent + 1000,
		   .seq = p->rcv_nxt + OUR_BUFFER + 1);
	KUNIT_EXPECT_EQ(test, p->conn->ts.recent, recent);
	peer_sends(p, ACK, .tsval = recent + 1000);
	KUNIT_EXPECT_EQ(test, p->conn->ts.recent, recent + 1000);
}

static struct {
	unsigned int	n[CLASP_EVENT_CWND + 1];
	enum clasp_drop	drop;
} told;

static void hear(const struct clasp_event *event, void *context)
{
	told.n[event->kind]++;
	if (event->kind == CLASP_EVENT_DROP)
		told.drop = event->drop;
}

static void any_drop__told_once(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	memset(&told, 0, sizeof(told));
	test_events_to(hear, NULL);
	peer_sends(p, 0, .len = 10);
	KUNIT_EXPECT_EQ(test, told.n[CLASP_EVENT_SEGMENT_IN], 1u);
	KUNIT_EXPECT_EQ(test, told.n[CLASP_EVENT_DROP], 1u);
	KUNIT_EXPECT_EQ(test, told.drop, CLASP_DROP_NO_ACK);
	peer_sends(p, ACK, .len = 10);
	KUNIT_EXPECT_EQ(test, told.n[CLASP_EVENT_SEGMENT_IN], 2u);
	KUNIT_EXPECT_EQ(test, told.n[CLASP_EVENT_DROP], 1u);
	KUNIT_EXPECT_EQ(test, clasp_annex(p->conn)->counts.segs_in, 3u);
}

static void hear_no_more(struct kunit *test)
{
	test_events_to(NULL, NULL);
}

static struct kunit_case input_cases[] = {
	KUNIT_CASE(synchronized__rst_exact__error),
	KUNIT_CASE(established__rst_by_its_place__challenged_or_dropped),
	KUNIT_CASE(established__zero_window__rst_and_ack_count),
	KUNIT_CASE(established__syn__challenged_not_always),
	KUNIT_CASE(established__no_ack_bit__not_queued),
	KUNIT_CASE(established__ack_of_unsent__ack_and_dropped),
	KUNIT_CASE(established__ack_too_old__challenged),
	KUNIT_CASE(established__out_of_window__answered),
	KUNIT_CASE(established__data_with_a_bad_ack__challenged_not_always),
	KUNIT_CASE(established__no_timestamp__dropped),
	KUNIT_CASE(established__old_timestamp__paws),
	KUNIT_CASE(established__timestamp_with_a_bad_ack__not_echoed),
	KUNIT_CASE(any_drop__told_once),
	{}
};

static struct kunit_suite input_suite = {
	.name = "input",
	.exit = hear_no_more,
	.test_cases = input_cases,
};

kunit_test_suite(input_suite);
