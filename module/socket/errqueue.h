/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The error queue of a socket, of either type.
 */
#ifndef CLASP_ERRQUEUE_H
#define CLASP_ERRQUEUE_H

#include <net/sock.h>

bool clasp_errqueue_wanted(const struct sock *sk, bool v4);
void clasp_errqueue_icmp(struct sock *sk, const struct sk_buff *skb, int error,
			 __be16 port, u32 info, u32 payload);
int clasp_errqueue_receive(struct sock *sk, int family, struct msghdr *msg,
			   size_t len);
__poll_t clasp_errqueue_poll(const struct sock *sk);

#endif
