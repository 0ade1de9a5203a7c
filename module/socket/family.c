// SPDX-License-Identifier: GPL-2.0
/*
 * AF_CLASP towards the kernel: socket() and the table of calls behind a socket.
 *
 * Where a helper of the kernel does what TCP over IPv6 does, it is used: sockets
 * look like AF_INET6's from inside (docs/architecture.md).
 */
#include <linux/bpf-cgroup.h>
#include <linux/module.h>
#include <net/inet_common.h>
#include <net/ipv6.h>

#include "family.h"
#include "address.h"
#include "calls.h"
#include "datagram/dgram.h"
#include "listener.h"
#include "option.h"
#include "proto.h"
#include "sol_socket.h"

static struct lock_class_key spin_class;
static struct lock_class_key owner_class;

/**
 * clasp_family_lock_class() - tell lockdep that a socket is ours
 * @sk: socket whose lock nobody has taken yet
 */
void clasp_family_lock_class(struct sock *sk)
{
	sock_lock_init_class_and_name(sk, "slock-AF_CLASP", &spin_class,
				      "sk_lock-AF_CLASP", &owner_class);
}

static int listen_call(struct socket *sock, int backlog)
{
	struct sock *sk = sock->sk;
	int err = -EINVAL;

	lock_sock(sk);
	if (sock->state == SS_UNCONNECTED)
		err = clasp_listen(sk, backlog);
	release_sock(sk);

	return err;
}

/**
 * clasp_family_getname() - getsockname() and getpeername()
 * @sock: socket of either type
 * @family: the form that its program wants: CLASP_NAME_FAMILY
 * @name: as long as struct sockaddr_clasp; filled in
 * @peer: 0 for its own name, 1 for the peer's, more for that of a peer who may
 *	have gone
 *
 * Return: length of the name, or -ENOTCONN.
 */
int clasp_family_getname(struct socket *sock, int family,
			 struct sockaddr *name, int peer)
{
	struct sock *sk = sock->sk;
	int len;

	lock_sock(sk);
	if (peer && !inet_sk(sk)->inet_dport)
		len = -ENOTCONN;
	else if (peer == 1 &&
		 (sk->sk_state == TCP_CLOSE || sk->sk_state == TCP_SYN_SENT))
		len = -ENOTCONN;
	else
		len = clasp_address_name(sk, family, peer, name);
	release_sock(sk);

	return len;
}

CLASP_COMPAT_ACCEPT_CALL(accept_call, clasp_sol_socket_take)
CLASP_COMPAT_SENDPAGE(sendpage_call, clasp_sendmsg)

static int getname_call(struct socket *sock, struct sockaddr *name, int peer)
{
	return clasp_family_getname(sock, clasp_sk(sock->sk)->name_family,
				    name, peer);
}

static const struct proto_ops stream_ops = {
	.family		= PF_CLASP,
	.owner		= THIS_MODULE,
	.release	= inet6_release,
	.bind		= clasp_bind,
	.connect	= clasp_connect,
	.socketpair	= sock_no_socketpair,
	.accept		= accept_call,
	.getname	= getname_call,
	.poll		= clasp_poll,
	.ioctl		= clasp_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl	= inet6_compat_ioctl,
#endif
	.gettstamp	= sock_gettstamp,
	.listen		= listen_call,
	.shutdown	= inet_shutdown,
	.setsockopt	= clasp_sol_socket_set,
	.getsockopt	= sock_common_getsockopt,
	.sendmsg	= clasp_sendmsg,
	CLASP_COMPAT_SENDPAGE_OP(sendpage_call)
	.recvmsg	= clasp_recvmsg,
	.splice_read	= clasp_splice_read,
	.mmap		= sock_no_mmap,
	.set_peek_off	= sk_set_peek_off,
	.set_rcvlowat	= clasp_set_rcvlowat,
};

/* What inet6_create() fills in, for the helpers that look at it. */
static void look_like_inet6(struct sock *sk, struct ipv6_pinfo *np)
{
	struct inet_sock *inet = inet_sk(sk);
	struct net *net = sock_net(sk);

	inet->pinet6 = np;
	inet->uc_ttl = -1;
	inet->mc_ttl = 1;
	inet->pmtudisc = READ_ONCE(net->ipv4.sysctl_ip_no_pmtu_disc) ?
			 IP_PMTUDISC_DONT : IP_PMTUDISC_WANT;

	np->hop_limit = -1;
	np->mcast_hops = IPV6_DEFAULT_MCASTHOPS;
	np->pmtudisc = IPV6_PMTUDISC_WANT;
	clasp_compat_multicast_defaults(sk);
	clasp_compat_set_repflow(sk, !!(READ_ONCE(net->ipv6.sysctl.flowlabel_reflect) &
					FLOWLABEL_REFLECT_ESTABLISHED));

	sk->sk_ipv6only = READ_ONCE(net->ipv6.sysctl.bindv6only);
	sk->sk_txrehash = READ_ONCE(net->core.sysctl_txrehash);
}

/* What differs between the types: a row is one. */
static const struct type {
	int			type;
	int			protocol;
	struct proto		*prot;
	const struct proto_ops	*ops;
	size_t			np;
	void			(*init)(struct sock *sk);
} types[] = {
	{ SOCK_STREAM, IPPROTO_CLASP, &clasp_prot, &stream_ops,
	  offsetof(struct clasp_sock, np), clasp_proto_init_sock },
	{ SOCK_DGRAM, IPPROTO_CLASP_DG, &clasp_dgram_prot, &clasp_dgram_ops,
	  offsetof(struct clasp_dgram_sock, np), clasp_dgram_init_sock },
};

static const struct type *find_type(int type)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(types); i++)
		if (types[i].type == type)
			return &types[i];

	return NULL;
}

static int create(struct net *net, struct socket *sock, int protocol, int kern)
{
	const struct type *type = find_type(sock->type);
	struct sock *sk;
	int err = 0;

	if (protocol < 0 || protocol >= IPPROTO_MAX)
		return -EINVAL;
	if (!type)
		return -ESOCKTNOSUPPORT;
	if (protocol && protocol != type->protocol)
		return -EPROTONOSUPPORT;

	sk = sk_alloc(net, PF_INET6, GFP_KERNEL, type->prot, kern);
	if (!sk)
		return -ENOBUFS;

	sock->ops = type->ops;
	sock_init_data(sock, sk);
	clasp_sol_socket_take(sock);
	clasp_family_lock_class(sk);
	sk->sk_protocol = type->protocol;
	look_like_inet6(sk, (void *)sk + type->np);
	type->init(sk);

	if (!kern)
		err = BPF_CGROUP_RUN_PROG_INET_SOCK(sk);
	if (err) {
		sk_common_release(sk);
		sock->sk = NULL;
	}

	return err;
}

static const struct net_proto_family family = {
	.family	= PF_CLASP,
	.create	= create,
	.owner	= THIS_MODULE,
};

/**
 * clasp_family_init() - from now on programs may have sockets
 *
 * The last step of loading.
 *
 * Return: 0, -EEXIST when another module has the family's number, -ENOMEM.
 */
int clasp_family_init(void)
{
	int err;

	err = clasp_proto_init();
	if (err)
		return err;
	err = clasp_dgram_init();
	if (err)
		goto err_proto;
	err = sock_register(&family);
	if (err)
		goto err_dgram;

	return 0;

err_dgram:
	clasp_dgram_exit();
err_proto:
	clasp_proto_exit();
	return err;
}

/**
 * clasp_family_exit() - no more sockets; there is none, or we could not go
 */
void clasp_family_exit(void)
{
	sock_unregister(PF_CLASP);
	clasp_dgram_exit();
	clasp_proto_exit();
}

MODULE_ALIAS_NETPROTO(AF_CLASP);
