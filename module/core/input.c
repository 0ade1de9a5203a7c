// SPDX-License-Identifier: GPL-2.0
/*
 * SEGMENT ARRIVES: RFC 9293 §3.10.7, in its order.
 *
 * With RFC 7323 §5 (PAWS, before the sequence check) and RFC 5961 (what a
 * stranger could have made up). SYN_SENT is §3.10.7.3; every later state takes
 * the eight steps of §3.10.7.4. LISTEN and the passive SYN_RCVD are embryo.c's,
 * TIME_WAIT is timewait.c's.
 *
 * The body calls clasp_input() once for each segment, puts the payload where
 * the answer says, and then asks output.c for what is to be sent.
 */
#include "input.h"
#include "ack.h"
#include "delack.h"
#include "ecn.h"
#include "event.h"
#include "keepalive.h"
#include "rcvtune.h"
#include "reasm.h"
#include "sack.h"
#include "seq.h"
#include "timer.h"
#include "urgent.h"
#include "window.h"

static bool drop(struct clasp_arrival *a, enum clasp_drop why)
{
	a->drop = why;
	return false;
}

/*
 * Answer a segment that cannot be right with an ACK that says what would be.
 * Rate-limited, so that two ends which disagree do not answer each other for
 * ever, and strangers learn little (RFC 5961 §7); but data and FIN outside of
 * the window are always answered: a sender whose ACK was lost waits for it.
 */
static void answer(struct clasp_conn *c, const struct clasp_segment *seg,
		   enum clasp_send why, u64 now_us)
{
	bool takes_room = clasp_segment_end_seq(seg) != seg->seq;
	bool data = takes_room && !(seg->flags & CLASP_SYN) &&
		    why != CLASP_SEND_ACK_CHALLENGE;
	u32 pause_ms = READ_ONCE(c->settings->challenge_ack_ms);
	u32 now_ms = clasp_stamp_ms(now_us);

	if (!data) {
		if (c->answered_ms && now_ms - c->answered_ms < pause_ms)
			return;
		c->answered_ms = now_ms;
	}

	clasp_delack_now(c, why);
}

/*
 * SYN_SENT, second to fourth: the peer's numbers become known.
 */
static void take_syn(struct clasp_conn *c, const struct clasp_segment *syn,
		     u64 now_us)
{
	c->irs = syn->seq;
	c->rcv_nxt = syn->seq + 1;
	c->rcv_wup = c->rcv_nxt;
	c->snd_wnd = syn->window;
	c->snd_wl1 = syn->seq;
	c->snd_wl2 = syn->flags & CLASP_ACK ? syn->ack : c->iss;
	c->max_snd_wnd = syn->window;
	clasp_conn_peer_mss(c, syn);
	clasp_ecn_take_syn(c, syn);

	/* RFC 7323 §3.2: in force when both SYNs carry it */
	c->ts.on = c->ts.on && syn->has & CLASP_HAS_TIMESTAMPS;
	if (c->ts.on)
		clasp_timestamps_take(&c->ts, syn->tsval, now_us);
}

/* RFC 9293 §3.10.7.3 */
static bool input_syn_sent(struct clasp_conn *c,
			   const struct clasp_segment *seg, u64 now_us,
			   struct clasp_arrival *a)
{
	bool ack = seg->flags & CLASP_ACK;

	/* first, the ACK: only our SYN can be acknowledged */
	if (ack && (seq_before_eq(seg->ack, c->iss) ||
		    seq_after(seg->ack, c->snd_nxt))) {
		a->reset = !(seg->flags & CLASP_RST);
		return drop(a, CLASP_DROP_SYN_SENT_ACK);
	}

	/* second, RST */
	if (seg->flags & CLASP_RST) {
		if (!ack)
			return drop(a, CLASP_DROP_SYN_SENT_RST);
		clasp_conn_fail(c, CLASP_ON_RCV_RST, ECONNREFUSED);
		return false;
	}

	/* fourth, SYN */
	if (!(seg->flags & CLASP_SYN))
		return drop(a, CLASP_DROP_SYN_SENT_OTHER);

	take_syn(c, seg, now_us);
	if (!ack) {
		/* simultaneous open: our SYN again, now with an ACK */
		clasp_conn_move(c, CLASP_ON_RCV_SYN);
		c->syn_why = CLASP_SEND_OPEN;
		return false;
	}

	clasp_ack_of_syn(c, seg->ack, now_us);
	clasp_conn_move(c, CLASP_ON_RCV_SYN_ACK);
	clasp_conn_start(c);
	/* who waits for data before it opens has not asked for an ACK */
	if (clasp_annex(c)->user.defer_accept && !seg->len)
		clasp_delack_later(c, now_us);
	else
		clasp_delack_now(c, CLASP_SEND_ACK_OPEN);

	return true;
}

/* Options in force, and PAWS: RFC 7323 §3.2 and §5.3 R1. */
static bool check_timestamps(struct clasp_conn *c,
			     const struct clasp_segment *seg, u64 now_us,
			     struct clasp_arrival *a)
{
	if (!c->ts.on || seg->flags & CLASP_RST)
		return true;

	if (!(seg->has & CLASP_HAS_TIMESTAMPS)) {
		if (seg->flags & CLASP_SYN)
			return true;
		return drop(a, CLASP_DROP_NO_TIMESTAMP);
	}

	if (clasp_timestamps_old(&c->ts, seg, now_us)) {
		answer(c, seg, CLASP_SEND_ACK_UNACCEPTABLE, now_us);
		return drop(a, CLASP_DROP_PAWS);
	}

	return true;
}

/*
 * First, the sequence number. Some of the segment must lie in the window; a
 * segment that begins at its right edge is let through too, for its ACK: the
 * peer has filled the window and that is where it stands. With a window of
 * zero this is the allowance for ACK, URG and RST of MUST-66, and takes a FIN.
 */
static bool check_sequence(struct clasp_conn *c,
			   const struct clasp_segment *seg, u64 now_us,
			   struct clasp_arrival *a)
{
	u32 end = clasp_segment_end_seq(seg);
	u32 edge = c->rcv_nxt + clasp_window_left(c);
	bool beyond = seq_after(seg->seq, edge);
	bool old = seq_before(end, c->rcv_nxt) ||
		   (end == c->rcv_nxt && end != seg->seq);

	if (seg->flags & CLASP_RST) {
		/* the edge itself is outside, unless it is RCV.NXT */
		if (seg->seq == edge && edge != c->rcv_nxt)
			beyond = true;
		return !beyond && !old ? true :
					 drop(a, CLASP_DROP_RST_OUTSIDE);
	}

	if (!beyond && !old)
		return true;

	if (seg->flags & CLASP_SYN) {
		/* RFC 5961 §4.2: wherever it lies */
		answer(c, seg, CLASP_SEND_ACK_CHALLENGE, now_us);
		return drop(a, CLASP_DROP_SYN_CHALLENGED);
	}

	answer(c, seg, CLASP_SEND_ACK_UNACCEPTABLE, now_us);
	if (old && end != seg->seq)
		clasp_sack_duplicate(c, seg->seq, end);

	return drop(a, beyond ? CLASP_DROP_OUT_OF_WINDOW : CLASP_DROP_OLD_DATA);
}

/* What the program is told: as TCP tells it (tcp(7)). */
static int reset_errno(const struct clasp_conn *c)
{
	switch (c->state) {
	case CLASP_SYN_RCVD:
		return ECONNREFUSED;
	case CLASP_CLOSE_WAIT:
		return EPIPE;
	default:
		return ECONNRESET;
	}
}

/* Second, RST: RFC 5961 §3.2, only at exactly RCV.NXT. */
static bool check_reset(struct clasp_conn *c, const struct clasp_segment *seg,
			u64 now_us, struct clasp_arrival *a)
{
	if (!(seg->flags & CLASP_RST))
		return true;

	if (seg->seq != c->rcv_nxt) {
		answer(c, seg, CLASP_SEND_ACK_CHALLENGE, now_us);
		return drop(a, CLASP_DROP_RST_INEXACT);
	}

	clasp_conn_fail(c, CLASP_ON_RCV_RST, reset_errno(c));

	return false;
}

/* Fourth, SYN: RFC 5961 §4.2. */
static bool check_syn(struct clasp_conn *c, const struct clasp_segment *seg,
		      u64 now_us, struct clasp_arrival *a)
{
	if (!(seg->flags & CLASP_SYN))
		return true;

	answer(c, seg, CLASP_SEND_ACK_CHALLENGE, now_us);

	return drop(a, CLASP_DROP_SYN_CHALLENGED);
}

/*
 * Fifth, SYN_RCVD: does it acknowledge our SYN? The program may have closed
 * meanwhile (FIN_WAIT_1), and its FIN be under way too.
 */
static bool check_ack_of_syn(struct clasp_conn *c,
			     const struct clasp_segment *seg, u64 now_us,
			     struct clasp_arrival *a)
{
	if (seq_before_eq(seg->ack, c->snd_una) ||
	    seq_after(seg->ack, c->snd_nxt)) {
		a->reset = true;
		return drop(a, CLASP_DROP_SYN_RCVD_ACK);
	}

	clasp_ack_of_syn(c, seg->ack, now_us);
	c->snd_wnd = seg->window;
	c->snd_wl1 = seg->seq;
	c->snd_wl2 = seg->ack;
	c->max_snd_wnd = max(c->max_snd_wnd, c->snd_wnd);
	clasp_conn_move(c, CLASP_ON_RCV_ACK_OF_SYN);
	clasp_conn_start(c);
	if (clasp_conn_flight(c))
		clasp_timer_set(c, CLASP_TIMER_RETRANSMIT,
				now_us + clasp_rto_interval(&c->rto));

	return true;
}

/* Fifth, the ACK: RFC 5961 §5. */
static bool check_ack(struct clasp_conn *c, const struct clasp_segment *seg,
		      u64 now_us, struct clasp_arrival *a)
{
	if (!(seg->flags & CLASP_ACK))
		return drop(a, CLASP_DROP_NO_ACK);

	if (clasp_conn_opening(c) && !check_ack_of_syn(c, seg, now_us, a))
		return false;

	if (seq_before(seg->ack, c->snd_una - c->max_snd_wnd)) {
		answer(c, seg, CLASP_SEND_ACK_CHALLENGE, now_us);
		return drop(a, CLASP_DROP_ACK_TOO_OLD);
	}
	if (seq_after(seg->ack, c->snd_nxt)) {
		answer(c, seg, CLASP_SEND_ACK_CHALLENGE, now_us);
		return drop(a, CLASP_DROP_ACK_UNSENT);
	}

	clasp_timestamps_note(&c->ts, seg, c->rcv_wup, now_us);
	clasp_keepalive_heard(c, now_us);
	clasp_ack_take(c, seg, now_us);

	return true;
}

/*
 * Seventh, the text: which octets of it are new and fit. Sets a->skip and
 * a->held; returns false when there is nothing to take.
 */
static bool trim_text(struct clasp_conn *c, const struct clasp_segment *seg,
		      u64 now_us, struct clasp_arrival *a)
{
	u32 seq = clasp_segment_text_seq(seg);
	u32 end = seq + seg->len;
	u32 edge = c->rcv_nxt + clasp_window_left(c);
	bool fin = seg->flags & CLASP_FIN;

	if (seq_before(seq, c->rcv_nxt))
		seq = seq_min(c->rcv_nxt, end);
	if (seq_after(end, edge)) {
		/* what lies behind the window comes again; so does the FIN */
		end = seq_max(edge, seq);
		fin = false;
	}

	a->skip = seq - clasp_segment_text_seq(seg);
	a->held = (struct clasp_held){ .seq = seq, .end_seq = end, .fin = fin };
	if (seq != end)
		return true;

	if (seg->len) {
		answer(c, seg, CLASP_SEND_ACK_UNACCEPTABLE, now_us);
		a->drop = CLASP_DROP_OUT_OF_WINDOW;
		if (a->skip) {
			clasp_sack_duplicate(c, clasp_segment_text_seq(seg), seq);
			a->drop = CLASP_DROP_OLD_DATA;
		}
	}

	return false;
}

static void take_next(struct clasp_conn *c, struct clasp_arrival *a, u64 now_us)
{
	u32 len = a->held.end_seq - a->held.seq;

	a->payload = CLASP_PAYLOAD_NEXT;
	c->rcv_nxt = a->held.end_seq;
	clasp_annex(c)->counts.bytes_received += len;
	clasp_sack_advance(c);
	clasp_delack_data(c, len, now_us);
	/* RFC 2883 §4: a part of it has come before */
	if (a->skip) {
		clasp_sack_duplicate(c, a->held.seq - a->skip, a->held.seq);
		clasp_delack_now(c, CLASP_SEND_ACK_NOW);
	}
	/* RFC 5681 §4.2: a gap filled, in part or whole */
	if (clasp_held_first(c))
		clasp_delack_gap(c);
	if (clasp_reasm_ready(c))
		c->todo |= CLASP_TODO_HELD;
}

/* Text, or a FIN alone: RFC 5681 §4.2, a gap, so a duplicate ACK at once. */
static void hold(struct clasp_conn *c, struct clasp_arrival *a)
{
	a->payload = CLASP_PAYLOAD_HOLD;
	clasp_annex(c)->counts.out_of_order++;
	clasp_sack_hold(c, &a->held);
	clasp_delack_gap(c);
}

/*
 * No room, whatever the window says: it has to come again. The window closes
 * only for what is next in order, since a reader will make room then. Behind a
 * gap it may be what waits that takes all of it, and then only what fills the
 * gap makes room: it must find the window open.
 */
static void no_room(struct clasp_conn *c, struct clasp_arrival *a)
{
	if (a->held.seq == c->rcv_nxt)
		clasp_window_exhausted(c);
	else
		clasp_delack_gap(c);
	a->held.fin = false;
	a->drop = CLASP_DROP_NO_ROOM;
}

/* It costs the body memory too, though it has no octet of text. */
static void hold_fin(struct clasp_conn *c, u32 room, struct clasp_arrival *a)
{
	if (room)
		hold(c, a);
	else
		no_room(c, a);
}

static void input_text(struct clasp_conn *c, const struct clasp_segment *seg,
		       u32 room, u64 now_us, struct clasp_arrival *a)
{
	u32 len;

	if (!clasp_conn_in(c, CLASP_IN_RECEIVING)) {
		a->drop = CLASP_DROP_AFTER_FIN;
		return;
	}

	len = a->held.end_seq - a->held.seq;
	if (len > room) {
		no_room(c, a);
		return;
	}

	clasp_rcvtune_data(c, seg, now_us);
	clasp_delack_measure(c, seg->len, seg->flags & CLASP_PSH);
	if (a->held.seq == c->rcv_nxt) {
		take_next(c, a, now_us);
		return;
	}

	hold(c, a);
}

/*
 * Data for a program that reads no more can only be refused: RFC 9293
 * §3.6.1 (the half-duplex close) and MUST-66's reset.
 */
static bool refuse_text(struct clasp_conn *c, const struct clasp_segment *seg,
			struct clasp_arrival *a)
{
	if (!c->rcv_closed || a->held.seq == a->held.end_seq ||
	    !clasp_conn_in(c, CLASP_IN(FIN_WAIT_1) | CLASP_IN(FIN_WAIT_2)))
		return false;

	clasp_conn_fail(c, CLASP_ON_ABORT, ECONNRESET);
	a->reset = true;
	a->drop = CLASP_DROP_AFTER_CLOSE;

	return true;
}

/**
 * clasp_input_fin() - the peer's FIN is next in sequence
 * @c: connection; rcv_nxt is the FIN's number
 * @now_us: the time
 *
 * RFC 9293 §3.10.7.4, eighth.
 */
void clasp_input_fin(struct clasp_conn *c, u64 now_us)
{
	if (!clasp_conn_move(c, CLASP_ON_RCV_FIN))
		return;

	c->rcv_nxt++;
	clasp_timer_stop(c, CLASP_TIMER_FIN_WAIT_2);
	c->todo |= CLASP_TODO_EOF;
	clasp_delack_now(c, CLASP_SEND_ACK_FIN);
}

/* Steps one to five of RFC 9293 §3.10.7.4: false when the segment ends here. */
static bool check(struct clasp_conn *c, const struct clasp_segment *seg,
		  u64 now_us, struct clasp_arrival *a)
{
	return check_timestamps(c, seg, now_us, a) &&
	       check_sequence(c, seg, now_us, a) &&
	       check_reset(c, seg, now_us, a) &&
	       check_syn(c, seg, now_us, a) &&
	       check_ack(c, seg, now_us, a);
}

/*
 * Figure 8 of RFC 9293 §3.5: in a simultaneous open the peer's SYN comes
 * again, with the ACK of ours. It counts as the ACK alone.
 */
static bool is_crossed_syn_ack(const struct clasp_conn *c,
			       const struct clasp_segment *seg)
{
	return clasp_conn_opening(c) && seg->seq == c->irs &&
	       c->state != CLASP_SYN_SENT &&
	       (seg->flags & (CLASP_SYN | CLASP_ACK | CLASP_RST)) ==
	       (CLASP_SYN | CLASP_ACK);
}

static void input_later(struct clasp_conn *c, const struct clasp_segment *seg,
			u32 room, u64 now_us, struct clasp_arrival *a)
{
	bool text;

	if (c->state == CLASP_SYN_SENT) {
		if (!input_syn_sent(c, seg, now_us, a))
			return;
	} else if (!check(c, seg, now_us, a)) {
		return;
	}

	if (c->state == CLASP_CLOSED || c->state == CLASP_TIME_WAIT)
		return;

	clasp_ecn_data(c, seg);

	clasp_urgent_input(c, seg, a);
	text = trim_text(c, seg, now_us, a);
	if (refuse_text(c, seg, a))
		return;
	if (text)
		input_text(c, seg, room, now_us, a);

	if (!(seg->flags & CLASP_FIN) || !a->held.fin)
		return;
	if (a->held.end_seq == c->rcv_nxt)
		clasp_input_fin(c, now_us);
	else if (a->payload == CLASP_PAYLOAD_NONE && !a->drop &&
		 clasp_conn_in(c, CLASP_IN_RECEIVING))
		hold_fin(c, room, a);
}

/**
 * clasp_input() - a segment arrives on a connection
 * @c: connection in any state but CLOSED, LISTEN and TIME_WAIT; the caller
 *	owns it
 * @seg: the segment, parsed, its checksum right
 * @room: payload that the body has memory for
 * @now_us: the time
 * @a: filled in: what to do with it
 *
 * Afterwards the body does what @a and c->todo say and asks
 * clasp_output_next().
 */
void clasp_input(struct clasp_conn *c, const struct clasp_segment *seg,
		 u32 room, u64 now_us, struct clasp_arrival *a)
{
	struct clasp_segment syn_ack;

	*a = (struct clasp_arrival){};
	clasp_annex(c)->counts.segs_in++;
	clasp_tell_in(c, seg);

	if (is_crossed_syn_ack(c, seg)) {
		syn_ack = *seg;
		syn_ack.flags &= ~CLASP_SYN;
		syn_ack.seq++;
		seg = &syn_ack;
	}

	input_later(c, seg, room, now_us, a);
	if (a->drop)
		clasp_tell_drop(c, seg, a->drop);
}
