/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Segments spaced out over the round trip, instead of in bursts.
 */
#ifndef CLASP_CORE_PACE_H
#define CLASP_CORE_PACE_H

#include "base.h"

struct clasp_conn;

/**
 * struct clasp_pace - when a connection may send
 * @rate: bytes a second; 0 for as fast as can be
 * @next_us: when the next transmission may leave
 */
struct clasp_pace {
	u64	rate;
	u64	next_us;
};

void clasp_pace_update(struct clasp_conn *c);
void clasp_pace_limit(struct clasp_conn *c, u64 most);
bool clasp_pace_holds(struct clasp_conn *c, u64 now_us);
u32 clasp_pace_quantum(const struct clasp_conn *c);
void clasp_pace_sent(struct clasp_conn *c, u32 len, u64 now_us);

#endif
