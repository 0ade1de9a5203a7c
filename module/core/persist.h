/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When the peer's window leaves no room.
 */
#ifndef CLASP_CORE_PERSIST_H
#define CLASP_CORE_PERSIST_H

#include "conn.h"

void clasp_persist_start(struct clasp_conn *c, u64 now_us);
void clasp_persist_timeout(struct clasp_conn *c, u64 now_us);

#endif
