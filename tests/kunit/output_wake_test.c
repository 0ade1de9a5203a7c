// SPDX-License-Identifier: GPL-2.0
/*
 * When the connection wants to be woken: RFC 6298 §5.1, RFC 9293 §3.8.6.1; and
 * how long ranges should become.
 */
#include <kunit/test.h>

#include "bare.h"
#include "output.h"

#define IN_ONE_TIMEOUT	(BARE_NOW + USEC_PER_SEC)

static u64 wake(struct clasp_conn *c)
{
	return clasp_output_wake(c, BARE_NOW);
}

static void sends(struct kunit *test, struct clasp_conn *c)
{
	struct clasp_tx tx;

	KUNIT_ASSERT_TRUE(test, clasp_output_next(c, BARE_NOW, &tx));
	if (tx.fresh)
		bare_leaves(c, tx.len);
	clasp_output_sent(c, &tx, BARE_NOW);
}

static u64 rto_at(const struct clasp_conn *c)
{
	return clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, BARE_NOW);
}

/* RFC 6298 §5.1: every packet starts the timer, if it is not running. */
static void sent__new_data__timer_runs(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 2000, true);
	c->rto.backoff = 2;
	clasp_timer_set(c, CLASP_TIMER_PERSIST, BARE_NOW + 1);
	sends(test, c);
	KUNIT_EXPECT_EQ(test, rto_at(c), BARE_NOW + 4 * (u64)USEC_PER_SEC);
	/* the two clocks never run at the same time */
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_PERSIST, BARE_NOW), 0ull);

	clasp_timer_set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW + CLASP_MS(1));
	sends(test, c);
	KUNIT_EXPECT_EQ(test, rto_at(c), BARE_NOW + CLASP_MS(1));
}

/* karn, RFC 6298 §3: what is measured begins when it left. */
static void sent__new_data__its_time_is_kept(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_sent *sent = bare_unsent(c, 200, true);

	sends(test, c);

	KUNIT_EXPECT_EQ(test, sent->sent_us, BARE_NOW);
	KUNIT_EXPECT_EQ(test, sent->marks, 0);
}

static void wake__nothing_to_wait_for__never(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_EQ(test, wake(c), 0ull);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_PERSIST, BARE_NOW), 0ull);
}

static void wake__several_clocks__the_earliest(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	clasp_timer_set(c, CLASP_TIMER_FIN_WAIT_2, BARE_NOW + CLASP_MS(9));
	KUNIT_EXPECT_EQ(test, wake(c), BARE_NOW + CLASP_MS(9));
	clasp_timer_set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW + CLASP_MS(5));
	KUNIT_EXPECT_EQ(test, wake(c), BARE_NOW + CLASP_MS(5));
	clasp_timer_set(c, CLASP_TIMER_DELACK, BARE_NOW + CLASP_MS(7));
	KUNIT_EXPECT_EQ(test, wake(c), BARE_NOW + CLASP_MS(5));
}

/* MUST-60, MUST-36: never with something to send and without a clock */
static void wake__data_waits_for_the_window__persist(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 100, true);
	c->snd_wnd = 0;

	KUNIT_EXPECT_EQ(test, wake(c), IN_ONE_TIMEOUT);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_PERSIST, BARE_NOW),
			IN_ONE_TIMEOUT);
}

/* What is under way brings an acknowledgment, and a window with it. */
static void wake__data_waits_and_some_under_way__no_persist(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, 100, true);
	clasp_timer_set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW + CLASP_MS(77));

	KUNIT_EXPECT_EQ(test, wake(c), BARE_NOW + CLASP_MS(77));
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_PERSIST, BARE_NOW), 0ull);
}

/* Each of these could not be built for want of memory: asked again later. */
static void wake__anything_else_waits__persist(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_SYN_SENT);

	c->syn_why = CLASP_SEND_OPEN;
	KUNIT_EXPECT_EQ(test, wake(c), IN_ONE_TIMEOUT);

	c = bare_conn(test, CLASP_ESTABLISHED);
	c->ack_why = CLASP_SEND_ACK_NOW;
	KUNIT_EXPECT_EQ(test, wake(c), IN_ONE_TIMEOUT);

	c = bare_conn(test, CLASP_ESTABLISHED);
	bare_sent(c, 100);
	bare_lost(c, 0, 100);
	KUNIT_EXPECT_EQ(test, wake(c), IN_ONE_TIMEOUT);

	c = bare_conn(test, CLASP_FIN_WAIT_1);
	c->fin_wanted = true;
	KUNIT_EXPECT_EQ(test, wake(c), IN_ONE_TIMEOUT);
	/* but not once it has left */
	c = bare_conn(test, CLASP_FIN_WAIT_1);
	c->fin_wanted = true;
	c->snd_nxt++;
	KUNIT_EXPECT_EQ(test, wake(c), 0ull);
}

static void wake__not_a_connection_any_more__never(struct kunit *test)
{
	static const u8 states[] = {
		CLASP_CLOSED, CLASP_LISTEN, CLASP_TIME_WAIT,
	};
	struct clasp_conn *c = bare_conn(test, CLASP_CLOSED);
	unsigned int i;

	c->ack_why = CLASP_SEND_ACK_FIN;
	clasp_timer_set(c, CLASP_TIMER_DELACK, BARE_NOW);
	for (i = 0; i < ARRAY_SIZE(states); i++) {
		c->state = states[i];
		KUNIT_EXPECT_EQ(test, wake(c), 0ull);
	}
}

static void goal__any_burst__whole_segments(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->burst = 65536;
	KUNIT_EXPECT_EQ(test, clasp_output_goal(c), 65000u);
	c->burst = 2000;
	KUNIT_EXPECT_EQ(test, clasp_output_goal(c), 2000u);
	c->burst = 1999;
	KUNIT_EXPECT_EQ(test, clasp_output_goal(c), 1000u);
}

static void goal__burst_under_a_segment__one_segment(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->burst = 999;
	KUNIT_EXPECT_EQ(test, clasp_output_goal(c), 1000u);
	c->burst = 0;
	KUNIT_EXPECT_EQ(test, clasp_output_goal(c), 1000u);
}

/* What measures the program must not be taken for the path's rate. */
static void wake__less_than_a_segment_left__program_limits(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_unsent(c, BARE_MSS, true);
	wake(c);
	KUNIT_EXPECT_EQ(test, c->rate.app_limited, 0u);

	c = bare_conn(test, CLASP_ESTABLISHED);
	bare_unsent(c, BARE_MSS - 1, true);
	wake(c);
	KUNIT_EXPECT_NE(test, c->rate.app_limited, 0u);
}

static struct kunit_case output_wake_cases[] = {
	KUNIT_CASE(sent__new_data__timer_runs),
	KUNIT_CASE(sent__new_data__its_time_is_kept),
	KUNIT_CASE(wake__nothing_to_wait_for__never),
	KUNIT_CASE(wake__several_clocks__the_earliest),
	KUNIT_CASE(wake__data_waits_for_the_window__persist),
	KUNIT_CASE(wake__data_waits_and_some_under_way__no_persist),
	KUNIT_CASE(wake__anything_else_waits__persist),
	KUNIT_CASE(wake__not_a_connection_any_more__never),
	KUNIT_CASE(goal__any_burst__whole_segments),
	KUNIT_CASE(goal__burst_under_a_segment__one_segment),
	KUNIT_CASE(wake__less_than_a_segment_left__program_limits),
	{}
};

static struct kunit_suite output_wake_suite = {
	.name = "output_wake",
	.exit = bare_exit,
	.test_cases = output_wake_cases,
};

kunit_test_suite(output_wake_suite);
