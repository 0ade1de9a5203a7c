// SPDX-License-Identifier: GPL-2.0
/*
 * Initial sequence numbers: RFC 6528, ISN = M + F(four-tuple, secret key).
 *
 * M, the clock, keeps a new incarnation of a connection clear of the old one's
 * segments (RFC 9293 MUST-8); F, a keyed hash that the body computes, keeps
 * strangers from guessing (MUST-9).
 */
#include "isn.h"

/**
 * clasp_isn() - choose an initial sequence number
 * @settings: the namespace's; isn_fixed gives the numbers of the textbook
 * @passive: are we the listening side?
 * @hash: F, a keyed hash of both addresses and ports
 * @now_us: the time; M ticks every 4 µs
 *
 * Return: ISS.
 */
u32 clasp_isn(const struct clasp_settings *settings, bool passive, u32 hash,
	      u64 now_us)
{
	if (settings->isn_fixed)
		return passive ? CLASP_ISN_FIXED_PASSIVE :
				 CLASP_ISN_FIXED_ACTIVE;

	return hash + (u32)(now_us / 4);
}
