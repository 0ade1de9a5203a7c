/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Urgent data: a mark in the stream that the peer is told of ahead of it.
 */
#ifndef CLASP_CORE_URGENT_H
#define CLASP_CORE_URGENT_H

#include "conn.h"
#include "seq.h"

struct clasp_arrival;

/* How far the octet at the mark is; in clasp_conn.urgent. */
enum clasp_urgent {
	CLASP_URGENT_NONE,	/* there is no mark, or it was read past */
	CLASP_URGENT_ANNOUNCED,	/* the peer has told of it */
	CLASP_URGENT_ARRIVED,	/* the body has it */
	CLASP_URGENT_READ,	/* the program has it, out of line */
};

/* The urgent octet: the last one, as programs know it. */
static inline u32 clasp_urgent_seq(const struct clasp_conn *c)
{
	return c->rcv_up - 1;
}

/* Is the octet @seq, next for the program, the mark? */
static inline bool clasp_urgent_at(const struct clasp_conn *c, u32 seq)
{
	return c->urgent != CLASP_URGENT_NONE && seq == clasp_urgent_seq(c);
}

/* Something urgent has not been sent yet. */
static inline bool clasp_urgent_unsent(const struct clasp_conn *c)
{
	return seq_after(c->snd_up, c->snd_nxt);
}

void clasp_urgent_write(struct clasp_conn *c);
void clasp_urgent_add(const struct clasp_conn *c, struct clasp_segment *seg);
void clasp_urgent_sent(struct clasp_conn *c, const struct clasp_segment *seg);
void clasp_urgent_acked(struct clasp_conn *c);
u32 clasp_urgent_room(const struct clasp_conn *c);
void clasp_urgent_input(struct clasp_conn *c, const struct clasp_segment *seg,
			struct clasp_arrival *a);
u32 clasp_urgent_ahead(const struct clasp_conn *c, u32 seq, u32 len);
void clasp_urgent_passed(struct clasp_conn *c, u32 seq);

#endif
