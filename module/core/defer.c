// SPDX-License-Identifier: GPL-2.0
/*
 * CLASP_DEFER_ACCEPT: no connection before there is data on it.
 *
 * A listener that has nothing to say before its peer has need not be woken for
 * a bare ACK: the embryo stays one until data comes. The time that the program
 * gives is kept as the number of timeouts that it lasts (tcp(7)); while the peer
 * is known to be there nothing is sent, and the last timeout asks it once more,
 * which opens the connection whatever it answers. Asked by embryo.c.
 */
#include "defer.h"

/* How long the timeout behind this many others is. */
static int interval_s(u8 tries)
{
	u64 us = (u64)CLASP_RTO_INITIAL_US << min_t(u8, tries, 31);

	return (int)div_u64(min_t(u64, us, CLASP_RTO_MAX_US), USEC_PER_SEC);
}

/**
 * clasp_defer_tries() - a time, in timeouts
 * @seconds: what the program says; 0 or less: do not defer
 *
 * Return: how many it takes until that much has passed.
 */
u8 clasp_defer_tries(int seconds)
{
	u8 tries = 0;

	while (seconds > 0 && tries < U8_MAX)
		seconds -= interval_s(tries++);

	return tries;
}

/**
 * clasp_defer_seconds() - timeouts, as a time
 * @tries: from clasp_defer_tries()
 */
int clasp_defer_seconds(u8 tries)
{
	int seconds = 0;

	while (tries)
		seconds += interval_s(--tries);

	return seconds;
}

/**
 * clasp_defer_holds() - is the answer to our SYN ACK not enough yet?
 * @e: embryo
 * @seg: an ACK that would open the connection
 *
 * Data and a FIN are: somebody has something to say, or to end.
 */
bool clasp_defer_holds(const struct clasp_embryo *e,
		       const struct clasp_segment *seg)
{
	return e->retries < e->defer &&
	       clasp_segment_end_seq(seg) == e->irs + 1;
}

/**
 * clasp_defer_timeout() - neither ACK nor data, or no data
 * @e: embryo
 * @most: how often a SYN ACK that is not acknowledged is sent again
 *
 * Return: CLASP_MINI_SYN_ACK to send it again, CLASP_MINI_DROP to wait on,
 * CLASP_MINI_END to forget the embryo.
 */
enum clasp_mini clasp_defer_timeout(const struct clasp_embryo *e, u8 most)
{
	bool waits = e->acked && e->retries < e->defer;

	if (e->retries >= most && !waits)
		return CLASP_MINI_END;
	if (waits && e->retries + 1 < e->defer)
		return CLASP_MINI_DROP;

	return CLASP_MINI_SYN_ACK;
}
