// SPDX-License-Identifier: GPL-2.0
/*
 * The fixture's queues: what a body does with ranges, and nothing more.
 *
 * There are no octets in them. What the program would get is checked by its
 * numbers: each piece must begin where the one before it ended.
 */
#include "peer.h"
#include "input.h"
#include "output.h"
#include "reasm.h"
#include "sack.h"
#include "seq.h"

static struct test_range *new_range(struct peer *p)
{
	struct test_range *range;

	range = kunit_kzalloc(p->test, sizeof(*range), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(p->test, range);

	return range;
}

static void append(struct test_range **queue, struct test_range *range)
{
	while (*queue)
		queue = &(*queue)->next;
	*queue = range;
	range->next = NULL;
}

static void free_first(struct peer *p, struct test_range **queue)
{
	struct test_range *range = *queue;

	*queue = range->next;
	kunit_kfree(p->test, range);
}

/**
 * queue_write() - put what the program wrote on the send queue
 * @p: fixture
 * @len: bytes
 *
 * In ranges of clasp_output_goal(), as the module does.
 */
void queue_write(struct peer *p, u32 len)
{
	struct clasp_conn *c = p->conn;
	struct test_range *range = NULL;

	while (len) {
		u32 piece = min(len, clasp_output_goal(c));

		range = new_range(p);
		range->sent.seq = c->write_seq;
		range->sent.end_seq = c->write_seq + piece;
		append(&p->body.unsent, range);
		c->write_seq += piece;
		len -= piece;
	}
	if (range)
		range->sent.push = true;
}

/* Leave the first @len bytes of @front, and what is behind them in a new one. */
static void cut(struct peer *p, struct test_range *front, u32 len)
{
	struct test_range *back = new_range(p);

	back->sent = front->sent;
	back->sent.seq += len;
	back->next = front->next;
	front->sent.end_seq = back->sent.seq;
	front->sent.push = false;
	front->next = back;
}

/**
 * queue_sent() - a transmission leaves: its range is no longer unsent
 * @p: fixture
 * @tx: the transmission
 */
void queue_sent(struct peer *p, const struct clasp_tx *tx)
{
	struct test_range *range;

	if (!tx->fresh)
		return;

	range = test_sent(tx->sent);
	KUNIT_ASSERT_PTR_EQ(p->test, range, p->body.unsent);
	if (tx->len < tx->sent->end_seq - tx->sent->seq)
		cut(p, range, tx->len);
	p->body.unsent = range->next;
	append(&p->body.sent, range);
}

/**
 * queue_acked() - free what the peer has acknowledged whole
 * @p: fixture
 */
void queue_acked(struct peer *p)
{
	while (p->body.sent && seq_before_eq(p->body.sent->sent.end_seq,
					     p->conn->snd_una)) {
		clasp_order_del(p->conn, &p->body.sent->sent);
		free_first(p, &p->body.sent);
	}
}

static struct test_range *make_range(struct test_body *body)
{
	return new_range(container_of(body, struct peer, body));
}

/**
 * queue_init() - queues of a new connection
 * @p: fixture
 */
void queue_init(struct peer *p)
{
	p->body.make = make_range;
}

/* Octets [@seq, @end_seq) go to the program. */
static void receive(struct peer *p, u32 seq, u32 end_seq)
{
	KUNIT_EXPECT_EQ(p->test, seq, p->read_seq);
	p->read_seq = end_seq;
	p->unread += end_seq - seq;
}

static void unhold(struct peer *p, const struct clasp_held *held)
{
	struct test_range **at = &p->body.held;

	while (*at != test_held(held))
		at = &(*at)->next;
	free_first(p, at);
}

static void hold(struct peer *p, const struct clasp_held *held)
{
	struct test_range **at = &p->body.held;
	struct clasp_held *old;
	struct test_range *new;

	if (!clasp_reasm_useful(p->conn, held)) {
		p->drop = CLASP_DROP_OLD_DATA;
		return;
	}
	while ((old = clasp_reasm_superseded(p->conn, held)))
		unhold(p, old);
	if (clasp_sack_wants_store(p->conn))
		clasp_annex(p->conn)->sacks.older = p->sacks;

	while (*at && !seq_before(held->seq, (*at)->held.seq))
		at = &(*at)->next;
	new = new_range(p);
	new->held = *held;
	new->next = *at;
	*at = new;
}

static void pull(struct peer *p)
{
	struct clasp_held *held;
	u32 skip;

	while ((held = clasp_reasm_pull(p->conn, &skip, p->now_us))) {
		if (skip != held->end_seq - held->seq)
			receive(p, held->seq + skip, held->end_seq);
		unhold(p, held);
	}
}

/**
 * queue_take() - payload goes where the core says
 * @p: fixture
 * @a: what the core said
 */
void queue_take(struct peer *p, const struct clasp_arrival *a)
{
	if (!p->read_seq)
		p->read_seq = p->conn->irs + 1;
	if (a->payload == CLASP_PAYLOAD_NEXT)
		receive(p, a->held.seq, a->held.end_seq);
	else if (a->payload == CLASP_PAYLOAD_HOLD)
		hold(p, &a->held);
	if (p->conn->todo & CLASP_TODO_HELD)
		pull(p);
}

/**
 * queue_purge() - the connection is over
 * @p: fixture
 */
void queue_purge(struct peer *p)
{
	while (p->body.sent)
		free_first(p, &p->body.sent);
	while (p->body.unsent)
		free_first(p, &p->body.unsent);
	while (p->body.held)
		free_first(p, &p->body.held);
}

/**
 * queue_used() - what the receive buffer holds
 * @p: fixture
 *
 * Return: bytes, read ones not counted.
 */
u32 queue_used(const struct peer *p)
{
	const struct test_range *range;
	u32 used = p->unread;

	for (range = p->body.held; range; range = range->next)
		used += range->held.end_seq - range->held.seq;

	return used;
}
