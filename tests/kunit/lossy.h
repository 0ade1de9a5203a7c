/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connection of bare.h and a path that loses: what the peer tells, what is
 * sent again, and whether the scoreboard's counts add up.
 *
 * Numbers count from BARE_SEQ on. ack.c and the files that it calls must work.
 */
#ifndef CLASP_TEST_LOSSY_H
#define CLASP_TEST_LOSSY_H

#include "bare.h"

#define LOSSY_RTT	(80 * (u64)USEC_PER_MSEC)
#define LOSSY_LATER	(BARE_NOW + LOSSY_RTT)

struct clasp_conn *lossy_conn(struct kunit *test, unsigned int segments);
struct clasp_conn *lossy_range(struct kunit *test, u32 len);

/* What the peer tells, at a time. */
void lossy_acks_at(struct clasp_conn *c, u32 len, u64 now_us);
void lossy_acks(struct clasp_conn *c, u32 len);
void lossy_dupacks(struct clasp_conn *c, int times);

/**
 * struct lossy_sack - one SACK range, from BARE_SEQ on
 * @from: first octet
 * @to: octet behind the last
 */
struct lossy_sack {
	u32	from;
	u32	to;
};

struct clasp_segment lossy_segment(struct clasp_conn *c, u32 ack,
				   const struct lossy_sack *sacks,
				   unsigned int n);
#define LOSSY_SEGMENT(c, ack, ...)					       \
	lossy_segment(c, ack, ((const struct lossy_sack[]){ __VA_ARGS__ }),    \
		      sizeof((const struct lossy_sack[]){ __VA_ARGS__ }) /     \
		      sizeof(struct lossy_sack))
#define LOSSY_SACKS_AT(c, now_us, ack, ...)				       \
	do {								       \
		struct clasp_segment lossy_seg =			       \
			LOSSY_SEGMENT(c, ack, __VA_ARGS__);		       \
									       \
		clasp_ack_take(c, &lossy_seg, now_us);			       \
	} while (0)
#define LOSSY_SACKS(c, ack, ...) \
	LOSSY_SACKS_AT(c, LOSSY_LATER, ack, __VA_ARGS__)

/* What leaves. */
u32 lossy_resends_at(struct clasp_conn *c, u64 now_us);
u32 lossy_resends(struct clasp_conn *c);
u32 lossy_sends_new(struct clasp_conn *c);
void lossy_times_out(struct clasp_conn *c);

/* The scoreboard. */
u8 lossy_marks(struct clasp_conn *c, u32 at);
void lossy_adds_up(struct kunit *test, struct clasp_conn *c);

#endif
