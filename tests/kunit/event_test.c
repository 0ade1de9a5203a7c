// SPDX-License-Identifier: GPL-2.0
/*
 * The event hook: each kind brings what it promises.
 */
#include <kunit/test.h>

#include "bare.h"

static const struct clasp_segment segment = { .seq = 1 };

static const struct clasp_event *last(struct clasp_conn *c,
				      enum clasp_event_kind kind)
{
	return &bare_heard(c)->last[kind];
}

static unsigned int heard(struct clasp_conn *c)
{
	unsigned int kind, sum = 0;

	for (kind = 0; kind <= CLASP_EVENT_CWND; kind++)
		sum += bare_heard(c)->count[kind];

	return sum;
}

static void segment_in__any__connection_and_segment(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_tell_in(c, &segment);

	KUNIT_EXPECT_EQ(test, heard(c), 1u);
	KUNIT_EXPECT_PTR_EQ(test, last(c, CLASP_EVENT_SEGMENT_IN)->conn, c);
	KUNIT_EXPECT_PTR_EQ(test, last(c, CLASP_EVENT_SEGMENT_IN)->segment,
			    &segment);
}

static void segment_out__first_time__once(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_tell_out(c, &segment, CLASP_SEND_NEW_DATA);

	KUNIT_EXPECT_EQ(test, heard(c), 1u);
	KUNIT_EXPECT_EQ(test, last(c, CLASP_EVENT_SEGMENT_OUT)->send,
			CLASP_SEND_NEW_DATA);
	KUNIT_EXPECT_PTR_EQ(test, last(c, CLASP_EVENT_SEGMENT_OUT)->segment,
			    &segment);
}

/* Whoever counts segments hears of it, and who counts retransmissions too. */
static void segment_out__again__retransmit_follows(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_tell_out(c, &segment, CLASP_SEND_RTX_FIN);

	KUNIT_EXPECT_EQ(test, heard(c), 2u);
	KUNIT_EXPECT_EQ(test, last(c, CLASP_EVENT_SEGMENT_OUT)->send,
			CLASP_SEND_RTX_FIN);
	KUNIT_EXPECT_EQ(test, last(c, CLASP_EVENT_RETRANSMIT)->send,
			CLASP_SEND_RTX_FIN);
	KUNIT_EXPECT_PTR_EQ(test, last(c, CLASP_EVENT_RETRANSMIT)->conn, c);
}

static void state__any__row_of_the_table(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_tell_state(c, &clasp_transitions[3]);

	KUNIT_EXPECT_PTR_EQ(test, last(c, CLASP_EVENT_STATE)->transition,
			    &clasp_transitions[3]);
}

/* A mini-socket has no connection, and what was too short no segment. */
static void drop__of_nobody__only_why(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_tell_drop(NULL, NULL, CLASP_DROP_SHORT);

	KUNIT_EXPECT_EQ(test, heard(c), 1u);
	KUNIT_EXPECT_EQ(test, last(c, CLASP_EVENT_DROP)->drop,
			CLASP_DROP_SHORT);
	KUNIT_EXPECT_NULL(test, last(c, CLASP_EVENT_DROP)->conn);
	KUNIT_EXPECT_NULL(test, last(c, CLASP_EVENT_DROP)->segment);
}

static void timer_and_cwnd__any__which_and_why(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_tell_timer(c, CLASP_TIMER_FIN_WAIT_2);
	clasp_tell_cwnd(c, CLASP_CWND_REDUCE);

	KUNIT_EXPECT_EQ(test, heard(c), 2u);
	KUNIT_EXPECT_EQ(test, last(c, CLASP_EVENT_TIMER)->timer,
			CLASP_TIMER_FIN_WAIT_2);
	KUNIT_EXPECT_EQ(test, last(c, CLASP_EVENT_CWND)->cwnd,
			CLASP_CWND_REDUCE);
	KUNIT_EXPECT_PTR_EQ(test, last(c, CLASP_EVENT_CWND)->conn, c);
}

static struct kunit_case event_cases[] = {
	KUNIT_CASE(segment_in__any__connection_and_segment),
	KUNIT_CASE(segment_out__first_time__once),
	KUNIT_CASE(segment_out__again__retransmit_follows),
	KUNIT_CASE(state__any__row_of_the_table),
	KUNIT_CASE(drop__of_nobody__only_why),
	KUNIT_CASE(timer_and_cwnd__any__which_and_why),
	{}
};

static struct kunit_suite event_suite = {
	.name = "event",
	.exit = bare_exit,
	.test_cases = event_cases,
};

kunit_test_suite(event_suite);
