/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Segments in and out of the IP layers.
 */
#ifndef CLASP_NET_IP_H
#define CLASP_NET_IP_H

#include "socket/sock.h"

int clasp_ip_init(void);
void clasp_ip_exit(void);
int clasp_ip_net_init(struct clasp_net *cn);
void clasp_ip_net_exit(struct clasp_net *cn);

int clasp_ip_xmit(struct sock *sk, struct sk_buff *skb,
		  const struct clasp_segment *seg);
void clasp_ip_reply(struct net *net, const struct clasp_tuple *tuple, u32 mark,
		    const struct clasp_segment *seg);
void clasp_ip_reset(struct net *net, struct sk_buff *skb,
		    const struct clasp_segment *seg);
int clasp_ip_route(struct sock *sk);
u16 clasp_ip_path_mss(struct sock *sk);
u16 clasp_ip_adv_mss(const struct dst_entry *dst, bool v4);
void clasp_ip_tuple(const struct sk_buff *skb, const struct clasp_segment *seg,
		    struct clasp_tuple *tuple);
u32 clasp_ip_iss(struct clasp_net *cn, const struct clasp_tuple *tuple,
		 bool passive, u32 *ts_offset);

void clasp_drop(struct net *net, struct sk_buff *skb, enum clasp_drop why);

#endif
