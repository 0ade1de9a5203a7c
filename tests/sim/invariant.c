// SPDX-License-Identifier: GPL-2.0
/*
 * What must hold after every event, whatever the network did.
 *
 * Each check looks at what is seen from outside (bytes, segments) or at the
 * names of RFC 9293 section 3.3.1, so that it stays right when the core learns
 * something new.
 */
#include <stdlib.h>

#include "endpoint.h"
#include "event.h"
#include "input.h"
#include "output.h"
#include "seq.h"
#include "timer.h"

/* A delayed ACK alone may make 25 of them a second. */
#define RINGS_MAX	100	/* timers a virtual second without progress */
#define WAKES_MAX	200	/* at one and the same time */

/* A walk through the whole queue costs: now and then, or when it is short. */
#define WALK_SHORT	16
#define WALK_EVERY	64

#define must(end, holds, ...)						       \
	do {								       \
		if (!(holds))						       \
			sim_fail((end)->sim, __VA_ARGS__);		       \
	} while (0)

/* RFC 9293 section 3.3.2: a state only moves by the table. */
static void state_moves(struct sim_end *end,
			const struct clasp_transition *row)
{
	struct sim_watch *w = &end->watch;
	bool in_table = row >= clasp_transitions &&
			row < clasp_transitions + clasp_transition_count;
	bool follows;

	must(end, in_table, "a transition that is not in the table");
	if (!in_table)
		return;

	/* an embryo comes from LISTEN, and may be forgotten */
	follows = row->from == w->state ||
		  (end->taker == SIM_LISTENER && row->from == CLASP_LISTEN);
	must(end, follows, "moves from %s, but is in %s",
	     clasp_state_name(row->from), clasp_state_name(w->state));
	if (row->from == CLASP_LISTEN)
		w->edge_known = false;	/* of an embryo that was forgotten */
	w->state = row->to;
	w->visited |= 1u << row->to;
	w->rings = 0;
}

/**
 * sim_check_event() - the core told of something
 * @end: whose core
 * @event: what
 */
void sim_check_event(struct sim_end *end, const struct clasp_event *event)
{
	struct sim_watch *w = &end->watch;
	u64 now_ns = end->sim->clock.now_ns;

	if (event->kind == CLASP_EVENT_STATE)
		state_moves(end, event->transition);
	/* pacing is meant to fire often */
	if (event->kind != CLASP_EVENT_TIMER ||
	    event->timer == CLASP_TIMER_PACE)
		return;

	if (now_ns - w->rings_since_ns > SIM_S) {
		w->rings = 0;
		w->rings_since_ns = now_ns;
	}
	must(end, ++w->rings <= RINGS_MAX,
	     "timer storm: %u timers in a second without progress", w->rings);
}

/**
 * sim_check_wake() - a connection asked to be woken
 * @end: its end
 */
void sim_check_wake(struct sim_end *end)
{
	struct sim_watch *w = &end->watch;

	if (w->wake_ns != end->sim->clock.now_ns)
		w->wakes_now = 0;
	w->wake_ns = end->sim->clock.now_ns;
	must(end, ++w->wakes_now <= WAKES_MAX,
	     "asks to be woken at once, again and again");
}

/* What was not sent is not acknowledged: such a segment was made up. */
static bool made_up(const struct sim_end *end, const struct clasp_segment *seg)
{
	const struct clasp_conn *c = &end->body.conn;

	if (end->taker == SIM_EMBRYO)
		return seg->ack != end->embryo.iss + 1;

	return seq_after(seg->ack, c->snd_nxt) ||
	       seq_before(seg->ack, c->snd_una - CLASP_WINDOW_MAX);
}

/**
 * sim_check_arrived() - a segment with a right checksum arrived
 * @end: where
 * @seg: the segment
 *
 * Right edges are noted: believed or not, nothing may be sent beyond.
 */
void sim_check_arrived(struct sim_end *end, const struct clasp_segment *seg)
{
	struct sim_watch *w = &end->watch;
	u32 from = seg->ack;

	if (seg->flags & CLASP_RST ||
	    (end->taker != SIM_CONN && end->taker != SIM_EMBRYO))
		return;
	if (seg->flags & CLASP_ACK && made_up(end, seg))
		return;
	/* a SYN alone: the window begins at our first octet */
	if (!(seg->flags & CLASP_ACK))
		from = 1 + (end->taker == SIM_EMBRYO ? end->embryo.iss :
						       end->body.conn.iss);

	if (!w->edge_known || seq_after(from + seg->window, w->edge))
		w->edge = from + seg->window;
	w->edge_known = true;
}

/**
 * sim_check_tx() - the core wants something sent
 * @end: its end
 * @tx: what
 */
void sim_check_tx(struct sim_end *end, const struct clasp_tx *tx)
{
	const struct clasp_conn *c = &end->body.conn;

	if (!tx->len)
		return;

	must(end, tx->sent && tx->mss, "data from nowhere");
	must(end, tx->sent && tx->skip + tx->len <=
		  tx->sent->end_seq - tx->sent->seq,
	     "data from behind its range");
	must(end, tx->sent && tx->segment.seq == tx->sent->seq + tx->skip,
	     "data with another's sequence number");
	must(end, !tx->fresh || tx->segment.seq == c->snd_nxt,
	     "new data that does not follow what was sent");
	must(end, tx->fresh || seq_before_eq(tx->segment.seq + tx->len,
					     c->snd_nxt),
	     "data sent again that was never sent");
}

/* RFC 9293 section 3.8.6: the right edge, and nothing beyond. */
static void inside_window(struct sim_end *end, const struct clasp_segment *seg)
{
	if (!seg->len || !end->watch.edge_known ||
	    !end->sim->scenario.settings.flow_control)
		return;

	must(end, seq_before_eq(seg->seq + seg->len, end->watch.edge),
	     "sent up to %u, %u beyond the peer's window", seg->seq + seg->len,
	     seg->seq + seg->len - end->watch.edge);
}

/*
 * SHLD-14: an edge never moves back, unless memory has run out; nor does an
 * acknowledgment.
 */
static void told(struct sim_end *end, const struct clasp_segment *seg)
{
	struct sim_watch *w = &end->watch;
	bool no_room = end->tally.drop[CLASP_DROP_NO_ROOM];
	u32 edge = seg->ack + seg->window;

	/* an embryo that was forgotten told something else */
	if (!(seg->flags & CLASP_ACK) || seg->flags & CLASP_RST ||
	    seg->flags & CLASP_SYN) {
		w->told_known = false;
		return;
	}

	if (w->told_known) {
		must(end, seq_after_eq(seg->ack, w->told_ack),
		     "acknowledges less than before");
		must(end, no_room || seq_after_eq(edge, w->told_edge),
		     "takes back %u bytes of window", w->told_edge - edge);
	}
	w->told_ack = seg->ack;
	w->told_edge = edge;
	w->told_known = true;
}

/**
 * sim_check_sent() - a segment leaves
 * @end: who sends it
 * @seg: the segment
 */
void sim_check_sent(struct sim_end *end, const struct clasp_segment *seg)
{
	inside_window(end, seg);
	if (!(seg->flags & CLASP_RST))
		told(end, seg);
}

/* Each range begins where the one before it ended. Returns the last end. */
static u32 walk(struct sim_end *end, const struct sim_ranges *all, u32 seq)
{
	u32 i;

	for (i = all->first; i < all->end; i++) {
		const struct clasp_sent *sent = &all->at[i]->sent;

		must(end, sent->seq == seq, "a hole in the send queue at %u",
		     seq);
		must(end, seq_before(sent->seq, sent->end_seq),
		     "an empty range in the send queue");
		seq = sent->end_seq;
	}

	return seq;
}

/* What is in flight adds up; the program's FIN has the number write_seq. */
static void queues_add_up(struct sim_end *end)
{
	const struct clasp_conn *c = &end->body.conn;
	const struct sim_range *first = sim_ranges_first(&end->body.sent);
	u32 seq = first ? first->sent.seq : c->snd_nxt, sent;

	/* SYN and FIN take a number and have no range */
	if (clasp_conn_opening(c))
		seq = c->iss + 1;
	else if (!first && clasp_conn_fin_sent(c))
		seq = c->write_seq;
	if (first)
		must(end, seq_between(seq, c->snd_una,
				      first->sent.end_seq - 1),
		     "the first range in flight is not that of snd_una");

	seq = walk(end, &end->body.sent, seq);
	sent = seq + clasp_conn_fin_sent(c);
	must(end, clasp_conn_opening(c) || sent == c->snd_nxt,
	     "in flight up to %u by ranges, %u by snd_nxt", seq, c->snd_nxt);
	seq = walk(end, &end->body.unsent, seq);
	must(end, seq == c->write_seq, "queued up to %u, write_seq is %u", seq,
	     c->write_seq);
}

static void numbers_hold(struct sim_end *end)
{
	const struct clasp_conn *c = &end->body.conn;
	u32 arrived = c->irs + 1 + (u32)end->received + end->eof;
	struct sim_watch *w = &end->watch;

	must(end, seq_before_eq(c->snd_una, c->snd_nxt),
	     "snd_una %u is behind snd_nxt %u", c->snd_una, c->snd_nxt);
	must(end, seq_before_eq(c->snd_nxt, c->write_seq + c->fin_wanted),
	     "snd_nxt %u is behind all that was written", c->snd_nxt);
	must(end, !end->opened || c->rcv_nxt == arrived,
	     "rcv_nxt is %u, but up to %u arrived", c->rcv_nxt, arrived);
	if (c->snd_una != w->una || c->snd_nxt != w->nxt)
		w->rings = 0;
	w->una = c->snd_una;
	w->nxt = c->snd_nxt;
}

/* MUST-60, and RFC 6298 section 5.1: who waits has a clock. */
static void has_a_timer(struct sim_end *end)
{
	const struct clasp_conn *c = &end->body.conn;
	bool waits = sim_ranges_count(&end->body.sent) ||
		     sim_ranges_count(&end->body.unsent) ||
		     (c->fin_wanted && !clasp_conn_fin_acked(c)) ||
		     clasp_conn_opening(c);

	if (clasp_conn_in(c, CLASP_IN(CLOSED) | CLASP_IN(TIME_WAIT)))
		return;
	must(end, !waits || end->timer.place,
	     "waits in %s without a timer", clasp_state_name(c->state));
}

/* MUST-40: half a second is the longest that an ACK may wait. */
static void acks_in_time(struct sim_end *end)
{
	const struct clasp_conn *c = &end->body.conn;
	u64 at_us = clasp_timer_at(c, CLASP_TIMER_DELACK, sim_end_now_us(end));

	if (!end->opened || c->rcv_nxt == c->rcv_wup)
		return;
	must(end, at_us && at_us <= sim_end_now_us(end) + USEC_PER_SEC / 2,
	     "data is not going to be acknowledged within 0.5 s");
}

static void memory_is_bounded(struct sim_end *end)
{
	const struct sim_body *b = &end->body;
	u64 unread = end->received - end->read;
	u32 sent = sim_ranges_count(&b->sent);

	must(end, unread + sim_body_held_cost(b) <=
		  3ull * end->plan->rcvbuf + 65536,
	     "%llu unread bytes, %u held ones in %u ranges", unread,
	     b->held_bytes, sim_ranges_count(&b->held));
	must(end, sent <= b->conn.write_seq - b->conn.snd_una + 1,
	     "%u ranges in flight", sent);
}

/**
 * sim_check() - after an event
 * @end: what it happened to
 */
void sim_check(struct sim_end *end)
{
	struct sim_watch *w = &end->watch;
	u32 ranges = sim_ranges_count(&end->body.sent) +
		     sim_ranges_count(&end->body.unsent);

	must(end, end->over || end->body.conn.state == w->state,
	     "is in %s, but the table says %s",
	     clasp_state_name(end->body.conn.state),
	     clasp_state_name(w->state));
	if (end->over || end->taker != SIM_CONN || *end->sim->failure)
		return;

	numbers_hold(end);
	if (ranges <= WALK_SHORT || !(++w->checks % WALK_EVERY))
		queues_add_up(end);
	has_a_timer(end);
	acks_in_time(end);
	memory_is_bounded(end);
}

static bool is_happy(const struct sim_end *end)
{
	return end->over && !end->error && end->closed &&
	       end->received == end->peer->written && end->eof &&
	       (end->written == end->plan->write ||
		end->plan->close_at != SIM_NEVER);
}

/* Somebody knows that it went wrong, or made it so. */
static bool is_told(const struct sim_end *end)
{
	return end->error || end->gave_up;
}

static bool never_ends(const struct sim_end *end)
{
	return end->plan->close == SIM_CLOSE_NEVER;
}

/**
 * sim_check_finish() - nothing happens any more
 * @sim: the run
 *
 * Both ends have finished, with all bytes there, or one reports an error.
 */
void sim_check_finish(struct sim *sim)
{
	u32 i;

	for (i = 0; i < sim->n_ends && !*sim->failure; i += 2) {
		const struct sim_end *a = sim->ends[i], *b = sim->ends[i + 1];

		if (is_told(a) || is_told(b) || never_ends(a) || never_ends(b))
			continue;
		if (!is_happy(a) || !is_happy(b))
			sim_fail(sim,
				 "connection %u has neither finished nor failed: %s, %llu of %llu bytes there; %s, %llu of %llu bytes back",
				 i / 2, clasp_state_name(sim_end_state(a)),
				 b->received, a->plan->write,
				 clasp_state_name(sim_end_state(b)),
				 a->received, b->plan->write);
	}
}
