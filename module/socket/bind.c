// SPDX-License-Identifier: GPL-2.0
/*
 * bind(): an address and a port of our own.
 *
 * The rules are those of AF_INET6, and so is the function: it asks the cgroup,
 * looks whether the address is the host's and whether the program may have
 * the port, and calls clasp_port_get().
 */
#include <net/ipv6.h>

#include "calls.h"
#include "address.h"

/**
 * clasp_bind() - proto_ops.bind
 * @sock: socket
 * @addr: address, in any of the forms that clasp_address_take() knows
 * @len: its length
 *
 * Return: 0 or a negative errno as of bind(2) and ipv6(7).
 */
int clasp_bind(struct socket *sock, struct sockaddr_unsized *addr, int len)
{
	struct clasp_address to;
	struct sockaddr_in6 in6;
	int err;

	err = clasp_address_take(&to, addr, len);
	if (err)
		return err;

	clasp_address_in6(&to, &in6);

	return inet6_bind(sock, (struct sockaddr_unsized *)&in6, sizeof(in6));
}
