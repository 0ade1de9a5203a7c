/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When to acknowledge what arrived.
 */
#ifndef CLASP_CORE_DELACK_H
#define CLASP_CORE_DELACK_H

#include "conn.h"

void clasp_delack_data(struct clasp_conn *c, u32 len, u64 now_us);
void clasp_delack_now(struct clasp_conn *c, enum clasp_send why);

#endif
