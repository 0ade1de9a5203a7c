// SPDX-License-Identifier: GPL-2.0
/*
 * What a peer makes up does the scoreboard no harm, and gains it nothing:
 * optimistic SACK, ACK splitting, the class of CVE-2019-11477.
 */
#include <kunit/test.h>

#include "ack.h"
#include "lossy.h"
#include "recovery.h"
#include "scoreboard.h"
#include "seq.h"

/* Of what was not sent, was acknowledged, or is no range at all. */
static void sack__implausible__nothing(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	lossy_acks(c, 2000);
	LOSSY_SACKS(c, 2000, { 9000, 10001 }, { 20000, 30000 }, { 6000, 5000 },
		    { 5000, 5000 }, { 2000, 4000 }, { 1000, 3000 },
		    { 5000, 5000 + 0x80000000u }, { -5000, 10000 });
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->sacked, 0u);
	KUNIT_EXPECT_FALSE(test, c->sack_seen);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.dupacks, 0u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
}

static void sack__overlapping_and_unsorted__each_octet_once(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	LOSSY_SACKS(c, 0, { 7000, 9000 }, { 3000, 6000 }, { 2000, 4000 },
		    { 3000, 6000 }, { 5000, 8000 }, { 2000, 9000 });
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->sacked, 7000u);
}

/* As many as fit into a header: every second segment. */
static void sack__sixteen_ranges__all(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 40000);
	struct lossy_sack sacks[CLASP_SACK_MAX];
	struct clasp_segment seg;
	unsigned int i;

	for (i = 0; i < CLASP_SACK_MAX; i++) {
		sacks[i].from = 1000 + 2000 * (CLASP_SACK_MAX - 1 - i);
		sacks[i].to = sacks[i].from + 1000;
	}
	seg = lossy_segment(c, 0, sacks, CLASP_SACK_MAX);
	clasp_ack_take(c, &seg, LOSSY_LATER);
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->sacked, 16000u);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 31000), CLASP_SENT_SACKED);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 32000), 0);
}

/* No more ranges than segments, however finely the peer cuts. */
static void sack__one_octet_at_a_time__never_cut_inside(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 8000);
	struct clasp_sent *sent;
	u32 at;

	for (at = 1; at < 8000; at += 7)
		LOSSY_SACKS(c, 0, { at, at + 6 }, { 1001, at + 1002 });
	lossy_adds_up(test, c);

	for (sent = clasp_sent_first(c); sent; sent = clasp_sent_next(c, sent))
		KUNIT_EXPECT_EQ(test, (sent->seq - BARE_SEQ) % BARE_MSS, 0u);
}

/* An old ACK's option is as old. */
static void sack__on_an_old_ack__nothing(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	lossy_acks(c, 4000);
	LOSSY_SACKS(c, 2000, { 6000, 8000 });

	KUNIT_EXPECT_EQ(test, c->sacked, 0u);
}

/* sack=false: the option is not there. */
static void sack__switched_off__ignored(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	bare_settings(c)->sack = false;
	LOSSY_SACKS(c, 0, { 1000, 2000 });
	LOSSY_SACKS(c, 0, { 1000, 3000 });
	KUNIT_EXPECT_EQ(test, c->sacked, 0u);
	KUNIT_EXPECT_FALSE(test, c->sack_seen);
	/* but three duplicates are three */
	LOSSY_SACKS(c, 0, { 1000, 4000 });
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	KUNIT_EXPECT_EQ(test, c->lost, BARE_MSS);
}

/* Duplicates that tell of nothing new do not count, nor let anything leave. */
static void dupack__sack_with_nothing_new__does_not_count(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);
	int i;

	LOSSY_SACKS(c, 0, { 1000, 2000 });
	for (i = 0; i < 20; i++)
		LOSSY_SACKS(c, 0, { 1000, 2000 });
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->dupacks, 1);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_EQ(test, clasp_cong_quota(c), BARE_MSS);
}

/* RFC 5681 §3.2: each tells of a segment, all of them of what there is. */
static void duplicate__more_than_under_way__bounded(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 3);
	struct clasp_news news = {};
	int i;

	bare_lost(c, 0, 1000);
	for (i = 0; i < 10; i++) {
		clasp_scoreboard_duplicate(c, &news);
		lossy_adds_up(test, c);
	}

	KUNIT_EXPECT_EQ(test, c->dup_bytes, 2000u);
	KUNIT_EXPECT_EQ(test, news.sample.delivered, 2000u);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 0u);
}

/* What is SACKED twice, taken back and told again is counted once each time. */
static void any__a_thousand_lies__counts_add_up(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 20000);
	u32 dice = 12345;
	u64 now_us = LOSSY_LATER;
	int i;

	for (i = 0; i < 1000 && clasp_conn_flight(c); i++) {
		u32 una = c->snd_una - BARE_SEQ;
		u32 from, len;

		dice = dice * 1103515245 + 12345;
		from = una + (dice >> 8) % 25000;
		len = (dice >> 4) % 4000;
		now_us += dice % 3000;
		switch (dice >> 29) {
		case 0:
			lossy_acks_at(c, min(len / 16, clasp_conn_flight(c)),
				      now_us);
			break;
		case 1:
			clasp_recovery_reorder(c, now_us);
			break;
		case 2:
			lossy_resends_at(c, now_us);
			break;
		case 3:
			if (!(i % 50))
				lossy_times_out(c);
			break;
		default:
			LOSSY_SACKS_AT(c, now_us, una, { from, from + len },
				       { from - 500, from + 2 * len });
		}
		lossy_adds_up(test, c);
	}
	lossy_acks_at(c, clasp_conn_flight(c), now_us);
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->sacked + c->lost + c->again, 0u);
}

static struct kunit_case scoreboard_lies_cases[] = {
	KUNIT_CASE(sack__implausible__nothing),
	KUNIT_CASE(sack__overlapping_and_unsorted__each_octet_once),
	KUNIT_CASE(sack__sixteen_ranges__all),
	KUNIT_CASE(sack__one_octet_at_a_time__never_cut_inside),
	KUNIT_CASE(sack__on_an_old_ack__nothing),
	KUNIT_CASE(sack__switched_off__ignored),
	KUNIT_CASE(dupack__sack_with_nothing_new__does_not_count),
	KUNIT_CASE(duplicate__more_than_under_way__bounded),
	KUNIT_CASE(any__a_thousand_lies__counts_add_up),
	{}
};

static struct kunit_suite scoreboard_lies_suite = {
	.name = "scoreboard_lies",
	.exit = bare_exit,
	.test_cases = scoreboard_lies_cases,
};

kunit_test_suite(scoreboard_lies_suite);
