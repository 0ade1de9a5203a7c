/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the path takes, where no router tells.
 */
#ifndef CLASP_CORE_PLPMTU_H
#define CLASP_CORE_PLPMTU_H

#include "base.h"

struct clasp_conn;

/**
 * struct clasp_plpmtu - a search for the largest segment
 * @probe_end: octet behind the probe that is under way
 * @again_s: when to look whether the path has become better; low bits
 * @route: what the route says; the search ends there
 * @low: this much arrives; 0: no search, the route is believed
 * @high: this much may
 * @probe: size of the probe that is under way, or 0
 *
 * Sizes are options and payload, as the MSS option's.
 */
struct clasp_plpmtu {
	u32	probe_end;
	u32	again_s;
	u16	route;
	u16	low;
	u16	high;
	u16	probe;
};

void clasp_plpmtu_start(struct clasp_conn *c);
void clasp_plpmtu_black_hole(struct clasp_conn *c);
u16 clasp_plpmtu_route(struct clasp_conn *c, u16 path_mss);
u32 clasp_plpmtu_wants(struct clasp_conn *c, u32 queued, u64 now_us);
void clasp_plpmtu_sent(struct clasp_conn *c, u32 end);
u32 clasp_plpmtu_spared(const struct clasp_conn *c);
void clasp_plpmtu_acked(struct clasp_conn *c);
void clasp_plpmtu_resent(struct clasp_conn *c, u32 seq, u32 end, u64 now_us);

#endif
