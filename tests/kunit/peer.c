// SPDX-License-Identifier: GPL-2.0
/*
 * The fixture: what the program, the peer, the network and the clock do to one
 * end of a connection. See peer.h.
 */
#include "peer.h"
#include "input.h"
#include "output.h"
#include "timeout.h"
#include "urgent.h"
#include "window.h"

/* More than any test lets happen in one go. */
#define TIMES_MAX	10000

static void log_sent(struct peer *p, const struct clasp_segment *seg,
		     enum clasp_send why)
{
	struct peer_sent *sent = &p->log[p->n_log];

	KUNIT_ASSERT_LT(p->test, p->n_log, (unsigned int)PEER_LOG);
	p->n_log++;
	*sent = (struct peer_sent){ .segment = *seg, .why = why };
	if (seg->has & CLASP_HAS_SACK) {
		memcpy(sent->sack, seg->sack, 8 * seg->n_sack);
		sent->segment.sack = sent->sack;
	}
	if (seg->has & CLASP_HAS_TIMESTAMPS)
		p->last_tsval = seg->tsval;
}

/* A transmission of several: PSH and FIN are the last one's, CWR the first's. */
static void transmit(struct peer *p, const struct clasp_tx *tx)
{
	struct clasp_segment seg = tx->segment;
	u32 done = 0;

	do {
		seg.seq = tx->segment.seq + done;
		seg.len = tx->len ? min(tx->len - done, tx->mss) : 0;
		seg.flags = tx->segment.flags;
		if (done)
			seg.flags &= ~CLASP_CWR;
		done += seg.len;
		if (done < tx->len)
			seg.flags &= ~(CLASP_PSH | CLASP_FIN);
		log_sent(p, &seg, tx->why);
	} while (done < tx->len);
}

static void send_all(struct peer *p)
{
	struct clasp_tx tx;
	u32 used = queue_used(p);
	u32 times = 0;

	clasp_window_space(p->conn, p->buffer - min(used, p->buffer),
			   p->buffer);
	while (clasp_output_next(p->conn, p->now_us, &tx)) {
		KUNIT_ASSERT_LT(p->test, ++times, (u32)TIMES_MAX);
		queue_sent(p, &tx);
		transmit(p, &tx);
		clasp_output_sent(p->conn, &tx, p->now_us);
	}
}

static void state_changed(struct peer *p)
{
	if (p->conn->state == CLASP_CLOSED)
		queue_purge(p);
	if (p->conn->state == CLASP_TIME_WAIT &&
	    p->taker == PEER_MEETS_CONN) {
		clasp_timewait_init(&p->tw, p->conn, p->now_us);
		p->taker = PEER_MEETS_TIMEWAIT;
	}
}

/**
 * peer_pushes() - after anything that was done to p->conn by hand
 * @p: fixture
 *
 * The body's part: what is acknowledged is freed, what may leave leaves.
 */
void peer_pushes(struct peer *p)
{
	if (p->conn->todo & CLASP_TODO_ACKED)
		queue_acked(p);
	send_all(p);
	if (p->conn->todo & CLASP_TODO_STATE)
		state_changed(p);
	p->todo |= p->conn->todo;
	p->conn->todo = 0;
}

/**
 * program_listens() - the passive open
 * @p: fixture, closed
 */
void program_listens(struct peer *p)
{
	clasp_conn_move(p->conn, CLASP_ON_LISTEN);
	p->conn->todo = 0;
	p->taker = PEER_MEETS_LISTENER;
}

/**
 * program_connects() - the active open
 * @p: fixture, closed
 */
void program_connects(struct peer *p)
{
	clasp_conn_connect(p->conn, OUR_ISS, OUR_TS_OFFSET);
	peer_pushes(p);
}

/**
 * program_writes() - the program writes
 * @p: fixture, in a state in which it may
 * @len: bytes
 */
void program_writes(struct peer *p, u32 len)
{
	queue_write(p, len);
	peer_pushes(p);
}

/**
 * program_writes_urgent() - the program writes with MSG_OOB
 * @p: fixture, in a state in which it may
 * @len: bytes
 */
void program_writes_urgent(struct peer *p, u32 len)
{
	queue_write(p, len);
	clasp_urgent_write(p->conn);
	peer_pushes(p);
}

/**
 * program_reads() - the program reads
 * @p: fixture
 * @len: bytes, as far as there are so many
 */
void program_reads(struct peer *p, u32 len)
{
	u32 used;

	p->unread -= min(len, p->unread);
	used = queue_used(p);
	clasp_window_space(p->conn, p->buffer - min(used, p->buffer),
			   p->buffer);
	clasp_window_read(p->conn);
	if (p->conn->ack_why)
		peer_pushes(p);
}

/**
 * program_closes() - the program sends no more, but still reads
 * @p: fixture
 */
void program_closes(struct peer *p)
{
	clasp_conn_close(p->conn, p->now_us);
	peer_pushes(p);
}

/**
 * program_leaves() - the program neither sends nor reads any more
 * @p: fixture
 */
void program_leaves(struct peer *p)
{
	clasp_conn_close(p->conn, p->now_us);
	clasp_conn_orphan(p->conn, p->now_us);
	peer_pushes(p);
}

/**
 * program_aborts() - the program ends it at once
 * @p: fixture
 */
void program_aborts(struct peer *p)
{
	clasp_conn_abort(p->conn, CLASP_SEND_RESET_ABORT);
	peer_pushes(p);
}

/**
 * network_refuses() - an ICMP error about a segment under way
 * @p: fixture
 * @error: errno, positive
 * @hard: of a kind that may end an opening connection
 */
void network_refuses(struct peer *p, int error, bool hard)
{
	clasp_conn_icmp_error(p->conn, error, hard);
	peer_pushes(p);
}

/* When the body's timer is due; 0 for never. */
static u64 wake_us(struct peer *p)
{
	if (p->taker == PEER_MEETS_EMBRYO)
		return p->embryo.sent_us + clasp_embryo_wait(&p->embryo);
	if (p->taker == PEER_MEETS_TIMEWAIT)
		return p->tw.expires_us;

	return clasp_output_wake(p->conn, p->now_us);
}

static void embryo_timeout(struct peer *p)
{
	enum clasp_mini todo = clasp_embryo_timeout(&p->embryo, &p->settings);
	struct clasp_segment syn_ack;

	if (todo == CLASP_MINI_END)
		p->taker = PEER_MEETS_LISTENER;
	p->embryo.sent_us = p->now_us;
	if (todo != CLASP_MINI_SYN_ACK)
		return;
	clasp_embryo_syn_ack(&p->embryo, p->now_us, &syn_ack);
	log_sent(p, &syn_ack, CLASP_SEND_NONE);
}

static void fire(struct peer *p)
{
	switch (p->taker) {
	case PEER_MEETS_EMBRYO:
		embryo_timeout(p);
		break;
	case PEER_MEETS_TIMEWAIT:
		clasp_conn_move(p->conn, CLASP_ON_TIMEOUT);
		p->conn->todo = 0;
		p->taker = PEER_MEETS_CONN;
		break;
	default:
		clasp_timeout(p->conn, p->now_us);
		peer_pushes(p);
	}
}

/**
 * time_passes() - timers fire, each at its time
 * @p: fixture
 * @us: how much time
 */
void time_passes(struct peer *p, u64 us)
{
	u64 until_us = p->now_us + us;
	u32 times = 0;
	u64 at_us;

	while ((at_us = wake_us(p)) && at_us <= until_us) {
		KUNIT_ASSERT_LT(p->test, ++times, (u32)TIMES_MAX);
		p->now_us = max(p->now_us, at_us);
		fire(p);
	}
	p->now_us = until_us;
}

static void answer(struct peer *p, enum clasp_mini how,
		   const struct clasp_segment *seg)
{
	struct clasp_segment reply;

	if (how == CLASP_MINI_RESET && clasp_segment_reset(seg, &reply))
		log_sent(p, &reply, CLASP_SEND_RESET_NOBODY);
	if (how == CLASP_MINI_ACK && p->taker == PEER_MEETS_EMBRYO) {
		clasp_embryo_ack(&p->embryo, p->now_us, &reply);
		log_sent(p, &reply, CLASP_SEND_NONE);
	}
	if (how == CLASP_MINI_SYN_ACK) {
		clasp_embryo_syn_ack(&p->embryo, p->now_us, &reply);
		log_sent(p, &reply, CLASP_SEND_NONE);
	}
	if (how == CLASP_MINI_ACK && p->taker == PEER_MEETS_TIMEWAIT) {
		clasp_timewait_ack(&p->tw, p->now_us, &reply);
		log_sent(p, &reply, CLASP_SEND_NONE);
	}
}

static void conn_input(struct peer *p, const struct clasp_segment *seg)
{
	struct clasp_segment reply;
	struct clasp_arrival a;

	if (p->conn->state == CLASP_CLOSED) {
		p->drop = CLASP_DROP_NO_SOCKET;
		answer(p, CLASP_MINI_RESET, seg);
		return;
	}

	clasp_input(p->conn, seg, p->room, p->now_us, &a);
	p->drop = a.drop;
	p->arrival.payload = a.payload;
	p->arrival.skip = a.skip;
	p->arrival.seq = a.held.seq;
	p->arrival.end_seq = a.held.end_seq;
	p->arrival.fin = a.held.fin;
	p->arrival.reset = a.reset;
	if (a.reset && clasp_segment_reset(seg, &reply))
		log_sent(p, &reply, CLASP_SEND_RESET_NOBODY);
	queue_take(p, &a);
	peer_pushes(p);
}

static void listener_input(struct peer *p, const struct clasp_segment *seg)
{
	struct clasp_embryo_setup setup = {
		.iss = OUR_ISS, .ts_offset = OUR_TS_OFFSET,
		.rcv_wnd = p->buffer, .adv_mss = PEER_MSS,
		.default_mss = CLASP_MSS_DEFAULT_V4,
		.defer = clasp_annex(p->conn)->user.defer_accept,
	};
	enum clasp_mini how = clasp_listen_input(seg, &p->drop);

	if (how == CLASP_MINI_OPEN) {
		clasp_embryo_init(&p->embryo, &p->settings, seg, &setup,
				  p->now_us);
		p->taker = PEER_MEETS_EMBRYO;
		how = CLASP_MINI_SYN_ACK;
	}
	answer(p, how, seg);
}

static void embryo_input(struct peer *p, const struct clasp_segment *seg)
{
	enum clasp_mini how;

	how = clasp_embryo_input(&p->embryo, &p->settings, seg, p->now_us,
				 &p->drop);
	answer(p, how, seg);
	if (how == CLASP_MINI_END)
		p->taker = PEER_MEETS_LISTENER;
	if (how != CLASP_MINI_OPEN)
		return;

	clasp_conn_init(p->conn, &p->settings);
	clasp_delack_quick(p->conn, false);
	p->conn->path_mss = PEER_MSS;
	clasp_embryo_hatch(&p->embryo, p->conn);
	p->taker = PEER_MEETS_CONN;
	conn_input(p, seg);
}

static void timewait_input(struct peer *p, const struct clasp_segment *seg)
{
	enum clasp_mini how;

	how = clasp_timewait_input(&p->tw, &p->settings, seg, p->now_us,
				   &p->drop);
	answer(p, how, seg);
}

/**
 * peer_segment_arrives() - a segment arrives at whoever is there for it
 * @p: fixture
 * @seg: the segment
 */
void peer_segment_arrives(struct peer *p, const struct clasp_segment *seg)
{
	p->drop = CLASP_DROP_NONE;
	memset(&p->arrival, 0, sizeof(p->arrival));

	switch (p->taker) {
	case PEER_MEETS_CONN:
		conn_input(p, seg);
		break;
	case PEER_MEETS_LISTENER:
		listener_input(p, seg);
		break;
	case PEER_MEETS_EMBRYO:
		embryo_input(p, seg);
		break;
	case PEER_MEETS_TIMEWAIT:
		timewait_input(p, seg);
		break;
	}
}
