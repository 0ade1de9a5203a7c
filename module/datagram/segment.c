// SPDX-License-Identifier: GPL-2.0
/*
 * Many datagrams of one payload: CLASP_DG_SEGMENT, which is UDP_SEGMENT.
 *
 * One call, one look for a route and one wait for room make up to 64 datagrams,
 * equal in length but for the last. They are cut here: the devices that cut UDP's
 * would not know ours.
 */
#include <net/ip.h>

#include "dgram.h"

/* The next @len bytes of a payload as an skb of their own; NULL without memory. */
static struct sk_buff *cut(struct sock *sk, const struct sk_buff *whole, u32 at,
			   u32 len, const struct clasp_dgram_way *way)
{
	u32 room = clasp_dgram_headroom(way);
	struct sk_buff *skb;

	/* the program has waited for room for all of it */
	skb = sock_wmalloc(sk, room + len + way->dst->trailer_len, 1,
			   sk->sk_allocation);
	if (!skb)
		return NULL;

	skb_reserve(skb, room);
	if (skb_copy_bits(whole, at, skb_put(skb, len), len)) {
		kfree_skb(skb);
		return NULL;
	}

	return skb;
}

/**
 * clasp_dgram_out_all() - send what one call gave, as one datagram or as many
 * @sk: socket
 * @skb: payload that clasp_dgram_fits(); consumed
 * @way: how it goes
 *
 * Return: 0 or a negative errno; some may then have left.
 */
int clasp_dgram_out_all(struct sock *sk, struct sk_buff *skb,
			struct clasp_dgram_way *way)
{
	u32 segment = way->segment, at;
	int err = 0;

	if (!segment || skb->len <= segment)
		return clasp_dgram_out(sk, skb, way);

	for (at = 0; at < skb->len && !err; at += segment) {
		struct sk_buff *piece;

		piece = cut(sk, skb, at, min(segment, skb->len - at), way);
		err = piece ? clasp_dgram_out(sk, piece, way) : -ENOBUFS;
	}
	consume_skb(skb);

	return err;
}
