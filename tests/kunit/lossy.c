// SPDX-License-Identifier: GPL-2.0
/*
 * A connection and a path that loses: lossy.h tells what it is good for.
 */
#include "lossy.h"
#include "ack.h"
#include "prr.h"
#include "recovery.h"
#include "scoreboard.h"
#include "seq.h"

/* An option's bytes, of the last lossy_segment(). */
static u8 option[8 * CLASP_SACK_MAX];

/**
 * lossy_conn() - a connection with a flight under way
 * @test: the case
 * @segments: how many, each a range, each sent a millisecond after the other
 *
 * The last one left at BARE_NOW. The window is as large as the flight.
 */
struct clasp_conn *lossy_conn(struct kunit *test, unsigned int segments)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	unsigned int i;

	for (i = 0; i < segments; i++)
		bare_sent(c, BARE_MSS)->sent_us =
			BARE_NOW - CLASP_MS(segments - 1 - i);
	c->cong.cwnd = segments * BARE_MSS;

	return c;
}

/**
 * lossy_range() - a connection with one long range under way
 * @test: the case
 * @len: bytes
 */
struct clasp_conn *lossy_range(struct kunit *test, u32 len)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, len);

	return c;
}

void lossy_acks_at(struct clasp_conn *c, u32 len, u64 now_us)
{
	struct clasp_segment seg = bare_acking(c, len);

	clasp_ack_take(c, &seg, now_us);
}

void lossy_acks(struct clasp_conn *c, u32 len)
{
	lossy_acks_at(c, len, LOSSY_LATER);
}

void lossy_dupacks(struct clasp_conn *c, int times)
{
	while (times-- > 0)
		lossy_acks(c, 0);
}

/**
 * lossy_segment() - an ACK with a SACK option
 * @c: connection
 * @ack: what it acknowledges, from BARE_SEQ on
 * @sacks: its ranges, in that order
 * @n: how many
 *
 * Return: the segment; its option is good until the next.
 */
struct clasp_segment lossy_segment(struct clasp_conn *c, u32 ack,
				   const struct lossy_sack *sacks,
				   unsigned int n)
{
	struct clasp_segment seg = bare_acking(c, 0);
	unsigned int i;

	seg.ack = BARE_SEQ + ack;
	seg.has = CLASP_HAS_SACK;
	seg.n_sack = n;
	seg.sack = option;
	for (i = 0; i < n; i++) {
		put_unaligned_be32(BARE_SEQ + sacks[i].from, option + 8 * i);
		put_unaligned_be32(BARE_SEQ + sacks[i].to, option + 8 * i + 4);
	}

	return seg;
}

/**
 * lossy_resends_at() - all that is held lost leaves once more
 * @c: connection
 * @now_us: the time
 *
 * Return: bytes.
 */
u32 lossy_resends_at(struct clasp_conn *c, u64 now_us)
{
	struct clasp_sent *sent;
	u32 all = 0;

	while ((sent = clasp_scoreboard_next(c))) {
		u32 len = clasp_scoreboard_len(c, sent);

		clasp_recovery_sent(c, sent, len, now_us);
		all += len;
	}

	return all;
}

u32 lossy_resends(struct clasp_conn *c)
{
	return lossy_resends_at(c, LOSSY_LATER);
}

/**
 * lossy_sends_new() - new data leaves, as much as the congestion window lets
 * @c: connection
 *
 * Return: bytes, none beyond 50 segments under way.
 */
u32 lossy_sends_new(struct clasp_conn *c)
{
	u32 all = 0;

	while (clasp_cong_quota(c) >= BARE_MSS &&
	       clasp_conn_flight(c) < 50 * BARE_MSS) {
		bare_sent(c, BARE_MSS)->sent_us = LOSSY_LATER;
		if (clasp_conn_reducing(c))
			clasp_prr_sent(c, BARE_MSS);
		all += BARE_MSS;
	}

	return all;
}

void lossy_times_out(struct clasp_conn *c)
{
	c->retries++;
	clasp_recovery_timeout(c);
}

/**
 * lossy_marks() - what has become of one octet
 * @c: connection
 * @at: which, from BARE_SEQ on
 */
u8 lossy_marks(struct clasp_conn *c, u32 at)
{
	struct clasp_sent *sent = clasp_sent_at(c, BARE_SEQ + at);

	return sent ? sent->marks : 0;
}

static u32 of_mark(struct clasp_conn *c, u8 mark)
{
	struct clasp_sent *sent;
	u32 all = 0;

	for (sent = clasp_sent_at(c, c->snd_una); sent;
	     sent = clasp_sent_next(c, sent))
		if (sent->marks & mark)
			all += sent->end_seq - seq_max(sent->seq, c->snd_una);

	return all;
}

/* In the list by time is what may be under way, and nothing twice. */
static bool is_well_ordered(struct clasp_conn *c)
{
	struct clasp_sent *sent;
	int n = 0;

	for (sent = clasp_order_first(c); sent;
	     sent = clasp_order_next(c, sent))
		n++;
	for (sent = clasp_sent_at(c, c->snd_una); sent;
	     sent = clasp_sent_next(c, sent)) {
		bool under_way = !(sent->marks & CLASP_SENT_SACKED) &&
				 (!(sent->marks & CLASP_SENT_LOST) ||
				  sent->marks & CLASP_SENT_AGAIN);

		if (test_sent(sent)->ordered != under_way)
			return false;
		n -= under_way;
	}

	return !n;
}

/**
 * lossy_adds_up() - the counts are the sums over the ranges
 * @test: the case
 * @c: connection
 */
void lossy_adds_up(struct kunit *test, struct clasp_conn *c)
{
	u32 told = c->sacked + c->lost + c->dup_bytes + c->fin_lost;
	struct clasp_sent *sent;

	KUNIT_EXPECT_EQ(test, c->sacked, of_mark(c, CLASP_SENT_SACKED));
	KUNIT_EXPECT_EQ(test, c->lost, of_mark(c, CLASP_SENT_LOST));
	KUNIT_EXPECT_EQ(test, c->again, of_mark(c, CLASP_SENT_AGAIN));
	KUNIT_EXPECT_LE(test, told, clasp_conn_flight(c));
	KUNIT_EXPECT_LE(test, clasp_conn_in_flight(c),
			2 * clasp_conn_flight(c));
	KUNIT_EXPECT_TRUE(test, is_well_ordered(c));
	KUNIT_EXPECT_FALSE(test, seq_before(c->fack, c->snd_una));
	KUNIT_EXPECT_FALSE(test, seq_after(c->fack, c->snd_nxt));

	for (sent = clasp_sent_at(c, c->snd_una); sent;
	     sent = clasp_sent_next(c, sent)) {
		u8 marks = sent->marks;

		/* what has arrived is neither lost nor under way */
		if (marks & CLASP_SENT_SACKED)
			KUNIT_EXPECT_FALSE(test, marks & (CLASP_SENT_LOST |
							  CLASP_SENT_AGAIN));
		if (marks & CLASP_SENT_AGAIN)
			KUNIT_EXPECT_TRUE(test, marks & CLASP_SENT_TWICE);
		/* nothing that is to be sent again is passed over */
		if ((marks & (CLASP_SENT_LOST | CLASP_SENT_AGAIN)) ==
		    CLASP_SENT_LOST)
			KUNIT_EXPECT_FALSE(test, seq_after(c->lost_seq,
							   seq_max(sent->seq,
								   c->snd_una)));
	}
}
