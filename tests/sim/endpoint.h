/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One end of a connection: a core, its body, the program, and who stands
 * watch over them.
 */
#ifndef SIM_ENDPOINT_H
#define SIM_ENDPOINT_H

#include "body/body.h"
#include "embryo.h"
#include "sim.h"
#include "timewait.h"

struct clasp_event;
struct clasp_tx;
struct sim_packet;

/* Who takes what arrives. */
enum sim_taker {
	SIM_NOBODY,
	SIM_LISTENER,
	SIM_EMBRYO,
	SIM_CONN,
	SIM_TIMEWAIT,
};

/**
 * struct sim_watch - what invariants remember of an end (invariant.c)
 * @state: as the table said last
 * @visited: all states that it was in, 1 << state
 * @edge: the highest right edge that the peer's segments told
 * @edge_known: there is one
 * @told_edge: the right edge that we told last
 * @told_ack: the acknowledgment that we told last
 * @told_known: there are these
 * @una: snd_una as it was
 * @nxt: snd_nxt as it was
 * @checks: how often it was looked at
 * @rings: timers that fired without progress ...
 * @rings_since_ns: ... since then
 * @wakes_now: how often it was woken at one and the same time ...
 * @wake_ns: ... which is this
 */
struct sim_watch {
	u8	state;
	u32	visited;
	u32	edge;
	bool	edge_known;
	u32	told_edge;
	u32	told_ack;
	bool	told_known;
	u32	una;
	u32	nxt;
	u32	checks;
	u32	rings;
	u64	rings_since_ns;
	u32	wakes_now;
	u64	wake_ns;
};

/* What happened, for expectations. */
struct sim_tally {
	u32	why[CLASP_SEND_MAX];
	u32	drop[CLASP_DROP_MAX];
	u32	timers[CLASP_TIMER_MAX];
	u32	cwnd_max;
	u64	segments;
};

/**
 * struct sim_end - one end
 * @body: the connection and its queues
 * @sim: the run
 * @peer: the other end
 * @out: where its packets leave
 * @client: it is the client
 * @number: of the connection, from 0 on
 * @plan: what the program does
 * @taker: who takes what arrives
 * @embryo: while that is the embryo
 * @tw: while that is TIME_WAIT's mini-socket
 * @timer: the core's
 * @writing: the program's next write
 * @reading: its next read
 * @opening: when it opens actively
 * @closing: when it closes, whatever it has written
 * @leaving: when it leaves, whatever it has read
 * @aborting: when it aborts
 * @why: why the segment leaves that the core told of last
 *
 * @written: bytes that the program wrote
 * @received: bytes that arrived in order: a prefix of what the peer wrote
 * @read: bytes that the program read
 * @next_write_ns: it does not write before that
 * @next_read_ns: nor read before that
 * @eof: the peer's FIN was taken
 * @eof_read: and the program knows
 * @closed: the program closed its direction
 * @left: no program holds the connection
 * @gave_up: it aborted, or left before the peer had ended
 * @opened: the connection was established
 * @over: it is over
 * @error: errno that ended it, positive
 * @opened_ns: when it was opened
 * @received_ns: when the last byte arrived
 * @carried: bytes that the link to here could have carried until then
 * @over_ns: when it was over
 * @watch: invariants'
 * @tally: what happened
 */
struct sim_end {
	struct sim_body		body;
	struct sim		*sim;
	struct sim_end		*peer;
	struct sim_link		*out;
	bool			client;
	u32			number;
	const struct sim_plan	*plan;

	enum sim_taker		taker;
	struct clasp_embryo	embryo;
	struct clasp_timewait	tw;
	struct sim_alarm	timer;
	struct sim_alarm	writing;
	struct sim_alarm	reading;
	struct sim_alarm	opening;
	struct sim_alarm	closing;
	struct sim_alarm	leaving;
	struct sim_alarm	aborting;
	enum clasp_send		why;

	u64			written;
	u64			received;
	u64			read;
	u64			next_write_ns;
	u64			next_read_ns;
	bool			eof;
	bool			eof_read;
	bool			closed;
	bool			left;
	bool			gave_up;
	bool			opened;
	bool			over;
	int			error;
	u64			opened_ns;
	u64			received_ns;
	double			carried;
	u64			over_ns;

	struct sim_watch	watch;
	struct sim_tally	tally;
};

static inline struct sim_end *sim_end_of(const struct clasp_conn *c)
{
	return (void *)((char *)c - offsetof(struct sim_end, body.conn));
}

static inline u64 sim_end_now_us(const struct sim_end *end)
{
	return sim_now_us(&end->sim->clock);
}

/* endpoint.c: who takes what arrives */
void sim_end_init(struct sim_end *end, struct sim *sim, u32 number,
		  bool client);
void sim_end_free(struct sim_end *end);
void sim_end_packet(struct sim_end *end, struct sim_packet *p);
void sim_end_too_big(struct sim_end *end, const struct sim_packet *p, u32 mtu);
void sim_end_segment(struct sim_end *end, const struct clasp_segment *seg,
		     const u8 *payload);
u8 sim_end_state(const struct sim_end *end);
struct sim_end *sim_end_speaking(void);

/* engine.c: between an end and its core */
void sim_engine_setup(struct sim_end *end);
void sim_engine_connect(struct sim_end *end);
void sim_engine_segment(struct sim_end *end, const struct clasp_segment *seg,
			const u8 *payload);
void sim_engine_timer(struct sim_end *end);
void sim_engine_push(struct sim_end *end);
void sim_engine_send(struct sim_end *end, const struct clasp_segment *seg,
		     u64 offset);
void sim_end_arm(struct sim_end *end);

/* program.c: what reads and writes */
void sim_program_init(struct sim_end *end);
bool sim_program_step(struct sim_end *end);
void sim_program_stop(struct sim_end *end);
void sim_program_close(struct sim_end *end);
void sim_program_leave(struct sim_end *end);
void sim_program_abort(struct sim_end *end);

/* invariant.c: what must always hold */
void sim_check_event(struct sim_end *end, const struct clasp_event *event);
void sim_check_arrived(struct sim_end *end, const struct clasp_segment *seg);
void sim_check_sent(struct sim_end *end, const struct clasp_segment *seg);
void sim_check_tx(struct sim_end *end, const struct clasp_tx *tx);
void sim_check(struct sim_end *end);
void sim_check_wake(struct sim_end *end);
void sim_check_finish(struct sim *sim);

#endif
