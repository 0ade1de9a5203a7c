/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a segment acknowledges.
 */
#ifndef CLASP_CORE_ACK_H
#define CLASP_CORE_ACK_H

#include "conn.h"

void clasp_ack_of_syn(struct clasp_conn *c, u32 ack, u64 now_us);
void clasp_ack_take(struct clasp_conn *c, const struct clasp_segment *seg,
		    u64 now_us);

#endif
