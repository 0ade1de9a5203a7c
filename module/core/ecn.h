/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Congestion that routers tell of before they drop.
 */
#ifndef CLASP_CORE_ECN_H
#define CLASP_CORE_ECN_H

#include "conn.h"

/* Values of the setting, which are tcp_ecn's. */
enum {
	CLASP_ECN_OFF	= 0,
	CLASP_ECN_ASK	= 1,	/* and grant */
	CLASP_ECN_GRANT	= 2,	/* when asked for */
};

u8 clasp_ecn_of_syn(const struct clasp_conn *c);
bool clasp_ecn_asked_for(const struct clasp_settings *settings,
			 const struct clasp_segment *syn);
void clasp_ecn_take_syn(struct clasp_conn *c, const struct clasp_segment *syn);
void clasp_ecn_start(struct clasp_conn *c);
void clasp_ecn_data(struct clasp_conn *c, const struct clasp_segment *seg);
void clasp_ecn_ack(struct clasp_conn *c, const struct clasp_segment *seg);
void clasp_ecn_reduced(struct clasp_conn *c);
void clasp_ecn_mark(const struct clasp_conn *c, struct clasp_segment *seg);
void clasp_ecn_sent_new(struct clasp_conn *c);

/* ECE, for a segment with ACK that leaves. */
static inline u8 clasp_ecn_echo(const struct clasp_conn *c)
{
	return c->ecn_echo ? CLASP_ECE : 0;
}

#endif
