// SPDX-License-Identifier: GPL-2.0
/*
 * SO_REUSEPORT: listeners of one user that share a port, and who of them gets
 * a connection.
 *
 * Those that stand for the same address are a group (net/sock_reuseport.h),
 * which the kernel keeps: it chooses by a hash of the four-tuple, by
 * SO_INCOMING_CPU, or asks the program of SO_ATTACH_REUSEPORT_CBPF and _EBPF.
 * socket(7) has the rules.
 *
 * clasp_net.port_lock is held wherever a group changes; the kernel's own lock is
 * taken inside. Whoever chooses holds rcu_read_lock() alone.
 */
#include <linux/jhash.h>
#include <linux/net.h>
#include <net/sock_reuseport.h>

#include "reuseport.h"

static bool has_group(const struct sock *sk)
{
	return rcu_access_pointer(sk->sk_reuseport_cb);
}

/* Options may change while a port is held; of a TIME_WAIT they do not. */
static bool reuses_port(const struct clasp_owner *owner)
{
	return owner->sk ? owner->sk->sk_reuseport : owner->reuseport;
}

/**
 * clasp_reuseport_allows() - may two hold a port for the same address?
 * @new: socket that asks; one whose group has a program already joins no other
 * @other: who holds it; the user of a TIME_WAIT has gone
 *
 * Context: port_lock.
 */
bool clasp_reuseport_allows(const struct clasp_owner *new,
			    const struct clasp_owner *other)
{
	if (!reuses_port(new) || !reuses_port(other) || has_group(new->sk))
		return false;

	return !other->sk || uid_eq(new->sk->sk_uid, other->sk->sk_uid);
}

static bool same_group(const struct clasp_owner *a, const struct clasp_owner *b)
{
	return ipv6_addr_equal(&a->addr, &b->addr) && a->v6only == b->v6only &&
	       a->ifindex == b->ifindex && reuses_port(b) &&
	       uid_eq(a->sk->sk_uid, b->sk->sk_uid);
}

static bool is_any(const struct in6_addr *addr)
{
	return ipv6_addr_any(addr) ||
	       (ipv6_addr_v4mapped(addr) && !addr->s6_addr32[3]);
}

/**
 * clasp_reuseport_join() - a socket is about to listen
 * @port: its port
 * @owner: the socket's hold on it; not among the listeners yet
 *
 * Context: port_lock.
 *
 * Return: 0, also for one that shares with nobody; a negative errno.
 */
int clasp_reuseport_join(const struct clasp_port *port,
			 struct clasp_owner *owner)
{
	bool any = is_any(&owner->addr);
	struct clasp_owner *other;

	if (!reuses_port(owner))
		return 0;

	hlist_for_each_entry(other, &port->listeners, listen_link)
		if (same_group(owner, other))
			return reuseport_add_sock(owner->sk, other->sk, any);

	return reuseport_alloc(owner->sk, any);
}

/**
 * clasp_reuseport_leave() - a socket no longer listens
 * @owner: the socket's hold on its port
 *
 * Context: port_lock.
 */
void clasp_reuseport_leave(struct clasp_owner *owner)
{
	if (has_group(owner->sk))
		reuseport_detach_sock(owner->sk);
}

/**
 * clasp_reuseport_select() - who of a group gets a segment
 * @sk: one of the group, or of none
 * @tuple: the segment's four-tuple
 * @skb: the segment, its data beginning with its header; NULL to ask no program
 * @hdr_len: length of that header: a classic program sees what is behind
 *
 * Context: rcu_read_lock(), for as long as the answer is used.
 *
 * Return: a socket of the group; @sk if there is none.
 */
struct sock *clasp_reuseport_select(struct sock *sk,
				    const struct clasp_tuple *tuple,
				    struct sk_buff *skb, u32 hdr_len)
{
	static u32 seed __read_mostly;
	u32 hash;

	if (!has_group(sk))
		return sk;

	net_get_random_once(&seed, sizeof(seed));
	hash = jhash2((const u32 *)tuple, sizeof(*tuple) / sizeof(u32), seed);

	return reuseport_select_sock(sk, hash, skb, hdr_len) ?: sk;
}
