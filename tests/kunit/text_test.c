// SPDX-License-Identifier: GPL-2.0
/*
 * SEGMENT ARRIVES, seventh and eighth: the text and the FIN. RFC 9293
 * §3.10.7.4, RFC 5681 §4.2.
 */
#include "peer.h"
#include "input.h"

static void expect_next(struct peer *p, u32 skip, u32 len)
{
	KUNIT_EXPECT_EQ(p->test, p->arrival.payload, (int)CLASP_PAYLOAD_NEXT);
	KUNIT_EXPECT_EQ(p->test, p->arrival.skip, skip);
	KUNIT_EXPECT_EQ(p->test, p->arrival.end_seq - p->arrival.seq, len);
}

static void established__text_in_order__the_programs(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, PSH | ACK, .len = 100);

	EXPECT_TAKEN(p);
	expect_next(p, 0, 100);
	KUNIT_EXPECT_EQ(test, p->unread, 100u);
	KUNIT_EXPECT_EQ(test, clasp_annex(p->conn)->counts.bytes_received, 100ull);
	EXPECT_SENT_NOTHING(p);
	time_passes(p, CLASP_MS(40));	/* MUST-40 */
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt + 100,
		    .why = CLASP_SEND_ACK_DELAYED);
}

/* PSH tells a write's end from a path that takes no more. */
static void established__segments_become_smaller__so_does_a_full_one(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .len = 800);
	peer_sends(p, PSH | ACK, .len = 300);
	peer_sends(p, PSH | ACK, .len = 300);
	KUNIT_EXPECT_EQ(test, p->conn->rcv_mss, 800);
	peer_sends(p, ACK, .len = 600);
	peer_sends(p, ACK, .len = 600);
	KUNIT_EXPECT_EQ(test, p->conn->rcv_mss, 600);
}

static void established__partly_old__front_skipped(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .len = 100);
	peer_sends(p, ACK, .seq = p->rcv_nxt + 30, .len = 100);

	EXPECT_TAKEN(p);
	expect_next(p, 70, 30);
	KUNIT_EXPECT_EQ(test, p->unread, 130u);
}

static void established__all_old__ack_at_once(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .len = 100);
	peer_sends(p, ACK, .seq = p->rcv_nxt, .len = 100);

	EXPECT_DROPPED(p, OLD_DATA);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + 100);
	KUNIT_EXPECT_EQ(test, p->unread, 100u);
}

/* What lies behind the window is not taken, and neither is a FIN there. */
static void established__past_the_right_edge__tail_cut(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, FIN | ACK, .len = OUR_BUFFER + 10);

	expect_next(p, 0, OUR_BUFFER);
	EXPECT_STATE(p, ESTABLISHED);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + OUR_BUFFER, .window = 0);

	program_reads(p, OUR_BUFFER);
	peer_forgets(p);
	peer_sends(p, FIN | ACK, .len = 10);
	EXPECT_STATE(p, CLOSE_WAIT);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + OUR_BUFFER + 11);
}

static void established__zero_window_text__refused(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .len = OUR_BUFFER);
	peer_forgets(p);
	peer_sends(p, ACK, .len = 1);

	EXPECT_DROPPED(p, OUT_OF_WINDOW);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + OUR_BUFFER, .window = 0);
	KUNIT_EXPECT_EQ(test, p->unread, OUR_BUFFER);
}

static void established__behind_a_gap__held_and_pulled(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .seq = p->rcv_nxt + 200, .len = 100);
	KUNIT_EXPECT_EQ(test, p->arrival.payload, (int)CLASP_PAYLOAD_HOLD);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt, .why = CLASP_SEND_ACK_GAP);
	peer_sends(p, ACK, .seq = p->rcv_nxt, .len = 100);
	/* the gap is smaller, but there still */
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + 100,
		    .why = CLASP_SEND_ACK_GAP);
	KUNIT_EXPECT_EQ(test, p->unread, 100u);

	/* overlaps on both sides */
	peer_sends(p, ACK, .seq = p->rcv_nxt + 50, .len = 200);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + 300);
	KUNIT_EXPECT_EQ(test, p->unread, 300u);
	KUNIT_EXPECT_EQ(test, clasp_annex(p->conn)->counts.out_of_order, 1u);
	KUNIT_EXPECT_EQ(test, clasp_annex(p->conn)->counts.bytes_received, 300ull);
}

static void established__no_room__ack_and_dropped(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	p->room = 99;
	peer_sends(p, FIN | ACK, .len = 100);
	EXPECT_DROPPED(p, NO_ROOM);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt);
	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_EQ(test, p->unread, 0u);

	p->room = 100;
	peer_sends(p, FIN | ACK, .len = 100);
	EXPECT_STATE(p, CLOSE_WAIT);
	KUNIT_EXPECT_EQ(test, p->unread, 100u);
}

/* Small segments may fill a buffer with what they cost, whatever the window. */
static void memory_is_out(struct peer *p)
{
	p->unread = OUR_BUFFER;
	p->room = 0;
}

/* And the peer is told, so that it probes and does not give us up. */
static void established__no_room__window_closes_until_there_is(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	memory_is_out(p);
	peer_sends(p, ACK, .len = 100);
	EXPECT_DROPPED(p, NO_ROOM);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt, .window = 0,
		    .why = CLASP_SEND_ACK_UNACCEPTABLE);

	p->room = U32_MAX;
	program_reads(p, OUR_BUFFER);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt, .window = OUR_BUFFER,
		    .why = CLASP_SEND_ACK_WINDOW);
	peer_sends(p, ACK, .len = 100);
	EXPECT_TAKEN(p);
	KUNIT_EXPECT_EQ(test, p->unread, 100u);
}

/*
 * But not for what is behind a gap: all of the memory may be what waits there,
 * which only what fills the gap sets free.
 */
static void established__no_room_behind_a_gap__window_stays(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	memory_is_out(p);
	peer_sends(p, ACK, .seq = p->rcv_nxt + 100, .len = 100);
	EXPECT_DROPPED(p, NO_ROOM);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt, .window = OUR_BUFFER,
		    .why = CLASP_SEND_ACK_GAP);
	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt + 100);
	EXPECT_DROPPED(p, NO_ROOM);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt, .window = OUR_BUFFER,
		    .why = CLASP_SEND_ACK_GAP);

	p->room = U32_MAX;
	peer_sends(p, ACK, .len = 100);
	EXPECT_TAKEN(p);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + 100);
}

/* A FIN has no octet of text, but what waits for a gap costs memory. */
static void established__lone_fin_without_room__ack_and_dropped(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	memory_is_out(p);
	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt + 100);
	EXPECT_DROPPED(p, NO_ROOM);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt);
	KUNIT_EXPECT_EQ(test, p->arrival.payload, (int)CLASP_PAYLOAD_NONE);

	/* the one that is next needs none: fin-zero-window */
	peer_sends(p, FIN | ACK);
	EXPECT_TAKEN(p);
	EXPECT_STATE(p, CLOSE_WAIT);
}

/* fin-with-data, and fin-before-data: held like the text that it follows */
static void established__fin_out_of_order__held(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt + 100, .len = 50);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt);
	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_FALSE(test, p->todo & CLASP_TODO_EOF);

	peer_sends(p, ACK, .seq = p->rcv_nxt, .len = 100);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + 151,
		    .why = CLASP_SEND_ACK_FIN);
	EXPECT_STATE(p, CLOSE_WAIT);
	KUNIT_EXPECT_EQ(test, p->unread, 150u);
	KUNIT_EXPECT_TRUE(test, p->todo & CLASP_TODO_EOF);
}

/* fin-out-of-order */
static void established__lone_fin_behind_a_gap__held(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt + 100);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt, .why = CLASP_SEND_ACK_GAP);
	EXPECT_STATE(p, ESTABLISHED);
	peer_sends(p, ACK, .seq = p->rcv_nxt, .len = 100);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + 101);
	EXPECT_STATE(p, CLOSE_WAIT);
}

/* fin-zero-window: taken, and no ACK loop */
static void established__fin_at_zero_window__taken(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .len = OUR_BUFFER);
	peer_forgets(p);
	peer_sends(p, FIN | ACK);

	EXPECT_TAKEN(p);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + OUR_BUFFER + 1);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, CLOSE_WAIT);
}

/* The ACK of a FIN was lost: the FIN again is answered, and taken once. */
static void close_wait__fin_again__ack_again(struct kunit *test)
{
	struct peer *p = peer_in(test, CLOSE_WAIT);

	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt - 1);
	EXPECT_DROPPED(p, OLD_DATA);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt - 1);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	EXPECT_STATE(p, CLOSE_WAIT);
	KUNIT_EXPECT_EQ(test, p->conn->rcv_nxt, p->rcv_nxt);
}

/* Nothing follows the peer's FIN. */
static void after_its_fin__text__dropped(struct kunit *test)
{
	static const u8 states[] = { CLASP_CLOSE_WAIT, CLASP_CLOSING,
				     CLASP_LAST_ACK };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		struct peer *p = peer_at(test, states[i]);

		/* its ACK is not ours, or the last two would be over */
		peer_sends(p, ACK, .len = 10, .ack = p->conn->snd_una);
		EXPECT_DROPPED(p, AFTER_FIN);
		PEER_EXPECT(p, peer_is_in(p, states[i]));
		KUNIT_EXPECT_EQ(test, p->unread, 0u);
		KUNIT_EXPECT_EQ(test, p->conn->rcv_nxt, p->rcv_nxt);
	}
}

/* Held ranges behind where the peer's FIN turned out to be are nobody's. */
static void close_wait__held_behind_the_fin__forgotten(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .seq = p->rcv_nxt + 101, .len = 50);
	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt, .len = 100);

	EXPECT_STATE(p, CLOSE_WAIT);
	KUNIT_EXPECT_EQ(test, p->unread, 100u);
	KUNIT_EXPECT_EQ(test, p->conn->rcv_nxt, p->rcv_nxt + 101);
}

/* half-close: after its own FIN a side still receives */
static void fin_wait_1_and_2__text__taken(struct kunit *test)
{
	struct peer *p = peer_in(test, FIN_WAIT_1);

	peer_sends(p, PSH | ACK, .len = 100, .ack = p->snd_nxt - 1);
	EXPECT_STATE(p, FIN_WAIT_1);
	KUNIT_EXPECT_EQ(test, p->unread, 100u);
	peer_sends(p, PSH | ACK, .len = 100);
	EXPECT_STATE(p, FIN_WAIT_2);
	peer_sends(p, PSH | ACK, .len = 100);
	KUNIT_EXPECT_EQ(test, p->unread, 300u);
}

/* data-after-close: RST, for nobody will read it */
static void orphan__text__rst_and_closed(struct kunit *test)
{
	static const u8 states[] = { CLASP_FIN_WAIT_1, CLASP_FIN_WAIT_2 };
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(states); i++) {
		struct peer *p = peer_at(test, states[i]);

		program_leaves(p);
		peer_sends(p, PSH | ACK, .len = 10);
		EXPECT_DROPPED(p, AFTER_CLOSE);
		EXPECT_SENT(p, RST, .seq = p->snd_nxt);
		EXPECT_SENT_NOTHING(p);
		EXPECT_STATE(p, CLOSED);
	}
}

static void orphan__old_text_or_fin__no_rst(struct kunit *test)
{
	struct peer *p = peer_in(test, FIN_WAIT_2);

	program_leaves(p);
	peer_sends(p, ACK, .seq = p->rcv_nxt - 10, .len = 10);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt);
	peer_sends(p, FIN | ACK);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + 1);
	EXPECT_STATE(p, TIME_WAIT);
	/* the orphan's wait is over; TIME_WAIT's is its mini-socket's */
	KUNIT_EXPECT_EQ(test, clasp_timer_at(p->conn, CLASP_TIMER_FIN_WAIT_2, p->now_us),
			0ull);
}

/* close-simultaneous */
static void fin_wait_1__crossing_fin__closing_then_time_wait(struct kunit *test)
{
	struct peer *p = peer_in(test, FIN_WAIT_1);

	peer_sends(p, FIN | ACK, .ack = p->snd_nxt - 1);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt + 1);
	EXPECT_STATE(p, CLOSING);
	peer_sends(p, ACK);
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, TIME_WAIT);
}

/* close-4way */
static void fin_wait_1__ack_then_fin__time_wait(struct kunit *test)
{
	struct peer *p = peer_in(test, FIN_WAIT_1);

	peer_sends(p, ACK);
	EXPECT_STATE(p, FIN_WAIT_2);
	peer_sends(p, FIN | ACK);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt + 1,
		    .why = CLASP_SEND_ACK_FIN);
	EXPECT_STATE(p, TIME_WAIT);
}

/* fin-lost */
static void fin_wait_1__fin_lost__sent_again(struct kunit *test)
{
	struct peer *p = peer_in(test, FIN_WAIT_1);

	time_passes(p, CLASP_MS(250));
	EXPECT_SENT(p, FIN | ACK, .seq = p->snd_nxt - 1, .ack = p->rcv_nxt,
		    .why = CLASP_SEND_RTX_PROBE);
	EXPECT_STATE(p, FIN_WAIT_1);
}

/* lastack-lost-ack: our FIN again meets the peer's TIME_WAIT */
static void last_ack__ack_lost__fin_again(struct kunit *test)
{
	struct peer *p = peer_in(test, LAST_ACK);

	time_passes(p, CLASP_MS(250));
	EXPECT_SENT(p, FIN | ACK, .seq = p->snd_nxt - 1,
		    .why = CLASP_SEND_RTX_PROBE);
	peer_sends(p, ACK);
	EXPECT_STATE(p, CLOSED);
	KUNIT_EXPECT_EQ(test, p->conn->error, 0u);
}

static struct kunit_case text_cases[] = {
	KUNIT_CASE(established__text_in_order__the_programs),
	KUNIT_CASE(established__segments_become_smaller__so_does_a_full_one),
	KUNIT_CASE(established__partly_old__front_skipped),
	KUNIT_CASE(established__all_old__ack_at_once),
	KUNIT_CASE(established__past_the_right_edge__tail_cut),
	KUNIT_CASE(established__zero_window_text__refused),
	KUNIT_CASE(established__behind_a_gap__held_and_pulled),
	KUNIT_CASE(established__no_room__ack_and_dropped),
	KUNIT_CASE(established__no_room__window_closes_until_there_is),
	KUNIT_CASE(established__no_room_behind_a_gap__window_stays),
	KUNIT_CASE(established__lone_fin_without_room__ack_and_dropped),
	KUNIT_CASE(established__fin_out_of_order__held),
	KUNIT_CASE(established__lone_fin_behind_a_gap__held),
	KUNIT_CASE(established__fin_at_zero_window__taken),
	KUNIT_CASE(close_wait__fin_again__ack_again),
	KUNIT_CASE(after_its_fin__text__dropped),
	KUNIT_CASE(close_wait__held_behind_the_fin__forgotten),
	KUNIT_CASE(fin_wait_1_and_2__text__taken),
	KUNIT_CASE(orphan__text__rst_and_closed),
	KUNIT_CASE(orphan__old_text_or_fin__no_rst),
	KUNIT_CASE(fin_wait_1__crossing_fin__closing_then_time_wait),
	KUNIT_CASE(fin_wait_1__ack_then_fin__time_wait),
	KUNIT_CASE(fin_wait_1__fin_lost__sent_again),
	KUNIT_CASE(last_ack__ack_lost__fin_again),
	{}
};

static struct kunit_suite text_suite = {
	.name = "text",
	.test_cases = text_cases,
};

kunit_test_suite(text_suite);
