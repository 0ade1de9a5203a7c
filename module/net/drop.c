// SPDX-License-Identifier: GPL-2.0
/*
 * Segments that go no further: each under its reason, counted once.
 */
#include <linux/skbuff.h>

#include "event.h"
#include "net/wire.h"
#include "sight/counter.h"

/**
 * clasp_drop() - count and free what the core has refused, and told of
 * @net: where
 * @skb: the segment, or a part of one; consumed
 * @why: the reason
 */
void clasp_drop(struct net *net, struct sk_buff *skb, enum clasp_drop why)
{
	clasp_counter_drop(net, why);
	kfree_skb(skb);
}

/**
 * clasp_refuse() - count, tell and free what met no connection
 * @net: where
 * @skb: the segment; consumed
 * @seg: its header, or NULL when it is not known
 * @why: the reason
 */
void clasp_refuse(struct net *net, struct sk_buff *skb,
		  const struct clasp_segment *seg, enum clasp_drop why)
{
	clasp_tell_drop(NULL, seg, why);
	clasp_drop(net, skb, why);
}
