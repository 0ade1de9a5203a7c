/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A listener's SYN cookies.
 */
#ifndef CLASP_SYNCOOKIE_H
#define CLASP_SYNCOOKIE_H

#include "sock.h"

struct clasp_segment;

bool clasp_syncookie_send(struct sock *listener,
			  const struct clasp_segment *syn,
			  const struct clasp_tuple *tuple, bool full);
bool clasp_syncookie_open(struct sock *listener, struct sk_buff *skb,
			  struct clasp_segment *seg,
			  const struct clasp_tuple *tuple);

#endif
