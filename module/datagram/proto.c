// SPDX-License-Identifier: GPL-2.0
/*
 * What is common to all datagram sockets: their calls, their memory and its
 * limits, how one begins and how it ends.
 *
 * What waits to be read is charged as UDP's is: each socket stays under its
 * receive buffer, and all together under memory_limits.
 */
#include <linux/mm.h>
#include <linux/module.h>
#include <linux/sockios.h>
#include <linux/swap.h>
#include <net/inet_common.h>
#include <net/ip.h>
#include <net/transp_v6.h>

#include <asm/ioctls.h>

#include "dgram.h"
#include "socket/calls.h"
#include "socket/errqueue.h"
#include "socket/family.h"
#include "socket/sol_socket.h"

static DEFINE_PER_CPU(int, unaccounted_pages);
static atomic_long_t allocated_pages;

/* Pages: no pressure below, pressure above, none for anybody. */
static long memory_limits[3];

/* Bytes that a socket may have whatever the pressure. */
static int least_receive[] = { 4096 };
static int least_send[] = { 4096 };

static void close_sock(struct sock *sk, long timeout)
{
	sk_common_release(sk);
}

static void destroy(struct sock *sk)
{
	lock_sock(sk);
	/* what arrives from now on wakes nobody */
	sock_set_flag(sk, SOCK_DEAD);
	clasp_dgram_forget_cork(sk);
	release_sock(sk);
}

/* A connected socket's route may have gone stale while the socket was owned. */
static void release_cb(struct sock *sk)
{
	if (ipv6_addr_v4mapped(&sk->sk_v6_daddr))
		ip4_datagram_release_cb(sk);
	else
		ip6_datagram_release_cb(sk);
}

struct proto clasp_dgram_prot = {
	.name			= "CLASP_DG",
	.owner			= THIS_MODULE,
	.obj_size		= sizeof(struct clasp_dgram_sock),

	.close			= close_sock,
	.destroy		= destroy,
	.connect		= clasp_dgram_connect,
	.disconnect		= clasp_dgram_disconnect,
	.setsockopt		= clasp_dgram_setsockopt,
	.getsockopt		= clasp_dgram_getsockopt,
	.release_cb		= release_cb,

	.get_port		= clasp_dgram_get_port,
	.unhash			= clasp_dgram_unhash,
	.rehash			= clasp_dgram_rehash,
	.put_port		= clasp_dgram_unhash,

	.memory_allocated	= &allocated_pages,
	.per_cpu_fw_alloc	= &unaccounted_pages,
	.sysctl_mem		= memory_limits,
	.sysctl_rmem		= least_receive,
	.sysctl_wmem		= least_send,
};

static int ioctl_call(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	struct sock *sk = sock->sk;

	switch (cmd) {
	case SIOCOUTQ:
		return put_user(sk_wmem_alloc_get(sk), (int __user *)arg);
	case SIOCINQ:
		return put_user(clasp_dgram_first_len(sk), (int __user *)arg);
	default:
		return inet6_ioctl(sock, cmd, arg);
	}
}

static int getname_call(struct socket *sock, struct sockaddr *name, int peer)
{
	return clasp_family_getname(sock, clasp_dgram_sk(sock->sk)->name_family,
				    name, peer);
}

const struct proto_ops clasp_dgram_ops = {
	.family		= PF_CLASP,
	.owner		= THIS_MODULE,
	.release	= inet6_release,
	.bind		= clasp_bind,
	.connect	= clasp_dgram_connect_call,
	.socketpair	= sock_no_socketpair,
	.accept		= sock_no_accept,
	.getname	= getname_call,
	.poll		= datagram_poll,
	.ioctl		= ioctl_call,
#ifdef CONFIG_COMPAT
	.compat_ioctl	= inet6_compat_ioctl,
#endif
	.gettstamp	= sock_gettstamp,
	.listen		= sock_no_listen,
	.shutdown	= inet_shutdown,
	.setsockopt	= clasp_sol_socket_set,
	.getsockopt	= sock_common_getsockopt,
	.sendmsg	= clasp_dgram_sendmsg,
	.recvmsg	= clasp_dgram_recvmsg,
	.mmap		= sock_no_mmap,
	.set_peek_off	= sk_set_peek_off,
};

/**
 * clasp_dgram_init_sock() - a socket that socket() has just made
 * @sk: set up by the kernel so far
 */
void clasp_dgram_init_sock(struct sock *sk)
{
	sk->sk_destruct = inet6_sock_destruct;
	/* those who look one up take no reference */
	sock_set_flag(sk, SOCK_RCU_FREE);
	clasp_dgram_sk(sk)->name_family = AF_CLASP;
}

/* An eighth of the memory's pages, as for UDP. */
static void set_memory_limits(void)
{
	unsigned long limit = max(nr_free_buffer_pages() / 8, 128UL);

	memory_limits[0] = limit / 4 * 3;
	memory_limits[1] = limit;
	memory_limits[2] = limit / 4 * 3 * 2;
}

/**
 * clasp_dgram_init() - before the first socket
 *
 * Return: 0 or -ENOMEM.
 */
int clasp_dgram_init(void)
{
	set_memory_limits();

	return proto_register(&clasp_dgram_prot, 1);
}

/**
 * clasp_dgram_exit() - after the last socket
 */
void clasp_dgram_exit(void)
{
	proto_unregister(&clasp_dgram_prot);
}
