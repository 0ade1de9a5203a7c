/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Data that arrived before what precedes it.
 */
#ifndef CLASP_CORE_REASM_H
#define CLASP_CORE_REASM_H

#include "conn.h"

bool clasp_reasm_useful(const struct clasp_conn *c,
			const struct clasp_held *new);
struct clasp_held *clasp_reasm_superseded(const struct clasp_conn *c,
					  const struct clasp_held *new);
struct clasp_held *clasp_reasm_pull(struct clasp_conn *c, u32 *skip,
				    u64 now_us);
bool clasp_reasm_ready(const struct clasp_conn *c);

#endif
