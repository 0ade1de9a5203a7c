// SPDX-License-Identifier: GPL-2.0
/*
 * What the wire sees of a loss when the peer tells what it holds: RFC 2018,
 * RFC 6675, RFC 8985, RFC 6937. A whole connection, its body and its clock.
 */
#include <kunit/test.h>

#include "peer.h"

#define RTT	(100 * (u64)USEC_PER_MSEC)

/* Established, one round trip known, nothing under way. */
static struct peer *ready(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	p->settings.congestion_control = &clasp_reno;
	p->conn->cong_ops = &clasp_reno;
	program_writes(p, 1000);
	time_passes(p, RTT);
	peer_sends(p, ACK, .ack = p->snd_nxt + 1000);
	/* and not that the handshake took no time */
	p->conn->rto = (struct clasp_rto){
		.srtt_us = RTT, .rttvar_us = RTT / 2, .min_rtt_us = RTT,
		.rto_us = 3 * RTT,
	};
	peer_forgets(p);
	p->snd_nxt += 1000;

	return p;
}

/* As many segments as that are under way, for one round trip. */
static struct peer *flight(struct kunit *test, unsigned int segments)
{
	struct peer *p = ready(test);

	program_writes(p, segments * PEER_MSS);
	KUNIT_ASSERT_EQ(test, peer_count_sent(p), segments);
	peer_forgets(p);
	time_passes(p, RTT);
	peer_forgets(p);

	return p;
}

/* The peer holds segments [@from, @to) of the flight, and lacks @ack. */
static void holds(struct peer *p, u32 ack, u32 from, u32 to)
{
	u8 range[8];

	put_unaligned_be32(p->snd_nxt + from * PEER_MSS, range);
	put_unaligned_be32(p->snd_nxt + to * PEER_MSS, range + 4);
	peer_sends(p, ACK, .ack = p->snd_nxt + ack * PEER_MSS,
		   .has = CLASP_HAS_SACK, .sack = range, .n_sack = 1);
}

static void has(struct peer *p, u32 ack)
{
	peer_sends(p, ACK, .ack = p->snd_nxt + ack * PEER_MSS);
}

/* dupack-3 with SACK: at once, with the third */
static void third_sack__one_hole__fast_retransmit(struct kunit *test)
{
	struct peer *p = flight(test, 8);

	holds(p, 0, 1, 2);
	holds(p, 0, 1, 3);
	EXPECT_SENT_NOTHING(p);
	holds(p, 0, 1, 4);

	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .len = PEER_MSS,
		    .why = CLASP_SEND_RTX_DUPACK);
	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, clasp_annex(p->conn)->counts.rto, 0u);
}

/* sack-holes-only: 2 and 5 are lost, and neither of the others is sent again. */
static void holes__two__just_those_with_exact_counts(struct kunit *test)
{
	struct peer *p = flight(test, 10);
	struct clasp_conn *c = p->conn;

	has(p, 2);
	holds(p, 2, 3, 5);
	holds(p, 2, 6, 10);
	KUNIT_EXPECT_EQ(test, c->lost, 2u * PEER_MSS);
	KUNIT_EXPECT_EQ(test, c->sacked, 6u * PEER_MSS);
	holds(p, 2, 6, 10);

	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 2000, .len = PEER_MSS);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 5000, .len = PEER_MSS);
	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, c->again, 2u * PEER_MSS);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 2u * PEER_MSS);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.rtx, 2u);

	time_passes(p, RTT);
	has(p, 10);
	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_EQ(test, c->sacked + c->lost + c->again, 0u);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.fast_rtx, 1u);
}

/* limited transmit, RFC 3042: new data upon the first two */
static void first_sacks__more_to_send__one_new_each(struct kunit *test)
{
	struct peer *p = ready(test);

	program_writes(p, 15 * PEER_MSS);
	KUNIT_ASSERT_EQ(test, peer_count_sent(p), 10u);
	time_passes(p, RTT);
	peer_forgets(p);

	holds(p, 0, 1, 2);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 10000, .len = PEER_MSS,
		    .why = CLASP_SEND_NEW_DATA);
	holds(p, 0, 1, 3);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 11000, .len = PEER_MSS,
		    .why = CLASP_SEND_NEW_DATA);
	EXPECT_SENT_NOTHING(p);
}

/* tlp: the last segment is lost, and its copy repairs it. */
static void tail__last_lost__probe_after_two_round_trips(struct kunit *test)
{
	struct peer *p = ready(test);

	program_writes(p, 4 * PEER_MSS);
	peer_forgets(p);
	time_passes(p, RTT);
	has(p, 3);
	time_passes(p, 2 * RTT);
	EXPECT_SENT_NOTHING(p);
	/* one segment: the peer may delay its ACK */
	time_passes(p, CLASP_MS(200));
	EXPECT_SENT(p, PSH | ACK, .seq = p->snd_nxt + 3000, .len = PEER_MSS,
		    .why = CLASP_SEND_RTX_PROBE);
	has(p, 4);
	time_passes(p, 10 * RTT);

	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, clasp_annex(p->conn)->counts.rto, 0u);
}

/* tlp=false: the timeout has to */
static void tail__probes_switched_off__timeout(struct kunit *test)
{
	struct peer *p = ready(test);

	p->settings.tlp = false;
	program_writes(p, 4 * PEER_MSS);
	peer_forgets(p);
	time_passes(p, RTT);
	has(p, 3);
	time_passes(p, 5 * RTT);

	EXPECT_SENT(p, PSH | ACK, .seq = p->snd_nxt + 3000, .len = PEER_MSS,
		    .why = CLASP_SEND_RTX_TIMER);
	KUNIT_EXPECT_GE(test, clasp_annex(p->conn)->counts.rto, 1u);
}

/* rto-head-only: then, as ACKs come, the holes and nothing else */
static void timeout__some_sacked__head_then_holes(struct kunit *test)
{
	struct peer *p = ready(test);

	p->settings.fast_retransmit = false;
	program_writes(p, 6 * PEER_MSS);
	time_passes(p, RTT);
	holds(p, 0, 2, 4);
	peer_forgets(p);
	time_passes(p, 4 * RTT);

	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .len = PEER_MSS,
		    .why = CLASP_SEND_RTX_TIMER);
	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, p->conn->cong.cwnd, (u32)PEER_MSS);

	time_passes(p, RTT);
	holds(p, 1, 2, 4);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 1000, .len = PEER_MSS);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 4000, .len = PEER_MSS);
	EXPECT_SENT_NOTHING(p);
}

/* sack-reneging, RFC 2018 §8: what it held is sent again after all. */
static void timeout__peer_reneges__all_sent_again(struct kunit *test)
{
	struct peer *p = flight(test, 5);
	u32 at;

	holds(p, 0, 1, 5);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .len = PEER_MSS);
	time_passes(p, RTT);
	/* it got that, and has thrown the others away */
	has(p, 1);
	EXPECT_SENT_NOTHING(p);
	time_passes(p, 4 * RTT);
	KUNIT_EXPECT_EQ(test, p->conn->sacked, 0u);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 1000, .len = PEER_MSS,
		    .why = CLASP_SEND_RTX_TIMER);

	for (at = 2; at <= 5; at++) {
		time_passes(p, RTT);
		has(p, at);
	}
	KUNIT_EXPECT_EQ(test, clasp_conn_flight(p->conn), 0u);
}

/* A retransmission that is lost too is found by what was sent after it. */
static void lost_again__new_data_arrives__once_more(struct kunit *test)
{
	struct peer *p = ready(test);

	program_writes(p, 16 * PEER_MSS);
	time_passes(p, RTT);
	peer_forgets(p);
	holds(p, 0, 1, 10);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .len = PEER_MSS);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 10000, .len = PEER_MSS);
	peer_forgets(p);

	time_passes(p, RTT);
	holds(p, 0, 1, 11);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .len = PEER_MSS,
		    .why = CLASP_SEND_RTX_RACK);
	KUNIT_EXPECT_EQ(test, clasp_annex(p->conn)->counts.rto, 0u);
}

/* fast_retransmit=false: only the timer repairs. */
static void third_sack__fast_retransmit_off__timer(struct kunit *test)
{
	struct peer *p = ready(test);

	p->settings.fast_retransmit = false;
	program_writes(p, 8 * PEER_MSS);
	time_passes(p, RTT);
	peer_forgets(p);
	holds(p, 0, 1, 8);
	EXPECT_SENT_NOTHING(p);

	time_passes(p, 4 * RTT);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .len = PEER_MSS,
		    .why = CLASP_SEND_RTX_TIMER);
}

/* sack=false: one hole a round trip, as RFC 6582 has it. */
static void holes__sack_off__one_a_round_trip(struct kunit *test)
{
	struct peer *p = ready(test);

	p->settings.sack = false;
	program_writes(p, 8 * PEER_MSS);
	time_passes(p, RTT);
	peer_forgets(p);
	holds(p, 0, 1, 3);
	holds(p, 0, 1, 4);
	holds(p, 0, 5, 6);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .len = PEER_MSS,
		    .why = CLASP_SEND_RTX_DUPACK);
	EXPECT_SENT_NOTHING(p);

	time_passes(p, RTT);
	has(p, 4);
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt + 4000, .len = PEER_MSS,
		    .why = CLASP_SEND_RTX_PARTIAL);
	EXPECT_SENT_NOTHING(p);
	KUNIT_EXPECT_EQ(test, p->conn->sacked, 0u);
}

/* A flood of duplicates of a lone FIN has it sent again once. */
static void fin_alone__flood_of_duplicates__once(struct kunit *test)
{
	struct peer *p = ready(test);
	int i;

	program_closes(p);
	peer_forgets(p);
	for (i = 0; i < 20; i++)
		has(p, 0);

	EXPECT_SENT(p, FIN | ACK, .seq = p->snd_nxt);
	EXPECT_SENT_NOTHING(p);
}

static struct kunit_case recovery_sack_cases[] = {
	KUNIT_CASE(third_sack__one_hole__fast_retransmit),
	KUNIT_CASE(holes__two__just_those_with_exact_counts),
	KUNIT_CASE(first_sacks__more_to_send__one_new_each),
	KUNIT_CASE(tail__last_lost__probe_after_two_round_trips),
	KUNIT_CASE(tail__probes_switched_off__timeout),
	KUNIT_CASE(timeout__some_sacked__head_then_holes),
	KUNIT_CASE(timeout__peer_reneges__all_sent_again),
	KUNIT_CASE(lost_again__new_data_arrives__once_more),
	KUNIT_CASE(third_sack__fast_retransmit_off__timer),
	KUNIT_CASE(holes__sack_off__one_a_round_trip),
	KUNIT_CASE(fin_alone__flood_of_duplicates__once),
	{}
};

static struct kunit_suite recovery_sack_suite = {
	.name = "recovery_sack",
	.test_cases = recovery_sack_cases,
};

kunit_test_suite(recovery_sack_suite);
