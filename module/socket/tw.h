/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Mini-sockets in TIME_WAIT: what is left of a connection that closed first.
 */
#ifndef CLASP_TW_H
#define CLASP_TW_H

#include "sock.h"

int clasp_tw_init(void);
void clasp_tw_exit(void);

void clasp_tw_replace(struct sock *sk);
void clasp_tw_segment(struct clasp_tw *tw, struct sk_buff *skb,
		      struct clasp_segment *seg);
bool clasp_tw_reusable(struct clasp_tw *tw);
void clasp_tw_finish(struct clasp_tw *tw);
void clasp_tw_end(struct clasp_tw *tw);

#endif
