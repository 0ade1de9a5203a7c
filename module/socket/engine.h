/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Between a socket and its core: take the segment, ask, do as told, let go.
 */
#ifndef CLASP_ENGINE_H
#define CLASP_ENGINE_H

#include "sock.h"

void clasp_engine_init(struct sock *sk);
void clasp_engine_segment(struct sock *sk, struct sk_buff *skb,
			  const struct clasp_segment *seg);
void clasp_engine_timer(struct sock *sk);
void clasp_engine_push(struct sock *sk);
void clasp_engine_read(struct sock *sk);
void clasp_engine_mtu(struct sock *sk);
void clasp_engine_orphan(struct sock *sk);
void clasp_engine_release_cb(struct sock *sk);
void clasp_engine_sync_state(struct sock *sk);

#endif
