/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an ACK says beyond its number.
 */
#ifndef CLASP_CORE_SACK_H
#define CLASP_CORE_SACK_H

#include "clasp_body.h"

/* Ranges besides the newest: what the body gives memory for. */
#define CLASP_SACK_OLDER	(CLASP_SACK_MAX - 1)

/**
 * clasp_sack_wants_store() - is there something to keep, and no place for it?
 * @c: connection; the caller owns it
 *
 * The body then sets the annex's sacks.older to memory for CLASP_SACK_OLDER ranges, which
 * it frees with the connection. As long as it has none, an ACK reports the
 * newest range alone.
 */
static inline bool clasp_sack_wants_store(const struct clasp_conn *c)
{
	return c->n_sacks && !clasp_annex(c)->sacks.older;
}

void clasp_sack_hold(struct clasp_conn *c, const struct clasp_held *held);
void clasp_sack_duplicate(struct clasp_conn *c, u32 start, u32 end);
void clasp_sack_advance(struct clasp_conn *c);
void clasp_sack_cut(struct clasp_conn *c, u32 edge);
void clasp_sack_add(const struct clasp_conn *c, struct clasp_segment *seg,
		    u8 *bytes);
void clasp_sack_sent(struct clasp_conn *c);
u32 clasp_sack_room(const struct clasp_conn *c);

#endif
