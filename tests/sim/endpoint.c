// SPDX-License-Identifier: GPL-2.0
/*
 * Who takes what arrives at an end: a listener, an embryo, a connection,
 * TIME_WAIT's mini-socket, or nobody.
 */
#include <stdlib.h>

#include "endpoint.h"
#include "event.h"
#include "output.h"
#include "packet.h"
#include "trace.h"

/* Whose core is asked: mini-sockets do not say it in their events. */
static struct sim_end *speaking;

struct sim_end *sim_end_speaking(void)
{
	return speaking;
}

u8 sim_end_state(const struct sim_end *end)
{
	switch (end->taker) {
	case SIM_LISTENER:
		return CLASP_LISTEN;
	case SIM_EMBRYO:
		return end->embryo.state;
	case SIM_TIMEWAIT:
		return CLASP_TIME_WAIT;
	case SIM_CONN:
		return end->body.conn.state;
	default:
		return CLASP_CLOSED;
	}
}

/**
 * sim_end_arm() - set the one timer
 * @end: the end
 */
void sim_end_arm(struct sim_end *end)
{
	u64 at_us = 0;

	switch (end->taker) {
	case SIM_EMBRYO:
		at_us = end->embryo.sent_us + clasp_embryo_wait(&end->embryo);
		break;
	case SIM_TIMEWAIT:
		at_us = end->tw.expires_us;
		break;
	case SIM_CONN:
		at_us = clasp_output_wake(&end->body.conn, sim_end_now_us(end));
		break;
	default:
		break;
	}

	if (at_us)
		sim_alarm_set(&end->sim->clock, &end->timer,
			      sim_from_us(at_us));
	else
		sim_alarm_stop(&end->sim->clock, &end->timer);
}

static void syn_ack(struct sim_end *end)
{
	struct clasp_segment seg;

	clasp_embryo_syn_ack(&end->embryo, sim_end_now_us(end), &seg);
	sim_engine_send(end, &seg, 0);
}

static void timer_rings(void *context)
{
	struct sim_end *end = context;

	speaking = end;
	switch (end->taker) {
	case SIM_EMBRYO:
		if (clasp_embryo_timeout(&end->embryo,
					 &end->sim->scenario.settings) ==
		    CLASP_MINI_SYN_ACK)
			syn_ack(end);
		else
			end->taker = SIM_LISTENER;
		sim_end_arm(end);
		break;
	case SIM_TIMEWAIT:
		clasp_conn_move(&end->body.conn, CLASP_ON_TIMEOUT);
		end->taker = SIM_NOBODY;
		break;
	case SIM_CONN:
		sim_engine_timer(end);
		break;
	default:
		break;
	}
}

static void opens(void *context)
{
	struct sim_end *end = context;

	speaking = end;
	end->opened_ns = end->sim->clock.now_ns;
	sim_engine_connect(end);
}

/**
 * sim_end_init() - an end, its program about to listen or to open
 * @end: filled in
 * @sim: the run
 * @number: of the connection
 * @client: which end of it
 */
void sim_end_init(struct sim_end *end, struct sim *sim, u32 number, bool client)
{
	*end = (struct sim_end){
		.sim	= sim,
		.number	= number,
		.client	= client,
		.out	= &sim->links[client],
		.plan	= client ? &sim->scenario.client :
				   &sim->scenario.server,
	};
	clasp_conn_init(&end->body.conn, &sim->scenario.settings);
	end->watch.state = CLASP_CLOSED;
	sim_alarm_init(&end->timer, timer_rings, end);
	sim_alarm_init(&end->opening, opens, end);
	sim_program_init(end);

	speaking = end;
	if (end->plan->open == SIM_NEVER) {
		clasp_conn_move(&end->body.conn, CLASP_ON_LISTEN);
		end->body.conn.todo = 0;
		end->taker = SIM_LISTENER;
	} else {
		sim_alarm_set(&sim->clock, &end->opening, end->plan->open);
	}
}

void sim_end_free(struct sim_end *end)
{
	sim_body_purge(&end->body);
}

static void answer(struct sim_end *end, enum clasp_mini how,
		   const struct clasp_segment *seg)
{
	struct clasp_segment reply;

	if (how == CLASP_MINI_RESET) {
		if (!clasp_segment_reset(seg, &reply))
			return;
		clasp_tell_out(NULL, &reply, CLASP_SEND_RESET_NOBODY);
	} else if (how == CLASP_MINI_ACK && end->taker == SIM_EMBRYO) {
		clasp_embryo_ack(&end->embryo, sim_end_now_us(end), &reply);
	} else if (how == CLASP_MINI_ACK) {
		clasp_timewait_ack(&end->tw, sim_end_now_us(end), &reply);
	} else {
		return;
	}
	sim_engine_send(end, &reply, 0);
}

static void listener_input(struct sim_end *end, const struct clasp_segment *seg)
{
	struct clasp_embryo_setup setup = {
		.rcv_wnd	= end->plan->rcvbuf,
		.adv_mss	= end->plan->mtu - SIM_IP_HEADER -
				  CLASP_HDR_MIN,
		.default_mss	= CLASP_MSS_DEFAULT_V4,
	};
	enum clasp_drop why = CLASP_DROP_NONE;
	enum clasp_mini how;

	how = clasp_listen_input(seg, &why);
	if (how != CLASP_MINI_OPEN) {
		sim_trace_drop(end, why);
		answer(end, how, seg);
		return;
	}

	setup.iss = sim_random(&end->sim->chance);
	setup.ts_offset = sim_random(&end->sim->chance);
	if (end->sim->scenario.settings.isn_fixed)
		setup.iss = 5000;
	clasp_embryo_init(&end->embryo, &end->sim->scenario.settings, seg,
			  &setup, sim_end_now_us(end));
	end->taker = SIM_EMBRYO;
	syn_ack(end);
	sim_end_arm(end);
}

static void embryo_input(struct sim_end *end, const struct clasp_segment *seg,
			 const u8 *payload)
{
	enum clasp_drop why = CLASP_DROP_NONE;
	enum clasp_mini how;

	how = clasp_embryo_input(&end->embryo, &end->sim->scenario.settings,
				 seg, sim_end_now_us(end), &why);
	if (how == CLASP_MINI_OPEN) {
		clasp_conn_init(&end->body.conn,
				&end->sim->scenario.settings);
		sim_engine_setup(end);
		clasp_embryo_hatch(&end->embryo, &end->body.conn);
		end->taker = SIM_CONN;
		sim_engine_segment(end, seg, payload);
		return;
	}

	if (why)
		sim_trace_drop(end, why);
	if (how == CLASP_MINI_SYN_ACK)
		syn_ack(end);
	answer(end, how, seg);
	if (how == CLASP_MINI_END)
		end->taker = SIM_LISTENER;
	sim_end_arm(end);
}

/* A port of ours is not opened a second time: there is no new incarnation. */
static void timewait_input(struct sim_end *end, const struct clasp_segment *seg)
{
	enum clasp_drop why = CLASP_DROP_NONE;
	enum clasp_mini how;

	how = clasp_timewait_input(&end->tw, &end->sim->scenario.settings, seg,
				   sim_end_now_us(end), &why);
	if (why)
		sim_trace_drop(end, why);
	answer(end, how, seg);
	sim_end_arm(end);
}

/**
 * sim_end_segment() - a segment arrives
 * @end: where
 * @seg: the segment, its checksum right
 * @payload: its @len bytes
 */
void sim_end_segment(struct sim_end *end, const struct clasp_segment *seg,
		     const u8 *payload)
{
	speaking = end;
	sim_check_arrived(end, seg);
	switch (end->taker) {
	case SIM_LISTENER:
		listener_input(end, seg);
		break;
	case SIM_EMBRYO:
		embryo_input(end, seg, payload);
		break;
	case SIM_CONN:
		sim_engine_segment(end, seg, payload);
		break;
	case SIM_TIMEWAIT:
		timewait_input(end, seg);
		break;
	case SIM_NOBODY:
		sim_trace_drop(end, CLASP_DROP_NO_SOCKET);
		answer(end, CLASP_MINI_RESET, seg);
		break;
	}
}

/**
 * sim_end_packet() - a packet arrives
 * @end: where
 * @p: the packet; stays the caller's
 */
void sim_end_packet(struct sim_end *end, struct sim_packet *p)
{
	struct clasp_segment seg;
	enum clasp_drop drop;

	speaking = end;
	drop = sim_packet_parse(p, !end->client, &seg);
	if (p->corrupt && !drop)
		sim_fail(end->sim, "a corrupt segment has a right checksum");
	if (drop) {
		sim_trace_drop(end, drop);
		return;
	}

	sim_end_segment(end, &seg, p->bytes + seg.hdr_len);
}

/* ICMP "fragmentation needed", on its way back. */
struct too_big {
	struct sim_alarm	alarm;
	struct sim_end		*end;
	u32			seq;
	u32			mtu;
};

static void too_big_arrives(void *context)
{
	struct too_big *news = context;
	struct sim_end *end = news->end;
	struct clasp_conn *c = &end->body.conn;

	speaking = end;
	end->sim->under_way--;
	if (end->taker == SIM_CONN && clasp_conn_icmp_current(c, news->seq)) {
		sim_trace_note(end, "ICMP: too big for the path");
		clasp_conn_path_mss(c, news->mtu - SIM_IP_HEADER -
				       CLASP_HDR_MIN);
		sim_engine_push(end);
	}
	free(news);
}

/**
 * sim_end_too_big() - a router tells that a packet did not fit
 * @end: who sent it
 * @p: the packet
 * @mtu: what fits
 */
void sim_end_too_big(struct sim_end *end, const struct sim_packet *p, u32 mtu)
{
	struct too_big *news = calloc(1, sizeof(*news));
	struct sim_clock *clock = &end->sim->clock;

	if (!news)
		abort();
	news->end = end;
	news->seq = p->segment.seq;
	news->mtu = mtu;
	end->sim->under_way++;
	sim_alarm_init(&news->alarm, too_big_arrives, news);
	news->alarm.owns = true;
	sim_alarm_set(clock, &news->alarm,
		      clock->now_ns + 2 * end->out->plan.delay);
}
