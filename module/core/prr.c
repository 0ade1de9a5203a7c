// SPDX-License-Identifier: GPL-2.0
/*
 * Proportional rate reduction: while a window shrinks to ssthresh, what leaves
 * follows what arrives, in the proportion in which it shrinks.
 *
 * RFC 6937 (with RFC 9937's bound for acknowledgments that find no new loss).
 * Neither a pause of half a round trip nor a burst: at the end the window is
 * ssthresh, whatever was lost meanwhile. Asked by recovery.c.
 */
#include "prr.h"
#include "ack.h"

/**
 * clasp_prr_start() - the window is to be reduced; ssthresh says to what
 * @c: connection; the caller owns it
 */
void clasp_prr_start(struct clasp_conn *c)
{
	c->prr = (struct clasp_prr){
		.flight = max(clasp_cong_flight(c), 1u),
	};
}

/* RFC 6937 §3: more is in flight than will be. */
static s64 in_proportion(const struct clasp_conn *c)
{
	u64 share = (u64)c->prr.delivered * c->cong.ssthresh;

	return (s64)div_u64(share + c->prr.flight - 1, c->prr.flight) -
	       c->prr.out;
}

/* Less is: fill up, not faster than slow start would, and slower upon losses. */
static s64 filling_up(const struct clasp_conn *c, const struct clasp_news *news,
		      bool advanced)
{
	s64 limit = max_t(s64, (s64)c->prr.delivered - c->prr.out,
			  news->sample.delivered);

	if (advanced && !news->sample.lost)
		limit += clasp_conn_mss(c);

	return min_t(s64, limit,
		     (s64)c->cong.ssthresh - clasp_conn_in_flight(c));
}

/**
 * clasp_prr_update() - an acknowledgment arrived while the window is reduced
 * @c: connection; the caller owns it
 * @news: what it told
 * @advanced: it moved snd_una
 */
void clasp_prr_update(struct clasp_conn *c, const struct clasp_news *news,
		      bool advanced)
{
	u32 pipe = clasp_conn_in_flight(c);
	s64 more;

	c->prr.delivered += news->sample.delivered;
	if (pipe > c->cong.ssthresh)
		more = in_proportion(c);
	else
		more = filling_up(c, news, advanced);

	/*
	 * The first retransmission must not wait. Nor must the next hole that a
	 * partial acknowledgment names (RFC 6582 §3.2 step 3): nothing may be
	 * left under way that would bring another acknowledgment.
	 */
	if (!c->prr.out || !pipe || (!c->sack_seen && news->sample.lost))
		more = max_t(s64, more, clasp_conn_mss(c));
	c->cong.cwnd = min_t(s64, pipe + max_t(s64, more, 0), CLASP_WINDOW_MAX);
}

/**
 * clasp_prr_sent() - payload has left while the window is reduced
 * @c: connection; the caller owns it
 * @len: bytes
 */
void clasp_prr_sent(struct clasp_conn *c, u32 len)
{
	c->prr.out += len;
}
