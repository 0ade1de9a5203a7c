/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Urgent data, as a program sees it: MSG_OOB.
 */
#ifndef CLASP_OOB_H
#define CLASP_OOB_H

#include "sock.h"

struct clasp_arrival;
struct clasp_segment;

void clasp_oob_arrived(struct sock *sk, struct sk_buff *skb,
		       const struct clasp_segment *seg,
		       const struct clasp_arrival *a);
int clasp_oob_receive(struct sock *sk, struct msghdr *msg, size_t len,
		      int flags);
bool clasp_oob_is_next(const struct sock *sk, u32 seq);
bool clasp_oob_at_mark(const struct sock *sk);
u32 clasp_oob_unread(const struct sock *sk);

#endif
