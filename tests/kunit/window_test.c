// SPDX-License-Identifier: GPL-2.0
/*
 * Flow control, both sides: RFC 9293 §3.8.6.
 */
#include <kunit/test.h>

#include "bare.h"
#include "window.h"

static void space__more_than_2_to_the_30__counts_as_that(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_window_space(c, 300, 400);
	KUNIT_EXPECT_EQ(test, c->rcv_free, 300u);
	KUNIT_EXPECT_EQ(test, c->rcv_buf, 400u);

	clasp_window_space(c, U32_MAX, U32_MAX);
	KUNIT_EXPECT_EQ(test, c->rcv_free, CLASP_WINDOW_MAX);
	KUNIT_EXPECT_EQ(test, c->rcv_buf, CLASP_WINDOW_MAX);
}

static void left__data_arrived__what_it_left(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_EQ(test, clasp_window_left(c), BARE_BUFFER);
	c->rcv_nxt += BARE_BUFFER - 1;
	KUNIT_EXPECT_EQ(test, clasp_window_left(c), 1u);
	c->rcv_nxt++;
	KUNIT_EXPECT_EQ(test, clasp_window_left(c), 0u);
	/* a FIN is taken at a window of zero */
	c->rcv_nxt++;
	KUNIT_EXPECT_EQ(test, clasp_window_left(c), 0u);
}

static void left__largest_window__counted_right(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->rcv_wnd = CLASP_WINDOW_MAX;

	KUNIT_EXPECT_EQ(test, clasp_window_left(c), CLASP_WINDOW_MAX);
}

/* 3.8.6.2.2: the right edge stands while the buffer fills. */
static void offer__data_unread__right_edge_stands(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->rcv_nxt += 700;
	clasp_window_space(c, BARE_BUFFER - 700, BARE_BUFFER);

	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), BARE_BUFFER - 700);
	KUNIT_EXPECT_EQ(test, c->rcv_wup, BARE_RCV + 700);
	KUNIT_EXPECT_EQ(test, c->rcv_wnd, BARE_BUFFER - 700);
}

/* MUST-39: by less than a segment it does not move. */
static void offer__little_read__right_edge_stands(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->rcv_nxt += 5000;
	clasp_window_space(c, BARE_BUFFER - 5000 + BARE_MSS - 1, BARE_BUFFER);
	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), BARE_BUFFER - 5000);

	clasp_window_space(c, BARE_BUFFER - 5000 + BARE_MSS, BARE_BUFFER);
	KUNIT_EXPECT_EQ(test, clasp_window_offer(c),
			BARE_BUFFER - 5000 + BARE_MSS);
}

/* min (Fr * RCV.BUFF, Eff.snd.MSS), Fr = 1/2: a buffer under two segments. */
static void offer__tiny_buffer_half_read__right_edge_moves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->rcv_wnd = 0;
	clasp_window_space(c, 299, 600);
	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), 0u);
	clasp_window_space(c, 300, 600);
	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), 300u);
}

/* SHLD-14: what was offered is never taken back. */
static void offer__buffer_shrank__window_does_not(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_window_space(c, 10, 20);
	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), BARE_BUFFER);

	c->rcv_nxt += 100;
	clasp_window_space(c, 0, 0);
	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), BARE_BUFFER - 100);
}

static void offer__no_buffer_at_all__zero(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->rcv_wnd = 0;
	clasp_window_space(c, 0, 0);

	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), 0u);
}

/*
 * No memory, though the window says so: what was offered is taken back, lest
 * the peer sends into it until R2.
 */
static void exhausted__much_was_offered__zero_is_told(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_window_exhausted(c);

	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_UNACCEPTABLE);
	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), 0u);
	KUNIT_EXPECT_EQ(test, clasp_window_left(c), 0u);
	/* and for as long as nothing is free */
	clasp_window_space(c, BARE_MSS - 1, BARE_BUFFER);
	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), 0u);
}

static void exhausted__room_for_a_segment__opens(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_window_exhausted(c);
	clasp_window_offer(c);
	c->ack_why = 0;
	clasp_window_space(c, BARE_MSS - 1, BARE_BUFFER);
	clasp_window_read(c);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);

	clasp_window_space(c, BARE_MSS, BARE_BUFFER);
	clasp_window_read(c);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_WINDOW);
	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), BARE_MSS);
}

/* A buffer under two segments is half empty at best. */
static void exhausted__tiny_buffer_half_free__opens(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_window_exhausted(c);
	clasp_window_offer(c);
	clasp_window_space(c, 299, 600);
	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), 0u);
	clasp_window_space(c, 300, 600);
	KUNIT_EXPECT_EQ(test, clasp_window_offer(c), 300u);
}

/* read-tiny: octet by octet, and no update until it is worth one. */
static void read__octet_by_octet__one_update(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	u32 free;

	c->rcv_wnd = 0;
	for (free = 1; free < BARE_MSS; free++) {
		clasp_window_space(c, free, BARE_BUFFER);
		clasp_window_read(c);
		KUNIT_ASSERT_EQ(test, c->ack_why, 0);
	}

	clasp_window_space(c, free, BARE_BUFFER);
	clasp_window_read(c);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_WINDOW);
}

/* window-update-on-read: when it doubles what the peer has left. */
static void read__twice_what_was_left__update(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->rcv_wnd = 4000;
	clasp_window_space(c, 7999, BARE_BUFFER);
	clasp_window_read(c);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);

	clasp_window_space(c, 8000, BARE_BUFFER);
	clasp_window_read(c);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_WINDOW);
}

static void read__peer_has_over_half_the_buffer__no_update(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->rcv_wnd = BARE_BUFFER / 2 + 1;
	clasp_window_space(c, 3 * BARE_BUFFER, BARE_BUFFER);
	clasp_window_read(c);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);

	c->rcv_wnd = BARE_BUFFER / 2;
	clasp_window_read(c);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_WINDOW);
}

/* Who will send no more need not know; who may must. */
static void read__each_state__update_while_peer_sends(struct kunit *test)
{
	const u32 sending = CLASP_IN(ESTABLISHED) | CLASP_IN(FIN_WAIT_1) |
			    CLASP_IN(FIN_WAIT_2);
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	u8 state;

	c->rcv_wnd = 0;
	for (state = CLASP_ESTABLISHED; state < CLASP_STATE_MAX; state++) {
		c->state = state;
		c->ack_why = 0;
		clasp_window_read(c);
		KUNIT_EXPECT_EQ_MSG(test, !!c->ack_why,
				    !!clasp_conn_in(c, sending),
				    "state %u", state);
	}
}

static struct clasp_segment tells(u32 seq, u32 ack, u32 window)
{
	return (struct clasp_segment){
		.seq = seq, .ack = ack, .window = window, .flags = CLASP_ACK,
	};
}

/* §3.10.7.4: SND.WL1 < SEG.SEQ, or equal and SND.WL2 =< SEG.ACK */
static void update__newer_segment__taken(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment by_seq = tells(BARE_RCV + 2000, BARE_SEQ - 5, 1);
	struct clasp_segment by_ack = tells(BARE_RCV + 2000, BARE_SEQ + 9, 2);
	struct clasp_segment same = tells(BARE_RCV + 2000, BARE_SEQ + 9, 3);

	clasp_window_update(c, &by_seq);
	KUNIT_EXPECT_EQ(test, c->snd_wnd, 1u);
	KUNIT_EXPECT_EQ(test, c->snd_wl1, BARE_RCV + 2000);
	KUNIT_EXPECT_EQ(test, c->snd_wl2, BARE_SEQ - 5);

	clasp_window_update(c, &by_ack);
	KUNIT_EXPECT_EQ(test, c->snd_wnd, 2u);
	KUNIT_EXPECT_EQ(test, c->snd_wl2, BARE_SEQ + 9);

	clasp_window_update(c, &same);
	KUNIT_EXPECT_EQ(test, c->snd_wnd, 3u);
}

/* window-update-old: one that was overtaken must not close the window. */
static void update__older_segment__ignored(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment older_seq = tells(BARE_RCV - 1, BARE_SEQ, 0);
	struct clasp_segment older_ack = tells(BARE_RCV, BARE_SEQ - 1, 0);

	clasp_window_update(c, &older_seq);
	clasp_window_update(c, &older_ack);

	KUNIT_EXPECT_EQ(test, c->snd_wnd, BARE_WINDOW);
	KUNIT_EXPECT_EQ(test, c->snd_wl1, BARE_RCV);
}

/*
 * Data sent again has an old sequence number, but may be the first to tell of
 * what has arrived: SND.UNA moves, the right edge must not move with it.
 */
static void update__old_data_acknowledges_more__taken(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment again = tells(BARE_RCV - 1000, BARE_SEQ + 9, 7);

	clasp_window_update(c, &again);

	KUNIT_EXPECT_EQ(test, c->snd_wnd, 7u);
	KUNIT_EXPECT_EQ(test, c->snd_wl1, BARE_RCV);
	KUNIT_EXPECT_EQ(test, c->snd_wl2, BARE_SEQ + 9);
}

/* MUST-34; the largest ever stays known (MAX.SND.WND) */
static void update__window_shrinks__taken(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment less = tells(BARE_RCV + 1, BARE_SEQ, 10);
	struct clasp_segment more = tells(BARE_RCV + 2, BARE_SEQ, 200000);

	clasp_window_update(c, &less);
	KUNIT_EXPECT_EQ(test, c->snd_wnd, 10u);
	KUNIT_EXPECT_EQ(test, c->max_snd_wnd, BARE_WINDOW);

	clasp_window_update(c, &more);
	KUNIT_EXPECT_EQ(test, c->max_snd_wnd, 200000u);
}

static void usable__some_under_way__the_rest(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_EQ(test, clasp_window_usable(c), BARE_WINDOW);
	bare_sent(c, BARE_WINDOW - 1);
	KUNIT_EXPECT_EQ(test, clasp_window_usable(c), 1u);
	bare_sent(c, 1);
	KUNIT_EXPECT_EQ(test, clasp_window_usable(c), 0u);
}

/* MUST-34, shrunk right edge: less than nothing is nothing. */
static void usable__edge_behind_what_was_sent__none(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 5000);
	c->snd_wnd = 4000;
	KUNIT_EXPECT_EQ(test, clasp_window_usable(c), 0u);
	c->snd_wnd = 0;
	KUNIT_EXPECT_EQ(test, clasp_window_usable(c), 0u);
}

/* MUST-1: 2^30 is far, and not negative. */
static void usable__largest_window__all_of_it(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->snd_wnd = CLASP_WINDOW_MAX;

	KUNIT_EXPECT_EQ(test, clasp_window_usable(c), CLASP_WINDOW_MAX);
}

/* The lesson's switch: a sender that does not care drowns the receiver. */
static void usable__flow_control_off__no_end(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->snd_wnd = 0;
	bare_settings(c)->flow_control = false;

	KUNIT_EXPECT_EQ(test, clasp_window_usable(c), CLASP_WINDOW_MAX);
}

/* For operators: whose fault is it that nothing leaves? */
static void limits__less_than_a_segment_left__so(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 3000);
	c->snd_wnd = 3000;
	KUNIT_EXPECT_FALSE(test, clasp_window_limits(c));

	bare_unsent(c, 5000, false);
	KUNIT_EXPECT_TRUE(test, clasp_window_limits(c));
	c->snd_wnd = 3000 + clasp_conn_mss(c) - 1;
	KUNIT_EXPECT_TRUE(test, clasp_window_limits(c));
	c->snd_wnd++;
	KUNIT_EXPECT_FALSE(test, clasp_window_limits(c));
}

static void limits__the_end_fits__not_so(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 10, true);
	c->snd_wnd = 9;
	KUNIT_EXPECT_TRUE(test, clasp_window_limits(c));
	c->snd_wnd = 10;
	KUNIT_EXPECT_FALSE(test, clasp_window_limits(c));
}

static struct kunit_case window_cases[] = {
	KUNIT_CASE(space__more_than_2_to_the_30__counts_as_that),
	KUNIT_CASE(left__data_arrived__what_it_left),
	KUNIT_CASE(left__largest_window__counted_right),
	KUNIT_CASE(offer__data_unread__right_edge_stands),
	KUNIT_CASE(offer__little_read__right_edge_stands),
	KUNIT_CASE(offer__tiny_buffer_half_read__right_edge_moves),
	KUNIT_CASE(offer__buffer_shrank__window_does_not),
	KUNIT_CASE(offer__no_buffer_at_all__zero),
	KUNIT_CASE(exhausted__much_was_offered__zero_is_told),
	KUNIT_CASE(exhausted__room_for_a_segment__opens),
	KUNIT_CASE(exhausted__tiny_buffer_half_free__opens),
	KUNIT_CASE(read__octet_by_octet__one_update),
	KUNIT_CASE(read__twice_what_was_left__update),
	KUNIT_CASE(read__peer_has_over_half_the_buffer__no_update),
	KUNIT_CASE(read__each_state__update_while_peer_sends),
	KUNIT_CASE(update__newer_segment__taken),
	KUNIT_CASE(update__older_segment__ignored),
	KUNIT_CASE(update__old_data_acknowledges_more__taken),
	KUNIT_CASE(update__window_shrinks__taken),
	KUNIT_CASE(usable__some_under_way__the_rest),
	KUNIT_CASE(usable__edge_behind_what_was_sent__none),
	KUNIT_CASE(usable__largest_window__all_of_it),
	KUNIT_CASE(usable__flow_control_off__no_end),
	KUNIT_CASE(limits__less_than_a_segment_left__so),
	KUNIT_CASE(limits__the_end_fits__not_so),
	{}
};

static struct kunit_suite window_suite = {
	.name = "window",
	.exit = bare_exit,
	.test_cases = window_cases,
};

kunit_test_suite(window_suite);
