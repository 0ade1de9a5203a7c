// SPDX-License-Identifier: GPL-2.0
/*
 * New data: how much of it leaves at once, and with which flags. RFC 9293
 * §3.8.6.2.1 and §3.9.1.2 (PSH), RFC 5681 §3.1.
 */
#include <kunit/test.h>

#include "bare.h"
#include "output.h"

static struct clasp_tx next(struct kunit *test, struct clasp_conn *c)
{
	struct clasp_tx tx;

	KUNIT_ASSERT_TRUE(test, clasp_output_next(c, BARE_NOW, &tx));

	return tx;
}

/* The next leaves; its segment is returned. */
static struct clasp_segment sends(struct kunit *test, struct clasp_conn *c)
{
	struct clasp_tx tx = next(test, c);

	if (tx.fresh)
		bare_leaves(c, tx.len);
	clasp_output_sent(c, &tx, BARE_NOW);

	return tx.segment;
}

static bool silent(struct clasp_conn *c)
{
	struct clasp_tx tx;

	return !clasp_output_next(c, BARE_NOW, &tx);
}

static void data__one_write__one_segment(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_sent *sent = bare_unsent(c, 500, true);
	struct clasp_tx tx;

	c->ts.on = true;
	tx = next(test, c);

	KUNIT_EXPECT_EQ(test, tx.why, CLASP_SEND_NEW_DATA);
	KUNIT_EXPECT_PTR_EQ(test, tx.sent, sent);
	KUNIT_EXPECT_TRUE(test, tx.fresh);
	KUNIT_EXPECT_EQ(test, tx.skip, 0u);
	KUNIT_EXPECT_EQ(test, tx.len, 500u);
	/* MUST-16: less what the timestamps take, and their padding */
	KUNIT_EXPECT_EQ(test, tx.mss, BARE_MSS - 12);
	KUNIT_EXPECT_EQ(test, tx.segment.seq, BARE_SEQ);
	KUNIT_EXPECT_EQ(test, tx.segment.ack, BARE_RCV);
	KUNIT_EXPECT_EQ(test, tx.segment.window, BARE_BUFFER);
	KUNIT_EXPECT_EQ(test, tx.segment.len, 500u);
	KUNIT_EXPECT_EQ(test, tx.segment.flags, CLASP_ACK | CLASP_PSH);
	KUNIT_EXPECT_EQ(test, tx.segment.has, CLASP_HAS_TIMESTAMPS);
}

/* What could not be built is asked for again. */
static void data__not_sent__the_same_again(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_tx one, other;

	bare_unsent(c, 500, true);
	one = next(test, c);
	other = next(test, c);

	KUNIT_EXPECT_EQ(test, one.segment.seq, other.segment.seq);
	KUNIT_EXPECT_EQ(test, one.len, other.len);
	KUNIT_EXPECT_EQ(test, c->snd_nxt, BARE_SEQ);
}

/* MUST-60, MUST-61: PSH where a write ends and on the last; nowhere else. */
static void data__several_writes__psh_on_their_ends(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 2000, true);
	bare_unsent(c, 1000, false);
	bare_unsent(c, 1000, false);

	KUNIT_EXPECT_EQ(test, sends(test, c).flags, CLASP_ACK);
	KUNIT_EXPECT_EQ(test, sends(test, c).flags, CLASP_ACK | CLASP_PSH);
	KUNIT_EXPECT_EQ(test, sends(test, c).flags, CLASP_ACK);
	KUNIT_EXPECT_EQ(test, sends(test, c).flags, CLASP_ACK | CLASP_PSH);
	KUNIT_EXPECT_TRUE(test, silent(c));
	KUNIT_EXPECT_EQ(test, c->snd_nxt, BARE_SEQ + 4000);
}

/* Full segments, as many as one transmission takes, the short one last. */
static void data__burst__whole_segments(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 6400, true);
	c->burst = 3999;
	KUNIT_EXPECT_EQ(test, sends(test, c).len, 3 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.segs_out, 3u);
	KUNIT_EXPECT_EQ(test, c->snd_sml, BARE_SEQ);

	c->burst = 65536;
	KUNIT_EXPECT_EQ(test, sends(test, c).len, 3400u);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.segs_out, 7u);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_sent, 6400ull);
	KUNIT_EXPECT_EQ(test, c->snd_sml, BARE_SEQ + 6400);
}

/* A body that could not take a segment at once still gets one. */
static void data__burst_under_a_segment__one_segment(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 3000, true);
	c->burst = 0;

	KUNIT_EXPECT_EQ(test, sends(test, c).len, BARE_MSS);
}

/* MUST-16; the smallest segments that options can leave */
static void data__least_mss__less_the_options(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->peer_mss = CLASP_MSS_MIN;
	c->ts.on = true;
	bare_unsent(c, 1000, true);

	KUNIT_EXPECT_EQ(test, sends(test, c).len, CLASP_MSS_MIN - 12u);
}

static void data__congestion_window__as_much_as_it_lets(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 9000, true);
	c->burst = 65536;
	c->cong.cwnd = 3500;

	KUNIT_EXPECT_EQ(test, sends(test, c).len, 3000u);
	KUNIT_EXPECT_TRUE(test, silent(c));

	/* the lesson's switch: nothing holds it back */
	c->cong_ops = &clasp_cong_none;
	KUNIT_EXPECT_EQ(test, sends(test, c).len, 6000u);
}

/* window-filled; MUST-38: not the 500 that are left */
static void data__peers_window__as_much_as_it_lets(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 9000, true);
	c->burst = 65536;
	c->snd_wnd = 3500;
	KUNIT_EXPECT_EQ(test, sends(test, c).len, 3000u);
	KUNIT_EXPECT_TRUE(test, silent(c));

	bare_settings(c)->flow_control = false;
	KUNIT_EXPECT_EQ(test, sends(test, c).len, 6000u);
}

static void data__window_zero_or_one__nothing(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 9000, true);
	c->snd_wnd = 0;
	KUNIT_EXPECT_TRUE(test, silent(c));
	c->snd_wnd = 1;
	KUNIT_EXPECT_TRUE(test, silent(c));

	/* the override timer's turn; it is for one transmission */
	c->override = true;
	KUNIT_EXPECT_EQ(test, sends(test, c).len, 1u);
	KUNIT_EXPECT_FALSE(test, c->override);
}

/* MUST-1: 2^30 is not negative, and what is beyond it is not offered. */
static void data__largest_windows__full_burst(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->snd_wnd = CLASP_WINDOW_MAX;
	c->cong.cwnd = CLASP_WINDOW_MAX;
	c->burst = 60000;
	bare_unsent(c, 1u << 29, true);

	KUNIT_EXPECT_EQ(test, sends(test, c).len, 60000u);
}

/* MUST-17: Nagle, and its two switches */
static void data__second_small_write__waits_for_the_first(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 100, true);
	sends(test, c);
	bare_unsent(c, 100, true);
	KUNIT_EXPECT_TRUE(test, silent(c));

	bare_settings(c)->nagle = false;
	KUNIT_EXPECT_EQ(test, next(test, c).len, 100u);
	bare_settings(c)->nagle = true;
	c->nodelay = true;
	KUNIT_EXPECT_EQ(test, next(test, c).len, 100u);
}

/* Where there is a direction of ours that is open, or being closed. */
static void data__each_state__while_ours_is_open(struct kunit *test)
{
	const u32 sending = CLASP_IN(ESTABLISHED) | CLASP_IN(CLOSE_WAIT) |
			    CLASP_IN(FIN_WAIT_1) | CLASP_IN(CLOSING) |
			    CLASP_IN(LAST_ACK);
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	u8 state;

	bare_unsent(c, 100, true);
	for (state = CLASP_ESTABLISHED; state < CLASP_STATE_MAX; state++) {
		c->state = state;
		KUNIT_EXPECT_EQ_MSG(test, silent(c),
				    !clasp_conn_in(c, sending),
				    "state %u", state);
	}
}

static void sent__soon_after_data_came__is_its_answer(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->rcv_nxt += 10;
	clasp_delack_data(c, 10, BARE_NOW - CLASP_MS(5));
	bare_unsent(c, 100, true);
	sends(test, c);

	KUNIT_EXPECT_TRUE(test, c->delack.answers);
}

static struct kunit_case output_data_cases[] = {
	KUNIT_CASE(data__one_write__one_segment),
	KUNIT_CASE(data__not_sent__the_same_again),
	KUNIT_CASE(data__several_writes__psh_on_their_ends),
	KUNIT_CASE(data__burst__whole_segments),
	KUNIT_CASE(data__burst_under_a_segment__one_segment),
	KUNIT_CASE(data__least_mss__less_the_options),
	KUNIT_CASE(data__congestion_window__as_much_as_it_lets),
	KUNIT_CASE(data__peers_window__as_much_as_it_lets),
	KUNIT_CASE(data__window_zero_or_one__nothing),
	KUNIT_CASE(data__largest_windows__full_burst),
	KUNIT_CASE(data__second_small_write__waits_for_the_first),
	KUNIT_CASE(data__each_state__while_ours_is_open),
	KUNIT_CASE(sent__soon_after_data_came__is_its_answer),
	{}
};

static struct kunit_suite output_data_suite = {
	.name = "output_data",
	.exit = bare_exit,
	.test_cases = output_data_cases,
};

kunit_test_suite(output_data_suite);
