// SPDX-License-Identifier: GPL-2.0
/*
 * Packetization-layer path MTU discovery: RFC 4821, RFC 8899.
 *
 * A path may take less than the route says, and no ICMP error arrive that tells
 * (a black hole): then small segments pass and full ones never do. When the
 * retransmission timer has fired R1 times in a row this may be why: segments
 * become as small as nearly every path takes, and then a larger one is tried
 * now and then, with data in it. If it is acknowledged, the path takes as much;
 * if it is retransmitted, the path does not, which says nothing of congestion.
 * Between the two the search halves the distance.
 *
 * net.clasp.mtu_probing: 0 never, 1 after a black hole, 2 from the beginning.
 */
#include "plpmtu.h"
#include "clasp_body.h"
#include "scoreboard.h"
#include "seq.h"

#define BASE		1024	/* RFC 4821 §7.2: passes nearly everywhere */
#define CLOSE_ENOUGH	32	/* between @low and @high */
#define AGAIN_S		600	/* RFC 4821 §7.3: the path may have changed */

static bool is_searching(const struct clasp_conn *c)
{
	return c->plpmtu.low;
}

/* The most that is worth a try. */
static u16 top(const struct clasp_conn *c)
{
	return min(c->plpmtu.route, c->peer_mss);
}

static void use(struct clasp_conn *c)
{
	c->path_mss = min(c->plpmtu.route, c->plpmtu.low);
}

static void begin(struct clasp_conn *c)
{
	struct clasp_plpmtu *p = &c->plpmtu;

	if (is_searching(c) || min(c->path_mss, c->peer_mss) <= BASE)
		return;

	p->route = c->path_mss;
	p->low = BASE;
	p->high = top(c);
	use(c);
}

/**
 * clasp_plpmtu_start() - the connection is established
 * @c: connection; the caller owns it
 */
void clasp_plpmtu_start(struct clasp_conn *c)
{
	if (READ_ONCE(c->settings->mtu_probing) == CLASP_MTU_PROBING_ALWAYS)
		begin(c);
}

/**
 * clasp_plpmtu_black_hole() - nothing is acknowledged: R1
 * @c: connection; the caller owns it; what it sends again may be smaller
 */
void clasp_plpmtu_black_hole(struct clasp_conn *c)
{
	struct clasp_plpmtu *p = &c->plpmtu;

	if (READ_ONCE(c->settings->mtu_probing) == CLASP_MTU_PROBING_NEVER)
		return;

	begin(c);
	/* what was found has changed: the search begins anew */
	if (is_searching(c)) {
		p->probe = 0;
		p->low = min_t(u16, p->low, BASE);
		p->high = top(c);
		use(c);
	}
}

/**
 * clasp_plpmtu_route() - the route says how much the path takes
 * @c: connection; the caller owns it
 * @path_mss: as the route says
 *
 * Return: as far as that can be believed.
 */
u16 clasp_plpmtu_route(struct clasp_conn *c, u16 path_mss)
{
	struct clasp_plpmtu *p = &c->plpmtu;

	if (!is_searching(c))
		return path_mss;

	if (p->route != path_mss) {
		p->route = path_mss;
		p->high = top(c);
	}

	return min(p->route, p->low);
}

/* The top first: it is right where the black hole was an outage. */
static u16 next_size(const struct clasp_conn *c)
{
	const struct clasp_plpmtu *p = &c->plpmtu;

	return p->high == top(c) ? p->high : (p->low + p->high + 1) / 2;
}

/**
 * clasp_plpmtu_wants() - should the next new segment be a probe?
 * @c: connection; the caller owns it
 * @queued: bytes of payload that can go into it
 * @now_us: the time
 *
 * Not while anything is lost: its loss would mean nothing.
 *
 * Return: its payload, or 0.
 */
u32 clasp_plpmtu_wants(struct clasp_conn *c, u32 queued, u64 now_us)
{
	struct clasp_plpmtu *p = &c->plpmtu;
	u32 len;

	if (!is_searching(c) || p->probe || c->retries || c->lost ||
	    c->belief != CLASP_BELIEF_GOOD)
		return 0;
	if (p->high < p->low + CLOSE_ENOUGH) {
		if (p->low >= top(c) ||
		    (s32)((u32)div_u64(now_us, USEC_PER_SEC) - p->again_s) < 0)
			return 0;
		p->high = top(c);
	}

	len = clasp_conn_mss(c) + next_size(c) - c->path_mss;
	if (c->user_mss && len > c->user_mss)
		return 0;

	return len <= queued ? len : 0;
}

/**
 * clasp_plpmtu_sent() - the probe has left
 * @c: connection; the caller owns it
 * @end: octet behind it
 */
void clasp_plpmtu_sent(struct clasp_conn *c, u32 end)
{
	c->plpmtu.probe = next_size(c);
	c->plpmtu.probe_end = end;
}

/**
 * clasp_plpmtu_spared() - what is held lost, and no sign of congestion
 * @c: connection
 *
 * RFC 4821 §7.6: a probe that is lost alone was too long. What is sent again in
 * its place is as long as all segments, and counts as they do: see
 * clasp_scoreboard_lose().
 *
 * Return: bytes of clasp_conn.lost.
 */
u32 clasp_plpmtu_spared(const struct clasp_conn *c)
{
	const struct clasp_sent *sent;
	u32 spared = 0;

	if (!is_searching(c))
		return 0;

	for (sent = clasp_sent_at(c, c->plpmtu.probe_end - 1);
	     sent && sent->marks & CLASP_SENT_PROBE &&
	     seq_after(sent->end_seq, c->snd_una);
	     sent = clasp_sent_prev(c, sent))
		if (sent->marks & CLASP_SENT_LOST)
			spared += clasp_scoreboard_len(c, sent);

	return spared;
}

/**
 * clasp_plpmtu_acked() - new data was acknowledged; snd_una has moved
 * @c: connection; the caller owns it
 */
void clasp_plpmtu_acked(struct clasp_conn *c)
{
	struct clasp_plpmtu *p = &c->plpmtu;

	if (!p->probe || seq_before(c->snd_una, p->probe_end))
		return;

	p->low = p->probe;
	p->probe = 0;
	use(c);
}

/**
 * clasp_plpmtu_resent() - something was sent again
 * @c: connection; the caller owns it
 * @seq: first octet
 * @end: octet behind the last
 * @now_us: the time
 */
void clasp_plpmtu_resent(struct clasp_conn *c, u32 seq, u32 end, u64 now_us)
{
	struct clasp_plpmtu *p = &c->plpmtu;

	if (!p->probe || !seq_before(seq, p->probe_end) ||
	    seq_before(end, p->probe_end))
		return;

	p->high = p->probe - 1;
	p->probe = 0;
	p->again_s = (u32)div_u64(now_us, USEC_PER_SEC) + AGAIN_S;
}
