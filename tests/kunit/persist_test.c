// SPDX-License-Identifier: GPL-2.0
/*
 * The persist timer: RFC 9293 §3.8.6.1 (MUST-36, MUST-37) and §3.8.6.2.1.
 */
#include <kunit/test.h>

#include "bare.h"
#include "persist.h"

static struct clasp_conn *shut_out(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->snd_wnd = 0;
	bare_unsent(c, 500, true);

	return c;
}

static u64 deadline_us(const struct clasp_conn *c)
{
	return clasp_timer_at(c, CLASP_TIMER_PERSIST, BARE_NOW);
}

/* SHLD-29: the first probe after one retransmission timeout */
static void start__not_running__in_one_timeout(struct kunit *test)
{
	struct clasp_conn *c = shut_out(test);

	clasp_persist_start(c, BARE_NOW);

	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + USEC_PER_SEC);
}

/* Whoever asks often must not put it off for ever. */
static void start__running__not_put_off(struct kunit *test)
{
	struct clasp_conn *c = shut_out(test);

	clasp_persist_start(c, BARE_NOW);
	clasp_persist_start(c, BARE_NOW + CLASP_MS(900));

	KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + USEC_PER_SEC);
}

/* MUST-36 */
static void timeout__window_zero__probe(struct kunit *test)
{
	struct clasp_conn *c = shut_out(test);

	clasp_persist_timeout(c, BARE_NOW);

	KUNIT_EXPECT_TRUE(test, c->probe_due);
	KUNIT_EXPECT_EQ(test, c->probes, 1);
	KUNIT_EXPECT_FALSE(test, c->override);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_ESTABLISHED);
}

/* SHLD-30: the interval grows exponentially; up to the longest timeout. */
static void timeout__each__waits_twice_as_long(struct kunit *test)
{
	struct clasp_conn *c = shut_out(test);
	u64 wait_us = USEC_PER_SEC;
	int i;

	for (i = 0; i < 12; i++) {
		clasp_persist_timeout(c, BARE_NOW);
		wait_us = min_t(u64, 2 * wait_us, CLASP_RTO_MAX_US);
		clasp_timer_stop(c, CLASP_TIMER_PERSIST);
		clasp_persist_start(c, BARE_NOW);
		KUNIT_EXPECT_EQ(test, deadline_us(c), BARE_NOW + wait_us);
	}
}

/* All of the window is in use, or less is open than a segment: (4) of SWS. */
static void timeout__some_window__override(struct kunit *test)
{
	struct clasp_conn *c = shut_out(test);

	c->snd_wnd = 1;
	clasp_persist_timeout(c, BARE_NOW);

	KUNIT_EXPECT_TRUE(test, c->override);
	KUNIT_EXPECT_FALSE(test, c->probe_due);
	KUNIT_EXPECT_EQ(test, c->probes, 0);
	KUNIT_EXPECT_EQ(test, c->rto.backoff, 0);
}

/* MUST-20: nobody answers; R2 */
static void timeout__r2_probes_unanswered__gives_up(struct kunit *test)
{
	struct clasp_conn *c = shut_out(test);
	int i;

	for (i = 0; i < 15; i++)
		clasp_persist_timeout(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_ESTABLISHED);

	c->probe_due = false;
	clasp_persist_timeout(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_CLOSED);
	KUNIT_EXPECT_EQ(test, c->error, (u32)ETIMEDOUT);
	KUNIT_EXPECT_TRUE(test, c->todo & CLASP_TODO_ERROR);
	KUNIT_EXPECT_FALSE(test, c->probe_due);
}

/* MUST-37: answered probes do not count, ack.c sets them back. */
static void timeout__probes_answered__never_gives_up(struct kunit *test)
{
	struct clasp_conn *c = shut_out(test);
	int i;

	for (i = 0; i < 1000; i++) {
		clasp_persist_timeout(c, BARE_NOW);
		c->probes = 0;
	}

	KUNIT_EXPECT_EQ(test, c->state, CLASP_ESTABLISHED);
	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&c->rto),
			(u32)CLASP_RTO_MAX_US);
}

static void timeout__orphan__gives_up_earlier(struct kunit *test)
{
	struct clasp_conn *c = shut_out(test);

	c->orphan = true;
	c->probes = 7;
	clasp_persist_timeout(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_ESTABLISHED);

	clasp_persist_timeout(c, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_CLOSED);
}

/* MUST-47: what the network said about it is told in the end. */
static void timeout__soft_error__is_the_reason(struct kunit *test)
{
	struct clasp_conn *c = shut_out(test);

	c->soft_error = EHOSTUNREACH;
	c->probes = 15;
	clasp_persist_timeout(c, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->error, (u32)EHOSTUNREACH);
}

static struct kunit_case persist_cases[] = {
	KUNIT_CASE(start__not_running__in_one_timeout),
	KUNIT_CASE(start__running__not_put_off),
	KUNIT_CASE(timeout__window_zero__probe),
	KUNIT_CASE(timeout__each__waits_twice_as_long),
	KUNIT_CASE(timeout__some_window__override),
	KUNIT_CASE(timeout__r2_probes_unanswered__gives_up),
	KUNIT_CASE(timeout__probes_answered__never_gives_up),
	KUNIT_CASE(timeout__orphan__gives_up_earlier),
	KUNIT_CASE(timeout__soft_error__is_the_reason),
	{}
};

static struct kunit_suite persist_suite = {
	.name = "persist",
	.exit = bare_exit,
	.test_cases = persist_cases,
};

kunit_test_suite(persist_suite);
