// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses, in and out.
 *
 * A program may name an address as sockaddr_clasp, sockaddr_in6 (the same
 * layout) or sockaddr_in; inside there is one form, IPv6's, with IPv4 as
 * ::ffff:a.b.c.d, and out comes the one that CLASP_NAME_FAMILY says. A wrong
 * family or length is refused with the errno that TCP gives.
 */
#include <linux/bpf-cgroup.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/l3mdev.h>

#include "address.h"

/* Both have these offsets; the kernel's helpers know the first alone. */
#define SAME_PLACE(in6, clasp)						       \
	static_assert(offsetof(struct sockaddr_in6, in6) ==		       \
		      offsetof(struct sockaddr_clasp, clasp))
SAME_PLACE(sin6_family, scl_family);
SAME_PLACE(sin6_port, scl_port);
SAME_PLACE(sin6_flowinfo, scl_flowinfo);
SAME_PLACE(sin6_addr, scl_addr);
SAME_PLACE(sin6_scope_id, scl_scope_id);
static_assert(sizeof(struct sockaddr_in6) == sizeof(struct sockaddr_clasp));

static int take_v4(struct clasp_address *to, const struct sockaddr_in *from,
		   int len)
{
	if (len < (int)sizeof(*from))
		return -EINVAL;

	ipv6_addr_set_v4mapped(from->sin_addr.s_addr, &to->addr);
	to->port = from->sin_port;

	return 0;
}

static int take_v6(struct clasp_address *to, const struct sockaddr_in6 *from,
		   int len)
{
	if (len < SIN6_LEN_RFC2133)
		return -EINVAL;
	if (from->sin6_family != AF_CLASP && from->sin6_family != AF_INET6)
		return -EAFNOSUPPORT;

	to->addr = from->sin6_addr;
	to->port = from->sin6_port;
	to->flowinfo = from->sin6_flowinfo;
	if (len >= (int)sizeof(*from))
		to->scope = from->sin6_scope_id;

	return 0;
}

/* A socket that is IPv4-only: of our own form, what stands for IPv4. */
static int take_only_v4(struct clasp_address *to,
			const struct sockaddr_in6 *from, int len)
{
	int err;

	if (len < (int)sizeof(struct sockaddr_in))
		return -EINVAL;
	if (from->sin6_family != AF_CLASP)
		return -EAFNOSUPPORT;

	err = take_v6(to, from, len);
	if (!err && !ipv6_addr_v4mapped(&to->addr))
		err = -EAFNOSUPPORT;

	return err;
}

/**
 * clasp_address_take() - read an address that a program gave
 * @sk: for which socket
 * @to: filled in
 * @from: the address, in the kernel already
 * @len: how much of it was given; the rest is not looked at
 *
 * Return: 0, -EINVAL when it is too short, -EAFNOSUPPORT.
 */
int clasp_address_take(const struct sock *sk, struct clasp_address *to,
		       const void *from, int len)
{
	const struct sockaddr *any = from;

	*to = (struct clasp_address){};
	if (len < (int)sizeof(any->sa_family))
		return -EINVAL;
	if (any->sa_family == AF_INET)
		return take_v4(to, from, len);
	if (sk->sk_family == AF_INET)
		return take_only_v4(to, from, len);

	return take_v6(to, from, len);
}

static int tell_v4(const struct clasp_address *from, struct sockaddr_in *to)
{
	*to = (struct sockaddr_in){
		.sin_family	 = AF_INET,
		.sin_port	 = from->port,
		.sin_addr.s_addr = from->addr.s6_addr32[3],
	};

	return sizeof(*to);
}

/**
 * clasp_address_tell() - write an address as somebody wants it
 * @from: address
 * @family: AF_CLASP, AF_INET6, or AF_INET for one that is IPv4
 * @to: as long as struct sockaddr_clasp at least; filled in
 *
 * Return: its length.
 */
int clasp_address_tell(const struct clasp_address *from, int family, void *to)
{
	if (family == AF_INET)
		return tell_v4(from, to);

	*(struct sockaddr_in6 *)to = (struct sockaddr_in6){
		.sin6_family	= family,
		.sin6_port	= from->port,
		.sin6_flowinfo	= from->flowinfo,
		.sin6_addr	= from->addr,
		.sin6_scope_id	= from->scope,
	};

	return sizeof(struct sockaddr_in6);
}

static void local_name(const struct sock *sk, struct clasp_address *to)
{
	const struct inet_sock *inet = inet_sk(sk);

	to->port = inet->inet_sport;
	to->addr = sk->sk_v6_rcv_saddr;
	if (sk->sk_family == AF_INET)
		ipv6_addr_set_v4mapped(inet->inet_rcv_saddr ?: inet->inet_saddr,
				       &to->addr);
	else if (ipv6_addr_any(&to->addr))
		to->addr = inet6_sk(sk)->saddr;
}

static void peer_name(const struct sock *sk, struct clasp_address *to)
{
	to->port = inet_sk(sk)->inet_dport;
	to->addr = sk->sk_v6_daddr;
	if (clasp_compat_sndflow(sk))
		to->flowinfo = inet6_sk(sk)->flow_label;
}

/* A cgroup may show its programs other names than the socket's. */
static void ask_cgroup(struct sock *sk, bool peer, struct sockaddr *name,
		       int len)
{
	if (sk->sk_family == AF_INET && peer)
		clasp_compat_cgroup_addr(sk, name, &len,
					 CGROUP_INET4_GETPEERNAME);
	else if (sk->sk_family == AF_INET)
		clasp_compat_cgroup_addr(sk, name, &len,
					 CGROUP_INET4_GETSOCKNAME);
	else if (peer)
		clasp_compat_cgroup_addr(sk, name, &len,
					 CGROUP_INET6_GETPEERNAME);
	else
		clasp_compat_cgroup_addr(sk, name, &len,
					 CGROUP_INET6_GETSOCKNAME);
}

/**
 * clasp_address_name() - what a socket is called
 * @sk: socket; lock held
 * @family: the form that its program wants: CLASP_NAME_FAMILY
 * @peer: the peer's name instead of its own
 * @to: as long as struct sockaddr_clasp; filled in
 *
 * Return: its length.
 */
int clasp_address_name(struct sock *sk, int family, bool peer, void *to)
{
	struct clasp_address name = {};
	int len;

	if (peer)
		peer_name(sk, &name);
	else
		local_name(sk, &name);
	name.scope = ipv6_iface_scope_id(&name.addr,
					 READ_ONCE(sk->sk_bound_dev_if));

	/* BPF programs know the kernel's families alone */
	len = clasp_address_tell(&name, sk->sk_family, to);
	ask_cgroup(sk, peer, to, len);
	((struct sockaddr *)to)->sa_family = family;

	return len;
}

/* Only one that has no name yet, or one that IPv4 knows too. */
static int become_v4(struct sock *sk)
{
	const struct in6_addr *addr = &sk->sk_v6_rcv_saddr;
	struct inet_sock *inet = inet_sk(sk);

	if (!ipv6_addr_v4mapped(addr) &&
	    (!ipv6_addr_any(addr) || inet->inet_num))
		return -EADDRNOTAVAIL;

	inet->inet_rcv_saddr = addr->s6_addr32[3];
	inet->inet_saddr = addr->s6_addr32[3];
	sk->sk_ipv6only = false;
	WRITE_ONCE(sk->sk_family, PF_INET);
	clasp_address_settle(sk);

	return 0;
}

static void become_v6(struct sock *sk)
{
	WRITE_ONCE(sk->sk_family, PF_INET6);
	if (inet_sk(sk)->inet_num || inet_sk(sk)->inet_rcv_saddr)
		return;

	/* as socket() made it */
	inet_reset_saddr(sk);
	sk->sk_ipv6only = READ_ONCE(sock_net(sk)->ipv6.sysctl.bindv6only);
}

/**
 * clasp_address_set_family() - CLASP_NAME_FAMILY
 * @sk: socket; lock held
 * @family: AF_CLASP, AF_INET or AF_INET6
 *
 * AF_INET makes it IPv4-only, and the others end that. The kernel's helpers see
 * it in sk_family.
 *
 * Return: 0; -EINVAL; -EADDRNOTAVAIL for AF_INET and a socket whose name is not
 * IPv4's.
 */
int clasp_address_set_family(struct sock *sk, int family)
{
	if (family != AF_CLASP && family != AF_INET && family != AF_INET6)
		return -EINVAL;
	if (family == AF_INET && sk->sk_family != AF_INET)
		return become_v4(sk);
	if (family != AF_INET && sk->sk_family == AF_INET)
		become_v6(sk);

	return 0;
}

/**
 * clasp_address_settle() - the address that a socket is bound to, in our form
 * @sk: socket without a connection; lock held
 *
 * The kernel's helpers know the IPv4 form alone of what is AF_INET.
 */
void clasp_address_settle(struct sock *sk)
{
	const struct inet_sock *inet = inet_sk(sk);

	if (sk->sk_family != AF_INET)
		return;

	ipv6_addr_set_v4mapped(inet->inet_rcv_saddr, &sk->sk_v6_rcv_saddr);
	ipv6_addr_set_v4mapped(inet->inet_saddr, &inet6_sk(sk)->saddr);
}

static bool is_link_local(const struct in6_addr *addr)
{
	return ipv6_addr_type(addr) & IPV6_ADDR_LINKLOCAL;
}

/* Link-local addresses hold on one link: the one that was named, or routed to. */
static u32 scope_of(const struct sock *sk)
{
	const struct dst_entry *dst;
	u32 scope = READ_ONCE(sk->sk_bound_dev_if);

	if (scope)
		return scope;

	rcu_read_lock();
	dst = rcu_dereference(sk->sk_dst_cache);
	if (dst)
		scope = dst->dev->ifindex;
	rcu_read_unlock();

	return scope;
}

/**
 * clasp_address_tuple() - the four-tuple of a connection
 * @sk: socket with both addresses and ports, and a route
 * @tuple: filled in, every byte
 */
void clasp_address_tuple(const struct sock *sk, struct clasp_tuple *tuple)
{
	*tuple = (struct clasp_tuple){
		.local		= sk->sk_v6_rcv_saddr,
		.remote		= sk->sk_v6_daddr,
		.local_port	= inet_sk(sk)->inet_sport,
		.remote_port	= inet_sk(sk)->inet_dport,
	};
	if (is_link_local(&tuple->local) || is_link_local(&tuple->remote))
		tuple->scope = scope_of(sk);
	tuple->domain = l3mdev_master_ifindex_by_index(sock_net(sk),
						       sk->sk_bound_dev_if);
}

/**
 * clasp_address_forget() - a connection is over: its addresses mean nothing
 * @sk: socket; lock held. What it was bound to by bind() it keeps.
 */
void clasp_address_forget(struct sock *sk)
{
	struct inet_sock *inet = inet_sk(sk);

	inet->inet_dport = 0;
	inet->inet_daddr = 0;
	sk->sk_v6_daddr = in6addr_any;
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		inet_reset_saddr(sk);
	clasp_address_settle(sk);
}
