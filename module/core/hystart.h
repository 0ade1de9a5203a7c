/* SPDX-License-Identifier: GPL-2.0 */
/*
 * When to leave slow start before it overflows a queue.
 */
#ifndef CLASP_CORE_HYSTART_H
#define CLASP_CORE_HYSTART_H

#include "base.h"

struct clasp_conn;
struct clasp_sample;

/**
 * struct clasp_hystart - one connection's slow start; names are RFC 9406's
 * @last_min_us: lastRoundMinRTT; 0 stands for infinity
 * @min_us: currentRoundMinRTT; 0 stands for infinity
 * @base_us: cssBaselineMinRtt; 0 stands for infinity, and for no CSS
 * @window_end: windowEnd
 * @samples: rttSampleCount
 * @css_rounds: round trips in Conservative Slow Start
 * @begun: there is a round
 */
struct clasp_hystart {
	u32	last_min_us;
	u32	min_us;
	u32	base_us;
	u32	window_end;
	u8	samples;
	u8	css_rounds;
	bool	begun;
};

void clasp_hystart_ack(struct clasp_conn *c, struct clasp_hystart *h,
		       const struct clasp_sample *s);

#endif
