// SPDX-License-Identifier: GPL-2.0
/*
 * One datagram of many calls: MSG_MORE and CLASP_DG_CORK.
 *
 * What has been given lies in pieces on sk_write_queue until the last call, and
 * becomes one skb then. All under the socket's lock.
 */
#include <net/ip.h>

#include "dgram.h"

/* Payload of a piece: what it, its headers and its skb leave of a page. */
#define PIECE	SKB_MAX_ORDER(512, 0)

/**
 * clasp_dgram_forget_cork() - what is corked will not be sent
 * @sk: socket; lock held
 */
void clasp_dgram_forget_cork(struct sock *sk)
{
	struct clasp_dgram_sock *ds = clasp_dgram_sk(sk);

	if (!ds->pending)
		return;

	__skb_queue_purge(&sk->sk_write_queue);
	clasp_dgram_way_end(sk, &ds->cork);
	ds->cork = (struct clasp_dgram_way){};
	ds->pending_len = 0;
	WRITE_ONCE(ds->pending, false);
}

/* The first piece waits for room in the send buffer, the others do not. */
static struct sk_buff *new_piece(struct sock *sk, struct msghdr *msg)
{
	struct clasp_dgram_sock *ds = clasp_dgram_sk(sk);
	bool first = skb_queue_empty(&sk->sk_write_queue);
	u32 room = first ? clasp_dgram_headroom(&ds->cork) : 0;
	struct sk_buff *skb;
	int err = -ENOBUFS;

	if (first)
		skb = sock_alloc_send_pskb(sk, room + PIECE, 0,
					   msg->msg_flags & MSG_DONTWAIT, &err,
					   0);
	else
		skb = sock_wmalloc(sk, PIECE, 1, sk->sk_allocation);
	if (!skb)
		return ERR_PTR(err);

	skb_reserve(skb, room);
	__skb_queue_tail(&sk->sk_write_queue, skb);

	return skb;
}

static struct sk_buff *piece_with_room(struct sock *sk, struct msghdr *msg)
{
	struct sk_buff *tail = skb_peek_tail(&sk->sk_write_queue);

	return tail && skb_tailroom(tail) ? tail : new_piece(sk, msg);
}

static int append(struct sock *sk, struct msghdr *msg, size_t len)
{
	/* an empty datagram has a piece too */
	do {
		struct sk_buff *skb = piece_with_room(sk, msg);
		size_t n;

		if (IS_ERR(skb))
			return PTR_ERR(skb);
		n = min_t(size_t, len, skb_tailroom(skb));
		if (!copy_from_iter_full(skb_put(skb, n), n, &msg->msg_iter))
			return -EFAULT;
		len -= n;
		clasp_dgram_sk(sk)->pending_len += n;
	} while (len);

	return 0;
}

/* All pieces hang from the first, which pays for them. */
static struct sk_buff *join(struct sock *sk)
{
	struct sk_buff *whole = __skb_dequeue(&sk->sk_write_queue);
	struct sk_buff **link = &skb_shinfo(whole)->frag_list;
	struct sk_buff *piece;

	while ((piece = __skb_dequeue(&sk->sk_write_queue))) {
		whole->len += piece->len;
		whole->data_len += piece->len;
		whole->truesize += piece->truesize;
		piece->destructor = NULL;
		piece->sk = NULL;
		*link = piece;
		link = &piece->next;
	}

	return whole;
}

/**
 * clasp_dgram_uncork() - send what is corked
 * @sk: socket; lock held
 *
 * Return: 0, also when there is nothing, or a negative errno.
 */
int clasp_dgram_uncork(struct sock *sk)
{
	struct clasp_dgram_sock *ds = clasp_dgram_sk(sk);
	int err;

	if (!ds->pending)
		return 0;

	err = clasp_dgram_out_all(sk, join(sk), &ds->cork);
	clasp_dgram_forget_cork(sk);

	return err;
}

static int begin(struct sock *sk, struct clasp_dgram_way *way)
{
	struct clasp_dgram_sock *ds = clasp_dgram_sk(sk);

	/* they lie in a control message, which is gone with this call */
	if (way->opt == &way->said)
		return -EOPNOTSUPP;

	ds->cork = *way;
	*way = (struct clasp_dgram_way){};
	WRITE_ONCE(ds->pending, true);

	return 0;
}

/**
 * clasp_dgram_cork() - add a message to the datagram that is corked
 * @sk: socket; lock held
 * @way: how it goes, if it is the first; emptied then
 * @msg: message
 * @len: bytes of it
 * @more: more is to come
 *
 * An error loses all of the datagram, as with UDP.
 *
 * Return: 0 or a negative errno.
 */
int clasp_dgram_cork(struct sock *sk, struct clasp_dgram_way *way,
		     struct msghdr *msg, size_t len, bool more)
{
	struct clasp_dgram_sock *ds = clasp_dgram_sk(sk);
	int err = 0;

	if (!ds->pending)
		err = begin(sk, way);
	if (err)
		return err;

	err = clasp_dgram_fits(sk, &ds->cork, ds->pending_len + len);
	if (!err)
		err = append(sk, msg, len);
	if (err)
		clasp_dgram_forget_cork(sk);
	else if (!more)
		err = clasp_dgram_uncork(sk);

	return err;
}
