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

int clasp_address_take(const struct sock *sk, struct clasp_address *to,
		       const void *from, int len);
int clasp_address_tell(const struct clasp_address *from, int family, void *to);
int clasp_address_name(struct sock *sk, int family, bool peer, void *to);
int clasp_address_set_family(struct sock *sk, int family);
void clasp_address_settle(struct sock *sk);
void clasp_address_tuple(const struct sock *sk, struct clasp_tuple *tuple);
void clasp_address_forget(struct sock *sk);

#endif
