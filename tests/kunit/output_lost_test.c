// SPDX-License-Identifier: GPL-2.0
/*
 * What is sent again, and window probes: RFC 9293 §3.8.1 and §3.8.6.1,
 * RFC 6298 §5, RFC 5681 §3.
 */
#include <kunit/test.h>

#include "bare.h"
#include "output.h"

/* [from, to) of what is under way is held lost. */
static void lose(struct clasp_conn *c, u32 from, u32 to, enum clasp_send why)
{
	bare_lost(c, from, to);
	c->rtx_why = why;
}

static struct clasp_tx next(struct kunit *test, struct clasp_conn *c)
{
	struct clasp_tx tx;

	KUNIT_ASSERT_TRUE(test, clasp_output_next(c, BARE_NOW + 9, &tx));

	return tx;
}

static struct clasp_tx sends(struct kunit *test, struct clasp_conn *c)
{
	struct clasp_tx tx = next(test, c);

	clasp_output_sent(c, &tx, BARE_NOW + 9);

	return tx;
}

static bool silent(struct clasp_conn *c)
{
	struct clasp_tx tx;

	return !clasp_output_next(c, BARE_NOW, &tx);
}

/* rto-head-only: cwnd is one segment then; the rest when it lets. */
static void timer__all_lost__head_then_what_cwnd_lets(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_tx tx;

	bare_sent(c, 5000);
	lose(c, 0, 5000, CLASP_SEND_RTX_TIMER);
	c->cong.cwnd = BARE_MSS;
	c->burst = 65536;

	tx = sends(test, c);
	KUNIT_EXPECT_EQ(test, tx.why, CLASP_SEND_RTX_TIMER);
	KUNIT_EXPECT_EQ(test, tx.len, BARE_MSS);
	KUNIT_EXPECT_EQ(test, tx.segment.seq, BARE_SEQ);
	KUNIT_EXPECT_FALSE(test, tx.fresh);
	KUNIT_EXPECT_TRUE(test, silent(c));

	c->cong.cwnd = 3 * BARE_MSS + 500;
	tx = sends(test, c);
	KUNIT_EXPECT_EQ(test, tx.len, 2 * BARE_MSS);
	KUNIT_EXPECT_EQ(test, tx.sent->seq + tx.skip, tx.segment.seq);
	KUNIT_EXPECT_EQ(test, tx.segment.seq, BARE_SEQ + BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->snd_nxt, BARE_SEQ + 5000);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.rtx, 3u);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_rtx, 3000ull);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_sent, 0ull);
}

/* A transmission is from one range: it ends where the range does. */
static void lost__over_several_ranges__each_by_itself(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_sent *one = bare_sent(c, 700);
	struct clasp_sent *other = bare_sent(c, 300);
	struct clasp_tx tx;

	lose(c, 0, 1000, CLASP_SEND_RTX_TIMER);
	c->burst = 65536;
	tx = sends(test, c);
	KUNIT_EXPECT_PTR_EQ(test, tx.sent, one);
	KUNIT_EXPECT_EQ(test, tx.len, 700u);

	tx = sends(test, c);
	KUNIT_EXPECT_PTR_EQ(test, tx.sent, other);
	KUNIT_EXPECT_EQ(test, tx.len, 300u);
	KUNIT_EXPECT_EQ(test, tx.skip, 0u);
	KUNIT_EXPECT_TRUE(test, silent(c));
}

/* dupack-3: one segment of a longer range, from its middle */
static void dupack__one_segment_of_a_range__that_and_no_more(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_tx tx;

	bare_sent(c, 8000);
	lose(c, 2000, 3000, CLASP_SEND_RTX_DUPACK);
	c->cong.cwnd = 8000;
	c->burst = 65536;
	tx = sends(test, c);

	KUNIT_EXPECT_EQ(test, tx.segment.seq, BARE_SEQ + 2000);
	KUNIT_EXPECT_EQ(test, tx.len, BARE_MSS);
	/* karn */
	KUNIT_EXPECT_EQ(test, tx.sent->marks, CLASP_SENT_LOST |
			CLASP_SENT_AGAIN | CLASP_SENT_TWICE);
	KUNIT_EXPECT_EQ(test, tx.sent->sent_us, BARE_NOW + 9);
	KUNIT_EXPECT_EQ(test, c->again, BARE_MSS);
	KUNIT_EXPECT_TRUE(test, silent(c));

	/* nor where nothing but its end would stop it */
	lose(c, 4000, 5000, CLASP_SEND_RTX_TIMER);
	c->cong.cwnd = 50000;
	KUNIT_EXPECT_EQ(test, next(test, c).len, BARE_MSS);
}

/* Both are heard: that a segment left, and that it was sent again. */
static void lost__sent_again__two_events(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct bare_heard *heard = bare_heard(c);

	bare_sent(c, 1000);
	lose(c, 0, 1000, CLASP_SEND_RTX_PARTIAL);
	sends(test, c);

	KUNIT_EXPECT_EQ(test, heard->count[CLASP_EVENT_SEGMENT_OUT], 1u);
	KUNIT_EXPECT_EQ(test, heard->count[CLASP_EVENT_RETRANSMIT], 1u);
	KUNIT_EXPECT_EQ(test, heard->last[CLASP_EVENT_RETRANSMIT].send,
			CLASP_SEND_RTX_PARTIAL);
}

/* Less than a segment is lost: a short quota that suffices lets it go. */
static void lost__short_tail__needs_no_whole_segment(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 5400);
	lose(c, 5000, 5400, CLASP_SEND_RTX_TIMER);
	c->cong.cwnd = 5399;
	KUNIT_EXPECT_TRUE(test, silent(c));

	c->cong.cwnd = 5400;
	KUNIT_EXPECT_EQ(test, next(test, c).len, 400u);
}

/* A short piece is sent only where the range ends: no silly segments. */
static void lost__quota_between_segments__whole_ones(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	/* one more that is not lost */
	bare_sent(c, 9500);
	bare_sent(c, 100);
	lose(c, 0, 9500, CLASP_SEND_RTX_TIMER);
	c->burst = 65536;
	c->cong.cwnd = 100 + 999;
	KUNIT_EXPECT_TRUE(test, silent(c));
	c->cong.cwnd = 100 + 9500;
	KUNIT_EXPECT_EQ(test, next(test, c).len, 9500u);
	c->cong.cwnd = 100 + 9499;
	KUNIT_EXPECT_EQ(test, next(test, c).len, 9000u);
	c->burst = 2999;
	KUNIT_EXPECT_EQ(test, next(test, c).len, 2000u);
}

/* A segment smaller than when it was sent: RTX_MTU's case. */
static void lost__segments_got_smaller__cut_anew(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 1000);
	lose(c, 0, 1000, CLASP_SEND_RTX_MTU);
	c->path_mss = 400;

	KUNIT_EXPECT_EQ(test, sends(test, c).len, 400u);
	KUNIT_EXPECT_EQ(test, sends(test, c).len, 400u);
	KUNIT_EXPECT_EQ(test, sends(test, c).len, 200u);
	KUNIT_EXPECT_TRUE(test, silent(c));
}

/* MUST-34: what was sent is sent again, though the window shrank. */
static void lost__window_shrank__sent_again(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 2000);
	lose(c, 1000, 2000, CLASP_SEND_RTX_TIMER);
	c->snd_wnd = 0;

	KUNIT_EXPECT_EQ(test, next(test, c).len, BARE_MSS);
}

/* Nothing is there to send again: not ours to make up. */
static void lost__no_range__nothing(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->snd_nxt += 2000;
	c->lost = 1000;
	c->rtx_why = CLASP_SEND_RTX_TIMER;

	KUNIT_EXPECT_TRUE(test, silent(c));
}

static void order__all_due__lost_probe_new(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 1000);
	bare_unsent(c, 1000, true);
	lose(c, 0, 1000, CLASP_SEND_RTX_TIMER);
	c->probe_due = true;
	c->ack_why = CLASP_SEND_ACK_NOW;

	KUNIT_EXPECT_EQ(test, sends(test, c).why, CLASP_SEND_RTX_TIMER);
	KUNIT_EXPECT_EQ(test, sends(test, c).why, CLASP_SEND_PROBE_WINDOW);
	KUNIT_EXPECT_EQ(test, next(test, c).why, CLASP_SEND_NEW_DATA);
}

/* MUST-60: PSH where the write ended, as the first time */
static void push__whole_write__psh(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 2000)->push = true;
	bare_sent(c, 1000);
	bare_unsent(c, 500, true);
	lose(c, 0, 3000, CLASP_SEND_RTX_TIMER);

	KUNIT_EXPECT_EQ(test, sends(test, c).segment.flags, CLASP_ACK);
	KUNIT_EXPECT_EQ(test, sends(test, c).segment.flags,
			CLASP_ACK | CLASP_PSH);
	KUNIT_EXPECT_EQ(test, sends(test, c).segment.flags, CLASP_ACK);
}

/* fin-lost: RFC 9293 §3.8.1, the FIN where it was */
static void fin__rode_on_data__rides_again(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_FIN_WAIT_1);
	struct clasp_tx tx;

	bare_sent(c, 1000);
	bare_sent(c, 600);
	c->fin_wanted = true;
	c->snd_nxt++;
	lose(c, 0, 1600, CLASP_SEND_RTX_TIMER);
	c->fin_lost = true;

	KUNIT_EXPECT_EQ(test, sends(test, c).segment.flags, CLASP_ACK);
	tx = sends(test, c);
	KUNIT_EXPECT_EQ(test, tx.segment.flags,
			CLASP_ACK | CLASP_PSH | CLASP_FIN);
	KUNIT_EXPECT_EQ(test, tx.len, 600u);
	KUNIT_EXPECT_EQ(test, c->again, c->lost);
	KUNIT_EXPECT_FALSE(test, c->fin_lost);
	KUNIT_EXPECT_TRUE(test, silent(c));
}

static void fin__alone_under_way__alone_again(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_LAST_ACK);
	struct clasp_tx tx;

	c->fin_wanted = true;
	c->snd_nxt++;
	c->fin_lost = true;
	tx = sends(test, c);

	KUNIT_EXPECT_EQ(test, tx.why, CLASP_SEND_RTX_FIN);
	KUNIT_EXPECT_EQ(test, tx.segment.flags, CLASP_ACK | CLASP_FIN);
	KUNIT_EXPECT_EQ(test, tx.segment.seq, BARE_SEQ);
	KUNIT_EXPECT_NULL(test, tx.sent);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.rtx, 1u);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_rtx, 0ull);
	KUNIT_EXPECT_TRUE(test, silent(c));
}

/* A FIN has a number: it must leave before it can be sent again. */
static void fin__not_sent_yet__does_not_ride(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_FIN_WAIT_1);

	bare_sent(c, 1000);
	c->fin_wanted = true;
	lose(c, 0, 1000, CLASP_SEND_RTX_DUPACK);

	KUNIT_EXPECT_EQ(test, sends(test, c).segment.flags,
			CLASP_ACK | CLASP_PSH);
	KUNIT_EXPECT_EQ(test, next(test, c).why, CLASP_SEND_FIN);
}

static u64 rto_at(const struct clasp_conn *c)
{
	return clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, BARE_NOW);
}

/* RFC 6582 §3.2: a fast retransmission is given a whole timeout. */
static void sent__fast_retransmission__timer_restarts(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 3000);
	clasp_timer_set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW + CLASP_MS(10));
	c->belief = CLASP_BELIEF_LOSS;
	lose(c, 0, 1000, CLASP_SEND_RTX_TIMER);
	sends(test, c);
	KUNIT_EXPECT_EQ(test, rto_at(c), BARE_NOW + CLASP_MS(10));

	c->belief = CLASP_BELIEF_RECOVERY;
	lose(c, 1000, 2000, CLASP_SEND_RTX_DUPACK);
	sends(test, c);
	KUNIT_EXPECT_EQ(test, rto_at(c), BARE_NOW + CLASP_MS(1001));

	clasp_timer_set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW + CLASP_MS(10));
	lose(c, 2000, 3000, CLASP_SEND_RTX_PARTIAL);
	sends(test, c);
	KUNIT_EXPECT_EQ(test, rto_at(c), BARE_NOW + CLASP_MS(1001));
}

/* MUST-36. It tells nothing new, so that the answer is a lone ACK. */
static void probe__due__one_number_back_and_empty(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_tx tx;

	bare_unsent(c, 500, true);
	c->snd_wnd = 0;
	c->probe_due = true;
	tx = sends(test, c);

	KUNIT_EXPECT_EQ(test, tx.why, CLASP_SEND_PROBE_WINDOW);
	KUNIT_EXPECT_EQ(test, tx.segment.seq, BARE_SEQ - 1);
	KUNIT_EXPECT_EQ(test, tx.segment.flags, CLASP_ACK);
	KUNIT_EXPECT_EQ(test, tx.len, 0u);
	KUNIT_EXPECT_EQ(test, c->snd_nxt, BARE_SEQ);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, BARE_NOW), 0ull);
	KUNIT_EXPECT_TRUE(test, silent(c));
}

static struct kunit_case output_lost_cases[] = {
	KUNIT_CASE(timer__all_lost__head_then_what_cwnd_lets),
	KUNIT_CASE(lost__over_several_ranges__each_by_itself),
	KUNIT_CASE(dupack__one_segment_of_a_range__that_and_no_more),
	KUNIT_CASE(lost__sent_again__two_events),
	KUNIT_CASE(lost__short_tail__needs_no_whole_segment),
	KUNIT_CASE(lost__quota_between_segments__whole_ones),
	KUNIT_CASE(lost__segments_got_smaller__cut_anew),
	KUNIT_CASE(lost__window_shrank__sent_again),
	KUNIT_CASE(lost__no_range__nothing),
	KUNIT_CASE(order__all_due__lost_probe_new),
	KUNIT_CASE(push__whole_write__psh),
	KUNIT_CASE(fin__rode_on_data__rides_again),
	KUNIT_CASE(fin__alone_under_way__alone_again),
	KUNIT_CASE(fin__not_sent_yet__does_not_ride),
	KUNIT_CASE(sent__fast_retransmission__timer_restarts),
	KUNIT_CASE(probe__due__one_number_back_and_empty),
	{}
};

static struct kunit_suite output_lost_suite = {
	.name = "output_lost",
	.exit = bare_exit,
	.test_cases = output_lost_cases,
};

kunit_test_suite(output_lost_suite);
