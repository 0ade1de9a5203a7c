// SPDX-License-Identifier: GPL-2.0
/*
 * The queues of one end: written, cut, sent, acknowledged; held, pulled.
 */
#include <stdlib.h>

#include "body.h"
#include "output.h"
#include "reasm.h"
#include "sack.h"
#include "seq.h"

static void *must_have(void *memory)
{
	if (!memory)
		abort();
	return memory;
}

/* Room for one more behind at[end - 1]. */
static void make_room(struct sim_ranges *all)
{
	u32 count = sim_ranges_count(all);

	if (all->end < all->room)
		return;

	if (all->first > all->room / 2) {
		memmove(all->at, all->at + all->first,
			count * sizeof(*all->at));
		all->first = 0;
		all->end = count;
		return;
	}

	all->room = max(2 * all->room, 16u);
	all->at = must_have(realloc(all->at, all->room * sizeof(*all->at)));
}

/**
 * sim_ranges_insert() - put a range into a queue
 * @all: the queue
 * @index: before what is there now; all->end for the last place
 * @range: the range
 */
void sim_ranges_insert(struct sim_ranges *all, u32 index,
		       struct sim_range *range)
{
	u32 before = index - all->first;

	make_room(all);
	index = all->first + before;
	memmove(all->at + index + 1, all->at + index,
		(all->end - index) * sizeof(*all->at));
	all->at[index] = range;
	all->end++;
}

/**
 * sim_ranges_remove() - take a range out of a queue
 * @all: the queue
 * @index: which
 *
 * Return: the range, which is the caller's.
 */
struct sim_range *sim_ranges_remove(struct sim_ranges *all, u32 index)
{
	struct sim_range *range = all->at[index];

	if (index == all->first) {
		all->first++;
	} else {
		memmove(all->at + index, all->at + index + 1,
			(all->end - index - 1) * sizeof(*all->at));
		all->end--;
	}
	if (all->first == all->end) {
		all->first = 0;
		all->end = 0;
	}

	return range;
}

static struct sim_range *new_range(void)
{
	return must_have(calloc(1, sizeof(struct sim_range)));
}

/* The range that a write may add to, as module/socket/send.c does. */
static struct sim_range *tail_with_room(struct sim_body *b, u64 offset)
{
	struct sim_ranges *all = &b->unsent;
	struct sim_range *range = sim_ranges_count(all) ?
				  all->at[all->end - 1] : NULL;

	if (range && range->sent.end_seq - range->sent.seq <
		     clasp_output_goal(&b->conn))
		return range;

	range = new_range();
	range->offset = offset;
	range->sent.seq = b->conn.write_seq;
	range->sent.end_seq = b->conn.write_seq;
	sim_ranges_insert(all, all->end, range);

	return range;
}

/**
 * sim_body_write() - put what the program wrote on the send queue
 * @b: body
 * @offset: of its first octet in the stream
 * @len: bytes, not 0
 */
void sim_body_write(struct sim_body *b, u64 offset, u32 len)
{
	struct clasp_conn *c = &b->conn;
	struct sim_range *range = NULL;

	while (len) {
		u32 piece;

		range = tail_with_room(b, offset);
		piece = min(len, clasp_output_goal(c) -
				 (range->sent.end_seq - range->sent.seq));
		range->sent.end_seq += piece;
		c->write_seq += piece;
		offset += piece;
		len -= piece;
	}
	if (range)
		range->sent.push = true;
}

/**
 * sim_body_cut() - make two ranges of one
 * @all: send queue
 * @index: of the range
 * @len: bytes that stay in it; the rest follows in a range of its own
 */
void sim_body_cut(struct sim_ranges *all, u32 index, u32 len)
{
	struct sim_range *front = all->at[index], *back = new_range();

	*back = *front;
	back->sent.seq += len;
	back->offset += len;
	front->sent.end_seq = back->sent.seq;
	front->sent.push = false;
	back->order.next = NULL;
	sim_ranges_insert(all, index + 1, back);
}

struct clasp_sent *clasp_sent_split(struct clasp_conn *c,
				    struct clasp_sent *sent, u32 seq)
{
	struct sim_body *b = (struct sim_body *)sim_body(c);
	u32 index = sim_sent_index(&b->sent, sent->seq);
	struct clasp_sent *back;

	sim_body_cut(&b->sent, index, seq - sent->seq);
	/* the array may have moved */
	back = clasp_sent_next(c, sent);
	if (sim_sent(sent)->order.next)
		list_add(&sim_sent(back)->order, &sim_sent(sent)->order);

	return back;
}

/**
 * sim_body_sent() - a transmission leaves: its range is no longer unsent
 * @b: body
 * @tx: the transmission, of unsent data
 */
void sim_body_sent(struct sim_body *b, const struct clasp_tx *tx)
{
	struct sim_ranges *all = &b->unsent;

	if (tx->len < tx->sent->end_seq - tx->sent->seq)
		sim_body_cut(all, all->first, tx->len);
	sim_ranges_insert(&b->sent, b->sent.end,
			  sim_ranges_remove(all, all->first));
}

/**
 * sim_body_acked() - free what the peer has acknowledged whole
 * @b: body
 */
void sim_body_acked(struct sim_body *b)
{
	struct sim_range *first;

	while ((first = sim_ranges_first(&b->sent)) &&
	       seq_before_eq(first->sent.end_seq, b->conn.snd_una)) {
		clasp_order_del(&b->conn, &first->sent);
		free(sim_ranges_remove(&b->sent, b->sent.first));
	}
}

/**
 * sim_body_unhold() - forget a held range
 * @b: body
 * @held: one of its ranges
 */
void sim_body_unhold(struct sim_body *b, struct clasp_held *held)
{
	u32 index = sim_held_index(&b->held, held->seq);
	struct sim_range *range = sim_held(held);

	do
		index--;
	while (b->held.at[index] != range);
	sim_ranges_remove(&b->held, index);
	b->held_bytes -= held->end_seq - held->seq;
	free(range->bytes);
	free(range);
}

/**
 * sim_body_hold() - payload waits behind a gap
 * @b: body
 * @held: which
 * @bytes: what; copied
 *
 * Return: false when all of it was there already.
 */
bool sim_body_hold(struct sim_body *b, const struct clasp_held *held,
		   const u8 *bytes)
{
	u32 len = held->end_seq - held->seq;
	struct sim_range *new;
	struct clasp_held *old;

	if (!clasp_reasm_useful(&b->conn, held))
		return false;
	while ((old = clasp_reasm_superseded(&b->conn, held)))
		sim_body_unhold(b, old);
	if (clasp_sack_wants_store(&b->conn))
		b->annex.sacks.older = b->sacks;

	new = new_range();
	new->held = *held;
	new->bytes = must_have(malloc(len + 1));
	memcpy(new->bytes, bytes, len);
	sim_ranges_insert(&b->held, sim_held_index(&b->held, held->seq), new);
	b->held_bytes += len;

	return true;
}

static void purge(struct sim_ranges *all)
{
	while (sim_ranges_count(all))
		free(sim_ranges_remove(all, all->first));
	free(all->at);
	*all = (struct sim_ranges){};
}

/**
 * sim_body_purge() - the connection is over
 * @b: body
 */
void sim_body_purge(struct sim_body *b)
{
	purge(&b->sent);
	purge(&b->unsent);
	while (sim_ranges_count(&b->held))
		sim_body_unhold(b, &sim_ranges_first(&b->held)->held);
	purge(&b->held);
}
