// SPDX-License-Identifier: GPL-2.0
/*
 * One recovery after the other: what the first sent again is still under way
 * when the second begins, and its acknowledgment is no witness for the second
 * (RFC 3522 §3.2 step 4 compares with the first retransmission's timestamp).
 */
#include <kunit/test.h>

#include "ack.h"
#include "lossy.h"
#include "timestamps.h"
#include "undo.h"

#define FIRST_US	LOSSY_LATER		/* the first hole, sent again */
#define SECOND_US	(FIRST_US + LOSSY_RTT)	/* behind its end, another */
#define THIRD_US	(SECOND_US + LOSSY_RTT)	/* and one more */

static void sends(struct clasp_conn *c, int segments, u64 now_us)
{
	while (segments--)
		bare_sent(c, BARE_MSS)->sent_us = now_us;
}

/* The answer to what was sent at some time, a round trip later. */
static void acks(struct clasp_conn *c, u32 ack, u64 sent_us)
{
	struct clasp_segment seg = bare_acking(c, 0);

	seg.ack = BARE_SEQ + ack;
	seg.has = CLASP_HAS_TIMESTAMPS;
	seg.tsecr = clasp_timestamps_value(&c->ts, sent_us);
	clasp_ack_take(c, &seg, sent_us + LOSSY_RTT);
}

/*
 * In the second recovery: 16000 is lost and sent again at THIRD_US, 10000 was
 * sent again in the first one, shortly after SECOND_US.
 */
static struct clasp_conn *second_recovery(struct kunit *test)
{
	struct clasp_conn *c = lossy_conn(test, 10);

	c->ts.on = true;
	c->rto.srtt_us = LOSSY_RTT;
	c->rto.min_rtt_us = LOSSY_RTT;

	LOSSY_SACKS_AT(c, FIRST_US, 0, { 1000, 4000 });
	KUNIT_ASSERT_EQ(test, lossy_resends_at(c, FIRST_US), 1000u);
	sends(c, 6, FIRST_US);

	/* the copy is lost too, and 10000 of what followed */
	LOSSY_SACKS_AT(c, SECOND_US, 0, { 1000, 10000 }, { 11000, 16000 });
	sends(c, 6, SECOND_US);
	KUNIT_ASSERT_EQ(test, lossy_resends_at(c, SECOND_US + 2000), 2000u);

	LOSSY_SACKS_AT(c, THIRD_US, 10000, { 11000, 16000 }, { 17000, 21000 });
	KUNIT_ASSERT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	KUNIT_ASSERT_EQ(test, c->recover, c->snd_nxt);
	KUNIT_ASSERT_EQ(test, lossy_resends_at(c, THIRD_US), 1000u);

	return c;
}

static void ack_of_what_the_one_before_sent__not_undone(struct kunit *test)
{
	struct clasp_conn *c = second_recovery(test);

	acks(c, 16000, SECOND_US + 2000);

	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.undone, 0u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	KUNIT_EXPECT_EQ(test, lossy_marks(c, 16000),
			CLASP_SENT_LOST | CLASP_SENT_AGAIN | CLASP_SENT_TWICE);
}

/* From before the first: then nothing at all was lost. */
static void ack_of_what_was_sent_before_both__undone(struct kunit *test)
{
	struct clasp_conn *c = second_recovery(test);

	acks(c, 16000, FIRST_US - 2000);

	lossy_adds_up(test, c);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.undone, 1u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
}

static struct kunit_case undo_again_cases[] = {
	KUNIT_CASE(ack_of_what_the_one_before_sent__not_undone),
	KUNIT_CASE(ack_of_what_was_sent_before_both__undone),
	{}
};

static struct kunit_suite undo_again_suite = {
	.name = "undo_again",
	.exit = bare_exit,
	.test_cases = undo_again_cases,
};

kunit_test_suite(undo_again_suite);

MODULE_DESCRIPTION("Tests of undo, one recovery after the other");
MODULE_LICENSE("GPL");
