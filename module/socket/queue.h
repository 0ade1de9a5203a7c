/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The send queue and the receive queue of a socket, as skbs.
 *
 * The socket's lock protects all of them.
 */
#ifndef CLASP_QUEUE_H
#define CLASP_QUEUE_H

#include "sock.h"

/* Room for all headers in front of @room bytes of ours. */
#define CLASP_HEADROOM(room)	(MAX_HEADER + 60 + (room))

/* sending */
struct sk_buff *clasp_queue_tail(struct sock *sk);
struct sk_buff *clasp_queue_new(struct sock *sk, gfp_t gfp);
void clasp_queue_charge(struct sock *sk, int bytes);
void clasp_queue_grow(struct sock *sk, struct sk_buff *skb, u32 len);
void clasp_queue_drop_tail(struct sock *sk);
int clasp_queue_cut(struct sock *sk, struct sk_buff *skb, u32 len);
void clasp_queue_sent(struct sock *sk, struct sk_buff *skb);
bool clasp_queue_acked(struct sock *sk);
struct sk_buff *clasp_queue_copy(struct sk_buff *skb, u32 skip, u32 len,
				 u32 room);
void clasp_queue_purge_sent(struct sock *sk);

/* receiving */
void clasp_queue_receive(struct sock *sk, struct sk_buff *skb);
void clasp_queue_hold(struct sock *sk, struct sk_buff *skb);
void clasp_queue_pull(struct sock *sk, u64 now_us);
bool clasp_queue_room(struct sock *sk, struct sk_buff *skb, u32 seq);
void clasp_queue_purge_held(struct sock *sk);

/**
 * clasp_queue_eat() - all of an skb has been read
 * @sk: socket; lock held
 * @skb: on the receive queue
 *
 * As sk_eat_skb(), which looks for no other references: a reader that waits may
 * hold one.
 */
static inline void clasp_queue_eat(struct sock *sk, struct sk_buff *skb)
{
	__skb_unlink(skb, &sk->sk_receive_queue);
	consume_skb(skb);
}

#endif
