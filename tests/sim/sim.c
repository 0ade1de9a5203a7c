// SPDX-License-Identifier: GPL-2.0
/*
 * One run of a scenario, from the first event to the last.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "endpoint.h"
#include "expect.h"
#include "trace.h"

static void route_changes(void *context)
{
	struct sim *sim = context;
	const struct sim_scenario *s = &sim->scenario;

	while (sim->next_step < s->n_steps &&
	       s->steps[sim->next_step].at_ns <= sim->clock.now_ns) {
		const struct sim_step *step = &s->steps[sim->next_step++];

		sim_link_change(&sim->links[step->there], &step->plan);
	}
	if (sim->next_step < s->n_steps)
		sim_alarm_set(&sim->clock, &sim->step,
			      s->steps[sim->next_step].at_ns);
}

/**
 * sim_init() - make a run ready
 * @sim: filled in
 * @scenario: what happens; copied
 * @seed: what chance is made from
 */
void sim_init(struct sim *sim, const struct sim_scenario *scenario, u64 seed)
{
	u32 i;

	*sim = (struct sim){
		.scenario = *scenario,
		.seed	  = seed,
		.chance	  = { seed * 4 + 1 },
		.n_ends	  = 2 * scenario->flows,
	};
	sim_link_init(&sim->links[0], sim, false);
	sim_link_init(&sim->links[1], sim, true);

	for (i = 0; i < sim->n_ends; i++) {
		sim->ends[i] = calloc(1, sizeof(*sim->ends[i]));
		if (!sim->ends[i])
			abort();
		sim_end_init(sim->ends[i], sim, i / 2, !(i & 1));
	}
	for (i = 0; i < sim->n_ends; i++)
		sim->ends[i]->peer = sim->ends[i ^ 1];

	sim_alarm_init(&sim->step, route_changes, sim);
	route_changes(sim);
}

/* A change of the route alone does not keep a run alive. */
static bool has_ended(const struct sim *sim)
{
	return sim->clock.count == (sim->step.place ? 1 : 0);
}

/**
 * sim_run() - let everything happen, and judge it
 * @sim: made ready; @failure tells what is wrong
 */
void sim_run(struct sim *sim)
{
	if (sim->ladder)
		sim_trace_head(sim);
	while (!*sim->failure && !has_ended(sim) &&
	       sim_clock_step(&sim->clock, sim->scenario.limit_ns))
		;
	if (*sim->failure)
		return;

	if (!has_ended(sim))
		sim_fail(sim, "not over in time");
	sim_check_finish(sim);
	if (!*sim->failure)
		sim_expect(sim);
}

/**
 * sim_free() - forget a run
 * @sim: the run
 */
void sim_free(struct sim *sim)
{
	u32 i;

	/* alarms lie in ends and links: they go first */
	sim_clock_free(&sim->clock);
	for (i = 0; i < sim->n_ends; i++) {
		sim_end_free(sim->ends[i]);
		free(sim->ends[i]);
	}
	sim_link_free(&sim->links[0]);
	sim_link_free(&sim->links[1]);
	sim_plot_free(sim->plot);
}

/**
 * sim_fail() - something is wrong; the first such thing is remembered
 * @sim: the run; it ends
 * @fmt: what, in words
 */
void sim_fail(struct sim *sim, const char *fmt, ...)
{
	const struct sim_end *end = sim_end_speaking();
	va_list args;
	int used;

	if (*sim->failure)
		return;

	used = snprintf(sim->failure, sizeof(sim->failure), "%.6f %s: ",
			(double)sim->clock.now_ns / SIM_S,
			end && end->client ? "client" : "server");
	va_start(args, fmt);
	vsnprintf(sim->failure + used, sizeof(sim->failure) - used, fmt, args);
	va_end(args);
}
