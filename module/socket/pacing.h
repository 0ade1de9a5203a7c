/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the kernel has to do with pacing.
 */
#ifndef CLASP_PACING_H
#define CLASP_PACING_H

#include "sock.h"

void clasp_pace_init(struct sock *sk);
void clasp_pace_tell(struct sock *sk);
void clasp_pace_told(struct sock *sk);
void clasp_pace_arm(struct sock *sk, u64 wait_us);
void clasp_pace_stop(struct sock *sk);

#endif
