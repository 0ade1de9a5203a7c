/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Timestamps: when what a stream sends leaves and is acknowledged, and when
 * what it reads arrived.
 */
#ifndef CLASP_STAMP_H
#define CLASP_STAMP_H

#include <linux/skbuff.h>

#include "clasp_body.h"
#include "sock.h"

void clasp_stamp_write(struct sock *sk, u32 flags, size_t len);
void clasp_stamp_transfer(struct sk_buff *to, struct sk_buff *from);
void clasp_stamp_mark(const struct sock *sk, struct sk_buff *segment,
		      const struct sk_buff *queued, u32 seq, u32 len);
void clasp_stamp_report(struct sock *sk, struct sk_buff *skb);
int clasp_stamp_option(struct socket *sock, int name, sockptr_t from,
		       unsigned int len);

/* Is the last byte of a write that was to be stamped in @skb? */
static inline bool clasp_stamp_asked(const struct sk_buff *skb)
{
	return skb_shinfo(skb)->tx_flags & SKBTX_ANY_TSTAMP ||
	       clasp_cb(skb)->sent.body & CLASP_SENT_STAMP_ACKED;
}

/**
 * clasp_stamp_cut() - an skb is two now
 * @front: on the send queue
 * @rest: what was behind it
 */
static inline void clasp_stamp_cut(struct sk_buff *front, struct sk_buff *rest)
{
	if (unlikely(clasp_stamp_asked(front)))
		clasp_stamp_transfer(rest, front);
}

/**
 * clasp_stamp_segment() - payload of the send queue leaves
 * @sk: socket; lock held
 * @segment: the skb that leaves
 * @queued: where its payload is from
 * @seq: first octet of it
 * @len: octets
 */
static inline void clasp_stamp_segment(const struct sock *sk,
				       struct sk_buff *segment,
				       const struct sk_buff *queued, u32 seq,
				       u32 len)
{
	if (unlikely(clasp_stamp_asked(queued)))
		clasp_stamp_mark(sk, segment, queued, seq, len);
}

/**
 * clasp_stamp_acked() - the front of the send queue is acknowledged, or part of it
 * @sk: socket; lock held
 * @skb: the first sent one
 */
static inline void clasp_stamp_acked(struct sock *sk, struct sk_buff *skb)
{
	if (unlikely(clasp_cb(skb)->sent.body & CLASP_SENT_STAMP_ACKED))
		clasp_stamp_report(sk, skb);
}

/* When @from arrived is said of @to, which has taken its bytes in. */
static inline void clasp_stamp_merge(struct sk_buff *to, struct sk_buff *from)
{
	if (!from->tstamp && !skb_hwtstamps(from)->hwtstamp)
		return;

	to->tstamp = from->tstamp;
	*skb_hwtstamps(to) = *skb_hwtstamps(from);
}

/* Does the program want to know when what it reads arrived, and is it known? */
static inline bool clasp_stamp_wanted(const struct sock *sk,
				      const struct sk_buff *skb)
{
	return (sock_flag(sk, SOCK_RCVTSTAMP) || READ_ONCE(sk->sk_tsflags)) &&
	       (skb->tstamp || skb_hwtstamps((void *)skb)->hwtstamp);
}

#endif
