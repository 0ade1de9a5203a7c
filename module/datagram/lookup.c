// SPDX-License-Identifier: GPL-2.0
/*
 * Whose a datagram is.
 *
 * All sockets of a port that could be meant are weighed, as UDP weighs them: a
 * connected one wins over one that is bound to the address, that one over one
 * that hears all, and of equals the one that was bound last. Where the winner
 * belongs to a SO_REUSEPORT group, its program or a hash chooses among the group.
 */
#include <net/ip.h>
#include <net/udp.h>

#include "lookup.h"
#include "net/wire.h"
#include "socket/reuseport.h"

/* What each thing weighs that a socket and a datagram have in common. */
enum {
	WEIGHT_CPU	= 1,	/* the socket's program runs here */
	WEIGHT_DEVICE	= 2,
	WEIGHT_ADDRESS	= 4,
	WEIGHT_PEER	= 8,
	WEIGHT_NONE	= -1,	/* it is not for the socket */
};

/**
 * clasp_dgram_ends() - from whom and for whom a datagram is
 * @skb: as a protocol handler gets it; its control block is still IP's
 * @dg: its header
 * @ends: filled in
 */
void clasp_dgram_ends(const struct sk_buff *skb,
		      const struct clasp_datagram *dg,
		      struct clasp_dgram_ends *ends)
{
	ends->local_port = dg->dest;
	ends->remote_port = htons(dg->source);
	ends->v4 = clasp_ip_is_v4(skb);
	if (ends->v4) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &ends->local);
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &ends->remote);
		ends->dif = inet_iif(skb);
		ends->sdif = inet_sdif(skb);
	} else {
		ends->local = ipv6_hdr(skb)->daddr;
		ends->remote = ipv6_hdr(skb)->saddr;
		ends->dif = inet6_iif(skb);
		ends->sdif = inet6_sdif(skb);
	}
}

static bool is_everything(const struct sock *sk, bool v4)
{
	const struct in6_addr *addr = &sk->sk_v6_rcv_saddr;

	if (!v4)
		return ipv6_addr_any(addr);
	if (ipv6_addr_any(addr))
		return !sk->sk_ipv6only;

	return ipv6_addr_v4mapped(addr) && !addr->s6_addr32[3];
}

static int weigh_address(const struct sock *sk,
			 const struct clasp_dgram_ends *ends)
{
	if (is_everything(sk, ends->v4))
		return 0;

	return ipv6_addr_equal(&sk->sk_v6_rcv_saddr, &ends->local) ?
		WEIGHT_ADDRESS : WEIGHT_NONE;
}

static int weigh_peer(const struct sock *sk,
		      const struct clasp_dgram_ends *ends)
{
	if (!READ_ONCE(inet_sk(sk)->inet_dport))
		return 0;
	if (inet_sk(sk)->inet_dport != ends->remote_port ||
	    !ipv6_addr_equal(&sk->sk_v6_daddr, &ends->remote))
		return WEIGHT_NONE;

	return WEIGHT_PEER;
}

static int weigh_device(const struct sock *sk,
			const struct clasp_dgram_ends *ends)
{
	int bound = READ_ONCE(sk->sk_bound_dev_if);

	if (!udp_sk_bound_dev_eq(sock_net(sk), bound, ends->dif, ends->sdif))
		return WEIGHT_NONE;

	return bound ? WEIGHT_DEVICE : 0;
}

/**
 * clasp_dgram_weigh() - how well a datagram fits a socket
 * @sk: socket; what it is bound to may change while we look
 * @ends: between whom
 *
 * Return: the more the better; negative when the datagram is not for it.
 */
int clasp_dgram_weigh(const struct sock *sk, const struct clasp_dgram_ends *ends)
{
	int address = weigh_address(sk, ends);
	int peer = weigh_peer(sk, ends);
	int device = weigh_device(sk, ends);

	if (READ_ONCE(inet_sk(sk)->inet_num) != ends->local_port)
		return WEIGHT_NONE;
	if (address < 0 || peer < 0 || device < 0)
		return WEIGHT_NONE;

	return address + peer + device +
	       (READ_ONCE(sk->sk_incoming_cpu) == raw_smp_processor_id() ?
		WEIGHT_CPU : 0);
}

static struct sock *find_best(const struct clasp_dgram_port *port,
			      const struct clasp_dgram_ends *ends)
{
	struct hlist_nulls_node *node;
	struct sock *sk, *best;
	int most, weight;

again:
	best = NULL;
	most = WEIGHT_NONE;
	sk_nulls_for_each_rcu(sk, node, &port->socks) {
		weight = clasp_dgram_weigh(sk, ends);
		if (weight > most) {
			most = weight;
			best = sk;
		}
	}
	/* one that took another port has led us there */
	if (get_nulls_value(node) != ends->local_port)
		goto again;

	return best;
}

/* One of the group, the same for all datagrams of a sender. */
static struct sock *of_group(struct sock *sk, struct sk_buff *skb,
			     const struct clasp_dgram_ends *ends)
{
	struct clasp_tuple tuple = {
		.local		= ends->local,
		.remote		= ends->remote,
		.local_port	= htons(ends->local_port),
		.remote_port	= ends->remote_port,
	};

	if (!sk->sk_reuseport || sk->sk_state == TCP_ESTABLISHED)
		return sk;

	return clasp_reuseport_select(sk, &tuple, skb, CLASP_DATAGRAM_HDR);
}

/**
 * clasp_dgram_find() - the one socket that a datagram is for
 * @net: namespace
 * @skb: for the program of a SO_REUSEPORT group to look at, or NULL
 * @ends: between whom
 *
 * Context: rcu_read_lock(); the socket is good as long.
 *
 * Return: the socket or NULL.
 */
struct sock *clasp_dgram_find(struct net *net, struct sk_buff *skb,
			      const struct clasp_dgram_ends *ends)
{
	struct clasp_dgram_port *port;
	struct sock *sk;

	port = clasp_dgram_port_lookup(clasp_net(net), ends->local_port);
	if (!port)
		return NULL;

	sk = find_best(port, ends);

	return sk && skb ? of_group(sk, skb, ends) : sk;
}
