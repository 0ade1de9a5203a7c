/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The body that the simulator gives the core: each queue a sorted array.
 *
 * Ranges leave at the front and join at the end, mostly; what lies in between
 * is found by halving. A struct sim_range never moves, only pointers to it do.
 * What changes the queues is in body.c.
 */
#ifndef SIM_CLASP_BODY_H
#define SIM_CLASP_BODY_H

#include <linux/list.h>

#include "conn.h"

struct clasp_event;

/**
 * struct sim_range - one range of a queue
 * @sent: as the core sees it on the send queue
 * @held: as the core sees it behind a gap
 * @offset: where its first octet is in the stream; of a sent range
 * @bytes: the payload; of a held range
 * @order: in the order of sending; next is NULL when it is not in that list
 */
struct sim_range {
	union {
		struct clasp_sent	sent;
		struct clasp_held	held;
	};
	union {
		u64			offset;
		u8			*bytes;
	};
	struct list_head	order;
};

/**
 * struct sim_ranges - a queue, in the order of sequence numbers
 * @at: the ranges: at[first] up to at[end - 1]
 * @first: index of the first
 * @end: index behind the last
 * @room: length of @at
 */
struct sim_ranges {
	struct sim_range	**at;
	u32			first;
	u32			end;
	u32			room;
};

/**
 * struct sim_body - what surrounds a connection
 * @conn: the connection
 * @annex: and what it has beside it
 * @sent: ranges sent and not acknowledged
 * @unsent: ranges not sent
 * @held: received ranges behind a gap
 * @held_bytes: payload of @held; where ranges overlap it counts twice
 * @order: sent ranges by time; made when it is first looked at
 * @sacks: for the connection to keep ranges in
 */
struct sim_body {
	struct clasp_conn	conn;
	struct clasp_annex	annex;
	struct sim_ranges	sent;
	struct sim_ranges	unsent;
	struct sim_ranges	held;
	u32			held_bytes;
	struct list_head	order;
	struct clasp_range	sacks[CLASP_SACK_MAX - 1];
};

static inline const struct sim_body *sim_body(const struct clasp_conn *c)
{
	return (const void *)((const char *)c - offsetof(struct sim_body, conn));
}

static inline struct clasp_annex *clasp_annex(const struct clasp_conn *c)
{
	return (struct clasp_annex *)&sim_body(c)->annex;
}

static inline struct sim_range *sim_sent(const struct clasp_sent *sent)
{
	return (void *)((char *)sent - offsetof(struct sim_range, sent));
}

static inline struct sim_range *sim_held(const struct clasp_held *held)
{
	return (void *)((char *)held - offsetof(struct sim_range, held));
}

static inline struct sim_range *sim_ranges_get(const struct sim_ranges *all,
					       u32 index)
{
	return index < all->end ? all->at[index] : NULL;
}

static inline struct sim_range *sim_ranges_first(const struct sim_ranges *all)
{
	return sim_ranges_get(all, all->first);
}

/* The first sent range that ends behind @seq; all->end without one. */
static inline u32 sim_sent_index(const struct sim_ranges *all, u32 seq)
{
	u32 low = all->first, high = all->end;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (seq_after(all->at[mid]->sent.end_seq, seq))
			high = mid;
		else
			low = mid + 1;
	}

	return low;
}

/* The first held range that begins behind @seq; all->end without one. */
static inline u32 sim_held_index(const struct sim_ranges *all, u32 seq)
{
	u32 low = all->first, high = all->end;

	while (low < high) {
		u32 mid = low + (high - low) / 2;

		if (seq_after(all->at[mid]->held.seq, seq))
			high = mid;
		else
			low = mid + 1;
	}

	return low;
}

static inline struct clasp_sent *clasp_sent_first(const struct clasp_conn *c)
{
	struct sim_range *first = sim_ranges_first(&sim_body(c)->sent);

	return first ? &first->sent : NULL;
}

static inline struct clasp_sent *clasp_sent_next(const struct clasp_conn *c,
						 const struct clasp_sent *sent)
{
	const struct sim_ranges *all = &sim_body(c)->sent;
	struct sim_range *next;

	next = sim_ranges_get(all, sim_sent_index(all, sent->seq) + 1);

	return next ? &next->sent : NULL;
}

/* The sent range that has octet @seq. */
static inline struct clasp_sent *clasp_sent_at(const struct clasp_conn *c,
					       u32 seq)
{
	const struct sim_ranges *all = &sim_body(c)->sent;
	struct sim_range *at = sim_ranges_get(all, sim_sent_index(all, seq));

	return at ? &at->sent : NULL;
}

static inline struct clasp_sent *clasp_sent_last(const struct clasp_conn *c)
{
	const struct sim_ranges *all = &sim_body(c)->sent;

	return all->end > all->first ? &all->at[all->end - 1]->sent : NULL;
}

static inline struct clasp_sent *clasp_sent_prev(const struct clasp_conn *c,
						 const struct clasp_sent *sent)
{
	const struct sim_ranges *all = &sim_body(c)->sent;
	u32 index = sim_sent_index(all, sent->seq);

	return index > all->first ? &all->at[index - 1]->sent : NULL;
}

struct clasp_sent *clasp_sent_split(struct clasp_conn *c,
				    struct clasp_sent *sent, u32 seq);

/*
 * Ranges in the order in which they were sent last: those that are neither
 * SACKED nor held lost, unless they are under way again.
 */
static inline struct list_head *sim_order(const struct clasp_conn *c)
{
	struct sim_body *body = (struct sim_body *)sim_body(c);

	if (!body->order.next)
		INIT_LIST_HEAD(&body->order);

	return &body->order;
}

static inline struct clasp_sent *sim_ordered(const struct clasp_conn *c,
					     struct list_head *link)
{
	if (link == sim_order(c))
		return NULL;

	return &container_of(link, struct sim_range, order)->sent;
}

static inline struct clasp_sent *clasp_order_first(const struct clasp_conn *c)
{
	return sim_ordered(c, sim_order(c)->next);
}

static inline struct clasp_sent *clasp_order_next(const struct clasp_conn *c,
						  const struct clasp_sent *sent)
{
	return sim_ordered(c, sim_sent(sent)->order.next);
}

static inline void clasp_order_del(struct clasp_conn *c,
				   struct clasp_sent *sent)
{
	struct list_head *link = &sim_sent(sent)->order;

	if (link->next)
		list_del(link);
	link->next = NULL;
}

static inline void clasp_order_add(struct clasp_conn *c,
				   struct clasp_sent *sent)
{
	list_add_tail(&sim_sent(sent)->order, sim_order(c));
}

static inline void clasp_order_add_first(struct clasp_conn *c,
					 struct clasp_sent *sent)
{
	list_add(&sim_sent(sent)->order, sim_order(c));
}

static inline struct clasp_sent *clasp_unsent_first(const struct clasp_conn *c)
{
	struct sim_range *first = sim_ranges_first(&sim_body(c)->unsent);

	return first ? &first->sent : NULL;
}

static inline bool clasp_unsent_more(const struct clasp_conn *c,
				     const struct clasp_sent *sent)
{
	const struct sim_ranges *all = &sim_body(c)->unsent;

	return all->at[all->end - 1] != sim_sent(sent);
}

static inline struct clasp_held *clasp_held_first(const struct clasp_conn *c)
{
	struct sim_range *first = sim_ranges_first(&sim_body(c)->held);

	return first ? &first->held : NULL;
}

/* Several may begin at the same octet: a FIN makes one more than another. */
static inline struct clasp_held *clasp_held_next(const struct clasp_conn *c,
						 const struct clasp_held *held)
{
	const struct sim_ranges *all = &sim_body(c)->held;
	u32 index = sim_held_index(all, held->seq);
	struct sim_range *next;

	while (all->at[index - 1] != sim_held(held))
		index--;
	next = sim_ranges_get(all, index);

	return next ? &next->held : NULL;
}

/* The last held range whose first octet is @seq or before it. */
static inline struct clasp_held *clasp_held_before(const struct clasp_conn *c,
						   u32 seq)
{
	const struct sim_ranges *all = &sim_body(c)->held;
	u32 index = sim_held_index(all, seq);

	return index > all->first ? &all->at[index - 1]->held : NULL;
}

#define clasp_event_wanted()	true
void clasp_event_report(const struct clasp_event *event);

#endif
