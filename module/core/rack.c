// SPDX-License-Identifier: GPL-2.0
/*
 * RACK: a segment is lost when one that was sent later has arrived, and a while
 * has passed in which it could still have come.
 *
 * RFC 8985 §6. Time decides instead of counting duplicates, so that lost
 * retransmissions are found too, and reordering does no harm. Fed by
 * scoreboard.c with what arrives, asked by recovery.c after each
 * acknowledgment and when the reordering timer fires.
 */
#include "rack.h"
#include "ack.h"
#include "event.h"
#include "scoreboard.h"
#include "seq.h"
#include "timer.h"

#define DUPACK_THRESHOLD	3
#define WIDENED_MOST		16	/* quarters: four round trips */
#define PERSIST			16	/* recoveries, RFC 8985 §6.2 step 4 */

/* RACK_sent_after(): segments of one transmission are in sequence order. */
static bool sent_after(u64 sent_us, u32 end, u64 other_us, u32 other_end)
{
	return sent_us > other_us ||
	       (sent_us == other_us && seq_after(end, other_end));
}

/*
 * RFC 8985 §6.2 step 2: which copy of a segment has arrived? Not the last one,
 * if that would have been faster than the path is, or the timestamp is older.
 */
static bool is_of_earlier_copy(const struct clasp_conn *c,
			       const struct clasp_sent *sent,
			       const struct clasp_news *news)
{
	if (!(sent->marks & CLASP_SENT_TWICE))
		return false;
	if (news->echo &&
	    seq_before(news->tsecr,
		       clasp_timestamps_value(&c->ts, sent->sent_us)))
		return true;

	return news->sample.now_us - sent->sent_us < c->rto.min_rtt_us;
}

/**
 * clasp_rack_arrived() - something sent has arrived
 * @c: connection; the caller owns it
 * @sent: the range
 * @end: octet behind what of it has arrived
 * @news: of which acknowledgment
 */
void clasp_rack_arrived(struct clasp_conn *c, const struct clasp_sent *sent,
			u32 end, const struct clasp_news *news)
{
	struct clasp_rack *rack = &c->rack;

	if (is_of_earlier_copy(c, sent, news))
		return;

	/* also of what was overtaken: others may be as late */
	rack->rtt_us = min_t(u64, news->sample.now_us - sent->sent_us,
			     CLASP_RTO_MAX_US);
	if (rack->sent_us && !sent_after(sent->sent_us, end, rack->sent_us,
					 rack->end_seq))
		return;

	rack->sent_us = sent->sent_us;
	rack->end_seq = end;
}

/**
 * clasp_rack_adapt() - how much do segments overtake one another?
 * @c: connection; the caller owns it
 * @news: what the acknowledgment told
 *
 * RFC 8985 §6.2 step 3 and step 4: a D-SACK says that something was sent again
 * in vain, so the window was too small; it is widened once a round trip.
 */
void clasp_rack_adapt(struct clasp_conn *c, const struct clasp_news *news)
{
	struct clasp_rack *rack = &c->rack;

	if (news->overtaken) {
		rack->reordered = true;
		clasp_annex(c)->counts.overtaken++;
	}
	/* stay close behind, or 2^31 octets later it would be ahead */
	if (!rack->persist || seq_after(c->snd_una, rack->round))
		rack->round = c->snd_una;
	if (!news->dsack || seq_before(c->snd_una, rack->round))
		return;

	rack->round = c->snd_nxt;
	rack->persist = PERSIST;
	if (rack->widened < WIDENED_MOST)
		rack->widened++;
}

/**
 * clasp_rack_recovered() - a recovery has come to its end
 * @c: connection; the caller owns it
 */
void clasp_rack_recovered(struct clasp_conn *c)
{
	if (c->rack.persist && !--c->rack.persist)
		c->rack.widened = 0;
}

/*
 * RFC 8985 §6.2 step 4. As long as nothing was seen to overtake, the third
 * duplicate (by count or by what they tell of) means a loss, at once.
 */
static u32 reordering_window(const struct clasp_conn *c)
{
	u32 window_us;

	if (!c->rack.reordered &&
	    (c->belief >= CLASP_BELIEF_RECOVERY ||
	     c->dupacks >= DUPACK_THRESHOLD ||
	     c->sacked >= DUPACK_THRESHOLD * clasp_conn_mss(c)))
		return 0;
	if (!c->rto.srtt_us)
		return 0;

	window_us = (1 + c->rack.widened) * (c->rto.min_rtt_us / 4);

	return min(window_us, c->rto.srtt_us);
}

/**
 * clasp_rack_detect() - hold lost what should have come by now
 * @c: connection; the caller owns it
 * @now_us: the time
 *
 * RFC 8985 §6.2 step 5. Sets the reordering timer for what may still come.
 *
 * Return: bytes that are newly lost.
 */
u32 clasp_rack_detect(struct clasp_conn *c, u64 now_us)
{
	const struct clasp_rack *rack = &c->rack;
	u64 patience_us = (u64)rack->rtt_us + reordering_window(c);
	struct clasp_sent *sent, *next;
	u64 wait_us = 0;
	u32 lost = 0;

	for (sent = clasp_order_first(c); sent; sent = next) {
		next = clasp_order_next(c, sent);
		if (!sent_after(rack->sent_us, rack->end_seq, sent->sent_us,
				sent->end_seq))
			break;
		if (sent->sent_us + patience_us <= now_us)
			lost += clasp_scoreboard_lose(c, sent);
		else
			wait_us = sent->sent_us + patience_us;
	}
	if (wait_us)
		clasp_timer_set(c, CLASP_TIMER_REORDER, wait_us);
	else
		clasp_timer_stop(c, CLASP_TIMER_REORDER);

	return lost;
}
