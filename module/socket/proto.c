// SPDX-License-Identifier: GPL-2.0
/*
 * What is common to all stream sockets: their memory and its limits, how one
 * begins and how it ends.
 *
 * Memory is accounted as TCP's is (sk_stream): each socket charges pages for
 * what lies in its queues, and all together stay under memory_limits.
 */
#include <linux/mm.h>
#include <linux/percpu_counter.h>
#include <linux/swap.h>
#include <net/inet_common.h>
#include <net/transp_v6.h>

#include "proto.h"
#include "calls.h"
#include "controller.h"
#include "engine.h"
#include "listener.h"
#include "net/demux.h"
#include "net/wire.h"
#include "option.h"
#include "port.h"
#include "queue.h"
#include "synsave.h"
#include "tune.h"

static DEFINE_PER_CPU(int, unaccounted_pages);
static struct percpu_counter sockets;
static atomic_long_t allocated_pages;
static unsigned long memory_pressure;

/* Pages: no pressure below, pressure above, none for anybody. */
static long memory_limits[3];

/* Bytes that a socket may have whatever the pressure. */
static int least_receive[] = { 4096 };
static int least_send[] = { 4096 };

static void enter_memory_pressure(struct sock *sk)
{
	WRITE_ONCE(memory_pressure, jiffies ?: 1);
}

static void leave_memory_pressure(struct sock *sk)
{
	WRITE_ONCE(memory_pressure, 0);
}

CLASP_COMPAT_ACCEPT(accept_child, clasp_accept)

struct proto clasp_prot = {
	.name			= "CLASP",
	.owner			= THIS_MODULE,
	.obj_size		= sizeof(struct clasp_sock),
	.max_header		= CLASP_HEADROOM(CLASP_HDR_MAX),
	.no_autobind		= true,

	.close			= clasp_close,
	.disconnect		= clasp_disconnect,
	.accept			= accept_child,
	.shutdown		= clasp_shutdown,
	.keepalive		= clasp_keepalive,
	.stream_memory_free	= clasp_tune_may_write,
	.setsockopt		= clasp_setsockopt,
	.getsockopt		= clasp_getsockopt,
	.backlog_rcv		= clasp_ip_backlog_rcv,
	.release_cb		= clasp_engine_release_cb,

	.unhash			= clasp_unhash_sk,
	.rehash			= clasp_port_update,
	.get_port		= clasp_port_get,
	.put_port		= clasp_port_release,

	.enter_memory_pressure	= enter_memory_pressure,
	.leave_memory_pressure	= leave_memory_pressure,
	.memory_allocated	= &allocated_pages,
	.per_cpu_fw_alloc	= &unaccounted_pages,
	.memory_pressure	= &memory_pressure,
	.sysctl_mem		= memory_limits,
	.sysctl_rmem		= least_receive,
	.sysctl_wmem		= least_send,
	.sockets_allocated	= &sockets,
};

/* The last that happens to a socket, behind all readers. */
static void destruct(struct sock *sk)
{
	clasp_cong_leave(sk);
	clasp_synsave_forget(sk);
	sk_sockets_allocated_dec(sk);
	inet6_sock_destruct(sk);
}

/**
 * clasp_proto_init_sock() - a socket that socket() has just made
 * @sk: set up by the kernel so far
 */
void clasp_proto_init_sock(struct sock *sk)
{
	struct clasp_net *cn = clasp_net(sock_net(sk));
	struct clasp_sock *cs = clasp_sk(sk);

	sk->sk_destruct = destruct;
	sk->sk_backlog_rcv = clasp_ip_backlog_rcv;
	sk->sk_write_space = clasp_write_space;
	sk->sk_rcvbuf = READ_ONCE(cn->rmem[1]);
	sk->sk_sndbuf = READ_ONCE(cn->wmem[1]);
	sock_set_flag(sk, SOCK_USE_WRITE_QUEUE);
	/* those who look one up take no reference */
	sock_set_flag(sk, SOCK_RCU_FREE);
	sk_sockets_allocated_inc(sk);

	cs->name_family = AF_CLASP;
	cs->node.kind = CLASP_NODE_SOCK;
	INIT_HLIST_NODE(&cs->owner.link);
	INIT_HLIST_NODE(&cs->owner.listen_link);
	clasp_conn_init(&cs->conn, &cn->settings);
	clasp_cong_join(sk);
	clasp_engine_init(sk);
	clasp_listener_init(sk);
}

/**
 * clasp_proto_out_of_memory() - is there no memory left to spend on orphans?
 * @sk: a socket whose program leaves it
 */
bool clasp_proto_out_of_memory(const struct sock *sk)
{
	return sk->sk_wmem_queued > SOCK_MIN_SNDBUF &&
	       atomic_long_read(&allocated_pages) > memory_limits[2];
}

/* Nearly a tenth of the memory, as for TCP. */
static void set_memory_limits(void)
{
	unsigned long limit = max(nr_free_buffer_pages() / 16, 128UL);

	memory_limits[0] = limit / 4 * 3;
	memory_limits[1] = limit;
	memory_limits[2] = limit / 4 * 3 * 2;
}

/**
 * clasp_proto_init() - before the first socket
 *
 * Return: 0 or -ENOMEM.
 */
int clasp_proto_init(void)
{
	int err;

	set_memory_limits();
	err = percpu_counter_init(&sockets, 0, GFP_KERNEL);
	if (err)
		return err;

	err = proto_register(&clasp_prot, 1);
	if (err)
		percpu_counter_destroy(&sockets);

	return err;
}

/**
 * clasp_proto_exit() - after the last socket
 */
void clasp_proto_exit(void)
{
	proto_unregister(&clasp_prot);
	percpu_counter_destroy(&sockets);
}
