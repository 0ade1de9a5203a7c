/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Segments in and out of the IP layers.
 */
#ifndef CLASP_NET_WIRE_H
#define CLASP_NET_WIRE_H

#include "socket/sock.h"

/* ip.c: the protocol handlers */
int clasp_ip_init(void);
void clasp_ip_exit(void);

/* receive.c: segments in */
int clasp_ip_receive(struct sk_buff *skb);
int clasp_ip_backlog_rcv(struct sock *sk, struct sk_buff *skb);
bool clasp_ip_admit(struct sock *sk, struct sk_buff *skb,
		    struct clasp_segment *seg);
bool clasp_ip_permitted(struct net *net, struct sk_buff *skb,
			const struct clasp_segment *seg);
bool clasp_ip_to_listener(struct net *net, struct sk_buff *skb,
			  struct clasp_segment *seg,
			  const struct clasp_tuple *tuple,
			  struct clasp_tw *old);

/* tuple.c: what a segment says of who it is from and for */
bool clasp_ip_is_v4(const struct sk_buff *skb);
u32 clasp_ip_domain(const struct sk_buff *skb);
void clasp_ip_tuple(const struct sk_buff *skb, const struct clasp_segment *seg,
		    struct clasp_tuple *tuple);
bool clasp_ip_is_unicast(const struct sk_buff *skb);
void clasp_ip_remember(struct sock *sk, const struct sk_buff *skb);
bool clasp_ip_answerable(struct net *net, const struct sk_buff *skb);
u32 clasp_ip_iss(struct clasp_net *cn, const struct clasp_tuple *tuple,
		 bool passive, u32 *ts_offset);

/* drop.c: segments that go no further */
void clasp_drop(struct net *net, struct sk_buff *skb, enum clasp_drop why);
void clasp_refuse(struct net *net, struct sk_buff *skb,
		  const struct clasp_segment *seg, enum clasp_drop why);

/* xmit.c: segments out, from a socket */
int clasp_ip_xmit(struct sock *sk, struct sk_buff *skb,
		  const struct clasp_segment *seg);
void clasp_ip_build(struct sk_buff *skb, const struct clasp_segment *seg,
		    const struct clasp_tuple *tuple);
int clasp_ip_sent(struct net *net, const struct clasp_segment *seg, int err);

/* reply.c: segments out, from mini-sockets and from nobody */
void clasp_ip_way(const struct sock *sk, bool v4, struct clasp_way *way);
void clasp_ip_reply(struct net *net, const struct clasp_tuple *tuple,
		    const struct clasp_way *way,
		    const struct clasp_segment *seg);
void clasp_ip_reset(struct net *net, struct sk_buff *skb,
		    const struct clasp_segment *seg,
		    const struct clasp_way *from);
void clasp_ip_reset_for(const struct sock *sk, struct sk_buff *skb,
			const struct clasp_segment *seg);

/* route.c: where segments go, and how long they may be */
int clasp_ip_route(struct sock *sk);
struct dst_entry *clasp_ip_dst_v6(struct sock *sk, struct flowi6 *fl6);
struct dst_entry *clasp_ip_dst(struct net *net, const struct clasp_tuple *tuple,
			       const struct clasp_way *way);
u16 clasp_ip_path_mss(struct sock *sk);
u16 clasp_ip_adv_mss(const struct dst_entry *dst, bool v4);

/* icmp.c: what the network has to say */
int clasp_icmp_v4(struct sk_buff *skb, u32 info);
int clasp_icmp_v6(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type,
		  u8 code, int offset, __be32 info);
void clasp_ip_mtu_deferred(struct sock *sk);

#endif
