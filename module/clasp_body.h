/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The body that the kernel gives the core: queues of sk_buffs, tracepoints.
 *
 * A range is a control block in an skb. Sent ones lie in sk->tcp_rtx_queue, a
 * tree by sequence number; unsent ones in sk->sk_write_queue, in order; held
 * ones in clasp_sock.held, a tree. All are the socket lock's.
 */
#ifndef CLASP_BODY_H
#define CLASP_BODY_H

#include <linux/jump_label.h>
#include <linux/list.h>
#include <linux/rbtree.h>
#include <linux/skbuff.h>

#include "conn.h"
#include "socket/sock.h"

struct clasp_event;

/**
 * struct clasp_skb_cb - what Clasp keeps in skb->cb
 * @sent: on the send queue
 * @held: on the receive side, in order or held
 */
struct clasp_skb_cb {
	union {
		struct clasp_sent	sent;
		struct clasp_held	held;
	};
};

/* What the body has to remember of a sent range. */
enum {
	CLASP_SENT_EOR		= 0x01,	/* nothing is added behind it: MSG_EOR */
	CLASP_SENT_STAMP_ACKED	= 0x02,	/* a byte is waited for: stamp.c */
};

static inline struct clasp_annex *clasp_annex(const struct clasp_conn *c)
{
	return &clasp_conn_sock(c)->annex;
}

static inline struct clasp_skb_cb *clasp_cb(const struct sk_buff *skb)
{
	BUILD_BUG_ON(sizeof(struct clasp_skb_cb) > sizeof(skb->cb));
	return (struct clasp_skb_cb *)skb->cb;
}

static inline struct sk_buff *clasp_sent_skb(const struct clasp_sent *sent)
{
	return container_of((void *)sent, struct sk_buff, cb);
}

static inline struct sk_buff *clasp_held_skb(const struct clasp_held *held)
{
	return container_of((void *)held, struct sk_buff, cb);
}

static inline struct clasp_sent *clasp_sent_of(struct rb_node *node)
{
	return node ? &clasp_cb(rb_to_skb(node))->sent : NULL;
}

static inline struct clasp_held *clasp_held_of(struct rb_node *node)
{
	return node ? &clasp_cb(rb_to_skb(node))->held : NULL;
}

static inline struct clasp_sent *clasp_sent_first(const struct clasp_conn *c)
{
	return clasp_sent_of(rb_first(&clasp_conn_sk(c)->tcp_rtx_queue));
}

static inline struct clasp_sent *clasp_sent_next(const struct clasp_conn *c,
						 const struct clasp_sent *sent)
{
	return clasp_sent_of(rb_next(&clasp_sent_skb(sent)->rbnode));
}

/* The sent range that has octet @seq. */
static inline struct clasp_sent *clasp_sent_at(const struct clasp_conn *c,
					       u32 seq)
{
	struct rb_node *node = clasp_conn_sk(c)->tcp_rtx_queue.rb_node;
	struct clasp_sent *at = NULL;

	while (node) {
		struct clasp_sent *sent = clasp_sent_of(node);

		if (seq_after(sent->end_seq, seq)) {
			at = sent;
			node = node->rb_left;
		} else {
			node = node->rb_right;
		}
	}

	return at;
}

static inline struct clasp_sent *clasp_sent_last(const struct clasp_conn *c)
{
	return clasp_sent_of(rb_last(&clasp_conn_sk(c)->tcp_rtx_queue));
}

static inline struct clasp_sent *clasp_sent_prev(const struct clasp_conn *c,
						 const struct clasp_sent *sent)
{
	return clasp_sent_of(rb_prev(&clasp_sent_skb(sent)->rbnode));
}

/* What of @sent is from @seq on as a range of its own; NULL without memory. */
struct clasp_sent *clasp_sent_split(struct clasp_conn *c,
				    struct clasp_sent *sent, u32 seq);

/*
 * Ranges in the order in which they were sent last: those that are neither
 * SACKED nor held lost, unless they are under way again. The link lies over
 * what an skb on a send queue does not have, destructor and route; an skb that
 * is in no list has neither.
 */
static inline struct list_head *clasp_order_link(const struct clasp_sent *sent)
{
	return &clasp_sent_skb(sent)->tcp_tsorted_anchor;
}

static inline struct clasp_sent *clasp_ordered(const struct clasp_conn *c,
					       struct list_head *link)
{
	if (link == &clasp_conn_sock(c)->order)
		return NULL;

	return &clasp_cb(list_entry(link, struct sk_buff,
				    tcp_tsorted_anchor))->sent;
}

static inline struct clasp_sent *clasp_order_first(const struct clasp_conn *c)
{
	return clasp_ordered(c, clasp_conn_sock(c)->order.next);
}

static inline struct clasp_sent *clasp_order_next(const struct clasp_conn *c,
						  const struct clasp_sent *sent)
{
	return clasp_ordered(c, clasp_order_link(sent)->next);
}

static inline void clasp_order_del(struct clasp_conn *c,
				   struct clasp_sent *sent)
{
	struct list_head *link = clasp_order_link(sent);

	if (link->next)
		__list_del_entry(link);
	link->next = NULL;
	link->prev = NULL;
}

static inline void clasp_order_add(struct clasp_conn *c,
				   struct clasp_sent *sent)
{
	list_add_tail(clasp_order_link(sent), &clasp_conn_sock(c)->order);
}

static inline void clasp_order_add_first(struct clasp_conn *c,
					 struct clasp_sent *sent)
{
	list_add(clasp_order_link(sent), &clasp_conn_sock(c)->order);
}

static inline struct clasp_sent *clasp_unsent_first(const struct clasp_conn *c)
{
	struct sk_buff *skb = skb_peek(&clasp_conn_sk(c)->sk_write_queue);

	return skb ? &clasp_cb(skb)->sent : NULL;
}

static inline bool clasp_unsent_more(const struct clasp_conn *c,
				     const struct clasp_sent *sent)
{
	return !skb_queue_is_last(&clasp_conn_sk(c)->sk_write_queue,
				  clasp_sent_skb(sent));
}

static inline struct clasp_held *clasp_held_first(const struct clasp_conn *c)
{
	return clasp_held_of(rb_first(&clasp_conn_sock(c)->held));
}

static inline struct clasp_held *clasp_held_next(const struct clasp_conn *c,
						 const struct clasp_held *held)
{
	return clasp_held_of(rb_next(&clasp_held_skb(held)->rbnode));
}

/* The last held range whose first octet is @seq or before it. */
static inline struct clasp_held *clasp_held_before(const struct clasp_conn *c,
						   u32 seq)
{
	struct rb_node *node = clasp_conn_sock(c)->held.rb_node;
	struct clasp_held *before = NULL;

	while (node) {
		struct clasp_held *held = clasp_held_of(node);

		if (seq_after(held->seq, seq)) {
			node = node->rb_left;
		} else {
			before = held;
			node = node->rb_right;
		}
	}

	return before;
}

DECLARE_STATIC_KEY_FALSE(clasp_event_key);
#define clasp_event_wanted()	static_branch_unlikely(&clasp_event_key)
void clasp_event_report(const struct clasp_event *event);

#endif
