// SPDX-License-Identifier: GPL-2.0
/*
 * The queue before a link, and who manages it.
 *
 * Drop-tail keeps what fits. CoDel (RFC 8289) looks at how long a packet waited
 * when it leaves; RED (RFC 2309, Floyd and Jacobson) at the average length when
 * one comes. Both mark a packet that may be marked where they would drop it.
 */
#include <math.h>
#include <stdlib.h>

#include "sim.h"
#include "packet.h"

#define CODEL_TARGET	(5 * SIM_MS)
#define CODEL_INTERVAL	(100 * SIM_MS)

#define RED_SHIFT	6	/* weight of a new length: 1/64 */
#define RED_MAX_P	100000	/* ppm, where the average is at its upper mark */

static void append(struct sim_link *link, struct sim_packet *p)
{
	p->next = NULL;
	if (link->head)
		link->tail->next = p;
	else
		link->head = p;
	link->tail = p;
	link->queued += sim_packet_size(p);
}

static struct sim_packet *take(struct sim_link *link)
{
	struct sim_packet *p = link->head;

	if (p) {
		link->head = p->next;
		link->queued -= sim_packet_size(p);
	}

	return p;
}

static bool mark(struct sim_link *link, struct sim_packet *p)
{
	if (!link->plan.ecn || !p->ect)
		return false;

	p->ce = true;
	link->counts.marked++;

	return true;
}

/* Between a quarter and three quarters of the queue: more and more likely. */
static bool red_drops(struct sim_link *link)
{
	u32 low = link->plan.queue / 4, high = link->plan.queue / 4 * 3;
	u64 average;

	link->red_average += ((u64)link->queued << 8) >> RED_SHIFT;
	link->red_average -= link->red_average >> RED_SHIFT;
	average = link->red_average >> 8;

	if (average < low)
		return false;
	if (average >= high)
		return true;

	return sim_happens(&link->chance,
			   RED_MAX_P * (average - low) / (high - low) + 1);
}

/**
 * sim_queue_put() - a packet comes to the queue
 * @link: its link
 * @p: the packet; it is the queue's, or gone
 *
 * Return: false when it was dropped.
 */
bool sim_queue_put(struct sim_link *link, struct sim_packet *p)
{
	if (link->queued + sim_packet_size(p) > link->plan.queue) {
		sim_link_lose(link, p, SIM_FATE_FULL);
		return false;
	}
	if (link->plan.aqm == SIM_RED && red_drops(link) && !mark(link, p)) {
		sim_link_lose(link, p, SIM_FATE_AQM);
		return false;
	}

	p->queued_ns = link->sim->clock.now_ns;
	append(link, p);

	return true;
}

/* RFC 8289, section 5.5: has the wait been above the target long enough? */
static bool should_drop(struct sim_link *link, const struct sim_packet *p,
			u64 now)
{
	struct sim_codel *codel = &link->codel;

	if (now - p->queued_ns < CODEL_TARGET ||
	    link->queued <= link->plan.mtu) {
		codel->first_above_time = 0;
		return false;
	}
	if (!codel->first_above_time) {
		codel->first_above_time = now + CODEL_INTERVAL;
		return false;
	}

	return now >= codel->first_above_time;
}

static u64 control_law(const struct sim_codel *codel, u64 from)
{
	return from + CODEL_INTERVAL / sqrt(codel->count);
}

/* Mark @p, or drop it and take the next. */
static struct sim_packet *codel_signal(struct sim_link *link,
				       struct sim_packet *p)
{
	if (mark(link, p))
		return p;

	sim_link_lose(link, p, SIM_FATE_AQM);

	return take(link);
}

static struct sim_packet *codel_dropping(struct sim_link *link,
					 struct sim_packet *p, u64 now)
{
	struct sim_codel *codel = &link->codel;

	while (p && codel->dropping && now >= codel->drop_next) {
		bool marked;

		codel->count++;
		p = codel_signal(link, p);
		marked = p && p->ce;
		if (!p || !should_drop(link, p, now))
			codel->dropping = false;
		else
			codel->drop_next = control_law(codel, codel->drop_next);
		if (marked)
			break;
	}

	return p;
}

/* RFC 8289, section 5.4. */
static struct sim_packet *codel_get(struct sim_link *link, u64 now)
{
	struct sim_codel *codel = &link->codel;
	struct sim_packet *p = take(link);

	if (!p) {
		codel->dropping = false;
		return NULL;
	}

	if (!should_drop(link, p, now)) {
		codel->dropping = false;
		return p;
	}
	if (codel->dropping)
		return codel_dropping(link, p, now);

	p = codel_signal(link, p);
	codel->dropping = true;
	if (now - codel->drop_next < 16 * CODEL_INTERVAL &&
	    codel->count - codel->lastcount > 1)
		codel->count -= codel->lastcount;
	else
		codel->count = 1;
	codel->drop_next = control_law(codel, now);
	codel->lastcount = codel->count;

	return p;
}

/**
 * sim_queue_get() - the next packet whose bits leave
 * @link: the link
 *
 * Return: the packet, or NULL when the queue is empty.
 */
struct sim_packet *sim_queue_get(struct sim_link *link)
{
	if (link->plan.aqm == SIM_CODEL)
		return codel_get(link, link->sim->clock.now_ns);

	return take(link);
}
