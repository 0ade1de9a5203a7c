// SPDX-License-Identifier: GPL-2.0
/*
 * What to send next, and with which header.
 *
 * RFC 9293 §3.8 and §3.10.2. After anything that could let a segment leave,
 * the body calls clasp_output_next() until there is none, sends each and says
 * so with clasp_output_sent(), and sets its one timer to clasp_output_wake().
 * The order in clasp_output_next() is the order of importance.
 */
#include "output.h"
#include "delack.h"
#include "ecn.h"
#include "event.h"
#include "keepalive.h"
#include "nagle.h"
#include "persist.h"
#include "probe.h"
#include "prr.h"
#include "recovery.h"
#include "sack.h"
#include "scoreboard.h"
#include "seq.h"
#include "timeout.h"
#include "timer.h"
#include "urgent.h"
#include "usertimeout.h"
#include "window.h"

static void fill(struct clasp_conn *c, struct clasp_tx *tx, u8 flags, u32 seq,
		 u64 now_us)
{
	tx->segment = (struct clasp_segment){
		.source	= c->local_port,
		.dest	= c->remote_port,
		.seq	= seq,
		.flags	= flags,
		.window	= clasp_window_offer(c),
		.len	= tx->len,
	};
	if (flags & CLASP_ACK)
		tx->segment.ack = c->rcv_nxt;
	if ((flags & (CLASP_ACK | CLASP_SYN)) == CLASP_ACK)
		tx->segment.flags |= clasp_ecn_echo(c);
	if (c->ts.on)
		clasp_timestamps_add(&c->ts, &tx->segment, now_us);
	if ((flags & (CLASP_ACK | CLASP_SYN)) == CLASP_ACK) {
		clasp_sack_add(c, &tx->segment, tx->sack);
		clasp_urgent_add(c, &tx->segment);
	}
}

static bool next_reset(struct clasp_conn *c, struct clasp_tx *tx)
{
	if (!c->reset_why)
		return false;

	tx->why = c->reset_why;
	/* docs/protocol.md §3: no options, and nothing to offer */
	tx->segment = (struct clasp_segment){
		.source	= c->local_port,
		.dest	= c->remote_port,
		.seq	= c->snd_nxt,
		.ack	= c->rcv_nxt,
		.flags	= CLASP_RST | CLASP_ACK,
	};

	return true;
}

static bool next_syn(struct clasp_conn *c, struct clasp_tx *tx, u64 now_us)
{
	u8 flags = CLASP_SYN | clasp_ecn_of_syn(c);

	if (!c->syn_why)
		return false;

	if (c->state != CLASP_SYN_SENT)
		flags |= CLASP_ACK;
	tx->why = c->syn_why;
	fill(c, tx, flags, c->iss, now_us);
	tx->segment.has |= CLASP_HAS_MSS;
	tx->segment.mss = c->adv_mss;

	return true;
}

/* A FIN rides on the segment that ends what the program wrote. */
static u8 last_flags(const struct clasp_conn *c, u32 end_seq, bool push)
{
	u8 flags = CLASP_ACK;

	if (push || end_seq == c->write_seq)
		flags |= CLASP_PSH;	/* MUST-60, MUST-61 */
	if (c->fin_wanted && end_seq == c->write_seq)
		flags |= CLASP_FIN;

	return flags;
}

static bool next_fin(struct clasp_conn *c, struct clasp_tx *tx,
		     enum clasp_send why, u64 now_us)
{
	tx->why = why;
	fill(c, tx, CLASP_FIN | CLASP_ACK, c->write_seq, now_us);

	return true;
}

/* What the body can take, and what may leave without a pause. */
static u32 most_at_once(const struct clasp_conn *c)
{
	return min(max(clasp_conn_mss(c), c->burst), clasp_pace_quantum(c));
}

/* Whole segments of a range: the rest of it is cut off, if there is memory. */
static u32 whole_segments(struct clasp_conn *c, struct clasp_sent *sent,
			  u32 from, u32 len, u32 mss)
{
	if (len == sent->end_seq - from)
		return len;

	len -= len % mss;
	if (!len || !clasp_sent_split(c, sent, from + len))
		return 0;

	return len;
}

static bool repeat(struct clasp_conn *c, struct clasp_tx *tx, u32 from,
		   u64 now_us)
{
	u32 end = from + tx->len;
	u8 flags;

	tx->skip = from - tx->sent->seq;
	flags = last_flags(c, end, tx->sent->push && end == tx->sent->end_seq);
	if (!clasp_conn_fin_sent(c))
		flags &= ~CLASP_FIN;
	fill(c, tx, flags, from, now_us);

	return true;
}

/* What is held lost, oldest first. */
static bool next_lost(struct clasp_conn *c, struct clasp_tx *tx, u64 now_us)
{
	struct clasp_sent *sent = clasp_scoreboard_next(c);
	u32 from, len;

	if (!sent)
		return c->fin_lost &&
		       next_fin(c, tx, CLASP_SEND_RTX_FIN, now_us);

	from = seq_max(sent->seq, c->snd_una);
	tx->mss = clasp_conn_mss(c);
	len = min3(sent->end_seq - from, most_at_once(c), clasp_cong_quota(c));
	if (!len || clasp_pace_holds(c, now_us))
		return false;
	tx->len = whole_segments(c, sent, from, len, tx->mss);
	if (!tx->len)
		return false;

	tx->why = c->rtx_why;
	tx->sent = sent;

	return repeat(c, tx, from, now_us);
}

/* RFC 8985 §7.3: new data if there is any (see next_new()), else the last. */
static bool next_tail(struct clasp_conn *c, struct clasp_tx *tx, u64 now_us)
{
	u32 from;

	if (!c->probe_now ||
	    (clasp_unsent_first(c) && clasp_window_usable(c)))
		return false;

	tx->sent = clasp_probe_repeat(c);
	if (!tx->sent || tx->sent->marks & CLASP_SENT_SACKED) {
		tx->sent = NULL;
		c->probe_now = false;
		return !clasp_sent_first(c) && clasp_conn_fin_sent(c) &&
		       next_fin(c, tx, CLASP_SEND_RTX_PROBE, now_us);
	}

	from = seq_max(tx->sent->seq, c->snd_una);
	tx->why = CLASP_SEND_RTX_PROBE;
	tx->mss = clasp_conn_mss(c);
	tx->len = tx->sent->end_seq - from;

	return repeat(c, tx, from, now_us);
}

/* A probe tells nothing new, so that it is answered with an ACK and no more. */
static bool next_probe(struct clasp_conn *c, struct clasp_tx *tx, u64 now_us)
{
	if (!c->probe_due && !c->keepalive_due)
		return false;

	tx->why = c->probe_due ? CLASP_SEND_PROBE_WINDOW :
				 CLASP_SEND_PROBE_KEEPALIVE;
	fill(c, tx, CLASP_ACK, c->snd_una - 1, now_us);

	return true;
}

static bool fin_is_due(const struct clasp_conn *c)
{
	return c->fin_wanted && c->snd_nxt == c->write_seq;
}

/* A tail loss probe is not held back by the window that it asks about. */
static u32 new_quota(const struct clasp_conn *c)
{
	u32 quota = clasp_cong_quota(c);

	return c->probe_now ? max(quota, clasp_conn_mss(c)) : quota;
}

static bool next_new(struct clasp_conn *c, struct clasp_tx *tx, u64 now_us)
{
	struct clasp_sent *sent = clasp_unsent_first(c);
	u32 queued, allowed;

	if (!clasp_conn_in(c, CLASP_IN_FLUSHING))
		return false;
	if (!sent)
		return fin_is_due(c) &&
		       next_fin(c, tx, CLASP_SEND_FIN, now_us);

	if (!clasp_conn_flight(c))
		clasp_cong_restart(c, now_us);
	queued = sent->end_seq - sent->seq;
	tx->mss = clasp_conn_mss(c);
	allowed = min3(clasp_window_usable(c), new_quota(c), queued);
	tx->len = clasp_plpmtu_wants(c, allowed, now_us);
	if (tx->len)
		tx->mss = tx->len;
	else
		tx->len = clasp_nagle_trim(c, min(allowed, most_at_once(c)),
					   queued, clasp_unsent_more(c, sent));
	if (tx->len && clasp_pace_holds(c, now_us))
		tx->len = 0;
	if (!tx->len)
		return false;

	tx->why = CLASP_SEND_NEW_DATA;
	tx->sent = sent;
	tx->fresh = true;
	fill(c, tx, last_flags(c, sent->seq + tx->len,
			       sent->push && tx->len == queued),
	     sent->seq, now_us);
	clasp_ecn_mark(c, &tx->segment);

	return true;
}

/* MUST-66: news of urgent data does not wait for a window, as the data does. */
static bool next_urgent(struct clasp_conn *c, struct clasp_tx *tx, u64 now_us)
{
	if (!c->urgent_due || !clasp_urgent_unsent(c) ||
	    !clasp_conn_in(c, CLASP_IN_FLUSHING))
		return false;

	tx->why = CLASP_SEND_URGENT;
	fill(c, tx, CLASP_ACK, c->snd_nxt, now_us);

	return true;
}

static bool next_ack(struct clasp_conn *c, struct clasp_tx *tx, u64 now_us)
{
	if (!c->ack_why)
		return false;

	tx->why = c->ack_why;
	fill(c, tx, CLASP_ACK, c->snd_nxt, now_us);

	return true;
}

/**
 * clasp_output_next() - what to send now
 * @c: connection; the caller owns it, and has told clasp_window_space()
 * @now_us: the time
 * @tx: filled in
 *
 * Asks again for the same until clasp_output_sent() says that it left.
 *
 * Return: false when there is nothing to send.
 */
bool clasp_output_next(struct clasp_conn *c, u64 now_us, struct clasp_tx *tx)
{
	memset(tx, 0, offsetof(struct clasp_tx, sack));

	if (next_reset(c, tx))
		return true;
	if (clasp_conn_in(c, CLASP_IN(CLOSED) | CLASP_IN(LISTEN)))
		return false;
	if (next_syn(c, tx, now_us))
		return true;
	if (c->state == CLASP_SYN_SENT)
		return false;
	/* a D-SACK goes by itself: see clasp_sack_add() */
	if (c->dsack.start != c->dsack.end && next_ack(c, tx, now_us))
		return true;

	return next_lost(c, tx, now_us) || next_tail(c, tx, now_us) ||
	       next_probe(c, tx, now_us) || next_new(c, tx, now_us) ||
	       next_urgent(c, tx, now_us) || next_ack(c, tx, now_us);
}

static void count(struct clasp_conn *c, const struct clasp_tx *tx)
{
	u32 segments = tx->len ? DIV_ROUND_UP(tx->len, tx->mss) : 1;
	struct clasp_counts *counts = &clasp_annex(c)->counts;

	counts->segs_out += segments;
	if (clasp_send_is_rtx(tx->why)) {
		counts->rtx += segments;
		counts->bytes_rtx += tx->len;
	} else {
		counts->bytes_sent += tx->len;
	}
}

/* The number behind the last that the transmission took. */
static u32 end_of(const struct clasp_tx *tx)
{
	return clasp_segment_end_seq(&tx->segment);
}

/* RFC 4821 §7.6: the gap that it left, if any, is not congestion's. */
static bool was_mtu_probe(const struct clasp_tx *tx)
{
	return tx->sent && tx->sent->marks & CLASP_SENT_PROBE;
}

static void sent_again(struct clasp_conn *c, const struct clasp_tx *tx,
		       u64 now_us)
{
	if (tx->sent) {
		clasp_rate_sent(c, tx->sent, now_us);
		tx->sent->mss = tx->mss;
		clasp_recovery_sent(c, tx->sent, tx->len, now_us);
	}
	clasp_plpmtu_resent(c, tx->segment.seq, end_of(tx), now_us);
	if (tx->segment.flags & CLASP_FIN)
		c->fin_lost = false;
	if (tx->why == CLASP_SEND_RTX_PROBE)
		clasp_probe_sent(c, !was_mtu_probe(tx));
	/* a fast retransmission is given a whole timeout */
	else if (c->belief == CLASP_BELIEF_RECOVERY)
		clasp_timer_stop(c, CLASP_TIMER_RETRANSMIT);
}

static void sent_new(struct clasp_conn *c, const struct clasp_tx *tx,
		     u64 now_us)
{
	if (tx->sent) {
		clasp_rate_sent(c, tx->sent, now_us);
		tx->sent->sent_us = now_us;
		tx->sent->mss = tx->mss;
		clasp_order_add(c, tx->sent);
		if (clasp_conn_reducing(c))
			clasp_prr_sent(c, tx->len);
	}
	if (tx->mss > clasp_conn_mss(c)) {
		clasp_plpmtu_sent(c, end_of(tx));
		tx->sent->marks |= CLASP_SENT_PROBE;
	} else if (tx->len % clasp_conn_mss(c)) {
		c->snd_sml = tx->segment.seq + tx->len;
	}
	if (tx->len)
		clasp_delack_answered(c, now_us);
	c->snd_nxt = end_of(tx);
	if (c->probe_now)
		clasp_probe_sent(c, false);
	clasp_timer_stop(c, CLASP_TIMER_PROBE);
	clasp_cong_sent(c, now_us);
	if (tx->len)
		clasp_ecn_sent_new(c);
	c->override = false;
}

/**
 * clasp_output_sent() - what clasp_output_next() gave has left
 * @c: connection; the caller owns it
 * @tx: as it was given
 * @now_us: the time
 *
 * Left means handed on: if the network drops it, that is a loss like any
 * other. When it could not be built for want of memory the body does not call
 * this, and asks again when clasp_output_wake() says.
 */
void clasp_output_sent(struct clasp_conn *c, const struct clasp_tx *tx,
		       u64 now_us)
{
	u8 flags = tx->segment.flags;

	count(c, tx);
	clasp_pace_sent(c, tx->len, now_us);
	clasp_urgent_sent(c, &tx->segment);
	clasp_tell_out(c, &tx->segment, tx->why);

	if (flags & CLASP_RST) {
		c->reset_why = 0;
		return;
	}
	if (flags & CLASP_ACK) {
		clasp_delack_sent(c);
		if (!tx->len)
			clasp_sack_sent(c);
	}

	if (flags & CLASP_SYN) {
		c->syn_why = 0;
		c->syn_us = (u32)now_us ?: 1;
		/* a FIN may have left already: RFC 9293 §3.10.4, SYN_RCVD */
		c->snd_nxt = seq_max(c->snd_nxt, c->iss + 1);
	} else if (clasp_send_is_rtx(tx->why)) {
		sent_again(c, tx, now_us);
	} else if (tx->why == CLASP_SEND_PROBE_WINDOW) {
		c->probe_due = false;
		return;
	} else if (tx->why == CLASP_SEND_PROBE_KEEPALIVE) {
		c->keepalive_due = false;
		return;
	} else if (end_of(tx) != tx->segment.seq) {
		sent_new(c, tx, now_us);
	} else {
		return;
	}

	/* RFC 6298 §5.1: something waits for its acknowledgment */
	clasp_timer_stop(c, CLASP_TIMER_PERSIST);
	if (!clasp_timer_runs(c, CLASP_TIMER_RETRANSMIT))
		clasp_timer_set(c, CLASP_TIMER_RETRANSMIT,
				now_us + clasp_rto_interval(&c->rto));
}

/* Less than a segment is left to send, though more would fit the window. */
static bool is_app_limited(const struct clasp_conn *c)
{
	const struct clasp_sent *sent = clasp_unsent_first(c);
	u32 mss = clasp_conn_mss(c);

	return (!sent || sent->end_seq - sent->seq < mss) &&
	       c->lost <= c->again && clasp_cong_quota(c) >= mss;
}

/**
 * clasp_output_wake() - when the connection wants clasp_timeout()
 * @c: connection that has nothing to send now; the caller owns it
 * @now_us: the time
 *
 * Something that waits for the peer's window, or for memory, while nothing is
 * under way that will be acknowledged, is the persist timer's: no connection
 * with something to send is ever without a timer (MUST-60).
 *
 * Return: a time, or 0 for never.
 */
u64 clasp_output_wake(struct clasp_conn *c, u64 now_us)
{
	bool waiting = clasp_unsent_first(c) || fin_is_due(c) ||
		       c->lost > c->again || c->fin_lost || c->ack_why ||
		       c->syn_why;
	enum clasp_timer next;

	/* in TIME_WAIT the clock is the mini-socket's (timewait.c) */
	if (clasp_conn_in(c, CLASP_IN(CLOSED) | CLASP_IN(LISTEN) |
			     CLASP_IN(TIME_WAIT)))
		return 0;
	if (waiting && !clasp_timer_runs(c, CLASP_TIMER_RETRANSMIT) &&
	    !clasp_timer_runs(c, CLASP_TIMER_PACE))
		clasp_persist_start(c, now_us);
	if (is_app_limited(c))
		clasp_rate_limited(c);
	clasp_user_timeout_arm(c, clasp_conn_flight(c) || waiting, now_us);
	clasp_keepalive_arm(c, now_us);
	clasp_probe_arm(c, now_us);

	next = clasp_timeout_next(c, now_us);

	return next < CLASP_TIMER_MAX ? clasp_timer_at(c, next, now_us) : 0;
}

/**
 * clasp_output_goal() - how long a range of the send queue should become
 * @c: connection
 *
 * Return: bytes, whole full segments, as many as one transmission takes.
 */
u32 clasp_output_goal(const struct clasp_conn *c)
{
	u32 mss = clasp_conn_mss(c);

	return max(c->burst - c->burst % mss, mss);
}
