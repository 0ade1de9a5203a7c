// SPDX-License-Identifier: GPL-2.0
/*
 * A segment leaves a socket: header, checksum, IP.
 *
 * What carries payload in page fragments leaves its sum to the device, or to
 * the stack at the last moment; headers alone are summed here.
 */
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "checksum.h"
#include "net/wire.h"

static u64 pseudo_sum(const struct clasp_tuple *tuple, u32 len)
{
	const u8 *local = tuple->local.s6_addr;
	const u8 *remote = tuple->remote.s6_addr;

	if (ipv6_addr_v4mapped(&tuple->local))
		return clasp_checksum_pseudo(local + 12, remote + 12, 4,
					     IPPROTO_CLASP, len);

	return clasp_checksum_pseudo(local, remote, 16, IPPROTO_CLASP, len);
}

/**
 * clasp_ip_build() - put the header before a payload
 * @skb: payload alone, in fragments, or nothing; with headroom
 * @seg: what the header says
 * @tuple: between whom
 */
void clasp_ip_build(struct sk_buff *skb, const struct clasp_segment *seg,
		    const struct clasp_tuple *tuple)
{
	u8 *bytes = skb_push(skb, clasp_segment_room(seg));
	u64 sum = pseudo_sum(tuple, skb->len);
	u16 check;

	skb_reset_transport_header(skb);
	clasp_segment_build(seg, bytes);

	if (skb_is_nonlinear(skb)) {
		skb->ip_summed = CHECKSUM_PARTIAL;
		skb->csum_start = skb_transport_header(skb) - skb->head;
		skb->csum_offset = CLASP_CSUM_OFFSET;
		/* whoever sums the rest finds the pseudo-header's part here */
		check = ~clasp_checksum_fold(sum);
	} else {
		sum = clasp_checksum_add(sum, bytes, skb->len);
		check = clasp_checksum_fold(sum);
	}
	put_unaligned_be16(check, bytes + CLASP_CSUM_OFFSET);
}

/**
 * clasp_ip_sent() - count what the IP layer was given
 * @net: where
 * @seg: the segment
 * @err: what the IP layer said
 *
 * Return: 0, or a negative errno when the segment has not left.
 */
int clasp_ip_sent(struct net *net, const struct clasp_segment *seg, int err)
{
	if (err > 0)
		err = net_xmit_errno(err);

	switch (err) {
	case 0:
		clasp_count(net, CLASP_COUNT_SEGS_OUT, 1);
		if (seg->flags & CLASP_RST)
			clasp_count(net, CLASP_COUNT_RST_OUT, 1);
		break;
	case -ENOMEM:
	case -ENOBUFS:
		clasp_count(net, CLASP_COUNT_NO_MEMORY, 1);
		break;
	default:
		clasp_count(net, CLASP_COUNT_NO_ROUTE, 1);
	}

	return err;
}

/* Programs have no say in these two bits of TOS and traffic class. */
static u8 with_ecn(u8 tos, const struct clasp_segment *seg)
{
	return (tos & ~INET_ECN_MASK) | (seg->ect ? INET_ECN_ECT_0 : 0);
}

static int xmit_v4(struct sock *sk, struct sk_buff *skb,
		   const struct clasp_segment *seg)
{
	struct inet_sock *inet = inet_sk(sk);

	return __ip_queue_xmit(sk, skb, &inet->cork.fl,
			       with_ecn(READ_ONCE(inet->tos), seg));
}

static int xmit_v6(struct sock *sk, struct sk_buff *skb,
		   const struct clasp_segment *seg)
{
	struct ipv6_pinfo *np = inet6_sk(sk);
	struct dst_entry *dst;
	struct flowi6 fl6;
	int err;

	dst = clasp_ip_dst_v6(sk, &fl6);
	if (IS_ERR(dst)) {
		kfree_skb(skb);
		return PTR_ERR(dst);
	}

	rcu_read_lock();
	/* the socket holds it, and we hold the socket */
	skb_dst_set_noref(skb, dst);
	err = ip6_xmit(sk, skb, &fl6, READ_ONCE(sk->sk_mark),
		       rcu_dereference(np->opt), with_ecn(np->tclass, seg),
		       READ_ONCE(sk->sk_priority));
	rcu_read_unlock();

	return err;
}

/**
 * clasp_ip_xmit() - send a segment of a socket's
 * @sk: socket that has, or had, a place in the demux table; lock held
 * @skb: its payload, in page fragments, or nothing; headroom for all headers;
 *	consumed
 * @seg: its header
 *
 * Return: 0 or a negative errno; a segment that the device's queue had no room
 * for is -ENOBUFS.
 */
int clasp_ip_xmit(struct sock *sk, struct sk_buff *skb,
		  const struct clasp_segment *seg)
{
	int err;

	clasp_ip_build(skb, seg, &clasp_sk(sk)->node.tuple);

	skb_set_owner_w(skb, sk);
	skb_set_hash_from_sk(skb, sk);
	skb_set_dst_pending_confirm(skb, READ_ONCE(sk->sk_dst_pending_confirm));
	if (clasp_sk(sk)->tx_delay_us)
		clasp_compat_leaves_at(skb, ktime_get_ns() +
				       (u64)clasp_sk(sk)->tx_delay_us *
				       NSEC_PER_USEC);
	if (clasp_is_v4(sk))
		err = xmit_v4(sk, skb, seg);
	else
		err = xmit_v6(sk, skb, seg);

	return clasp_ip_sent(sock_net(sk), seg, err);
}
