/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tracepoints: what the core tells, for perf, trace-cmd, bpftrace and people.
 *
 * All are fed by clasp_event_report() (trace.c). Ours is the address on the
 * left, the peer's the one on the right.
 */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM clasp

#if !defined(CLASP_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define CLASP_TRACE_H

#include <linux/in6.h>
#include <linux/tracepoint.h>

#include "event.h"

#ifndef CLASP_TRACE_NAMES
#define CLASP_TRACE_NAMES

void clasp_trace_ends(const struct clasp_event *event, void *local,
		      void *remote);
int clasp_trace_on(void);
void clasp_trace_off(void);

#endif

#define CLASP_ENUM_STATE(name, number)		TRACE_DEFINE_ENUM(CLASP_##name);
#define CLASP_ENUM_MOVE(name, text)		TRACE_DEFINE_ENUM(CLASP_ON_##name);
#define CLASP_ENUM_SEND(name, counter, text)	TRACE_DEFINE_ENUM(CLASP_SEND_##name);
#define CLASP_ENUM_DROP(name, counter, text)	TRACE_DEFINE_ENUM(CLASP_DROP_##name);
#define CLASP_ENUM_CWND(name, text)		TRACE_DEFINE_ENUM(CLASP_CWND_##name);

CLASP_STATES(CLASP_ENUM_STATE)
CLASP_MOVES(CLASP_ENUM_MOVE)
CLASP_SEND_REASONS(CLASP_ENUM_SEND)
CLASP_DROP_REASONS(CLASP_ENUM_DROP)
CLASP_CWND_REASONS(CLASP_ENUM_CWND)
TRACE_DEFINE_ENUM(CLASP_STATE_MAX);
TRACE_DEFINE_ENUM(CLASP_ON_MAX);
TRACE_DEFINE_ENUM(CLASP_SEND_MAX);
TRACE_DEFINE_ENUM(CLASP_DROP_MAX);
TRACE_DEFINE_ENUM(CLASP_CWND_MAX);

#define CLASP_TEXT_STATE(name, number)		{ CLASP_##name, #name },
#define CLASP_TEXT_MOVE(name, text)		{ CLASP_ON_##name, text },
#define CLASP_TEXT_SEND(name, counter, text)	{ CLASP_SEND_##name, text },
#define CLASP_TEXT_DROP(name, counter, text)	{ CLASP_DROP_##name, text },
#define CLASP_TEXT_CWND(name, text)		{ CLASP_CWND_##name, text },

#define clasp_show_state(value)						       \
	__print_symbolic(value, CLASP_STATES(CLASP_TEXT_STATE)		       \
			 { CLASP_STATE_MAX, "?" })
#define clasp_show_move(value)						       \
	__print_symbolic(value, CLASP_MOVES(CLASP_TEXT_MOVE)		       \
			 { CLASP_ON_MAX, "?" })
#define clasp_show_send(value)						       \
	__print_symbolic(value, CLASP_SEND_REASONS(CLASP_TEXT_SEND)	       \
			 { CLASP_SEND_MAX, "?" })
#define clasp_show_drop(value)						       \
	__print_symbolic(value, CLASP_DROP_REASONS(CLASP_TEXT_DROP)	       \
			 { CLASP_DROP_MAX, "?" })
#define clasp_show_cwnd(value)						       \
	__print_symbolic(value, CLASP_CWND_REASONS(CLASP_TEXT_CWND)	       \
			 { CLASP_CWND_MAX, "?" })
#define clasp_show_flags(value)						       \
	__print_flags(value, " ",					       \
		      { CLASP_SYN, "SYN" }, { CLASP_FIN, "FIN" },	       \
		      { CLASP_RST, "RST" }, { CLASP_ACK, "ACK" },	       \
		      { CLASP_PSH, "PSH" }, { CLASP_URG, "URG" },	       \
		      { CLASP_ECE, "ECE" }, { CLASP_CWR, "CWR" })

TRACE_EVENT_FN(clasp_state,

	TP_PROTO(const struct clasp_event *event),

	TP_ARGS(event),

	TP_STRUCT__entry(
		__array(u8, local, sizeof(struct sockaddr_in6))
		__array(u8, remote, sizeof(struct sockaddr_in6))
		__field(u8, from)
		__field(u8, move)
		__field(u8, to)
	),

	TP_fast_assign(
		clasp_trace_ends(event, __entry->local, __entry->remote);
		__entry->from = event->transition->from;
		__entry->move = event->transition->move;
		__entry->to = event->transition->to;
	),

	TP_printk("%pISpc %pISpc %s -> %s: %s",
		  __entry->local, __entry->remote,
		  clasp_show_state(__entry->from),
		  clasp_show_state(__entry->to),
		  clasp_show_move(__entry->move)),

	clasp_trace_on, clasp_trace_off
);

TRACE_EVENT_FN(clasp_segment_in,

	TP_PROTO(const struct clasp_event *event),

	TP_ARGS(event),

	TP_STRUCT__entry(
		__array(u8, local, sizeof(struct sockaddr_in6))
		__array(u8, remote, sizeof(struct sockaddr_in6))
		__field(u32, seq)
		__field(u32, ack)
		__field(u32, len)
		__field(u32, window)
		__field(u8, flags)
	),

	TP_fast_assign(
		clasp_trace_ends(event, __entry->local, __entry->remote);
		__entry->seq = event->segment->seq;
		__entry->ack = event->segment->ack;
		__entry->len = event->segment->len;
		__entry->window = event->segment->window;
		__entry->flags = event->segment->flags;
	),

	TP_printk("%pISpc < %pISpc %s seq=%u ack=%u len=%u win=%u",
		  __entry->local, __entry->remote,
		  clasp_show_flags(__entry->flags), __entry->seq, __entry->ack,
		  __entry->len, __entry->window),

	clasp_trace_on, clasp_trace_off
);

DECLARE_EVENT_CLASS(clasp_sent,

	TP_PROTO(const struct clasp_event *event),

	TP_ARGS(event),

	TP_STRUCT__entry(
		__array(u8, local, sizeof(struct sockaddr_in6))
		__array(u8, remote, sizeof(struct sockaddr_in6))
		__field(u32, seq)
		__field(u32, ack)
		__field(u32, len)
		__field(u32, window)
		__field(u8, flags)
		__field(u8, why)
	),

	TP_fast_assign(
		clasp_trace_ends(event, __entry->local, __entry->remote);
		__entry->seq = event->segment->seq;
		__entry->ack = event->segment->ack;
		__entry->len = event->segment->len;
		__entry->window = event->segment->window;
		__entry->flags = event->segment->flags;
		__entry->why = event->send;
	),

	TP_printk("%pISpc > %pISpc %s seq=%u ack=%u len=%u win=%u: %s",
		  __entry->local, __entry->remote,
		  clasp_show_flags(__entry->flags), __entry->seq, __entry->ack,
		  __entry->len, __entry->window,
		  clasp_show_send(__entry->why))
);

DEFINE_EVENT_FN(clasp_sent, clasp_segment_out,

	TP_PROTO(const struct clasp_event *event),

	TP_ARGS(event),

	clasp_trace_on, clasp_trace_off
);

DEFINE_EVENT_FN(clasp_sent, clasp_retransmit,

	TP_PROTO(const struct clasp_event *event),

	TP_ARGS(event),

	clasp_trace_on, clasp_trace_off
);

TRACE_EVENT_FN(clasp_cwnd,

	TP_PROTO(const struct clasp_event *event),

	TP_ARGS(event),

	TP_STRUCT__entry(
		__array(u8, local, sizeof(struct sockaddr_in6))
		__array(u8, remote, sizeof(struct sockaddr_in6))
		__field(u32, seq)
		__field(u32, ack)
		__field(u32, flight)
		__field(u32, window)
		__field(u32, cwnd)
		__field(u32, ssthresh)
		__field(u32, srtt_us)
		__field(u8, why)
	),

	TP_fast_assign(
		clasp_trace_ends(event, __entry->local, __entry->remote);
		__entry->seq = event->conn->snd_nxt;
		__entry->ack = event->conn->snd_una;
		__entry->flight = clasp_conn_flight(event->conn);
		__entry->window = event->conn->snd_wnd;
		__entry->cwnd = event->conn->cong.cwnd;
		__entry->ssthresh = event->conn->cong.ssthresh;
		__entry->srtt_us = event->conn->rto.srtt_us;
		__entry->why = event->cwnd;
	),

	TP_printk("%pISpc %pISpc cwnd=%u ssthresh=%u flight=%u snd_nxt=%u snd_una=%u snd_wnd=%u srtt_us=%u: %s",
		  __entry->local, __entry->remote, __entry->cwnd,
		  __entry->ssthresh, __entry->flight, __entry->seq,
		  __entry->ack, __entry->window, __entry->srtt_us,
		  clasp_show_cwnd(__entry->why)),

	clasp_trace_on, clasp_trace_off
);

TRACE_EVENT_FN(clasp_drop,

	TP_PROTO(const struct clasp_event *event),

	TP_ARGS(event),

	TP_STRUCT__entry(
		__array(u8, local, sizeof(struct sockaddr_in6))
		__array(u8, remote, sizeof(struct sockaddr_in6))
		__field(u32, seq)
		__field(u32, ack)
		__field(u32, len)
		__field(u32, window)
		__field(u8, flags)
		__field(u8, why)
	),

	TP_fast_assign(
		const struct clasp_segment *seg = event->segment;

		clasp_trace_ends(event, __entry->local, __entry->remote);
		__entry->seq = seg ? seg->seq : 0;
		__entry->ack = seg ? seg->ack : 0;
		__entry->len = seg ? seg->len : 0;
		__entry->window = seg ? seg->window : 0;
		__entry->flags = seg ? seg->flags : 0;
		__entry->why = event->drop;
	),

	TP_printk("%pISpc < %pISpc %s seq=%u ack=%u len=%u win=%u: %s",
		  __entry->local, __entry->remote,
		  clasp_show_flags(__entry->flags), __entry->seq, __entry->ack,
		  __entry->len, __entry->window,
		  clasp_show_drop(__entry->why)),

	clasp_trace_on, clasp_trace_off
);

#endif

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH sight
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
