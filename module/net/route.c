// SPDX-License-Identifier: GPL-2.0
/*
 * Routes: where a socket's segments go, from which address, how long they may
 * be.
 *
 * A socket keeps its route (sk_dst_cache) and asks for another when it has
 * gone stale. The source address is chosen once and kept (MUST-44, MUST-45).
 */
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/transp_v6.h>

#include "net/wire.h"

/* Longest payload of an IPv4 or IPv6 packet, all headers behind IP's counted. */
#define LONGEST_V4	(IP_MAX_MTU - sizeof(struct iphdr))
#define LONGEST_V6	IPV6_MAXPLEN

/* Both forms of a socket's addresses, for whoever reads either. */
static void set_addresses_v4(struct sock *sk, __be32 saddr, __be32 daddr)
{
	struct inet_sock *inet = inet_sk(sk);

	inet->inet_saddr = saddr;
	inet->inet_rcv_saddr = saddr;
	inet->inet_daddr = daddr;
	ipv6_addr_set_v4mapped(saddr, &sk->sk_v6_rcv_saddr);
	ipv6_addr_set_v4mapped(saddr, &inet6_sk(sk)->saddr);
	ipv6_addr_set_v4mapped(daddr, &sk->sk_v6_daddr);
}

static void set_addresses_v6(struct sock *sk, const struct in6_addr *saddr)
{
	struct inet_sock *inet = inet_sk(sk);

	sk->sk_v6_rcv_saddr = *saddr;
	inet6_sk(sk)->saddr = *saddr;
	inet->inet_saddr = LOOPBACK4_IPV6;
	inet->inet_rcv_saddr = LOOPBACK4_IPV6;
	inet->inet_daddr = LOOPBACK4_IPV6;
}

static int route_v4(struct sock *sk)
{
	__be32 daddr = sk->sk_v6_daddr.s6_addr32[3];
	struct inet_sock *inet = inet_sk(sk);
	struct ip_options_rcu *opt;
	struct flowi4 *fl4;
	__be32 hop = daddr;
	struct rtable *rt;
	__be32 saddr = 0;

	if (ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr))
		saddr = sk->sk_v6_rcv_saddr.s6_addr32[3];
	else if (!ipv6_addr_any(&sk->sk_v6_rcv_saddr))
		return -EAFNOSUPPORT;

	opt = rcu_dereference_protected(inet->inet_opt,
					lockdep_sock_is_held(sk));
	if (opt && opt->opt.srr)
		hop = opt->opt.faddr;

	fl4 = &inet->cork.fl.u.ip4;
	rt = ip_route_connect(fl4, hop, saddr, sk->sk_bound_dev_if,
			      sk->sk_protocol, inet->inet_sport,
			      inet->inet_dport, sk);
	if (IS_ERR(rt))
		return PTR_ERR(rt);
	if (rt->rt_flags & (RTCF_MULTICAST | RTCF_BROADCAST)) {
		ip_rt_put(rt);
		return -ENETUNREACH;
	}

	set_addresses_v4(sk, fl4->saddr, daddr);
	sk_setup_caps(sk, &rt->dst);

	return 0;
}

static void fill_flow_v6(struct sock *sk, struct flowi6 *fl6)
{
	struct ipv6_pinfo *np = inet6_sk(sk);

	*fl6 = (struct flowi6){
		.daddr		= sk->sk_v6_daddr,
		.saddr		= np->saddr,
		.flowlabel	= ip6_make_flowinfo(np->tclass, np->flow_label),
		.flowi6_proto	= sk->sk_protocol,
		.flowi6_oif	= sk->sk_bound_dev_if,
		.flowi6_mark	= READ_ONCE(sk->sk_mark),
		.flowi6_uid	= sk->sk_uid,
		.fl6_sport	= inet_sk(sk)->inet_sport,
		.fl6_dport	= inet_sk(sk)->inet_dport,
	};
	security_sk_classify_flow(sk, flowi6_to_flowi_common(fl6));
}

/**
 * clasp_ip_dst_v6() - an IPv6 socket's route
 * @sk: socket, lock held
 * @fl6: filled in; the source address too, if the socket had none
 *
 * Return: a route that the socket holds, or ERR_PTR().
 */
struct dst_entry *clasp_ip_dst_v6(struct sock *sk, struct flowi6 *fl6)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct in6_addr *final_p, final;
	struct dst_entry *dst;

	fill_flow_v6(sk, fl6);
	dst = __sk_dst_check(sk, np->dst_cookie);
	if (dst)
		return dst;

	rcu_read_lock();
	final_p = fl6_update_dst(fl6, rcu_dereference(np->opt), &final);
	rcu_read_unlock();

	dst = ip6_dst_lookup_flow(sock_net(sk), sk, fl6, final_p);
	if (IS_ERR(dst))
		return dst;

	np->dst_cookie = rt6_get_cookie(dst_rt6_info(dst));
	sk_setup_caps(sk, dst);

	return dst;
}

static int route_v6(struct sock *sk)
{
	struct dst_entry *dst;
	struct flowi6 fl6;

	if (!ipv6_mod_enabled())
		return -EAFNOSUPPORT;
	if (ipv6_addr_is_multicast(&sk->sk_v6_daddr))
		return -ENETUNREACH;

	inet6_sk(sk)->saddr = sk->sk_v6_rcv_saddr;
	dst = clasp_ip_dst_v6(sk, &fl6);
	if (IS_ERR(dst))
		return PTR_ERR(dst);

	set_addresses_v6(sk, &fl6.saddr);

	return 0;
}

/**
 * clasp_ip_route() - find a connection's route and its source address
 * @sk: socket, lock held: sk_v6_daddr says where to, sk_v6_rcv_saddr where
 *	from, or ::; inet_dport is set, inet_sport if it is known
 *
 * Sets all of the socket's addresses, its cached route and what the device
 * behind it can do. May be called again, once the ports are known.
 *
 * Return: 0; -ENETUNREACH, also for a multicast or broadcast destination
 * (MUST-46), and what else the routing says.
 */
int clasp_ip_route(struct sock *sk)
{
	int err;

	sk_dst_reset(sk);
	if (clasp_is_v4(sk))
		err = route_v4(sk);
	else
		err = route_v6(sk);

	if (err)
		sk->sk_route_caps = 0;

	return err;
}

static struct dst_entry *dst_v4(struct net *net,
				const struct clasp_tuple *tuple,
				const struct clasp_way *way)
{
	struct flowi4 fl4 = {
		.flowi4_oif	= way->ifindex,
		.flowi4_mark	= way->mark,
		.flowi4_flags	= way->flow_flags,
		.flowi4_proto	= IPPROTO_CLASP,
		.flowi4_uid	= way->uid,
		.daddr		= tuple->remote.s6_addr32[3],
		.saddr		= tuple->local.s6_addr32[3],
		.fl4_dport	= tuple->remote_port,
		.fl4_sport	= tuple->local_port,
	};
	struct rtable *rt;

	clasp_compat_flow_tos(&fl4, way->tos);
	rt = ip_route_output_flow(net, &fl4, NULL);

	return IS_ERR(rt) ? ERR_CAST(rt) : &rt->dst;
}

static struct dst_entry *dst_v6(struct net *net,
				const struct clasp_tuple *tuple,
				const struct clasp_way *way)
{
	struct flowi6 fl6 = {
		.flowi6_oif	= tuple->scope ?: way->ifindex,
		.flowi6_mark	= way->mark,
		.flowi6_proto	= IPPROTO_CLASP,
		.flowi6_uid	= way->uid,
		.flowlabel	= ip6_make_flowinfo(way->tos, 0),
		.daddr		= tuple->remote,
		.saddr		= tuple->local,
		.fl6_dport	= tuple->remote_port,
		.fl6_sport	= tuple->local_port,
	};

	return ip6_dst_lookup_flow(net, NULL, &fl6, NULL);
}

/**
 * clasp_ip_dst() - the route of a segment that no socket sends
 * @net: from which namespace
 * @tuple: between whom, seen from our side
 * @way: how it goes
 *
 * Return: a route with a reference for the caller, or ERR_PTR().
 */
struct dst_entry *clasp_ip_dst(struct net *net, const struct clasp_tuple *tuple,
			       const struct clasp_way *way)
{
	if (ipv6_addr_v4mapped(&tuple->local))
		return dst_v4(net, tuple, way);

	return dst_v6(net, tuple, way);
}

/*
 * Options may take more than a small MTU has: the longest segment is then one
 * that does not fit, and the IP layer says so.
 */
static u32 room(u32 payload, u32 extra)
{
	return payload > extra + CLASP_MSS_MIN ? payload - extra : CLASP_MSS_MIN;
}

static u32 mss_v4(const struct sock *sk, u32 mtu)
{
	const struct ip_options_rcu *opt;
	u32 extra = CLASP_HDR_MIN;

	opt = rcu_dereference(inet_sk(sk)->inet_opt);
	if (opt)
		extra += opt->opt.optlen;

	return room(min_t(u32, mtu - sizeof(struct iphdr), LONGEST_V4), extra);
}

static u32 mss_v6(const struct sock *sk, u32 mtu)
{
	const struct ipv6_txoptions *opt;
	u32 extra = CLASP_HDR_MIN;

	opt = rcu_dereference(inet6_sk(sk)->opt);
	if (opt)
		extra += opt->opt_flen + opt->opt_nflen;

	return room(min_t(u32, mtu - sizeof(struct ipv6hdr), LONGEST_V6), extra);
}

/**
 * clasp_ip_path_mss() - what a path takes
 * @sk: socket, lock held
 *
 * Return: path MTU less IP header, IP options and the fixed Clasp header; the
 * least that every path takes, when there is no route.
 */
u16 clasp_ip_path_mss(struct sock *sk)
{
	const struct dst_entry *dst = __sk_dst_get(sk);
	bool v4 = clasp_is_v4(sk);
	u32 mss;

	if (!dst)
		return v4 ? CLASP_MSS_DEFAULT_V4 : CLASP_MSS_DEFAULT_V6;

	rcu_read_lock();
	mss = v4 ? mss_v4(sk, dst_mtu(dst)) : mss_v6(sk, dst_mtu(dst));
	rcu_read_unlock();

	return mss;
}

/**
 * clasp_ip_adv_mss() - what we take, for the MSS option
 * @dst: route to the peer
 * @v4: IPv4 or IPv6?
 *
 * The route's "advmss", or else its MTU less the fixed headers (RFC 6691),
 * which are as long as TCP's.
 */
u16 clasp_ip_adv_mss(const struct dst_entry *dst, bool v4)
{
	u32 most = (v4 ? LONGEST_V4 : LONGEST_V6) - CLASP_HDR_MIN;

	return min(dst_metric_advmss(dst), most);
}
