/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From the old congestion window to the new one.
 */
#ifndef CLASP_CORE_PRR_H
#define CLASP_CORE_PRR_H

#include "conn.h"

struct clasp_news;

void clasp_prr_start(struct clasp_conn *c);
void clasp_prr_update(struct clasp_conn *c, const struct clasp_news *news,
		      bool advanced);
void clasp_prr_sent(struct clasp_conn *c, u32 len);

#endif
