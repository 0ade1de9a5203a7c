// SPDX-License-Identifier: GPL-2.0
/*
 * A connection's life outside of segments: opened, closed, aborted, failed.
 *
 * RFC 9293 §3.10.1 (OPEN), §3.10.4 (CLOSE), §3.10.5 (ABORT). The one function
 * that changes a state is clasp_conn_move().
 */
#include "conn.h"
#include "ecn.h"
#include "event.h"
#include "recovery.h"
#include "sack.h"
#include "seq.h"
#include "timer.h"
#include "urgent.h"

#define TIMESTAMPS_ROOM	12	/* 10 bytes, padded */

/**
 * clasp_conn_init() - a closed connection
 * @c: filled in, whatever it held, and its annex but for what the program has
 *	chosen
 * @settings: the namespace's; they outlive the connection
 *
 * The body sets the ports, @path_mss, @adv_mss, @burst and the buffer space
 * before it opens the connection.
 */
void clasp_conn_init(struct clasp_conn *c,
		     const struct clasp_settings *settings)
{
	struct clasp_annex *annex = clasp_annex(c);

	BUILD_BUG_ON(sizeof(*c) > CLASP_CONN_MOST);
	*annex = (struct clasp_annex){ .user = annex->user };
	*c = (struct clasp_conn){
		.settings	= settings,
		.cong_ops	= READ_ONCE(settings->congestion_control),
		.state		= CLASP_CLOSED,
		.peer_mss	= CLASP_MSS_DEFAULT_V4,
		.path_mss	= CLASP_MSS_DEFAULT_V4,
		.adv_mss	= CLASP_MSS_DEFAULT_V4,
		.rcv_mss	= CLASP_MSS_DEFAULT_V4,
	};
	clasp_rto_init(&c->rto);
}

static void stop_timers(struct clasp_conn *c)
{
	unsigned int i;

	for (i = 0; i < CLASP_TIMER_MAX; i++)
		clasp_timer_stop(c, i);
}

/**
 * clasp_conn_move() - change the state, as the table says
 * @c: connection; the caller owns it
 * @move: what happens to it
 *
 * Return: false when nothing happens in the state it is in.
 */
bool clasp_conn_move(struct clasp_conn *c, enum clasp_move move)
{
	const struct clasp_transition *row;

	row = clasp_transition_find(c->state, move);
	if (!row)
		return false;

	c->state = row->to;
	c->todo |= CLASP_TODO_STATE;
	if (row->to == CLASP_CLOSED)
		stop_timers(c);
	clasp_tell_state(c, row);

	return true;
}

/**
 * clasp_conn_fail() - the connection ends against the program's will
 * @c: connection; the caller owns it
 * @move: what ended it
 * @error: errno for the program, positive
 */
void clasp_conn_fail(struct clasp_conn *c, enum clasp_move move, int error)
{
	if (!clasp_conn_move(c, move))
		return;

	c->error = error;
	c->ack_why = 0;
	c->syn_why = 0;
	c->todo |= CLASP_TODO_ERROR;
}

/**
 * clasp_conn_connect() - active open
 * @c: closed connection, set up by the body
 * @iss: from clasp_isn()
 * @ts_offset: unpredictable number that shifts our timestamps
 *
 * The SYN is then what clasp_output_next() gives first.
 */
void clasp_conn_connect(struct clasp_conn *c, u32 iss, u32 ts_offset)
{
	c->iss = iss;
	c->snd_una = iss;
	c->snd_nxt = iss;
	c->write_seq = iss + 1;
	c->snd_sml = iss;
	c->snd_up = iss;
	c->recover = iss;
	c->fack = iss;
	c->lost_seq = iss;
	c->ts.offset = ts_offset;
	c->ts.on = READ_ONCE(c->settings->timestamps);
	c->ecn_asking = READ_ONCE(c->settings->ecn) == CLASP_ECN_ASK;
	c->rcv_mss = min_t(u16, c->adv_mss, CLASP_MSS_DEFAULT_V4);
	c->syn_why = CLASP_SEND_OPEN;
	clasp_conn_move(c, CLASP_ON_CONNECT);
}

/**
 * clasp_conn_start() - the connection is established: both ends know all
 * @c: connection that has just left SYN_SENT or SYN_RCVD
 */
void clasp_conn_start(struct clasp_conn *c)
{
	c->retries = 0;
	c->rto.backoff = 0;
	clasp_timer_stop(c, CLASP_TIMER_RETRANSMIT);
	c->soft_error = 0;
	clasp_plpmtu_start(c);
	clasp_delack_start(c);
	clasp_ecn_start(c);
	clasp_cong_start(c);
}

/**
 * clasp_conn_close() - the program sends no more
 * @c: connection; the caller owns it
 * @now_us: the time
 *
 * The FIN follows the last octet written. Before the SYN was answered there is
 * nothing to close and nothing is sent.
 */
void clasp_conn_close(struct clasp_conn *c, u64 now_us)
{
	bool early = c->state == CLASP_SYN_RCVD;

	if (c->fin_wanted || !clasp_conn_move(c, CLASP_ON_CLOSE))
		return;

	if (c->state == CLASP_CLOSED)
		return;
	c->fin_wanted = true;
	c->closed_early = early;
}

/**
 * clasp_conn_fin_wait_2() - an orphan waits for the peer's FIN
 * @c: connection in FIN_WAIT_2; the caller owns it
 * @now_us: the time
 *
 * RFC 9293 would wait for ever (§3.6). CLASP_LINGER2 says how long, or that
 * the peer is rather to see a RST.
 */
void clasp_conn_fin_wait_2(struct clasp_conn *c, u64 now_us)
{
	u64 wait_us = CLASP_MS(READ_ONCE(c->settings->fin_timeout_ms));
	s16 linger2_s = clasp_annex(c)->user.linger2_s;

	if (linger2_s < 0) {
		clasp_conn_abort(c, CLASP_SEND_RESET_ABORT);
		return;
	}
	if (linger2_s)
		wait_us = (u64)linger2_s * USEC_PER_SEC;
	clasp_timer_set(c, CLASP_TIMER_FIN_WAIT_2, now_us + wait_us);
}

/**
 * clasp_conn_orphan() - no program holds the connection any more
 * @c: connection that clasp_conn_close() was called on
 * @now_us: the time
 *
 * What still arrives has no reader: it is answered with RST. FIN_WAIT_2 no
 * longer waits for ever.
 */
void clasp_conn_orphan(struct clasp_conn *c, u64 now_us)
{
	c->orphan = true;
	c->rcv_closed = true;
	if (c->state == CLASP_FIN_WAIT_2)
		clasp_conn_fin_wait_2(c, now_us);
}

/**
 * clasp_conn_abort() - end it at once, and tell the peer with a RST
 * @c: connection; the caller owns it
 * @why: CLASP_SEND_RESET_*
 *
 * RFC 9293 §3.10.5: a RST is sent in the states where the peer knows us; the
 * body sends it with clasp_output_next() and may then free the connection.
 */
void clasp_conn_abort(struct clasp_conn *c, enum clasp_send why)
{
	bool known = clasp_conn_in(c, CLASP_IN(SYN_RCVD) |
				      CLASP_IN(ESTABLISHED) |
				      CLASP_IN(FIN_WAIT_1) |
				      CLASP_IN(FIN_WAIT_2) |
				      CLASP_IN(CLOSE_WAIT));

	if (!clasp_conn_move(c, CLASP_ON_ABORT))
		return;

	c->ack_why = 0;
	c->syn_why = 0;
	if (known)
		c->reset_why = why;
}

/**
 * clasp_conn_peer_mss() - what a SYN says of the peer's segments
 * @c: connection; @peer_mss holds the default for its IP version (MUST-15)
 * @syn: the SYN
 */
void clasp_conn_peer_mss(struct clasp_conn *c, const struct clasp_segment *syn)
{
	if (syn->has & CLASP_HAS_MSS)
		c->peer_mss = syn->mss;
}

/**
 * clasp_conn_path_mss() - the path's MTU is known, or has changed
 * @c: connection; the caller owns it
 * @path_mss: MTU less the fixed IP and Clasp headers
 *
 * What is under way in segments that no longer fit was lost: send it again.
 */
void clasp_conn_path_mss(struct clasp_conn *c, u16 path_mss)
{
	u32 before = clasp_conn_mss(c);

	path_mss = max_t(u16, path_mss, CLASP_MSS_MIN);
	c->path_mss = clasp_plpmtu_route(c, path_mss);
	if (clasp_conn_mss(c) < before && clasp_conn_in(c, CLASP_IN_FLUSHING))
		clasp_recovery_mtu(c);
}

/**
 * clasp_conn_mss() - payload of a full segment
 * @c: connection
 *
 * The smallest of what the peer takes, the path takes and the program wants
 * (MUST-16), less the options that go with each segment.
 *
 * Return: bytes, never 0.
 */
u32 clasp_conn_mss(const struct clasp_conn *c)
{
	u32 mss = min(c->peer_mss, c->path_mss) - clasp_sack_room(c) -
		  clasp_urgent_room(c);

	if (c->user_mss)
		mss = min_t(u32, mss, c->user_mss);
	if (c->ts.on)
		mss -= TIMESTAMPS_ROOM;

	return mss;
}

/**
 * clasp_conn_icmp_current() - is an ICMP error about something under way?
 * @c: connection
 * @seq: sequence number that the error quotes
 *
 * RFC 5927 §4: what is not in flight was made up, or is old.
 */
bool clasp_conn_icmp_current(const struct clasp_conn *c, u32 seq)
{
	return seq_after_eq(seq, c->snd_una) && seq_before(seq, c->snd_nxt);
}

/**
 * clasp_conn_icmp_error() - the network could not deliver
 * @c: connection; the error is current
 * @error: errno, positive
 * @hard: of a kind that may end an opening connection
 *
 * RFC 9293 §3.9.2.2 and RFC 5927 §5: hard errors end a connection that is not
 * yet synchronized; after that all errors are soft (MUST-56), and are reported
 * if the connection comes to nothing (MUST-47).
 */
void clasp_conn_icmp_error(struct clasp_conn *c, int error, bool hard)
{
	if (hard && clasp_conn_in(c, CLASP_IN(SYN_SENT) | CLASP_IN(SYN_RCVD)))
		clasp_conn_fail(c, CLASP_ON_ICMP_ERROR, error);
	else
		c->soft_error = error;
}
