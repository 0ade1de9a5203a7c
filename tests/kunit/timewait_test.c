// SPDX-License-Identifier: GPL-2.0
/*
 * TIME_WAIT: RFC 9293 §3.10.7.4 and §3.6.1, RFC 1337, RFC 6191.
 */
#include "peer.h"

/* There by the close of this side first; p->rcv_nxt is behind the FIN. */
static struct peer *time_wait(struct kunit *test)
{
	return peer_in(test, TIME_WAIT);
}

/* MUST-13 */
static void time_wait__two_msl__closed(struct kunit *test)
{
	struct peer *p = time_wait(test);

	time_passes(p, CLASP_MS(60000) - 1);
	EXPECT_STATE(p, TIME_WAIT);
	time_passes(p, 1);
	EXPECT_STATE(p, CLOSED);
	EXPECT_SENT_NOTHING(p);
}

/* timewait-fin: ACK again, and the wait restarts */
static void time_wait__fin_again__ack_and_restart(struct kunit *test)
{
	struct peer *p = time_wait(test);

	time_passes(p, CLASP_MS(59000));
	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt - 1);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt,
		    .window = p->conn->rcv_wnd);
	time_passes(p, CLASP_MS(59999));
	EXPECT_STATE(p, TIME_WAIT);
	/* each time: the last ACK may be lost more than once */
	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt - 101, .len = 100);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt - 1);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
}

/* Only the peer's own FIN restarts it, or a stranger could keep it for ever. */
static void time_wait__fin_elsewhere__no_restart(struct kunit *test)
{
	struct peer *p = time_wait(test);

	time_passes(p, CLASP_MS(30000));
	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt + 10);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	time_passes(p, CLASP_MS(30000));
	EXPECT_STATE(p, CLOSED);
}

/* timewait-rst: RFC 1337 */
static void time_wait__rst_anywhere__survives(struct kunit *test)
{
	static const s32 offsets[] = { -1, 0, 1, OUR_BUFFER };
	struct peer *p = time_wait(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(offsets); i++) {
		peer_sends(p, RST, .seq = p->rcv_nxt + offsets[i]);
		EXPECT_DROPPED(p, TIME_WAIT);
	}
	EXPECT_SENT_NOTHING(p);
	EXPECT_STATE(p, TIME_WAIT);
}

static void time_wait__good_ack__nothing(struct kunit *test)
{
	struct peer *p = time_wait(test);

	peer_sends(p, ACK);

	EXPECT_DROPPED(p, TIME_WAIT);
	EXPECT_SENT_NOTHING(p);
}

/* What cannot be right is answered, but not without end. */
static void time_wait__old_data_or_wrong_ack__one_ack(struct kunit *test)
{
	struct peer *p = time_wait(test);

	peer_sends(p, ACK, .seq = p->rcv_nxt - 100, .len = 50);
	EXPECT_DROPPED(p, TIME_WAIT);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	peer_sends(p, ACK, .ack = p->snd_nxt + 1);
	EXPECT_SENT_NOTHING(p);

	time_passes(p, CLASP_MS(500));
	peer_sends(p, ACK, .ack = p->snd_nxt + 1);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt);
	EXPECT_STATE(p, TIME_WAIT);
}

/* §3.10.7.4, fifth: dropped */
static void time_wait__no_ack_in_window__dropped(struct kunit *test)
{
	struct peer *p = time_wait(test);

	peer_sends(p, PSH, .len = 1);

	EXPECT_DROPPED(p, TIME_WAIT);
	EXPECT_SENT_NOTHING(p);
}

static enum clasp_mini arrives(struct peer *p, const struct clasp_segment *seg)
{
	enum clasp_drop why = CLASP_DROP_NONE;

	return clasp_timewait_input(&p->tw, &p->settings, seg, p->now_us, &why);
}

/* timewait-reuse, by the sequence number: RFC 9293 §3.6.1 */
static void time_wait__syn_without_timestamps__by_its_number(struct kunit *test)
{
	struct peer *p = time_wait(test);
	struct clasp_segment syn = peer_segment(p, SYN);

	syn.seq = p->rcv_nxt + 1;
	KUNIT_EXPECT_EQ(test, arrives(p, &syn), CLASP_MINI_OPEN);
	syn.seq = p->rcv_nxt;
	KUNIT_EXPECT_EQ(test, arrives(p, &syn), CLASP_MINI_ACK);
	syn.seq = p->rcv_nxt - 1000;
	KUNIT_EXPECT_NE(test, arrives(p, &syn), CLASP_MINI_OPEN);
}

/* RFC 6191 §2: by the timestamp first */
static void time_wait__syn_with_timestamps__by_the_timestamp(struct kunit *test)
{
	struct peer *p = peer_with_timestamps(test, CLASP_TIME_WAIT);
	struct clasp_segment syn = peer_segment(p, SYN);
	u32 recent = p->tw.ts.recent;

	syn.seq = p->rcv_nxt - 1000;
	syn.tsval = recent + 1;
	KUNIT_EXPECT_EQ(test, arrives(p, &syn), CLASP_MINI_OPEN);
	syn.seq = p->rcv_nxt + 1000;
	syn.tsval = recent - 1;
	KUNIT_EXPECT_NE(test, arrives(p, &syn), CLASP_MINI_OPEN);
	/* the same timestamp: the number decides */
	syn.tsval = recent;
	KUNIT_EXPECT_EQ(test, arrives(p, &syn), CLASP_MINI_OPEN);
	syn.seq = p->rcv_nxt - 1000;
	KUNIT_EXPECT_NE(test, arrives(p, &syn), CLASP_MINI_OPEN);
	/* a SYN without: the number */
	syn.has = 0;
	syn.seq = p->rcv_nxt + 1;
	KUNIT_EXPECT_EQ(test, arrives(p, &syn), CLASP_MINI_OPEN);
}

static void time_wait__syn_with_ack_or_rst__opens_nothing(struct kunit *test)
{
	struct peer *p = time_wait(test);
	struct clasp_segment seg = peer_segment(p, SYN | ACK);

	seg.seq = p->rcv_nxt + 1000;
	KUNIT_EXPECT_EQ(test, arrives(p, &seg), CLASP_MINI_ACK);
	seg.flags = SYN | RST;
	KUNIT_EXPECT_EQ(test, arrives(p, &seg), CLASP_MINI_DROP);
}

/* Timestamps stay in force: the peer would drop an ACK without. */
static void time_wait__ack_with_timestamps__echoes(struct kunit *test)
{
	struct peer *p = peer_with_timestamps(test, CLASP_TIME_WAIT);

	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt - 1);

	KUNIT_EXPECT_TRUE(test, peer_last_sent(p)->has & CLASP_HAS_TIMESTAMPS);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->tsecr, p->tw.ts.recent);
}

/* §3.6.1: the new ISS is above all numbers of the old connection. */
static void isn__of_the_next_incarnation__above_the_old(struct kunit *test)
{
	struct peer *p = time_wait(test);
	u32 old = p->tw.snd_nxt;

	KUNIT_EXPECT_EQ(test, clasp_timewait_isn(&p->tw, old - 5), old + 65536);
	KUNIT_EXPECT_EQ(test, clasp_timewait_isn(&p->tw, old + 65536),
			old + 65536);
	KUNIT_EXPECT_EQ(test, clasp_timewait_isn(&p->tw, old + 99999),
			old + 99999);
	p->tw.snd_nxt = 0xffffff00;
	KUNIT_EXPECT_EQ(test, clasp_timewait_isn(&p->tw, 5), 0xff00u);
}

static void reuse__by_our_connect__after_a_second(struct kunit *test)
{
	struct peer *p = peer_with_timestamps(test, CLASP_TIME_WAIT);
	u64 then_us = p->tw.ts.recent_s * (u64)USEC_PER_SEC;

	KUNIT_EXPECT_FALSE(test, clasp_timewait_reusable(&p->tw, then_us));
	/* it may have been at the end of that second */
	KUNIT_EXPECT_FALSE(test, clasp_timewait_reusable(&p->tw, then_us +
							 2 * USEC_PER_SEC - 1));
	KUNIT_EXPECT_TRUE(test, clasp_timewait_reusable(&p->tw, then_us +
							2 * USEC_PER_SEC));
	p->tw.ts.on = false;
	KUNIT_EXPECT_FALSE(test, clasp_timewait_reusable(&p->tw, then_us +
							 60 * USEC_PER_SEC));
}

static struct kunit_case timewait_cases[] = {
	KUNIT_CASE(time_wait__two_msl__closed),
	KUNIT_CASE(time_wait__fin_again__ack_and_restart),
	KUNIT_CASE(time_wait__fin_elsewhere__no_restart),
	KUNIT_CASE(time_wait__rst_anywhere__survives),
	KUNIT_CASE(time_wait__good_ack__nothing),
	KUNIT_CASE(time_wait__old_data_or_wrong_ack__one_ack),
	KUNIT_CASE(time_wait__no_ack_in_window__dropped),
	KUNIT_CASE(time_wait__syn_without_timestamps__by_its_number),
	KUNIT_CASE(time_wait__syn_with_timestamps__by_the_timestamp),
	KUNIT_CASE(time_wait__syn_with_ack_or_rst__opens_nothing),
	KUNIT_CASE(time_wait__ack_with_timestamps__echoes),
	KUNIT_CASE(isn__of_the_next_incarnation__above_the_old),
	KUNIT_CASE(reuse__by_our_connect__after_a_second),
	{}
};

static struct kunit_suite timewait_suite = {
	.name = "timewait",
	.test_cases = timewait_cases,
};

kunit_test_suite(timewait_suite);
