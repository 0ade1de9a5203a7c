/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long a program bears with a peer that takes nothing.
 */
#ifndef CLASP_CORE_USERTIMEOUT_H
#define CLASP_CORE_USERTIMEOUT_H

#include "conn.h"

/**
 * clasp_user_timeout_progress() - the peer has acknowledged something new
 * @c: connection; the caller owns it
 */
static inline void clasp_user_timeout_progress(struct clasp_conn *c)
{
	c->waiting_us = 0;
}

void clasp_user_timeout_arm(struct clasp_conn *c, bool waiting, u64 now_us);
void clasp_user_timeout_over(struct clasp_conn *c);

#endif
