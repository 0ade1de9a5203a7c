// SPDX-License-Identifier: GPL-2.0
/*
 * A packet's way through a link: see link.h.
 */
#include <stdlib.h>

#include "endpoint.h"
#include "packet.h"
#include "sim.h"
#include "trace.h"

static void bits_left(void *context);

/**
 * sim_link_init() - an idle link
 * @link: filled in
 * @sim: whose; the seed is known
 * @there: from the clients to the servers
 */
void sim_link_init(struct sim_link *link, struct sim *sim, bool there)
{
	*link = (struct sim_link){
		.sim	= sim,
		.there	= there,
		.plan	= there ? sim->scenario.there : sim->scenario.back,
		.chance	= { sim->seed * 4 + 2 + there },
	};
	memcpy(link->drops, sim->scenario.drops[there], sizeof(link->drops));
	link->n_drops = sim->scenario.n_drops[there];
	sim_alarm_init(&link->ready, bits_left, link);
}

/**
 * sim_link_capacity() - what could have left so far
 * @link: the link
 * @now_ns: the time
 *
 * Return: bytes; 0 when the rate has no limit.
 */
double sim_link_capacity(const struct sim_link *link, u64 now_ns)
{
	return link->capacity + (double)(now_ns - link->since_ns) *
				link->plan.rate / 8 / SIM_S;
}

/**
 * sim_link_change() - the path is another one now
 * @link: the link
 * @plan: how it is
 */
void sim_link_change(struct sim_link *link, const struct sim_link_plan *plan)
{
	u64 now = link->sim->clock.now_ns;

	link->capacity = sim_link_capacity(link, now);
	link->since_ns = now;
	link->plan = *plan;
	/* a shorter way overtakes what is on the longer one */
	link->latest_ns = 0;
}

const char *sim_fate_text(enum sim_fate fate)
{
	static const char *const texts[SIM_FATE_MAX] = {
		[SIM_FATE_MTU]	 = "too big for the path",
		[SIM_FATE_FULL]	 = "queue full",
		[SIM_FATE_AQM]	 = "dropped by the queue's manager",
		[SIM_FATE_LOSS]	 = "lost by chance",
		[SIM_FATE_BURST] = "lost in a burst",
		[SIM_FATE_NTH]	 = "lost by number",
	};

	return texts[fate];
}

/**
 * sim_link_lose() - a packet ends here
 * @link: the link
 * @p: the packet; freed
 * @fate: why
 */
void sim_link_lose(struct sim_link *link, struct sim_packet *p,
		   enum sim_fate fate)
{
	link->counts.fates[fate]++;
	sim_trace_lost(link, p, fate);
	free(p);
}

static void arrives(void *context)
{
	struct sim_packet *p = context;
	struct sim *sim = p->link->sim;

	p->link->counts.arrived++;
	sim->under_way--;
	sim_end_packet(p->to, p);
	free(p);
}

/* Order is kept, but for what is late by chance. */
static void fly(struct sim_link *link, struct sim_packet *p)
{
	const struct sim_link_plan *plan = &link->plan;
	struct sim_clock *clock = &link->sim->clock;
	u64 at_ns = clock->now_ns + plan->delay;

	if (plan->jitter)
		at_ns += sim_random_below(&link->chance, plan->jitter);
	if (sim_happens(&link->chance, plan->reorder)) {
		link->counts.reordered++;
		at_ns += 1 + sim_random_below(&link->chance, plan->reorder_by);
	} else {
		at_ns = max(at_ns, link->latest_ns);
		link->latest_ns = at_ns;
	}

	link->sim->under_way++;
	sim_alarm_init(&p->alarm, arrives, p);
	p->alarm.owns = true;
	sim_alarm_set(clock, &p->alarm, at_ns);
}

static void leave(struct sim_link *link, struct sim_packet *p)
{
	enum sim_fate fate = sim_loss(link, p);

	link->counts.bytes += sim_packet_size(p);
	if (fate) {
		sim_link_lose(link, p, fate);
		return;
	}

	if (sim_happens(&link->chance, link->plan.duplicate)) {
		link->counts.duplicated++;
		fly(link, sim_packet_copy(p));
	}
	if (sim_happens(&link->chance, link->plan.corrupt)) {
		link->counts.corrupted++;
		sim_packet_corrupt(p, link->there, &link->chance);
	}
	fly(link, p);
}

/* The wire is free: the next packet's bits begin to leave. */
static void begin(struct sim_link *link)
{
	struct sim_clock *clock = &link->sim->clock;
	u64 rate = link->plan.rate;
	struct sim_packet *p;

	while (!link->sending && (p = sim_queue_get(link))) {
		if (!rate) {
			leave(link, p);
			continue;
		}
		link->sending = p;
		sim_alarm_set(clock, &link->ready, clock->now_ns +
			      sim_packet_size(p) * 8 * SIM_S / rate);
	}
	sim_plot_queue(link);
}

static void bits_left(void *context)
{
	struct sim_link *link = context;
	struct sim_packet *p = link->sending;

	link->sending = NULL;
	leave(link, p);
	begin(link);
}

/**
 * sim_link_send() - an end hands over a packet
 * @link: the link
 * @p: the packet; the link's from now on
 */
void sim_link_send(struct sim_link *link, struct sim_packet *p)
{
	p->link = link;
	p->number = ++link->counts.sent;
	p->ect = link->plan.ecn && p->ect;

	if (sim_packet_size(p) > link->plan.mtu) {
		if (link->plan.icmp)
			sim_end_too_big(p->to->peer, p, link->plan.mtu);
		sim_link_lose(link, p, SIM_FATE_MTU);
		return;
	}
	if (sim_queue_put(link, p))
		begin(link);
}

/**
 * sim_link_free() - what waits in a link is no longer needed
 * @link: the link
 */
void sim_link_free(struct sim_link *link)
{
	struct sim_packet *p;

	while ((p = link->head)) {
		link->head = p->next;
		free(p);
	}
	free(link->sending);
	link->sending = NULL;
}
