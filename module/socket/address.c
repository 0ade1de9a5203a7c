// SPDX-License-Identifier: GPL-2.0
/*
 * Addresses, in and out.
 *
 * A program may name an address as sockaddr_clasp, sockaddr_in6 (the same
 * layout) or sockaddr_in; inside there is one form, IPv6's, with IPv4 as
 * ::ffff:a.b.c.d, and out comes sockaddr_clasp. A wrong family or length is
 * refused with the errno that TCP over IPv6 gives.
 */
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

/**
 * clasp_address_take() - read an address that a program gave
 * @to: filled in
 * @from: the address, in the kernel already
 * @len: how much of it was given; the rest is not looked at
 *
 * Return: 0, -EINVAL when it is too short, -EAFNOSUPPORT.
 */
int clasp_address_take(struct clasp_address *to, const void *from, int len)
{
	const struct sockaddr_in6 *in6 = from;

	*to = (struct clasp_address){};
	if (len < (int)sizeof(in6->sin6_family))
		return -EINVAL;
	if (in6->sin6_family == AF_INET)
		return take_v4(to, from, len);

	if (len < SIN6_LEN_RFC2133)
		return -EINVAL;
	if (in6->sin6_family != AF_CLASP && in6->sin6_family != AF_INET6)
		return -EAFNOSUPPORT;

	to->addr = in6->sin6_addr;
	to->port = in6->sin6_port;
	to->flowinfo = in6->sin6_flowinfo;
	if (len >= (int)sizeof(*in6))
		to->scope = in6->sin6_scope_id;

	return 0;
}

/**
 * clasp_address_in6() - the form that the kernel's helpers take
 * @from: address
 * @to: filled in
 */
void clasp_address_in6(const struct clasp_address *from,
		       struct sockaddr_in6 *to)
{
	*to = (struct sockaddr_in6){
		.sin6_family	= AF_INET6,
		.sin6_port	= from->port,
		.sin6_flowinfo	= from->flowinfo,
		.sin6_addr	= from->addr,
		.sin6_scope_id	= from->scope,
	};
}

static void local_name(const struct sock *sk, struct sockaddr_clasp *to)
{
	to->scl_port = inet_sk(sk)->inet_sport;
	to->scl_addr = sk->sk_v6_rcv_saddr;
	if (ipv6_addr_any(&to->scl_addr))
		to->scl_addr = inet6_sk(sk)->saddr;
}

static void peer_name(const struct sock *sk, struct sockaddr_clasp *to)
{
	to->scl_port = inet_sk(sk)->inet_dport;
	to->scl_addr = sk->sk_v6_daddr;
	if (clasp_compat_sndflow(sk))
		to->scl_flowinfo = inet6_sk(sk)->flow_label;
}

/**
 * clasp_address_name() - what a socket is called
 * @sk: socket; lock held
 * @peer: the peer's name instead of its own
 * @to: struct sockaddr_clasp, filled in
 *
 * Return: its length.
 */
int clasp_address_name(const struct sock *sk, bool peer, void *to)
{
	struct sockaddr_clasp *name = to;

	*name = (struct sockaddr_clasp){ .scl_family = AF_CLASP };
	if (peer)
		peer_name(sk, name);
	else
		local_name(sk, name);
	name->scl_scope_id = ipv6_iface_scope_id(&name->scl_addr,
						 READ_ONCE(sk->sk_bound_dev_if));

	return sizeof(*name);
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
}
