// SPDX-License-Identifier: GPL-2.0
/*
 * Options at SOL_SOCKET that the kernel keeps to protocols it knows by name.
 *
 * A socket that says so is asked first (SOCK_CUSTOM_SOCKOPT); whatever is not
 * here goes on to the kernel.
 */
#include <linux/net.h>
#include <net/sock.h>

#include "sol_socket.h"
#include "stamp.h"

/**
 * clasp_sol_socket_take() - have a socket's options brought here
 * @sock: made by socket() or accept(), and nobody's yet
 *
 * Its sendmsg() also understands what io_uring pins.
 *
 * Return: 0.
 */
int clasp_sol_socket_take(struct socket *sock)
{
	clasp_compat_own_options(sock);
	set_bit(SOCK_SUPPORT_ZC, &sock->flags);

	return 0;
}

static int set_zerocopy(struct sock *sk, sockptr_t from, unsigned int len)
{
	int on;

	if (len < sizeof(on))
		return -EINVAL;
	if (copy_from_sockptr(&on, from, sizeof(on)))
		return -EFAULT;
	if (on != 0 && on != 1)
		return -EINVAL;

	lock_sock(sk);
	sock_valbool_flag(sk, SOCK_ZEROCOPY, on);
	release_sock(sk);

	return 0;
}

/**
 * clasp_sol_socket_set() - proto_ops.setsockopt
 * @sock: socket
 * @level: any
 * @name: option
 * @from: the program's
 * @len: bytes of it
 *
 * Return: 0 or a negative errno.
 */
int clasp_sol_socket_set(struct socket *sock, int level, int name,
			 sockptr_t from, unsigned int len)
{
	if (level != SOL_SOCKET)
		return sock_common_setsockopt(sock, level, name, from, len);

	switch (name) {
	case SO_ZEROCOPY:
		return set_zerocopy(sock->sk, from, len);
	case SO_TIMESTAMPING_OLD:
	case SO_TIMESTAMPING_NEW:
		if (sock->type == SOCK_STREAM)
			return clasp_stamp_option(sock, name, from, len);
	}

	return sock_setsockopt(sock, level, name, from, len);
}
