// SPDX-License-Identifier: GPL-2.0
/*
 * When to give up waiting for an acknowledgment.
 *
 * RFC 6298. Samples come from ack.c: from segments sent once (Karn), or from
 * timestamps (RFC 7323 §4). The timer itself is armed by output.c and ack.c,
 * and what happens when it fires stands in timeout.c.
 */
#include "rto.h"

/**
 * clasp_rto_init() - nothing is known of the path
 * @rto: estimator of a new connection
 */
void clasp_rto_init(struct clasp_rto *rto)
{
	*rto = (struct clasp_rto){
		.rto_us		= CLASP_RTO_INITIAL_US,
		.min_rtt_us	= U32_MAX,
	};
}

static void fold(struct clasp_rto *rto, u32 rtt_us)
{
	u32 delta;

	if (!rto->srtt_us) {
		/* §2.2: the first measurement */
		rto->srtt_us = rtt_us;
		rto->rttvar_us = rtt_us / 2;
		return;
	}

	/* §2.3, alpha = 1/8, beta = 1/4; RTTVAR before SRTT */
	delta = rtt_us > rto->srtt_us ? rtt_us - rto->srtt_us :
					rto->srtt_us - rtt_us;
	rto->rttvar_us = rto->rttvar_us - rto->rttvar_us / 4 + delta / 4;
	rto->srtt_us = max(rto->srtt_us - rto->srtt_us / 8 + rtt_us / 8, 1u);
}

/**
 * clasp_rto_sample() - fold one round-trip measurement into the estimate
 * @rto: estimator of the connection; the caller owns the connection
 * @rtt_us: measured round trip; 0 counts as 1, above the maximum as the maximum
 * @min_us: least margin to leave above the smoothed round trip
 *
 * §2.4 would round the whole timeout up. Here the minimum bounds the margin
 * instead, so that on a long, steady path, whose deviation decays to nothing,
 * a peer that delays one acknowledgment does not cause a retransmission.
 */
void clasp_rto_sample(struct clasp_rto *rto, u32 rtt_us, u32 min_us)
{
	u32 margin_us;

	rtt_us = clamp_t(u32, rtt_us, 1, CLASP_RTO_MAX_US);
	fold(rto, rtt_us);

	margin_us = max(4 * rto->rttvar_us, min_us);
	rto->rto_us = min_t(u64, (u64)rto->srtt_us + margin_us,
			    CLASP_RTO_MAX_US);
	rto->min_rtt_us = min(rto->min_rtt_us, rtt_us);
}

/**
 * clasp_rto_back_off() - the timer fired: wait twice as long (§5.5)
 * @rto: estimator of the connection
 */
void clasp_rto_back_off(struct clasp_rto *rto)
{
	if (clasp_rto_interval(rto) < CLASP_RTO_MAX_US)
		rto->backoff++;
}

/**
 * clasp_rto_interval() - how long to wait now
 * @rto: estimator of the connection
 *
 * Return: microseconds, backoff applied, at most CLASP_RTO_MAX_US.
 */
u32 clasp_rto_interval(const struct clasp_rto *rto)
{
	return min_t(u64, (u64)rto->rto_us << rto->backoff, CLASP_RTO_MAX_US);
}
