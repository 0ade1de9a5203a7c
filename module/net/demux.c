// SPDX-License-Identifier: GPL-2.0
/*
 * The demux table and the choice of a listener.
 *
 * The table is an rhashtable, which grows and shrinks with the connections.
 * Readers walk it under rcu_read_lock() without references: what they find may
 * have left the table meanwhile, or (a socket that connects again) stand for
 * another four-tuple. So whoever finds a socket looks again under its lock,
 * with clasp_hashed_as().
 */
#include "net/demux.h"
#include "socket/address.h"
#include "socket/port.h"
#include "socket/reuseport.h"
#include "socket/tw.h"

/* How often a walk through listeners may be led astray by one that moves. */
#define WALKS		3

static const struct rhashtable_params nodes_params = {
	.key_len		= sizeof(struct clasp_tuple),
	.key_offset		= offsetof(struct clasp_node, tuple),
	.head_offset		= offsetof(struct clasp_node, hash),
	.automatic_shrinking	= true,
};

/**
 * clasp_demux_init() - make a network namespace's table
 * @cn: the namespace
 *
 * Return: 0 or a negative errno.
 */
int clasp_demux_init(struct clasp_net *cn)
{
	/* the key is compared as bytes */
	BUILD_BUG_ON(sizeof(struct clasp_tuple) != 2 * 16 + 2 * 4 + 2 * 2);

	return rhashtable_init(&cn->nodes, &nodes_params);
}

/**
 * clasp_demux_exit() - free the table
 * @cn: a namespace that has no reader and no node any more
 */
void clasp_demux_exit(struct clasp_net *cn)
{
	rhashtable_destroy(&cn->nodes);
}

/**
 * clasp_demux_insert() - make a node known
 * @cn: its namespace
 * @node: whole: readers find it before this returns
 *
 * Any context but hard interrupts.
 *
 * Return: 0, -EADDRNOTAVAIL when another node has the four-tuple, -ENOMEM.
 */
int clasp_demux_insert(struct clasp_net *cn, struct clasp_node *node)
{
	int err;

	err = rhashtable_lookup_insert_fast(&cn->nodes, &node->hash,
					    nodes_params);
	if (!err)
		return 0;

	return err == -EEXIST ? -EADDRNOTAVAIL : -ENOMEM;
}

/**
 * clasp_demux_remove() - take a node out of the table
 * @cn: its namespace
 * @node: readers may still look at it for an RCU grace period
 *
 * Return: 0 for the one caller whose call took it out, who now has to end what
 * it stood for; -ENOENT for everybody else.
 */
int clasp_demux_remove(struct clasp_net *cn, struct clasp_node *node)
{
	return rhashtable_remove_fast(&cn->nodes, &node->hash, nodes_params);
}

/**
 * clasp_demux_replace() - put one node into another's place
 * @cn: their namespace
 * @old: in the table; its four-tuple is @new's
 * @new: whole
 *
 * A reader finds one or the other, never neither.
 *
 * Return: 0 for the one caller whose call took @old out, who now has to end
 * what it stood for; -ENOENT when it was not there any more.
 */
int clasp_demux_replace(struct clasp_net *cn, struct clasp_node *old,
			struct clasp_node *new)
{
	return rhashtable_replace_fast(&cn->nodes, &old->hash, &new->hash,
				       nodes_params);
}

/**
 * clasp_demux_lookup() - what a four-tuple stands for
 * @cn: namespace
 * @tuple: seen from our side
 *
 * Context: rcu_read_lock(), for as long as the answer is used.
 *
 * Return: a node, or NULL.
 */
struct clasp_node *clasp_demux_lookup(struct clasp_net *cn,
				      const struct clasp_tuple *tuple)
{
	return rhashtable_lookup(&cn->nodes, tuple, nodes_params);
}

static bool is_v4_any(const struct in6_addr *addr)
{
	return ipv6_addr_v4mapped(addr) && !addr->s6_addr32[3];
}

/*
 * How well a listener suits a segment: -1 not at all. A bound address is worth
 * more than one IP version, that more than both; then a bound device counts, and
 * last that it is to be served on this processor (SO_INCOMING_CPU).
 */
static int suits(const struct clasp_owner *owner, struct net *net,
		 const struct in6_addr *local, int dif, int sdif)
{
	int ifindex = READ_ONCE(owner->ifindex);
	bool v4 = ipv6_addr_v4mapped(local);
	int score;

	if (!READ_ONCE(owner->listening))
		return -1;

	if (ipv6_addr_equal(&owner->addr, local))
		score = 8;
	else if (v4 ? is_v4_any(&owner->addr) :
		      ipv6_addr_any(&owner->addr) && owner->v6only)
		score = 4;
	else if (ipv6_addr_any(&owner->addr) && !owner->v6only)
		score = 0;
	else
		return -1;

	if (!inet_sk_bound_dev_eq(net, ifindex, dif, sdif))
		return -1;

	if (ifindex)
		score += 2;

	return score + (READ_ONCE(owner->sk->sk_incoming_cpu) ==
			raw_smp_processor_id());
}

/* Return: false when the walk was led astray, into another port's list. */
static bool most_specific(const struct clasp_port *port, struct net *net,
			  const struct in6_addr *local, int dif, int sdif,
			  struct clasp_owner **best)
{
	struct clasp_owner *owner;
	int score, most = -1;

	*best = NULL;
	hlist_for_each_entry_rcu(owner, &port->listeners, listen_link) {
		if (READ_ONCE(owner->port) != port->number)
			return false;
		score = suits(owner, net, local, dif, sdif);
		if (score > most) {
			most = score;
			*best = owner;
		}
	}

	return true;
}

/**
 * clasp_demux_listener() - who takes a SYN
 * @cn: namespace
 * @tuple: the segment's, seen from our side
 * @skb: the segment, for programs of SO_REUSEPORT; its data begins with its header
 * @hdr_len: length of that
 * @dif: interface it came by
 * @sdif: the same, below an L3 master device; else 0
 *
 * The most specific wins, or one of its group. No lock is taken and no reference: the listener may
 * be closing, which clasp_sock.closed tells under its accept_lock.
 *
 * Context: rcu_read_lock(), for as long as the answer is used.
 *
 * Return: a listener, or NULL.
 */
struct sock *clasp_demux_listener(struct clasp_net *cn,
				  const struct clasp_tuple *tuple,
				  struct sk_buff *skb, u32 hdr_len, int dif,
				  int sdif)
{
	struct clasp_owner *best = NULL;
	struct clasp_port *port;
	int i;

	for (i = 0; i < WALKS; i++) {
		port = clasp_port_lookup(cn, ntohs(tuple->local_port));
		if (!port)
			return NULL;
		if (most_specific(port, cn->net, &tuple->local, dif, sdif,
				  &best))
			break;
	}

	return best ? clasp_reuseport_select(best->sk, tuple, skb, hdr_len) :
		      NULL;
}

/* Take the place of a connection in TIME_WAIT, if it allows that. */
static int take_over(struct clasp_net *cn, struct clasp_node *node)
{
	struct clasp_node *old;
	struct clasp_tw *tw;
	int err;

	rcu_read_lock();
	old = clasp_demux_lookup(cn, &node->tuple);
	err = -EADDRNOTAVAIL;
	if (!old || old->kind != CLASP_NODE_TIMEWAIT)
		goto out;

	tw = clasp_node_tw(old);
	if (!clasp_tw_reusable(tw) || clasp_demux_replace(cn, old, node))
		goto out;

	clasp_tw_finish(tw);
	err = 0;
out:
	rcu_read_unlock();

	return err;
}

/**
 * clasp_hash_sk() - make a socket known by its four-tuple
 * @sk: socket with both addresses and ports, lock held
 *
 * RFC 6191: a TIME_WAIT that has the four-tuple may give way.
 *
 * Return: 0, -EADDRNOTAVAIL when the four-tuple is taken, -ENOMEM.
 */
int clasp_hash_sk(struct sock *sk)
{
	struct clasp_net *cn = clasp_net(sock_net(sk));
	struct clasp_sock *cs = clasp_sk(sk);
	int err;

	cs->node.kind = CLASP_NODE_SOCK;
	clasp_address_tuple(sk, &cs->node.tuple);

	/* before anybody can find it, for clasp_hashed_as() */
	WRITE_ONCE(cs->hashed, true);
	err = clasp_demux_insert(cn, &cs->node);
	if (err == -EADDRNOTAVAIL)
		err = take_over(cn, &cs->node);
	if (err)
		WRITE_ONCE(cs->hashed, false);

	return err;
}

/**
 * clasp_unhash_sk() - a socket's connection is over
 * @sk: socket, lock held; need not be in the table
 */
void clasp_unhash_sk(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);

	if (!cs->hashed)
		return;

	WRITE_ONCE(cs->hashed, false);
	clasp_demux_remove(clasp_net(sock_net(sk)), &cs->node);
}

/**
 * clasp_hashed_as() - is a socket that was found still the one looked for?
 * @sk: found by clasp_demux_lookup(); lock held, by the caller or by its owner
 * @tuple: what was looked for
 */
bool clasp_hashed_as(const struct sock *sk, const struct clasp_tuple *tuple)
{
	const struct clasp_sock *cs = clasp_sk(sk);

	return READ_ONCE(cs->hashed) &&
	       !memcmp(&cs->node.tuple, tuple, sizeof(*tuple));
}
