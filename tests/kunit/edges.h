/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The edges of the state machine, copied out of RFC 9293 by hand.
 *
 * Figure 5 and the prose of §3.10, which has those that the figure leaves out
 * ("neither error conditions nor actions that are not connected with state
 * changes are addressed"). This list knows nothing of module/core/state.c, so
 * that a slip there is not copied here.
 */
#ifndef CLASP_TEST_EDGES_H
#define CLASP_TEST_EDGES_H

#include "state.h"

/**
 * struct edge - one transition
 * @from: state before
 * @move: what happens
 * @to: state after
 * @where: where RFC 9293 says so, or why Clasp does otherwise
 */
struct edge {
	u8		from;
	u8		move;
	u8		to;
	const char	*where;
};

extern const struct edge edges[];
extern const unsigned int edge_count;

/* Those of RFC 9293 that Clasp's table must not have. */
extern const struct edge edges_not_taken[];
extern const unsigned int edge_not_taken_count;

#endif
