// SPDX-License-Identifier: GPL-2.0
/*
 * Where a datagram goes: destination, control messages, cgroup, route.
 *
 * A connected socket keeps its route (sk_dst_cache); whatever is said for one
 * datagram alone makes another look-up of it.
 */
#include <linux/bpf-cgroup.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>
#include <net/route.h>

#include "dgram.h"
#include "socket/address.h"

/* BPF programs may send it elsewhere, or from another address. */
static int ask_cgroup(struct sock *sk, struct clasp_address *to,
		      struct in6_addr *source)
{
	struct sockaddr_in6 name;
	int len, err;

	len = clasp_address_tell(to, sk->sk_family, &name);
	if (sk->sk_family == AF_INET)
		err = clasp_compat_cgroup_addr_lock(sk,
						    (struct sockaddr *)&name,
						    &len, CGROUP_UDP4_SENDMSG,
						    &source->s6_addr32[3]);
	else
		err = clasp_compat_cgroup_addr_lock(sk,
						    (struct sockaddr *)&name,
						    &len, CGROUP_UDP6_SENDMSG,
						    source);
	if (err)
		return err;
	err = clasp_address_take(sk, to, &name, len);

	return err ?: (to->port ? 0 : -EINVAL);
}

/* Nothing has only a port: no address at all is this host's. */
static void name_this_host(const struct sock *sk, struct in6_addr *addr)
{
	if (!ipv6_addr_any(addr))
		return;
	if (ipv6_addr_v4mapped(&inet6_sk(sk)->saddr))
		ipv6_addr_set_v4mapped(htonl(INADDR_LOOPBACK), addr);
	else
		*addr = in6addr_loopback;
}

static int take_name(struct sock *sk, struct msghdr *msg,
		     struct clasp_address *to)
{
	int err = clasp_address_take(sk, to, msg->msg_name, msg->msg_namelen);

	if (err)
		return err;
	if (!to->port)
		return -EINVAL;
	name_this_host(sk, &to->addr);

	return 0;
}

/* A name of no family is none, as ipv6(7)'s sockets take it. */
static bool has_name(const struct msghdr *msg)
{
	const struct sockaddr *name = msg->msg_name;

	return name && !(msg->msg_namelen >= (int)sizeof(name->sa_family) &&
			 name->sa_family == AF_UNSPEC);
}

static int take_peer(const struct sock *sk, struct clasp_address *to)
{
	if (sk->sk_state != TCP_ESTABLISHED)
		return -EDESTADDRREQ;

	*to = (struct clasp_address){
		.addr		= sk->sk_v6_daddr,
		.port		= inet_sk(sk)->inet_dport,
		.flowinfo	= inet6_sk(sk)->flow_label,
	};

	return to->port ? 0 : -EINVAL;
}

static void choose_device_v4(const struct sock *sk, struct flowi4 *fl4)
{
	const struct inet_sock *inet = inet_sk(sk);

	if (!ipv4_is_multicast(fl4->daddr)) {
		if (!fl4->flowi4_oif)
			fl4->flowi4_oif = READ_ONCE(inet->uc_index);
		return;
	}

	if (!fl4->flowi4_oif ||
	    netif_index_is_l3_master(sock_net(sk), fl4->flowi4_oif))
		fl4->flowi4_oif = READ_ONCE(inet->mc_index);
	if (!fl4->saddr)
		fl4->saddr = READ_ONCE(inet->mc_addr);
}

/* Another thread may have connected to a peer of the other IP meanwhile. */
static struct dst_entry *cached_route(struct sock *sk, int family, u32 cookie)
{
	struct dst_entry *dst = sk_dst_check(sk, cookie);

	if (!dst || dst->ops->family == family)
		return dst;
	dst_release(dst);

	return NULL;
}

static int route_v4(struct sock *sk, struct clasp_dgram_way *way, bool own)
{
	struct flowi4 *fl4 = &way->flow.u.ip4;
	struct dst_entry *dst = NULL;
	struct rtable *rt;

	if (own)
		dst = cached_route(sk, AF_INET, 0);
	if (!dst) {
		security_sk_classify_flow(sk, flowi4_to_flowi_common(fl4));
		rt = ip_route_output_flow(sock_net(sk), fl4, sk);
		if (IS_ERR(rt))
			return PTR_ERR(rt);
		dst = &rt->dst;
		if (own)
			sk_dst_set(sk, dst_clone(dst));
	}

	way->dst = dst;
	if (container_of(dst, struct rtable, dst)->rt_flags & RTCF_BROADCAST &&
	    !sock_flag(sk, SOCK_BROADCAST))
		return -EACCES;
	if (way->anc.hops < 0)
		way->anc.hops = ipv4_is_multicast(fl4->daddr) ?
				READ_ONCE(inet_sk(sk)->mc_ttl) :
				READ_ONCE(inet_sk(sk)->uc_ttl);
	if (way->anc.hops < 0)
		way->anc.hops = ip4_dst_hoplimit(dst);

	return 0;
}

static int find_v4(struct sock *sk, struct msghdr *msg,
		   struct clasp_dgram_way *way, const struct clasp_address *to,
		   bool own)
{
	bool local = msg->msg_flags & MSG_DONTROUTE ||
		     sock_flag(sk, SOCK_LOCALROUTE);
	struct flowi4 *fl4 = &way->flow.u.ip4;
	int err;

	fl4->flowi4_oif = READ_ONCE(sk->sk_bound_dev_if);
	if (!fl4->saddr)
		fl4->saddr = inet_sk(sk)->inet_saddr;
	if (msg->msg_controllen) {
		err = clasp_ancillary_take_v4(sk, msg, &way->anc, fl4);
		if (err < 0)
			return err;
		own = own && !err;
	}

	fl4->daddr = to->addr.s6_addr32[3];
	fl4->fl4_dport = to->port;
	fl4->fl4_sport = inet_sk(sk)->inet_sport;
	fl4->flowi4_proto = IPPROTO_CLASP_DG;
	fl4->flowi4_uid = sk->sk_uid;
	fl4->flowi4_mark = way->anc.sock.mark;
	fl4->flowi4_flags = inet_sk_flowi_flags(sk);
	clasp_compat_flow_tos(fl4, way->anc.tos & ~INET_ECN_MASK);
	if (local) {
		fl4->flowi4_scope = RT_SCOPE_LINK;
		clasp_compat_flow_onlink(fl4);
	}
	choose_device_v4(sk, fl4);

	return route_v4(sk, way, own && !local &&
			!ipv4_is_multicast(fl4->daddr));
}

/* A label that somebody holds alone is for the holder alone. */
static int check_label(struct sock *sk, __be32 label)
{
	struct ip6_flowlabel *held;

	if (!(label & IPV6_FLOWLABEL_MASK))
		return 0;

	held = fl6_sock_lookup(sk, label);
	if (IS_ERR(held))
		return -EINVAL;
	fl6_sock_release(held);

	return 0;
}

/* Those of the control messages count, or else those of the socket. */
static void choose_extensions(struct sock *sk, struct clasp_dgram_way *way)
{
	if (way->said.opt_flen | way->said.opt_nflen) {
		way->opt = &way->said;
		return;
	}

	way->sticky = txopt_get(inet6_sk(sk));
	way->opt = way->sticky;
}

static int route_v6(struct sock *sk, struct clasp_dgram_way *way, bool own)
{
	struct flowi6 *fl6 = &way->flow.u.ip6;
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct in6_addr *final_p, final;
	struct dst_entry *dst = NULL;

	final_p = fl6_update_dst(fl6, way->opt, &final);
	if (own && !final_p)
		dst = cached_route(sk, AF_INET6, np->dst_cookie);
	if (!dst) {
		security_sk_classify_flow(sk, flowi6_to_flowi_common(fl6));
		dst = ip6_dst_lookup_flow(sock_net(sk), sk, fl6, final_p);
		if (IS_ERR(dst))
			return PTR_ERR(dst);
		if (own && !final_p) {
			np->dst_cookie = rt6_get_cookie(dst_rt6_info(dst));
			sk_dst_set(sk, dst_clone(dst));
		}
	}

	way->dst = dst;
	if (way->anc.hops < 0)
		way->anc.hops = ip6_sk_dst_hoplimit(np, fl6, dst);

	return 0;
}

static void choose_device_v6(const struct sock *sk, struct flowi6 *fl6)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);

	if (fl6->flowi6_oif)
		return;

	fl6->flowi6_oif = ipv6_addr_is_multicast(&fl6->daddr) ?
			  READ_ONCE(np->mcast_oif) : READ_ONCE(np->ucast_oif);
}

static void begin_flow_v6(const struct sock *sk, struct flowi6 *fl6,
			  const struct clasp_address *to, bool own)
{
	const struct ipv6_pinfo *np = inet6_sk(sk);
	int type = ipv6_addr_type(&to->addr);

	fl6->daddr = to->addr;
	fl6->fl6_dport = to->port;
	fl6->fl6_sport = inet_sk(sk)->inet_sport;
	if (own || clasp_compat_sndflow(sk))
		fl6->flowlabel = to->flowinfo & IPV6_FLOWINFO_MASK;
	if (__ipv6_addr_needs_scope_id(type))
		fl6->flowi6_oif = to->scope;
	if (!fl6->flowi6_oif)
		fl6->flowi6_oif = READ_ONCE(sk->sk_bound_dev_if);
	if (!fl6->flowi6_oif)
		fl6->flowi6_oif = np->sticky_pktinfo.ipi6_ifindex;
}

static int find_v6(struct sock *sk, struct msghdr *msg,
		   struct clasp_dgram_way *way, const struct clasp_address *to,
		   bool own)
{
	struct flowi6 *fl6 = &way->flow.u.ip6;
	int err;

	begin_flow_v6(sk, fl6, to, own);
	if (msg->msg_controllen) {
		err = clasp_ancillary_take_v6(sk, msg, &way->anc, fl6,
					      &way->said);
		if (err < 0)
			return err;
		own = own && !err;
	}
	err = check_label(sk, fl6->flowlabel);
	if (err)
		return err;

	choose_extensions(sk, way);
	if (ipv6_addr_any(&fl6->saddr))
		fl6->saddr = inet6_sk(sk)->saddr;
	fl6->flowi6_proto = IPPROTO_CLASP_DG;
	fl6->flowi6_mark = way->anc.sock.mark;
	fl6->flowi6_uid = sk->sk_uid;
	fl6->flowlabel = ip6_make_flowinfo(way->anc.tos, fl6->flowlabel);
	choose_device_v6(sk, fl6);

	return route_v6(sk, way, own && !ipv6_addr_is_multicast(&fl6->daddr));
}

static int find(struct sock *sk, struct msghdr *msg,
		struct clasp_dgram_way *way)
{
	struct in6_addr source = in6addr_any;
	bool named = has_name(msg);
	struct clasp_address to;
	int err;

	err = named ? take_name(sk, msg, &to) : take_peer(sk, &to);
	if (!err && named)
		err = ask_cgroup(sk, &to, &source);
	if (err)
		return err;

	way->v4 = ipv6_addr_v4mapped(&to.addr);
	clasp_ancillary_init(sk, &way->anc, way->v4);
	if (!way->v4) {
		way->flow.u.ip6.saddr = source;
		return find_v6(sk, msg, way, &to, !named);
	}
	if (ipv6_only_sock(sk))
		return -ENETUNREACH;

	way->flow.u.ip4.saddr = source.s6_addr32[3];

	return find_v4(sk, msg, way, &to, !named);
}

static void confirm(const struct clasp_dgram_way *way)
{
	const void *addr = way->v4 ? (void *)&way->flow.u.ip4.daddr :
				     (void *)&way->flow.u.ip6.daddr;

	dst_confirm_neigh(way->dst, addr);
}

/**
 * clasp_dgram_way_find() - find out where a message goes, and how
 * @sk: socket with a port of its own
 * @msg: message
 * @way: filled in; to be given to clasp_dgram_way_end(), also after an error
 *
 * May take the socket's lock.
 *
 * Return: 0 or a negative errno as of sendmsg(2), ip(7) and ipv6(7).
 */
int clasp_dgram_way_find(struct sock *sk, struct msghdr *msg,
			 struct clasp_dgram_way *way)
{
	int err;

	*way = (struct clasp_dgram_way){};
	err = find(sk, msg, way);
	if (err)
		return err;

	way->segment = way->anc.segment ?:
		       READ_ONCE(clasp_dgram_sk(sk)->segment);
	if (msg->msg_flags & MSG_CONFIRM)
		confirm(way);

	return 0;
}

/**
 * clasp_dgram_way_end() - let go of what a way holds
 * @sk: socket
 * @way: way
 */
void clasp_dgram_way_end(struct sock *sk, struct clasp_dgram_way *way)
{
	txopt_put(way->sticky);
	dst_release(way->dst);
}
