/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Addresses: the three forms that a program may use, and the one inside.
 */
#ifndef CLASP_ADDRESS_H
#define CLASP_ADDRESS_H

#include "sock.h"

/**
 * struct clasp_address - an address and port, whatever form it came in
 * @addr: IPv4 as ::ffff:a.b.c.d
 * @port: network byte order
 * @flowinfo: IPv6 flow label and class, as the program gave it
 * @scope: interface index, or 0
 */
struct clasp_address {
	struct in6_addr	addr;
	__be16		port;
	__be32		flowinfo;
	u32		scope;
};

int clasp_address_take(struct clasp_address *to, const void *from, int len);
void clasp_address_in6(const struct clasp_address *from,
		       struct sockaddr_in6 *to);
int clasp_address_name(const struct sock *sk, bool peer, void *to);
void clasp_address_tuple(const struct sock *sk, struct clasp_tuple *tuple);
void clasp_address_forget(struct sock *sk);

#endif
