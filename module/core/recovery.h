/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a sender believes of its path, and what it does about it.
 */
#ifndef CLASP_CORE_RECOVERY_H
#define CLASP_CORE_RECOVERY_H

#include "conn.h"

struct clasp_news;

#define CLASP_DUPACK_THRESHOLD	3	/* RFC 5681 §3.2 */

void clasp_recovery_ack(struct clasp_conn *c, const struct clasp_segment *seg,
			struct clasp_news *news);
void clasp_recovery_reduce(struct clasp_conn *c);
void clasp_recovery_reorder(struct clasp_conn *c, u64 now_us);
void clasp_recovery_timeout(struct clasp_conn *c);
void clasp_recovery_mtu(struct clasp_conn *c);
void clasp_recovery_sent(struct clasp_conn *c, struct clasp_sent *sent,
			 u32 len, u64 now_us);

#endif
