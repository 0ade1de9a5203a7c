/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is kept of a SYN.
 */
#ifndef CLASP_SYNSAVE_H
#define CLASP_SYNSAVE_H

#include "sock.h"

struct clasp_saved_syn *clasp_synsave_take(const struct sock *listener,
					   const struct sk_buff *skb,
					   const struct clasp_segment *syn);
void clasp_synsave_forget(struct sock *sk);

#endif
