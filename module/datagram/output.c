// SPDX-License-Identifier: GPL-2.0
/*
 * A datagram leaves: payload, header, checksum, IP.
 *
 * The sum is made here and never left to a device: a device that knows nothing
 * of protocol 254 would send a sum of 0 as 0, which means that there is none. What
 * does not fit the path is cut into fragments by the IP layer, if the socket
 * allows that.
 */
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>

#include "dgram.h"
#include "socket/errqueue.h"

/* What lies in one piece of memory; the rest goes into pages. */
#define LINEAR_MOST	SKB_MAX_ORDER(256, 0)

/**
 * struct limits - how long datagrams may be on a way
 * @mtu: of the path, bytes
 * @whole: payload that goes without fragments, bytes; may be negative
 * @most: payload that may be sent, bytes
 */
struct limits {
	int	mtu;
	int	whole;
	int	most;
};

static int options_len_v4(struct sock *sk)
{
	const struct ip_options_rcu *opt;
	int len;

	rcu_read_lock();
	opt = rcu_dereference(inet_sk(sk)->inet_opt);
	len = opt ? opt->opt.optlen : 0;
	rcu_read_unlock();

	return len;
}

static void find_limits_v4(struct sock *sk, const struct clasp_dgram_way *way,
			   struct limits *l)
{
	int headers = sizeof(struct iphdr) + options_len_v4(sk) +
		      CLASP_DATAGRAM_HDR;

	l->mtu = ip_sk_use_pmtu(sk) ? dst_mtu(way->dst) :
				      READ_ONCE(way->dst->dev->mtu);
	l->whole = l->mtu - headers;
	l->most = (ip_sk_ignore_df(sk) ? IP_MAX_MTU : l->mtu) - headers;
}

static void find_limits_v6(struct sock *sk, const struct clasp_dgram_way *way,
			   struct limits *l)
{
	const struct ipv6_txoptions *opt = way->opt;
	int extensions = opt ? opt->opt_flen + opt->opt_nflen : 0;
	u32 frag_size = READ_ONCE(inet6_sk(sk)->frag_size);
	int rest = extensions + CLASP_DATAGRAM_HDR;

	l->mtu = inet6_sk(sk)->pmtudisc >= IPV6_PMTUDISC_PROBE ?
		 READ_ONCE(way->dst->dev->mtu) : dst_mtu(way->dst);
	if (frag_size && frag_size < l->mtu)
		l->mtu = frag_size;
	l->whole = l->mtu - (int)sizeof(struct ipv6hdr) - rest;
	l->most = ip6_sk_ignore_df(sk) && !way->anc.dontfrag ?
		  IPV6_MAXPLEN - rest : l->whole;
}

/**
 * clasp_dgram_fits() - may a payload be sent as long as it is?
 * @sk: socket
 * @way: how it goes
 * @len: bytes
 *
 * Return: 0, -EMSGSIZE, -EINVAL for more segments than one call may make.
 */
int clasp_dgram_fits(struct sock *sk, const struct clasp_dgram_way *way,
		     size_t len)
{
	struct limits l;
	int segments;

	if (len > CLASP_DATAGRAM_PAYLOAD_MAX)
		return -EMSGSIZE;

	if (way->v4)
		find_limits_v4(sk, way, &l);
	else
		find_limits_v6(sk, way, &l);

	if (!way->segment && (int)len > l.most) {
		clasp_dgram_too_long(sk, way, l.mtu);
		return -EMSGSIZE;
	}
	segments = clasp_datagram_segments(len, way->segment,
					   max(l.whole, 0));

	return min(segments, 0);
}

/**
 * clasp_dgram_headroom() - room before a payload for all headers
 * @way: how it goes
 *
 * Return: bytes.
 */
u32 clasp_dgram_headroom(const struct clasp_dgram_way *way)
{
	const struct ipv6_txoptions *opt = way->opt;
	u32 ip = way->v4 ? sizeof(struct iphdr) + MAX_IPOPTLEN :
			   sizeof(struct ipv6hdr);

	if (opt)
		ip += opt->opt_flen + opt->opt_nflen;

	return LL_RESERVED_SPACE(way->dst->dev) + way->dst->header_len + ip +
	       CLASP_DATAGRAM_HDR;
}

/**
 * clasp_dgram_make() - take a payload from a program
 * @sk: socket; its send buffer pays, and may have to be waited for
 * @way: how it goes
 * @msg: the message
 * @len: payload, bytes
 *
 * Return: the payload, with room for headers, or ERR_PTR().
 */
struct sk_buff *clasp_dgram_make(struct sock *sk,
				 const struct clasp_dgram_way *way,
				 struct msghdr *msg, size_t len)
{
	u32 linear = min_t(size_t, len, LINEAR_MOST);
	u32 room = clasp_dgram_headroom(way);
	struct sk_buff *skb;
	int err;

	skb = sock_alloc_send_pskb(sk, room + linear + way->dst->trailer_len,
				   len - linear, msg->msg_flags & MSG_DONTWAIT,
				   &err, PAGE_ALLOC_COSTLY_ORDER);
	if (!skb)
		return ERR_PTR(err);

	skb_reserve(skb, room);
	skb_put(skb, linear);
	skb->data_len = len - linear;
	skb->len = len;
	err = skb_copy_datagram_from_iter(skb, 0, &msg->msg_iter, len);
	if (err) {
		kfree_skb(skb);
		return ERR_PTR(err);
	}

	return skb;
}

static void push_header(struct sk_buff *skb, const struct clasp_dgram_way *way)
{
	__be16 source = way->v4 ? way->flow.u.ip4.fl4_sport :
				  way->flow.u.ip6.fl6_sport;
	__be16 dest = way->v4 ? way->flow.u.ip4.fl4_dport :
				way->flow.u.ip6.fl6_dport;
	struct clasp_datagram dg = {
		.source	= ntohs(source),
		.dest	= ntohs(dest),
		.len	= skb->len + CLASP_DATAGRAM_HDR,
	};

	clasp_datagram_build(&dg, skb_push(skb, CLASP_DATAGRAM_HDR));
	skb_reset_transport_header(skb);
}

static void seal(struct sk_buff *skb, const struct clasp_dgram_way *way)
{
	__wsum sum = skb_checksum(skb, 0, skb->len, 0);
	const struct flowi6 *fl6 = &way->flow.u.ip6;
	const struct flowi4 *fl4 = &way->flow.u.ip4;
	__sum16 folded;

	if (way->v4)
		folded = csum_tcpudp_magic(fl4->saddr, fl4->daddr, skb->len,
					   IPPROTO_CLASP_DG, sum);
	else
		folded = csum_ipv6_magic(&fl6->saddr, &fl6->daddr, skb->len,
					 IPPROTO_CLASP_DG, sum);
	clasp_datagram_seal(skb->data, ntohs((__force __be16)folded));
}

/* What the host needs to know of it beside its bytes. */
static void label(struct sock *sk, struct sk_buff *skb,
		  const struct clasp_dgram_way *way)
{
	skb->priority = way->anc.priority;
	skb->mark = way->anc.sock.mark;
	clasp_compat_transmit_time(skb, way->anc.sock.transmit_time,
				   sk->sk_clockid);
	clasp_compat_tx_timestamp(skb, &way->anc.sock);
	skb_dst_set(skb, dst_clone(way->dst));
}

static bool dont_fragment(struct sock *sk, const struct sk_buff *skb,
			  const struct dst_entry *dst)
{
	u8 pmtudisc = READ_ONCE(inet_sk(sk)->pmtudisc);

	if (pmtudisc == IP_PMTUDISC_DO || pmtudisc == IP_PMTUDISC_PROBE)
		return true;

	return skb->len <= dst_mtu(dst) && ip_dont_fragment(sk, dst);
}

static int out_v4(struct sock *sk, struct sk_buff *skb,
		  struct clasp_dgram_way *way)
{
	const struct flowi4 *fl4 = &way->flow.u.ip4;
	struct iphdr *ip;

	skb->ignore_df = ip_sk_ignore_df(sk);
	/* what writes IP options into a header is there alone */
	if (rcu_access_pointer(inet_sk(sk)->inet_opt))
		return __ip_queue_xmit(sk, skb, &way->flow, way->anc.tos);

	ip = skb_push(skb, sizeof(*ip));
	skb_reset_network_header(skb);
	*ip = (struct iphdr){
		.version	= 4,
		.ihl		= sizeof(*ip) / 4,
		.tos		= way->anc.tos,
		.ttl		= way->anc.hops,
		.protocol	= IPPROTO_CLASP_DG,
		.saddr		= fl4->saddr,
		.daddr		= fl4->daddr,
	};
	if (dont_fragment(sk, skb, way->dst))
		ip->frag_off = htons(IP_DF);
	ip_select_ident(sock_net(sk), skb, sk);

	return ip_local_out(sock_net(sk), sk, skb);
}

static int out_v6(struct sock *sk, struct sk_buff *skb,
		  struct clasp_dgram_way *way)
{
	u32 frag_size = READ_ONCE(inet6_sk(sk)->frag_size);
	struct flowi6 *fl6 = &way->flow.u.ip6;
	struct net *net = sock_net(sk);
	struct ipv6hdr *ip;
	__be32 flow;

	skb->ignore_df = 1;
	/* what writes extension headers is there alone */
	if (way->opt)
		return ip6_xmit(sk, skb, fl6, skb->mark, way->opt,
				way->anc.tos, skb->priority);

	flow = ip6_make_flowlabel(net, skb, fl6->flowlabel,
				  clasp_compat_autoflowlabel(net, sk), fl6);
	ip = skb_push(skb, sizeof(*ip));
	skb_reset_network_header(skb);
	ip6_flow_hdr(ip, way->anc.tos, flow);
	ip->hop_limit = way->anc.hops;
	ip->nexthdr = IPPROTO_CLASP_DG;
	ip->saddr = fl6->saddr;
	ip->daddr = fl6->daddr;
	skb->protocol = htons(ETH_P_IPV6);
	/* IPV6_MTU: fragments smaller than the path would take */
	if (frag_size && frag_size < dst_mtu(way->dst) && skb->len > frag_size)
		IP6CB(skb)->frag_max_size = frag_size;

	return ip6_local_out(net, sk, skb);
}

/* A full queue on this host is a loss as any, unless the program wants to know. */
static int sent(struct sock *sk, const struct clasp_dgram_way *way, int err)
{
	if (err > 0)
		err = net_xmit_errno(err);
	if (!err) {
		clasp_count(sock_net(sk), CLASP_COUNT_DATAGRAMS_OUT, 1);
		return 0;
	}

	clasp_count(sock_net(sk), CLASP_COUNT_DATAGRAM_ERRORS, 1);

	return err == -ENOBUFS && !clasp_errqueue_wanted(sk, way->v4) ? 0 : err;
}

/**
 * clasp_dgram_out() - send one datagram
 * @sk: socket
 * @skb: payload with clasp_dgram_headroom(); consumed
 * @way: how it goes
 *
 * Return: 0 or a negative errno.
 */
int clasp_dgram_out(struct sock *sk, struct sk_buff *skb,
		    struct clasp_dgram_way *way)
{
	push_header(skb, way);
	seal(skb, way);
	label(sk, skb, way);

	return sent(sk, way, way->v4 ? out_v4(sk, skb, way) :
				       out_v6(sk, skb, way));
}
