// SPDX-License-Identifier: GPL-2.0
/*
 * Timers fire: RFC 9293 §3.10.8 and §3.8.3 (R1, R2), RFC 6298 §5.
 */
#include <kunit/test.h>

#include "ack.h"
#include "bare.h"
#include "timeout.h"

static void set(struct clasp_conn *c, enum clasp_timer timer, u64 at_us)
{
	clasp_timer_set(c, timer, at_us);
}

/* The retransmission timer, due now. */
static void expire(struct clasp_conn *c)
{
	set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW);
	clasp_timeout(c, BARE_NOW);
}

static struct clasp_conn *unanswered(struct kunit *test,
				     enum clasp_state state)
{
	struct clasp_conn *c = bare_conn(test, state);

	bare_sent(c, 3000);

	return c;
}

/* How often it expires before the connection ends. */
static int patience(struct clasp_conn *c)
{
	int times = 0;

	while (c->state != CLASP_CLOSED && times < 1000) {
		expire(c);
		times++;
	}

	return times - 1;
}

static void timeout__not_yet__nothing(struct kunit *test)
{
	struct clasp_conn *c = unanswered(test, CLASP_ESTABLISHED);

	set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW);
	set(c, CLASP_TIMER_DELACK, BARE_NOW + 5);
	clasp_timeout(c, BARE_NOW - 1);

	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, BARE_NOW), BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->retries, 0);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->count[CLASP_EVENT_TIMER], 0u);
}

static void timeout__none_set__nothing(struct kunit *test)
{
	struct clasp_conn *c = unanswered(test, CLASP_ESTABLISHED);

	clasp_timeout(c, U64_MAX);

	KUNIT_EXPECT_EQ(test, bare_heard(c)->count[CLASP_EVENT_TIMER], 0u);
}

static void timeout__due__fires_once_and_tells(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct bare_heard *heard = bare_heard(c);

	set(c, CLASP_TIMER_DELACK, BARE_NOW);
	clasp_timeout(c, BARE_NOW);
	clasp_timeout(c, BARE_NOW);

	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_DELACK, BARE_NOW), 0ull);
	KUNIT_EXPECT_EQ(test, heard->count[CLASP_EVENT_TIMER], 1u);
	KUNIT_EXPECT_EQ(test, heard->last[CLASP_EVENT_TIMER].timer,
			CLASP_TIMER_DELACK);
}

/* MUST-40 */
static void delack__due__ack(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	set(c, CLASP_TIMER_DELACK, BARE_NOW);
	clasp_timeout(c, BARE_NOW + 1);

	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_DELAYED);
}

static void several__due__all_fire(struct kunit *test)
{
	struct clasp_conn *c = unanswered(test, CLASP_ESTABLISHED);

	set(c, CLASP_TIMER_DELACK, BARE_NOW - 7);
	set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW);
	clasp_timeout(c, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->retries, 1);
	KUNIT_EXPECT_EQ(test, c->ack_why, CLASP_SEND_ACK_DELAYED);
}

/* rto-head-only, doubling, cwnd 1: RFC 6298 §5.4 to §5.6 */
static void retransmit__data__backs_off_and_recovers(struct kunit *test)
{
	struct clasp_conn *c = unanswered(test, CLASP_ESTABLISHED);

	expire(c);

	KUNIT_EXPECT_EQ(test, c->retries, 1);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.rto, 1u);
	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&c->rto),
			(u32)(2 * USEC_PER_SEC));
	KUNIT_EXPECT_EQ(test, c->lost, 3000u);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_TIMER);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, BARE_MSS);
	KUNIT_EXPECT_EQ(test, c->syn_why, 0);
}

/* MUST-20: at R1 the network layer is told, once. */
static void retransmit__r1__route_is_doubted(struct kunit *test)
{
	struct clasp_conn *c = unanswered(test, CLASP_ESTABLISHED);

	expire(c);
	expire(c);
	KUNIT_EXPECT_FALSE(test, c->todo & CLASP_TODO_ROUTE);
	expire(c);
	KUNIT_EXPECT_TRUE(test, c->todo & CLASP_TODO_ROUTE);

	c->todo = 0;
	expire(c);
	KUNIT_EXPECT_FALSE(test, c->todo & CLASP_TODO_ROUTE);
}

/* MUST-20: past R2 the connection closes. */
static void retransmit__r2__closed(struct kunit *test)
{
	struct clasp_conn *c = unanswered(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_EQ(test, patience(c), 15);
	KUNIT_EXPECT_EQ(test, c->error, (u32)ETIMEDOUT);
	KUNIT_EXPECT_TRUE(test, c->todo & CLASP_TODO_ERROR);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.rto, 15u);
}

/* MUST-21, MUST-22: R2 can be set, for data and for the SYN. */
static void retransmit__other_limits__obeyed(struct kunit *test)
{
	struct clasp_conn *c = unanswered(test, CLASP_ESTABLISHED);

	bare_settings(c)->retries2 = 2;
	KUNIT_EXPECT_EQ(test, patience(c), 2);

	c = bare_conn(test, CLASP_SYN_SENT);
	bare_settings(c)->syn_retries = 0;
	KUNIT_EXPECT_EQ(test, patience(c), 0);
}

static void retransmit__each_opening_state__its_own_limit(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_SYN_SENT);

	KUNIT_EXPECT_EQ(test, patience(c), 7);
	c = bare_conn(test, CLASP_SYN_RCVD);
	KUNIT_EXPECT_EQ(test, patience(c), 5);
}

/* Nobody waits for it, and nobody can end it. */
static void retransmit__orphan__gives_up_earlier(struct kunit *test)
{
	struct clasp_conn *c = unanswered(test, CLASP_LAST_ACK);

	c->orphan = true;
	KUNIT_EXPECT_EQ(test, patience(c), 8);
}

/* MUST-47: a soft error is the reason if it comes to nothing. */
static void retransmit__soft_error__is_the_reason(struct kunit *test)
{
	struct clasp_conn *c = unanswered(test, CLASP_ESTABLISHED);

	c->soft_error = ENETUNREACH;
	patience(c);

	KUNIT_EXPECT_EQ(test, c->error, (u32)ENETUNREACH);
}

/* syn-lost: the SYN again, and nothing of recovery. */
static void retransmit__syn__again(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_SYN_SENT);

	expire(c);

	KUNIT_EXPECT_EQ(test, c->syn_why, CLASP_SEND_RTX_SYN);
	KUNIT_EXPECT_EQ(test, clasp_rto_interval(&c->rto),
			(u32)(2 * USEC_PER_SEC));
	KUNIT_EXPECT_EQ(test, c->lost, 0u);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 10 * BARE_MSS);
}

/* What ends the connection stops its other clocks. */
static void retransmit__gives_up__nothing_else_fires(struct kunit *test)
{
	struct clasp_conn *c = unanswered(test, CLASP_ESTABLISHED);

	c->retries = 15;
	set(c, CLASP_TIMER_DELACK, BARE_NOW);
	expire(c);

	KUNIT_EXPECT_EQ(test, c->state, CLASP_CLOSED);
	KUNIT_EXPECT_EQ(test, c->ack_why, 0);
	KUNIT_EXPECT_EQ(test, bare_heard(c)->count[CLASP_EVENT_TIMER], 1u);
}

/* MUST-36 */
static void persist__due__probe(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->snd_wnd = 0;
	bare_unsent(c, 1, true);
	set(c, CLASP_TIMER_PERSIST, BARE_NOW);
	clasp_timeout(c, BARE_NOW);

	KUNIT_EXPECT_TRUE(test, c->probe_due);
	KUNIT_EXPECT_EQ(test, c->retries, 0);
}

/* finwait2-orphan: it ends, and no program is there to be told. */
static void fin_wait_2__due__closed(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_FIN_WAIT_2);

	set(c, CLASP_TIMER_FIN_WAIT_2, BARE_NOW);
	clasp_timeout(c, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->state, CLASP_CLOSED);
	KUNIT_EXPECT_TRUE(test, c->todo & CLASP_TODO_STATE);
	KUNIT_EXPECT_EQ(test, c->error, 0u);
}

static void next__several_set__the_earliest(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_EQ(test, clasp_timeout_next(c, BARE_NOW), CLASP_TIMER_MAX);
	set(c, CLASP_TIMER_FIN_WAIT_2, BARE_NOW + CLASP_MS(3));
	KUNIT_EXPECT_EQ(test, clasp_timeout_next(c, BARE_NOW), CLASP_TIMER_FIN_WAIT_2);
	set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW + CLASP_MS(9));
	KUNIT_EXPECT_EQ(test, clasp_timeout_next(c, BARE_NOW), CLASP_TIMER_FIN_WAIT_2);
	set(c, CLASP_TIMER_DELACK, BARE_NOW + CLASP_MS(2));
	KUNIT_EXPECT_EQ(test, clasp_timeout_next(c, BARE_NOW), CLASP_TIMER_DELACK);
}

/* For operators: two timeouts in a row are one silence, until the answer. */
static void retransmit__twice__one_silence(struct kunit *test)
{
	struct clasp_conn *c = unanswered(test, CLASP_ESTABLISHED);
	const struct clasp_counts *n = &clasp_annex(c)->counts;
	struct clasp_segment answer = bare_acking(c, 3000);

	expire(c);
	set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW + CLASP_MS(400));
	clasp_timeout(c, BARE_NOW + CLASP_MS(400));
	KUNIT_EXPECT_EQ(test, n->rto, 2u);
	KUNIT_EXPECT_EQ(test, n->silences, 1u);
	KUNIT_EXPECT_EQ(test, n->silent_us, 0ull);

	clasp_ack_take(c, &answer, BARE_NOW + CLASP_MS(500));
	KUNIT_EXPECT_EQ(test, n->silence_us, 0ull);
	KUNIT_EXPECT_EQ(test, n->silent_us, CLASP_MS(500));
}

static struct kunit_case timeout_cases[] = {
	KUNIT_CASE(timeout__not_yet__nothing),
	KUNIT_CASE(timeout__none_set__nothing),
	KUNIT_CASE(timeout__due__fires_once_and_tells),
	KUNIT_CASE(delack__due__ack),
	KUNIT_CASE(several__due__all_fire),
	KUNIT_CASE(retransmit__data__backs_off_and_recovers),
	KUNIT_CASE(retransmit__r1__route_is_doubted),
	KUNIT_CASE(retransmit__r2__closed),
	KUNIT_CASE(retransmit__other_limits__obeyed),
	KUNIT_CASE(retransmit__each_opening_state__its_own_limit),
	KUNIT_CASE(retransmit__orphan__gives_up_earlier),
	KUNIT_CASE(retransmit__soft_error__is_the_reason),
	KUNIT_CASE(retransmit__syn__again),
	KUNIT_CASE(retransmit__twice__one_silence),
	KUNIT_CASE(retransmit__gives_up__nothing_else_fires),
	KUNIT_CASE(persist__due__probe),
	KUNIT_CASE(fin_wait_2__due__closed),
	KUNIT_CASE(next__several_set__the_earliest),
	{}
};

static struct kunit_suite timeout_suite = {
	.name = "timeout",
	.exit = bare_exit,
	.test_cases = timeout_cases,
};

kunit_test_suite(timeout_suite);
