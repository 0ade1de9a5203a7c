/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ancillary data: what is said about a message beside its bytes, by whoever
 * sends it and to whoever receives it.
 */
#ifndef CLASP_ANCILLARY_H
#define CLASP_ANCILLARY_H

#include <net/flow.h>
#include <net/sock.h>

struct clasp_address;
struct ipv6_txoptions;

/**
 * struct clasp_ancillary - how a message is to be sent
 * @sock: what SOL_SOCKET knows: mark, time to leave, timestamps
 * @hops: TTL or hop limit; -1 for the socket's or the route's
 * @tos: TOS or traffic class
 * @priority: of the packet on this host
 * @dontfrag: IPV6_DONTFRAG
 * @segment: UDP_SEGMENT, bytes; 0 when it was not said
 */
struct clasp_ancillary {
	struct sockcm_cookie	sock;
	int			hops;
	u8			tos;
	u32			priority;
	bool			dontfrag;
	u16			segment;
};

void clasp_ancillary_init(struct sock *sk, struct clasp_ancillary *anc, bool v4);
int clasp_ancillary_take_v4(struct sock *sk, struct msghdr *msg,
			    struct clasp_ancillary *anc, struct flowi4 *fl4);
int clasp_ancillary_take_v6(struct sock *sk, struct msghdr *msg,
			    struct clasp_ancillary *anc, struct flowi6 *fl6,
			    struct ipv6_txoptions *opt);
void clasp_ancillary_keep(const struct sock *sk, struct sk_buff *skb);
void clasp_ancillary_give(struct sock *sk, struct msghdr *msg,
			  struct sk_buff *skb, u32 hdr_len);

#endif
