// SPDX-License-Identifier: GPL-2.0
/*
 * connect(): a peer for what is sent without a name, and a filter for what is
 * received; nothing goes over the wire.
 *
 * The kernel's function for datagrams of AF_INET6 finds route and source address.
 */
#include <linux/bpf-cgroup.h>
#include <net/inet_common.h>
#include <net/ipv6.h>

#include "dgram.h"
#include "socket/address.h"

static int ask_cgroup(struct sock *sk, struct sockaddr *name, int *len)
{
	if (sk->sk_family == AF_INET)
		return clasp_compat_cgroup_addr_lock(sk, name, len,
						     CGROUP_INET4_CONNECT,
						     NULL);

	return clasp_compat_cgroup_addr_lock(sk, name, len,
					     CGROUP_INET6_CONNECT, NULL);
}

/**
 * clasp_dgram_connect() - proto.connect
 * @sk: socket with a port of its own
 * @addr: struct sockaddr_in6 or sockaddr_in
 * @len: its length
 *
 * Return: 0 or a negative errno as of connect(2), ip(7) and ipv6(7).
 */
int clasp_dgram_connect(struct sock *sk, struct sockaddr_unsized *addr, int len)
{
	int err;

	lock_sock(sk);
	err = __ip6_datagram_connect(sk, addr, len);
	release_sock(sk);

	return err;
}

/**
 * clasp_dgram_connect_call() - proto_ops.connect
 * @sock: socket
 * @addr: address, in any of the forms that clasp_address_take() knows, or of
 *	family AF_UNSPEC to have no peer again
 * @len: its length
 * @flags: unused
 *
 * Return: 0 or a negative errno as of connect(2), ip(7) and ipv6(7).
 */
int clasp_dgram_connect_call(struct socket *sock, struct sockaddr_unsized *addr,
			     int len, int flags)
{
	const struct sockaddr *any = (const struct sockaddr *)addr;
	struct sock *sk = sock->sk;
	struct clasp_address to;
	struct sockaddr_in6 name;
	int err;

	if (len >= (int)sizeof(any->sa_family) && any->sa_family == AF_UNSPEC)
		return sk->sk_prot->disconnect(sk, flags);

	err = clasp_address_take(sk, &to, addr, len);
	if (err)
		return err;

	len = clasp_address_tell(&to, READ_ONCE(sk->sk_family), &name);
	err = ask_cgroup(sk, (struct sockaddr *)&name, &len);
	if (err)
		return err;

	return inet_dgram_connect(sock, (struct sockaddr_unsized *)&name, len,
				  flags);
}

/**
 * clasp_dgram_disconnect() - proto.disconnect: no peer, and as after bind()
 * @sk: socket
 * @flags: unused
 *
 * Return: 0
 */
int clasp_dgram_disconnect(struct sock *sk, int flags)
{
	lock_sock(sk);
	sk->sk_state = TCP_CLOSE;
	clasp_address_forget(sk);
	/* connecting to a link-local address may have bound it */
	WRITE_ONCE(sk->sk_bound_dev_if, 0);
	if (!(sk->sk_userlocks & SOCK_BINDADDR_LOCK))
		clasp_dgram_rehash(sk);
	if (!(sk->sk_userlocks & SOCK_BINDPORT_LOCK)) {
		clasp_dgram_unhash(sk);
		inet_sk(sk)->inet_sport = 0;
	}
	sk_dst_reset(sk);
	release_sock(sk);

	return 0;
}
