// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/clasp: each connection, request, TIME_WAIT and listener in a line.
 *
 * First the listeners, in the order of their ports, then what is in the demux
 * table. Nobody is stopped meanwhile: RCU keeps what we look at in memory, but
 * numbers of one line may be of different moments, and an entry that moves
 * while the table grows may show twice or not at all.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>
#include <net/ipv6.h>

#include "sight.h"
#include "counter.h"
#include "net/demux.h"
#include "socket/option.h"
#include "socket/port.h"
#include "timeout.h"
#include "timer.h"

/**
 * struct walk - how far a reader has come
 * @net: what seq_file knows the namespace by; first member
 * @iter: in the demux table, between start() and stop()
 * @port: number of the port whose listeners are being shown; above U16_MAX
 *	once all have been
 * @owner: how many of the port's listeners came before
 * @node: how many nodes came before
 */
struct walk {
	struct seq_net_private	net;
	struct rhashtable_iter	iter;
	unsigned long		port;
	unsigned int		owner;
	unsigned long		node;
};

/**
 * struct line - what a line of /proc/net/clasp says
 * @tuple: local and remote
 * @state: CLASP_*
 * @recvq: bytes to be read; in a listener, connections to be accepted
 * @sendq: bytes not acknowledged; in a listener, how many may wait
 * @timer: what fires next
 * @expires_us: when; 0 for never
 * @retrans: times that something was sent again without an answer
 * @uid: whose it is
 * @inode: the socket's, 0 without a program
 * @refs: references
 */
struct line {
	struct clasp_tuple	tuple;
	u8			state;
	u32			recvq;
	u32			sendq;
	const char		*timer;
	u64			expires_us;
	u32			retrans;
	kuid_t			uid;
	unsigned long		inode;
	int			refs;
};

static const char * const timer_names[] = {
#define X(name, text)							       \
	[CLASP_TIMER_##name] = text,
	CLASP_TIMERS(X)
#undef X
	[CLASP_TIMER_MAX] = "-",
};

static const struct clasp_conn no_conn = { .cong_ops = &clasp_reno };

/**
 * clasp_proc_address() - an address and a port, and a space
 * @file: where to
 * @addr: address, IPv4 as ::ffff:a.b.c.d
 * @port: port
 */
void clasp_proc_address(struct seq_file *file, const struct in6_addr *addr,
			__be16 port)
{
	if (ipv6_addr_v4mapped(addr))
		seq_printf(file, "%pI4:%u ", &addr->s6_addr32[3], ntohs(port));
	else
		seq_printf(file, "[%pI6c]:%u ", addr, ntohs(port));
}

static u32 ms_until(u64 then_us)
{
	u64 now_us = clasp_now_us();

	return then_us > now_us ? div_u64(then_us - now_us, USEC_PER_MSEC) : 0;
}

static u64 jiffies_us(const struct timer_list *timer)
{
	long left = READ_ONCE(timer->expires) - jiffies;

	return clasp_now_us() + jiffies_to_usecs(max(left, 0L));
}

static void show_line(struct seq_file *file, const struct line *l,
		      const struct clasp_conn *c)
{
	clasp_proc_address(file, &l->tuple.local, l->tuple.local_port);
	clasp_proc_address(file, &l->tuple.remote, l->tuple.remote_port);
	seq_printf(file, "%s %u %u %s %u %u %u %lu %d ",
		   clasp_state_name(l->state), l->recvq, l->sendq, l->timer,
		   ms_until(l->expires_us), l->retrans,
		   from_kuid_munged(seq_user_ns(file), l->uid), l->inode,
		   l->refs);
	seq_printf(file, "%u %u %u %u %u %u %u\n",
		   c->rto.rto_us ? clasp_rto_interval(&c->rto) : 0,
		   c->rto.srtt_us, c->cong.cwnd, c->cong.ssthresh,
		   c == &no_conn ? 0 : clasp_conn_mss(c), c->snd_wnd,
		   c->rcv_wnd);
}

/* What every socket has. */
static void describe(struct sock *sk, struct line *l)
{
	l->uid = READ_ONCE(sk->sk_uid);
	l->inode = sock_i_ino(sk);
	l->refs = refcount_read(&sk->sk_refcnt);
	l->timer = timer_names[CLASP_TIMER_MAX];
}

static void show_listener(struct seq_file *file, struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);
	struct line l = {
		.tuple.local		= cs->owner.addr,
		.tuple.local_port	= htons(cs->owner.port),
		.state			= CLASP_LISTEN,
		.recvq			= READ_ONCE(sk->sk_ack_backlog),
		.sendq			= READ_ONCE(sk->sk_max_ack_backlog),
	};

	describe(sk, &l);
	show_line(file, &l, &no_conn);
}

static void show_socket(struct seq_file *file, struct sock *sk)
{
	const struct clasp_sock *cs = clasp_sk(sk);
	const struct clasp_conn *c = &cs->conn;
	u64 now_us = clasp_now_us();
	enum clasp_timer timer = clasp_timeout_next(c, now_us);
	struct line l = {
		.tuple		= cs->node.tuple,
		.state		= READ_ONCE(c->state),
		.recvq		= clasp_unread(sk),
		.sendq		= clasp_unacked(sk),
		.retrans	= READ_ONCE(c->retries),
	};

	describe(sk, &l);
	l.timer = timer_names[timer];
	if (timer < CLASP_TIMER_MAX)
		l.expires_us = clasp_timer_at(c, timer, now_us);
	show_line(file, &l, c);
}

static void show_request(struct seq_file *file, struct clasp_request *req)
{
	struct line l = {
		.tuple		= req->node.tuple,
		.state		= req->embryo.state,
		.timer		= timer_names[CLASP_TIMER_RETRANSMIT],
		.expires_us	= jiffies_us(&req->timer),
		.retrans	= READ_ONCE(req->embryo.retries),
		.uid		= READ_ONCE(req->listener->sk_uid),
		.refs		= refcount_read(&req->refs),
	};

	show_line(file, &l, &no_conn);
}

static void show_timewait(struct seq_file *file, struct clasp_tw *tw)
{
	struct line l = {
		.tuple		= tw->node.tuple,
		.state		= CLASP_TIME_WAIT,
		.timer		= "timewait",
		.expires_us	= READ_ONCE(tw->timewait.expires_us),
		.uid		= tw->way.uid,
		.refs		= refcount_read(&tw->refs),
	};

	show_line(file, &l, &no_conn);
}

static void show_node(struct seq_file *file, struct clasp_node *node)
{
	switch (node->kind) {
	case CLASP_NODE_SOCK:
		show_socket(file, clasp_node_sk(node));
		break;
	case CLASP_NODE_REQUEST:
		show_request(file, clasp_node_request(node));
		break;
	case CLASP_NODE_TIMEWAIT:
		show_timewait(file, clasp_node_tw(node));
		break;
	}
}

/* The listener of @port that comes after @skip others. */
static struct clasp_owner *listener_of(struct clasp_port *port,
				       unsigned int skip)
{
	struct clasp_owner *owner;

	hlist_for_each_entry_rcu(owner, &port->listeners, listen_link)
		if (READ_ONCE(owner->listening) && !skip--)
			return owner;

	return NULL;
}

/* The listener where the walk stands. */
static struct clasp_owner *current_listener(struct clasp_net *cn,
					    struct walk *w)
{
	struct clasp_owner *owner;
	struct clasp_port *port;

	while (w->port <= U16_MAX) {
		port = xa_find(&cn->ports, &w->port, U16_MAX, XA_PRESENT);
		if (!port)
			break;
		owner = listener_of(port, w->owner);
		if (owner)
			return owner;
		w->port++;
		w->owner = 0;
	}
	w->port = U16_MAX + 1;

	return NULL;
}

/* A table that grows under our feet says -EAGAIN, and goes on. */
static struct clasp_node *walk_on(struct walk *w)
{
	struct clasp_node *node;

	do {
		node = rhashtable_walk_next(&w->iter);
	} while (IS_ERR(node));

	return node;
}

/* The node where the walk stands: found by counting, a table has no order. */
static struct clasp_node *current_node(struct walk *w)
{
	struct clasp_node *node;
	unsigned long skip = w->node;

	do {
		node = walk_on(w);
	} while (node && skip--);

	return node;
}

static struct clasp_net *net_of(struct seq_file *file)
{
	return clasp_net(seq_file_net(file));
}

static void *start(struct seq_file *file, loff_t *pos)
__acquires(RCU)
{
	struct clasp_net *cn = net_of(file);
	struct walk *w = file->private;
	struct clasp_owner *owner;

	rhashtable_walk_enter(&cn->nodes, &w->iter);
	rhashtable_walk_start(&w->iter);
	if (!*pos) {
		w->port = 0;
		w->owner = 0;
		w->node = 0;
		return SEQ_START_TOKEN;
	}

	owner = current_listener(cn, w);
	if (owner)
		return owner;

	return current_node(w);
}

static void *next(struct seq_file *file, void *v, loff_t *pos)
{
	struct walk *w = file->private;
	struct clasp_owner *owner;

	++*pos;
	if (w->port > U16_MAX) {
		w->node++;
		return walk_on(w);
	}

	if (v != SEQ_START_TOKEN)
		w->owner++;
	owner = current_listener(net_of(file), w);
	if (owner)
		return owner;

	return walk_on(w);
}

static void stop(struct seq_file *file, void *v)
__releases(RCU)
{
	struct walk *w = file->private;

	rhashtable_walk_stop(&w->iter);
	rhashtable_walk_exit(&w->iter);
}

static void show_listener_of(struct seq_file *file, struct clasp_owner *owner)
{
	show_listener(file, (struct sock *)container_of(owner, struct clasp_sock,
							owner));
}

static int show(struct seq_file *file, void *v)
{
	struct walk *w = file->private;

	if (v == SEQ_START_TOKEN)
		seq_puts(file, "local remote state recvq sendq timer expires_ms retrans uid inode ref rto_us srtt_us cwnd ssthresh snd_mss snd_wnd rcv_wnd\n");
	else if (w->port <= U16_MAX)
		show_listener_of(file, v);
	else
		show_node(file, v);

	return 0;
}

static const struct seq_operations walk_ops = {
	.start	= start,
	.next	= next,
	.stop	= stop,
	.show	= show,
};

/**
 * clasp_proc_net_init() - /proc/net/clasp, clasp_dgram and clasp_snmp
 * @cn: new namespace, its tables ready
 *
 * Return: 0 or -ENOMEM.
 */
int clasp_proc_net_init(struct clasp_net *cn)
{
	struct proc_dir_entry *dir = cn->net->proc_net;

	if (!proc_create_net_data("clasp", 0444, dir, &walk_ops,
				  sizeof(struct walk), NULL))
		return -ENOMEM;
	if (clasp_proc_dgram_init(cn))
		goto err_streams;
	if (!proc_create_net_single("clasp_snmp", 0444, dir,
				    clasp_counter_show, NULL))
		goto err_dgram;

	return 0;

err_dgram:
	clasp_proc_dgram_exit(cn);
err_streams:
	remove_proc_entry("clasp", dir);
	return -ENOMEM;
}

/**
 * clasp_proc_net_exit() - nobody reads any more
 * @cn: namespace
 */
void clasp_proc_net_exit(struct clasp_net *cn)
{
	remove_proc_entry("clasp_snmp", cn->net->proc_net);
	clasp_proc_dgram_exit(cn);
	remove_proc_entry("clasp", cn->net->proc_net);
}
