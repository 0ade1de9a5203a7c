// SPDX-License-Identifier: GPL-2.0
/*
 * Urgent data: RFC 9293 §3.8.5, with the pointer as an option (docs/protocol.md
 * §3) that names the octet behind the urgent data by its own number, however far
 * ahead it lies.
 *
 * Sending, a write moves SND.UP behind itself, and every segment before that
 * tells so. Receiving, a pointer ahead of all that has come and of the last one
 * moves RCV.UP. To a program the octet before the pointer is the urgent one
 * (tcp(7)): it may be read out of line, and where it would have been is a mark
 * that a read does not go past.
 *
 * Asked by output.c and input.c for each segment, by the body for each write and
 * read.
 */
#include "urgent.h"
#include "input.h"

/* The option alone; beside others part of it is padding. */
#define ROOM	8	/* bytes */

/**
 * clasp_urgent_write() - what the program has written is urgent
 * @c: connection; the caller owns it; write_seq is behind the urgent data
 *
 * RFC 9293 §3.10.2. The peer is to hear of it though there be no window for the
 * data.
 */
void clasp_urgent_write(struct clasp_conn *c)
{
	c->snd_up = c->write_seq;
	c->urgent_due = true;
}

/**
 * clasp_urgent_add() - put URG and its option on a segment that leaves
 * @c: connection
 * @seg: segment with an ACK and without SYN and RST
 *
 * One that the peer will find old, as a window probe is, does not tell.
 */
void clasp_urgent_add(const struct clasp_conn *c, struct clasp_segment *seg)
{
	if (seq_before(seg->seq, c->snd_una) ||
	    seq_after_eq(seg->seq, c->snd_up))
		return;

	seg->flags |= CLASP_URG;
	seg->has |= CLASP_HAS_URG;
	seg->urg = c->snd_up;
}

/**
 * clasp_urgent_sent() - a segment has left
 * @c: connection; the caller owns it
 * @seg: the segment
 */
void clasp_urgent_sent(struct clasp_conn *c, const struct clasp_segment *seg)
{
	if (seg->has & CLASP_HAS_URG)
		c->urgent_due = false;
}

/**
 * clasp_urgent_acked() - SND.UNA has moved
 * @c: connection; the caller owns it
 *
 * An old pointer goes with it, lest half way round it looked like a new one.
 */
void clasp_urgent_acked(struct clasp_conn *c)
{
	c->snd_up = seq_max(c->snd_up, c->snd_una);
}

/**
 * clasp_urgent_room() - what the option takes from a segment's payload
 * @c: connection
 *
 * Return: bytes, padding included.
 */
u32 clasp_urgent_room(const struct clasp_conn *c)
{
	return seq_after(c->snd_up, c->snd_una) ? ROOM : 0;
}

/* Ahead of all that has come, and of the last one unless that is dealt with. */
static bool is_news(const struct clasp_conn *c, u32 urg)
{
	return seq_after(urg, c->rcv_nxt) &&
	       (c->urgent == CLASP_URGENT_NONE || seq_after(urg, c->rcv_up));
}

/* MUST-32 */
static void announce(struct clasp_conn *c, u32 urg, struct clasp_arrival *a)
{
	a->urgent_new = true;
	a->urgent_old_seq = clasp_urgent_seq(c);
	a->urgent_old = c->urgent != CLASP_URGENT_NONE &&
			seq_before(a->urgent_old_seq, c->rcv_nxt);
	c->rcv_up = urg;
	c->urgent = CLASP_URGENT_ANNOUNCED;
}

/**
 * clasp_urgent_input() - RFC 9293 §3.10.7.4, sixth: check the URG bit
 * @c: connection; the caller owns it
 * @seg: acceptable segment, its text not taken yet
 * @a: told what is new
 *
 * The octet counts as arrived whatever becomes of the text around it: behind a
 * gap, or when there is no window for it (MUST-66), it is urgent all the same.
 */
void clasp_urgent_input(struct clasp_conn *c, const struct clasp_segment *seg,
			struct clasp_arrival *a)
{
	u32 at;

	if (!clasp_conn_in(c, CLASP_IN_RECEIVING))
		return;
	if (seg->has & CLASP_HAS_URG && is_news(c, seg->urg))
		announce(c, seg->urg, a);
	if (c->urgent != CLASP_URGENT_ANNOUNCED)
		return;

	at = clasp_urgent_seq(c) - clasp_segment_text_seq(seg);
	if (at >= seg->len)
		return;

	c->urgent = CLASP_URGENT_ARRIVED;
	a->urgent_here = true;
	a->urgent_at = at;
}

/**
 * clasp_urgent_ahead() - how far a read may go
 * @c: connection
 * @seq: octet that comes next for the program
 * @len: octets that there are
 *
 * A read ends before the mark; one that begins at the mark passes it.
 *
 * Return: octets, not 0 unless @len is.
 */
u32 clasp_urgent_ahead(const struct clasp_conn *c, u32 seq, u32 len)
{
	u32 ahead = clasp_urgent_seq(c) - seq;

	return c->urgent != CLASP_URGENT_NONE && ahead ? min(ahead, len) : len;
}

/**
 * clasp_urgent_passed() - the program has read on
 * @c: connection; the caller owns it
 * @seq: octet that comes next for the program
 */
void clasp_urgent_passed(struct clasp_conn *c, u32 seq)
{
	if (seq_after(seq, clasp_urgent_seq(c)))
		c->urgent = CLASP_URGENT_NONE;
}
