// SPDX-License-Identifier: GPL-2.0
/*
 * Datagram ports: who may have which, and who has.
 *
 * A space of its own beside the streams' (docs/protocol.md §1), with UDP's
 * rules: sockets that could both be meant by a datagram share a port only if
 * both say SO_REUSEADDR, or both SO_REUSEPORT and belong to one user.
 *
 * clasp_net.dgram_lock protects it, taken inside the lock of a socket; the lock
 * of the kernel's reuseport groups is taken inside of it. Readers take neither
 * (lookup.c).
 */
#include <linux/random.h>
#include <net/ip.h>
#include <net/sock_reuseport.h>

#include "port.h"
#include "socket/address.h"

/**
 * clasp_dgram_net_init() - nobody has a port
 * @cn: new namespace
 */
void clasp_dgram_net_init(struct clasp_net *cn)
{
	xa_init(&cn->dgram_ports);
	spin_lock_init(&cn->dgram_lock);
}

/**
 * clasp_dgram_net_exit() - the last socket has gone
 * @cn: namespace
 */
void clasp_dgram_net_exit(struct clasp_net *cn)
{
	WARN_ON_ONCE(!xa_empty(&cn->dgram_ports));
	xa_destroy(&cn->dgram_ports);
}

static bool is_wildcard(const struct in6_addr *addr)
{
	return ipv6_addr_any(addr) ||
	       (ipv6_addr_v4mapped(addr) && !addr->s6_addr32[3]);
}

static bool hears_v4(const struct sock *sk)
{
	return ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr) ||
	       (ipv6_addr_any(&sk->sk_v6_rcv_saddr) && !sk->sk_ipv6only);
}

static bool hears_v6(const struct sock *sk)
{
	return !ipv6_addr_v4mapped(&sk->sk_v6_rcv_saddr);
}

static bool same_device(const struct sock *a, const struct sock *b)
{
	int one = READ_ONCE(a->sk_bound_dev_if);
	int other = READ_ONCE(b->sk_bound_dev_if);

	return !one || !other || one == other;
}

/* Could a datagram be meant for either? */
static bool overlap(const struct sock *a, const struct sock *b)
{
	const struct in6_addr *one = &a->sk_v6_rcv_saddr;
	const struct in6_addr *other = &b->sk_v6_rcv_saddr;

	if (!same_device(a, b))
		return false;
	if (!is_wildcard(one) && !is_wildcard(other))
		return ipv6_addr_equal(one, other);

	return (hears_v4(a) && hears_v4(b)) || (hears_v6(a) && hears_v6(b));
}

static bool same_user(struct sock *a, struct sock *b)
{
	return uid_eq(READ_ONCE(a->sk_uid), READ_ONCE(b->sk_uid));
}

static bool conflicts(struct sock *sk, const struct clasp_dgram_port *port)
{
	struct hlist_nulls_node *node;
	struct sock *other;

	sk_nulls_for_each(other, node, &port->socks) {
		if (other == sk || (sk->sk_reuse && other->sk_reuse))
			continue;
		if (sk->sk_reuseport && other->sk_reuseport &&
		    same_user(sk, other))
			continue;
		if (overlap(sk, other))
			return true;
	}

	return false;
}

/* Sockets of one group take turns: they are the same but for their program. */
static bool is_of_group(struct sock *sk, struct sock *other)
{
	return other != sk && other->sk_reuseport &&
	       other->sk_family == sk->sk_family &&
	       sk->sk_ipv6only == other->sk_ipv6only &&
	       sk->sk_bound_dev_if == other->sk_bound_dev_if &&
	       same_user(sk, other) &&
	       ipv6_addr_equal(&sk->sk_v6_rcv_saddr, &other->sk_v6_rcv_saddr);
}

static int join_group(struct sock *sk, const struct clasp_dgram_port *port)
{
	bool any = is_wildcard(&sk->sk_v6_rcv_saddr);
	struct hlist_nulls_node *node;
	struct sock *other;

	if (!sk->sk_reuseport)
		return 0;

	sk_nulls_for_each(other, node, &port->socks)
		if (is_of_group(sk, other))
			return reuseport_add_sock(sk, other, any);

	return reuseport_alloc(sk, any);
}

/* The port's record; a new one is for somebody who joins it at once. */
static struct clasp_dgram_port *find_or_make(struct clasp_net *cn, u16 number)
{
	struct clasp_dgram_port *port = clasp_dgram_port_lookup(cn, number);

	if (port)
		return port;

	port = kzalloc(sizeof(*port), GFP_ATOMIC);
	if (!port)
		return NULL;

	port->number = number;
	INIT_HLIST_NULLS_HEAD(&port->socks, number);
	if (xa_err(xa_store(&cn->dgram_ports, number, port, GFP_ATOMIC))) {
		kfree(port);
		return NULL;
	}

	return port;
}

static void free_if_unused(struct clasp_net *cn, struct clasp_dgram_port *port)
{
	if (!hlist_nulls_empty(&port->socks))
		return;

	xa_erase(&cn->dgram_ports, port->number);
	kfree_rcu(port, rcu);
}

/* The socket bound last is found first, as UDP's is. */
static void join(struct sock *sk, struct clasp_dgram_port *port)
{
	inet_sk(sk)->inet_num = port->number;
	hlist_nulls_add_head_rcu(&sk->sk_nulls_node, &port->socks);
	sock_prot_inuse_add(sock_net(sk), sk->sk_prot, 1);
}

static int try_bind(struct sock *sk, u16 number)
{
	struct clasp_net *cn = clasp_net(sock_net(sk));
	struct clasp_dgram_port *port;
	int err;

	spin_lock_bh(&cn->dgram_lock);
	port = find_or_make(cn, number);
	if (!port) {
		err = -ENOMEM;
		goto out;
	}

	err = conflicts(sk, port) ? -EADDRINUSE : join_group(sk, port);
	if (err)
		free_if_unused(cn, port);
	else
		join(sk, port);
out:
	spin_unlock_bh(&cn->dgram_lock);

	return err;
}

static int choose(struct sock *sk)
{
	u32 start = get_random_u32();
	struct net *net = sock_net(sk);
	int low, high, err;
	u32 i, n;

	inet_sk_get_local_port_range(sk, &low, &high);
	n = high - low + 1;
	for (i = 0; i < n; i++) {
		u16 number = low + (start % n + i) % n;

		if (inet_is_local_reserved_port(net, number))
			continue;
		err = try_bind(sk, number);
		if (err != -EADDRINUSE)
			return err;
		cond_resched();
	}

	return -EADDRINUSE;
}

/**
 * clasp_dgram_get_port() - proto.get_port: bind a socket to a port
 * @sk: socket with its address set, without a port; lock held
 * @number: the port, host byte order; 0 for any that is free
 *
 * From now on lookups find the socket.
 *
 * Return: 0 with inet_num set, -EADDRINUSE, -ENOMEM.
 */
int clasp_dgram_get_port(struct sock *sk, unsigned short number)
{
	clasp_address_settle(sk);

	return number ? try_bind(sk, number) : choose(sk);
}

/* Under the table's lock: who binds meanwhile may join a group that is there. */
static void leave_group(struct sock *sk)
{
	if (rcu_access_pointer(sk->sk_reuseport_cb))
		reuseport_detach_sock(sk);
}

/**
 * clasp_dgram_unhash() - proto.unhash: a socket gives its port back
 * @sk: socket; nothing happens if it has none
 */
void clasp_dgram_unhash(struct sock *sk)
{
	struct clasp_net *cn = clasp_net(sock_net(sk));

	if (sk_unhashed(sk))
		return;

	spin_lock_bh(&cn->dgram_lock);
	leave_group(sk);
	hlist_nulls_del_init_rcu(&sk->sk_nulls_node);
	sock_prot_inuse_add(sock_net(sk), sk->sk_prot, -1);
	free_if_unused(cn, clasp_dgram_port_lookup(cn, inet_sk(sk)->inet_num));
	inet_sk(sk)->inet_num = 0;
	spin_unlock_bh(&cn->dgram_lock);
}

/**
 * clasp_dgram_rehash() - proto.rehash: a socket has another address or device
 * @sk: socket; lock held
 *
 * The table goes by ports alone; but a group's sockets have the same address.
 */
void clasp_dgram_rehash(struct sock *sk)
{
	struct clasp_net *cn = clasp_net(sock_net(sk));

	spin_lock_bh(&cn->dgram_lock);
	leave_group(sk);
	spin_unlock_bh(&cn->dgram_lock);
}
