// SPDX-License-Identifier: GPL-2.0
/*
 * A send buffer that a congestion window can be filled from.
 *
 * What is sent stays in the buffer until it is acknowledged, a round trip
 * later. One window is on its way; the program needs room for the next, which
 * in slow start is twice as large.
 *
 * Asked by the body when a program waits for room.
 */
#include "sndtune.h"

/**
 * clasp_sndtune_wanted() - how large the send buffer should be
 * @c: connection that has sent what it may
 *
 * Return: bytes of payload; 0 when the window is full, so that no more of the
 * program's data could leave if there were any.
 */
u32 clasp_sndtune_wanted(const struct clasp_conn *c)
{
	if (clasp_cong_quota(c) < clasp_conn_mss(c))
		return 0;

	return min(c->cong.cwnd, CLASP_WINDOW_MAX / 2) * 2;
}
