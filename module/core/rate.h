/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How fast the path delivers.
 */
#ifndef CLASP_CORE_RATE_H
#define CLASP_CORE_RATE_H

#include "base.h"

struct clasp_conn;
struct clasp_sample;
struct clasp_sent;

/**
 * struct clasp_rate - one connection's delivery, counted
 * @delivered: bytes known to have arrived, C.delivered; wraps
 * @lost: bytes found lost; wraps
 * @delivered_us: when @delivered grew last, low bits: C.delivered_time
 * @first_sent_us: when the flight being measured began, low bits:
 *	C.first_send_time
 * @app_limited: samples of what was sent before @delivered gets here tell of
 *	the program, not of the path; 0 for none
 */
struct clasp_rate {
	u32	delivered;
	u32	lost;
	u32	delivered_us;
	u32	first_sent_us;
	u32	app_limited;
};

void clasp_rate_sent(struct clasp_conn *c, struct clasp_sent *sent,
		     u64 now_us);
void clasp_rate_limited(struct clasp_conn *c);
void clasp_rate_delivered(const struct clasp_conn *c,
			  const struct clasp_sent *sent,
			  struct clasp_sample *s);
void clasp_rate_done(struct clasp_conn *c, struct clasp_sample *s);
u64 clasp_rate_of(u32 bytes, u32 us);

#endif
