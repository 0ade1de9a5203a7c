/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One run: clients, servers, the two links between them, the time.
 */
#ifndef SIM_SIM_H
#define SIM_SIM_H

#include "chance.h"
#include "clock.h"
#include "link.h"
#include "scenario.h"

struct sim_end;
struct sim_packet;

/**
 * struct sim - a run of a scenario
 * @scenario: what happens
 * @seed: what chance is made from
 * @chance: what the ends draw from
 * @clock: the time
 * @links: back, there
 * @ends: client and server of the first connection, of the second ...
 * @n_ends: how many
 * @step: alarm for the next change of a route
 * @next_step: which
 * @under_way: packets on the wires
 * @ladder: print each segment
 * @plot: remember for a plot, or NULL
 * @wire: where packets go instead of to a link; NULL: to the link
 * @failure: the first thing that is wrong, in words; "" as long as all is well
 */
struct sim {
	struct sim_scenario	scenario;
	u64			seed;
	struct sim_chance	chance;
	struct sim_clock	clock;
	struct sim_link		links[2];
	struct sim_end		*ends[2 * SIM_FLOWS];
	u32			n_ends;
	struct sim_alarm	step;
	u32			next_step;
	u64			under_way;
	bool			ladder;
	struct sim_plot		*plot;
	void			(*wire)(struct sim_end *from,
					struct sim_packet *p);
	char			failure[512];
};

void sim_init(struct sim *sim, const struct sim_scenario *scenario, u64 seed);
void sim_run(struct sim *sim);
void sim_free(struct sim *sim);
void sim_fail(struct sim *sim, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

#endif
