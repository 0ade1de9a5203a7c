// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/clasp_dgram: each datagram socket that has a port in a line, in the
 * order of ports.
 *
 * Nobody is stopped meanwhile: RCU keeps what we look at in memory, but a socket
 * that takes another port may show twice or not at all.
 */
#include <linux/proc_fs.h>
#include <linux/seq_file.h>

#include "sight.h"
#include "datagram/port.h"

/**
 * struct place - how far a reader has come
 * @net: what seq_file knows the namespace by; first member
 * @port: number of the port whose sockets are being shown
 * @sock: how many of the port's sockets came before
 */
struct place {
	struct seq_net_private	net;
	unsigned long		port;
	unsigned int		sock;
};

static struct sock *sock_of(const struct clasp_dgram_port *port,
			    unsigned int skip)
{
	struct hlist_nulls_node *node;
	struct sock *sk;

	sk_nulls_for_each_rcu(sk, node, &port->socks)
		if (!skip--)
			return sk;

	return NULL;
}

/* The socket where the reader stands, or the next that there is. */
static struct sock *current_sock(struct clasp_net *cn, struct place *p)
{
	struct clasp_dgram_port *port;
	struct sock *sk;

	while (p->port <= U16_MAX) {
		port = xa_find(&cn->dgram_ports, &p->port, U16_MAX, XA_PRESENT);
		if (!port)
			return NULL;
		sk = sock_of(port, p->sock);
		if (sk)
			return sk;
		p->port++;
		p->sock = 0;
	}

	return NULL;
}

static void *start(struct seq_file *file, loff_t *pos)
__acquires(RCU)
{
	struct place *p = file->private;

	rcu_read_lock();
	if (!*pos) {
		p->port = 0;
		p->sock = 0;
		return SEQ_START_TOKEN;
	}

	return current_sock(clasp_net(seq_file_net(file)), p);
}

static void *next(struct seq_file *file, void *v, loff_t *pos)
{
	struct place *p = file->private;

	++*pos;
	if (v != SEQ_START_TOKEN)
		p->sock++;

	return current_sock(clasp_net(seq_file_net(file)), p);
}

static void stop(struct seq_file *file, void *v)
__releases(RCU)
{
	rcu_read_unlock();
}

static void show_sock(struct seq_file *file, struct sock *sk)
{
	bool connected = READ_ONCE(sk->sk_state) == TCP_ESTABLISHED;

	clasp_proc_address(file, &sk->sk_v6_rcv_saddr, inet_sk(sk)->inet_sport);
	clasp_proc_address(file, &sk->sk_v6_daddr, inet_sk(sk)->inet_dport);
	seq_printf(file, "%s %d %d %u %lu %d %d\n",
		   connected ? "CONNECTED" : "OPEN",
		   atomic_read(&sk->sk_rmem_alloc), sk_wmem_alloc_get(sk),
		   from_kuid_munged(seq_user_ns(file), READ_ONCE(sk->sk_uid)),
		   sock_i_ino(sk), refcount_read(&sk->sk_refcnt),
		   clasp_compat_drops(sk));
}

static int show(struct seq_file *file, void *v)
{
	if (v == SEQ_START_TOKEN)
		seq_puts(file, "local remote state recvq sendq uid inode ref drops\n");
	else
		show_sock(file, v);

	return 0;
}

static const struct seq_operations place_ops = {
	.start	= start,
	.next	= next,
	.stop	= stop,
	.show	= show,
};

/**
 * clasp_proc_dgram_init() - /proc/net/clasp_dgram
 * @cn: new namespace, its ports ready
 *
 * Return: 0 or -ENOMEM.
 */
int clasp_proc_dgram_init(struct clasp_net *cn)
{
	if (!proc_create_net_data("clasp_dgram", 0444, cn->net->proc_net,
				  &place_ops, sizeof(struct place), NULL))
		return -ENOMEM;

	return 0;
}

/**
 * clasp_proc_dgram_exit() - nobody reads any more
 * @cn: namespace
 */
void clasp_proc_dgram_exit(struct clasp_net *cn)
{
	remove_proc_entry("clasp_dgram", cn->net->proc_net);
}
