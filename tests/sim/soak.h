/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Scenarios by chance.
 */
#ifndef SIM_SOAK_H
#define SIM_SOAK_H

#include "base.h"

void sim_random_text(u64 seed, char *text, size_t size);
int sim_soak(u64 from, u64 count, u32 seconds, u32 processes);

#endif
