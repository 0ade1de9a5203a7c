// SPDX-License-Identifier: GPL-2.0
/*
 * Control messages: cmsg(3), ip(7), ipv6(7), udp(7) and socket(7) under "send"
 * and "receive".
 *
 * What is said at SOL_SOCKET and SOL_IPV6 the kernel's own readers take. Its
 * reader for SOL_IP is not for modules. A level that the message's IP has no use
 * for is skipped, so that one set of control messages does for both.
 */
#include <linux/inetdevice.h>
#include <net/ip.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/transp_v6.h>
#include <net/udp.h>

#include "ancillary.h"
#include "net/wire.h"

/**
 * clasp_ancillary_init() - as the socket says, until control messages differ
 * @sk: socket
 * @anc: filled in
 * @v4: by which IP the message goes
 */
void clasp_ancillary_init(struct sock *sk, struct clasp_ancillary *anc, bool v4)
{
	sockcm_init(&anc->sock, sk);
	anc->sock.mark = READ_ONCE(sk->sk_mark);
	anc->hops = -1;
	anc->tos = v4 ? READ_ONCE(inet_sk(sk)->tos) :
			READ_ONCE(inet6_sk(sk)->tclass);
	anc->priority = READ_ONCE(sk->sk_priority);
	anc->dontfrag = clasp_compat_dontfrag(sk);
	anc->segment = 0;
}

/* An option that is an int, or none of ours. */
static int take_int(const struct cmsghdr *cmsg, int least, int most, int *value)
{
	if (cmsg->cmsg_len != CMSG_LEN(sizeof(*value)))
		return -EINVAL;

	*value = *(const int *)CMSG_DATA(cmsg);

	return *value < least || *value > most ? -EINVAL : 0;
}

static int take_tos(const struct cmsghdr *cmsg, struct clasp_ancillary *anc)
{
	int value, err;

	if (cmsg->cmsg_len == CMSG_LEN(sizeof(u8))) {
		value = *(const u8 *)CMSG_DATA(cmsg);
	} else {
		err = take_int(cmsg, 0, U8_MAX, &value);
		if (err)
			return err;
	}

	anc->tos = value;
	anc->priority = rt_tos2priority(value);

	return 0;
}

static int take_pktinfo(const struct cmsghdr *cmsg, struct flowi4 *fl4)
{
	const struct in_pktinfo *info = CMSG_DATA(cmsg);

	if (cmsg->cmsg_len != CMSG_LEN(sizeof(*info)))
		return -EINVAL;

	if (info->ipi_ifindex)
		fl4->flowi4_oif = info->ipi_ifindex;
	fl4->saddr = info->ipi_spec_dst.s_addr;

	return 0;
}

/* IPv6's form of it names an IPv4 address as everywhere. */
static int take_pktinfo_mapped(const struct cmsghdr *cmsg, struct flowi4 *fl4)
{
	const struct in6_pktinfo *info = CMSG_DATA(cmsg);

	if (cmsg->cmsg_len < CMSG_LEN(sizeof(*info)) ||
	    !ipv6_addr_v4mapped(&info->ipi6_addr))
		return -EINVAL;

	if (info->ipi6_ifindex)
		fl4->flowi4_oif = info->ipi6_ifindex;
	fl4->saddr = info->ipi6_addr.s6_addr32[3];

	return 0;
}

static int take_ip(const struct cmsghdr *cmsg, struct clasp_ancillary *anc,
		   struct flowi4 *fl4)
{
	switch (cmsg->cmsg_type) {
	case IP_PKTINFO:
		return take_pktinfo(cmsg, fl4);
	case IP_TTL:
		return take_int(cmsg, 1, U8_MAX, &anc->hops);
	case IP_TOS:
		return take_tos(cmsg, anc);
	default:
		/* IP_RETOPTS too: what builds IP options is not for modules */
		return -EINVAL;
	}
}

static int take_segment(const struct cmsghdr *cmsg, struct clasp_ancillary *anc)
{
	if (cmsg->cmsg_type != UDP_SEGMENT ||
	    cmsg->cmsg_len != CMSG_LEN(sizeof(u16)))
		return -EINVAL;

	anc->segment = *(const u16 *)CMSG_DATA(cmsg);

	return 0;
}

static bool is_datagrams_level(const struct cmsghdr *cmsg)
{
	return cmsg->cmsg_level == SOL_UDP || cmsg->cmsg_level == SOL_CLASP_DG;
}

/**
 * clasp_ancillary_take_v4() - read what comes with a message that goes by IPv4
 * @sk: socket
 * @msg: message; its control messages are in the kernel already
 * @anc: changed where they say so
 * @fl4: likewise: interface and source address
 *
 * Return: 0 or -EINVAL; 1 when the socket's own route may not be the message's.
 */
int clasp_ancillary_take_v4(struct sock *sk, struct msghdr *msg,
			    struct clasp_ancillary *anc, struct flowi4 *fl4)
{
	struct cmsghdr *cmsg;
	int other = 0, err;

	for_each_cmsghdr(cmsg, msg) {
		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;

		err = 0;
		if (is_datagrams_level(cmsg))
			err = take_segment(cmsg, anc);
		else
			other = 1;

		if (cmsg->cmsg_level == SOL_SOCKET)
			err = clasp_compat_sock_cmsg(sk, msg, cmsg, &anc->sock);
		else if (cmsg->cmsg_level == SOL_IP)
			err = take_ip(cmsg, anc, fl4);
		else if (cmsg->cmsg_level == SOL_IPV6 &&
			 cmsg->cmsg_type == IPV6_PKTINFO)
			err = take_pktinfo_mapped(cmsg, fl4);
		if (err)
			return err;
	}

	return other;
}

/**
 * clasp_ancillary_take_v6() - read what comes with a message that goes by IPv6
 * @sk: socket
 * @msg: message; its control messages are in the kernel already
 * @anc: changed where they say so
 * @fl6: likewise: interface, source address and flow label
 * @opt: extension headers, set when there are any; they lie in the message
 *
 * Return: 0 or a negative errno; 1 when the socket's own route may not be the
 * message's.
 */
int clasp_ancillary_take_v6(struct sock *sk, struct msghdr *msg,
			    struct clasp_ancillary *anc, struct flowi6 *fl6,
			    struct ipv6_txoptions *opt)
{
	struct ipcm6_cookie ipc6 = {
		.sockc	= anc->sock,
		.hlimit	= -1,
		.tclass	= anc->tos,
		.dontfrag = anc->dontfrag,
		.opt	= opt,
	};
	struct cmsghdr *cmsg;
	int other = 0, err;

	for_each_cmsghdr(cmsg, msg) {
		if (!CMSG_OK(msg, cmsg))
			return -EINVAL;
		if (!is_datagrams_level(cmsg)) {
			other = 1;
			continue;
		}
		err = take_segment(cmsg, anc);
		if (err)
			return err;
	}
	if (!other)
		return 0;

	opt->tot_len = sizeof(*opt);
	err = ip6_datagram_send_ctl(sock_net(sk), sk, msg, fl6, &ipc6);
	if (err < 0)
		return err;

	anc->sock = ipc6.sockc;
	anc->hops = ipc6.hlimit;
	anc->tos = ipc6.tclass;
	anc->dontfrag = ipc6.dontfrag;

	return 1;
}

/* The address to answer from: for a group, one of the interface's. */
static __be32 own_address(const struct sk_buff *skb)
{
	if (!(skb_rtable(skb)->rt_flags & (RTCF_BROADCAST | RTCF_MULTICAST)))
		return ip_hdr(skb)->daddr;

	return inet_select_addr(skb->dev, ip_hdr(skb)->saddr,
				RT_SCOPE_UNIVERSE);
}

static bool wants_pktinfo(const struct sock *sk)
{
	return clasp_compat_cmsg_flags(sk) & IP_CMSG_PKTINFO ||
	       inet6_sk(sk)->rxopt.bits.rxinfo;
}

/**
 * clasp_ancillary_keep() - what a datagram's control messages will be made of
 * @sk: whose receive queue it joins
 * @skb: the datagram, with its route and device, which do not last as long
 *
 * Of IPv6 all is in its header and control block. For IPv4 struct in_pktinfo
 * takes the place of what the control block begins with.
 */
void clasp_ancillary_keep(const struct sock *sk, struct sk_buff *skb)
{
	struct in_pktinfo *info = PKTINFO_SKB_CB(skb);

	if (clasp_ip_is_v4(skb) && wants_pktinfo(sk)) {
		__be32 own = own_address(skb);

		info->ipi_ifindex = inet_iif(skb);
		info->ipi_spec_dst.s_addr = own;
	}
	/* whoever asks for the IP options will want the route */
	if (clasp_ip_is_v4(skb) && IPCB(skb)->opt.optlen)
		skb_dst_force(skb);
	else
		skb_dst_drop(skb);
}

/* IPV6_RECVPKTINFO asks about IPv4 too. */
static void give_pktinfo_mapped(const struct sock *sk, struct msghdr *msg,
				const struct sk_buff *skb)
{
	bool old = inet6_sk(sk)->rxopt.bits.rxoinfo;
	struct in6_pktinfo info = {
		.ipi6_ifindex = PKTINFO_SKB_CB(skb)->ipi_ifindex,
	};

	if (!inet6_sk(sk)->rxopt.bits.rxinfo && !old)
		return;

	ipv6_addr_set_v4mapped(ip_hdr(skb)->daddr, &info.ipi6_addr);
	put_cmsg(msg, SOL_IPV6, old ? IPV6_2292PKTINFO : IPV6_PKTINFO,
		 sizeof(info), &info);
}

/**
 * clasp_ancillary_give() - tell a program what it asked for about a datagram
 * @sk: socket
 * @msg: where to
 * @skb: the datagram, from its queue
 * @hdr_len: of the header before its payload
 */
void clasp_ancillary_give(struct sock *sk, struct msghdr *msg,
			  struct sk_buff *skb, u32 hdr_len)
{
	sock_recv_cmsgs(msg, sk, skb);
	if (!clasp_ip_is_v4(skb)) {
		if (inet6_sk(sk)->rxopt.all)
			ip6_datagram_recv_ctl(sk, msg, skb);
		return;
	}

	give_pktinfo_mapped(sk, msg, skb);
	if (clasp_compat_cmsg_flags(sk))
		ip_cmsg_recv_offset(msg, sk, skb, hdr_len, 0);
}
