/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The datagram socket, and what its files offer each other.
 *
 * No lock is held for a datagram that arrives or leaves: ports are looked up
 * under RCU, the receive queue has its own lock, and what one call sends lives
 * on its stack. The socket's lock is for bind(), connect(), options and what is
 * corked.
 */
#ifndef CLASP_DGRAM_H
#define CLASP_DGRAM_H

#include <linux/poll.h>
#include <linux/sockptr.h>

#include "datagram.h"
#include "socket/ancillary.h"
#include "socket/sock.h"

/**
 * struct clasp_dgram_way - how a datagram goes, or those of one call do
 * @flow: addresses, ports and what else the routing asks; says IPv4 or IPv6
 * @dst: route; a reference
 * @anc: TTL, mark, time to leave ..., from control messages or the socket
 * @opt: IPv6 extension headers: @sticky, @said or NULL
 * @sticky: those that the socket has; a reference
 * @said: those that a control message told; they live as long as that
 * @segment: payload of each datagram, bytes, or 0 for one of all
 * @v4: which of the two flows counts
 */
struct clasp_dgram_way {
	struct flowi		flow;
	struct dst_entry	*dst;
	struct clasp_ancillary	anc;
	struct ipv6_txoptions	*opt;
	struct ipv6_txoptions	*sticky;
	struct ipv6_txoptions	said;
	u32			segment;
	bool			v4;
};

/**
 * struct clasp_dgram_sock - an AF_CLASP datagram socket
 * @inet: the kernel's part, as in struct clasp_sock
 * @cork: how what is corked goes: valid while @pending; lock held
 * @pending: there is a corked datagram, in pieces on sk_write_queue
 * @pending_len: its payload so far, bytes
 * @corked: CLASP_DG_CORK
 * @gather: CLASP_DG_GRO
 * @segment: CLASP_DG_SEGMENT, bytes
 * @name_family: CLASP_NAME_FAMILY
 * @np: IPv6's part
 */
struct clasp_dgram_sock {
	struct inet_sock	inet;
	struct clasp_dgram_way	cork;
	bool			pending;
	u32			pending_len;
	bool			corked;
	bool			gather;
	u16			segment;
	u8			name_family;
	struct ipv6_pinfo	np;
};

extern struct proto clasp_dgram_prot;
extern const struct proto_ops clasp_dgram_ops;

static inline struct clasp_dgram_sock *clasp_dgram_sk(const struct sock *sk)
{
	return (struct clasp_dgram_sock *)sk;
}

/**
 * struct clasp_dgram_ends - from whom and for whom a datagram is
 * @local: our address, IPv4 as ::ffff:a.b.c.d; or a group's
 * @remote: the sender's
 * @local_port: ours, host byte order
 * @remote_port: the sender's
 * @dif: interface that it came by
 * @sdif: the one below, if that is a VRF
 * @v4: which IP?
 */
struct clasp_dgram_ends {
	struct in6_addr	local;
	struct in6_addr	remote;
	u16		local_port;
	__be16		remote_port;
	int		dif;
	int		sdif;
	bool		v4;
};

/* proto.c: birth, death, memory */
int clasp_dgram_init(void);
void clasp_dgram_exit(void);
void clasp_dgram_init_sock(struct sock *sk);

/* port.c: who has which port */
void clasp_dgram_net_init(struct clasp_net *cn);
void clasp_dgram_net_exit(struct clasp_net *cn);
int clasp_dgram_get_port(struct sock *sk, unsigned short number);
void clasp_dgram_unhash(struct sock *sk);
void clasp_dgram_rehash(struct sock *sk);

/* lookup.c: whose a datagram is */
void clasp_dgram_ends(const struct sk_buff *skb,
		      const struct clasp_datagram *dg,
		      struct clasp_dgram_ends *ends);
struct sock *clasp_dgram_find(struct net *net, struct sk_buff *skb,
			      const struct clasp_dgram_ends *ends);

/* multicast.c: datagrams for many */
bool clasp_dgram_is_for_many(const struct sk_buff *skb);
void clasp_dgram_to_many(struct net *net, struct sk_buff *skb,
			 const struct clasp_datagram *dg);

/* input.c: datagrams in */
int clasp_dgram_receive(struct sk_buff *skb);
void clasp_dgram_admit(struct sock *sk, struct sk_buff *skb,
		       const struct clasp_datagram *dg);
void clasp_dgram_refuse(struct net *net, struct sk_buff *skb,
			const struct clasp_datagram *dg, enum clasp_drop why);

/* error.c: what the network, or we, have to say against one that was sent */
int clasp_dgram_icmp_v4(struct sk_buff *skb, u32 info);
int clasp_dgram_icmp_v6(struct sk_buff *skb, struct inet6_skb_parm *opt,
			u8 type, u8 code, int offset, __be32 info);
void clasp_dgram_too_long(struct sock *sk, const struct clasp_dgram_way *way,
			  u32 mtu);

/* way.c: where a datagram goes */
int clasp_dgram_way_find(struct sock *sk, struct msghdr *msg,
			 struct clasp_dgram_way *way);
void clasp_dgram_way_end(struct sock *sk, struct clasp_dgram_way *way);

/* output.c: datagrams out */
int clasp_dgram_fits(struct sock *sk, const struct clasp_dgram_way *way,
		     size_t len);
struct sk_buff *clasp_dgram_make(struct sock *sk,
				 const struct clasp_dgram_way *way,
				 struct msghdr *msg, size_t len);
u32 clasp_dgram_headroom(const struct clasp_dgram_way *way);
int clasp_dgram_out(struct sock *sk, struct sk_buff *skb,
		    struct clasp_dgram_way *way);

/* segment.c: many datagrams of one payload */
int clasp_dgram_out_all(struct sock *sk, struct sk_buff *skb,
			struct clasp_dgram_way *way);

/* send.c, cork.c: what a program sends */
int clasp_dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int clasp_dgram_cork(struct sock *sk, struct clasp_dgram_way *way,
		     struct msghdr *msg, size_t len, bool more);
int clasp_dgram_uncork(struct sock *sk);
void clasp_dgram_forget_cork(struct sock *sk);

/* recv.c: what a program receives */
int clasp_dgram_recvmsg(struct socket *sock, struct msghdr *msg, size_t len,
			int flags);
int clasp_dgram_first_len(struct sock *sk);

/* connect.c: connect() as a filter */
int clasp_dgram_connect(struct sock *sk, struct sockaddr_unsized *addr,
			int len);
int clasp_dgram_connect_call(struct socket *sock, struct sockaddr_unsized *addr,
			     int len, int flags);
int clasp_dgram_disconnect(struct sock *sk, int flags);

/* option.c */
int clasp_dgram_setsockopt(struct sock *sk, int level, int name,
			   sockptr_t value, unsigned int len);
int clasp_dgram_getsockopt(struct sock *sk, int level, int name,
			   char __user *value, int __user *len);

#endif
