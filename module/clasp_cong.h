/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a congestion controller in a module of its own includes, and nothing
 * else of Clasp: docs/congestion.md.
 */
#ifndef CLASP_CONG_MODULE_H
#define CLASP_CONG_MODULE_H

#include "core/conn.h"

int clasp_cong_register(struct clasp_cong_ops *ops);
void clasp_cong_unregister(struct clasp_cong_ops *ops);

#endif
