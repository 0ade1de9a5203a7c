// SPDX-License-Identifier: GPL-2.0
/*
 * SACK and D-SACK as the peer sees them: RFC 2018, RFC 2883.
 */
#include <kunit/test.h>

#include "peer.h"

/* Range @i of the newest segment. */
static struct clasp_range told(struct peer *p, u32 i)
{
	const u8 *at = peer_last_sent(p)->sack + 8 * i;

	return (struct clasp_range){ get_unaligned_be32(at) - p->rcv_nxt,
				     get_unaligned_be32(at + 4) - p->rcv_nxt };
}

#define EXPECT_RANGE(p, i, from, to)					       \
	do {								       \
		struct clasp_range range;				       \
									       \
		KUNIT_ASSERT_GT((p)->test, peer_last_sent(p)->n_sack, i);      \
		range = told(p, i);					       \
		KUNIT_EXPECT_EQ((p)->test, range.start, (u32)(from));	       \
		KUNIT_EXPECT_EQ((p)->test, range.end, (u32)(to));	       \
	} while (0)

#define EXPECT_RANGES(p, n) \
	KUNIT_EXPECT_EQ((p)->test, peer_last_sent(p)->n_sack, n)

/* The peer's octets, by their distance from what came first. */
static void peer_writes(struct peer *p, u32 from, u32 to)
{
	peer_sends(p, ACK, .seq = p->rcv_nxt + from, .len = to - from);
}

static void established__gaps__each_ack_tells(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_writes(p, 1000, 2000);
	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt, .why = CLASP_SEND_ACK_GAP);
	EXPECT_RANGES(p, 1);
	EXPECT_RANGE(p, 0, 1000, 2000);

	peer_writes(p, 3000, 4000);
	EXPECT_RANGES(p, 2);
	EXPECT_RANGE(p, 0, 3000, 4000);
	EXPECT_RANGE(p, 1, 1000, 2000);
	KUNIT_EXPECT_PTR_EQ(test, clasp_annex(p->conn)->sacks.older, &p->sacks[0]);

	/* a gap fills, the other one is still there */
	peer_writes(p, 0, 1000);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->ack, p->rcv_nxt + 2000);
	EXPECT_RANGES(p, 1);
	EXPECT_RANGE(p, 0, 3000, 4000);

	peer_writes(p, 2000, 3000);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->ack, p->rcv_nxt + 4000);
	EXPECT_RANGES(p, 0);
}

/* A segment that fills the gap and more: what it reached is no range. */
static void established__gap_overfilled__nothing_left(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_writes(p, 1000, 2000);
	peer_writes(p, 0, 1500);

	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->ack, p->rcv_nxt + 2000);
	EXPECT_RANGES(p, 0);
}

static void established__fin_behind_a_gap__its_number_too(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, FIN | ACK, .seq = p->rcv_nxt + 1000, .len = 500);
	EXPECT_RANGE(p, 0, 1000, 1501);

	peer_writes(p, 0, 1000);
	EXPECT_STATE(p, CLOSE_WAIT);
	EXPECT_RANGES(p, 0);
}

/* RFC 2883 §4.2 and example 1. */
static void established__old_segment__dsack_once(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_writes(p, 0, 2000);
	peer_writes(p, 500, 1500);
	EXPECT_DROPPED(p, OLD_DATA);
	EXPECT_RANGES(p, 1);
	EXPECT_RANGE(p, 0, 500, 1500);

	peer_writes(p, 3000, 4000);
	EXPECT_RANGES(p, 1);
	EXPECT_RANGE(p, 0, 3000, 4000);
}

/* RFC 2883 example 3: duplicated while another gap is open. */
static void established__old_segment_and_gap__dsack_first(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_writes(p, 0, 1000);
	peer_writes(p, 2000, 3000);
	peer_writes(p, 0, 1000);

	EXPECT_RANGES(p, 2);
	EXPECT_RANGE(p, 0, 0, 1000);
	EXPECT_RANGE(p, 1, 2000, 3000);
}

/* RFC 2883 §4.2.1: half of it is new. */
static void established__partly_old__dsack_at_once(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_writes(p, 0, 600);
	peer_forgets(p);
	peer_writes(p, 200, 700);

	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + 700);
	EXPECT_RANGES(p, 1);
	EXPECT_RANGE(p, 0, 200, 600);
}

static void established__held_again__dsack_above_the_ack(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_writes(p, 1000, 2000);
	peer_writes(p, 1000, 2000);
	EXPECT_DROPPED(p, OLD_DATA);

	EXPECT_RANGES(p, 2);
	EXPECT_RANGE(p, 0, 1000, 2000);
	EXPECT_RANGE(p, 1, 1000, 2000);
}

/* A probe of the window has no octet: nothing came twice. */
static void established__empty_and_old__no_dsack(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .seq = p->rcv_nxt - 1);

	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt);
	EXPECT_RANGES(p, 0);
}

/* RFC 6691: the option comes off the payload, so that it still fits the path. */
static void established__gap_and_data_to_send__shorter_segments(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_writes(p, 1000, 2000);
	peer_forgets(p);
	program_writes(p, PEER_MSS);

	EXPECT_SENT(p, ACK, .len = PEER_MSS - 12, .seq = p->snd_nxt);
	KUNIT_EXPECT_EQ(test, p->log[0].segment.n_sack, 1);
	EXPECT_SENT(p, ACK | PSH, .len = 12, .seq = p->snd_nxt + PEER_MSS - 12);
	EXPECT_RANGES(p, 1);
}

/* RFC 2883 §4: a D-SACK is told once, not with each segment of a burst. */
static void established__dsack_and_data_to_send__by_itself(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_writes(p, 0, 1000);
	program_writes(p, 15 * PEER_MSS);
	peer_forgets(p);
	peer_sends(p, ACK, .seq = p->rcv_nxt + 500, .len = 600,
		   .ack = p->snd_nxt + 2 * PEER_MSS);

	EXPECT_SENT(p, ACK, .ack = p->rcv_nxt + 1100);
	KUNIT_EXPECT_EQ(test, p->log[0].segment.n_sack, 1);
	EXPECT_SENT(p, ACK, .len = PEER_MSS);
	KUNIT_EXPECT_EQ(test, p->log[1].segment.n_sack, 0);
}

static void established__sack_off__no_option(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	p->settings.sack = false;
	peer_writes(p, 1000, 2000);
	EXPECT_RANGES(p, 0);
	peer_writes(p, 1000, 2000);
	EXPECT_RANGES(p, 0);
}

static struct kunit_case sack_wire_cases[] = {
	KUNIT_CASE(established__gaps__each_ack_tells),
	KUNIT_CASE(established__gap_overfilled__nothing_left),
	KUNIT_CASE(established__fin_behind_a_gap__its_number_too),
	KUNIT_CASE(established__old_segment__dsack_once),
	KUNIT_CASE(established__old_segment_and_gap__dsack_first),
	KUNIT_CASE(established__partly_old__dsack_at_once),
	KUNIT_CASE(established__held_again__dsack_above_the_ack),
	KUNIT_CASE(established__empty_and_old__no_dsack),
	KUNIT_CASE(established__gap_and_data_to_send__shorter_segments),
	KUNIT_CASE(established__dsack_and_data_to_send__by_itself),
	KUNIT_CASE(established__sack_off__no_option),
	{}
};

static struct kunit_suite sack_wire_suite = {
	.name = "sack_wire",
	.test_cases = sack_wire_cases,
};

kunit_test_suite(sack_wire_suite);

MODULE_DESCRIPTION("Tests of SACK as the peer sees it");
MODULE_LICENSE("GPL");
