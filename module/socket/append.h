/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Ways from the program's memory into the send queue.
 */
#ifndef CLASP_APPEND_H
#define CLASP_APPEND_H

#include "sock.h"

struct ubuf_info;

/**
 * struct clasp_append - one write
 * @msg: what there is to queue, and how
 * @pinned: who is told when pages of the program's are no longer used
 *	(MSG_ZEROCOPY), or NULL
 * @counted: @pinned is the error queue's, and this write one of those it counts
 */
struct clasp_append {
	struct msghdr		*msg;
	struct ubuf_info	*pinned;
	bool			counted;
};

int clasp_append_begin(struct sock *sk, struct clasp_append *a);
int clasp_append(struct sock *sk, struct clasp_append *a);
void clasp_append_end(struct clasp_append *a, bool any);

#endif
