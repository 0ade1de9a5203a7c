// SPDX-License-Identifier: GPL-2.0
/*
 * From whom and for whom a segment is, and whether one may answer.
 */
#include <linux/siphash.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "isn.h"
#include "net/wire.h"

/**
 * clasp_ip_is_v4() - did a segment come by IPv4?
 * @skb: as a protocol handler gets it
 */
bool clasp_ip_is_v4(const struct sk_buff *skb)
{
	return skb->protocol == htons(ETH_P_IP);
}

/**
 * clasp_ip_domain() - the VRF that a packet came by
 * @skb: as a protocol handler gets it; its control block is still IP's
 *
 * Return: its interface index, or 0.
 */
u32 clasp_ip_domain(const struct sk_buff *skb)
{
	int below = clasp_ip_is_v4(skb) ? inet_sdif(skb) : inet6_sdif(skb);

	return below ? skb->skb_iif : 0;
}

/**
 * clasp_ip_tuple() - the four-tuple of a segment, seen from our side
 * @skb: the segment; its IP header is behind skb_network_header(), and its
 *	control block is still IP's
 * @seg: its header
 * @tuple: filled in
 */
void clasp_ip_tuple(const struct sk_buff *skb, const struct clasp_segment *seg,
		    struct clasp_tuple *tuple)
{
	tuple->local_port = htons(seg->dest);
	tuple->remote_port = htons(seg->source);
	tuple->scope = 0;
	tuple->domain = clasp_ip_domain(skb);

	if (clasp_ip_is_v4(skb)) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &tuple->local);
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &tuple->remote);
		return;
	}

	tuple->local = ipv6_hdr(skb)->daddr;
	tuple->remote = ipv6_hdr(skb)->saddr;
	if (ipv6_addr_type(&tuple->local) & IPV6_ADDR_LINKLOCAL ||
	    ipv6_addr_type(&tuple->remote) & IPV6_ADDR_LINKLOCAL)
		tuple->scope = IP6CB(skb)->iif;
}

/**
 * clasp_ip_is_unicast() - is a segment from one host to us alone?
 * @skb: as a protocol handler gets it
 *
 * MUST-57, MUST-63. An IPv6 packet with a v4-mapped address would be taken for
 * an IPv4 one. What takes a look into the routing table is left to
 * clasp_ip_answerable().
 */
bool clasp_ip_is_unicast(const struct sk_buff *skb)
{
	if (skb->pkt_type != PACKET_HOST)
		return false;
	if (clasp_ip_is_v4(skb))
		return !(skb_rtable(skb)->rt_flags &
			 (RTCF_BROADCAST | RTCF_MULTICAST));

	return !ipv6_addr_is_multicast(&ipv6_hdr(skb)->daddr) &&
	       !ipv6_addr_v4mapped(&ipv6_hdr(skb)->daddr) &&
	       !ipv6_addr_v4mapped(&ipv6_hdr(skb)->saddr);
}

static void remember_v4(struct inet_sock *inet, const struct sk_buff *skb)
{
	inet->mc_index = inet_iif(skb);
	inet->mc_ttl = ip_hdr(skb)->ttl;
	inet->rcv_tos = ip_hdr(skb)->tos;
}

static void remember_v6(struct sock *sk, const struct sk_buff *skb)
{
	struct ipv6_pinfo *np = inet6_sk(sk);

	np->mcast_oif = inet6_iif(skb);
	np->mcast_hops = ipv6_hdr(skb)->hop_limit;
	np->rcv_flowinfo = ip6_flowinfo(ipv6_hdr(skb));
	if (clasp_compat_repflow(sk))
		np->flow_label = ip6_flowlabel(ipv6_hdr(skb));
}

/**
 * clasp_ip_remember() - how the segment came that established a connection
 * @sk: the connection, accepted
 * @skb: the segment, as a protocol handler gets it
 *
 * For IP_PKTOPTIONS and IPV6_2292PKTOPTIONS, which is all that a stream has of
 * IP_RECVTTL and the like; and the flow label, if it is to be sent back.
 */
void clasp_ip_remember(struct sock *sk, const struct sk_buff *skb)
{
	if (clasp_ip_is_v4(skb))
		remember_v4(inet_sk(sk), skb);
	else
		remember_v6(sk, skb);
}

static bool answerable_v4(struct net *net, const struct sk_buff *skb)
{
	unsigned int source;

	if (skb_rtable(skb)->rt_type != RTN_LOCAL)
		return false;

	source = inet_addr_type_dev_table(net, skb->dev, ip_hdr(skb)->saddr);

	return source != RTN_BROADCAST && source != RTN_MULTICAST;
}

static bool answerable_v6(const struct sk_buff *skb)
{
	return ipv6_unicast_destination(skb) &&
	       ipv6_addr_type(&ipv6_hdr(skb)->saddr) & IPV6_ADDR_UNICAST;
}

/**
 * clasp_ip_answerable() - may a segment that no connection takes be answered?
 * @net: its namespace
 * @skb: as a protocol handler gets it; clasp_ip_is_unicast()
 *
 * Neither from a broadcast address of a network of ours, nor for an address
 * that others have too.
 *
 * Context: rcu_read_lock().
 */
bool clasp_ip_answerable(struct net *net, const struct sk_buff *skb)
{
	return clasp_ip_is_v4(skb) ? answerable_v4(net, skb) :
				     answerable_v6(skb);
}

/**
 * clasp_ip_iss() - where a connection's sequence numbers and timestamps begin
 * @cn: its namespace
 * @tuple: its four-tuple
 * @passive: are we the listening side?
 * @ts_offset: set; the same for each incarnation of the four-tuple, so that
 *	timestamps tell a new one from an old one (RFC 6191)
 *
 * Return: ISS.
 */
u32 clasp_ip_iss(struct clasp_net *cn, const struct clasp_tuple *tuple,
		 bool passive, u32 *ts_offset)
{
	u64 hash = siphash(tuple, sizeof(*tuple), &cn->secret);

	*ts_offset = upper_32_bits(hash);

	return clasp_isn(&cn->settings, passive, lower_32_bits(hash),
			 clasp_now_us());
}
