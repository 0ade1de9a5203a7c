/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How large the send buffer should be.
 */
#ifndef CLASP_CORE_SNDTUNE_H
#define CLASP_CORE_SNDTUNE_H

#include "conn.h"

u32 clasp_sndtune_wanted(const struct clasp_conn *c);

#endif
