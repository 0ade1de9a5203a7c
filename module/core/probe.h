/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tail loss probes.
 */
#ifndef CLASP_CORE_PROBE_H
#define CLASP_CORE_PROBE_H

#include "conn.h"

struct clasp_news;

void clasp_probe_arm(struct clasp_conn *c, u64 now_us);
void clasp_probe_timeout(struct clasp_conn *c, u64 now_us);
struct clasp_sent *clasp_probe_repeat(struct clasp_conn *c);
void clasp_probe_sent(struct clasp_conn *c, bool again);
bool clasp_probe_repaired(struct clasp_conn *c, const struct clasp_segment *seg,
			  const struct clasp_news *news);

#endif
