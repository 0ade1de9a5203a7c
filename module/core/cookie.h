/* SPDX-License-Identifier: GPL-2.0 */
/*
 * SYN cookies: what a listener would remember of a SYN, in its answer.
 */
#ifndef CLASP_CORE_COOKIE_H
#define CLASP_CORE_COOKIE_H

#include "embryo.h"

#define CLASP_COOKIE_PERIOD_US	(64ull * USEC_PER_SEC)

/**
 * struct clasp_cookie_hash - keyed hashes of a four-tuple
 * @fixed: of nothing else
 * @now: of clasp_cookie_period() too
 * @before: of the period before
 *
 * The body has the key.
 */
struct clasp_cookie_hash {
	u32	fixed;
	u32	now;
	u32	before;
};

static inline u32 clasp_cookie_period(u64 now_us)
{
	return (u32)div_u64(now_us, CLASP_COOKIE_PERIOD_US);
}

bool clasp_cookie_wanted(const struct clasp_settings *settings, bool full);
bool clasp_cookie_recent(u64 sent_us, u64 now_us);
void clasp_cookie_syn_ack(const struct clasp_settings *settings,
			  const struct clasp_segment *syn,
			  const struct clasp_embryo_setup *setup,
			  const struct clasp_cookie_hash *hash, u64 now_us,
			  struct clasp_segment *seg);
bool clasp_cookie_recall(struct clasp_embryo *e,
			 const struct clasp_settings *settings,
			 const struct clasp_segment *seg,
			 struct clasp_embryo_setup *setup,
			 const struct clasp_cookie_hash *hash, u64 now_us);

#endif
