// SPDX-License-Identifier: GPL-2.0
/*
 * Tail loss probes: RFC 8985 §7.
 */
#include <kunit/test.h>

#include "ack.h"
#include "lossy.h"
#include "output.h"
#include "probe.h"
#include "recovery.h"
#include "timeout.h"

#define RTT	LOSSY_RTT
#define RTO	(BARE_NOW + 10 * (u64)USEC_PER_SEC)

static struct clasp_conn *tail(struct kunit *test, u32 segments)
{
	struct clasp_conn *c = lossy_conn(test, segments);

	bare_settings(c)->tlp = true;
	c->rto.srtt_us = RTT;
	c->rto.min_rtt_us = RTT;
	c->rto.rto_us = 10 * USEC_PER_SEC;
	clasp_timer_set(c, CLASP_TIMER_RETRANSMIT, RTO);

	return c;
}

static u64 pto_us(struct clasp_conn *c)
{
	clasp_probe_arm(c, BARE_NOW);

	return clasp_timer_at(c, CLASP_TIMER_PROBE, BARE_NOW);
}

/* The probe's timer fires, and what then is to be sent leaves. */
static struct clasp_tx probes(struct kunit *test, struct clasp_conn *c)
{
	u64 at_us = pto_us(c);
	struct clasp_tx tx;

	KUNIT_ASSERT_NE(test, at_us, 0ull);
	clasp_timeout(c, at_us);
	KUNIT_ASSERT_TRUE(test, clasp_output_next(c, at_us, &tx));
	if (tx.fresh)
		bare_leaves(c, tx.len);
	clasp_output_sent(c, &tx, at_us);

	return tx;
}

/* tlp: about 2 RTT after the last flight, §7.2 */
static void arm__some_segments__two_round_trips(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 3);

	KUNIT_EXPECT_EQ(test, pto_us(c), BARE_NOW + 2 * RTT);
}

/* "If FlightSize is one segment", its ACK may be delayed. */
static void arm__one_segment__and_the_peers_delay(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 1);

	KUNIT_EXPECT_EQ(test, pto_us(c), BARE_NOW + 2 * RTT + CLASP_MS(200));
}

static void arm__no_round_trip_known__a_second(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 3);

	c->rto.srtt_us = 0;
	KUNIT_EXPECT_EQ(test, pto_us(c), BARE_NOW + USEC_PER_SEC);
}

/* "If Now() + PTO > TCP_RTO_expiration()", then. */
static void arm__timeout_before_that__in_its_place(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 3);

	clasp_timer_set(c, CLASP_TIMER_RETRANSMIT, BARE_NOW + RTT);
	KUNIT_EXPECT_EQ(test, pto_us(c), BARE_NOW + RTT);

	clasp_timeout(c, BARE_NOW + RTT);
	KUNIT_EXPECT_TRUE(test, c->probe_now);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.rto, 0u);
	/* §7.3: which begins anew, sent or not */
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, BARE_NOW),
			BARE_NOW + RTT + c->rto.rto_us);
}

/* Each condition of §7.2 by itself. */
static void arm__of_no_use__never(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 3);

	bare_settings(c)->tlp = false;
	KUNIT_EXPECT_EQ(test, pto_us(c), 0ull);

	c = tail(test, 3);
	bare_settings(c)->sack = false;
	KUNIT_EXPECT_EQ(test, pto_us(c), 0ull);

	c = tail(test, 3);
	LOSSY_SACKS(c, 0, { 1000, 2000 });
	KUNIT_EXPECT_EQ(test, pto_us(c), 0ull);

	c = tail(test, 3);
	c->belief = CLASP_BELIEF_RECOVERY;
	KUNIT_EXPECT_EQ(test, pto_us(c), 0ull);
	c->belief = CLASP_BELIEF_LOSS;
	KUNIT_EXPECT_EQ(test, pto_us(c), 0ull);
	c->belief = CLASP_BELIEF_CWR;
	KUNIT_EXPECT_NE(test, pto_us(c), 0ull);

	c = tail(test, 0);
	KUNIT_EXPECT_EQ(test, pto_us(c), 0ull);

	c = tail(test, 3);
	c->state = CLASP_SYN_RCVD;
	KUNIT_EXPECT_EQ(test, pto_us(c), 0ull);
}

/* What has become of no use since is not sent. */
static void timeout__sacked_meanwhile__nothing(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 3);

	KUNIT_EXPECT_NE(test, pto_us(c), 0ull);
	c->sacked = 1000;
	clasp_timeout(c, BARE_NOW + 2 * RTT);

	KUNIT_EXPECT_FALSE(test, c->probe_now);
	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, BARE_NOW), RTO);
}

/* §7.3: the last segment again, one, and once. */
static void timeout__nothing_new__last_segment_again(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 3);
	struct clasp_tx tx;

	bare_sent(c, 2500);
	tx = probes(test, c);

	KUNIT_EXPECT_EQ(test, tx.why, CLASP_SEND_RTX_PROBE);
	KUNIT_EXPECT_EQ(test, tx.segment.seq, BARE_SEQ + 5000);
	KUNIT_EXPECT_EQ(test, tx.len, 500u);
	KUNIT_EXPECT_EQ(test, c->probe_end, c->snd_nxt);
	KUNIT_EXPECT_TRUE(test, c->probe_again);
	KUNIT_EXPECT_EQ(test, c->again, 500u);
	KUNIT_EXPECT_EQ(test, c->lost, 0u);
	KUNIT_EXPECT_EQ(test, c->cong.cwnd, 3 * BARE_MSS);
	KUNIT_EXPECT_FALSE(test, clasp_output_next(c, BARE_NOW, &tx));
	KUNIT_EXPECT_EQ(test, pto_us(c), 0ull);
	lossy_adds_up(test, c);
}

/* New data, though the window is full, and though Nagle would wait. */
static void timeout__new_data__that(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 3);
	struct clasp_tx tx;

	bare_unsent(c, 300, true);
	KUNIT_EXPECT_FALSE(test, clasp_output_next(c, BARE_NOW, &tx));
	tx = probes(test, c);

	KUNIT_EXPECT_EQ(test, tx.why, CLASP_SEND_NEW_DATA);
	KUNIT_EXPECT_EQ(test, tx.len, 300u);
	KUNIT_EXPECT_TRUE(test, c->probe_out);
	KUNIT_EXPECT_FALSE(test, c->probe_again);
	KUNIT_EXPECT_EQ(test, c->probe_end, BARE_SEQ + 3300);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.rtx, 0u);
}

/* The peer's window is closed for new data: what it has room for. */
static void timeout__new_data_and_no_window__last_again(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 3);

	bare_unsent(c, 1000, true);
	c->snd_wnd = 3000;

	KUNIT_EXPECT_EQ(test, probes(test, c).why, CLASP_SEND_RTX_PROBE);
}

static void timeout__only_a_fin__the_fin(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 0);
	struct clasp_tx tx;

	c->state = CLASP_FIN_WAIT_1;
	c->fin_wanted = true;
	c->snd_nxt++;
	tx = probes(test, c);

	KUNIT_EXPECT_EQ(test, tx.why, CLASP_SEND_RTX_PROBE);
	KUNIT_EXPECT_EQ(test, tx.segment.flags, CLASP_FIN | CLASP_ACK);
}

/* No memory to cut the last segment off: none, and the timeout remains. */
static void timeout__no_memory__nothing(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 0);
	struct clasp_tx tx;

	bare_sent(c, 3000);
	bare_no_memory(c);
	clasp_timeout(c, pto_us(c));

	KUNIT_EXPECT_FALSE(test, clasp_output_next(c, BARE_NOW, &tx));
	KUNIT_EXPECT_FALSE(test, c->probe_now);
	KUNIT_EXPECT_NE(test, clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, BARE_NOW), 0ull);
}

/* §7.4: the probe's SACK has RACK find what was lost before it. */
static void answer__sack_of_the_probe__losses_found(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 5);
	u64 sent_us = pto_us(c);

	probes(test, c);
	LOSSY_SACKS_AT(c, sent_us + RTT, 0, { 4000, 5000 });
	clasp_recovery_reorder(c, clasp_timer_at(c, CLASP_TIMER_REORDER, BARE_NOW));
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_RECOVERY);
	KUNIT_EXPECT_EQ(test, c->lost, 4000u);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.rto, 0u);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 2500u);

	/* and its repair is that of no loss besides */
	lossy_resends_at(c, sent_us + RTT);
	lossy_acks_at(c, 5000, sent_us + 2 * RTT);
	bare_sent(c, 1000);
	lossy_acks_at(c, 1000, sent_us + 3 * RTT);
	KUNIT_EXPECT_EQ(test, c->cong.ssthresh, 2500u);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
}

/* §7.4.2: it repaired the only loss, and that is one. */
static void answer__above_the_end__window_reduced(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 10);

	probes(test, c);
	lossy_acks_at(c, 10000, BARE_NOW + 3 * RTT);
	KUNIT_EXPECT_TRUE(test, c->probe_out);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);

	bare_sent(c, 10000);
	lossy_acks_at(c, 1000, BARE_NOW + 4 * RTT);
	KUNIT_EXPECT_FALSE(test, c->probe_out);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_CWR);
	KUNIT_EXPECT_LT(test, c->cong.ssthresh, CLASP_WINDOW_MAX);
}

/* Both copies arrived: a D-SACK, or a duplicate without SACK, tells. */
static void answer__both_arrived__nothing_reduced(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 10);

	probes(test, c);
	lossy_acks_at(c, 10000, BARE_NOW + 3 * RTT);
	LOSSY_SACKS_AT(c, BARE_NOW + 3 * RTT, 10000, { 9000, 10000 });
	KUNIT_EXPECT_FALSE(test, c->probe_out);

	c = tail(test, 10);
	probes(test, c);
	lossy_acks_at(c, 10000, BARE_NOW + 3 * RTT);
	lossy_acks_at(c, 0, BARE_NOW + 3 * RTT);
	KUNIT_EXPECT_FALSE(test, c->probe_out);

	bare_sent(c, 10000);
	lossy_acks_at(c, 1000, BARE_NOW + 4 * RTT);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
}

/* A probe of new data repairs nothing. */
static void answer__to_new_data__nothing_reduced(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 3);

	bare_unsent(c, 1000, true);
	probes(test, c);
	lossy_acks_at(c, 4000, BARE_NOW + 3 * RTT);

	KUNIT_EXPECT_FALSE(test, c->probe_out);
	KUNIT_EXPECT_EQ(test, c->belief, CLASP_BELIEF_GOOD);
}

/* Nobody answers that either. */
static void answer__none__timeout(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 3);

	probes(test, c);
	clasp_timeout(c, clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, BARE_NOW));
	lossy_adds_up(test, c);

	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.rto, 1u);
	KUNIT_EXPECT_FALSE(test, c->probe_out);
	KUNIT_EXPECT_EQ(test, c->lost, 3000u);
}

/* §7.3: a probe that pacing held back is given a whole timeout all the same. */
static void sent__later_than_due__timeout_counts_from_then(struct kunit *test)
{
	struct clasp_conn *c = tail(test, 3);
	u64 at_us = pto_us(c);
	struct clasp_tx tx;

	clasp_timeout(c, at_us);
	at_us += CLASP_MS(50);
	KUNIT_ASSERT_TRUE(test, clasp_output_next(c, at_us, &tx));
	clasp_output_sent(c, &tx, at_us);

	KUNIT_EXPECT_EQ(test, clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, at_us),
			at_us + 10 * (u64)USEC_PER_SEC);
}

static struct kunit_case probe_cases[] = {
	KUNIT_CASE(arm__some_segments__two_round_trips),
	KUNIT_CASE(arm__one_segment__and_the_peers_delay),
	KUNIT_CASE(arm__no_round_trip_known__a_second),
	KUNIT_CASE(arm__timeout_before_that__in_its_place),
	KUNIT_CASE(arm__of_no_use__never),
	KUNIT_CASE(timeout__sacked_meanwhile__nothing),
	KUNIT_CASE(timeout__nothing_new__last_segment_again),
	KUNIT_CASE(timeout__new_data__that),
	KUNIT_CASE(timeout__new_data_and_no_window__last_again),
	KUNIT_CASE(timeout__only_a_fin__the_fin),
	KUNIT_CASE(timeout__no_memory__nothing),
	KUNIT_CASE(answer__sack_of_the_probe__losses_found),
	KUNIT_CASE(answer__above_the_end__window_reduced),
	KUNIT_CASE(answer__both_arrived__nothing_reduced),
	KUNIT_CASE(answer__to_new_data__nothing_reduced),
	KUNIT_CASE(answer__none__timeout),
	KUNIT_CASE(sent__later_than_due__timeout_counts_from_then),
	{}
};

static struct kunit_suite probe_suite = {
	.name = "probe",
	.exit = bare_exit,
	.test_cases = probe_cases,
};

kunit_test_suite(probe_suite);
