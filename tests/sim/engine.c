// SPDX-License-Identifier: GPL-2.0
/*
 * Between an end and its core: module/socket/engine.c without a kernel.
 *
 * A segment arrives, the timer fires, the program calls: each ends in
 * sim_engine_push(), which sends, settles what the core left to do, lets the
 * program go on, and sets the one timer.
 */
#include <stdlib.h>

#include "endpoint.h"
#include "event.h"
#include "input.h"
#include "output.h"
#include "packet.h"
#include "reasm.h"
#include "timeout.h"
#include "trace.h"
#include "window.h"

/* Payload that one transmission may have, as the module says it. */
#define BURST	(60 * 1024)

/* More than any core needs to say what it has to say at one time. */
#define TIMES_MAX	100000

static u32 used(const struct sim_end *end)
{
	return end->received - end->read + end->body.held_bytes;
}

static void tell_space(struct sim_end *end)
{
	u32 buf = end->plan->rcvbuf;

	clasp_window_space(&end->body.conn, buf - min(used(end), buf), buf);
}

/**
 * sim_engine_setup() - what a body sets before a connection opens
 * @end: end with an initialised connection
 */
void sim_engine_setup(struct sim_end *end)
{
	struct clasp_conn *c = &end->body.conn;

	c->path_mss = end->plan->mtu - SIM_IP_HEADER - CLASP_HDR_MIN;
	c->adv_mss = c->path_mss;
	c->burst = BURST;
	c->nodelay = end->plan->nodelay;
	c->pace_wanted = end->plan->pace;
	tell_space(end);
}

/**
 * sim_engine_connect() - the active open
 * @end: closed
 */
void sim_engine_connect(struct sim_end *end)
{
	struct clasp_conn *c = &end->body.conn;
	u32 iss = sim_random(&end->sim->chance);
	u32 offset = sim_random(&end->sim->chance);

	if (end->sim->scenario.settings.isn_fixed)
		iss = 1000;
	clasp_conn_init(c, &end->sim->scenario.settings);
	c->local_port = end->client ? 40000 + end->number : 7;
	c->remote_port = end->client ? 7 : 40000 + end->number;
	end->taker = SIM_CONN;
	sim_engine_setup(end);
	clasp_conn_connect(c, iss, offset);
	sim_engine_push(end);
}

/**
 * sim_engine_send() - one segment leaves
 * @end: who sends it
 * @seg: its header
 * @offset: of its payload in the stream
 */
void sim_engine_send(struct sim_end *end, const struct clasp_segment *seg,
		     u64 offset)
{
	struct sim_packet *p = sim_packet_new(seg, offset, end->client);

	p->to = end->peer;
	p->last = seg->len && offset + seg->len == end->plan->write;
	end->tally.segments++;
	end->tally.why[end->why]++;
	sim_trace_sent(end, seg, end->why);
	sim_plot_segment(end, seg, end->why);
	sim_check_sent(end, seg);
	if (end->sim->wire)
		end->sim->wire(end, p);
	else
		sim_link_send(end->out, p);
}

/* A transmission of several: PSH and FIN are the last one's, CWR the first's. */
static void transmit(struct sim_end *end, const struct clasp_tx *tx)
{
	u64 offset = tx->sent ? sim_sent(tx->sent)->offset + tx->skip : 0;
	u32 done = 0;

	do {
		struct clasp_segment seg = tx->segment;

		seg.seq += done;
		seg.len = tx->len ? min(tx->len - done, tx->mss) : 0;
		if (done + seg.len < tx->len)
			seg.flags &= ~(CLASP_PSH | CLASP_FIN);
		if (done)
			seg.flags &= ~CLASP_CWR;
		sim_engine_send(end, &seg, offset + done);
		done += seg.len;
	} while (done < tx->len);
}

static void output(struct sim_end *end)
{
	struct clasp_conn *c = &end->body.conn;
	u64 now_us = sim_end_now_us(end);
	struct clasp_tx tx;
	u32 times = 0;

	while (clasp_output_next(c, now_us, &tx)) {
		if (++times > TIMES_MAX) {
			sim_fail(end->sim, "the core sends without end");
			return;
		}
		sim_check_tx(end, &tx);
		if (tx.fresh)
			sim_body_sent(&end->body, &tx);
		/* the event comes before the packet meets the link */
		clasp_output_sent(c, &tx, now_us);
		transmit(end, &tx);
	}
}

static void over(struct sim_end *end)
{
	struct clasp_conn *c = &end->body.conn;

	if (c->state == CLASP_TIME_WAIT) {
		clasp_timewait_init(&end->tw, c, sim_end_now_us(end));
		end->taker = SIM_TIMEWAIT;
	} else {
		end->taker = SIM_NOBODY;
		end->error = c->error;
	}
	end->over = true;
	end->over_ns = end->sim->clock.now_ns;
	sim_body_purge(&end->body);
	sim_program_stop(end);
}

static void settle(struct sim_end *end)
{
	struct clasp_conn *c = &end->body.conn;
	u8 todo = c->todo;

	c->todo = 0;
	if (todo & CLASP_TODO_ACKED)
		sim_body_acked(&end->body);
	if (todo & CLASP_TODO_EOF)
		end->eof = true;
	if (!(todo & CLASP_TODO_STATE))
		return;
	if (clasp_conn_in(c, CLASP_IN_SYNCHRONIZED))
		end->opened = true;
	if (clasp_conn_in(c, CLASP_IN(CLOSED) | CLASP_IN(TIME_WAIT)) &&
	    !end->over)
		over(end);
}

/* TIME_WAIT and CLOSED may still have an ACK or a RST to send. */
static void push(struct sim_end *end)
{
	struct clasp_conn *c = &end->body.conn;

	do {
		if (c->todo & CLASP_TODO_ACKED) {
			sim_body_acked(&end->body);
			c->todo &= ~CLASP_TODO_ACKED;
		}
		tell_space(end);
		output(end);
		settle(end);
	} while (c->todo && !*end->sim->failure);
}

/**
 * sim_engine_push() - something happened: send, settle, let the program go on
 * @end: end with a connection
 */
void sim_engine_push(struct sim_end *end)
{
	do
		push(end);
	while (!*end->sim->failure && sim_program_step(end));

	sim_end_arm(end);
	sim_check(end);
	sim_plot_end(end);
}

/* The program's, when it looks: octets in order. */
static void receive(struct sim_end *end, const u8 *bytes, u32 len)
{
	if (!sim_stream_equal(bytes, end->received, len))
		sim_fail(end->sim,
			 "bytes %llu to %llu are not what the peer wrote",
			 end->received, end->received + len);
	end->received += len;
	end->received_ns = end->sim->clock.now_ns;
	end->carried = sim_link_capacity(end->peer->out, end->received_ns);
}

static void pull(struct sim_end *end)
{
	struct clasp_conn *c = &end->body.conn;
	struct clasp_held *held;
	u32 skip;

	while ((held = clasp_reasm_pull(c, &skip, sim_end_now_us(end)))) {
		receive(end, sim_held(held)->bytes + skip,
			held->end_seq - held->seq - skip);
		sim_body_unhold(&end->body, held);
	}
}

static void deliver(struct sim_end *end, const struct clasp_arrival *a,
		    const u8 *payload)
{
	if (a->payload == CLASP_PAYLOAD_NEXT)
		receive(end, payload + a->skip, a->held.end_seq - a->held.seq);
	else if (a->payload == CLASP_PAYLOAD_HOLD &&
		 !sim_body_hold(&end->body, &a->held, payload + a->skip))
		sim_trace_drop(end, CLASP_DROP_OLD_DATA);
	if (end->body.conn.todo & CLASP_TODO_HELD)
		pull(end);
}

/**
 * sim_engine_segment() - a segment arrived for a connection
 * @end: end with a connection
 * @seg: the segment, its checksum right
 * @payload: its @len bytes
 */
void sim_engine_segment(struct sim_end *end, const struct clasp_segment *seg,
			const u8 *payload)
{
	u32 cost = end->received - end->read + sim_body_held_cost(&end->body);
	u32 room = cost < 2 * end->plan->rcvbuf ? U32_MAX : 0;
	struct clasp_segment reply;
	struct clasp_arrival a;

	clasp_input(&end->body.conn, seg, room, sim_end_now_us(end), &a);
	if (a.reset && clasp_segment_reset(seg, &reply)) {
		clasp_tell_out(NULL, &reply, CLASP_SEND_RESET_NOBODY);
		sim_engine_send(end, &reply, 0);
	}
	deliver(end, &a, payload);
	sim_engine_push(end);
}

/**
 * sim_engine_timer() - the connection's timer fires
 * @end: end with a connection
 */
void sim_engine_timer(struct sim_end *end)
{
	sim_check_wake(end);
	clasp_timeout(&end->body.conn, sim_end_now_us(end));
	sim_engine_push(end);
}
