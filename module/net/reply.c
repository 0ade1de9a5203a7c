// SPDX-License-Identifier: GPL-2.0
/*
 * Segments that no socket sends: a mini-socket's, and the RST from nobody.
 */
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>

#include "event.h"
#include "net/wire.h"

/* All headers of ours; the link layer's are MAX_HEADER's. */
#define ROOM	(sizeof(struct ipv6hdr) + CLASP_HDR_MAX)

/**
 * clasp_ip_way() - how a socket's segments go, for those sent in its name
 * @sk: socket or listener
 * @v4: IPv4 or IPv6?
 * @way: filled in
 */
void clasp_ip_way(const struct sock *sk, bool v4, struct clasp_way *way)
{
	int hops = v4 ? READ_ONCE(inet_sk(sk)->uc_ttl) :
			inet6_sk(sk)->hop_limit;
	u8 tos = v4 ? READ_ONCE(inet_sk(sk)->tos) :
		      READ_ONCE(inet6_sk(sk)->tclass);

	*way = (struct clasp_way){
		.mark	 = READ_ONCE(sk->sk_mark),
		.ifindex = READ_ONCE(sk->sk_bound_dev_if),
		.uid	 = sk->sk_uid,
		.priority = READ_ONCE(sk->sk_priority),
		.tos	 = tos & ~INET_ECN_MASK,
		.hops	 = max(hops, 0),
		.flow_flags = inet_sk_flowi_flags(sk),
	};
}

static int send_v4(struct net *net, struct sk_buff *skb,
		   const struct clasp_tuple *tuple, const struct clasp_way *way)
{
	struct iphdr *ip = skb_push(skb, sizeof(*ip));

	skb_reset_network_header(skb);
	*ip = (struct iphdr){
		.version	= 4,
		.ihl		= 5,
		.tos		= way->tos,
		.frag_off	= htons(IP_DF),
		.ttl		= way->hops ?: ip4_dst_hoplimit(skb_dst(skb)),
		.protocol	= IPPROTO_CLASP,
		.saddr		= tuple->local.s6_addr32[3],
		.daddr		= tuple->remote.s6_addr32[3],
	};

	return ip_local_out(net, NULL, skb);
}

static int send_v6(struct net *net, struct sk_buff *skb,
		   const struct clasp_tuple *tuple, const struct clasp_way *way)
{
	struct ipv6hdr *ip = skb_push(skb, sizeof(*ip));

	skb_reset_network_header(skb);
	ip6_flow_hdr(ip, way->tos, 0);
	ip->nexthdr = IPPROTO_CLASP;
	ip->hop_limit = way->hops ?: ip6_dst_hoplimit(skb_dst(skb));
	ip->saddr = tuple->local;
	ip->daddr = tuple->remote;
	skb->protocol = htons(ETH_P_IPV6);

	return ip6_local_out(net, NULL, skb);
}

static int reply(struct net *net, const struct clasp_tuple *tuple,
		 const struct clasp_way *way, const struct clasp_segment *seg)
{
	struct dst_entry *dst;
	struct sk_buff *skb;

	dst = clasp_ip_dst(net, tuple, way);
	if (IS_ERR(dst))
		return PTR_ERR(dst);

	skb = alloc_skb(MAX_HEADER + ROOM, GFP_ATOMIC);
	if (!skb) {
		dst_release(dst);
		return -ENOMEM;
	}

	skb_reserve(skb, MAX_HEADER + ROOM);
	clasp_ip_build(skb, seg, tuple);
	skb_dst_set(skb, dst);
	skb->mark = way->mark;
	skb->priority = way->priority;

	if (ipv6_addr_v4mapped(&tuple->local))
		return send_v4(net, skb, tuple, way);

	return send_v6(net, skb, tuple, way);
}

/**
 * clasp_ip_reply() - send a segment without payload
 * @net: from which namespace
 * @tuple: between whom, seen from our side
 * @way: how it goes
 * @seg: the segment
 *
 * Nobody asks whether it worked: what is lost comes again, or is asked for
 * again. Any context but hard interrupts.
 */
void clasp_ip_reply(struct net *net, const struct clasp_tuple *tuple,
		    const struct clasp_way *way,
		    const struct clasp_segment *seg)
{
	clasp_ip_sent(net, seg, reply(net, tuple, way, seg));
}

/* As the segment came: RFC 9293 has no other rule for who is not there. */
static void nobodys_way(struct net *net, const struct sk_buff *skb,
			struct clasp_way *way)
{
	bool v4 = clasp_ip_is_v4(skb);
	u8 tos = v4 ? ip_hdr(skb)->tos : ipv6_get_dsfield(ipv6_hdr(skb));

	*way = (struct clasp_way){
		.mark	= v4 ? IP4_REPLY_MARK(net, skb->mark) :
			       IP6_REPLY_MARK(net, skb->mark),
		.uid	= sock_net_uid(net, NULL),
		.tos	= tos & ~INET_ECN_MASK,
	};
}

/**
 * clasp_ip_reset() - answer a segment with RST
 * @net: namespace
 * @skb: the segment that is answered, as it arrived; unicast, and from an
 *	address that may be answered
 * @seg: its header; a RST is never answered
 * @from: how segments go of whom it was for; NULL for nobody
 */
void clasp_ip_reset(struct net *net, struct sk_buff *skb,
		    const struct clasp_segment *seg,
		    const struct clasp_way *from)
{
	struct clasp_segment rst;
	struct clasp_tuple tuple;
	struct clasp_way way;

	if (!clasp_segment_reset(seg, &rst))
		return;

	clasp_ip_tuple(skb, seg, &tuple);
	if (from)
		way = *from;
	else
		nobodys_way(net, skb, &way);
	/* a VRF's answer leaves by the VRF */
	way.ifindex = way.ifindex ?: tuple.domain;

	clasp_tell_out(NULL, &rst, CLASP_SEND_RESET_NOBODY);
	clasp_ip_reply(net, &tuple, &way, &rst);
}

/**
 * clasp_ip_reset_for() - the same, in a socket's name
 * @sk: socket or listener that the segment was for
 * @skb: the segment
 * @seg: its header
 *
 * Its TTL counts, too: a peer with IP_MINTTL believes no other.
 */
void clasp_ip_reset_for(const struct sock *sk, struct sk_buff *skb,
			const struct clasp_segment *seg)
{
	struct clasp_way way;

	clasp_ip_way(sk, clasp_ip_is_v4(skb), &way);
	clasp_ip_reset(sock_net(sk), skb, seg, &way);
}
