// SPDX-License-Identifier: GPL-2.0
/*
 * What has become of each range: RFC 2018, RFC 2883, RFC 6675.
 * What a peer makes up is in scoreboard_lies_test.c.
 */
#include <kunit/test.h>

#include "ack.h"
#include "lossy.h"
#include "scoreboard.h"

#define LOST		CLASP_SENT_LOST
#define SACKED		CLASP_SENT_SACKED
#define AGAIN		CLASP_SENT_AGAIN
#define TWICE		CLASP_SENT_TWICE

static struct clasp_news sacks(struct clasp_conn *c,
			       const struct clasp_segment *seg)
{
	struct clasp_news news = { .sample.now_us = LOSSY_LATER };

	clasp_scoreboard_sack(c, seg, &news);

	return news;
}

#define SACKS(c, ack, ...) ({						       \
	struct clasp_segment seg = LOSSY_SEGMENT(c, ack, __VA_ARGS__);	       \
									       \
	sacks(c, &seg);							       \
})

static struct clasp_news acks(struct clasp_conn *c, u32 len)
{
	struct clasp_news news = { .sample.now_us = LOSSY_LATER };

	clasp_scoreboard_ack(c, c->snd_una + len, &news);

	return news;
}

static void sends_again(struct kunit *test, struct clasp_conn *c)
{
	struct clasp_sent *sent = clasp_scoreboard_next(c);

	KUNIT_ASSERT_NOT_NULL(test, sent);
	clasp_scoreboard_again(c, sent);
}

static unsigned int ranges(struct clasp_conn *c)
{
	struct clasp_sent *sent;
	unsigned int n = 0;

	for (sent = clasp_sent_first(c); sent; sent = clasp_sent_next(c, sent))
		n++;

	return n;
}

/* "sack-holes-only": what is not in a hole is not sent again. */
static void sack__two_ranges__marked_and_counted(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);
	struct clasp_news news;

	news = SACKS(c, 0, { 5000, 7000 }, { 2000, 3000 });
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->sacked, 3000u);
	KUNIT_EXPECT_EQ(test, news.sample.delivered, 3000u);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 1999), 0);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 2000), SACKED);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 3000), 0);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 6999), SACKED);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 7000), 0);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 7000u);
	KUNIT_EXPECT_TRUE(test, c->sack_seen);
	KUNIT_EXPECT_EQ(test, c->fack, BARE_SEQ + 7000);

	/* told once more: nothing new */
	news = SACKS(c, 0, { 5000, 7000 }, { 2000, 3000 });
	KUNIT_EXPECT_EQ(test, news.sample.delivered, 0u);
	KUNIT_EXPECT_EQ(test, c->sacked, 3000u);
}

/* One range of many segments is cut, as often as there are holes. */
static void sack__inside_a_long_range__cut_between_segments(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	SACKS(c, 0, { 4000, 6000 });
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, c->sacked, 2000u);
	KUNIT_EXPECT_EQ(test, ranges(c), 3u);

	/* to the end, and from the middle of a segment on: the whole ones */
	SACKS(c, 0, { 8500, 10000 });
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, c->sacked, 3000u);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 8999), 0);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 9000), SACKED);
}

static void sack__less_than_a_segment__nothing(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);

	SACKS(c, 0, { 4001, 4999 }, { 7500, 8999 });
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->sacked, 0u);
	KUNIT_EXPECT_EQ(test, ranges(c), 1u);
}

/* The last segment of a write is short. */
static void sack__short_tail__taken_whole(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 4300);

	SACKS(c, 0, { 4000, 4300 });
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->sacked, 300u);
}

/* No memory to cut: as if the peer had not told. */
static void sack__no_memory__nothing(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 10000);
	struct clasp_news news;

	bare_no_memory(c);
	news = SACKS(c, 0, { 4000, 6000 }, { 0, 1000 }, { 9000, 10000 });
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->sacked, 0u);
	KUNIT_EXPECT_EQ(test, news.sample.delivered, 0u);

	/* then more than the head is sent again */
	KUNIT_EXPECT_EQ(test, clasp_scoreboard_lose_head(c), 10000u);
	lossy_adds_up(test, c);
}

/* What arrives after all was not lost, nor is its copy under way. */
static void sack__of_what_is_lost_or_again__neither_any_more(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 4);
	struct clasp_news news;

	bare_lost(c, 1000, 3000);
	sends_again(test, c);
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 1000), LOST | AGAIN | TWICE);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 3000u);

	news = SACKS(c, 0, { 1000, 3000 });
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 1000), SACKED | TWICE);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 2000), SACKED);
	KUNIT_EXPECT_EQ(test, c->lost + c->again, 0u);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 2000u);
	/* Karn */
	KUNIT_EXPECT_TRUE(test, news.twice);
	KUNIT_EXPECT_GT(test, news.once_us, 0ull);
}

static void ack__over_all_marks__counts_follow(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 6);
	struct clasp_news news;

	bare_lost(c, 0, 2000);
	sends_again(test, c);
	SACKS(c, 0, { 3000, 5000 });
	lossy_adds_up(test, c);

	/* to the middle of one that is under way again */
	acks(c, 500);
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, c->lost, 1500u);
	KUNIT_EXPECT_EQ(test, c->again, 500u);

	news = acks(c, 3500);
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, c->sacked, 1000u);
	KUNIT_EXPECT_EQ(test, c->lost + c->again, 0u);
	KUNIT_EXPECT_EQ(test, news.sample.acked, 3500u);
	/* 1000 of it were known to have arrived */
	KUNIT_EXPECT_EQ(test, news.sample.delivered, 2500u);

	acks(c, 2000);
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 0u);
}

/* RFC 2883 §4: below the ACK, or inside of the range that follows. */
static void dsack__both_kinds__told_and_not_marked(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);
	struct clasp_news news;

	acks(c, 3000);
	news = SACKS(c, 3000, { 1000, 2000 }, { 5000, 6000 });
	KUNIT_EXPECT_TRUE(test, news.dsack);
	KUNIT_EXPECT_EQ(test, news.dsack_start, BARE_SEQ + 1000);
	KUNIT_EXPECT_EQ(test, news.dsack_end, BARE_SEQ + 2000);
	KUNIT_EXPECT_EQ(test, c->sacked, 1000u);

	news = SACKS(c, 3000, { 6000, 7000 }, { 5000, 8000 });
	KUNIT_EXPECT_TRUE(test, news.dsack);
	KUNIT_EXPECT_EQ(test, news.dsack_start, BARE_SEQ + 6000);
	KUNIT_EXPECT_EQ(test, c->sacked, 3000u);
	lossy_adds_up(test, c);

	/* only the first can be one */
	news = SACKS(c, 3000, { 5000, 8000 }, { 1000, 2000 }, { 6000, 7000 });
	KUNIT_EXPECT_FALSE(test, news.dsack);
	KUNIT_EXPECT_EQ(test, c->sacked, 3000u);
}

/* A D-SACK alone is no sign of a peer that tells what it holds. */
static void dsack__alone__not_seen_to_sack(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 4);
	struct clasp_news news;

	acks(c, 2000);
	news = SACKS(c, 2000, { 0, 1000 });

	KUNIT_EXPECT_TRUE(test, news.dsack);
	KUNIT_EXPECT_FALSE(test, c->sack_seen);
}

static void lose__copy_under_way__that_is_lost(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 4);
	struct clasp_sent *head = clasp_sent_first(c);

	KUNIT_EXPECT_EQ(test, clasp_scoreboard_lose(c, head), 1000u);
	KUNIT_EXPECT_PTR_EQ(test, clasp_scoreboard_next(c), head);
	/* known already */
	KUNIT_EXPECT_EQ(test, clasp_scoreboard_lose(c, head), 0u);
	clasp_scoreboard_again(c, head);
	KUNIT_EXPECT_NULL(test, clasp_scoreboard_next(c));
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, clasp_scoreboard_lose(c, head), 1000u);
	KUNIT_EXPECT_PTR_EQ(test, clasp_scoreboard_next(c), head);
	KUNIT_EXPECT_EQ(test, head->marks, LOST | TWICE);
	KUNIT_EXPECT_EQ(test, c->rate.lost, 2000u);
	lossy_adds_up(test, c);
}

static void lose_head__of_a_long_range__one_segment(struct kunit *test)
{
	struct clasp_conn *c = lossy_range(test, 5500);

	acks(c, 1300);
	KUNIT_EXPECT_EQ(test, clasp_scoreboard_lose_head(c), 700u);
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, clasp_scoreboard_lose_head(c), 0u);
	KUNIT_EXPECT_EQ(test, c->lost, 700u);
}

static void lose_head__only_a_fin__the_fin(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_FIN_WAIT_1);

	KUNIT_EXPECT_EQ(test, clasp_scoreboard_lose_head(c), 0u);
	KUNIT_EXPECT_FALSE(test, c->fin_lost);

	c->fin_wanted = true;
	c->snd_nxt++;
	KUNIT_EXPECT_EQ(test, clasp_scoreboard_lose_head(c), 0u);
	KUNIT_EXPECT_TRUE(test, c->fin_lost);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 0u);
}

/* RFC 6675 §5.1: a timeout keeps what is SACKED. */
static void lose_all__some_sacked__the_holes(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 6);

	SACKS(c, 0, { 2000, 4000 });
	clasp_scoreboard_lose_all(c);
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->lost, 4000u);
	KUNIT_EXPECT_EQ(test, c->sacked, 2000u);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 0u);
}

/* sack-reneging, RFC 2018 §8: what comes next would be acknowledged. */
static void lose_all__head_is_sacked__all_marks_cleared(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 6);

	SACKS(c, 0, { 2000, 4000 }, { 5000, 6000 });
	acks(c, 2000);
	clasp_scoreboard_lose_all(c);
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->sacked, 0u);
	KUNIT_EXPECT_EQ(test, c->lost, 4000u);
	KUNIT_ASSERT_NOT_NULL(test, clasp_scoreboard_next(c));
	KUNIT_EXPECT_EQ(test, clasp_scoreboard_next(c)->seq, BARE_SEQ + 2000);
}

static void lose_long__some_longer_than_the_path__those(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 3);

	bare_sent(c, 400);
	bare_sent(c, 400)->mss = 400;
	SACKS(c, 0, { 1000, 2000 });
	KUNIT_EXPECT_EQ(test, clasp_scoreboard_lose_long(c, 600), 2000u);
	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 3000), 0);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 3400), 0);
}

/* What was lost is under way as before, and in the order of sending. */
static void unlose__lost_and_again__under_way_in_order(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 6);
	struct clasp_sent *sent;
	u64 last_us = 0;

	bare_lost(c, 0, 4000);
	sent = clasp_scoreboard_next(c);
	KUNIT_ASSERT_NOT_NULL(test, sent);
	sent->sent_us = LOSSY_LATER;
	clasp_scoreboard_again(c, sent);
	clasp_scoreboard_unlose(c);
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->lost + c->again, 0u);
	KUNIT_EXPECT_EQ(test, clasp_conn_in_flight(c), 6000u);
	KUNIT_EXPECT_NULL(test, clasp_scoreboard_next(c));
	for (sent = clasp_order_first(c); sent;
	     sent = clasp_order_next(c, sent)) {
		KUNIT_EXPECT_GE(test, sent->sent_us, last_us);
		last_us = sent->sent_us;
	}
	/* Karn remembers */
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 0), TWICE);
}

/* RFC 6582 §3.2 step 3: all but the hole was told of before. */
static void ack__after_duplicates__not_delivered_twice(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);
	struct clasp_news news = {};
	int i;

	c->belief = CLASP_BELIEF_RECOVERY;
	for (i = 0; i < 5; i++)
		clasp_scoreboard_duplicate(c, &news);
	news = acks(c, 4000);
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, news.sample.delivered, 1000u);
	KUNIT_EXPECT_EQ(test, c->dup_bytes, 2000u);

	/* and outside of a recovery they are forgotten */
	c->belief = CLASP_BELIEF_CWR;
	acks(c, 1);
	KUNIT_EXPECT_EQ(test, c->dup_bytes, 0u);
}

static struct kunit_case scoreboard_cases[] = {
	KUNIT_CASE(sack__two_ranges__marked_and_counted),
	KUNIT_CASE(sack__inside_a_long_range__cut_between_segments),
	KUNIT_CASE(sack__less_than_a_segment__nothing),
	KUNIT_CASE(sack__short_tail__taken_whole),
	KUNIT_CASE(sack__no_memory__nothing),
	KUNIT_CASE(sack__of_what_is_lost_or_again__neither_any_more),
	KUNIT_CASE(ack__over_all_marks__counts_follow),
	KUNIT_CASE(dsack__both_kinds__told_and_not_marked),
	KUNIT_CASE(dsack__alone__not_seen_to_sack),
	KUNIT_CASE(lose__copy_under_way__that_is_lost),
	KUNIT_CASE(lose_head__of_a_long_range__one_segment),
	KUNIT_CASE(lose_head__only_a_fin__the_fin),
	KUNIT_CASE(lose_all__some_sacked__the_holes),
	KUNIT_CASE(lose_all__head_is_sacked__all_marks_cleared),
	KUNIT_CASE(lose_long__some_longer_than_the_path__those),
	KUNIT_CASE(unlose__lost_and_again__under_way_in_order),
	KUNIT_CASE(ack__after_duplicates__not_delivered_twice),
	{}
};

static struct kunit_suite scoreboard_suite = {
	.name = "scoreboard",
	.exit = bare_exit,
	.test_cases = scoreboard_cases,
};

kunit_test_suite(scoreboard_suite);
