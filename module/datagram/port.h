/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Datagram ports: the sockets that have each.
 */
#ifndef CLASP_DGRAM_PORT_H
#define CLASP_DGRAM_PORT_H

#include <linux/rculist_nulls.h>

#include "dgram.h"

/**
 * struct clasp_dgram_port - a port that somebody has
 * @number: the port, host byte order
 * @socks: who, by sk_nulls_node; never empty; its end says @number
 * @rcu: freed behind the readers
 *
 * A reader finds one by clasp_dgram_port_lookup() and walks @socks under RCU. A
 * socket that changed its port while the reader looked at it leads into another
 * list, which ends in another number: then begin again.
 */
struct clasp_dgram_port {
	u16			number;
	struct hlist_nulls_head	socks;
	struct rcu_head		rcu;
};

static inline struct clasp_dgram_port *
clasp_dgram_port_lookup(struct clasp_net *cn, u16 number)
{
	return xa_load(&cn->dgram_ports, number);
}

#endif
