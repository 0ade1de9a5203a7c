// SPDX-License-Identifier: GPL-2.0
/*
 * LISTEN and the passive SYN_RCVD: RFC 9293 §3.10.7.2 and §3.10.7.4.
 *
 * The listener itself never leaves LISTEN. Each SYN makes an embryo, which is
 * in SYN_RCVD; the ACK of its SYN ACK hatches a connection, which starts in
 * SYN_RCVD and takes that ACK like any other segment (input.c). Where RFC 9293
 * returns a passive connection to LISTEN, the embryo is forgotten.
 */
#include "embryo.h"
#include "defer.h"
#include "ecn.h"
#include "event.h"
#include "seq.h"

/**
 * clasp_listen_input() - a segment for a listener that no connection takes
 * @seg: the segment
 * @why: set when it is dropped
 *
 * RFC 9293 §3.10.7.2: RST, ACK, SYN, other.
 *
 * Return: CLASP_MINI_OPEN for a SYN; CLASP_MINI_RESET, CLASP_MINI_DROP.
 */
enum clasp_mini clasp_listen_input(const struct clasp_segment *seg,
				   enum clasp_drop *why)
{
	clasp_tell_in(NULL, seg);

	if (seg->flags & CLASP_RST) {
		*why = CLASP_DROP_LISTEN_RST;
		return CLASP_MINI_DROP;
	}
	if (seg->flags & CLASP_ACK) {
		*why = CLASP_DROP_LISTEN_ACK;
		return CLASP_MINI_RESET;
	}
	if (!(seg->flags & CLASP_SYN)) {
		*why = CLASP_DROP_LISTEN_OTHER;
		return CLASP_MINI_DROP;
	}

	return CLASP_MINI_OPEN;
}

/**
 * clasp_embryo_init() - remember a SYN
 * @e: filled in
 * @settings: the namespace's
 * @syn: the SYN. Text on it is not kept: the peer sends it again
 * @setup: what the body brings
 * @now_us: the time
 */
void clasp_embryo_init(struct clasp_embryo *e,
		       const struct clasp_settings *settings,
		       const struct clasp_segment *syn,
		       const struct clasp_embryo_setup *setup, u64 now_us)
{
	const struct clasp_transition *row;

	row = clasp_transition_find(CLASP_LISTEN, CLASP_ON_RCV_SYN);
	*e = (struct clasp_embryo){
		.iss		= setup->iss,
		.irs		= syn->seq,
		.snd_wnd	= syn->window,
		.rcv_wnd	= min(setup->rcv_wnd, CLASP_WINDOW_MAX),
		.adv_mss	= setup->adv_mss,
		.peer_mss	= syn->has & CLASP_HAS_MSS ? syn->mss :
							     setup->default_mss,
		.local_port	= syn->dest,
		.remote_port	= syn->source,
		.defer		= setup->defer,
		.state		= row->to,
		.ecn		= clasp_ecn_asked_for(settings, syn),
	};
	e->ts.offset = setup->ts_offset;
	e->ts.on = READ_ONCE(settings->timestamps) &&
		   syn->has & CLASP_HAS_TIMESTAMPS;
	if (e->ts.on)
		clasp_timestamps_take(&e->ts, syn->tsval, now_us);
	clasp_tell_state(NULL, row);
}

static void fill(const struct clasp_embryo *e, u64 now_us, u8 flags, u32 seq,
		 struct clasp_segment *seg)
{
	*seg = (struct clasp_segment){
		.source	= e->local_port,
		.dest	= e->remote_port,
		.seq	= seq,
		.ack	= e->irs + 1,
		.flags	= flags,
		.window	= e->rcv_wnd,
	};
	if (e->ts.on)
		clasp_timestamps_add(&e->ts, seg, now_us);
}

/**
 * clasp_embryo_syn_ack() - our SYN
 * @e: embryo; remembers when
 * @now_us: the time
 * @seg: filled in, to be sent
 */
void clasp_embryo_syn_ack(struct clasp_embryo *e, u64 now_us,
			  struct clasp_segment *seg)
{
	u8 ecn = e->ecn ? CLASP_ECE : 0;

	fill(e, now_us, CLASP_SYN | CLASP_ACK | ecn, e->iss, seg);
	seg->has |= CLASP_HAS_MSS;
	seg->mss = e->adv_mss;
	e->sent_us = now_us;
	clasp_tell_out(NULL, seg, e->retries ? CLASP_SEND_RTX_SYN :
					       CLASP_SEND_OPEN);
}

/**
 * clasp_embryo_ack() - the answer to CLASP_MINI_ACK
 * @e: embryo
 * @now_us: the time
 * @seg: filled in, to be sent
 */
void clasp_embryo_ack(const struct clasp_embryo *e, u64 now_us,
		      struct clasp_segment *seg)
{
	fill(e, now_us, CLASP_ACK, e->iss + 1, seg);
	clasp_tell_out(NULL, seg, CLASP_SEND_ACK_UNACCEPTABLE);
}

/* Answer what cannot be right, but not all of a flood. */
static enum clasp_mini answer(struct clasp_embryo *e,
			      const struct clasp_settings *settings,
			      enum clasp_mini how, u64 now_us)
{
	u64 pause_us = CLASP_MS(READ_ONCE(settings->challenge_ack_ms));

	if (e->answered_us && now_us - e->answered_us < pause_us)
		return CLASP_MINI_DROP;
	e->answered_us = now_us;

	return how;
}

static bool in_window(const struct clasp_embryo *e,
		      const struct clasp_segment *seg)
{
	u32 rcv_nxt = e->irs + 1;
	u32 edge = rcv_nxt + e->rcv_wnd;

	/* the edge is let in for its ACK alone, as input.c does */
	if (seg->flags & CLASP_RST && seg->seq == edge && e->rcv_wnd)
		return false;

	return seq_before_eq(seg->seq, edge) &&
	       seq_after_eq(clasp_segment_end_seq(seg), rcv_nxt) &&
	       seq_after_eq(seg->seq, rcv_nxt);
}

/* RFC 9293 §3.10.7.4 in its order, for a connection with nothing but a SYN. */
static enum clasp_mini input(struct clasp_embryo *e,
			     const struct clasp_settings *settings,
			     const struct clasp_segment *seg, u64 now_us,
			     enum clasp_drop *why)
{
	bool ts = seg->has & CLASP_HAS_TIMESTAMPS;

	/* the SYN again: our answer was lost, or is slow */
	if (seg->seq == e->irs &&
	    (seg->flags & (CLASP_SYN | CLASP_ACK | CLASP_RST)) == CLASP_SYN) {
		*why = CLASP_DROP_SYN_RCVD_SYN;
		/* RFC 3168 §6.1.1: who sends one SYN without it does not want it */
		e->ecn &= clasp_ecn_asked_for(settings, seg);
		return answer(e, settings, CLASP_MINI_SYN_ACK, now_us);
	}

	if (e->ts.on && !ts && !(seg->flags & (CLASP_SYN | CLASP_RST))) {
		*why = CLASP_DROP_NO_TIMESTAMP;
		return CLASP_MINI_DROP;
	}
	if (e->ts.on && ts && clasp_timestamps_old(&e->ts, seg, now_us)) {
		*why = CLASP_DROP_PAWS;
		return answer(e, settings, CLASP_MINI_ACK, now_us);
	}

	if (!in_window(e, seg)) {
		*why = CLASP_DROP_OUT_OF_WINDOW;
		if (!(seg->flags & CLASP_RST))
			return answer(e, settings, CLASP_MINI_ACK, now_us);
		*why = CLASP_DROP_RST_OUTSIDE;
		return CLASP_MINI_DROP;
	}

	if (seg->flags & CLASP_RST) {
		if (seg->seq == e->irs + 1)
			return CLASP_MINI_END;
		*why = CLASP_DROP_RST_INEXACT;
		return answer(e, settings, CLASP_MINI_ACK, now_us);
	}
	if (seg->flags & CLASP_SYN) {
		/* a stranger's guess must not end it: RFC 5961 §4.2 */
		*why = CLASP_DROP_SYN_CHALLENGED;
		return answer(e, settings, CLASP_MINI_ACK, now_us);
	}
	if (!(seg->flags & CLASP_ACK)) {
		*why = CLASP_DROP_NO_ACK;
		return CLASP_MINI_DROP;
	}
	if (seg->ack != e->iss + 1) {
		*why = CLASP_DROP_SYN_RCVD_ACK;
		return CLASP_MINI_RESET;
	}
	if (clasp_defer_holds(e, seg)) {
		e->acked = true;
		*why = CLASP_DROP_DEFERRED;
		return CLASP_MINI_DROP;
	}

	return CLASP_MINI_OPEN;
}

/**
 * clasp_embryo_input() - a segment for an embryo
 * @e: embryo; the caller owns it
 * @settings: the namespace's
 * @seg: the segment
 * @now_us: the time
 * @why: set unless the answer is to open or to end: why it goes no further
 *
 * On CLASP_MINI_OPEN the body makes a connection with clasp_embryo_hatch() and
 * gives it the segment; if it has no place for one, the embryo stays and the
 * peer asks again.
 *
 * Return: what to do.
 */
enum clasp_mini clasp_embryo_input(struct clasp_embryo *e,
				   const struct clasp_settings *settings,
				   const struct clasp_segment *seg, u64 now_us,
				   enum clasp_drop *why)
{
	enum clasp_mini todo = input(e, settings, seg, now_us, why);

	/* the connection that hatches tells of the segment itself */
	if (todo != CLASP_MINI_OPEN)
		clasp_tell_in(NULL, seg);

	return todo;
}

/**
 * clasp_embryo_wait() - how long to wait for the peer's ACK
 * @e: embryo
 *
 * Return: microseconds from the last SYN ACK on.
 */
u32 clasp_embryo_wait(const struct clasp_embryo *e)
{
	return min_t(u64, (u64)CLASP_RTO_INITIAL_US << min_t(u8, e->retries, 31),
		     CLASP_RTO_MAX_US);
}

/**
 * clasp_embryo_timeout() - the peer's ACK did not come
 * @e: embryo; the caller owns it
 * @settings: the namespace's
 *
 * Return: CLASP_MINI_SYN_ACK when that is to be sent again, CLASP_MINI_DROP to
 * wait on, CLASP_MINI_END to forget the embryo.
 */
enum clasp_mini clasp_embryo_timeout(struct clasp_embryo *e,
				     const struct clasp_settings *settings)
{
	u8 most = READ_ONCE(settings->synack_retries);
	enum clasp_mini todo = clasp_defer_timeout(e, most);

	if (todo != CLASP_MINI_END)
		e->retries++;

	return todo;
}

/**
 * clasp_embryo_hatch() - the peer has answered: a connection
 * @e: embryo
 * @c: connection, initialised; the body sets @path_mss, @burst and the buffer
 *	space. It is in SYN_RCVD, and waits for clasp_input() of the answer.
 */
void clasp_embryo_hatch(const struct clasp_embryo *e, struct clasp_conn *c)
{
	c->state = e->state;
	c->passive = true;
	c->local_port = e->local_port;
	c->remote_port = e->remote_port;

	c->iss = e->iss;
	c->snd_una = e->iss;
	c->snd_nxt = e->iss + 1;
	c->write_seq = e->iss + 1;
	c->snd_sml = e->iss;
	c->snd_up = e->iss;
	c->snd_wnd = e->snd_wnd;
	c->max_snd_wnd = e->snd_wnd;
	c->snd_wl1 = e->irs;
	c->snd_wl2 = e->iss;
	c->recover = e->iss;
	c->fack = e->iss;
	c->lost_seq = e->iss;

	c->irs = e->irs;
	c->rcv_nxt = e->irs + 1;
	c->rcv_wup = c->rcv_nxt;
	c->rcv_wnd = e->rcv_wnd;

	c->adv_mss = e->adv_mss;
	c->peer_mss = e->peer_mss;
	c->rcv_mss = min_t(u16, e->adv_mss, CLASP_MSS_DEFAULT_V4);
	c->ts = e->ts;
	c->retries = e->retries;
	c->ecn_on = e->ecn;
	c->syn_us = e->sent_us;
}
