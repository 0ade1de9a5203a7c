/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How long to wait for an acknowledgment.
 */
#ifndef CLASP_CORE_RTO_H
#define CLASP_CORE_RTO_H

#include "base.h"

#define CLASP_RTO_INITIAL_US	(1 * USEC_PER_SEC)	/* RFC 6298 §2.1 */
#define CLASP_RTO_MAX_US	(128 * USEC_PER_SEC)	/* §2.5: at least 60 s */

/**
 * struct clasp_rto - the retransmission timer's estimator
 * @srtt_us: smoothed round-trip time; 0 before the first sample
 * @rttvar_us: its mean deviation
 * @rto_us: timeout, without backoff
 * @min_rtt_us: smallest sample seen; U32_MAX before the first
 * @backoff: how often the timeout has been doubled since the last new ACK
 */
struct clasp_rto {
	u32	srtt_us;
	u32	rttvar_us;
	u32	rto_us;
	u32	min_rtt_us;
	u8	backoff;
};

void clasp_rto_init(struct clasp_rto *rto);
void clasp_rto_sample(struct clasp_rto *rto, u32 rtt_us, u32 min_us);
void clasp_rto_back_off(struct clasp_rto *rto);
u32 clasp_rto_interval(const struct clasp_rto *rto);

#endif
