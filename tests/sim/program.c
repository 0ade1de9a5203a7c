// SPDX-License-Identifier: GPL-2.0
/*
 * The programs: one that writes and reads at its own speed, closes, leaves.
 *
 * After each thing that happens to its connection the engine lets a program
 * take one step, until there is none to take. Pauses are alarms.
 */
#include "endpoint.h"
#include "event.h"
#include "trace.h"
#include "urgent.h"
#include "window.h"

static u64 now(const struct sim_end *end)
{
	return end->sim->clock.now_ns;
}

/* Bytes that the send queue holds. */
static u64 queued(const struct sim_end *end)
{
	const struct clasp_conn *c = &end->body.conn;
	u32 from = clasp_conn_opening(c) ? c->iss + 1 : c->snd_una;

	return seq_after(c->write_seq, from) ? c->write_seq - from : 0;
}

/* One write(2), as far as the buffer has room. Small ones go whole or wait. */
static bool writes(struct sim_end *end)
{
	const struct sim_plan *plan = end->plan;
	u64 left = plan->write - end->written;
	u64 room, len;

	if (!left || end->closed ||
	    !clasp_conn_in(&end->body.conn, CLASP_IN_SENDING))
		return false;
	if (now(end) < end->next_write_ns) {
		sim_alarm_set(&end->sim->clock, &end->writing,
			      end->next_write_ns);
		return false;
	}

	room = plan->sndbuf - min_t(u64, plan->sndbuf, queued(end));
	len = min_t(u64, left, plan->chunk);
	if (room < min_t(u64, len, plan->sndbuf / 3))
		return false;
	len = min(len, room);

	sim_body_write(&end->body, end->written, len);
	if (plan->urgent)
		clasp_urgent_write(&end->body.conn);
	end->written += len;
	end->next_write_ns = now(end) + plan->every;

	return true;
}

/* When it may read again: it stops and goes. */
static u64 read_time(const struct sim_end *end)
{
	const struct sim_plan *plan = end->plan;
	u64 at_ns = max(end->next_read_ns, plan->from);
	u64 round = plan->go + plan->stop;

	at_ns = max(at_ns, now(end));
	if (plan->stop && at_ns % round >= plan->go)
		at_ns += round - at_ns % round;

	return at_ns;
}

static bool wait_to_read(struct sim_end *end)
{
	u64 at_ns = read_time(end);

	if (at_ns <= now(end))
		return false;
	sim_alarm_set(&end->sim->clock, &end->reading, at_ns);

	return true;
}

/* One read(2). */
static bool reads(struct sim_end *end)
{
	struct clasp_conn *c = &end->body.conn;
	const struct sim_plan *plan = end->plan;
	u64 there = end->received - end->read;
	u32 buf = plan->rcvbuf;
	u32 seq;
	u64 used;

	if (end->left || (!there && (!end->eof || end->eof_read)))
		return false;
	if (wait_to_read(end))
		return false;

	if (!there) {
		end->eof_read = true;
		return true;
	}

	if (plan->read)
		there = min_t(u64, plan->read, there);
	seq = c->irs + 1 + (u32)end->read;
	there = clasp_urgent_ahead(c, seq, there);
	clasp_urgent_passed(c, seq + (u32)there);
	end->read += there;
	end->next_read_ns = now(end) + plan->wait;

	/* as clasp_engine_read() does */
	used = end->received - end->read + end->body.held_bytes;
	clasp_window_space(c, buf - min_t(u64, buf, used), buf);
	clasp_window_read(c);

	return true;
}

static bool wants_to_close(const struct sim_end *end)
{
	const struct sim_plan *plan = end->plan;

	if (end->closed || !end->opened || end->written < plan->write)
		return false;

	return plan->close == SIM_CLOSE_DONE ||
	       (plan->close == SIM_CLOSE_EOF && end->eof_read);
}

static void closes(struct sim_end *end)
{
	end->closed = true;
	clasp_conn_close(&end->body.conn, sim_end_now_us(end));
}

/* close(2), after all that was to be read has been read. */
static void leaves(struct sim_end *end)
{
	end->left = true;
	clasp_conn_orphan(&end->body.conn, sim_end_now_us(end));
}

/**
 * sim_program_step() - let the program do the next thing, if there is one
 * @end: its end
 *
 * Return: true if it did something, and the core is to be asked again.
 */
bool sim_program_step(struct sim_end *end)
{
	if (end->over || end->taker != SIM_CONN)
		return false;
	if (reads(end) || writes(end))
		return true;
	if (wants_to_close(end)) {
		closes(end);
		return true;
	}
	if (!end->left && end->closed && end->eof_read) {
		leaves(end);
		return true;
	}

	return false;
}

static void goes_on(void *context)
{
	struct sim_end *end = context;

	if (!end->over && end->taker == SIM_CONN)
		sim_engine_push(end);
}

/**
 * sim_program_close() - shutdown(2) for writing, whatever is written yet
 * @end: its end
 */
void sim_program_close(struct sim_end *end)
{
	if (end->closed || end->taker != SIM_CONN)
		return;

	sim_trace_note(end, "program closes");
	closes(end);
	sim_engine_push(end);
}

/**
 * sim_program_leave() - close(2), whatever was read
 * @end: its end
 *
 * What is unread makes it an abort (RFC 2525, section 2.17).
 */
void sim_program_leave(struct sim_end *end)
{
	if (end->left || end->taker != SIM_CONN)
		return;

	sim_trace_note(end, "program leaves");
	end->gave_up = true;
	if (end->received != end->read)
		clasp_conn_abort(&end->body.conn, CLASP_SEND_RESET_UNREAD);
	else if (!end->closed)
		closes(end);
	leaves(end);
	sim_engine_push(end);
}

/**
 * sim_program_abort() - the program ends it at once
 * @end: its end
 */
void sim_program_abort(struct sim_end *end)
{
	if (end->taker != SIM_CONN)
		return;

	sim_trace_note(end, "program aborts");
	end->gave_up = true;
	end->left = true;
	clasp_conn_abort(&end->body.conn, CLASP_SEND_RESET_ABORT);
	sim_engine_push(end);
}

static void closes_now(void *context)
{
	sim_program_close(context);
}

static void leaves_now(void *context)
{
	sim_program_leave(context);
}

static void aborts_now(void *context)
{
	sim_program_abort(context);
}

static void at(struct sim_end *end, struct sim_alarm *alarm,
	       void (*ring)(void *context), u64 at_ns)
{
	sim_alarm_init(alarm, ring, end);
	if (at_ns != SIM_NEVER)
		sim_alarm_set(&end->sim->clock, alarm, at_ns);
}

/**
 * sim_program_init() - a program and its plan
 * @end: its end
 */
void sim_program_init(struct sim_end *end)
{
	const struct sim_plan *plan = end->plan;

	at(end, &end->writing, goes_on, SIM_NEVER);
	at(end, &end->reading, goes_on, SIM_NEVER);
	at(end, &end->closing, closes_now, plan->close_at);
	at(end, &end->leaving, leaves_now, plan->leave_at);
	at(end, &end->aborting, aborts_now, plan->abort_at);
}

/**
 * sim_program_stop() - the connection is over; nothing to wait for
 * @end: its end
 *
 * What has arrived can still be read.
 */
void sim_program_stop(struct sim_end *end)
{
	struct sim_clock *clock = &end->sim->clock;

	if (!end->left) {
		end->read = end->received;
		end->eof_read = end->eof;
	}
	sim_alarm_stop(clock, &end->writing);
	sim_alarm_stop(clock, &end->reading);
	sim_alarm_stop(clock, &end->closing);
	sim_alarm_stop(clock, &end->leaving);
	sim_alarm_stop(clock, &end->aborting);
}
