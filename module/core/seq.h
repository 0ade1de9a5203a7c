/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Sequence numbers: 32 bits that wrap.
 *
 * RFC 9293 §3.4: "all arithmetic dealing with sequence numbers must be
 * performed modulo 2^32". a is before b when the signed difference is
 * negative, which holds as long as the two are less than 2^31 apart; windows
 * of at most 2^30 (docs/protocol.md) keep them so.
 */
#ifndef CLASP_CORE_SEQ_H
#define CLASP_CORE_SEQ_H

#include "base.h"

static inline bool seq_before(u32 a, u32 b)
{
	return (s32)(a - b) < 0;
}

static inline bool seq_after(u32 a, u32 b)
{
	return seq_before(b, a);
}

static inline bool seq_before_eq(u32 a, u32 b)
{
	return !seq_before(b, a);
}

static inline bool seq_after_eq(u32 a, u32 b)
{
	return !seq_before(a, b);
}

/* low <= seq <= high, in the order of the sequence space */
static inline bool seq_between(u32 low, u32 seq, u32 high)
{
	return high - low >= seq - low;
}

static inline u32 seq_max(u32 a, u32 b)
{
	return seq_before(a, b) ? b : a;
}

static inline u32 seq_min(u32 a, u32 b)
{
	return seq_before(a, b) ? a : b;
}

#endif
