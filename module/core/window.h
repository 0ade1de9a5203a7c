/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Flow control: the window that we offer, and the one that we were given.
 */
#ifndef CLASP_CORE_WINDOW_H
#define CLASP_CORE_WINDOW_H

#include "conn.h"

void clasp_window_space(struct clasp_conn *c, u32 free, u32 buf);
u32 clasp_window_left(const struct clasp_conn *c);
u32 clasp_window_offer(struct clasp_conn *c);
void clasp_window_exhausted(struct clasp_conn *c);
void clasp_window_read(struct clasp_conn *c);
void clasp_window_update(struct clasp_conn *c, const struct clasp_segment *seg);
u32 clasp_window_usable(const struct clasp_conn *c);
bool clasp_window_limits(const struct clasp_conn *c);

#endif
