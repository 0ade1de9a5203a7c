/* SPDX-License-Identifier: GPL-2.0 */
/*
 * From a request to a socket of its own.
 */
#ifndef CLASP_CHILD_H
#define CLASP_CHILD_H

#include "sock.h"

bool clasp_child_open(struct clasp_request *req, struct sk_buff *skb,
		      struct clasp_segment *seg);
void clasp_child_reset(struct sock *child);

#endif
