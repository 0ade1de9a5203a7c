// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams for many: multicast and broadcast.
 *
 * Each socket of the port that could be meant gets a copy. Of a group it has to
 * be a member, and to want the source: what it said by IP_ADD_SOURCE_MEMBERSHIP
 * and its like lies in lists of the kernel's, which has no function for modules
 * to ask. A socket that is a member of nothing hears what others on the host
 * have joined (IP_MULTICAST_ALL), unless it says otherwise.
 *
 * Nobody is ever answered.
 */
#include <linux/igmp.h>
#include <net/addrconf.h>
#include <net/if_inet6.h>
#include <net/ip.h>
#include <net/route.h>

#include "lookup.h"
#include "net/wire.h"
#include "sight/counter.h"

/**
 * clasp_dgram_is_for_many() - was a datagram sent to a group, or to all?
 * @skb: as a protocol handler gets it
 */
bool clasp_dgram_is_for_many(const struct sk_buff *skb)
{
	if (clasp_ip_is_v4(skb))
		return skb_rtable(skb)->rt_flags &
		       (RTCF_BROADCAST | RTCF_MULTICAST);

	return ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr);
}

static bool on_list_v4(const struct ip_sf_socklist *list, __be32 source)
{
	unsigned int i;

	for (i = 0; i < list->sl_count; i++)
		if (list->sl_addr[i] == source)
			return true;

	return false;
}

static bool is_member_v4(const struct sock *sk,
			 const struct clasp_dgram_ends *ends)
{
	__be32 group = ends->local.s6_addr32[3];
	const struct ip_sf_socklist *list;
	const struct ip_mc_socklist *m;
	bool listed;

	for (m = rcu_dereference(inet_sk(sk)->mc_list); m;
	     m = rcu_dereference(m->next_rcu)) {
		int dev = m->multi.imr_ifindex;

		if (m->multi.imr_multiaddr.s_addr != group ||
		    (dev != ends->dif && (!ends->sdif || dev != ends->sdif)))
			continue;

		list = rcu_dereference(m->sflist);
		listed = list && on_list_v4(list, ends->remote.s6_addr32[3]);

		return m->sfmode == MCAST_INCLUDE ? listed : !listed;
	}

	return clasp_compat_mc_all(sk);
}

static bool on_list_v6(const struct ip6_sf_socklist *list,
		       const struct in6_addr *source)
{
	unsigned int i;

	for (i = 0; i < list->sl_count; i++)
		if (ipv6_addr_equal(&list->sl_addr[i], source))
			return true;

	return false;
}

static bool is_member_v6(const struct sock *sk,
			 const struct clasp_dgram_ends *ends)
{
	const struct ip6_sf_socklist *list;
	const struct ipv6_mc_socklist *m;
	bool listed;

	for (m = rcu_dereference(inet6_sk(sk)->ipv6_mc_list); m;
	     m = rcu_dereference(m->next)) {
		if (!ipv6_addr_equal(&m->addr, &ends->local))
			continue;

		list = rcu_dereference(m->sflist);
		listed = list && on_list_v6(list, &ends->remote);

		return m->sfmode == MCAST_INCLUDE ? listed : !listed;
	}

	return clasp_compat_mc6_all(sk);
}

static bool is_member(const struct sock *sk, const struct clasp_dgram_ends *ends)
{
	if (!ends->v4)
		return is_member_v6(sk, ends);
	if (!ipv4_is_multicast(ends->local.s6_addr32[3]))
		return true;

	return is_member_v4(sk, ends);
}

static void give_copy(struct net *net, struct sock *sk, struct sk_buff *skb,
		      const struct clasp_datagram *dg)
{
	struct sk_buff *copy = skb_clone(skb, GFP_ATOMIC);

	if (copy) {
		clasp_dgram_admit(sk, copy, dg);
		return;
	}

	sk_drops_add(sk, skb);
	clasp_counter_drop(net, CLASP_DROP_MEMORY);
}

/**
 * clasp_dgram_to_many() - give a datagram to all that hear it
 * @net: namespace
 * @skb: the datagram; consumed
 * @dg: its header
 *
 * A socket that takes another port meanwhile may keep some from being found, as
 * if the datagram had come a moment later; beginning again would give others two.
 *
 * Context: BH disabled, rcu_read_lock().
 */
void clasp_dgram_to_many(struct net *net, struct sk_buff *skb,
			 const struct clasp_datagram *dg)
{
	struct clasp_dgram_port *port;
	struct clasp_dgram_ends ends;
	struct hlist_nulls_node *node;
	struct sock *sk, *last = NULL;

	clasp_dgram_ends(skb, dg, &ends);
	port = clasp_dgram_port_lookup(clasp_net(net), ends.local_port);
	if (!port)
		goto out;

	sk_nulls_for_each_rcu(sk, node, &port->socks) {
		if (clasp_dgram_weigh(sk, &ends) < 0 || !is_member(sk, &ends))
			continue;
		if (last)
			give_copy(net, last, skb, dg);
		last = sk;
	}
out:
	if (last)
		clasp_dgram_admit(last, skb, dg);
	else
		clasp_dgram_refuse(net, skb, dg, CLASP_DROP_NOT_JOINED);
}
