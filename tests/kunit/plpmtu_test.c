// SPDX-License-Identifier: GPL-2.0
/*
 * Packetization-layer path MTU discovery: RFC 4821.
 */
#include <kunit/test.h>

#include "ack.h"
#include "bare.h"
#include "lossy.h"
#include "output.h"
#include "peer.h"
#include "plpmtu.h"
#include "timeout.h"

#define SECONDS	((u64)USEC_PER_SEC)
#define ROUTE	1460u

/* A connection on a route that is said to take 1460. */
static struct clasp_conn *conn_on_route(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->peer_mss = 9000;
	c->path_mss = ROUTE;

	return c;
}

/* The same after a black hole, with something acknowledged since. */
static struct clasp_conn *searching(struct kunit *test)
{
	struct clasp_conn *c = conn_on_route(test);

	clasp_plpmtu_black_hole(c);

	return c;
}

/* A probe leaves, and its fate. */
static u32 probe(struct clasp_conn *c, u64 now_us)
{
	u32 len = clasp_plpmtu_wants(c, 60000, now_us);

	if (len) {
		c->snd_nxt += len;
		clasp_plpmtu_sent(c, c->snd_nxt);
	}

	return len;
}

static void passes(struct clasp_conn *c)
{
	c->snd_una = c->snd_nxt;
	clasp_plpmtu_acked(c);
}

static void fails(struct clasp_conn *c, u64 now_us)
{
	clasp_plpmtu_resent(c, c->snd_una, c->snd_nxt, now_us);
	c->snd_una = c->snd_nxt;
	clasp_plpmtu_acked(c);
}

static void black_hole__full_segments__base(struct kunit *test)
{
	struct clasp_conn *c = searching(test);

	KUNIT_EXPECT_EQ(test, c->path_mss, 1024);
	KUNIT_EXPECT_EQ(test, clasp_conn_mss(c), 1024);
}

static void black_hole__small_ones_already__as_it_is(struct kunit *test)
{
	struct clasp_conn *c = conn_on_route(test);

	c->path_mss = 1024;
	clasp_plpmtu_black_hole(c);
	KUNIT_EXPECT_EQ(test, c->path_mss, 1024);
	KUNIT_EXPECT_EQ(test, c->plpmtu.low, 0);

	c->path_mss = ROUTE;
	c->peer_mss = 900;
	clasp_plpmtu_black_hole(c);
	KUNIT_EXPECT_EQ(test, c->path_mss, ROUTE);
}

static void black_hole__switched_off__as_it_is(struct kunit *test)
{
	struct clasp_conn *c = conn_on_route(test);

	bare_settings(c)->mtu_probing = CLASP_MTU_PROBING_NEVER;
	clasp_plpmtu_black_hole(c);
	KUNIT_EXPECT_EQ(test, c->path_mss, ROUTE);
}

static void start__only_where_it_is_always_on(struct kunit *test)
{
	struct clasp_conn *c = conn_on_route(test);

	clasp_plpmtu_start(c);
	KUNIT_EXPECT_EQ(test, c->path_mss, ROUTE);

	bare_settings(c)->mtu_probing = CLASP_MTU_PROBING_ALWAYS;
	clasp_plpmtu_start(c);
	KUNIT_EXPECT_EQ(test, c->path_mss, 1024);
}

/* An outage looks like a black hole: the first probe finds out. */
static void wants__it_was_an_outage__one_probe_and_all_is_well(struct kunit *test)
{
	struct clasp_conn *c = searching(test);

	KUNIT_EXPECT_EQ(test, probe(c, BARE_NOW), ROUTE);
	KUNIT_EXPECT_EQ(test, probe(c, BARE_NOW), 0);
	passes(c);

	KUNIT_EXPECT_EQ(test, c->path_mss, ROUTE);
	KUNIT_EXPECT_EQ(test, probe(c, BARE_NOW), 0);
}

/* A path that takes @fits: what is found is at most 32 below it. */
static void wants__path_takes_less__found_by_halving(struct kunit *test)
{
	u32 fits;

	for (fits = 1024; fits <= ROUTE; fits += 12) {
		struct clasp_conn *c = searching(test);
		int probes = 0;
		u32 len;

		while ((len = probe(c, BARE_NOW))) {
			KUNIT_ASSERT_LT(test, ++probes, 8);
			KUNIT_EXPECT_GT(test, len, c->path_mss);
			if (len <= fits)
				passes(c);
			else
				fails(c, BARE_NOW);
		}
		KUNIT_EXPECT_LE(test, c->path_mss, fits);
		KUNIT_EXPECT_GT(test, c->path_mss + 32, fits);
	}
}

/* RFC 4821 §7.3 */
static void wants__ten_minutes_later__once_more(struct kunit *test)
{
	struct clasp_conn *c = searching(test);
	u64 now_us = BARE_NOW;
	u32 len;

	while ((len = probe(c, now_us)))
		fails(c, now_us);
	KUNIT_EXPECT_EQ(test, probe(c, now_us + 599 * SECONDS), 0);
	KUNIT_EXPECT_EQ(test, probe(c, now_us + 600 * SECONDS), ROUTE);
}

static void wants__no_time_for_it__no_probe(struct kunit *test)
{
	struct clasp_conn *c = searching(test);

	KUNIT_EXPECT_EQ(test, clasp_plpmtu_wants(c, ROUTE - 1, BARE_NOW), 0);

	c->retries = 1;
	KUNIT_EXPECT_EQ(test, clasp_plpmtu_wants(c, 60000, BARE_NOW), 0);
	c->retries = 0;
	c->belief = CLASP_BELIEF_RECOVERY;
	KUNIT_EXPECT_EQ(test, clasp_plpmtu_wants(c, 60000, BARE_NOW), 0);
	c->belief = CLASP_BELIEF_GOOD;
	c->user_mss = 1200;
	KUNIT_EXPECT_EQ(test, clasp_plpmtu_wants(c, 60000, BARE_NOW), 0);
	c->user_mss = 0;
	KUNIT_EXPECT_EQ(test, clasp_plpmtu_wants(c, 60000, BARE_NOW), ROUTE);
}

/* What is sent again is before the probe, or ends in it: that tells nothing. */
static void resent__something_else__probe_goes_on(struct kunit *test)
{
	struct clasp_conn *c = searching(test);
	u32 seq = c->snd_nxt;

	probe(c, BARE_NOW);
	clasp_plpmtu_resent(c, seq - 1000, seq, BARE_NOW);
	clasp_plpmtu_resent(c, seq, seq + 1024, BARE_NOW);
	clasp_plpmtu_resent(c, c->snd_nxt, c->snd_nxt + 100, BARE_NOW);
	KUNIT_EXPECT_EQ(test, c->plpmtu.probe, ROUTE);

	c->snd_una = c->snd_nxt - 1;
	clasp_plpmtu_acked(c);
	KUNIT_EXPECT_EQ(test, c->plpmtu.probe, ROUTE);
}

/* ICMP tells after all, or the route has changed. */
static void route__says_less__less(struct kunit *test)
{
	struct clasp_conn *c = searching(test);

	clasp_conn_path_mss(c, 1200);
	KUNIT_EXPECT_EQ(test, c->path_mss, 1024);
	KUNIT_EXPECT_EQ(test, probe(c, BARE_NOW), 1200);
	passes(c);
	KUNIT_EXPECT_EQ(test, c->path_mss, 1200);

	clasp_conn_path_mss(c, 600);
	KUNIT_EXPECT_EQ(test, c->path_mss, 600);
	KUNIT_EXPECT_EQ(test, probe(c, BARE_NOW), 0);

	clasp_conn_path_mss(c, ROUTE);
	KUNIT_EXPECT_EQ(test, c->path_mss, 1200);
	KUNIT_EXPECT_EQ(test, probe(c, BARE_NOW), ROUTE);
}

static void black_hole__again__begins_anew(struct kunit *test)
{
	struct clasp_conn *c = searching(test);

	probe(c, BARE_NOW);
	passes(c);
	KUNIT_EXPECT_EQ(test, c->path_mss, ROUTE);

	clasp_plpmtu_black_hole(c);
	KUNIT_EXPECT_EQ(test, c->path_mss, 1024);
	KUNIT_EXPECT_EQ(test, probe(c, BARE_NOW), ROUTE);
}

/* The whole way: MTU 1500, where only 1240 pass from now on. */
static void established__black_hole__smaller_and_up_again(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	p->conn->peer_mss = 1460;
	p->conn->path_mss = 1460;
	p->conn->burst = 10000;
	program_writes(p, 5 * 1460);
	while (p->conn->retries < 2)
		time_passes(p, CLASP_MS(1));
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->len, 1460);
	peer_forgets(p);
	while (p->conn->retries < 3)
		time_passes(p, CLASP_MS(1));
	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .len = 1024,
		    .why = CLASP_SEND_RTX_TIMER);

	peer_sends(p, ACK, .ack = p->snd_nxt + 5 * 1460);
	peer_forgets(p);
	program_writes(p, 2920);
	EXPECT_SENT(p, ACK, .len = 1460, .why = CLASP_SEND_NEW_DATA);
}

static void leaves(struct clasp_conn *c, u64 now_us)
{
	struct clasp_tx tx;

	if (!clasp_output_next(c, now_us, &tx))
		return;
	if (tx.fresh)
		bare_leaves(c, tx.len);
	clasp_output_sent(c, &tx, now_us);
}

/*
 * A probe has left, and full segments behind it, at 1024 each: RFC 4821 §7.6.
 * Numbers count from BARE_SEQ on.
 */
static struct clasp_conn *probe_in_flight(struct kunit *test)
{
	struct clasp_conn *c = searching(test);
	int i;

	c->cong.cwnd = 20000;
	bare_unsent(c, ROUTE, false);
	for (i = 0; i < 9; i++)
		bare_unsent(c, 1024, true);
	for (i = 0; i < 10; i++)
		leaves(c, BARE_NOW);

	return c;
}

#define BEHIND(n)	(ROUTE + (n) * 1024)	/* the end of the nth segment */

static void lost__probe_alone__window_stays(struct kunit *test)
{
	struct clasp_conn *c = probe_in_flight(test);
	u32 cwnd = c->cong.cwnd;

	LOSSY_SACKS(c, 0, { BEHIND(0), BEHIND(9) });

	KUNIT_EXPECT_EQ(test, c->lost, ROUTE);
	KUNIT_EXPECT_EQ(test, c->rate.lost, 0u);
	KUNIT_EXPECT_EQ(test, c->rtx_why, CLASP_SEND_RTX_MTU);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, cwnd);
	KUNIT_EXPECT_EQ(test, lossy_resends(c), ROUTE);

	/* nor when more is heard before the copy has arrived */
	LOSSY_SACKS(c, 0, { BEHIND(0), BEHIND(9) });
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_GE(test, c->cong.cwnd, cwnd);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.fast_rtx, 0u);
}

static void lost__probe_and_another__congestion(struct kunit *test)
{
	struct clasp_conn *c = probe_in_flight(test);

	LOSSY_SACKS(c, 0, { BEHIND(1), BEHIND(9) });

	KUNIT_EXPECT_EQ(test, c->lost, ROUTE + 1024);
	KUNIT_EXPECT_EQ(test, c->rate.lost, 1024u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
}

static void lost__probe_first_and_another_later__congestion(struct kunit *test)
{
	struct clasp_conn *c = probe_in_flight(test);

	LOSSY_SACKS(c, 0, { BEHIND(0), BEHIND(5) });
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	LOSSY_SACKS(c, 0, { BEHIND(6), BEHIND(9) }, { BEHIND(0), BEHIND(5) });

	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
}

/* What is sent in its place is no longer than other segments are. */
static void lost__what_was_sent_in_its_place__congestion(struct kunit *test)
{
	struct clasp_conn *c = probe_in_flight(test);

	LOSSY_SACKS(c, 0, { BEHIND(0), BEHIND(5) });
	lossy_resends(c);
	bare_unsent(c, 1024, true);
	leaves(c, LOSSY_LATER + LOSSY_RTT);
	LOSSY_SACKS_AT(c, LOSSY_LATER + 2 * LOSSY_RTT, 0,
		       { BEHIND(0), BEHIND(10) });

	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
}

static void lost__without_sack__window_stays(struct kunit *test)
{
	struct clasp_conn *c = probe_in_flight(test);
	u32 cwnd = c->cong.cwnd;

	lossy_dupacks(c, 3);

	KUNIT_EXPECT_EQ(test, c->lost, ROUTE);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, cwnd);
}

/* RFC 8985 §7.4.2 would take the gap that a tail loss probe fills for one. */
static void lost__tail_loss_probe_fills_the_gap__window_stays(struct kunit *test)
{
	struct clasp_conn *c = searching(test);
	u64 at_us;

	bare_settings(c)->tlp = true;
	bare_unsent(c, ROUTE, true);
	leaves(c, BARE_NOW);
	clasp_output_wake(c, BARE_NOW);
	at_us = clasp_timer_at(c, CLASP_TIMER_PROBE, BARE_NOW);
	clasp_timeout(c, at_us);
	leaves(c, at_us);
	KUNIT_EXPECT_TRUE(test, c->probe_out);

	bare_unsent(c, 1024, true);
	leaves(c, at_us);
	lossy_acks_at(c, BEHIND(1), at_us + LOSSY_RTT);

	KUNIT_EXPECT_FALSE(test, c->probe_out);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, CLASP_WINDOW_MAX);
}

static void resent__the_probe__what_was_tried_is_too_much(struct kunit *test)
{
	struct clasp_conn *c = searching(test);

	probe(c, BARE_NOW);
	fails(c, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->plpmtu.high, ROUTE - 1);
}

static struct kunit_case plpmtu_cases[] = {
	KUNIT_CASE(black_hole__full_segments__base),
	KUNIT_CASE(black_hole__small_ones_already__as_it_is),
	KUNIT_CASE(black_hole__switched_off__as_it_is),
	KUNIT_CASE(start__only_where_it_is_always_on),
	KUNIT_CASE(wants__it_was_an_outage__one_probe_and_all_is_well),
	KUNIT_CASE(wants__path_takes_less__found_by_halving),
	KUNIT_CASE(wants__ten_minutes_later__once_more),
	KUNIT_CASE(wants__no_time_for_it__no_probe),
	KUNIT_CASE(resent__something_else__probe_goes_on),
	KUNIT_CASE(route__says_less__less),
	KUNIT_CASE(black_hole__again__begins_anew),
	KUNIT_CASE(lost__probe_alone__window_stays),
	KUNIT_CASE(lost__probe_and_another__congestion),
	KUNIT_CASE(lost__probe_first_and_another_later__congestion),
	KUNIT_CASE(lost__what_was_sent_in_its_place__congestion),
	KUNIT_CASE(lost__without_sack__window_stays),
	KUNIT_CASE(lost__tail_loss_probe_fills_the_gap__window_stays),
	KUNIT_CASE(established__black_hole__smaller_and_up_again),
	KUNIT_CASE(resent__the_probe__what_was_tried_is_too_much),
	{}
};

static struct kunit_suite plpmtu_suite = {
	.name = "plpmtu",
	.exit = bare_exit,
	.test_cases = plpmtu_cases,
};

kunit_test_suite(plpmtu_suite);

MODULE_DESCRIPTION("Tests of the search for a path's MTU");
MODULE_LICENSE("GPL");
