/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a request to a socket of its own.
 */
#ifndef CLASP_CHILD_H
#define CLASP_CHILD_H

#include "sock.h"

struct sock *clasp_child_create(struct clasp_request *req, struct sk_buff *skb);
void clasp_child_discard(struct sock *child);
void clasp_child_reset(struct sock *child);

#endif
