// SPDX-License-Identifier: GPL-2.0
/*
 * An acceptable acknowledgment: RFC 9293 §3.10.7.4, fifth.
 *
 * What is acknowledged leaves the retransmission queue, a round trip may have
 * been measured (RFC 6298 §3, RFC 7323 §4), the congestion window may grow, our
 * FIN may be through; or it is a duplicate that tells of a gap (RFC 5681 §2).
 * Called by input.c for each segment whose ACK was found good.
 */
#include "ack.h"
#include "ecn.h"
#include "event.h"
#include "recovery.h"
#include "seq.h"
#include "usertimeout.h"
#include "window.h"

static void sample(struct clasp_conn *c, struct clasp_sample *s, u64 rtt_us)
{
	u32 min_us = READ_ONCE(c->settings->rto_min_ms) * USEC_PER_MSEC;

	s->rtt_us = max_t(u64, rtt_us, 1);
	clasp_rto_sample(&c->rto, min_t(u64, rtt_us, U32_MAX), min_us);
}

/*
 * Measure from the newest range that is now wholly acknowledged and was sent
 * once (Karn). Returns false when there is none.
 */
static bool sample_ranges(struct clasp_conn *c, u32 ack,
			  struct clasp_sample *s)
{
	const struct clasp_sent *sent, *newest = NULL;

	for (sent = clasp_sent_first(c);
	     sent && seq_before_eq(sent->end_seq, ack);
	     sent = clasp_sent_next(c, sent)) {
		/* the ACK may be for the other copy of it, or of what follows */
		if (sent->rtx)
			return false;
		newest = sent;
	}
	if (!newest)
		return false;

	sample(c, s, s->now_us - newest->sent_us);

	return true;
}

/* RFC 7323 §4.1: TSecr tells, also of what was retransmitted. */
static bool sample_timestamp(struct clasp_conn *c,
			     const struct clasp_segment *seg,
			     struct clasp_sample *s)
{
	s32 rtt_ms;

	if (!c->ts.on || !(seg->has & CLASP_HAS_TIMESTAMPS) || !seg->tsecr)
		return false;

	rtt_ms = clasp_timestamps_value(&c->ts, s->now_us) - seg->tsecr;
	if (rtt_ms < 0)
		return false;

	sample(c, s, (u64)rtt_ms * USEC_PER_MSEC);

	return true;
}

/* What arrived tells how fast the path delivers: rate.c. */
static void sample_rate(struct clasp_conn *c, u32 ack, struct clasp_sample *s)
{
	const struct clasp_sent *sent;

	for (sent = clasp_sent_first(c); sent && seq_before(sent->seq, ack);
	     sent = clasp_sent_next(c, sent))
		clasp_rate_delivered(c, sent, s);
	clasp_rate_done(c, s);
}

/**
 * clasp_ack_of_syn() - our SYN is acknowledged
 * @c: connection in SYN_SENT or SYN_RCVD, or that was closed in SYN_RCVD
 * @ack: acknowledgment number, iss + 1 or above
 * @now_us: the time
 */
void clasp_ack_of_syn(struct clasp_conn *c, u32 ack, u64 now_us)
{
	struct clasp_sample s = {};

	c->closed_early = false;
	c->snd_una = c->iss + 1;
	c->rtx_seq = c->snd_una;
	c->rtx_end = c->snd_una;
	if (!c->retries && c->syn_us)
		sample(c, &s, now_us - c->syn_us);
	/* RFC 6298 §5.7: a SYN that timed out leaves 3 s, not its backoff */
	else if (c->retries)
		c->rto.rto_us = 3 * USEC_PER_SEC;
}

/* Acknowledgments take the FIN's number as one more octet. */
static void fin_is_through(struct clasp_conn *c, u64 now_us)
{
	if (!clasp_conn_fin_acked(c) ||
	    !clasp_conn_move(c, CLASP_ON_RCV_ACK_OF_FIN))
		return;

	if (c->state == CLASP_FIN_WAIT_2 && c->orphan)
		clasp_conn_fin_wait_2(c, now_us);
}

static void take_new(struct clasp_conn *c, const struct clasp_segment *seg,
		     u64 now_us)
{
	struct clasp_sample s = {
		.now_us		= now_us,
		.ece		= c->ecn_on && seg->flags & CLASP_ECE,
		.prior_flight	= clasp_conn_in_flight(c),
	};
	u32 acked = seg->ack - c->snd_una;

	/* Karn: an ACK that may be for either copy ends no backoff */
	if (sample_ranges(c, seg->ack, &s) || sample_timestamp(c, seg, &s))
		c->rto.backoff = 0;

	c->snd_una = seg->ack;
	s.acked = acked - clasp_conn_fin_acked(c);
	s.delivered = s.acked;
	sample_rate(c, seg->ack, &s);
	c->counts.bytes_acked += s.acked;
	c->todo |= CLASP_TODO_ACKED;
	clasp_user_timeout_progress(c);
	clasp_plpmtu_acked(c);
	c->retries = 0;
	c->soft_error = 0;

	if (!clasp_recovery_ack(c, acked) || clasp_cong_governs(c))
		clasp_cong_ack(c, &s);
	clasp_pace_update(c);

	/* RFC 6298 §5.2 and §5.3 */
	c->deadline_us[CLASP_TIMER_RETRANSMIT] =
		clasp_conn_flight(c) ? now_us + clasp_rto_interval(&c->rto) : 0;

	fin_is_through(c, now_us);
}

/*
 * RFC 5681 §2: data is outstanding, the segment carries none and neither SYN
 * nor FIN, acknowledges what was acknowledged last, and its window is the same.
 */
static bool is_duplicate(const struct clasp_conn *c,
			 const struct clasp_segment *seg)
{
	return clasp_conn_flight(c) && !seg->len &&
	       !(seg->flags & (CLASP_SYN | CLASP_FIN)) &&
	       seg->ack == c->snd_una && seg->window == c->snd_wnd;
}

/*
 * The peer is alive: as long as it answers, a window of zero may last for ever
 * (MUST-37), for a program that waits for it; an orphan's memory is not the
 * peer's to hold. When it has opened, sending goes on as if nothing had been.
 */
static void peer_is_alive(struct clasp_conn *c)
{
	if (!c->orphan) {
		c->probes = 0;
		if (!c->snd_wnd)
			c->retries = 0;
	}
	if (!c->deadline_us[CLASP_TIMER_PERSIST] || !clasp_window_usable(c))
		return;

	c->probes = 0;
	c->deadline_us[CLASP_TIMER_PERSIST] = 0;
	c->probe_due = false;
	c->rto.backoff = 0;
}

/**
 * clasp_ack_take() - take an acknowledgment
 * @c: synchronized connection; the caller owns it
 * @seg: segment with a good ACK: not above SND.NXT, not too old
 * @now_us: the time
 */
void clasp_ack_take(struct clasp_conn *c, const struct clasp_segment *seg,
		    u64 now_us)
{
	bool duplicate = is_duplicate(c, seg);

	if (seq_after(seg->ack, c->snd_una))
		take_new(c, seg, now_us);
	else if (duplicate)
		clasp_recovery_dupack(c);

	if (seq_after_eq(seg->ack, c->snd_una)) {
		clasp_ecn_ack(c, seg);
		clasp_window_update(c, seg);
	}
	peer_is_alive(c);
}
