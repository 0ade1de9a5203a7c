/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long a program bears with a peer that takes nothing.
 */
#ifndef CLASP_CORE_USERTIMEOUT_H
#define CLASP_CORE_USERTIMEOUT_H

#include "timer.h"

/**
 * clasp_user_timeout_progress() - the time counts from now on
 * @c: connection; the caller owns it: the peer has acknowledged something new,
 *	or the program has chosen another time
 */
static inline void clasp_user_timeout_progress(struct clasp_conn *c)
{
	clasp_timer_stop(c, CLASP_TIMER_USER_TIMEOUT);
}

void clasp_user_timeout_arm(struct clasp_conn *c, bool waiting, u64 now_us);
void clasp_user_timeout_over(struct clasp_conn *c);

#endif
