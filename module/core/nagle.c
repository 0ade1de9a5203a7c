// SPDX-License-Identifier: GPL-2.0
/*
 * Few full segments instead of many small ones: RFC 9293 §3.7.4 (Nagle) and
 * §3.8.6.2.1 (the sender's silly window avoidance).
 *
 * Asked by output.c for each piece of new data.
 */
#include "nagle.h"
#include "clasp_body.h"
#include "seq.h"
#include "urgent.h"

/* Minshall's form: only an unacknowledged small segment holds the next. */
static bool nagle_allows(const struct clasp_conn *c)
{
	if (c->nodelay || !READ_ONCE(c->settings->nagle))
		return true;

	return seq_before_eq(c->snd_sml, c->snd_una) ||
	       seq_after(c->snd_sml, c->snd_nxt);
}

/**
 * clasp_nagle_trim() - how much of it may leave now
 * @c: connection
 * @len: bytes from snd_nxt on that windows allow
 * @queued: bytes in the range they are from
 * @more: another range follows
 *
 * MUST-38. A segment is worth sending (1) when full; (2, 3) when it ends what
 * the program wrote, and Nagle allows it, a FIN follows or it is urgent; (4)
 * when it fills half of the largest window the peer ever had; or when the
 * override timer says so, or a tail loss probe is due (RFC 8985 §7.3). A range
 * that ends short although another follows was cut for an older segment size: it
 * goes as it is. A program that has corked the stream, or says that more follows
 * at once, wants full segments alone; until the override timer fires, since
 * nothing is held for ever (MUST-60).
 *
 * Return: bytes, whole segments with at most a permitted short one behind.
 */
u32 clasp_nagle_trim(const struct clasp_conn *c, u32 len, u32 queued, bool more)
{
	u32 tail = len % clasp_conn_mss(c);

	if (!tail || c->override || c->probe_now)
		return len;
	if (len == queued &&
	    (more || c->fin_wanted || clasp_urgent_unsent(c)))
		return len;
	if (clasp_annex(c)->user.corked || c->more_follows)
		return len - tail;
	if (len == queued && nagle_allows(c))
		return len;
	if (c->max_snd_wnd && tail >= c->max_snd_wnd / 2)
		return len;

	return len - tail;
}
