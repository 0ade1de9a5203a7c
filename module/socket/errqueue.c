// SPDX-License-Identifier: GPL-2.0
/*
 * The error queue: what has become of something that a program sent.
 *
 * ICMP errors (IP_RECVERR, ip(7)), timestamps (SO_TIMESTAMPING) and the ends of
 * MSG_ZEROCOPY wait in sk_error_queue for recvmsg(MSG_ERRQUEUE). The kernel
 * queues the last two. Its ICMP errors and its readers are for AF_INET and
 * AF_INET6, and not all exported; here addresses have the form that the program
 * asked for.
 */
#include <linux/errqueue.h>
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/transp_v6.h>

#include "errqueue.h"
#include "address.h"
#include "net/wire.h"

/**
 * clasp_errqueue_wanted() - does the program want to see ICMP errors?
 * @sk: socket
 * @v4: such as concern IPv4: IP_RECVERR; else IPV6_RECVERR
 */
bool clasp_errqueue_wanted(const struct sock *sk, bool v4)
{
	return v4 ? clasp_compat_recverr(sk) : clasp_compat_recverr6(sk);
}

static void describe_v4(struct sock_exterr_skb *serr, const struct sk_buff *skb)
{
	const struct icmphdr *icmp = icmp_hdr(skb);
	const struct iphdr *quoted = (const struct iphdr *)(icmp + 1);

	serr->ee.ee_origin = SO_EE_ORIGIN_ICMP;
	serr->ee.ee_type = icmp->type;
	serr->ee.ee_code = icmp->code;
	serr->addr_offset = (u8 *)&quoted->daddr - skb_network_header(skb);
}

static void describe_v6(struct sock_exterr_skb *serr, const struct sk_buff *skb)
{
	const struct icmp6hdr *icmp = icmp6_hdr(skb);
	const struct ipv6hdr *quoted = (const struct ipv6hdr *)(icmp + 1);

	serr->ee.ee_origin = SO_EE_ORIGIN_ICMP6;
	serr->ee.ee_type = icmp->icmp6_type;
	serr->ee.ee_code = icmp->icmp6_code;
	serr->addr_offset = (u8 *)&quoted->daddr - skb_network_header(skb);
}

/* Where in the payload the extensions of RFC 4884 begin, if there are any. */
static void find_extensions(struct sock *sk, struct sk_buff *skb, bool v4)
{
	struct sock_ee_data_rfc4884 *out = &SKB_EXT_ERR(skb)->ee.ee_rfc4884;

	if (v4 && clasp_compat_recverr_rfc4884(sk))
		ip_icmp_error_rfc4884(skb, out, sizeof(struct icmphdr),
				      icmp_hdr(skb)->un.reserved[1] * 4);
	if (!v4 && clasp_compat_recverr6_rfc4884(sk))
		ip_icmp_error_rfc4884(skb, out, sizeof(struct icmp6hdr),
				      icmp6_hdr(skb)->icmp6_datagram_len * 8);
}

/**
 * clasp_errqueue_icmp() - queue an ICMP error
 * @sk: socket that wants it
 * @skb: the ICMP message; its data begins with the packet that it quotes
 * @error: errno, positive
 * @port: where that packet was to go
 * @info: MTU, of an error that tells one
 * @payload: where in @skb begins what the program gets of it; in the linear part
 *
 * Without memory, or room in the socket's receive buffer, it is lost.
 */
void clasp_errqueue_icmp(struct sock *sk, const struct sk_buff *skb, int error,
			 __be16 port, u32 info, u32 payload)
{
	struct sk_buff *copy = skb_clone((struct sk_buff *)skb, GFP_ATOMIC);
	bool v4 = clasp_ip_is_v4(skb);
	struct sock_exterr_skb *serr;

	if (!copy)
		return;

	copy->protocol = htons(v4 ? ETH_P_IP : ETH_P_IPV6);
	serr = SKB_EXT_ERR(copy);
	serr->ee = (struct sock_extended_err){
		.ee_errno	= error,
		.ee_info	= info,
	};
	serr->port = port;
	if (v4)
		describe_v4(serr, copy);
	else
		describe_v6(serr, copy);

	__skb_pull(copy, payload);
	find_extensions(sk, copy, v4);
	skb_reset_transport_header(copy);
	if (sock_queue_err_skb(sk, copy))
		kfree_skb(copy);
}

static void address_at(const struct sk_buff *skb, u32 offset,
		       struct clasp_address *to)
{
	const u8 *at = skb_network_header(skb) + offset;

	if (skb->protocol != htons(ETH_P_IPV6)) {
		ipv6_addr_set_v4mapped(get_unaligned((const __be32 *)at),
				       &to->addr);
		return;
	}

	memcpy(&to->addr, at, sizeof(to->addr));
	to->scope = ipv6_iface_scope_id(&to->addr, IP6CB(skb)->iif);
}

/* Where the packet was to go. */
static void put_name(const struct sk_buff *skb, int family, struct msghdr *msg)
{
	const struct sock_exterr_skb *serr = SKB_EXT_ERR(skb);
	struct clasp_address to = { .port = serr->port };

	if (!msg->msg_name || !serr->port)
		return;

	address_at(skb, serr->addr_offset, &to);
	msg->msg_namelen = clasp_address_tell(&to, family, msg->msg_name);
}

static bool is_icmp(const struct sk_buff *skb)
{
	u8 origin = SKB_EXT_ERR(skb)->ee.ee_origin;

	return origin == SO_EE_ORIGIN_ICMP || origin == SO_EE_ORIGIN_ICMP6;
}

/* Is it about a packet with headers that a device has seen? */
static bool has_headers(const struct sk_buff *skb)
{
	if (is_icmp(skb))
		return true;

	/* set for a timestamped packet, but not for a timestamp alone */
	return SKB_EXT_ERR(skb)->ee.ee_origin != SO_EE_ORIGIN_LOCAL &&
	       IP6CB(skb)->iif;
}

static void put_ancillary(struct sock *sk, struct sk_buff *skb,
			  struct msghdr *msg)
{
	if (skb->protocol == htons(ETH_P_IPV6))
		ip6_datagram_recv_ctl(sk, msg, skb);
	else
		ip_cmsg_recv_offset(msg, sk, skb, 0, 0);
}

/* What happened, and who says so. */
static void put_error(struct sock *sk, struct sk_buff *skb, int family,
		      struct msghdr *msg)
{
	struct {
		struct sock_extended_err	ee;
		struct sockaddr_clasp		offender;
	} error = { .ee = SKB_EXT_ERR(skb)->ee };
	struct clasp_address from = {};
	int len;

	len = clasp_address_tell(&from, family, &error.offender);
	if (has_headers(skb)) {
		address_at(skb, skb->protocol == htons(ETH_P_IPV6) ?
				offsetof(struct ipv6hdr, saddr) :
				offsetof(struct iphdr, saddr), &from);
		clasp_address_tell(&from, family, &error.offender);
		put_ancillary(sk, skb, msg);
	} else {
		error.offender.scl_family = AF_UNSPEC;
	}

	len += offsetof(typeof(error), offender);
	if (family == AF_INET)
		put_cmsg(msg, SOL_IP, IP_RECVERR, len, &error);
	else
		put_cmsg(msg, SOL_IPV6, IPV6_RECVERR, len, &error);
}

/**
 * clasp_errqueue_receive() - recvmsg(MSG_ERRQUEUE)
 * @sk: socket; its lock is not needed
 * @family: the form of addresses: CLASP_NAME_FAMILY
 * @msg: where to. It gets the destination's address, a control message
 *	IP_RECVERR (@family is AF_INET) or IPV6_RECVERR, and what it concerns
 * @len: room for that
 *
 * Never waits.
 *
 * Return: bytes, -EAGAIN when the queue is empty, -EFAULT: then it is lost.
 */
int clasp_errqueue_receive(struct sock *sk, int family, struct msghdr *msg,
			   size_t len)
{
	struct sk_buff *skb = sock_dequeue_err_skb(sk);
	int copied, err;

	if (!skb)
		return -EAGAIN;

	copied = min_t(size_t, skb->len, len);
	if (copied < skb->len)
		msg->msg_flags |= MSG_TRUNC;
	err = skb_copy_datagram_msg(skb, 0, msg, copied);
	if (err) {
		kfree_skb(skb);
		return err;
	}

	sock_recv_timestamp(msg, sk, skb);
	put_name(skb, family, msg);
	put_error(sk, skb, family, msg);
	msg->msg_flags |= MSG_ERRQUEUE;
	consume_skb(skb);

	return copied;
}

/**
 * clasp_errqueue_poll() - EPOLL* bits of errors
 * @sk: socket
 *
 * SO_SELECT_ERR_QUEUE: for select(), the third set.
 */
__poll_t clasp_errqueue_poll(const struct sock *sk)
{
	if (!READ_ONCE(sk->sk_err) &&
	    skb_queue_empty_lockless(&sk->sk_error_queue))
		return 0;

	return EPOLLERR |
	       (sock_flag(sk, SOCK_SELECT_ERR_QUEUE) ? EPOLLPRI : 0);
}
