/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is lost, told by what was sent later and has arrived.
 */
#ifndef CLASP_CORE_RACK_H
#define CLASP_CORE_RACK_H

#include "conn.h"

struct clasp_news;

void clasp_rack_arrived(struct clasp_conn *c, const struct clasp_sent *sent,
			u32 end, const struct clasp_news *news);
void clasp_rack_adapt(struct clasp_conn *c, const struct clasp_news *news);
void clasp_rack_recovered(struct clasp_conn *c);
u32 clasp_rack_detect(struct clasp_conn *c, u64 now_us);

#endif
