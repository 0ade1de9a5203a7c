/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Whether a small segment may leave.
 */
#ifndef CLASP_CORE_NAGLE_H
#define CLASP_CORE_NAGLE_H

#include "conn.h"

u32 clasp_nagle_trim(const struct clasp_conn *c, u32 len, u32 queued,
		     bool more);

#endif
