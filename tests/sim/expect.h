/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a scenario expects, and what a run measured.
 */
#ifndef SIM_EXPECT_H
#define SIM_EXPECT_H

#include "sim.h"

/**
 * struct sim_measures - a run in numbers
 * @seconds: from the first open until the last byte has arrived
 * @goodput: payload that arrived, as a share of what the bottleneck could have
 *	carried meanwhile; of the direction that wrote more
 * @rate: payload a second, bits
 * @segments: that left
 * @bytes: of payload that arrived
 */
struct sim_measures {
	double	seconds;
	double	goodput;
	double	rate;
	u64	segments;
	u64	bytes;
};

void sim_measure(const struct sim *sim, struct sim_measures *m);
void sim_expect(struct sim *sim);

#endif
