// SPDX-License-Identifier: GPL-2.0
/*
 * bind(): an address and a port of our own.
 *
 * The rules are those of AF_INET6, or of AF_INET for a socket that is IPv4-only,
 * and so is the function: it asks the cgroup, looks whether the address is the
 * host's and whether the program may have the port, and calls clasp_port_get().
 */
#include <net/inet_common.h>
#include <net/ipv6.h>

#include "calls.h"
#include "address.h"

/* An unspecified family is IPv4's any: inet_bind() knows. */
static int bind_v4(struct socket *sock, struct sockaddr_unsized *addr, int len)
{
	const struct sockaddr *any = (const struct sockaddr *)addr;
	struct clasp_address to;
	struct sockaddr_in in;
	int err;

	if (len >= (int)sizeof(in) && any->sa_family == AF_UNSPEC)
		return inet_bind(sock, addr, len);

	err = clasp_address_take(sock->sk, &to, addr, len);
	if (err)
		return err;

	len = clasp_address_tell(&to, AF_INET, &in);

	return inet_bind(sock, (struct sockaddr_unsized *)&in, len);
}

/**
 * clasp_bind() - proto_ops.bind
 * @sock: socket
 * @addr: address, in any of the forms that clasp_address_take() knows
 * @len: its length
 *
 * Return: 0 or a negative errno as of bind(2), ip(7) and ipv6(7).
 */
int clasp_bind(struct socket *sock, struct sockaddr_unsized *addr, int len)
{
	struct clasp_address to;
	struct sockaddr_in6 in6;
	int err;

	if (READ_ONCE(sock->sk->sk_family) == AF_INET)
		return bind_v4(sock, addr, len);

	err = clasp_address_take(sock->sk, &to, addr, len);
	if (err)
		return err;

	len = clasp_address_tell(&to, AF_INET6, &in6);

	return inet6_bind(sock, (struct sockaddr_unsized *)&in6, len);
}
