// SPDX-License-Identifier: GPL-2.0
/*
 * CLASP_SAVE_SYN: a listener keeps the headers of the SYN that began each
 * connection, and who accepts it may read them once.
 *
 * A request has them first, then its child; whoever has them when it ends frees
 * them.
 */
#include <linux/overflow.h>
#include <linux/skbuff.h>
#include <linux/slab.h>

#include "synsave.h"

/**
 * clasp_synsave_take() - copy what the listener wants to keep
 * @listener: socket whose program may have said CLASP_SAVE_SYN: 1 from the IP
 *	header on, 2 from the link layer's
 * @skb: the SYN; its data begins with the Clasp header, which is linear
 * @syn: that header
 *
 * Return: memory for the caller to free; NULL when nothing is wanted, or none
 * is left.
 */
struct clasp_saved_syn *clasp_synsave_take(const struct sock *listener,
					   const struct sk_buff *skb,
					   const struct clasp_segment *syn)
{
	u8 want = READ_ONCE(clasp_sk(listener)->save_syn);
	struct clasp_saved_syn *saved;
	const u8 *from;
	u32 len;

	if (!want)
		return NULL;

	from = want == 2 && skb_mac_header_was_set(skb) ?
	       skb_mac_header(skb) : skb_network_header(skb);
	len = skb->data + syn->hdr_len - from;
	saved = kmalloc(struct_size(saved, data, len),
			GFP_ATOMIC | __GFP_NOWARN);
	if (!saved)
		return NULL;

	saved->len = len;
	memcpy(saved->data, from, len);

	return saved;
}

/**
 * clasp_synsave_forget() - a socket has no use for it any more
 * @sk: socket; lock held, or the last of it
 */
void clasp_synsave_forget(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);

	kfree(cs->saved_syn);
	cs->saved_syn = NULL;
}
