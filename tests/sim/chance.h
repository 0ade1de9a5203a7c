/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Chance, the same each time: splitmix64 from a seed.
 *
 * Each link has a generator of its own, so that what one direction meets does
 * not depend on how often the other one was asked.
 */
#ifndef SIM_CHANCE_H
#define SIM_CHANCE_H

#include "base.h"

#define SIM_PPM		1000000u	/* probabilities are parts of this */

struct sim_chance {
	u64	state;
};

static inline u64 sim_random(struct sim_chance *chance)
{
	u64 z = chance->state += 0x9e3779b97f4a7c15ull;

	z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9ull;
	z = (z ^ (z >> 27)) * 0x94d049bb133111ebull;
	return z ^ (z >> 31);
}

/* 0 to @below - 1. */
static inline u64 sim_random_below(struct sim_chance *chance, u64 below)
{
	return below ? sim_random(chance) % below : 0;
}

/* No number is drawn for what never happens. */
static inline bool sim_happens(struct sim_chance *chance, u32 ppm)
{
	return ppm && sim_random_below(chance, SIM_PPM) < ppm;
}

#endif
