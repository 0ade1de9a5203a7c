// SPDX-License-Identifier: GPL-2.0
/*
 * What the network says against a datagram that was sent, and what we say
 * ourselves when it is too long: RFC 1122 §4.1.3.3, ip(7) under IP_RECVERR.
 *
 * A datagram has no sequence number to prove a quote by: who knows both
 * addresses and ports is believed, as with UDP. An unconnected socket hears of
 * nothing unless it says IP_RECVERR, since it could not tell what it is about.
 */
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/icmp.h>
#include <net/ip6_route.h>
#include <net/ndisc.h>
#include <net/route.h>
#include <net/transp_v6.h>

#include "dgram.h"
#include "sight/counter.h"
#include "socket/errqueue.h"

/* Bytes of a datagram that every error quotes: its header. */
#define QUOTED	CLASP_DATAGRAM_HDR

/**
 * struct complaint - an ICMP error about a datagram of ours
 * @type: what it is
 * @code: more precisely
 * @error: errno, positive; 0 is none
 * @info: MTU, or what else the error tells
 * @fatal: it concerns a connected socket that did not ask for errors
 * @dest: port that the datagram went to
 * @payload: where its payload stands, from skb->data on
 */
struct complaint {
	u8	type;
	u8	code;
	int	error;
	u32	info;
	bool	fatal;
	__be16	dest;
	u32	payload;
};

static void tell(struct sock *sk, struct sk_buff *skb,
		 const struct complaint *c, bool v4)
{
	if (!c->error)
		return;
	if (clasp_errqueue_wanted(sk, v4))
		clasp_errqueue_icmp(sk, skb, c->error, c->dest, c->info,
				    c->payload);
	else if (!c->fatal || sk->sk_state != TCP_ESTABLISHED)
		return;

	WRITE_ONCE(sk->sk_err, c->error);
	sk_error_report(sk);
}

/* A connected socket's route may just have been replaced by one that knows. */
static void refresh_route(struct sock *sk)
{
	if (sk->sk_state != TCP_ESTABLISHED)
		return;

	bh_lock_sock(sk);
	/* its owner does it on letting go */
	if (!sock_owned_by_user(sk))
		sk->sk_prot->release_cb(sk);
	bh_unlock_sock(sk);
}

static void read_unreach_v4(struct sock *sk, struct sk_buff *skb, u32 info,
			    struct complaint *c)
{
	u8 code = c->code;

	if (code == ICMP_FRAG_NEEDED) {
		ipv4_update_pmtu(skb, sock_net(sk), info,
				 READ_ONCE(sk->sk_bound_dev_if),
				 IPPROTO_CLASP_DG);
		refresh_route(sk);
		if (READ_ONCE(inet_sk(sk)->pmtudisc) == IP_PMTUDISC_DONT)
			return;
		c->error = EMSGSIZE;
		c->info = info;
		c->fatal = true;
		return;
	}

	c->error = EHOSTUNREACH;
	if (code > NR_ICMP_UNREACH)
		return;
	c->error = icmp_err_convert[code].errno;
	c->fatal = icmp_err_convert[code].fatal;
}

static void read_v4(struct sock *sk, struct sk_buff *skb, u32 info,
		    struct complaint *c)
{
	switch (c->type) {
	case ICMP_DEST_UNREACH:
		read_unreach_v4(sk, skb, info, c);
		break;
	case ICMP_TIME_EXCEEDED:
		c->error = EHOSTUNREACH;
		break;
	case ICMP_PARAMETERPROB:
		c->error = EPROTO;
		c->info = info;
		c->fatal = true;
		break;
	case ICMP_REDIRECT:
		ipv4_redirect(skb, sock_net(sk),
			      READ_ONCE(sk->sk_bound_dev_if), IPPROTO_CLASP_DG);
		refresh_route(sk);
		break;
	}
	/* a source quench is nothing */
}

static void read_v6(struct sock *sk, struct sk_buff *skb, __be32 info,
		    struct complaint *c)
{
	int err = 0;

	c->fatal = icmpv6_err_convert(c->type, c->code, &err);
	c->info = ntohl(info);
	switch (c->type) {
	case NDISC_REDIRECT:
		ip6_redirect(skb, sock_net(sk), inet6_iif(skb),
			     READ_ONCE(sk->sk_mark), sk->sk_uid);
		refresh_route(sk);
		return;
	case ICMPV6_PKT_TOOBIG:
		if (!ip6_sk_accept_pmtu(sk))
			return;
		ip6_update_pmtu(skb, sock_net(sk), info,
				READ_ONCE(sk->sk_bound_dev_if),
				READ_ONCE(sk->sk_mark), sk->sk_uid);
		refresh_route(sk);
		if (inet6_sk(sk)->pmtudisc != IPV6_PMTUDISC_DONT)
			c->fatal = true;
		break;
	}
	c->error = err;
}

/* Whose was the datagram that @quote, its header, is the beginning of? */
static struct sock *find_sender(struct net *net, const u8 *quote,
				struct clasp_dgram_ends *ends,
				struct complaint *c)
{
	struct sock *sk;

	ends->local_port = get_unaligned_be16(quote);
	ends->remote_port = htons(get_unaligned_be16(quote + 2));
	c->dest = ends->remote_port;

	sk = clasp_dgram_find(net, NULL, ends);
	if (!sk)
		clasp_counter_drop(net, CLASP_DROP_ICMP_NO_SOCKET);

	return sk;
}

/**
 * clasp_dgram_icmp_v4() - an ICMP error about a datagram of ours
 * @skb: its data begins with the quoted IP header; not consumed
 * @info: MTU, for one that says "fragmentation needed"
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: 0.
 */
int clasp_dgram_icmp_v4(struct sk_buff *skb, u32 info)
{
	struct complaint c = {
		.type	= icmp_hdr(skb)->type,
		.code	= icmp_hdr(skb)->code,
	};
	u32 at = ((const struct iphdr *)skb->data)->ihl * 4;
	struct net *net = dev_net(skb->dev);
	struct clasp_dgram_ends ends = {
		.v4 = true, .dif = skb->dev->ifindex, .sdif = inet_sdif(skb),
	};
	const struct iphdr *ip;
	struct sock *sk;

	if (!pskb_may_pull(skb, at + QUOTED)) {
		clasp_counter_drop(net, CLASP_DROP_ICMP_SHORT);
		return 0;
	}

	ip = (const struct iphdr *)skb->data;
	ipv6_addr_set_v4mapped(ip->saddr, &ends.local);
	ipv6_addr_set_v4mapped(ip->daddr, &ends.remote);
	sk = find_sender(net, skb->data + at, &ends, &c);
	if (!sk)
		return 0;

	c.payload = at + QUOTED;
	read_v4(sk, skb, info, &c);
	tell(sk, skb, &c, true);

	return 0;
}

/**
 * clasp_dgram_icmp_v6() - an ICMPv6 error about a datagram of ours
 * @skb: its data begins with the quoted IPv6 header; not consumed
 * @opt: not looked at
 * @type: what it is
 * @code: more precisely
 * @offset: where the quoted datagram begins
 * @info: MTU, for one that says "too big"
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: 0.
 */
int clasp_dgram_icmp_v6(struct sk_buff *skb, struct inet6_skb_parm *opt,
			u8 type, u8 code, int offset, __be32 info)
{
	struct complaint c = {
		.type	= type,
		.code	= code,
	};
	struct clasp_dgram_ends ends = {
		.dif = inet6_iif(skb), .sdif = inet6_sdif(skb),
	};
	struct net *net = dev_net(skb->dev);
	const struct ipv6hdr *ip;
	struct sock *sk;

	if (!pskb_may_pull(skb, offset + QUOTED)) {
		clasp_counter_drop(net, CLASP_DROP_ICMP_SHORT);
		return 0;
	}

	ip = (const struct ipv6hdr *)skb->data;
	ends.local = ip->saddr;
	ends.remote = ip->daddr;
	/* which would be an IPv4 socket's */
	if (ipv6_addr_v4mapped(&ends.local) || ipv6_addr_v4mapped(&ends.remote)) {
		clasp_counter_drop(net, CLASP_DROP_ICMP_NO_SOCKET);
		return 0;
	}
	sk = find_sender(net, skb->data + offset, &ends, &c);
	if (!sk)
		return 0;

	c.payload = offset + QUOTED;
	read_v6(sk, skb, info, &c);
	tell(sk, skb, &c, false);

	return 0;
}

/* What the reader of the error queue takes for the IP header that was sent. */
static void put_destination(struct sk_buff *skb,
			    const struct clasp_dgram_way *way)
{
	struct sock_exterr_skb *err = SKB_EXT_ERR(skb);
	struct ipv6hdr *ip6;
	struct iphdr *ip;

	skb_reset_network_header(skb);
	if (way->v4) {
		ip = skb_put_zero(skb, sizeof(*ip));
		ip->daddr = way->flow.u.ip4.daddr;
		err->addr_offset = offsetof(struct iphdr, daddr);
		err->port = way->flow.u.ip4.fl4_dport;
		skb->protocol = htons(ETH_P_IP);
	} else {
		ip6 = skb_put_zero(skb, sizeof(*ip6));
		ip6->daddr = way->flow.u.ip6.daddr;
		err->addr_offset = offsetof(struct ipv6hdr, daddr);
		err->port = way->flow.u.ip6.fl6_dport;
		skb->protocol = htons(ETH_P_IPV6);
	}
	/* nothing of the datagram itself */
	__skb_pull(skb, skb->len);
	skb_reset_transport_header(skb);
}

/**
 * clasp_dgram_too_long() - a datagram cannot be sent as long as it is
 * @sk: socket; one that said IP_RECVERR finds it in its error queue
 * @way: where it was to go
 * @mtu: most that goes there, bytes
 */
void clasp_dgram_too_long(struct sock *sk, const struct clasp_dgram_way *way,
			  u32 mtu)
{
	struct sk_buff *skb;

	if (!clasp_errqueue_wanted(sk, way->v4))
		return;

	skb = alloc_skb(sizeof(struct ipv6hdr), GFP_KERNEL);
	if (!skb)
		return;

	put_destination(skb, way);
	SKB_EXT_ERR(skb)->ee = (struct sock_extended_err){
		.ee_errno	= EMSGSIZE,
		.ee_origin	= SO_EE_ORIGIN_LOCAL,
		.ee_info	= mtu,
	};
	if (sock_queue_err_skb(sk, skb))
		kfree_skb(skb);
}
