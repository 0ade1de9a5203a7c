/* SPDX-License-Identifier: GPL-2.0 */
/*
 * SO_REUSEPORT: sockets that share a port, and the choice among them.
 */
#ifndef CLASP_REUSEPORT_H
#define CLASP_REUSEPORT_H

#include "port.h"

bool clasp_reuseport_allows(const struct clasp_owner *new,
			    const struct clasp_owner *other);
int clasp_reuseport_join(const struct clasp_port *port,
			 struct clasp_owner *owner);
void clasp_reuseport_leave(struct clasp_owner *owner);
struct sock *clasp_reuseport_select(struct sock *sk,
				    const struct clasp_tuple *tuple,
				    struct sk_buff *skb, u32 hdr_len);

#endif
