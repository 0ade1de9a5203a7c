// SPDX-License-Identifier: GPL-2.0
/*
 * Many datagrams in one call of a receiver: CLASP_DG_GRO, which is UDP_GRO.
 *
 * Behind the datagram that is read the program gets those that follow it in the
 * queue, as long as they come from the same sender to the same address, are as
 * long as the first, and fit; a shorter one may be the last. A control message
 * says how long each is. UDP has them joined on their way up, which devices and
 * flows of UDP alone know how to do; here they are joined on being read.
 */
#include <linux/udp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "gather.h"
#include "net/wire.h"

static bool same_ends(const struct sk_buff *one, const struct sk_buff *other)
{
	if (one->protocol != other->protocol ||
	    memcmp(skb_transport_header(one), skb_transport_header(other), 4))
		return false;
	if (clasp_ip_is_v4(one))
		return ip_hdr(one)->saddr == ip_hdr(other)->saddr &&
		       ip_hdr(one)->daddr == ip_hdr(other)->daddr;

	return ipv6_addr_equal(&ipv6_hdr(one)->saddr, &ipv6_hdr(other)->saddr) &&
	       ipv6_addr_equal(&ipv6_hdr(one)->daddr, &ipv6_hdr(other)->daddr);
}

/* The datagram at the head of the queue, if it goes behind the first. */
static struct sk_buff *take_next(struct sock *sk, const struct sk_buff *first,
				 size_t room)
{
	struct sk_buff_head *queue = &sk->sk_receive_queue;
	struct sk_buff *skb;

	spin_lock_bh(&queue->lock);
	skb = skb_peek(queue);
	if (skb && skb->len && skb->len <= min_t(size_t, first->len, room) &&
	    same_ends(first, skb))
		__skb_unlink(skb, queue);
	else
		skb = NULL;
	spin_unlock_bh(&queue->lock);

	return skb;
}

/**
 * clasp_dgram_gather() - read on behind a datagram
 * @sk: socket
 * @first: the datagram, all of which has been read
 * @msg: where to; it gets the control message that says how long @first was
 * @room: bytes that still fit
 *
 * Return: bytes read.
 */
int clasp_dgram_gather(struct sock *sk, const struct sk_buff *first,
		       struct msghdr *msg, size_t room)
{
	int gathered = 0, segment = first->len;
	struct sk_buff *skb;
	bool last = !segment;

	room = min_t(size_t, room, U16_MAX - first->len);
	while (!last && (skb = take_next(sk, first, room))) {
		last = skb->len < first->len;
		if (skb_copy_datagram_msg(skb, 0, msg, skb->len)) {
			sk_drops_add(sk, skb);
			last = true;
		} else {
			gathered += skb->len;
			room -= skb->len;
		}
		clasp_dgram_let_go(sk, skb);
	}
	if (gathered)
		put_cmsg(msg, SOL_UDP, UDP_GRO, sizeof(segment), &segment);

	return gathered;
}
