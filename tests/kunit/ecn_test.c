// SPDX-License-Identifier: GPL-2.0
/*
 * Explicit congestion notification, against RFC 3168 §6.1.
 */
#include <kunit/test.h>

#include "ecn.h"
#include "peer.h"

#define ECE	CLASP_ECE
#define CWR	CLASP_CWR

static struct peer *peer_with(struct kunit *test, u8 ecn)
{
	struct peer *p = peer_new(test);

	p->settings.ecn = ecn;

	return p;
}

/* An established connection with ECN: we opened it. */
static struct peer *agreed(struct kunit *test)
{
	struct peer *p = peer_with(test, CLASP_ECN_ASK);

	program_connects(p);
	peer_sends(p, SYN | ACK | ECE, .seq = PEER_ISS, .ack = OUR_ISS + 1);
	KUNIT_ASSERT_TRUE(test, p->conn->ecn_on);
	p->snd_nxt = OUR_ISS + 1;
	p->rcv_nxt = PEER_ISS + 1;
	peer_forgets(p);

	return p;
}

/* What peer_seen.c says of the last segment is of the core alone. */
static const struct clasp_segment *last(struct peer *p)
{
	return peer_last_sent(p);
}

/* §6.1.1: an ECN-setup SYN has both bits, its answer ECE alone. */
static void connect__asking__both_bits(struct kunit *test)
{
	struct peer *p = peer_with(test, CLASP_ECN_ASK);

	program_connects(p);
	EXPECT_SENT(p, SYN | ECE | CWR);
}

static void connect__not_asking__none(struct kunit *test)
{
	struct peer *p = peer_with(test, CLASP_ECN_GRANT);

	program_connects(p);
	EXPECT_SENT(p, SYN);
	peer_sends(p, SYN | ACK | ECE, .seq = PEER_ISS, .ack = OUR_ISS + 1);
	KUNIT_EXPECT_FALSE(test, p->conn->ecn_on);
}

static void connect__peer_does_not_grant__off(struct kunit *test)
{
	struct peer *p = peer_with(test, CLASP_ECN_ASK);

	program_connects(p);
	peer_sends(p, SYN | ACK, .seq = PEER_ISS, .ack = OUR_ISS + 1);
	KUNIT_EXPECT_FALSE(test, p->conn->ecn_on);
}

/* A peer that sends back bits it does not know. */
static void connect__peer_reflects_both__off(struct kunit *test)
{
	struct peer *p = peer_with(test, CLASP_ECN_ASK);

	program_connects(p);
	peer_sends(p, SYN | ACK | ECE | CWR, .seq = PEER_ISS,
		   .ack = OUR_ISS + 1);
	KUNIT_EXPECT_FALSE(test, p->conn->ecn_on);
}

/*
 * §6.1.1.1: something on the way may drop SYNs for their bits. But who asked
 * once and is granted it must echo what routers mark (§6.1.1).
 */
static void connect__syn_lost__asks_no_more(struct kunit *test)
{
	struct peer *p = peer_with(test, CLASP_ECN_ASK);

	program_connects(p);
	EXPECT_SENT(p, SYN | ECE | CWR);
	time_passes(p, USEC_PER_SEC);
	EXPECT_SENT(p, SYN);
	peer_sends(p, SYN | ACK | ECE, .seq = PEER_ISS, .ack = OUR_ISS + 1);
	KUNIT_EXPECT_TRUE(test, p->conn->ecn_on);
}

static void listen__asked__granted(struct kunit *test)
{
	struct peer *p = peer_with(test, CLASP_ECN_GRANT);

	program_listens(p);
	peer_sends(p, SYN | ECE | CWR, .seq = PEER_ISS);
	EXPECT_SENT(p, SYN | ACK | ECE);
	peer_sends(p, ACK, .seq = PEER_ISS + 1, .ack = OUR_ISS + 1);
	EXPECT_STATE(p, ESTABLISHED);
	KUNIT_EXPECT_TRUE(test, p->conn->ecn_on);
}

static void listen__off_or_half_asked__not_granted(struct kunit *test)
{
	struct peer *p = peer_with(test, CLASP_ECN_OFF);

	program_listens(p);
	peer_sends(p, SYN | ECE | CWR, .seq = PEER_ISS);
	EXPECT_SENT(p, SYN | ACK);

	p = peer_with(test, CLASP_ECN_GRANT);
	program_listens(p);
	peer_sends(p, SYN | ECE, .seq = PEER_ISS);
	EXPECT_SENT(p, SYN | ACK);
}

static void simultaneous_open__asked__granted(struct kunit *test)
{
	struct peer *p = peer_with(test, CLASP_ECN_ASK);

	program_connects(p);
	EXPECT_SENT(p, SYN | ECE | CWR);
	peer_sends(p, SYN | ECE | CWR, .seq = PEER_ISS);
	EXPECT_SENT(p, SYN | ACK | ECE);
	KUNIT_EXPECT_TRUE(test, p->conn->ecn_on);
}

/* §6.1.2: ECT on new data; §6.1.4, §6.1.5: not on an ACK, not on what is
 * sent again.
 */
static void output__new_data_alone__may_be_marked(struct kunit *test)
{
	struct peer *p = agreed(test);

	peer_sends(p, ACK | FIN, .len = 0);
	KUNIT_EXPECT_FALSE(test, last(p)->ect);

	program_writes(p, PEER_MSS);
	KUNIT_EXPECT_TRUE(test, last(p)->ect);
	KUNIT_EXPECT_EQ(test, last(p)->len, (u32)PEER_MSS);
	time_passes(p, USEC_PER_SEC);
	KUNIT_EXPECT_EQ(test, last(p)->len, (u32)PEER_MSS);
	KUNIT_EXPECT_FALSE(test, last(p)->ect);
}

static void output__without_ecn__never(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	program_writes(p, PEER_MSS);
	KUNIT_EXPECT_FALSE(test, last(p)->ect);
}

/* §6.1.3: ECE on every ACK, from the mark until CWR. */
static void receive__marked__echoes_until_cwr(struct kunit *test)
{
	struct peer *p = agreed(test);
	u32 seq = p->rcv_nxt;

	peer_sends(p, ACK, .seq = seq, .len = 100, .ce = true);
	EXPECT_SENT(p, ACK | ECE, .why = CLASP_SEND_ACK_NOW);
	peer_sends(p, ACK, .seq = seq + 100, .len = 2 * PEER_MSS);
	EXPECT_SENT(p, ACK | ECE);
	program_writes(p, PEER_MSS);
	EXPECT_SENT(p, ACK | PSH | ECE, .len = PEER_MSS);

	peer_sends(p, ACK | CWR, .seq = seq + 100 + 2 * PEER_MSS,
		   .len = 2 * PEER_MSS);
	EXPECT_SENT(p, ACK);
}

/* A mark on the very segment that says CWR is of new congestion. */
static void receive__cwr_and_marked__echoes_on(struct kunit *test)
{
	struct peer *p = agreed(test);

	peer_sends(p, ACK, .len = 100, .ce = true);
	EXPECT_SENT(p, ACK | ECE);
	peer_sends(p, ACK | CWR, .seq = p->rcv_nxt + 100, .len = 100,
		   .ce = true);
	EXPECT_SENT(p, ACK | ECE);
}

static void receive__without_ecn__not_echoed(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .len = 2 * PEER_MSS, .ce = true);
	EXPECT_SENT(p, ACK);
}

/* What is not acceptable is a stranger's, marks and all. */
static void receive__outside_of_window__not_echoed(struct kunit *test)
{
	struct peer *p = agreed(test);

	peer_sends(p, ACK, .seq = p->rcv_nxt + 2 * OUR_BUFFER, .len = 100,
		   .ce = true);
	KUNIT_EXPECT_FALSE(test, p->conn->ecn_echo);
}

/* ecn: §6.1.2, half, once for a window of data; CWR goes with the next new data. */
static void echo__slows_down_once_a_window(struct kunit *test)
{
	struct peer *p = agreed(test);
	u32 una = p->snd_nxt;
	u32 cwnd;

	program_writes(p, 9 * PEER_MSS);
	peer_forgets(p);
	peer_sends(p, ACK | ECE, .ack = una + PEER_MSS);
	cwnd = p->conn->cong.cwnd;
	KUNIT_EXPECT_EQ(test, cwnd, p->conn->cong.ssthresh);
	KUNIT_EXPECT_LT(test, cwnd, 10u * PEER_MSS);

	/* the rest of that window tells the same */
	peer_sends(p, ACK | ECE, .ack = una + 2 * PEER_MSS);
	peer_sends(p, ACK | ECE, .ack = una + 9 * PEER_MSS);
	KUNIT_EXPECT_EQ(test, p->conn->cong.cwnd, cwnd);

	program_writes(p, 2 * PEER_MSS);
	EXPECT_SENT(p, ACK | CWR, .len = PEER_MSS);
	EXPECT_SENT(p, ACK | PSH, .len = PEER_MSS);

	/* the next window's tell anew */
	peer_sends(p, ACK | ECE, .ack = una + 10 * PEER_MSS);
	KUNIT_EXPECT_LT(test, p->conn->cong.cwnd, cwnd);
}

/* ecn: §6.1.2, no growth either. */
static void echo__not_yet_again__no_growth(struct kunit *test)
{
	struct peer *p = agreed(test);
	u32 una = p->snd_nxt;
	u32 cwnd;

	program_writes(p, 20 * PEER_MSS);
	peer_sends(p, ACK | ECE, .ack = una + 2 * PEER_MSS);
	cwnd = p->conn->cong.cwnd;
	peer_sends(p, ACK | ECE, .ack = una + 8 * PEER_MSS);

	KUNIT_EXPECT_EQ(test, p->conn->cong.cwnd, cwnd);
}

static void echo__without_ecn__means_nothing(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	program_writes(p, 9 * PEER_MSS);
	peer_sends(p, ACK | ECE, .ack = p->snd_nxt + PEER_MSS);

	KUNIT_EXPECT_EQ(test, p->conn->cong.ssthresh, CLASP_WINDOW_MAX);
}

/* ecn: a loss is told with CWR too, and its marks do not count once more. */
static void loss__then_echo__once(struct kunit *test)
{
	struct peer *p = agreed(test);
	u32 una = p->snd_nxt;
	u32 ssthresh;

	program_writes(p, 9 * PEER_MSS);
	time_passes(p, USEC_PER_SEC);
	ssthresh = p->conn->cong.ssthresh;
	peer_sends(p, ACK | ECE, .ack = una + PEER_MSS);

	KUNIT_EXPECT_EQ(test, p->conn->cong.ssthresh, ssthresh);
	KUNIT_EXPECT_TRUE(test, p->conn->ecn_cwr);
}

static struct kunit_case ecn_cases[] = {
	KUNIT_CASE(connect__asking__both_bits),
	KUNIT_CASE(connect__not_asking__none),
	KUNIT_CASE(connect__peer_does_not_grant__off),
	KUNIT_CASE(connect__peer_reflects_both__off),
	KUNIT_CASE(connect__syn_lost__asks_no_more),
	KUNIT_CASE(listen__asked__granted),
	KUNIT_CASE(listen__off_or_half_asked__not_granted),
	KUNIT_CASE(simultaneous_open__asked__granted),
	KUNIT_CASE(output__new_data_alone__may_be_marked),
	KUNIT_CASE(output__without_ecn__never),
	KUNIT_CASE(receive__marked__echoes_until_cwr),
	KUNIT_CASE(receive__cwr_and_marked__echoes_on),
	KUNIT_CASE(receive__without_ecn__not_echoed),
	KUNIT_CASE(receive__outside_of_window__not_echoed),
	KUNIT_CASE(echo__slows_down_once_a_window),
	KUNIT_CASE(echo__not_yet_again__no_growth),
	KUNIT_CASE(echo__without_ecn__means_nothing),
	KUNIT_CASE(loss__then_echo__once),
	{}
};

static struct kunit_suite ecn_suite = {
	.name = "ecn",
	.test_cases = ecn_cases,
};

kunit_test_suite(ecn_suite);

MODULE_DESCRIPTION("Tests of explicit congestion notification");
MODULE_LICENSE("GPL");
