/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Many datagrams in one call of a receiver.
 */
#ifndef CLASP_DGRAM_GATHER_H
#define CLASP_DGRAM_GATHER_H

#include "dgram.h"

int clasp_dgram_gather(struct sock *sk, const struct sk_buff *first,
		       struct msghdr *msg, size_t room);
void clasp_dgram_let_go(struct sock *sk, struct sk_buff *skb);

#endif
