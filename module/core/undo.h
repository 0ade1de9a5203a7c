/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When nothing was lost after all.
 */
#ifndef CLASP_CORE_UNDO_H
#define CLASP_CORE_UNDO_H

#include "conn.h"

struct clasp_news;

void clasp_undo_begin(struct clasp_conn *c);
void clasp_undo_over(struct clasp_conn *c);
void clasp_undo_sent(struct clasp_conn *c, u32 len, u64 now_us);
void clasp_undo_news(struct clasp_conn *c, const struct clasp_news *news);
bool clasp_undo_due(const struct clasp_conn *c, const struct clasp_news *news);
void clasp_undo_apply(struct clasp_conn *c);

#endif
