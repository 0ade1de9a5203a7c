/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The core's one event hook: what happened, and why.
 *
 * Tracepoints, ladders, plots and tests drink from this well. A body defines
 * clasp_event_wanted() and clasp_event_report() in its clasp_body.h; where
 * nobody listens, an event costs one predicted branch.
 */
#ifndef CLASP_CORE_EVENT_H
#define CLASP_CORE_EVENT_H

#include "conn.h"

enum clasp_event_kind {
	CLASP_EVENT_SEGMENT_IN,
	CLASP_EVENT_SEGMENT_OUT,	/* why */
	CLASP_EVENT_RETRANSMIT,		/* why; follows its SEGMENT_OUT */
	CLASP_EVENT_STATE,		/* transition */
	CLASP_EVENT_DROP,		/* drop */
	CLASP_EVENT_TIMER,		/* timer */
	CLASP_EVENT_CWND,		/* why: what made it change */
};

/* Why the congestion window changed. */
#define CLASP_CWND_REASONS(X)						       \
	X(INITIAL,	"initial window")				       \
	X(SLOW_START,	"slow start")					       \
	X(AVOIDANCE,	"congestion avoidance")				       \
	X(LOSS,		"third duplicate ACK")				       \
	X(REDUCE,	"proportional rate reduction")			       \
	X(RECOVERED,	"recovery ends")				       \
	X(TIMEOUT,	"retransmission timer")				       \
	X(ECN,		"congestion experienced")			       \
	X(UNDO,		"recovery was spurious")			       \
	X(RESTART,	"restart after a pause")			       \
	X(UNUSED,	"not used for long")			       \
	X(MODEL,	"model of the path")

enum clasp_cwnd_why {
#define X(name, text) CLASP_CWND_##name,
	CLASP_CWND_REASONS(X)
#undef X
	CLASP_CWND_MAX,
};

/**
 * struct clasp_event - one thing that happened
 * @kind: which of the members below are set
 * @conn: the connection; NULL when a mini-socket or nobody was meant
 * @segment: segment in, segment out, retransmit; drop, unless it was too
 *	malformed to be one
 * @transition: state: the row of the table
 * @send: segment out, retransmit: why
 * @drop: drop: why
 * @timer: timer: which one fired
 * @cwnd: cwnd: why; the values are in @conn
 */
struct clasp_event {
	enum clasp_event_kind		kind;
	const struct clasp_conn		*conn;
	const struct clasp_segment	*segment;
	const struct clasp_transition	*transition;
	enum clasp_send			send;
	enum clasp_drop			drop;
	enum clasp_timer		timer;
	enum clasp_cwnd_why		cwnd;
};

#include "clasp_body.h"

static inline void clasp_tell_in(const struct clasp_conn *c,
				 const struct clasp_segment *seg)
{
	if (clasp_event_wanted())
		clasp_event_report(&(struct clasp_event){
			.kind = CLASP_EVENT_SEGMENT_IN,
			.conn = c, .segment = seg });
}

static inline void clasp_tell_out(const struct clasp_conn *c,
				  const struct clasp_segment *seg,
				  enum clasp_send why)
{
	if (!clasp_event_wanted())
		return;

	clasp_event_report(&(struct clasp_event){
		.kind = CLASP_EVENT_SEGMENT_OUT,
		.conn = c, .segment = seg, .send = why });
	if (clasp_send_is_rtx(why))
		clasp_event_report(&(struct clasp_event){
			.kind = CLASP_EVENT_RETRANSMIT,
			.conn = c, .segment = seg, .send = why });
}

static inline void clasp_tell_state(const struct clasp_conn *c,
				    const struct clasp_transition *row)
{
	if (clasp_event_wanted())
		clasp_event_report(&(struct clasp_event){
			.kind = CLASP_EVENT_STATE,
			.conn = c, .transition = row });
}

static inline void clasp_tell_drop(const struct clasp_conn *c,
				   const struct clasp_segment *seg,
				   enum clasp_drop why)
{
	if (clasp_event_wanted())
		clasp_event_report(&(struct clasp_event){
			.kind = CLASP_EVENT_DROP,
			.conn = c, .segment = seg, .drop = why });
}

static inline void clasp_tell_timer(const struct clasp_conn *c,
				    enum clasp_timer timer)
{
	if (clasp_event_wanted())
		clasp_event_report(&(struct clasp_event){
			.kind = CLASP_EVENT_TIMER,
			.conn = c, .timer = timer });
}

static inline void clasp_tell_cwnd(const struct clasp_conn *c,
				   enum clasp_cwnd_why why)
{
	if (clasp_event_wanted())
		clasp_event_report(&(struct clasp_event){
			.kind = CLASP_EVENT_CWND, .conn = c, .cwnd = why });
}

#endif
