/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connection, as the protocol sees it.
 *
 * The body embeds one in its socket and owns it: whoever calls the core holds
 * what protects the connection (in the kernel the socket's lock). The core
 * asks nothing back: it changes the struct, and says in @todo what the body
 * has to do about it.
 */
#ifndef CLASP_CORE_CONN_H
#define CLASP_CORE_CONN_H

#include "base.h"
#include "cong.h"
#include "delack.h"
#include "pace.h"
#include "plpmtu.h"
#include "rate.h"
#include "rcvtune.h"
#include "reason.h"
#include "rto.h"
#include "segment.h"
#include "seq.h"
#include "settings.h"
#include "state.h"
#include "timestamps.h"

/*
 * A connection's clocks: timer.h. Of retransmit and persist only one runs at a
 * time, of probe (tail loss) and reorder (RACK) too.
 */
#define CLASP_TIMERS(X)							       \
	X(RETRANSMIT,	"retransmit")					       \
	X(PERSIST,	"persist")					       \
	X(PROBE,	"probe")					       \
	X(REORDER,	"reorder")					       \
	X(DELACK,	"delack")					       \
	X(FIN_WAIT_2,	"finwait2")					       \
	X(KEEPALIVE,	"keepalive")					       \
	X(USER_TIMEOUT,	"usertimeout")					       \
	X(PACE,		"pace")

enum clasp_timer {
#define X(name, text) CLASP_TIMER_##name,
	CLASP_TIMERS(X)
#undef X
	CLASP_TIMER_MAX,
};

/* What the body has to look at after a call. */
enum {
	CLASP_TODO_ACKED	= 0x01,	/* sent ranges below snd_una are done */
	CLASP_TODO_HELD		= 0x02,	/* clasp_reasm_pull() has something */
	CLASP_TODO_STATE	= 0x04,	/* @state has changed */
	CLASP_TODO_EOF		= 0x08,	/* the peer's FIN was taken */
	CLASP_TODO_ERROR	= 0x10,	/* @error tells the program why */
	CLASP_TODO_ROUTE	= 0x20,	/* R1: the route may be dead */
};

/* What has become of a sent range. */
enum {
	CLASP_SENT_SACKED	= 0x01,	/* the peer holds it behind a gap */
	CLASP_SENT_LOST		= 0x02,	/* held lost */
	CLASP_SENT_AGAIN	= 0x04,	/* sent again, and that is under way */
	CLASP_SENT_TWICE	= 0x08,	/* was ever sent again (Karn) */
	CLASP_SENT_PROBE	= 0x10,	/* it probes the path's MTU: plpmtu.c */
};

/**
 * struct clasp_sent - a range of the send queue, as the core sees it
 * @sent_us: when it was sent last
 * @seq: first octet
 * @end_seq: octet behind the last; grows only while nothing of it is sent
 * @delivered: for rate.c: bytes delivered when it was sent, P.delivered
 * @delivered_us: when they were, P.delivered_time, low bits
 * @first_sent_us: when that flight began, P.first_send_time, low bits
 * @lost: bytes found lost until then
 * @flight: bytes in flight with it; until it has arrived
 * @run: of a SACKED one: all is up to here, at least
 * @app_limited: the program had less to send than the path would have taken
 * @mss: payload of the segments that it left in
 * @marks: CLASP_SENT_*
 * @push: the program's write ends here
 * @body: CLASP_SENT_* of clasp_body.h, which the core does not look at
 *
 * A range is wholly unsent, or wholly sent, and what @marks says is true of
 * each octet of it that is not acknowledged: it is cut where that would not be
 * so, but between segments only. Lists and trees of ranges are the body's; see
 * clasp_body.h.
 */
struct clasp_sent {
	u64	sent_us;
	u32	seq;
	u32	end_seq;
	u32	delivered;
	u32	delivered_us;
	u32	first_sent_us;
	u32	lost;
	union {
		u32	flight;
		u32	run;
	};
	u16	mss;
	u8	marks;
	bool	app_limited;
	bool	push;
	u8	body;
};

/* What a sender believes of its path. */
enum clasp_belief {
	CLASP_BELIEF_GOOD,	/* nothing is lost */
	CLASP_BELIEF_CWR,	/* congested: the window is being reduced */
	CLASP_BELIEF_RECOVERY,	/* something is lost, the rest arrives */
	CLASP_BELIEF_LOSS,	/* nobody answered: all of it is lost */
};

/**
 * struct clasp_held - a received range that waits behind a gap
 * @seq: first octet
 * @end_seq: octet behind the last; the FIN is not counted
 * @fin: the peer's FIN follows it
 */
struct clasp_held {
	u32	seq;
	u32	end_seq;
	bool	fin;
};

/**
 * struct clasp_range - a piece of a sequence space
 * @start: first octet
 * @end: octet behind the last; the same as @start in an empty one
 */
struct clasp_range {
	u32	start;
	u32	end;
};

/**
 * struct clasp_user - what the program has chosen; 0: as the namespace says
 * @timeout_ms: CLASP_USER_TIMEOUT
 * @window_clamp: CLASP_WINDOW_CLAMP, bytes
 * @linger2_s: CLASP_LINGER2; negative for no FIN_WAIT_2 at all
 * @keepalive_idle_s: CLASP_KEEPIDLE
 * @keepalive_intvl_s: CLASP_KEEPINTVL
 * @keepalive_probes: CLASP_KEEPCNT
 * @syn_retries: CLASP_SYNCNT
 * @defer_accept: CLASP_DEFER_ACCEPT, from clasp_defer_tries()
 * @keepalive: SO_KEEPALIVE
 * @corked: CLASP_CORK
 */
struct clasp_user {
	u32	timeout_ms;
	u32	window_clamp;
	s16	linger2_s;
	u16	keepalive_idle_s;
	u16	keepalive_intvl_s;
	u8	keepalive_probes;
	u8	syn_retries;
	u8	defer_accept;
	bool	keepalive : 1;
	bool	corked : 1;
};

/**
 * struct clasp_counts - what a connection has done so far
 *
 * Bytes are payload. A segment is one on the wire. @rate_delivered bytes in
 * @rate_us is the last delivery rate that told of the path. @silence_us is when
 * the first of the timeouts came that were not answered yet, or 0, and
 * @silent_us how long all together were not.
 */
struct clasp_counts {
	u64	bytes_sent;
	u64	bytes_acked;
	u64	bytes_received;
	u64	bytes_rtx;
	u32	segs_in;
	u32	segs_out;
	u32	rtx;
	u32	fast_rtx;
	u32	rto;
	u32	undone;
	u32	dupacks;
	u32	out_of_order;
	u32	rate_delivered;
	u32	rate_us;
	u64	delivered_ce;
	u64	silence_us;
	u64	silent_us;
	u32	silences;
	u32	dsacks;
	u32	overtaken;
};

/**
 * struct clasp_sacks - received ranges that ACKs report: sack.c
 * @newest: the range that was added to last
 * @older: memory of the body's for CLASP_SACK_OLDER more, or NULL
 */
struct clasp_sacks {
	struct clasp_range	newest;
	struct clasp_range	*older;
};

/**
 * struct clasp_annex - what a connection has beside what most decisions need
 * @user: chosen by the program; the body writes it and the core reads it
 * @counts: told to operators; no decision looks at it
 * @rcvtune: how large the body's receive buffer should be
 * @sacks: what lies behind gaps in the body's queue
 *
 * The body embeds one; clasp_annex() in its clasp_body.h says where.
 */
struct clasp_annex {
	struct clasp_user	user;
	struct clasp_counts	counts;
	struct clasp_rcvtune	rcvtune;
	struct clasp_sacks	sacks;
};

/**
 * struct clasp_rack - the most recently sent segment that has arrived
 * @sent_us: when it was sent
 * @end_seq: octet behind it
 * @rtt_us: round trip of what arrived last
 * @round: SND.NXT when the window was widened last: once a round trip
 * @widened: reordering window, quarters of the least round trip
 * @persist: recoveries until it is narrowed again
 * @reordered: segments have been seen to overtake one another
 *
 * RFC 8985 §5.2. @sent_us is 0 before the first.
 */
struct clasp_rack {
	u64	sent_us;
	u32	end_seq;
	u32	rtt_us;
	u32	round;
	u8	widened;
	u8	persist;
	bool	reordered;
};

/**
 * struct clasp_prr - proportional rate reduction, while a window is reduced
 * @flight: RecoverFS, bytes under way when it began
 * @delivered: bytes that arrived since
 * @out: bytes sent since
 *
 * RFC 6937.
 */
struct clasp_prr {
	u32	flight;
	u32	delivered;
	u32	out;
};

/**
 * struct clasp_undo - whether a recovery turns out not to have been needed
 * @una: SND.UNA when it began
 * @end: SND.NXT when it ended
 * @again: bytes sent again of which no D-SACK has told that they were in vain
 * @stamp: our timestamp when the first was sent again
 * @on: there is something to give back; cong.c knows what
 * @over: it has ended, but a D-SACK may still come
 * @sent: something was sent again
 * @frto: it began with a timeout
 */
struct clasp_undo {
	u32	una;
	u32	end;
	u32	again;
	u32	stamp;
	bool	on;
	bool	over;
	bool	sent;
	bool	frto;
};

/**
 * struct clasp_conn - one end of a connection
 *
 * The names in the first two groups are RFC 9293 §3.3.1's. With the controller's
 * private part it has to stay within CLASP_CONN_MOST: what few segments are
 * about belongs into struct clasp_annex.
 */
struct clasp_conn {
	const struct clasp_settings	*settings;
	const struct clasp_cong_ops	*cong_ops;

	/* send sequence space */
	u32	snd_una;	/* oldest unacknowledged */
	u32	snd_nxt;	/* next to be sent; never goes back */
	u32	snd_wnd;	/* the peer's window, from snd_una on */
	u32	snd_wl1;	/* SEG.SEQ of the last window update */
	u32	snd_wl2;	/* SEG.ACK of the last window update */
	u32	iss;
	u32	max_snd_wnd;	/* MAX.SND.WND, RFC 5961 §5 */
	u32	write_seq;	/* end of what the program wrote; FIN's number */
	u32	snd_sml;	/* end of the last small segment (Minshall) */
	u32	snd_up;		/* octet behind our urgent data */

	/* receive sequence space */
	u32	rcv_nxt;	/* next expected */
	u32	rcv_wnd;	/* window as last told, from rcv_wup on */
	u32	rcv_wup;	/* RCV.NXT as last told: Last.ACK.sent */
	u32	irs;
	u32	rcv_up;		/* octet behind the peer's urgent data */

	/* what the body says of its memory, bytes of payload */
	u32	rcv_free;	/* could be taken now */
	u32	rcv_buf;	/* could be taken if nothing were held */
	u32	burst;		/* can be sent in one transmission */

	/* what ACKs report besides rcv_nxt, and the annex's @sacks: sack.c */
	struct clasp_range	dsack;		/* came twice; empty: none */

	/*
	 * What is under way, bytes in ranges by their marks: what is SACKED or
	 * LOST is not, what is sent AGAIN is. One definition of "in flight":
	 * clasp_conn_in_flight().
	 */
	u32	sacked;
	u32	lost;
	u32	again;
	u32	dup_bytes;	/* a peer without SACK: what duplicates tell of */
	u32	fack;		/* highest octet known to have arrived */
	u32	lost_seq;	/* no range before is LOST and not sent AGAIN */
	u32	recover;	/* RFC 6582: SND.NXT when recovery began */
	u32	ecn_end;	/* SND.NXT when cwnd was reduced last */

	struct clasp_rack	rack;
	struct clasp_prr	prr;
	struct clasp_undo	undo;
	u32	probe_end;	/* RFC 8985 §7: TLP.end_seq, if probe_out */

	/* segment sizes, bytes: options and payload */
	u16	peer_mss;	/* what the peer takes */
	u16	path_mss;	/* what the path takes; the body keeps it */
	u16	user_mss;	/* CLASP_MAXSEG, or 0 */
	u16	adv_mss;	/* what we take */
	u16	rcv_mss;	/* what the peer seems to send */
	u16	local_port;
	u16	remote_port;
	u16	dupacks;
	u16	error;		/* errno for the program, positive */
	u16	soft_error;	/* reported only if it comes to nothing else */

	u8	state;
	u8	todo;		/* CLASP_TODO_* */
	u8	ack_why;	/* an ACK is due, and why: enum clasp_send */
	u8	syn_why;	/* a SYN is due */
	u8	reset_why;	/* a RST is due */
	u8	rtx_why;	/* what is LOST is sent again for */
	u8	belief;		/* enum clasp_belief */
	u8	retries;	/* R: retransmissions without an answer */
	u8	probes;		/* window probes without an answer */
	u8	keepalives;	/* keepalive probes without an answer */
	u8	n_sacks;	/* ranges in the annex's @sacks */
	u8	urgent;		/* enum clasp_urgent */

	bool	passive : 1;	/* opened by a listener */
	bool	closed_early : 1; /* before our SYN was acknowledged */
	bool	sack_seen : 1;	/* the peer tells what it holds */
	bool	fin_lost : 1;	/* our FIN is to be sent again */
	bool	probe_now : 1;	/* a tail loss probe is due */
	bool	probe_out : 1;	/* RFC 8985 §7: one is under way */
	bool	probe_again : 1; /* TLP.is_retrans: it repeated what was sent */
	bool	fin_wanted : 1;	/* the program closed its direction */
	bool	rcv_closed : 1;	/* the program reads no more */
	bool	rcv_exhausted : 1; /* no memory, whatever the window says */
	bool	orphan : 1;	/* no program holds the connection */
	bool	nodelay : 1;
	bool	more_follows : 1; /* the program said so: MSG_MORE */
	bool	probe_due : 1;
	bool	keepalive_due : 1;
	bool	urgent_due : 1;	/* the peer is to hear of snd_up */
	bool	override : 1;	/* send a silly window's worth now */
	bool	ecn_asking : 1;	/* our SYN asks for ECN */
	bool	ecn_on : 1;	/* both ends have agreed on it */
	bool	ecn_echo : 1;	/* tell the peer, until it says CWR */
	bool	ecn_cwr : 1;	/* say CWR with the next new data */
	bool	pace_wanted : 1; /* the body wants segments spaced out */
	bool	pace_by_qdisc : 1; /* and does that by itself */
	bool	pace_waits : 1;	/* until pace.next_us: CLASP_TIMER_PACE */
	bool	cong_started : 1; /* the controller's init has been called */

	u32	deadline_ms[CLASP_TIMER_PACE];	/* timer.h */
	u32	syn_us;		/* when our SYN was sent last, low bits */
	u32	answered_ms;	/* last answer to an unacceptable segment */
	u32	heard_ms;	/* last good ACK */

	struct clasp_rto	rto;
	struct clasp_delack	delack;
	struct clasp_rate	rate;
	struct clasp_plpmtu	plpmtu;
	struct clasp_timestamps	ts;
	struct clasp_cong	cong;
	struct clasp_pace	pace;
};

#define CLASP_CONN_MOST	512	/* bytes: eight cache lines */

static inline bool clasp_conn_in(const struct clasp_conn *c, u32 states)
{
	return states >> c->state & 1;
}

/* Our SYN is under way; a FIN may follow it already. */
static inline bool clasp_conn_opening(const struct clasp_conn *c)
{
	return c->closed_early ||
	       clasp_conn_in(c, CLASP_IN(SYN_SENT) | CLASP_IN(SYN_RCVD));
}

/* Bytes sent and not yet acknowledged, SYN and FIN counted. */
static inline u32 clasp_conn_flight(const struct clasp_conn *c)
{
	return c->snd_nxt - c->snd_una;
}

/* Bytes under way: RFC 6675's "pipe". */
static inline u32 clasp_conn_in_flight(const struct clasp_conn *c)
{
	return clasp_conn_flight(c) - c->sacked - c->lost - c->fin_lost -
	       c->dup_bytes + c->again;
}

/* The congestion window is on its way to ssthresh. */
static inline bool clasp_conn_reducing(const struct clasp_conn *c)
{
	return c->belief == CLASP_BELIEF_CWR ||
	       c->belief == CLASP_BELIEF_RECOVERY;
}

/* Has our FIN left? It then has the number write_seq. */
static inline bool clasp_conn_fin_sent(const struct clasp_conn *c)
{
	return c->fin_wanted && seq_after(c->snd_nxt, c->write_seq);
}

static inline bool clasp_conn_fin_acked(const struct clasp_conn *c)
{
	return c->fin_wanted && seq_after(c->snd_una, c->write_seq);
}

void clasp_conn_init(struct clasp_conn *c,
		     const struct clasp_settings *settings);
bool clasp_conn_move(struct clasp_conn *c, enum clasp_move move);
void clasp_conn_fail(struct clasp_conn *c, enum clasp_move move, int error);
void clasp_conn_connect(struct clasp_conn *c, u32 iss, u32 ts_offset);
void clasp_conn_start(struct clasp_conn *c);
void clasp_conn_close(struct clasp_conn *c, u64 now_us);
void clasp_conn_orphan(struct clasp_conn *c, u64 now_us);
void clasp_conn_fin_wait_2(struct clasp_conn *c, u64 now_us);
void clasp_conn_abort(struct clasp_conn *c, enum clasp_send why);
void clasp_conn_peer_mss(struct clasp_conn *c, const struct clasp_segment *syn);
void clasp_conn_path_mss(struct clasp_conn *c, u16 path_mss);
u32 clasp_conn_mss(const struct clasp_conn *c);
bool clasp_conn_icmp_current(const struct clasp_conn *c, u32 seq);
void clasp_conn_icmp_error(struct clasp_conn *c, int error, bool hard);

#endif
