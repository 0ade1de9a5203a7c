/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The body that tests give the core: queues as plain lists, events in a log.
 *
 * A test embeds a struct clasp_conn in a struct test_body. Ranges are in
 * struct test_range, in the order of their sequence numbers.
 */
#ifndef CLASP_TEST_BODY_H
#define CLASP_TEST_BODY_H

#include <linux/list.h>

#include "conn.h"

struct clasp_event;

/**
 * struct test_range - one range of a queue
 * @sent: as the core sees it on the send queue
 * @held: as the core sees it behind a gap
 * @order: in the order of sending, when @ordered
 * @ordered: it is in that list
 * @next: the following range, or NULL
 */
struct test_range {
	struct clasp_sent	sent;
	struct clasp_held	held;
	struct list_head	order;
	bool			ordered;
	struct test_range	*next;
};

/**
 * struct test_body - what surrounds a connection in a test
 * @conn: the connection
 * @annex: and what it has beside it
 * @sent: ranges sent and not acknowledged
 * @unsent: ranges not sent
 * @held: received ranges behind a gap
 * @order: sent ranges by time; made when it is first looked at
 * @make: gives a new range, or NULL as if there were no memory
 */
struct test_body {
	struct clasp_conn	conn;
	struct clasp_annex	annex;
	struct test_range	*sent;
	struct test_range	*unsent;
	struct test_range	*held;
	struct list_head	order;
	struct test_range	*(*make)(struct test_body *body);
};

static inline const struct test_body *test_body(const struct clasp_conn *c)
{
	return (const void *)((const char *)c -
			      offsetof(struct test_body, conn));
}

static inline struct clasp_annex *clasp_annex(const struct clasp_conn *c)
{
	return (struct clasp_annex *)&test_body(c)->annex;
}

static inline struct test_range *test_sent(const struct clasp_sent *sent)
{
	return (void *)((char *)sent - offsetof(struct test_range, sent));
}

static inline struct test_range *test_held(const struct clasp_held *held)
{
	return (void *)((char *)held - offsetof(struct test_range, held));
}

static inline struct clasp_sent *clasp_sent_first(const struct clasp_conn *c)
{
	struct test_range *first = test_body(c)->sent;

	return first ? &first->sent : NULL;
}

static inline struct clasp_sent *clasp_sent_next(const struct clasp_conn *c,
						 const struct clasp_sent *sent)
{
	struct test_range *next = test_sent(sent)->next;

	return next ? &next->sent : NULL;
}

/* The sent range that has octet @seq. */
static inline struct clasp_sent *clasp_sent_at(const struct clasp_conn *c,
					       u32 seq)
{
	struct test_range *range;

	for (range = test_body(c)->sent; range; range = range->next)
		if ((s32)(range->sent.end_seq - seq) > 0)
			return &range->sent;

	return NULL;
}

static inline struct clasp_sent *clasp_sent_last(const struct clasp_conn *c)
{
	struct test_range *range = test_body(c)->sent;

	while (range && range->next)
		range = range->next;

	return range ? &range->sent : NULL;
}

static inline struct clasp_sent *clasp_sent_prev(const struct clasp_conn *c,
						 const struct clasp_sent *sent)
{
	struct test_range *range = test_body(c)->sent, *prev = NULL;

	for (; range != test_sent(sent); range = range->next)
		prev = range;

	return prev ? &prev->sent : NULL;
}

/*
 * Ranges in the order in which they were sent last: those that are neither
 * SACKED nor held lost, unless they are under way again.
 */
static inline struct list_head *test_order(const struct clasp_conn *c)
{
	struct test_body *body = (struct test_body *)test_body(c);

	if (!body->order.next)
		INIT_LIST_HEAD(&body->order);

	return &body->order;
}

static inline struct clasp_sent *test_ordered(const struct clasp_conn *c,
					      struct list_head *link)
{
	if (link == test_order(c))
		return NULL;

	return &container_of(link, struct test_range, order)->sent;
}

static inline struct clasp_sent *clasp_order_first(const struct clasp_conn *c)
{
	return test_ordered(c, test_order(c)->next);
}

static inline struct clasp_sent *clasp_order_next(const struct clasp_conn *c,
						  const struct clasp_sent *sent)
{
	return test_ordered(c, test_sent(sent)->order.next);
}

static inline void clasp_order_del(struct clasp_conn *c,
				   struct clasp_sent *sent)
{
	struct test_range *range = test_sent(sent);

	if (range->ordered)
		list_del(&range->order);
	range->ordered = false;
}

static inline void clasp_order_add(struct clasp_conn *c,
				   struct clasp_sent *sent)
{
	list_add_tail(&test_sent(sent)->order, test_order(c));
	test_sent(sent)->ordered = true;
}

static inline void clasp_order_add_first(struct clasp_conn *c,
					 struct clasp_sent *sent)
{
	list_add(&test_sent(sent)->order, test_order(c));
	test_sent(sent)->ordered = true;
}

/* What of @sent is from @seq on as a range of its own; NULL without memory. */
static inline struct clasp_sent *clasp_sent_split(struct clasp_conn *c,
						  struct clasp_sent *sent,
						  u32 seq)
{
	struct test_body *body = (struct test_body *)test_body(c);
	struct test_range *front = test_sent(sent), *back;

	back = body->make ? body->make(body) : NULL;
	if (!back)
		return NULL;

	back->sent = *sent;
	back->sent.seq = seq;
	back->next = front->next;
	back->ordered = front->ordered;
	if (back->ordered)
		list_add(&back->order, &front->order);
	sent->end_seq = seq;
	sent->push = false;
	front->next = back;

	return &back->sent;
}

static inline struct clasp_sent *clasp_unsent_first(const struct clasp_conn *c)
{
	struct test_range *first = test_body(c)->unsent;

	return first ? &first->sent : NULL;
}

static inline bool clasp_unsent_more(const struct clasp_conn *c,
				     const struct clasp_sent *sent)
{
	return test_sent(sent)->next;
}

static inline struct clasp_held *clasp_held_first(const struct clasp_conn *c)
{
	struct test_range *first = test_body(c)->held;

	return first ? &first->held : NULL;
}

static inline struct clasp_held *clasp_held_next(const struct clasp_conn *c,
						 const struct clasp_held *held)
{
	struct test_range *next = test_held(held)->next;

	return next ? &next->held : NULL;
}

/* The last held range whose first octet is @seq or before it. */
static inline struct clasp_held *clasp_held_before(const struct clasp_conn *c,
						   u32 seq)
{
	struct test_range *range, *before = NULL;

	for (range = test_body(c)->held; range; range = range->next)
		if ((s32)(range->held.seq - seq) <= 0)
			before = range;

	return before ? &before->held : NULL;
}

#define clasp_event_wanted()	true
void clasp_event_report(const struct clasp_event *event);

#endif
