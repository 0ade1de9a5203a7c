/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a body does with its queues when the core says so.
 */
#ifndef SIM_BODY_H
#define SIM_BODY_H

#include "clasp_body.h"

struct clasp_tx;

/* Any queue. */
void sim_ranges_insert(struct sim_ranges *all, u32 index,
		       struct sim_range *range);
struct sim_range *sim_ranges_remove(struct sim_ranges *all, u32 index);
static inline u32 sim_ranges_count(const struct sim_ranges *all)
{
	return all->end - all->first;
}

/* Sending. */
void sim_body_write(struct sim_body *b, u64 offset, u32 len);
void sim_body_cut(struct sim_ranges *all, u32 index, u32 len);
void sim_body_sent(struct sim_body *b, const struct clasp_tx *tx);
void sim_body_acked(struct sim_body *b);

/* Receiving. */
bool sim_body_hold(struct sim_body *b, const struct clasp_held *held,
		   const u8 *bytes);
void sim_body_unhold(struct sim_body *b, struct clasp_held *held);

/* What waits behind gaps, and an skb's worth of memory for each range. */
static inline u32 sim_body_held_cost(const struct sim_body *b)
{
	return b->held_bytes + 512 * sim_ranges_count(&b->held);
}

void sim_body_purge(struct sim_body *b);

#endif
