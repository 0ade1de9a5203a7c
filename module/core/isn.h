/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where a connection's sequence numbers begin.
 */
#ifndef CLASP_CORE_ISN_H
#define CLASP_CORE_ISN_H

#include "base.h"
#include "settings.h"

#define CLASP_ISN_FIXED_ACTIVE	1000
#define CLASP_ISN_FIXED_PASSIVE	5000

u32 clasp_isn(const struct clasp_settings *settings, bool passive, u32 hash,
	      u64 now_us);

#endif
