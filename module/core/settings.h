/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The knobs of a network namespace that decisions look at.
 *
 * The body fills one of these for each namespace from /proc/sys/net/clasp;
 * tests fill their own. The switches (bool) exist so that a lesson can turn
 * one mechanism off and see what it was good for. They may change at any
 * moment: read each once per decision.
 */
#ifndef CLASP_CORE_SETTINGS_H
#define CLASP_CORE_SETTINGS_H

#include "base.h"

struct clasp_cong_ops;

enum {
	CLASP_MTU_PROBING_NEVER,
	CLASP_MTU_PROBING_BLACK_HOLE,
	CLASP_MTU_PROBING_ALWAYS,
};

enum {
	CLASP_SYNCOOKIES_OFF,
	CLASP_SYNCOOKIES_PRESSURE,
	CLASP_SYNCOOKIES_ALWAYS,
};

struct clasp_settings {
	const struct clasp_cong_ops *congestion_control;

	u32	time_wait_ms;		/* 2 MSL */
	u32	fin_timeout_ms;		/* FIN_WAIT_2 without a program */
	u32	rto_min_ms;		/* RFC 6298 §2.4, but 200 ms */
	u32	delayed_ack_ms;		/* RFC 9293 MUST-40: under 500 */
	u32	initial_cwnd;		/* segments, RFC 6928 */
	u32	challenge_ack_ms;	/* at most one answer in this time */

	u32	keepalive_time_s;	/* MUST-28: two hours */
	u32	keepalive_intvl_s;

	u8	ecn;			/* RFC 3168: CLASP_ECN_* */
	u8	mtu_probing;		/* CLASP_MTU_PROBING_* */
	u8	syncookies;		/* CLASP_SYNCOOKIES_* */
	u8	keepalive_probes;
	u8	syn_retries;		/* MUST-23 */
	u8	synack_retries;
	u8	retries1;		/* R1: doubt the route, MUST-20 */
	u8	retries2;		/* R2: give up */
	u8	orphan_retries;		/* R2 when no program waits */

	bool	moderate_rcvbuf;	/* fit the buffer to the path */
	bool	sack;			/* tell and use RFC 2018's ranges */
	bool	timestamps;		/* offer and accept RFC 7323 */
	bool	delayed_ack;
	bool	nagle;
	bool	fast_retransmit;
	bool	tlp;			/* tail loss probes, RFC 8985 §7 */
	bool	frto;			/* undo a spurious timeout, RFC 5682 */
	bool	flow_control;		/* false: the peer's window is ignored */
	bool	isn_fixed;		/* 1000 and 5000, as in the textbook */
};

void clasp_settings_init(struct clasp_settings *settings);

#endif
