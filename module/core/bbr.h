/* SPDX-License-Identifier: GPL-2.0 */
/*
 * BBR, between its two files: the model of the path, and what is made of it.
 */
#ifndef CLASP_CORE_BBR_H
#define CLASP_CORE_BBR_H

#include "base.h"
#include "conn.h"

#define CLASP_BBR_NONE		U32_MAX	/* no bound, no measurement */

/* Where a connection is: the draft's BBR.state. */
enum clasp_bbr_state {
	CLASP_BBR_STARTUP,
	CLASP_BBR_DRAIN,
	CLASP_BBR_DOWN,		/* ProbeBW: empty the queue */
	CLASP_BBR_CRUISE,	/* ProbeBW: leave room for others */
	CLASP_BBR_REFILL,	/* ProbeBW: fill the pipe, no queue yet */
	CLASP_BBR_UP,		/* ProbeBW: is there more? */
	CLASP_BBR_PROBE_RTT,
};

/* Which sending the acknowledgments that arrive are for: BBR.ack_phase. */
enum clasp_bbr_acks {
	CLASP_BBR_ACKS_INIT,
	CLASP_BBR_ACKS_REFILLING,
	CLASP_BBR_ACKS_STARTING,
	CLASP_BBR_ACKS_FEEDBACK,
	CLASP_BBR_ACKS_STOPPING,
};

/**
 * struct clasp_bbr - what BBR remembers of a connection
 *
 * Names are the draft's. Bandwidths are in units of 8 bytes a second, times in
 * microseconds or, where they go on for longer, the low bits of milliseconds.
 */
struct clasp_bbr {
	/* the model: bbr_model.c */
	u32	max_bw[2];		/* this probing cycle's, the last one's */
	u32	bw_lo;
	u32	bw_latest;
	u32	full_bw;
	u32	inflight_hi;
	u32	inflight_lo;
	u32	inflight_latest;
	u32	min_rtt_us;
	u32	min_rtt_ms;		/* when that was */
	u32	probe_rtt_min_us;
	u32	probe_rtt_min_ms;	/* when that was */
	u32	extra_acked[2];		/* these five rounds, the five before */
	u32	extra_us;		/* extra_acked_interval_start */
	u32	extra_delivered;
	u32	next_round_delivered;
	u32	loss_round_delivered;

	/* what is made of it: bbr.c */
	u32	cycle_ms;		/* when this phase began */
	u32	probe_rtt_done_us;	/* 0: not begun */
	u32	prior_cwnd;
	u16	probe_wait_ms;
	u8	state;
	u8	acks;
	u8	rounds_since_probe;
	u8	extra_rounds;
	u8	up_rounds;
	u8	full_bw_count;
	u8	loss_events;		/* in this round */

	bool	round_start : 1;
	bool	loss_round_start : 1;
	bool	loss_in_round : 1;
	bool	full_bw_now : 1;
	bool	full_bw_reached : 1;
	bool	probe_samples : 1;
	bool	probe_rtt_expired : 1;
	bool	probe_rtt_round_done : 1;
	bool	idle_restart : 1;
};

static inline struct clasp_bbr *clasp_bbr_of(const struct clasp_conn *c)
{
	return clasp_cong_priv((struct clasp_conn *)c, struct clasp_bbr);
}

static inline u32 clasp_bbr_ms(u64 now_us)
{
	return (u32)div_u64(now_us, USEC_PER_MSEC) ?: 1;
}

/* Is it @wait_ms or longer since @then_ms? Both low bits. */
static inline bool clasp_bbr_since(u64 now_us, u32 then_ms, u32 wait_ms)
{
	return clasp_bbr_ms(now_us) - then_ms > wait_ms;
}

/* bbr_model.c */
void clasp_bbr_model_init(struct clasp_conn *c, u64 now_us);
void clasp_bbr_measure(struct clasp_conn *c, const struct clasp_sample *s);
void clasp_bbr_advance(struct clasp_conn *c, const struct clasp_sample *s);
void clasp_bbr_new_round(struct clasp_conn *c);
void clasp_bbr_new_cycle(struct clasp_conn *c);
void clasp_bbr_min_rtt(struct clasp_conn *c, const struct clasp_sample *s);
void clasp_bbr_reset_full_bw(struct clasp_conn *c);
void clasp_bbr_reset_congestion(struct clasp_conn *c);
void clasp_bbr_reset_lower(struct clasp_conn *c);
bool clasp_bbr_too_high(const struct clasp_conn *c,
			const struct clasp_sample *s);
u32 clasp_bbr_max_bw(const struct clasp_conn *c);
u32 clasp_bbr_bw(const struct clasp_conn *c);
u32 clasp_bbr_bdp(const struct clasp_conn *c, u32 bw, u32 gain);
u32 clasp_bbr_extra(const struct clasp_conn *c);

#define CLASP_BBR_UNIT	256	/* a gain of 1 */

#endif
