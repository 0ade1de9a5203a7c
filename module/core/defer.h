/* SPDX-License-Identifier: GPL-2.0 */
/*
 * CLASP_DEFER_ACCEPT: no connection before there is data on it.
 */
#ifndef CLASP_CORE_DEFER_H
#define CLASP_CORE_DEFER_H

#include "embryo.h"

u8 clasp_defer_tries(int seconds);
int clasp_defer_seconds(u8 tries);
bool clasp_defer_holds(const struct clasp_embryo *e,
		       const struct clasp_segment *seg);
enum clasp_mini clasp_defer_timeout(const struct clasp_embryo *e, u8 most);

#endif
