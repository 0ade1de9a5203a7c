// SPDX-License-Identifier: GPL-2.0
/*
 * What to send next: RST, SYN, FIN, ACK: RFC 9293 §3.10.1, §3.10.4 and §3.10.5.
 * New data is in output_data_test.c, what is sent again in output_lost_test.c,
 * the timer in output_wake_test.c.
 */
#include <kunit/test.h>

#include "ack.h"
#include "bare.h"
#include "delack.h"
#include "output.h"

/* The next leaves; its segment is returned. */
static struct clasp_segment sends(struct kunit *test, struct clasp_conn *c)
{
	struct clasp_tx tx;

	KUNIT_ASSERT_TRUE(test, clasp_output_next(c, BARE_NOW, &tx));
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

/* RFC 9293 §3.10.7.1: believable, and docs/protocol.md §3: no options */
static void reset__due__before_all_else(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_CLOSED);
	struct clasp_segment seg;

	c->ts.on = true;
	c->reset_why = CLASP_SEND_RESET_ABORT;
	c->ack_why = CLASP_SEND_ACK_NOW;
	bare_sent(c, 300);
	bare_unsent(c, 100, true);
	seg = sends(test, c);

	KUNIT_EXPECT_EQ(test, seg.flags, CLASP_RST | CLASP_ACK);
	KUNIT_EXPECT_EQ(test, seg.seq, BARE_SEQ + 300);
	KUNIT_EXPECT_EQ(test, seg.ack, BARE_RCV);
	KUNIT_EXPECT_EQ(test, seg.has, 0);
	KUNIT_EXPECT_EQ(test, seg.len, 0u);
	KUNIT_EXPECT_EQ(test, seg.source, 40000);
	KUNIT_EXPECT_EQ(test, seg.dest, 7);
	/* once, and nothing after it */
	KUNIT_EXPECT_TRUE(test, silent(c));
}

static void closed__whatever_is_due__nothing(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_CLOSED);

	c->ack_why = CLASP_SEND_ACK_NOW;
	c->syn_why = CLASP_SEND_OPEN;
	bare_unsent(c, 100, true);
	KUNIT_EXPECT_TRUE(test, silent(c));

	c->state = CLASP_LISTEN;
	KUNIT_EXPECT_TRUE(test, silent(c));
}

static struct clasp_conn *opening(struct kunit *test, enum clasp_state state)
{
	struct clasp_conn *c = bare_conn(test, state);

	c->snd_una = c->iss;
	c->snd_nxt = c->iss;
	c->syn_why = CLASP_SEND_OPEN;

	return c;
}

/* open-3way; MUST-14: a SYN tells what we take */
static void syn_sent__syn_due__with_mss_and_window(struct kunit *test)
{
	struct clasp_conn *c = opening(test, CLASP_SYN_SENT);
	struct clasp_segment seg;

	c->adv_mss = 1460;
	seg = sends(test, c);

	KUNIT_EXPECT_EQ(test, seg.flags, CLASP_SYN);
	KUNIT_EXPECT_EQ(test, seg.seq, c->iss);
	KUNIT_EXPECT_EQ(test, seg.ack, 0u);
	KUNIT_EXPECT_EQ(test, seg.window, BARE_BUFFER);
	KUNIT_EXPECT_EQ(test, seg.has, CLASP_HAS_MSS);
	KUNIT_EXPECT_EQ(test, seg.mss, 1460);
	KUNIT_EXPECT_EQ(test, c->snd_nxt, c->iss + 1);
	KUNIT_EXPECT_EQ(test, c->syn_us, BARE_NOW);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, BARE_NOW),
			BARE_NOW + USEC_PER_SEC);
}

/* RFC 7323 §3.2: offered, and nothing to echo yet */
static void syn_sent__timestamps_wanted__offered(struct kunit *test)
{
	struct clasp_conn *c = opening(test, CLASP_SYN_SENT);
	struct clasp_segment seg;

	c->ts.on = true;
	c->ts.recent = 99;
	seg = sends(test, c);

	KUNIT_EXPECT_EQ(test, seg.has, CLASP_HAS_MSS | CLASP_HAS_TIMESTAMPS);
	KUNIT_EXPECT_EQ(test, seg.tsval, 3600000u);
	KUNIT_EXPECT_EQ(test, seg.tsecr, 0u);
}

static void syn_sent__syn_under_way__nothing_before_its_answer(struct kunit *test)
{
	struct clasp_conn *c = opening(test, CLASP_SYN_SENT);

	sends(test, c);
	bare_unsent(c, 3000, true);
	c->ack_why = CLASP_SEND_ACK_NOW;

	KUNIT_EXPECT_TRUE(test, silent(c));
}

/* open-simultaneous: RFC 9293 §3.5, Figure 8 */
static void syn_rcvd__syn_due__syn_ack(struct kunit *test)
{
	struct clasp_conn *c = opening(test, CLASP_SYN_RCVD);
	struct clasp_segment seg = sends(test, c);

	KUNIT_EXPECT_EQ(test, seg.flags, CLASP_SYN | CLASP_ACK);
	KUNIT_EXPECT_EQ(test, seg.seq, c->iss);
	KUNIT_EXPECT_EQ(test, seg.ack, BARE_RCV);
	KUNIT_EXPECT_TRUE(test, seg.has & CLASP_HAS_MSS);
}

/* fin-with-data: RFC 9293 §3.10.4 "segmentize ..., then send a FIN" */
static void fin__data_left__rides_on_the_last(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_FIN_WAIT_1);

	bare_unsent(c, 1400, false);
	c->fin_wanted = true;

	KUNIT_EXPECT_EQ(test, sends(test, c).flags, CLASP_ACK);
	KUNIT_EXPECT_EQ(test, sends(test, c).flags,
			CLASP_ACK | CLASP_PSH | CLASP_FIN);
	KUNIT_EXPECT_EQ(test, c->snd_nxt, BARE_SEQ + 1401);
	KUNIT_EXPECT_TRUE(test, clasp_conn_fin_sent(c));
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_sent, 1400ull);
	KUNIT_EXPECT_TRUE(test, silent(c));
}

/* close-4way. It needs no room: the peer takes it at a window of zero. */
static void fin__no_data_left__alone(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_FIN_WAIT_1);
	struct clasp_segment seg;

	c->fin_wanted = true;
	c->snd_wnd = 0;
	seg = sends(test, c);

	KUNIT_EXPECT_EQ(test, seg.flags, CLASP_ACK | CLASP_FIN);
	KUNIT_EXPECT_EQ(test, seg.seq, BARE_SEQ);
	KUNIT_EXPECT_EQ(test, c->snd_nxt, BARE_SEQ + 1);
	KUNIT_EXPECT_EQ(test, c->snd_sml, BARE_SEQ);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->last[CLASP_EVENT_SEGMENT_OUT].send,
			CLASP_SEND_FIN);
	KUNIT_EXPECT_TRUE(test, silent(c));
}

static void fin__data_waits__waits_behind_it(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_FIN_WAIT_1);

	bare_unsent(c, 100, true);
	c->fin_wanted = true;
	c->snd_wnd = 0;

	KUNIT_EXPECT_TRUE(test, silent(c));
}

/* delayed-ack (MUST-58): it rides on data. */
static void ack__due_and_data_leaves__rides(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->ack_why = CLASP_SEND_ACK_SECOND;
	clasp_timer_set(c, CLASP_TIMER_DELACK, BARE_NOW + 1);
	c->rcv_nxt += 2000;
	bare_unsent(c, 100, true);

	KUNIT_EXPECT_EQ(test, sends(test, c).ack, BARE_RCV + 2000);
	KUNIT_EXPECT_TRUE(test, silent(c));
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_DELACK, BARE_NOW), 0ull);
	KUNIT_EXPECT_EQ(test, c->rcv_wup, BARE_RCV + 2000);
}

/* MUST-59: the body asks when all that came has been taken; that is one ACK. */
static void ack__due_for_several__one_for_all(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	int i;

	for (i = 0; i < 6; i++) {
		c->rcv_nxt += BARE_MSS;
		clasp_delack_data(c, BARE_MSS, BARE_NOW);
	}

	KUNIT_EXPECT_EQ(test, sends(test, c).ack, BARE_RCV + 6 * BARE_MSS);
	KUNIT_EXPECT_TRUE(test, silent(c));
}

static void ack__due_alone__one_ack(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_FIN_WAIT_2);
	struct clasp_segment seg;

	bare_sent(c, 300);
	c->ack_why = CLASP_SEND_ACK_GAP;
	seg = sends(test, c);

	KUNIT_EXPECT_EQ(test, seg.flags, CLASP_ACK);
	KUNIT_EXPECT_EQ(test, seg.seq, BARE_SEQ + 300);
	KUNIT_EXPECT_EQ(test, seg.len, 0u);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.segs_out, 1u);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->last[CLASP_EVENT_SEGMENT_OUT].send,
			CLASP_SEND_ACK_GAP);
	KUNIT_EXPECT_TRUE(test, silent(c));
	/* it will not be acknowledged */
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, BARE_NOW), 0ull);
}

/* 0 would stand for no time. */
static void syn_sent__clock_at_its_wrap__round_trip_is_measured(struct kunit *test)
{
	struct clasp_conn *c = opening(test, CLASP_SYN_SENT);
	u64 wrap_us = 1ull << 32;
	struct clasp_tx tx;

	KUNIT_ASSERT_TRUE(test, clasp_output_next(c, wrap_us, &tx));
	clasp_output_sent(c, &tx, wrap_us);
	clasp_ack_of_syn(c, c->iss + 1, wrap_us + 1000);

	KUNIT_EXPECT_EQ(test, c->rto.srtt_us, 999u);
}

static struct kunit_case output_cases[] = {
	KUNIT_CASE(reset__due__before_all_else),
	KUNIT_CASE(closed__whatever_is_due__nothing),
	KUNIT_CASE(syn_sent__syn_due__with_mss_and_window),
	KUNIT_CASE(syn_sent__timestamps_wanted__offered),
	KUNIT_CASE(syn_sent__syn_under_way__nothing_before_its_answer),
	KUNIT_CASE(syn_rcvd__syn_due__syn_ack),
	KUNIT_CASE(fin__data_left__rides_on_the_last),
	KUNIT_CASE(fin__no_data_left__alone),
	KUNIT_CASE(fin__data_waits__waits_behind_it),
	KUNIT_CASE(ack__due_and_data_leaves__rides),
	KUNIT_CASE(ack__due_for_several__one_for_all),
	KUNIT_CASE(ack__due_alone__one_ack),
	KUNIT_CASE(syn_sent__clock_at_its_wrap__round_trip_is_measured),
	{}
};

static struct kunit_suite output_suite = {
	.name = "output",
	.exit = bare_exit,
	.test_cases = output_cases,
};

kunit_test_suite(output_suite);
