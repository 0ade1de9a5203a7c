/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which connection, or which listener, a segment is for.
 *
 * One table of each network namespace has all that a four-tuple can stand
 * for: sockets, requests, TIME_WAITs. Readers hold rcu_read_lock() and nothing
 * else; whoever takes a node out of the table, and nobody but him, ends what
 * it stood for.
 */
#ifndef CLASP_NET_DEMUX_H
#define CLASP_NET_DEMUX_H

#include "socket/sock.h"

int clasp_demux_init(struct clasp_net *cn);
void clasp_demux_exit(struct clasp_net *cn);

int clasp_demux_insert(struct clasp_net *cn, struct clasp_node *node);
int clasp_demux_remove(struct clasp_net *cn, struct clasp_node *node);
int clasp_demux_replace(struct clasp_net *cn, struct clasp_node *old,
			struct clasp_node *new);
struct clasp_node *clasp_demux_lookup(struct clasp_net *cn,
				      const struct clasp_tuple *tuple);
struct sock *clasp_demux_listener(struct clasp_net *cn,
				  const struct clasp_tuple *tuple,
				  struct sk_buff *skb, u32 hdr_len, int dif,
				  int sdif);

int clasp_hash_sk(struct sock *sk);
void clasp_unhash_sk(struct sock *sk);
bool clasp_hashed_as(const struct sock *sk, const struct clasp_tuple *tuple);

static inline struct sock *clasp_node_sk(struct clasp_node *node)
{
	return (struct sock *)container_of(node, struct clasp_sock, node);
}

static inline struct clasp_request *clasp_node_request(struct clasp_node *node)
{
	return container_of(node, struct clasp_request, node);
}

static inline struct clasp_tw *clasp_node_tw(struct clasp_node *node)
{
	return container_of(node, struct clasp_tw, node);
}

#endif
