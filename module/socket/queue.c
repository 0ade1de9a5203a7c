// SPDX-License-Identifier: GPL-2.0
/*
 * The queues of a socket.
 *
 * Send: sk_write_queue has what is unsent, tcp_rtx_queue (a tree) what is sent
 * and not acknowledged. A queued skb has its payload in page fragments and
 * nothing else; what leaves is a new skb with headers of its own and
 * references to the same pages, so that no copy under way in a qdisc, a device
 * or the peer's queue is ever written to. Pages may be the program's
 * (MSG_ZEROCOPY): then each skb has a reference to who waits for the last.
 *
 * Receive: sk_receive_queue has what the program may read, clasp_sock.held (a
 * tree) what waits behind a gap.
 */
#include <linux/skbuff.h>

#include "queue.h"
#include "clasp_body.h"
#include "net/wire.h"
#include "reasm.h"
#include "sack.h"
#include "seq.h"
#include "stamp.h"

/* What two transmissions cost, and some. */
#define SPLIT_EXTRA	(256 * 1024)

/**
 * clasp_queue_tail() - the skb that a write may still add to
 * @sk: socket; lock held
 *
 * Return: the last unsent skb, or NULL.
 */
struct sk_buff *clasp_queue_tail(struct sock *sk)
{
	return skb_peek_tail(&sk->sk_write_queue);
}

/**
 * clasp_queue_charge() - memory of the send queue, as TCP counts it
 * @sk: socket; lock held; sk_wmem_schedule() agreed
 * @bytes: taken, or given back when negative
 */
void clasp_queue_charge(struct sock *sk, int bytes)
{
	sk_wmem_queued_add(sk, bytes);
	if (bytes >= 0)
		sk_mem_charge(sk, bytes);
	else
		sk_mem_uncharge(sk, -bytes);
}

/**
 * clasp_queue_new() - append an empty skb to what is unsent
 * @sk: socket; lock held
 * @gfp: how to allocate
 *
 * Return: the skb, or NULL when there is no memory for it.
 */
struct sk_buff *clasp_queue_new(struct sock *sk, gfp_t gfp)
{
	struct sk_buff *skb = alloc_skb(0, gfp);
	u32 seq = clasp_sk(sk)->conn.write_seq;

	if (!skb)
		return NULL;
	if (!sk_wmem_schedule(sk, skb->truesize)) {
		kfree_skb(skb);
		return NULL;
	}

	clasp_cb(skb)->sent = (struct clasp_sent){ .seq = seq, .end_seq = seq };
	/* summed when it leaves: none of the kernel's helpers needs to */
	skb->ip_summed = CHECKSUM_PARTIAL;
	clasp_queue_charge(sk, skb->truesize);
	__skb_queue_tail(&sk->sk_write_queue, skb);

	return skb;
}

/**
 * clasp_queue_grow() - bytes were added to the last skb, and accounted for
 * @sk: socket; lock held
 * @skb: clasp_queue_tail()
 * @len: how many
 */
void clasp_queue_grow(struct sock *sk, struct sk_buff *skb, u32 len)
{
	clasp_cb(skb)->sent.push = false;
	clasp_cb(skb)->sent.end_seq += len;
	clasp_sk(sk)->conn.write_seq += len;
}

static void free_sent(struct sock *sk, struct sk_buff *skb)
{
	clasp_order_del(&clasp_sk(sk)->conn, &clasp_cb(skb)->sent);
	clasp_queue_charge(sk, -(int)skb->truesize);
	consume_skb(skb);
}

/**
 * clasp_queue_drop_tail() - take back an skb that stayed empty
 * @sk: socket; lock held
 */
void clasp_queue_drop_tail(struct sock *sk)
{
	struct sk_buff *skb = clasp_queue_tail(sk);

	if (!skb || skb->len)
		return;

	__skb_unlink(skb, &sk->sk_write_queue);
	free_sent(sk, skb);
}

/* The first @len bytes stay in @skb. Returns an skb with the rest, or NULL. */
static struct sk_buff *cut(struct sock *sk, struct sk_buff *skb, u32 len)
{
	struct clasp_sent *front = &clasp_cb(skb)->sent;
	struct sk_buff *rest = alloc_skb(0, GFP_ATOMIC);
	u32 rest_len = skb->len - len;

	if (!rest)
		return NULL;

	clasp_queue_charge(sk, rest->truesize);
	skb_split(skb, rest, len);
	skb->truesize -= rest_len;
	rest->truesize += rest_len;

	clasp_cb(rest)->sent = *front;
	clasp_cb(rest)->sent.seq += len;
	front->end_seq = front->seq + len;
	front->push = false;
	front->body &= ~CLASP_SENT_EOR;
	clasp_stamp_cut(skb, rest);

	return rest;
}

/**
 * clasp_queue_cut() - only the front of an unsent skb leaves
 * @sk: socket; lock held
 * @skb: unsent
 * @len: bytes that stay in it; the rest follows in an skb of its own
 *
 * Return: 0, or -ENOMEM with nothing changed.
 */
int clasp_queue_cut(struct sock *sk, struct sk_buff *skb, u32 len)
{
	struct sk_buff *rest = cut(sk, skb, len);

	if (!rest)
		return -ENOMEM;

	__skb_queue_after(&sk->sk_write_queue, skb, rest);

	return 0;
}

/* Put a sent skb into the tree. */
static void plant(struct sock *sk, struct sk_buff *skb)
{
	struct rb_node **link = &sk->tcp_rtx_queue.rb_node, *parent = NULL;
	u32 seq = clasp_cb(skb)->sent.seq;

	while (*link) {
		parent = *link;
		link = seq_before(seq, clasp_sent_of(parent)->seq) ?
		       &parent->rb_left : &parent->rb_right;
	}
	rb_link_node(&skb->rbnode, parent, link);
	rb_insert_color(&skb->rbnode, &sk->tcp_rtx_queue);
}

/*
 * Each piece costs an skb, and the peer says where to cut (CVE-2019-11478). The
 * first and the last are always cut, or nothing could be sent again.
 */
static bool may_split(struct sock *sk, const struct clasp_sent *sent)
{
	const struct clasp_conn *c = &clasp_sk(sk)->conn;

	return sk->sk_wmem_queued / 2 <= READ_ONCE(sk->sk_sndbuf) + SPLIT_EXTRA ||
	       sent == clasp_sent_at(c, c->snd_una) ||
	       sent == clasp_sent_last(c);
}

/* See clasp_body.h. */
struct clasp_sent *clasp_sent_split(struct clasp_conn *c,
				    struct clasp_sent *sent, u32 seq)
{
	struct sock *sk = clasp_conn_sk(c);
	struct clasp_sent *back;
	struct sk_buff *rest;

	if (!may_split(sk, sent))
		return NULL;
	rest = cut(sk, clasp_sent_skb(sent), seq - sent->seq);
	if (!rest)
		return NULL;

	plant(sk, rest);
	back = &clasp_cb(rest)->sent;
	if (clasp_order_link(sent)->next)
		list_add(clasp_order_link(back), clasp_order_link(sent));

	return back;
}

/**
 * clasp_queue_sent() - an unsent skb has been sent
 * @sk: socket; lock held
 * @skb: the first unsent one
 */
void clasp_queue_sent(struct sock *sk, struct sk_buff *skb)
{
	__skb_unlink(skb, &sk->sk_write_queue);
	plant(sk, skb);
}

/**
 * clasp_queue_acked() - free what the peer has acknowledged whole
 * @sk: socket; lock held
 *
 * Return: true if that was anything.
 */
bool clasp_queue_acked(struct sock *sk)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	struct clasp_sent *sent;
	bool any = false;

	while ((sent = clasp_sent_first(c))) {
		struct sk_buff *skb = clasp_sent_skb(sent);

		clasp_stamp_acked(sk, skb);
		if (seq_after(sent->end_seq, c->snd_una))
			break;

		rb_erase(&skb->rbnode, &sk->tcp_rtx_queue);
		free_sent(sk, skb);
		any = true;
	}

	return any;
}

/* Reference @len bytes from @skip on of @from's fragments in @to. */
static void share_pages(struct sk_buff *to, const struct sk_buff *from,
			u32 skip, u32 len)
{
	const struct skb_shared_info *shinfo = skb_shinfo(from);
	unsigned int i, n = 0;

	for (i = 0; len && i < shinfo->nr_frags; i++) {
		const skb_frag_t *frag = &shinfo->frags[i];
		u32 size = skb_frag_size(frag);

		if (skip >= size) {
			skip -= size;
			continue;
		}
		size = min(size - skip, len);
		get_page(skb_frag_page(frag));
		skb_fill_page_desc_noacc(to, n++, skb_frag_page(frag),
					 skb_frag_off(frag) + skip, size);
		len -= size;
		skip = 0;
	}
}

/**
 * clasp_queue_copy() - an skb to send, with part of a queued one's payload
 * @skb: on the send queue; its pages are shared, not copied
 * @skip: bytes at its front to leave out
 * @len: bytes to take
 * @room: length of the header that goes before them
 *
 * Return: the skb, or NULL when there is no memory.
 */
struct sk_buff *clasp_queue_copy(struct sk_buff *skb, u32 skip, u32 len,
				 u32 room)
{
	struct sk_buff *copy = alloc_skb(CLASP_HEADROOM(room), GFP_ATOMIC);

	if (!copy)
		return NULL;

	skb_reserve(copy, CLASP_HEADROOM(room));
	share_pages(copy, skb, skip, len);
	skb_zcopy_set(copy, skb_zcopy(skb), NULL);
	skb_shinfo(copy)->flags |= skb_shinfo(skb)->flags & SKBFL_SHARED_FRAG;
	copy->len = len;
	copy->data_len = len;
	copy->truesize += len;

	return copy;
}

/**
 * clasp_queue_purge_sent() - forget all that was to be sent
 * @sk: socket; lock held, or nobody else has it
 */
void clasp_queue_purge_sent(struct sock *sk)
{
	struct rb_node *node;
	struct sk_buff *skb;

	while ((skb = __skb_dequeue(&sk->sk_write_queue)))
		free_sent(sk, skb);

	while ((node = rb_first(&sk->tcp_rtx_queue))) {
		rb_erase(node, &sk->tcp_rtx_queue);
		free_sent(sk, rb_to_skb(node));
	}
}

/* Less than skb->len where the segment's end did not fit the window. */
static u32 held_len(const struct sk_buff *skb)
{
	const struct clasp_held *held = &clasp_cb(skb)->held;

	return held->end_seq - held->seq;
}

/* Many small segments would cost more in skbs than in payload. */
static bool merge(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff *tail = skb_peek_tail(&sk->sk_receive_queue);
	bool stolen;
	int delta;

	if (!tail || clasp_cb(tail)->held.end_seq != clasp_cb(skb)->held.seq)
		return false;
	if (tail->len != held_len(tail) || skb->len != held_len(skb))
		return false;
	if (!skb_try_coalesce(tail, skb, &stolen, &delta))
		return false;

	clasp_stamp_merge(tail, skb);
	clasp_cb(tail)->held.end_seq = clasp_cb(skb)->held.end_seq;
	atomic_add(delta, &sk->sk_rmem_alloc);
	sk_mem_charge(sk, delta);
	kfree_skb_partial(skb, stolen);

	return true;
}

/**
 * clasp_queue_receive() - payload that is next in order
 * @sk: socket; lock held; clasp_queue_room() agreed
 * @skb: payload alone, its control block says which; consumed. Its front may
 *	be what the program has got already: the reader skips that
 */
void clasp_queue_receive(struct sock *sk, struct sk_buff *skb)
{
	if (merge(sk, skb))
		return;

	/* what was held is charged already */
	if (!skb->destructor)
		skb_set_owner_r(skb, sk);
	__skb_queue_tail(&sk->sk_receive_queue, skb);
}

static void unhold(struct sock *sk, struct sk_buff *skb)
{
	rb_erase(&skb->rbnode, &clasp_sk(sk)->held);
	RB_CLEAR_NODE(&skb->rbnode);
	/* the node lies over these */
	skb->next = NULL;
	skb->prev = NULL;
	skb->dev = NULL;
}

/**
 * clasp_queue_hold() - payload that waits behind a gap
 * @sk: socket; lock held; clasp_queue_room() agreed
 * @skb: payload alone, its control block says which; consumed
 */
void clasp_queue_hold(struct sock *sk, struct sk_buff *skb)
{
	struct clasp_held *held, *old, *new = &clasp_cb(skb)->held;
	struct rb_node **link, *parent = NULL;
	struct clasp_sock *cs = clasp_sk(sk);

	if (!clasp_reasm_useful(&cs->conn, new)) {
		clasp_drop(sock_net(sk), skb, CLASP_DROP_OLD_DATA);
		return;
	}
	while ((old = clasp_reasm_superseded(&cs->conn, new))) {
		unhold(sk, clasp_held_skb(old));
		consume_skb(clasp_held_skb(old));
	}

	/* without it an ACK tells less, and that is all */
	if (clasp_sack_wants_store(&cs->conn))
		cs->annex.sacks.older =
			kmalloc_array(CLASP_SACK_OLDER,
				      sizeof(struct clasp_range),
				      GFP_ATOMIC | __GFP_NOWARN);

	link = &cs->held.rb_node;
	while (*link) {
		parent = *link;
		held = clasp_held_of(parent);
		link = seq_before(new->seq, held->seq) ? &parent->rb_left :
							 &parent->rb_right;
	}
	skb_set_owner_r(skb, sk);
	rb_link_node(&skb->rbnode, parent, link);
	rb_insert_color(&skb->rbnode, &cs->held);
}

/**
 * clasp_queue_pull() - a gap has filled: what waited behind it is in order
 * @sk: socket; lock held
 * @now_us: the time
 */
void clasp_queue_pull(struct sock *sk, u64 now_us)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	struct clasp_held *held;
	u32 skip;

	while ((held = clasp_reasm_pull(c, &skip, now_us))) {
		struct sk_buff *skb = clasp_held_skb(held);

		unhold(sk, skb);
		if (skip == held->end_seq - held->seq)
			consume_skb(skb);
		else
			clasp_queue_receive(sk, skb);
	}
}

static bool over_limit(const struct sock *sk)
{
	return atomic_read(&sk->sk_rmem_alloc) >= READ_ONCE(sk->sk_rcvbuf);
}

/* Held data was never acknowledged: the peer still has it. Farthest first. */
static void prune_held(struct sock *sk)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	const struct clasp_held *left;
	struct rb_node *last;

	while (over_limit(sk) && (last = rb_last(&clasp_sk(sk)->held))) {
		struct sk_buff *skb = rb_to_skb(last);

		unhold(sk, skb);
		clasp_drop(sock_net(sk), skb, CLASP_DROP_NO_ROOM);
	}

	left = clasp_held_of(rb_last(&clasp_sk(sk)->held));
	clasp_sack_cut(c, left ? left->end_seq + left->fin : c->rcv_nxt);
}

/**
 * clasp_queue_room() - is there memory for a segment's payload?
 * @sk: socket; lock held
 * @skb: the segment
 * @seq: its first octet
 *
 * The window bounds payload; this bounds what it really costs. What fills the
 * gap that all else waits for has precedence over what waits.
 */
bool clasp_queue_room(struct sock *sk, struct sk_buff *skb, u32 seq)
{
	if (over_limit(sk) &&
	    !seq_after(seq, clasp_sk(sk)->conn.rcv_nxt))
		prune_held(sk);
	if (over_limit(sk))
		return false;

	return sk_rmem_schedule(sk, skb, skb->truesize);
}

/**
 * clasp_queue_purge_held() - forget what waits behind gaps, and where they were
 * @sk: socket; lock held, or nobody else has it
 */
void clasp_queue_purge_held(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);
	struct rb_node *node;

	while ((node = rb_first(&cs->held))) {
		struct sk_buff *skb = rb_to_skb(node);

		unhold(sk, skb);
		consume_skb(skb);
	}

	cs->conn.n_sacks = 0;
	kfree(cs->annex.sacks.older);
	cs->annex.sacks.older = NULL;
}
