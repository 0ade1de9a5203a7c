// SPDX-License-Identifier: GPL-2.0
/*
 * Local ports: who may have which, and who has.
 *
 * A port that somebody holds has a struct clasp_port, found by its number; it
 * lasts as long as it has owners: bound sockets, connections, TIME_WAITs. The
 * rules of who may share one are those of bind(2) and SO_REUSEADDR in
 * socket(7); a port that the kernel chooses is chosen as RFC 6056 §3.3.4 says.
 *
 * clasp_net.port_lock protects all of it. Only the lookup of a listener reads
 * without it, under RCU. Taken inside the lock of a socket, and the innermost.
 */
#include <linux/random.h>
#include <linux/siphash.h>
#include <net/ip.h>

#include "address.h"
#include "port.h"
#include "reuseport.h"

/*
 * How far a group of destinations has come in its sequence of ports. Shared by
 * all namespaces: large, and stepped by random amounts, so that nobody learns
 * from his own ports about other people's.
 */
#define TURNS_BITS	14
static u32 turns[1 << TURNS_BITS];

/**
 * clasp_port_net_init() - no port is held
 * @cn: new namespace
 */
void clasp_port_net_init(struct clasp_net *cn)
{
	xa_init(&cn->ports);
	spin_lock_init(&cn->port_lock);
}

/**
 * clasp_port_net_exit() - the last owner has gone
 * @cn: namespace
 */
void clasp_port_net_exit(struct clasp_net *cn)
{
	WARN_ON_ONCE(!xa_empty(&cn->ports));
	xa_destroy(&cn->ports);
}

/**
 * clasp_port_lookup() - who holds a port
 * @cn: namespace
 * @number: the port, host byte order
 *
 * Return: the port, under RCU or port_lock; NULL when nobody holds it.
 */
struct clasp_port *clasp_port_lookup(struct clasp_net *cn, u16 number)
{
	return xa_load(&cn->ports, number);
}

static bool is_wildcard(const struct clasp_owner *owner)
{
	return ipv6_addr_any(&owner->addr) ||
	       (ipv6_addr_v4mapped(&owner->addr) && !owner->addr.s6_addr32[3]);
}

static bool speaks_v4(const struct clasp_owner *owner)
{
	return ipv6_addr_v4mapped(&owner->addr) ||
	       (ipv6_addr_any(&owner->addr) && !owner->v6only);
}

static bool speaks_v6(const struct clasp_owner *owner)
{
	return !ipv6_addr_v4mapped(&owner->addr);
}

/* Could a segment be meant for either? */
static bool overlap(const struct clasp_owner *a, const struct clasp_owner *b)
{
	if (a->ifindex && b->ifindex && a->ifindex != b->ifindex)
		return false;
	if (ipv6_addr_equal(&a->addr, &b->addr))
		return true;
	if (!is_wildcard(a) && !is_wildcard(b))
		return false;

	return (speaks_v4(a) && speaks_v4(b)) || (speaks_v6(a) && speaks_v6(b));
}

/* The option may change while the port is held; a TIME_WAIT's does not. */
static bool reuses_addr(const struct clasp_owner *owner)
{
	return owner->sk ? owner->sk->sk_reuse : owner->reuse;
}

/*
 * May two who overlap share? If both say SO_REUSEADDR and the other does not
 * listen, or if both say SO_REUSEPORT.
 */
static bool share(const struct clasp_owner *new,
		  const struct clasp_owner *other)
{
	if (reuses_addr(new) && reuses_addr(other) && !other->listening)
		return true;

	return clasp_reuseport_allows(new, other);
}

/* May @new not join the port's owners? A port that we choose is not shared. */
static bool conflicts(const struct clasp_port *port,
		      const struct clasp_owner *new, bool chosen_by_us)
{
	const struct clasp_owner *other;

	hlist_for_each_entry(other, &port->owners, link)
		if (other != new && overlap(new, other) &&
		    (chosen_by_us || !share(new, other)))
			return true;

	return false;
}

/* Port numbers that bind() took are not for connections without bind(). */
static bool all_automatic(const struct clasp_port *port)
{
	const struct clasp_owner *owner;

	hlist_for_each_entry(owner, &port->owners, link)
		if (!owner->automatic)
			return false;

	return true;
}

/* The port's record; a new one is for somebody who joins it at once. */
static struct clasp_port *find_or_make(struct clasp_net *cn, u16 number)
{
	struct clasp_port *port = clasp_port_lookup(cn, number);

	if (port)
		return port;

	port = kzalloc(sizeof(*port), GFP_ATOMIC);
	if (!port)
		return NULL;

	port->number = number;
	INIT_HLIST_HEAD(&port->owners);
	INIT_HLIST_HEAD(&port->listeners);
	if (xa_err(xa_store(&cn->ports, number, port, GFP_ATOMIC))) {
		kfree(port);
		return NULL;
	}

	return port;
}

static void free_if_unused(struct clasp_net *cn, struct clasp_port *port)
{
	if (!hlist_empty(&port->owners))
		return;

	xa_erase(&cn->ports, port->number);
	kfree_rcu(port, rcu);
}

static void join(struct clasp_port *port, struct clasp_owner *owner)
{
	owner->port = port->number;
	hlist_add_head(&owner->link, &port->owners);
}

static void deafen(struct clasp_owner *owner)
{
	if (!owner->listening)
		return;

	WRITE_ONCE(owner->listening, false);
	hlist_del_init_rcu(&owner->listen_link);
	clasp_reuseport_leave(owner);
}

static void leave(struct clasp_net *cn, struct clasp_owner *owner)
{
	if (!clasp_port_held(owner))
		return;

	hlist_del_init(&owner->link);
	deafen(owner);
	free_if_unused(cn, clasp_port_lookup(cn, owner->port));
}

/* What the socket is bound to, as of now. */
static void describe(struct sock *sk, struct clasp_owner *owner)
{
	owner->sk = sk;
	owner->addr = sk->sk_v6_rcv_saddr;
	owner->ifindex = READ_ONCE(sk->sk_bound_dev_if);
	owner->v6only = sk->sk_ipv6only;
}

static int try_bind(struct sock *sk, u16 number, bool chosen_by_us)
{
	struct clasp_net *cn = clasp_net(sock_net(sk));
	struct clasp_owner *owner = &clasp_sk(sk)->owner;
	struct clasp_port *port;
	int err = 0;

	spin_lock_bh(&cn->port_lock);
	describe(sk, owner);
	owner->automatic = false;
	port = find_or_make(cn, number);
	if (!port)
		err = -ENOMEM;
	else if (conflicts(port, owner, chosen_by_us))
		err = -EADDRINUSE;
	else
		join(port, owner);
	spin_unlock_bh(&cn->port_lock);
	if (!err)
		inet_sk(sk)->inet_num = number;

	return err;
}

static int try_connect(struct sock *sk, u16 number, int (*use)(struct sock *sk))
{
	struct clasp_net *cn = clasp_net(sock_net(sk));
	struct clasp_owner *owner = &clasp_sk(sk)->owner;
	struct clasp_port *port;
	int err = 0;

	spin_lock_bh(&cn->port_lock);
	describe(sk, owner);
	owner->automatic = true;
	port = find_or_make(cn, number);
	if (!port)
		err = -ENOMEM;
	else if (!all_automatic(port))
		err = -EADDRNOTAVAIL;
	else
		join(port, owner);
	spin_unlock_bh(&cn->port_lock);
	if (err)
		return err;

	inet_sk(sk)->inet_num = number;
	err = use(sk);
	if (err)
		clasp_port_release(sk);

	return err;
}

/* One port after the other, from @start on, until @try is content. */
static int search(struct sock *sk, u32 start, bool odd, int none,
		  int (*try)(struct sock *sk, u16 number,
			     int (*use)(struct sock *sk)),
		  int (*use)(struct sock *sk))
{
	struct net *net = sock_net(sk);
	int low, high, err;
	u32 i, n;

	inet_sk_get_local_port_range(sk, &low, &high);
	n = high - low + 1;
	start %= n;

	/*
	 * bind() begins with the odd ports and connect() with the even ones, so
	 * that they meet as late as possible.
	 */
	for (i = 0; i < 2 * n; i++) {
		u16 number = low + (start + i) % n;
		bool second_time = i >= n;

		if (number % 2 == odd ? second_time : !second_time)
			continue;
		if (inet_is_local_reserved_port(net, number))
			continue;
		err = try(sk, number, use);
		if (err != -EADDRINUSE && err != -EADDRNOTAVAIL)
			return err;
		cond_resched();
	}

	return none;
}

static int try_any(struct sock *sk, u16 number, int (*use)(struct sock *sk))
{
	return try_bind(sk, number, true);
}

/**
 * clasp_port_get() - bind a socket to a port
 * @sk: socket with its address set, without a port; lock held
 * @number: the port, host byte order; 0 for any that is free
 *
 * Return: 0 with inet_num set, -EADDRINUSE, -ENOMEM.
 */
int clasp_port_get(struct sock *sk, unsigned short number)
{
	clasp_address_settle(sk);
	if (number)
		return try_bind(sk, number, false);

	return search(sk, get_random_u32(), true, -EADDRINUSE, try_any,
		      NULL);
}

/* RFC 6056, algorithm 4: where a destination's sequence of ports stands. */
static u32 next_turn(const struct sock *sk)
{
	const struct {
		struct in6_addr	local;
		struct in6_addr	remote;
		u64		remote_port;
	} __aligned(SIPHASH_ALIGNMENT) key = {
		.local		= sk->sk_v6_rcv_saddr,
		.remote		= sk->sk_v6_daddr,
		.remote_port	= (__force u16)inet_sk(sk)->inet_dport,
	};
	u64 hash = siphash(&key, sizeof(key),
			   &clasp_net(sock_net(sk))->secret);
	u32 *turn = &turns[hash >> (64 - TURNS_BITS)];
	u32 start = (u32)hash + READ_ONCE(*turn);

	/* two at once may take the same step: each port is tried, not trusted */
	WRITE_ONCE(*turn, READ_ONCE(*turn) + 2 * (1 + get_random_u32() % 8));

	return start;
}

/**
 * clasp_port_auto() - find a port for a connection that was not bound to one
 * @sk: socket with both addresses set, without a port; lock held
 * @use: takes the four-tuple with the port in inet_num; -EADDRNOTAVAIL when
 *	that is taken
 *
 * Return: 0, -EADDRNOTAVAIL when no port is left, or another error of @use.
 */
int clasp_port_auto(struct sock *sk, int (*use)(struct sock *sk))
{
	return search(sk, next_turn(sk), false, -EADDRNOTAVAIL, try_connect,
		      use);
}

/**
 * clasp_port_listen() - a socket is about to take connections on its port
 * @sk: socket, lock held; it gets a port if it has none
 *
 * From now on clasp_demux_listener() finds it.
 *
 * Return: 0; -EADDRINUSE when another listener has it; -ENOMEM.
 */
int clasp_port_listen(struct sock *sk)
{
	struct clasp_net *cn = clasp_net(sock_net(sk));
	struct clasp_owner *owner = &clasp_sk(sk)->owner;
	struct clasp_port *port;
	int err;

	if (!clasp_port_held(owner)) {
		err = clasp_port_get(sk, 0);
		if (err)
			return err;
		inet_sk(sk)->inet_sport = htons(inet_sk(sk)->inet_num);
	}

	spin_lock_bh(&cn->port_lock);
	describe(sk, owner);
	port = clasp_port_lookup(cn, owner->port);
	err = conflicts(port, owner, false) ? -EADDRINUSE :
					      clasp_reuseport_join(port, owner);
	if (!err) {
		WRITE_ONCE(owner->listening, true);
		hlist_add_head_rcu(&owner->listen_link, &port->listeners);
	}
	spin_unlock_bh(&cn->port_lock);

	return err;
}

/**
 * clasp_port_unlisten() - a socket takes no more connections
 * @sk: listener, lock held; it keeps the port
 */
void clasp_port_unlisten(struct sock *sk)
{
	struct clasp_net *cn = clasp_net(sock_net(sk));

	spin_lock_bh(&cn->port_lock);
	deafen(&clasp_sk(sk)->owner);
	spin_unlock_bh(&cn->port_lock);
}

/**
 * clasp_port_update() - the address or the device of a socket has changed
 * @sk: socket; lock held
 *
 * Also proto.rehash, which SO_BINDTODEVICE calls.
 */
void clasp_port_update(struct sock *sk)
{
	struct clasp_net *cn = clasp_net(sock_net(sk));

	spin_lock_bh(&cn->port_lock);
	describe(sk, &clasp_sk(sk)->owner);
	spin_unlock_bh(&cn->port_lock);
}

/**
 * clasp_port_inherit() - a listener's child is on the listener's port
 * @child: just cloned, its addresses and port set; nobody else knows it
 *
 * To be called before anything gives the child's port back: its link is a copy
 * of the listener's.
 *
 * Return: 0, or -ENOMEM with no port held.
 */
int clasp_port_inherit(struct sock *child)
{
	struct clasp_net *cn = clasp_net(sock_net(child));
	struct clasp_owner *owner = &clasp_sk(child)->owner;
	struct clasp_port *port;

	INIT_HLIST_NODE(&owner->link);
	INIT_HLIST_NODE(&owner->listen_link);
	owner->listening = false;
	owner->automatic = false;
	describe(child, owner);

	spin_lock_bh(&cn->port_lock);
	port = find_or_make(cn, inet_sk(child)->inet_num);
	if (port)
		join(port, owner);
	spin_unlock_bh(&cn->port_lock);

	return port ? 0 : -ENOMEM;
}

/**
 * clasp_port_share() - a TIME_WAIT holds its socket's port too
 * @cn: namespace
 * @from: the socket, which may hold it
 * @to: who then does as well; holds none yet
 */
void clasp_port_share(struct clasp_net *cn, const struct clasp_owner *from,
		      struct clasp_owner *to)
{
	spin_lock_bh(&cn->port_lock);
	*to = *from;
	to->sk = NULL;
	to->reuse = from->sk->sk_reuse;
	to->reuseport = from->sk->sk_reuseport;
	to->listening = false;
	INIT_HLIST_NODE(&to->link);
	INIT_HLIST_NODE(&to->listen_link);
	if (clasp_port_held(from))
		join(clasp_port_lookup(cn, from->port), to);
	spin_unlock_bh(&cn->port_lock);
}

/**
 * clasp_port_put() - give a port back
 * @cn: namespace
 * @owner: who may hold one
 */
void clasp_port_put(struct clasp_net *cn, struct clasp_owner *owner)
{
	spin_lock_bh(&cn->port_lock);
	leave(cn, owner);
	spin_unlock_bh(&cn->port_lock);
}

/**
 * clasp_port_release() - a socket gives its port back, and may have another
 * @sk: socket; lock held
 *
 * Its name, for getsockname(), stays. Also proto.put_port.
 */
void clasp_port_release(struct sock *sk)
{
	clasp_port_put(clasp_net(sock_net(sk)), &clasp_sk(sk)->owner);
	inet_sk(sk)->inet_num = 0;
}
