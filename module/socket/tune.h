/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Buffers that fit the path.
 */
#ifndef CLASP_TUNE_H
#define CLASP_TUNE_H

#include <net/sock.h>

void clasp_tune_receive(struct sock *sk);
void clasp_tune_send(struct sock *sk);
bool clasp_tune_may_write(const struct sock *sk, int wake);

#endif
