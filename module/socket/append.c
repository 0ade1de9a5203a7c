// SPDX-License-Identifier: GPL-2.0
/*
 * Three ways from the program's memory into the send queue.
 *
 * Bytes are copied into page fragments of the last unsent skb, which grows to
 * what one transmission takes. Pages of the program's stay where they are and
 * are referred to with MSG_ZEROCOPY, until the last transmission of them is
 * freed; so are those that splice() and sendfile() bring (MSG_SPLICE_PAGES). An
 * skb that was sent is never added to.
 */
#include <linux/uio.h>

#include "append.h"
#include "clasp_body.h"
#include "output.h"
#include "queue.h"

CLASP_COMPAT_SPLICE(splice)

/* What may still go into one transmission with @skb. */
static u32 room_in(const struct sock *sk, const struct sk_buff *skb)
{
	u32 goal = clasp_output_goal(&clasp_sk(sk)->conn);

	if (clasp_cb(skb)->sent.body & CLASP_SENT_EOR)
		return 0;

	return goal > skb->len ? goal - skb->len : 0;
}

static struct sk_buff *new_tail(struct sock *sk)
{
	if (!sk_stream_memory_free(sk))
		return NULL;

	return clasp_queue_new(sk, sk->sk_allocation);
}

/* The end of the send queue, with room in it; NULL when there is no memory. */
static struct sk_buff *tail_with_room(struct sock *sk)
{
	struct sk_buff *skb = clasp_queue_tail(sk);

	return skb && room_in(sk, skb) ? skb : new_tail(sk);
}

/* One that @frag can be added to. */
static struct sk_buff *tail_for_copy(struct sock *sk, struct page_frag *frag)
{
	struct sk_buff *skb = tail_with_room(sk);
	unsigned int n;

	if (!skb)
		return NULL;

	n = skb_shinfo(skb)->nr_frags;
	if (n < MAX_SKB_FRAGS ||
	    skb_can_coalesce(skb, n, frag->page, frag->offset))
		return skb;

	return new_tail(sk);
}

static void add_piece(struct sock *sk, struct sk_buff *skb,
		      struct page_frag *frag, u32 len)
{
	unsigned int n = skb_shinfo(skb)->nr_frags;

	if (skb_can_coalesce(skb, n, frag->page, frag->offset)) {
		skb_frag_size_add(&skb_shinfo(skb)->frags[n - 1], len);
	} else {
		/* io_uring may hold those that are there without references */
		skb_zcopy_downgrade_managed(skb);
		get_page(frag->page);
		skb_fill_page_desc(skb, n, frag->page, frag->offset, len);
	}
	frag->offset += len;

	skb_len_add(skb, len);
	clasp_queue_charge(sk, len);
}

static int copy_some(struct sock *sk, struct clasp_append *a)
{
	struct page_frag *frag = sk_page_frag(sk);
	struct sk_buff *skb;
	u32 len;

	if (!sk_page_frag_refill(sk, frag))
		return 0;
	skb = tail_for_copy(sk, frag);
	if (!skb)
		return 0;

	len = min3(room_in(sk, skb), frag->size - frag->offset,
		   (u32)msg_data_left(a->msg));
	if (!sk_wmem_schedule(sk, len))
		return 0;

	len = copy_page_from_iter(frag->page, frag->offset, len,
				  &a->msg->msg_iter);
	if (!len)
		return -EFAULT;
	add_piece(sk, skb, frag, len);
	clasp_queue_grow(sk, skb, len);

	return len;
}

/* Accounts for what it adds, by pages. */
static int pin(struct sock *sk, struct sk_buff *skb, struct clasp_append *a,
	       u32 len)
{
	return skb_zerocopy_iter_stream(sk, skb, a->msg, len, a->pinned);
}

static int take_pages(struct sock *sk, struct sk_buff *skb,
		      struct clasp_append *a, u32 len)
{
	int n = splice(skb, &a->msg->msg_iter, len, sk->sk_allocation);

	if (n <= 0)
		return n;

	/* they may be written to while we send: nobody may sum them twice */
	if (!(a->msg->msg_flags & MSG_NO_SHARED_FRAGS))
		skb_shinfo(skb)->flags |= SKBFL_SHARED_FRAG;
	clasp_queue_charge(sk, n);

	return n;
}

static int refer_in(struct sock *sk, struct sk_buff *skb,
		    struct clasp_append *a)
{
	u32 len = min_t(size_t, room_in(sk, skb), msg_data_left(a->msg));
	int n;

	if (!sk_wmem_schedule(sk, len))
		return 0;

	n = a->pinned ? pin(sk, skb, a, len) : take_pages(sk, skb, a, len);
	if (n > 0)
		clasp_queue_grow(sk, skb, n);

	return n;
}

/* An skb has so many fragments, and tells of one write only. */
static bool needs_another(int err)
{
	return err == -EMSGSIZE || err == -EEXIST;
}

static int refer_to_some(struct sock *sk, struct clasp_append *a)
{
	struct sk_buff *skb = tail_with_room(sk);
	int n;

	if (!skb)
		return 0;

	n = refer_in(sk, skb, a);
	if (!needs_another(n))
		return n;

	skb = new_tail(sk);

	return skb ? refer_in(sk, skb, a) : 0;
}

/**
 * clasp_append() - queue some of what there is to write
 * @sk: socket; lock held
 * @a: the write; there is something left
 *
 * Return: bytes, 0 when there is no memory, -EFAULT when there is nothing to
 * copy from; the queue may end in an empty skb then.
 */
int clasp_append(struct sock *sk, struct clasp_append *a)
{
	if (a->pinned || a->msg->msg_flags & MSG_SPLICE_PAGES)
		return refer_to_some(sk, a);

	return copy_some(sk, a);
}

/**
 * clasp_append_begin() - who is told when the pages are no longer used?
 * @sk: socket; owned by the caller
 * @a: the write; clasp_append_end() has to follow
 *
 * Writes that follow one another are told of together.
 *
 * Return: 0, or -ENOBUFS: too many are under way, or too much memory is locked.
 */
int clasp_append_begin(struct sock *sk, struct clasp_append *a)
{
	size_t len = msg_data_left(a->msg);

	if (!(a->msg->msg_flags & MSG_ZEROCOPY) || !len)
		return 0;
	/* io_uring, which keeps its own count */
	if (a->msg->msg_ubuf) {
		a->pinned = a->msg->msg_ubuf;
		return 0;
	}
	if (!sock_flag(sk, SOCK_ZEROCOPY))
		return 0;

	a->pinned = msg_zerocopy_realloc(sk, len, skb_zcopy(clasp_queue_tail(sk)));
	a->counted = a->pinned;

	return a->pinned ? 0 : -ENOBUFS;
}

/**
 * clasp_append_end() - a write is over
 * @a: the write
 * @any: something was queued, else it is not counted
 */
void clasp_append_end(struct clasp_append *a, bool any)
{
	if (!a->counted)
		return;

	if (any)
		net_zcopy_put(a->pinned);
	else
		net_zcopy_put_abort(a->pinned, true);
}
