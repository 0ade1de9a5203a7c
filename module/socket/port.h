/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Local ports, and who holds each.
 */
#ifndef CLASP_PORT_H
#define CLASP_PORT_H

#include "sock.h"

/**
 * struct clasp_port - a local port that somebody holds
 * @number: the port, host byte order
 * @owners: struct clasp_owner, never empty
 * @listeners: those of them that take connections; RCU
 * @rcu: freed behind the readers
 *
 * A reader finds one by clasp_port_lookup() and walks @listeners with
 * hlist_for_each_entry_rcu(); owners are every connection of the port. A
 * listener that gave its port back while the reader looked at it may have led
 * it into another port's list: look at owner->port, and begin again.
 */
struct clasp_port {
	u16			number;
	struct hlist_head	owners;
	struct hlist_head	listeners;
	struct rcu_head		rcu;
};

void clasp_port_net_init(struct clasp_net *cn);
void clasp_port_net_exit(struct clasp_net *cn);

int clasp_port_get(struct sock *sk, unsigned short number);
int clasp_port_auto(struct sock *sk, int (*use)(struct sock *sk));
int clasp_port_listen(struct sock *sk);
void clasp_port_unlisten(struct sock *sk);
void clasp_port_update(struct sock *sk);
void clasp_port_release(struct sock *sk);
int clasp_port_inherit(struct sock *child);
void clasp_port_share(struct clasp_net *cn, const struct clasp_owner *from,
		      struct clasp_owner *to);
void clasp_port_put(struct clasp_net *cn, struct clasp_owner *owner);
struct clasp_port *clasp_port_lookup(struct clasp_net *cn, u16 number);

static inline bool clasp_port_held(const struct clasp_owner *owner)
{
	return !hlist_unhashed(&owner->link);
}

#endif
