// SPDX-License-Identifier: GPL-2.0
/*
 * Which ranges an ACK reports: what lies behind a gap (RFC 2018), and what has
 * come twice (RFC 2883).
 *
 * The held data itself lies in the body. Here is a list of at most 16 ranges of
 * it, in the order in which an ACK tells them: the one that the last segment
 * belongs to first, then those told before it, newest first (RFC 2018 §4), so
 * that each range is told several times before it falls out of the list. Ranges
 * in it neither overlap nor touch. Most connections have one gap at a time:
 * for more than the newest range the body gives memory once there are some.
 *
 * input.c and reasm.c tell what arrives, output.c asks for each ACK.
 */
#include "sack.h"
#include "seq.h"

#define RANGE_BYTES	8	/* on the wire */

static bool is_on(const struct clasp_conn *c)
{
	return READ_ONCE(c->settings->sack);
}

static struct clasp_range *range_at(const struct clasp_conn *c, unsigned int i)
{
	struct clasp_sacks *sacks = &clasp_annex(c)->sacks;

	return i ? &sacks->older[i - 1] : &sacks->newest;
}

static bool is_empty(const struct clasp_range *range)
{
	return range->start == range->end;
}

/* Do they overlap, or does one begin where the other ends? */
static bool touch(const struct clasp_range *a, const struct clasp_range *b)
{
	return seq_before_eq(a->start, b->end) &&
	       seq_before_eq(b->start, a->end);
}

/* Take those out that touch @new, which becomes what all of them cover. */
static void absorb(struct clasp_conn *c, struct clasp_range *new)
{
	unsigned int i, kept = 0;

	for (i = 0; i < c->n_sacks; i++) {
		struct clasp_range range = *range_at(c, i);

		if (touch(&range, new)) {
			new->start = seq_min(new->start, range.start);
			new->end = seq_max(new->end, range.end);
		} else {
			*range_at(c, kept++) = range;
		}
	}
	c->n_sacks = kept;
}

/* The oldest falls out when there is no room. */
static void put_first(struct clasp_conn *c, const struct clasp_range *new)
{
	struct clasp_sacks *sacks = &clasp_annex(c)->sacks;
	unsigned int i, room = sacks->older ? CLASP_SACK_MAX : 1;

	if (c->n_sacks < room)
		c->n_sacks++;
	for (i = c->n_sacks - 1; i; i--)
		*range_at(c, i) = *range_at(c, i - 1);
	sacks->newest = *new;
}

/*
 * What of @new is held already: RFC 2883 §4. Of several such pieces the first
 * is told.
 */
static struct clasp_range overlap(const struct clasp_conn *c,
				  const struct clasp_range *new)
{
	struct clasp_range first = { new->end, new->end };
	unsigned int i;

	for (i = 0; i < c->n_sacks; i++) {
		const struct clasp_range *old = range_at(c, i);
		u32 start = seq_max(old->start, new->start);
		u32 end = seq_min(old->end, new->end);

		if (seq_before(start, end) && seq_before(start, first.start))
			first = (struct clasp_range){ start, end };
	}

	return first;
}

/**
 * clasp_sack_hold() - a segment is held behind a gap
 * @c: connection; the caller owns it
 * @held: what of the segment is held; a FIN behind it counts as an octet
 */
void clasp_sack_hold(struct clasp_conn *c, const struct clasp_held *held)
{
	struct clasp_range new = { held->seq, held->end_seq + held->fin };
	struct clasp_range twice;

	if (!is_on(c))
		return;

	twice = overlap(c, &new);
	if (!is_empty(&twice))
		c->dsack = twice;
	absorb(c, &new);
	put_first(c, &new);
}

/**
 * clasp_sack_duplicate() - octets arrived that rcv_nxt is behind already
 * @c: connection; the caller owns it; an ACK is due
 * @start: first octet
 * @end: octet behind the last
 *
 * The next ACK tells it, and no other (RFC 2883 §4): it is about one segment.
 */
void clasp_sack_duplicate(struct clasp_conn *c, u32 start, u32 end)
{
	if (is_on(c))
		c->dsack = (struct clasp_range){ start, end };
}

/**
 * clasp_sack_advance() - rcv_nxt has moved: what it reached waits no more
 * @c: connection; the caller owns it
 */
void clasp_sack_advance(struct clasp_conn *c)
{
	unsigned int i, kept = 0;

	for (i = 0; i < c->n_sacks; i++) {
		struct clasp_range range = *range_at(c, i);

		if (seq_after(range.start, c->rcv_nxt))
			*range_at(c, kept++) = range;
	}
	c->n_sacks = kept;
}

/**
 * clasp_sack_cut() - held data was thrown away for want of memory
 * @c: connection; the caller owns it
 * @edge: nothing is held from here on
 *
 * RFC 2018 §8: later ACKs must not report it.
 */
void clasp_sack_cut(struct clasp_conn *c, u32 edge)
{
	unsigned int i, kept = 0;

	for (i = 0; i < c->n_sacks; i++) {
		struct clasp_range range = *range_at(c, i);

		range.end = seq_min(range.end, edge);
		if (seq_before(range.start, range.end))
			*range_at(c, kept++) = range;
	}
	c->n_sacks = kept;
}

static u8 *put_range(u8 *at, const struct clasp_range *range)
{
	put_unaligned_be32(range->start, at);
	put_unaligned_be32(range->end, at + 4);

	return at + RANGE_BYTES;
}

/**
 * clasp_sack_add() - put the option on a segment that leaves
 * @c: connection
 * @seg: segment with an ACK and without SYN and RST
 * @bytes: room for CLASP_SACK_MAX ranges; lives as long as @seg
 *
 * A D-SACK goes on segments without payload alone: a transmission with payload
 * may leave as several segments, and each would tell it.
 */
void clasp_sack_add(const struct clasp_conn *c, struct clasp_segment *seg,
		    u8 *bytes)
{
	u8 *at = bytes;
	unsigned int i;

	if (!is_on(c))
		return;

	if (!seg->len && !is_empty(&c->dsack))
		at = put_range(at, &c->dsack);
	for (i = 0; i < c->n_sacks; i++)
		if (at < bytes + CLASP_SACK_MAX * RANGE_BYTES)
			at = put_range(at, range_at(c, i));
	if (at == bytes)
		return;

	seg->has |= CLASP_HAS_SACK;
	seg->n_sack = (at - bytes) / RANGE_BYTES;
	seg->sack = bytes;
}

/**
 * clasp_sack_sent() - an ACK without payload has left
 * @c: connection; the caller owns it
 */
void clasp_sack_sent(struct clasp_conn *c)
{
	c->dsack = (struct clasp_range){};
}

/**
 * clasp_sack_room() - what the option takes from a segment's payload
 * @c: connection
 *
 * RFC 6691: options come off what is sent.
 *
 * Return: bytes, padding included.
 */
u32 clasp_sack_room(const struct clasp_conn *c)
{
	if (!c->n_sacks || !is_on(c))
		return 0;

	/* with timestamps its two bytes fill what would be padding */
	return (c->ts.on ? 0 : 4) + c->n_sacks * RANGE_BYTES;
}
