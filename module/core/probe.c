// SPDX-License-Identifier: GPL-2.0
/*
 * Tail loss probes: when the last segments of a flight are lost, nothing
 * follows that would tell. So ask, long before the retransmission timer.
 *
 * RFC 8985 §7. A probe is new data if there is some, else the last segment
 * again; what comes back tells RACK what is lost. Armed by clasp_output_wake(),
 * sent by output.c, its answer read by recovery.c.
 */
#include "probe.h"
#include "ack.h"
#include "event.h"
#include "rto.h"
#include "seq.h"
#include "timer.h"

#define PEER_DELAY_US	(200 * USEC_PER_MSEC)	/* TLP.max_ack_delay, §7.2 */
#define FIRST_US	(1 * USEC_PER_SEC)

/* §7.2: SACK is supported, nothing is SACKED, and no recovery is on. */
static bool wanted(const struct clasp_conn *c)
{
	return READ_ONCE(c->settings->tlp) && READ_ONCE(c->settings->sack) &&
	       !c->probe_out && !c->probe_now &&
	       c->belief <= CLASP_BELIEF_CWR && !c->sacked && !c->retries &&
	       !clasp_conn_opening(c) && clasp_conn_flight(c) &&
	       clasp_timer_runs(c, CLASP_TIMER_RETRANSMIT);
}

/* §7.2: PTO. */
static u32 interval(const struct clasp_conn *c)
{
	u32 pto_us;

	if (!c->rto.srtt_us)
		return FIRST_US;

	pto_us = 2 * min_t(u32, c->rto.srtt_us, CLASP_RTO_MAX_US / 2);
	/* a lone segment may have its acknowledgment delayed */
	if (clasp_conn_flight(c) <= clasp_conn_mss(c))
		pto_us += PEER_DELAY_US;

	return pto_us;
}

/**
 * clasp_probe_arm() - set the probe's timer, if one is of use
 * @c: connection; the caller owns it
 * @now_us: the time
 */
void clasp_probe_arm(struct clasp_conn *c, u64 now_us)
{
	u64 rto_us;

	if (!wanted(c)) {
		clasp_timer_stop(c, CLASP_TIMER_PROBE);
		return;
	}
	if (clasp_timer_runs(c, CLASP_TIMER_PROBE))
		return;

	rto_us = clasp_timer_at(c, CLASP_TIMER_RETRANSMIT, now_us);
	clasp_timer_set(c, CLASP_TIMER_PROBE,
			min(now_us + interval(c), rto_us));
}

/**
 * clasp_probe_timeout() - nothing was heard for two round trips
 * @c: connection; the caller owns it
 * @now_us: the time
 *
 * §7.3: the retransmission timer begins anew, whether the probe leaves or not.
 */
void clasp_probe_timeout(struct clasp_conn *c, u64 now_us)
{
	if (!wanted(c))
		return;

	c->probe_now = true;
	clasp_timer_set(c, CLASP_TIMER_RETRANSMIT,
			now_us + clasp_rto_interval(&c->rto));
}

/**
 * clasp_probe_repeat() - the last segment that was sent, as a range of its own
 * @c: connection; the caller owns it
 *
 * Return: the range; NULL when nothing but a FIN is under way, or when there is
 * no memory to cut it off.
 */
struct clasp_sent *clasp_probe_repeat(struct clasp_conn *c)
{
	struct clasp_sent *sent = clasp_sent_last(c);
	u32 mss, cut;

	if (!sent || !seq_after(sent->end_seq, c->snd_una))
		return NULL;

	mss = max_t(u32, sent->mss, 1);
	cut = sent->seq + (sent->end_seq - sent->seq - 1) / mss * mss;
	if (seq_before_eq(cut, seq_max(sent->seq, c->snd_una)))
		return sent;

	return clasp_sent_split(c, sent, cut);
}

/**
 * clasp_probe_sent() - a probe has left
 * @c: connection; the caller owns it
 * @again: it repeats what was sent before
 */
void clasp_probe_sent(struct clasp_conn *c, bool again)
{
	c->probe_now = false;
	c->probe_out = true;
	c->probe_again = again;
	c->probe_end = c->snd_nxt;
	/* §7.3: the retransmission timer begins anew */
	clasp_timer_stop(c, CLASP_TIMER_RETRANSMIT);
}

/**
 * clasp_probe_repaired() - read the answer to a probe
 * @c: connection; the caller owns it
 * @seg: the segment, its acknowledgment taken
 * @news: what that told
 *
 * §7.4.2: a probe that repeated a segment may have filled the only gap without
 * anybody noticing a loss. Unless both copies arrived, which a D-SACK or a
 * duplicate tells.
 *
 * Return: true when it has, and congestion control should hear of it.
 */
bool clasp_probe_repaired(struct clasp_conn *c, const struct clasp_segment *seg,
			  const struct clasp_news *news)
{
	bool duplicate = !news->sample.acked && !(seg->has & CLASP_HAS_SACK);

	if (!c->probe_out || seq_before(seg->ack, c->probe_end))
		return false;

	if (c->probe_again && !news->dsack) {
		if (seq_after(seg->ack, c->probe_end)) {
			c->probe_out = false;
			return true;
		}
		if (!duplicate)
			return false;
	}
	c->probe_out = false;

	return false;
}
