/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is lost, and what to send again.
 */
#ifndef CLASP_CORE_RECOVERY_H
#define CLASP_CORE_RECOVERY_H

#include "conn.h"

void clasp_recovery_dupack(struct clasp_conn *c);
bool clasp_recovery_ack(struct clasp_conn *c, u32 acked);
void clasp_recovery_timeout(struct clasp_conn *c);

#endif
