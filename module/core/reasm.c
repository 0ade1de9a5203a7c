// SPDX-License-Identifier: GPL-2.0
/*
 * Reassembly: ranges that wait behind a gap, and their overlaps.
 *
 * RFC 9293 §3.10.7.4 ("segments with higher beginning sequence numbers SHOULD
 * be held for later processing"). Held ranges lie in the body in the order of
 * their first octets; they may overlap, but none lies within another, so that
 * their ends are in order too. What overlaps is skipped when it is pulled.
 *
 * For an out-of-order segment the body asks clasp_reasm_useful(), removes what
 * clasp_reasm_superseded() names until there is none, and inserts. When a gap
 * has filled (CLASP_TODO_HELD) it calls clasp_reasm_pull() until there is none.
 */
#include "reasm.h"
#include "event.h"
#include "input.h"
#include "sack.h"
#include "seq.h"

/* Does @outer make @inner superfluous? */
static bool covers(const struct clasp_held *outer,
		   const struct clasp_held *inner)
{
	return seq_before_eq(outer->seq, inner->seq) &&
	       seq_after_eq(outer->end_seq, inner->end_seq) &&
	       outer->fin >= inner->fin;
}

/**
 * clasp_reasm_useful() - does a range bring anything that is not held yet?
 * @c: connection; the caller owns it
 * @new: the range
 */
bool clasp_reasm_useful(const struct clasp_conn *c,
			const struct clasp_held *new)
{
	const struct clasp_held *before;

	before = clasp_held_before(c, new->seq);

	return !before || !covers(before, new);
}

/**
 * clasp_reasm_superseded() - what a new range makes superfluous
 * @c: connection; the caller owns it
 * @new: a useful range, not inserted yet
 *
 * Return: a held range that lies within @new, to be removed; or NULL.
 */
struct clasp_held *clasp_reasm_superseded(const struct clasp_conn *c,
					  const struct clasp_held *new)
{
	struct clasp_held *held;

	/* at the same first octet the held one comes "before" */
	held = clasp_held_before(c, new->seq);
	if (held && held->seq == new->seq && covers(new, held))
		return held;

	held = held ? clasp_held_next(c, held) : clasp_held_first(c);

	return held && covers(new, held) ? held : NULL;
}

/**
 * clasp_reasm_ready() - has the gap before the first held range filled?
 * @c: connection
 */
bool clasp_reasm_ready(const struct clasp_conn *c)
{
	const struct clasp_held *first = clasp_held_first(c);

	return first && seq_before_eq(first->seq, c->rcv_nxt);
}

/**
 * clasp_reasm_pull() - the next range that is no longer held back
 * @c: connection; the caller owns it
 * @skip: bytes at its front that have arrived before: all of them if the whole
 *	range has
 * @now_us: the time
 *
 * rcv_nxt moves behind it, and a FIN that follows it is taken. The body moves
 * what is left of it to the program's queue.
 *
 * Return: the range, or NULL when the first that is held waits behind a gap.
 */
struct clasp_held *clasp_reasm_pull(struct clasp_conn *c, u32 *skip, u64 now_us)
{
	struct clasp_held *held = clasp_held_first(c);

	if (!held || seq_after(held->seq, c->rcv_nxt))
		return NULL;

	/* nothing follows the peer's FIN */
	*skip = held->end_seq - held->seq;
	if (!clasp_conn_in(c, CLASP_IN_RECEIVING))
		return held;

	*skip = min(*skip, c->rcv_nxt - held->seq);
	clasp_annex(c)->counts.bytes_received +=
		held->end_seq - held->seq - *skip;
	c->rcv_nxt = seq_max(c->rcv_nxt, held->end_seq);
	clasp_sack_advance(c);
	if (held->fin && c->rcv_nxt == held->end_seq)
		clasp_input_fin(c, now_us);

	return held;
}
