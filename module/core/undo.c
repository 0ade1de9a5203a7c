// SPDX-License-Identifier: GPL-2.0
/*
 * Undoing a recovery that was not needed: a segment was late, not lost.
 *
 * Three witnesses: D-SACK (RFC 3708: all that was sent again had arrived
 * before), timestamps (Eifel, RFC 3522: what is acknowledged was sent before
 * the retransmission), and F-RTO (RFC 5682: after a timeout something arrives
 * that was sent once). The window becomes what it was (RFC 4015).
 */
#include "undo.h"
#include "ack.h"
#include "clasp_body.h"
#include "scoreboard.h"
#include "seq.h"

/**
 * clasp_undo_begin() - a recovery begins
 * @c: connection; the caller owns it; @belief still tells what was before
 *
 * A window that was being reduced already, for congestion that was told, is not
 * to be given back.
 *
 * What the recovery before, or a tail loss probe, sent again may still be under
 * way. It may bring a D-SACK, and will be acknowledged with a timestamp from
 * before this one's first retransmission, and is no witness for that: the stamp
 * remains the earlier one's.
 */
void clasp_undo_begin(struct clasp_conn *c)
{
	c->undo.una = c->snd_una;
	c->undo.again = c->again;
	c->undo.on = c->belief == CLASP_BELIEF_GOOD;
	c->undo.over = false;
	if (!c->again)
		c->undo.sent = false;
}

/**
 * clasp_undo_over() - a recovery has come to its end
 * @c: connection; the caller owns it
 *
 * What was late comes before its copy: the D-SACK that tells so often comes
 * after all is acknowledged (RFC 3708 §3). It is waited for one round trip.
 */
void clasp_undo_over(struct clasp_conn *c)
{
	c->undo.over = true;
	c->undo.end = c->snd_nxt;
}

/**
 * clasp_undo_sent() - something was sent again
 * @c: connection; the caller owns it
 * @len: bytes
 * @now_us: the time
 */
void clasp_undo_sent(struct clasp_conn *c, u32 len, u64 now_us)
{
	if (c->undo.on)
		c->undo.again += len;
	if (!c->undo.sent)
		c->undo.stamp = clasp_timestamps_value(&c->ts, now_us);
	c->undo.sent = true;
}

/**
 * clasp_undo_news() - did the peer get something twice?
 * @c: connection; the caller owns it
 * @news: what an acknowledgment told
 */
void clasp_undo_news(struct clasp_conn *c, const struct clasp_news *news)
{
	if (c->undo.over && seq_after(c->snd_una, c->undo.end))
		c->undo.on = false;
	if (c->undo.on && news->dsack &&
	    !seq_before(news->dsack_start, c->undo.una))
		c->undo.again -= min(c->undo.again,
				     news->dsack_end - news->dsack_start);
}

static bool eifel(const struct clasp_conn *c, const struct clasp_news *news)
{
	return news->echo && news->sample.acked &&
	       seq_before(news->tsecr, c->undo.stamp);
}

/*
 * Only right after a timeout: what arrives then and was sent once was under way
 * all the time. A peer without SACK may just have held it behind the gap. So may
 * one of which only the last ACK got through, if that acknowledges all (RFC 5682
 * §3.1 step 2a).
 */
static bool f_rto(const struct clasp_conn *c, const struct clasp_news *news)
{
	return c->belief == CLASP_BELIEF_LOSS && c->undo.frto && c->sack_seen &&
	       news->original && seq_before(c->snd_una, c->recover) &&
	       READ_ONCE(c->settings->frto);
}

/**
 * clasp_undo_due() - was the recovery spurious?
 * @c: connection; the caller owns it
 * @news: what an acknowledgment told
 */
bool clasp_undo_due(const struct clasp_conn *c, const struct clasp_news *news)
{
	if (!c->undo.on || !c->undo.sent)
		return false;
	if (!c->undo.again)
		return true;

	return !c->undo.over && (eifel(c, news) || f_rto(c, news));
}

/**
 * clasp_undo_apply() - give back what was taken
 * @c: connection; the caller owns it
 */
void clasp_undo_apply(struct clasp_conn *c)
{
	clasp_scoreboard_unlose(c);
	c->belief = CLASP_BELIEF_GOOD;
	c->undo.on = false;
	clasp_annex(c)->counts.undone++;
	clasp_cong_undo(c);
}
