/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Virtual time: what is going to happen, the earliest first.
 *
 * Nothing waits. The time jumps from one event to the next, so that minutes of
 * a slow path pass in milliseconds. Events of the same time happen in the order
 * in which they were set, or a seed would not replay.
 */
#ifndef SIM_CLOCK_H
#define SIM_CLOCK_H

#include "base.h"

#define SIM_US	1000ull			/* nanoseconds */
#define SIM_MS	(1000 * SIM_US)
#define SIM_S	(1000 * SIM_MS)

/**
 * struct sim_alarm - something that is going to happen, once
 * @at_ns: when
 * @order: which of those at the same time comes first
 * @place: where it lies in the heap, from 1 on; 0 when it is not set
 * @ring: what happens
 * @context: given to @ring
 * @owns: @context came from malloc(), and goes with an alarm that never rings
 */
struct sim_alarm {
	u64		at_ns;
	u64		order;
	u32		place;
	void		(*ring)(void *context);
	void		*context;
	bool		owns;
};

/**
 * struct sim_clock - the time, and a binary heap of alarms
 * @now_ns: the time
 * @order: alarms set so far
 * @heap: from index 1 on; no alarm rings before heap[1]
 * @count: alarms in @heap
 * @room: length of @heap
 */
struct sim_clock {
	u64			now_ns;
	u64			order;
	struct sim_alarm	**heap;
	u32			count;
	u32			room;
};

void sim_alarm_init(struct sim_alarm *alarm, void (*ring)(void *context),
		    void *context);
void sim_alarm_set(struct sim_clock *clock, struct sim_alarm *alarm, u64 at_ns);
void sim_alarm_stop(struct sim_clock *clock, struct sim_alarm *alarm);
bool sim_clock_step(struct sim_clock *clock, u64 until_ns);
void sim_clock_free(struct sim_clock *clock);

/* The core's time; it never begins at 0, which means "not set". */
static inline u64 sim_now_us(const struct sim_clock *clock)
{
	return USEC_PER_SEC + clock->now_ns / 1000;
}

/* When the core's @at_us is on our clock. */
static inline u64 sim_from_us(u64 at_us)
{
	return at_us > USEC_PER_SEC ? (at_us - USEC_PER_SEC) * 1000 : 0;
}

#endif
