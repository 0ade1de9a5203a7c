// SPDX-License-Identifier: GPL-2.0
/*
 * Virtual time, as a binary heap: see clock.h.
 */
#include <stdlib.h>

#include "clock.h"

void sim_alarm_init(struct sim_alarm *alarm, void (*ring)(void *context),
		    void *context)
{
	*alarm = (struct sim_alarm){ .ring = ring, .context = context };
}

static bool earlier(const struct sim_alarm *a, const struct sim_alarm *b)
{
	return a->at_ns != b->at_ns ? a->at_ns < b->at_ns :
				      a->order < b->order;
}

static void put(struct sim_clock *clock, u32 place, struct sim_alarm *alarm)
{
	clock->heap[place] = alarm;
	alarm->place = place;
}

/* A hole at @place is filled with @alarm, or moves up to where that fits. */
static void rise(struct sim_clock *clock, u32 place, struct sim_alarm *alarm)
{
	while (place > 1 && earlier(alarm, clock->heap[place / 2])) {
		put(clock, place, clock->heap[place / 2]);
		place /= 2;
	}
	put(clock, place, alarm);
}

static void sink(struct sim_clock *clock, u32 place, struct sim_alarm *alarm)
{
	for (;;) {
		u32 child = 2 * place;

		if (child > clock->count)
			break;
		if (child < clock->count &&
		    earlier(clock->heap[child + 1], clock->heap[child]))
			child++;
		if (!earlier(clock->heap[child], alarm))
			break;
		put(clock, place, clock->heap[child]);
		place = child;
	}
	put(clock, place, alarm);
}

/**
 * sim_alarm_stop() - it does not happen
 * @clock: the clock
 * @alarm: set, or not
 */
void sim_alarm_stop(struct sim_clock *clock, struct sim_alarm *alarm)
{
	u32 place = alarm->place;
	struct sim_alarm *last;

	if (!place)
		return;

	alarm->place = 0;
	last = clock->heap[clock->count--];
	if (last == alarm)
		return;
	if (place > 1 && earlier(last, clock->heap[place / 2]))
		rise(clock, place, last);
	else
		sink(clock, place, last);
}

/**
 * sim_alarm_set() - it happens then, and not when it was set for before
 * @clock: the clock
 * @alarm: initialised
 * @at_ns: when; what is past happens now
 */
void sim_alarm_set(struct sim_clock *clock, struct sim_alarm *alarm, u64 at_ns)
{
	sim_alarm_stop(clock, alarm);
	if (clock->count + 1 >= clock->room) {
		clock->room = max(2 * clock->room, 64u);
		clock->heap = realloc(clock->heap,
				      clock->room * sizeof(*clock->heap));
		if (!clock->heap)
			abort();
	}

	alarm->at_ns = max(at_ns, clock->now_ns);
	alarm->order = clock->order++;
	rise(clock, ++clock->count, alarm);
}

/**
 * sim_clock_step() - let the next thing happen
 * @clock: the clock
 * @until_ns: but nothing later than this
 *
 * Return: false when there is none.
 */
bool sim_clock_step(struct sim_clock *clock, u64 until_ns)
{
	struct sim_alarm *alarm;

	if (!clock->count || clock->heap[1]->at_ns > until_ns)
		return false;

	alarm = clock->heap[1];
	sim_alarm_stop(clock, alarm);
	clock->now_ns = alarm->at_ns;
	alarm->ring(alarm->context);

	return true;
}

/**
 * sim_clock_free() - nothing happens any more
 * @clock: the clock
 */
void sim_clock_free(struct sim_clock *clock)
{
	u32 i;

	for (i = 1; i <= clock->count; i++)
		if (clock->heap[i]->owns)
			free(clock->heap[i]->context);
	free(clock->heap);
	clock->heap = NULL;
}
