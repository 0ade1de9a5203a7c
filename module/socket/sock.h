/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The socket, the mini-sockets, and what a network namespace has of both.
 *
 * Life of a socket, lock order and who holds which reference: see
 * docs/architecture.md.
 */
#ifndef CLASP_SOCK_H
#define CLASP_SOCK_H

#include <linux/hrtimer.h>
#include <linux/in6.h>
#include <linux/ipv6.h>
#include <linux/rbtree.h>
#include <linux/rhashtable.h>
#include <linux/xarray.h>
#include <net/inet_sock.h>
#include <net/ipv6.h>
#include <net/net_namespace.h>
#include <net/netns/generic.h>
#include <net/sock.h>

#include <uapi/linux/clasp.h>

#include "chrono.h"
#include "compat.h"
#include "conn.h"
#include "embryo.h"
#include "timewait.h"

/**
 * struct clasp_tuple - what a segment is told to its connection by
 * @local: our address, IPv4 as ::ffff:a.b.c.d
 * @remote: the peer's
 * @scope: interface index when an address is link-local, else 0
 * @domain: VRF in which the addresses hold, or 0
 * @local_port: ours
 * @remote_port: the peer's
 *
 * The key of the demux table: no padding, compared as bytes.
 */
struct clasp_tuple {
	struct in6_addr	local;
	struct in6_addr	remote;
	u32		scope;
	u32		domain;
	__be16		local_port;
	__be16		remote_port;
};

enum clasp_node_kind {
	CLASP_NODE_SOCK,
	CLASP_NODE_REQUEST,
	CLASP_NODE_TIMEWAIT,
};

/**
 * struct clasp_node - an entry of the demux table, in whatever it stands for
 * @hash: link
 * @tuple: key
 * @kind: what it is a member of
 */
struct clasp_node {
	struct rhash_head	hash;
	struct clasp_tuple	tuple;
	u8			kind;
};

/**
 * struct clasp_owner - somebody's hold on a local port
 * @link: in the port's list; unhashed when no port is held
 * @listen_link: in the port's list of listeners
 * @sk: whose it is; NULL for a TIME_WAIT
 * @port: the port, host byte order
 * @addr: address it is bound to; :: for all
 * @ifindex: SO_BINDTODEVICE, or 0
 * @reuse: of a TIME_WAIT: SO_REUSEADDR
 * @reuseport: of a TIME_WAIT: SO_REUSEPORT
 * @automatic: chosen by connect(); others may share it
 * @listening: takes connections
 * @v6only: :: stands for IPv6 only
 */
struct clasp_owner {
	struct hlist_node	link;
	struct hlist_node	listen_link;
	struct sock		*sk;
	u16			port;
	struct in6_addr		addr;
	int			ifindex;
	bool			reuse;
	bool			reuseport;
	bool			automatic;
	bool			listening;
	bool			v6only;
};

/**
 * struct clasp_sock - an AF_CLASP stream socket
 * @inet: the kernel's part; sk_family is AF_INET6, or AF_INET for a socket that
 *	CLASP_NAME_FAMILY made IPv4-only (docs/architecture.md)
 * @conn: the protocol's part
 * @annex: what that has beside it
 * @node: in the demux table while there is a four-tuple
 * @owner: the local port
 * @held: received ranges behind a gap, a tree of skbs
 * @order: sent ranges by time, a list of skbs
 * @copied_seq: next octet that the program reads
 * @last_in_us: when a segment with data arrived last, for CLASP_INFO
 * @last_out_us: when one was sent last
 * @last_ack_us: when an ACK arrived last
 * @data_segs_in: segments with data that arrived
 * @data_segs_out: segments with data that were sent
 * @pace_timer: sends on when it is time to; socket/pacing.c
 * @deferred: CLASP_DEFER_* for whoever releases the socket
 * @chrono: what the time went by with, for CLASP_INFO
 * @rehash: times that another path was tried
 * @mtu_info: path MTU that an ICMP error told while the socket was owned
 * @told_soft: the core's soft_error as the program could last ask for it
 * @notsent_lowat: CLASP_NOTSENT_LOWAT, or 0
 * @name_family: CLASP_NAME_FAMILY
 * @inq_level: CLASP_INQ: the level of the control message, or 0
 * @save_syn: CLASP_SAVE_SYN
 * @thin_linear: CLASP_THIN_LINEAR_TIMEOUTS
 * @tx_delay_us: CLASP_TX_DELAY, microseconds
 * @saved_syn: CLASP_SAVED_SYN, or NULL
 * @hashed: @node is in the table
 * @urgent_octet: the one at the mark, once it has arrived
 * @listener: in a child that is being made: whose accept queue it joins; its
 *	request holds the reference. NULL from then on
 * @accept_link: in the listener's accept queue
 * @accept_queue: in a listener: established children, oldest first
 * @accept_lock: protects @accept_queue, @syn_queue, @syn_count, @closed
 * @syn_queue: in a listener: requests
 * @syn_count: how many
 * @closed: the listener takes no more
 * @cookie_us: when it sent a SYN cookie last, or 0
 * @np: IPv6's part
 */
struct clasp_sock {
	struct inet_sock	inet;
	struct clasp_conn	conn;
	struct clasp_annex	annex;
	struct clasp_node	node;
	struct clasp_owner	owner;
	struct rb_root		held;
	struct list_head	order;
	u32			copied_seq;
	u64			last_in_us;
	u64			last_out_us;
	u64			last_ack_us;
	u32			data_segs_in;
	u32			data_segs_out;
	struct hrtimer		pace_timer;
	unsigned long		deferred;
	struct clasp_chrono	chrono;
	u32			rehash;
	u32			mtu_info;
	u32			told_soft;
	u32			notsent_lowat;
	u8			name_family;
	u8			inq_level;
	u8			save_syn;
	bool			thin_linear;
	u32			tx_delay_us;
	struct clasp_saved_syn	*saved_syn;
	bool			hashed;
	u8			urgent_octet;

	struct sock		*listener;
	struct list_head	accept_link;
	struct list_head	accept_queue;
	spinlock_t		accept_lock;	/* both queues, closed */
	struct list_head	syn_queue;
	u32			syn_count;
	bool			closed;
	u64			cookie_us;

	struct ipv6_pinfo	np;
};

enum {
	CLASP_DEFER_TIMER,	/* the timer fired; holds a reference */
	CLASP_DEFER_MTU,	/* mtu_info is new; holds a reference */
	CLASP_DEFER_DESTROYED,	/* an orphan has come to its end */
};

/**
 * struct clasp_way - what a segment that no socket sends needs of one
 * @mark: for the route and for filters
 * @ifindex: device that it has to leave by, or 0
 * @uid: whose it is, for the route and for /proc
 * @priority: for queueing disciplines
 * @tos: TOS or traffic class
 * @hops: TTL or hop limit; 0 for the route's
 * @flow_flags: FLOWI_FLAG_*: IP_TRANSPARENT
 */
struct clasp_way {
	u32	mark;
	int	ifindex;
	kuid_t	uid;
	u32	priority;
	u8	tos;
	u8	hops;
	u8	flow_flags;
};

/**
 * struct clasp_saved_syn - CLASP_SAVE_SYN: headers of the SYN that began it
 * @len: bytes
 * @data: of them
 */
struct clasp_saved_syn {
	u32	len;
	u8	data[];
};

/**
 * struct clasp_request - mini-socket in SYN_RCVD
 * @node: in the demux table
 * @embryo: the protocol's part
 * @lock: protects @embryo and @ended; nothing else is taken inside of it
 * @timer: resends the SYN ACK, gives up; holds a reference
 * @listener: whose it is; holds a reference
 * @net: its namespace, which ends it before it goes
 * @syn_link: in the listener's SYN queue, under accept_lock; unhashed once it
 *	has left
 * @way: for what it sends
 * @saved_syn: CLASP_SAVED_SYN of the child to be, or NULL
 * @ended: out of the table for good: the timer is not set again
 * @refs: one for being in the table and the SYN queue, one for the timer
 * @rcu: freed behind the readers
 */
struct clasp_request {
	struct clasp_node	node;
	struct clasp_embryo	embryo;
	spinlock_t		lock;		/* embryo */
	struct timer_list	timer;
	struct sock		*listener;
	struct net		*net;
	struct list_head	syn_link;
	struct clasp_way	way;
	struct clasp_saved_syn	*saved_syn;
	bool			ended;
	refcount_t		refs;
	struct rcu_head		rcu;
};

/**
 * struct clasp_tw - mini-socket in TIME_WAIT
 * @node: in the demux table
 * @owner: keeps the local port
 * @timewait: the protocol's part
 * @lock: protects @timewait and @ended; nothing else is taken inside of it
 * @timer: ends it; holds a reference
 * @net: its namespace, which ends it before it goes
 * @way: for what it sends
 * @ended: out of the table for good: the timer is not set again
 * @refs: one for being in the table, one for the timer
 * @rcu: freed behind the readers
 */
struct clasp_tw {
	struct clasp_node	node;
	struct clasp_owner	owner;
	struct clasp_timewait	timewait;
	spinlock_t		lock;		/* timewait, ended */
	struct timer_list	timer;
	struct net		*net;
	struct clasp_way	way;
	bool			ended;
	refcount_t		refs;
	struct rcu_head		rcu;
};

/* Counters of /proc/net/clasp_snmp, besides one for each drop reason. */
#define CLASP_COUNTERS(X)						       \
	X(SEGS_IN,	"SegsIn",	"segments received")		       \
	X(SEGS_OUT,	"SegsOut",	"segments sent")		       \
	X(RST_OUT,	"RstOut",	"RST segments sent")		       \
	X(RETRANS,	"Retrans",	"segments sent again")		       \
	X(ACTIVE_OPENS,	"ActiveOpens",	"connections opened here")	       \
	X(PASSIVE_OPENS, "PassiveOpens",	"connections a listener got")	       \
	X(ATTEMPT_FAILS, "AttemptFails",	"connections that never opened")       \
	X(ESTAB_RESETS,	"EstabResets",	"connections reset by the peer")       \
	X(TIMEOUTS,	"Timeouts",	"connections given up, R2 or user timeout") \
	X(ABORTS,	"Aborts",	"connections aborted by a program here") \
	X(TOO_MANY_ORPHANS, "TooManyOrphans", "orphans aborted: they were too many") \
	X(COOKIES_SENT,	"SyncookiesSent", "SYNs answered with a cookie")	       \
	X(COOKIES_RECV,	"SyncookiesRecv", "connections that a cookie opened")  \
	X(COOKIES_FAILED, "SyncookiesFailed", "ACKs to a listener whose cookie is wrong") \
	X(TIME_WAITS,	"TimeWaits",	"connections that entered TIME_WAIT")  \
	X(NO_ROUTE,	"NoRoute",	"segments not sent for want of a route") \
	X(NO_MEMORY,	"NoMemory",	"segments not sent for want of memory") \
	X(DATAGRAMS_IN,	"DatagramsIn",	"datagrams received, dropped ones too") \
	X(DATAGRAMS_OUT, "DatagramsOut",	"datagrams sent")	       \
	X(DATAGRAM_ERRORS, "DatagramErrors", "datagrams that the IP layer did not take")

enum clasp_counter {
#define X(name, counter, text) CLASP_COUNT_##name,
	CLASP_COUNTERS(X)
#undef X
	CLASP_COUNT_MAX,
};

struct clasp_mib {
	u64	counters[CLASP_COUNT_MAX];
	u64	drops[CLASP_DROP_MAX];
};

/**
 * struct clasp_net - what a network namespace has
 * @settings: what decisions look at; /proc/sys/net/clasp
 * @rmem: receive buffer: least, default, most, bytes
 * @wmem: send buffer: the same
 * @max_tw: most TIME_WAIT mini-sockets
 * @max_syn_backlog: most requests of a listener
 * @max_orphans: most connections that no program holds
 * @notsent_lowat: unsent bytes at which a socket takes no more
 * @net: back
 * @nodes: the demux table: connections, requests, TIME_WAITs by four-tuple
 * @ports: struct clasp_port by port number
 * @port_lock: protects @ports and the lists in them; BH
 * @timewait_count: TIME_WAIT mini-sockets
 * @orphan_count: connections that no program holds
 * @dgram_ports: struct clasp_dgram_port by port number
 * @dgram_lock: protects @dgram_ports and the lists in them; BH
 * @mib: counters
 * @sysctl: registration of /proc/sys/net/clasp
 * @secret: key of the sequence number and timestamp hashes
 */
struct clasp_net {
	struct clasp_settings	settings;
	u32			rmem[3];
	u32			wmem[3];
	u32			max_tw;
	u32			max_syn_backlog;
	u32			max_orphans;
	u32			notsent_lowat;

	struct net		*net;
	struct rhashtable	nodes;
	struct xarray		ports;
	spinlock_t		port_lock;	/* ports and their lists */
	atomic_t		timewait_count;
	atomic_t		orphan_count;
	struct xarray		dgram_ports;
	spinlock_t		dgram_lock;	/* dgram_ports and their lists */
	struct clasp_mib __percpu *mib;
	struct ctl_table_header	*sysctl;
	siphash_key_t		secret;
};

extern unsigned int clasp_net_id;
extern struct proto clasp_prot;

static inline struct clasp_net *clasp_net(const struct net *net)
{
	return net_generic(net, clasp_net_id);
}

static inline struct clasp_sock *clasp_sk(const struct sock *sk)
{
	return (struct clasp_sock *)sk;
}

static inline struct clasp_sock *clasp_conn_sock(const struct clasp_conn *c)
{
	return container_of((struct clasp_conn *)c, struct clasp_sock, conn);
}

static inline struct sock *clasp_conn_sk(const struct clasp_conn *c)
{
	return (struct sock *)clasp_conn_sock(c);
}

static inline void clasp_count(const struct net *net, enum clasp_counter what,
			       u32 n)
{
	this_cpu_add(clasp_net(net)->mib->counters[what], n);
}

/* The clock of everything the core decides. */
static inline u64 clasp_now_us(void)
{
	return ktime_to_us(ktime_get());
}

/* Does the socket speak IPv4? Decided when it is connected or accepted. */
static inline bool clasp_is_v4(const struct sock *sk)
{
	return ipv6_addr_v4mapped(&sk->sk_v6_daddr);
}

#endif
