// SPDX-License-Identifier: GPL-2.0
/*
 * ICMP errors: RFC 9293 §3.9.2.2, RFC 5927, RFC 1191 and RFC 8201.
 *
 * Anybody can send one, so none is believed that does not quote a sequence
 * number which is under way. What it means for the connection is the core's to
 * say; the path MTU is the routing's.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/icmp.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/ndisc.h>
#include <net/route.h>

#include "net/demux.h"
#include "net/wire.h"
#include "sight/counter.h"
#include "socket/engine.h"
#include "socket/errqueue.h"
#include "socket/request.h"

/* Bytes of a segment that every error quotes: ports and sequence number. */
#define QUOTED	8

enum news_kind {
	NEWS_NONE,	/* nothing that concerns a connection */
	NEWS_SOFT,	/* an error that may pass */
	NEWS_HARD,	/* an error that ends a connection being opened */
	NEWS_MTU,	/* the path takes less */
	NEWS_REDIRECT,	/* there is a better first hop */
};

/**
 * struct news - an ICMP message, whichever version it came by
 * @kind: what it is about
 * @error: errno, positive: soft and hard
 * @mtu: path MTU: mtu
 * @quote: where in the message our segment is quoted
 */
struct news {
	enum news_kind	kind;
	int		error;
	u32		mtu;
	u32		quote;
};

static void read_unreach_v4(struct news *news, u8 code, u32 info)
{
	if (code > NR_ICMP_UNREACH)
		return;

	news->error = icmp_err_convert[code].errno;
	switch (code) {
	case ICMP_FRAG_NEEDED:
		news->kind = NEWS_MTU;
		news->mtu = info;
		break;
	case ICMP_PROT_UNREACH:
	case ICMP_PORT_UNREACH:
	case ICMP_NET_ANO:
	case ICMP_HOST_ANO:
	case ICMP_PKT_FILTERED:
		news->kind = NEWS_HARD;
		break;
	default:
		news->kind = NEWS_SOFT;
	}
}

static struct news read_v4(u8 type, u8 code, u32 info)
{
	struct news news = { NEWS_NONE };

	switch (type) {
	case ICMP_DEST_UNREACH:
		read_unreach_v4(&news, code, info);
		break;
	case ICMP_TIME_EXCEEDED:
		news = (struct news){ NEWS_SOFT, EHOSTUNREACH };
		break;
	case ICMP_PARAMETERPROB:
		news = (struct news){ NEWS_SOFT, EPROTO };
		break;
	case ICMP_REDIRECT:
		news.kind = NEWS_REDIRECT;
		break;
	}
	/* MUST-55: a source quench is nothing */

	return news;
}

static struct news read_v6(u8 type, u8 code, u32 info)
{
	struct news news = { NEWS_SOFT };

	icmpv6_err_convert(type, code, &news.error);
	switch (type) {
	case ICMPV6_DEST_UNREACH:
		if (code == ICMPV6_PORT_UNREACH ||
		    code == ICMPV6_ADM_PROHIBITED ||
		    code == ICMPV6_POLICY_FAIL)
			news.kind = NEWS_HARD;
		break;
	case ICMPV6_PARAMPROB:
		/* IPv6's way to say that the protocol is unreachable */
		if (code == ICMPV6_UNK_NEXTHDR)
			news.kind = NEWS_HARD;
		break;
	case ICMPV6_PKT_TOOBIG:
		/* below the least MTU of IPv6 it is a lie */
		news.kind = info < IPV6_MIN_MTU ? NEWS_NONE : NEWS_MTU;
		news.mtu = info;
		break;
	case ICMPV6_TIME_EXCEED:
		break;
	case NDISC_REDIRECT:
		news.kind = NEWS_REDIRECT;
		break;
	default:
		news.kind = NEWS_NONE;
	}

	return news;
}

static struct dst_entry *cached_dst(struct sock *sk)
{
	return __sk_dst_check(sk, clasp_is_v4(sk) ? 0 :
						    inet6_sk(sk)->dst_cookie);
}

/* The path MTU in @sk is new: tell the route, then the connection. */
static void take_mtu(struct sock *sk)
{
	struct dst_entry *dst = cached_dst(sk);

	if (!dst) {
		if (clasp_ip_route(sk))
			return;
		dst = __sk_dst_get(sk);
	}

	dst->ops->update_pmtu(dst, sk, NULL, READ_ONCE(clasp_sk(sk)->mtu_info),
			      true);
	/* the route may have been replaced by one that knows */
	if (!cached_dst(sk) && clasp_ip_route(sk))
		return;
	clasp_engine_mtu(sk);
}

/**
 * clasp_ip_mtu_deferred() - the path MTU changed while the socket was owned
 * @sk: socket; its owner is about to let go
 */
void clasp_ip_mtu_deferred(struct sock *sk)
{
	if (clasp_sk(sk)->hashed)
		take_mtu(sk);
}

static void mtu_news(struct sock *sk, u32 mtu)
{
	struct clasp_sock *cs = clasp_sk(sk);

	if (clasp_is_v4(sk) ? !ip_sk_accept_pmtu(sk) : !ip6_sk_accept_pmtu(sk))
		return;

	WRITE_ONCE(cs->mtu_info, mtu);
	if (!sock_owned_by_user(sk))
		take_mtu(sk);
	else if (!test_and_set_bit(CLASP_DEFER_MTU, &cs->deferred))
		sock_hold(sk);
}

static void redirect_news(struct sock *sk, struct sk_buff *skb)
{
	struct dst_entry *dst;

	if (sock_owned_by_user(sk))
		return;

	dst = cached_dst(sk);
	if (dst)
		dst->ops->redirect(dst, sk, skb);
}

/*
 * IP_RECVERR: while the connection is being opened all errors are shown whole;
 * after that a program hears at once of what otherwise would be told when the
 * connection comes to nothing. As tcp(7) has it.
 */
static void show(struct sock *sk, const struct sk_buff *skb,
		 const struct clasp_tuple *tuple, const struct news *news)
{
	if (!clasp_errqueue_wanted(sk, clasp_is_v4(sk)))
		return;

	if (sk->sk_state == TCP_SYN_SENT || sk->sk_state == TCP_SYN_RECV) {
		clasp_errqueue_icmp(sk, skb, news->error, tuple->remote_port,
				    0, news->quote);
	} else if (!sock_owned_by_user(sk) && !sock_flag(sk, SOCK_DEAD)) {
		WRITE_ONCE(sk->sk_err, news->error);
		sk_error_report(sk);
	}
}

static void error_news(struct sock *sk, const struct sk_buff *skb,
		       const struct clasp_tuple *tuple, const struct news *news)
{
	show(sk, skb, tuple, news);
	/* one that comes while the socket is owned comes again, if it lasts */
	if (sock_owned_by_user(sk))
		return;

	clasp_conn_icmp_error(&clasp_sk(sk)->conn, news->error,
			      news->kind == NEWS_HARD);
	clasp_engine_push(sk);
}

static enum clasp_drop tell_sock(struct sock *sk, struct sk_buff *skb,
				 const struct clasp_tuple *tuple, u32 seq,
				 const struct news *news)
{
	enum clasp_drop why = CLASP_DROP_NONE;

	bh_lock_sock(sk);
	if (!clasp_hashed_as(sk, tuple))
		why = CLASP_DROP_ICMP_NO_SOCKET;
	else if (!clasp_conn_icmp_current(&clasp_sk(sk)->conn, seq))
		why = CLASP_DROP_ICMP_SEQUENCE;
	else if (news->kind == NEWS_MTU)
		mtu_news(sk, news->mtu);
	else if (news->kind == NEWS_REDIRECT)
		redirect_news(sk, skb);
	else
		error_news(sk, skb, tuple, news);
	bh_unlock_sock(sk);

	return why;
}

static enum clasp_drop tell(struct net *net, struct sk_buff *skb,
			    const struct clasp_tuple *tuple, u32 seq,
			    const struct news *news)
{
	struct clasp_node *node = clasp_demux_lookup(clasp_net(net), tuple);

	if (!node)
		return CLASP_DROP_ICMP_NO_SOCKET;

	switch (node->kind) {
	case CLASP_NODE_REQUEST:
		return clasp_request_icmp(clasp_node_request(node), seq,
					  news->kind == NEWS_HARD);
	case CLASP_NODE_TIMEWAIT:
		return CLASP_DROP_NONE;
	default:
		return tell_sock(clasp_node_sk(node), skb, tuple, seq, news);
	}
}

/* QUOTED bytes of a segment of ours are there; @tuple gets its ports. */
static void hear(struct net *net, struct sk_buff *skb,
		 struct clasp_tuple *tuple, const struct news *news)
{
	const u8 *quote = skb->data + news->quote;
	enum clasp_drop why;
	u32 seq;

	if (news->kind == NEWS_NONE)
		return;

	tuple->local_port = htons(get_unaligned_be16(quote));
	tuple->remote_port = htons(get_unaligned_be16(quote + 2));
	seq = get_unaligned_be32(quote + 4);
	why = tell(net, skb, tuple, seq, news);
	if (why)
		clasp_counter_drop(net, why);
}

/**
 * clasp_icmp_v4() - an ICMP error about a packet of ours
 * @skb: its data begins with the quoted IP header; not consumed
 * @info: MTU, for one that says "fragmentation needed"
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: 0.
 */
int clasp_icmp_v4(struct sk_buff *skb, u32 info)
{
	struct news news = read_v4(icmp_hdr(skb)->type, icmp_hdr(skb)->code,
				   info);
	struct net *net = dev_net(skb->dev);
	struct clasp_tuple tuple = {};
	const struct iphdr *ip;

	news.quote = ((const struct iphdr *)skb->data)->ihl * 4;
	if (!pskb_may_pull(skb, news.quote + QUOTED)) {
		clasp_counter_drop(net, CLASP_DROP_ICMP_SHORT);
		return 0;
	}

	ip = (const struct iphdr *)skb->data;
	ipv6_addr_set_v4mapped(ip->saddr, &tuple.local);
	ipv6_addr_set_v4mapped(ip->daddr, &tuple.remote);
	tuple.domain = clasp_ip_domain(skb);
	hear(net, skb, &tuple, &news);

	return 0;
}

/**
 * clasp_icmp_v6() - an ICMPv6 error about a packet of ours
 * @skb: its data begins with the quoted IPv6 header; not consumed
 * @opt: not looked at
 * @type: what it is
 * @code: more precisely
 * @offset: where the quoted segment begins
 * @info: MTU, for one that says "too big"
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: 0.
 */
int clasp_icmp_v6(struct sk_buff *skb, struct inet6_skb_parm *opt, u8 type,
		  u8 code, int offset, __be32 info)
{
	struct news news = read_v6(type, code, ntohl(info));
	struct net *net = dev_net(skb->dev);
	struct clasp_tuple tuple = {};
	const struct ipv6hdr *ip;

	news.quote = offset;
	if (!pskb_may_pull(skb, news.quote + QUOTED)) {
		clasp_counter_drop(net, CLASP_DROP_ICMP_SHORT);
		return 0;
	}

	ip = (const struct ipv6hdr *)skb->data;
	/* which would be an IPv4 connection's */
	if (ipv6_addr_v4mapped(&ip->saddr) || ipv6_addr_v4mapped(&ip->daddr)) {
		clasp_counter_drop(net, CLASP_DROP_ICMP_NO_SOCKET);
		return 0;
	}

	tuple.local = ip->saddr;
	tuple.remote = ip->daddr;
	if (ipv6_addr_type(&ip->saddr) & IPV6_ADDR_LINKLOCAL ||
	    ipv6_addr_type(&ip->daddr) & IPV6_ADDR_LINKLOCAL)
		tuple.scope = IP6CB(skb)->iif;
	tuple.domain = clasp_ip_domain(skb);
	hear(net, skb, &tuple, &news);

	return 0;
}
