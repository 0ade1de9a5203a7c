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
#include "keepalive.h"
#include "recovery.h"
#include "scoreboard.h"
#include "seq.h"
#include "timer.h"
#include "urgent.h"
#include "usertimeout.h"
#include "window.h"

static void sample(struct clasp_conn *c, u64 rtt_us)
{
	u32 min_us = READ_ONCE(c->settings->rto_min_ms) * USEC_PER_MSEC;

	clasp_rto_sample(&c->rto, min_t(u64, rtt_us, U32_MAX), min_us);
}

/*
 * Measure from the newest range that has arrived. Not if more than one copy of
 * anything that has was sent: the ACK may be for either, or for what followed
 * (Karn). Then the timestamp tells (RFC 7323 §4.1), also of copies.
 */
static bool measure(struct clasp_conn *c, struct clasp_news *news)
{
	struct clasp_sample *s = &news->sample;
	s32 rtt_ms;

	if (!s->delivered)
		return false;
	if (news->once_us && !news->twice) {
		s->rtt_us = max(s->now_us - news->once_us, 1ull);
		return true;
	}
	if (!news->echo || !news->tsecr || !s->acked)
		return false;

	rtt_ms = clasp_timestamps_value(&c->ts, s->now_us) - news->tsecr;
	if (rtt_ms < 0)
		return false;
	s->rtt_us = max((u64)rtt_ms * USEC_PER_MSEC, 1ull);

	return true;
}

/* For operators: what timeouts asked for was answered. */
static void count_answer(struct clasp_counts *n, u64 now_us)
{
	if (n->silence_us)
		n->silent_us += now_us - n->silence_us;
	n->silence_us = 0;
}

/**
 * clasp_ack_of_syn() - our SYN is acknowledged
 * @c: connection in SYN_SENT or SYN_RCVD, or that was closed in SYN_RCVD
 * @ack: acknowledgment number, iss + 1 or above
 * @now_us: the time
 */
void clasp_ack_of_syn(struct clasp_conn *c, u32 ack, u64 now_us)
{
	c->closed_early = false;
	clasp_keepalive_heard(c, now_us);
	count_answer(&clasp_annex(c)->counts, now_us);
	c->snd_una = c->iss + 1;
	c->lost_seq = c->snd_una;
	c->fack = c->snd_una;
	if (!c->retries && c->syn_us)
		sample(c, (u32)now_us - c->syn_us);
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

/* RFC 6298 §5.2 and §5.3 */
static void restart_timers(struct clasp_conn *c, u64 now_us)
{
	if (clasp_conn_flight(c))
		clasp_timer_set(c, CLASP_TIMER_RETRANSMIT,
				now_us + clasp_rto_interval(&c->rto));
	else
		clasp_timer_stop(c, CLASP_TIMER_RETRANSMIT);
	clasp_timer_stop(c, CLASP_TIMER_PROBE);
	c->probe_now = false;
}

static void take_new(struct clasp_conn *c, u32 ack, struct clasp_news *news)
{
	clasp_scoreboard_ack(c, ack, news);
	clasp_annex(c)->counts.bytes_acked += news->sample.acked;
	count_answer(&clasp_annex(c)->counts, news->sample.now_us);
	c->todo |= CLASP_TODO_ACKED;
	clasp_user_timeout_progress(c);
	clasp_plpmtu_acked(c);
	clasp_urgent_acked(c);
	c->retries = 0;
	c->dupacks = 0;
	c->soft_error = 0;
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
	if (!clasp_timer_runs(c, CLASP_TIMER_PERSIST) || !clasp_window_usable(c))
		return;

	c->probes = 0;
	clasp_timer_stop(c, CLASP_TIMER_PERSIST);
	c->probe_due = false;
	c->rto.backoff = 0;
}

/*
 * Has a segment left the network? Without SACK nobody knows which: the first
 * duplicates tell of one each (RFC 3042), and in recovery as many as were under
 * way when it began (RFC 5681 §3.2 step 4). What is said beyond is made up, or
 * about what was sent twice.
 */
static bool is_of_another_segment(const struct clasp_conn *c)
{
	if (c->sack_seen || c->belief == CLASP_BELIEF_LOSS)
		return false;
	if (c->belief == CLASP_BELIEF_RECOVERY)
		return c->prr.delivered < c->prr.flight;

	return c->dupacks <= CLASP_DUPACK_THRESHOLD;
}

/*
 * With SACK a duplicate tells of something new; else it is one of a segment
 * that the network doubled, or a D-SACK.
 */
static void take_duplicate(struct clasp_conn *c,
			   const struct clasp_segment *seg,
			   struct clasp_news *news)
{
	if ((c->sack_seen || seg->has & CLASP_HAS_SACK) &&
	    READ_ONCE(c->settings->sack) && !news->sample.delivered)
		return;

	clasp_annex(c)->counts.dupacks++;
	if (c->dupacks < U16_MAX)
		c->dupacks++;
	if (is_of_another_segment(c))
		clasp_scoreboard_duplicate(c, news);
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
	bool advances = seq_after(seg->ack, c->snd_una);
	bool duplicate = is_duplicate(c, seg);
	struct clasp_news news = {
		.sample.now_us		= now_us,
		.sample.prior_flight	= clasp_conn_in_flight(c),
		.sample.ece		= c->ecn_on && seg->flags & CLASP_ECE,
		.echo			= c->ts.on &&
					  seg->has & CLASP_HAS_TIMESTAMPS,
		.tsecr			= seg->tsecr,
	};

	c->cong.flight = clasp_conn_flight(c);
	if (advances)
		take_new(c, seg->ack, &news);
	if (seg->has & CLASP_HAS_SACK && READ_ONCE(c->settings->sack) &&
	    !seq_before(seg->ack, c->snd_una))
		clasp_scoreboard_sack(c, seg, &news);
	if (duplicate)
		take_duplicate(c, seg, &news);
	if (news.sample.ece)
		clasp_annex(c)->counts.delivered_ce += news.sample.delivered;

	if (measure(c, &news)) {
		sample(c, news.sample.rtt_us);
		/* Karn: an ACK that may be for either copy ends no backoff */
		c->rto.backoff = 0;
	}
	if (seq_after_eq(seg->ack, c->snd_una)) {
		clasp_recovery_ack(c, seg, &news);
		clasp_ecn_ack(c, seg);
		clasp_window_update(c, seg);
	}
	c->cong.flight = 0;
	if (advances) {
		restart_timers(c, now_us);
		fin_is_through(c, now_us);
	}
	peer_is_alive(c);
}
