/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Time passes.
 */
#ifndef CLASP_CORE_TIMEOUT_H
#define CLASP_CORE_TIMEOUT_H

#include "conn.h"

void clasp_timeout(struct clasp_conn *c, u64 now_us);
enum clasp_timer clasp_timeout_next(const struct clasp_conn *c, u64 now_us);

#endif
