/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Is a silent peer still there?
 */
#ifndef CLASP_CORE_KEEPALIVE_H
#define CLASP_CORE_KEEPALIVE_H

#include "timer.h"

/**
 * clasp_keepalive_heard() - the peer has sent something that counts
 * @c: connection; the caller owns it
 * @now_us: the time
 */
static inline void clasp_keepalive_heard(struct clasp_conn *c, u64 now_us)
{
	c->heard_ms = clasp_stamp_ms(now_us);
	c->keepalives = 0;
}

void clasp_keepalive_arm(struct clasp_conn *c, u64 now_us);
void clasp_keepalive_timeout(struct clasp_conn *c, u64 now_us);
u32 clasp_keepalive_idle_s(const struct clasp_conn *c);
u32 clasp_keepalive_intvl_s(const struct clasp_conn *c);
u8 clasp_keepalive_probes(const struct clasp_conn *c);

#endif
