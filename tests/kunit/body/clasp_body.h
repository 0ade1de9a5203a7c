/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The body that tests give the core: queues as plain lists, events in a log.
 *
 * A test embeds a struct clasp_conn in a struct test_body. Ranges are in
 * struct test_range, in the order of their sequence numbers.
 */
#ifndef CLASP_TEST_BODY_H
#define CLASP_TEST_BODY_H

#include "conn.h"

struct clasp_event;

/**
 * struct test_range - one range of a queue
 * @sent: as the core sees it on the send queue
 * @held: as the core sees it behind a gap
 * @next: the following range, or NULL
 */
struct test_range {
	struct clasp_sent	sent;
	struct clasp_held	held;
	struct test_range	*next;
};

/**
 * struct test_body - what surrounds a connection in a test
 * @conn: the connection
 * @sent: ranges sent and not acknowledged
 * @unsent: ranges not sent
 * @held: received ranges behind a gap
 */
struct test_body {
	struct clasp_conn	conn;
	struct test_range	*sent;
	struct test_range	*unsent;
	struct test_range	*held;
};

static inline const struct test_body *test_body(const struct clasp_conn *c)
{
	return (const void *)((const char *)c -
			      offsetof(struct test_body, conn));
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
