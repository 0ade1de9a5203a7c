/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sockets that take connections: the SYN queue and the accept queue.
 */
#ifndef CLASP_LISTENER_H
#define CLASP_LISTENER_H

#include "sock.h"

void clasp_listener_init(struct sock *sk);
int clasp_listen(struct sock *sk, int backlog);
void clasp_listener_segment(struct sock *listener, struct sk_buff *skb,
			    struct clasp_segment *seg,
			    const struct clasp_tuple *tuple,
			    struct clasp_tw *old);
int clasp_listener_child_ready(struct sock *child);
bool clasp_listener_readable(const struct sock *sk);
struct sock *clasp_accept(struct sock *sk, int flags, int *err);
void clasp_listener_close(struct sock *sk);

#endif
