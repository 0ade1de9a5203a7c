/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Congestion control: how much may be under way.
 *
 * A controller is a table of functions; the recovery from a loss (which
 * segment to send again) is recovery.c's and the same for all.
 */
#ifndef CLASP_CORE_CONG_H
#define CLASP_CORE_CONG_H

#include "base.h"

struct clasp_conn;

/**
 * struct clasp_cong - one connection's congestion state
 * @cwnd: congestion window, bytes
 * @ssthresh: slow start threshold, bytes
 * @acked: bytes acknowledged since @cwnd last grew in congestion avoidance
 */
struct clasp_cong {
	u32	cwnd;
	u32	ssthresh;
	u32	acked;
};

/**
 * struct clasp_cong_ops - a congestion controller
 * @name: as in /proc/sys/net/clasp/congestion_control
 * @unlimited: there is no congestion window at all
 * @init: the connection is established; its MSS is known
 * @on_ack: new data was acknowledged outside of fast recovery while the window
 *	was in use; @acked bytes of it
 * @on_loss: a loss was found by duplicate ACKs: set ssthresh
 * @on_rto: the retransmission timer fired for the first time for this data:
 *	set ssthresh
 */
struct clasp_cong_ops {
	const char	*name;
	bool		unlimited;
	void		(*init)(struct clasp_conn *c);
	void		(*on_ack)(struct clasp_conn *c, u32 acked);
	void		(*on_loss)(struct clasp_conn *c);
	void		(*on_rto)(struct clasp_conn *c);
};

extern const struct clasp_cong_ops clasp_reno;
extern const struct clasp_cong_ops clasp_cong_none;

const struct clasp_cong_ops *clasp_cong_find(const char *name);
void clasp_cong_start(struct clasp_conn *c);
void clasp_cong_ack(struct clasp_conn *c, u32 acked, u32 flight);
u32 clasp_cong_quota(const struct clasp_conn *c);

#endif
