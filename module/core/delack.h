/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When to acknowledge what arrived.
 */
#ifndef CLASP_CORE_DELACK_H
#define CLASP_CORE_DELACK_H

#include "base.h"
#include "reason.h"

struct clasp_conn;

/**
 * struct clasp_delack - one connection's acknowledging
 * @last_us: when data arrived last, low bits of the clock; 0: never
 * @wait_us: how long an ACK waits; learned, 0 for as the setting says
 * @last_len: payload of the segment before, if no write ended there
 * @quick: how many ACKs more do not wait at all
 * @answers: what arrives is answered by the program: an ACK rides on that
 */
struct clasp_delack {
	u32	last_us;
	u32	wait_us;
	u16	last_len;
	u8	quick;
	bool	answers;
};

void clasp_delack_start(struct clasp_conn *c);
void clasp_delack_measure(struct clasp_conn *c, u32 len, bool push);
void clasp_delack_data(struct clasp_conn *c, u32 len, u64 now_us);
void clasp_delack_now(struct clasp_conn *c, enum clasp_send why);
void clasp_delack_later(struct clasp_conn *c, u64 now_us);
void clasp_delack_gap(struct clasp_conn *c);
void clasp_delack_answered(struct clasp_conn *c, u64 now_us);
void clasp_delack_sent(struct clasp_conn *c);
void clasp_delack_timeout(struct clasp_conn *c);
void clasp_delack_quick(struct clasp_conn *c, bool quick);
u32 clasp_delack_wait(const struct clasp_conn *c);

#endif
