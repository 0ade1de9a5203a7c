// SPDX-License-Identifier: GPL-2.0
/*
 * Recovery: from what arrives to what a sender believes of its path, and from
 * that to its window.
 *
 * RFC 5681 §3.2 and RFC 6582 (duplicates, partial acknowledgments), RFC 6675
 * (with SACK), RFC 8985 (RACK-TLP), RFC 6937 (the window meanwhile). Called by
 * ack.c for each acknowledgment and by timeout.c when a timer fires. Which
 * segments are lost stands in the scoreboard; output.c sends them again.
 *
 *	GOOD ---- a loss is found ----> RECOVERY ---- all of it acknowledged --> GOOD
 *	GOOD ---- congestion told ----> CWR -------- the same ----------------> GOOD
 *	any ----- nobody answers -----> LOSS ------- the same ----------------> GOOD
 *	RECOVERY, LOSS ---- nothing was lost after all (undo.c) --------------> GOOD
 */
#include "recovery.h"
#include "ack.h"
#include "event.h"
#include "probe.h"
#include "prr.h"
#include "rack.h"
#include "scoreboard.h"
#include "seq.h"
#include "timer.h"
#include "undo.h"

static void set_cwnd(struct clasp_conn *c, u32 cwnd, enum clasp_cwnd_why why)
{
	if (clasp_cong_governs(c) || c->cong.cwnd == cwnd)
		return;

	c->cong.cwnd = cwnd;
	clasp_tell_cwnd(c, why);
}

static void begin(struct clasp_conn *c, enum clasp_belief belief)
{
	/* from CWR the window is being reduced already */
	if (c->belief == CLASP_BELIEF_GOOD) {
		clasp_cong_loss(c);
		clasp_prr_start(c);
	}
	c->belief = belief;
	c->recover = c->snd_nxt;
}

static void enter(struct clasp_conn *c)
{
	clasp_undo_begin(c);
	begin(c, CLASP_BELIEF_RECOVERY);
	/* a loss that a probe brought to light is not counted once more */
	c->probe_out = false;
	c->probe_now = false;
	clasp_annex(c)->counts.fast_rtx++;
	clasp_tell_cwnd(c, CLASP_CWND_LOSS);
}

static void leave_at(struct clasp_conn *c, u32 cwnd)
{
	if (clasp_conn_reducing(c))
		set_cwnd(c, max(cwnd, clasp_conn_mss(c)),
			 CLASP_CWND_RECOVERED);
	if (c->belief >= CLASP_BELIEF_RECOVERY)
		clasp_rack_recovered(c);
	c->belief = CLASP_BELIEF_GOOD;
	clasp_undo_over(c);
}

/* All that was under way when it began is through. */
static void leave(struct clasp_conn *c)
{
	leave_at(c, min(c->cong.cwnd, c->cong.ssthresh));
}

/*
 * RFC 6582 §3.2 step 1: without SACK, duplicates of what was sent again before
 * do not mean another loss. With SACK it is RACK that knows what they mean
 * (RFC 8985 §6.2 step 4), unless they no longer tell of anything.
 */
static bool third_duplicate(const struct clasp_conn *c)
{
	return c->dupacks == CLASP_DUPACK_THRESHOLD &&
	       c->belief <= CLASP_BELIEF_CWR &&
	       !c->sacked && seq_after(c->snd_una, c->recover);
}

/* RFC 6582 §3.2 step 3: without SACK, a partial ACK names the next hole. */
static bool partial(const struct clasp_conn *c, const struct clasp_news *news)
{
	return c->belief == CLASP_BELIEF_RECOVERY && !c->sack_seen &&
	       news->sample.acked;
}

/* A segment that was too long for the path is sent again, and that is all. */
static bool is_congestion(const struct clasp_conn *c)
{
	return c->lost && c->lost > clasp_plpmtu_spared(c);
}

static void find_losses(struct clasp_conn *c, struct clasp_news *news)
{
	u32 *lost = &news->sample.lost;

	if (!READ_ONCE(c->settings->fast_retransmit))
		return;

	if (c->sack_seen && c->rack.sent_us) {
		*lost += clasp_rack_detect(c, news->sample.now_us);
		if (*lost)
			c->rtx_why = c->dupacks >= CLASP_DUPACK_THRESHOLD ?
				     CLASP_SEND_RTX_DUPACK : CLASP_SEND_RTX_RACK;
	}
	if (!c->lost && third_duplicate(c)) {
		*lost += clasp_scoreboard_lose_head(c);
		c->rtx_why = CLASP_SEND_RTX_DUPACK;
	} else if (partial(c, news)) {
		*lost += clasp_scoreboard_lose_head(c);
		c->rtx_why = CLASP_SEND_RTX_PARTIAL;
	}
	if (*lost && !is_congestion(c)) {
		*lost = 0;
		c->rtx_why = CLASP_SEND_RTX_MTU;
	}
}

/*
 * A window that is not being reduced, or is no window, is the controller's. It
 * does not grow by what ended its reduction (RFC 5681 §3.2 step 6): that
 * acknowledges the flight before.
 */
static void set_window(struct clasp_conn *c, const struct clasp_news *news,
		       bool advanced, bool was_reducing)
{
	u32 before = c->cong.cwnd;

	if (!was_reducing || clasp_cong_governs(c))
		clasp_cong_ack(c, &news->sample);
	if (!clasp_conn_reducing(c) || clasp_cong_governs(c))
		return;

	clasp_prr_update(c, news, advanced);
	if (c->cong.cwnd != before)
		clasp_tell_cwnd(c, CLASP_CWND_REDUCE);
}

/**
 * clasp_recovery_ack() - an acknowledgment has been taken
 * @c: connection; the caller owns it; scoreboard and windows are up to date
 * @seg: the segment
 * @news: what it told
 */
void clasp_recovery_ack(struct clasp_conn *c, const struct clasp_segment *seg,
			struct clasp_news *news)
{
	bool was_reducing = clasp_conn_reducing(c);
	bool advanced = news->sample.acked;

	clasp_undo_news(c, news);
	if (clasp_undo_due(c, news))
		clasp_undo_apply(c);
	if (c->belief != CLASP_BELIEF_GOOD &&
	    seq_after_eq(c->snd_una, c->recover))
		leave(c);

	clasp_rack_adapt(c, news);
	if (clasp_probe_repaired(c, seg, news))
		clasp_recovery_reduce(c);
	find_losses(c, news);
	if (c->belief <= CLASP_BELIEF_CWR && is_congestion(c))
		enter(c);

	clasp_rate_done(c, &news->sample);
	set_window(c, news, advanced, was_reducing);
	clasp_pace_update(c);
	/* stay close behind, or 2^31 octets later it would be ahead */
	if (c->belief == CLASP_BELIEF_GOOD)
		c->recover = seq_max(c->recover, c->snd_una - 1);
}

/**
 * clasp_recovery_reduce() - the path is congested, though nothing is missing
 * @c: connection; the caller owns it
 *
 * At most once a window of data (RFC 3168 §6.1.2).
 */
void clasp_recovery_reduce(struct clasp_conn *c)
{
	if (c->belief != CLASP_BELIEF_GOOD)
		return;

	c->undo.on = false;
	begin(c, CLASP_BELIEF_CWR);
	clasp_tell_cwnd(c, CLASP_CWND_LOSS);
	/* nothing is under way that would bring the window down */
	if (!clasp_conn_flight(c))
		leave_at(c, c->cong.ssthresh);
}

/**
 * clasp_recovery_reorder() - the reordering timer fired: what did not come by
 * now is lost
 * @c: connection; the caller owns it
 * @now_us: the time
 *
 * RFC 8985 §6.3.
 */
void clasp_recovery_reorder(struct clasp_conn *c, u64 now_us)
{
	struct clasp_news news = { .sample.now_us = now_us };

	find_losses(c, &news);
	if (!news.sample.lost)
		return;

	if (c->belief <= CLASP_BELIEF_CWR)
		enter(c);
	set_window(c, &news, false, true);
}

/**
 * clasp_recovery_timeout() - the retransmission timer fired
 * @c: connection; the caller owns it; @retries counts this timeout
 *
 * RFC 5681 §3.1 equation (4), RFC 6298 §5.4 and RFC 6582 §4: all that is under
 * way is held lost, and is sent again in slow start from one segment.
 */
void clasp_recovery_timeout(struct clasp_conn *c)
{
	bool first;

	/* held constant while the same data is timed out again */
	if (c->retries == 1) {
		/* RFC 5682 §2.1 step 1: not within a recovery */
		first = c->belief <= CLASP_BELIEF_CWR;
		if (first)
			clasp_undo_begin(c);
		c->undo.frto = first;
		clasp_cong_rto(c);
	}

	clasp_scoreboard_lose_all(c);
	c->belief = CLASP_BELIEF_LOSS;
	c->recover = c->snd_nxt;
	c->dupacks = 0;
	c->rtx_why = CLASP_SEND_RTX_TIMER;
	c->probe_out = false;
	c->probe_now = false;
	clasp_timer_stop(c, CLASP_TIMER_REORDER);
	set_cwnd(c, clasp_conn_mss(c), CLASP_CWND_TIMEOUT);
}

/**
 * clasp_recovery_mtu() - segments have become too long for the path
 * @c: connection; the caller owns it
 *
 * What was under way in longer ones did not get through; that is no congestion.
 */
void clasp_recovery_mtu(struct clasp_conn *c)
{
	if (!clasp_scoreboard_lose_long(c, clasp_conn_mss(c)))
		return;

	c->rtx_why = CLASP_SEND_RTX_MTU;
	c->recover = c->snd_nxt;
	c->undo.on = false;
	if (c->belief == CLASP_BELIEF_GOOD)
		c->belief = CLASP_BELIEF_LOSS;
}

/**
 * clasp_recovery_sent() - a range has been sent again
 * @c: connection; the caller owns it
 * @sent: the range, whole
 * @len: bytes of it
 * @now_us: the time
 */
void clasp_recovery_sent(struct clasp_conn *c, struct clasp_sent *sent,
			 u32 len, u64 now_us)
{
	sent->sent_us = now_us;
	clasp_scoreboard_again(c, sent);
	clasp_undo_sent(c, len, now_us);
	if (clasp_conn_reducing(c))
		clasp_prr_sent(c, len);
}
