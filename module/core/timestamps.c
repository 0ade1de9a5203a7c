// SPDX-License-Identifier: GPL-2.0
/*
 * Timestamps and PAWS, protection against wrapped sequence numbers.
 *
 * RFC 7323 §4 (what is echoed) and §5 (what is too old). Asked by input.c and
 * the mini-sockets when a segment arrives, by output.c when one leaves.
 */
#include "timestamps.h"
#include "seq.h"

/*
 * RFC 7323 §5.5: a TS.Recent this old says nothing, since the peer's clock may
 * have gone half way round.
 */
#define PAWS_IDLE_S	(24 * 24 * 3600)

/**
 * clasp_timestamps_age_s() - how long ago the peer's timestamp was taken
 * @ts: the connection's timestamps
 * @now_us: the time
 *
 * Return: seconds; one more or less than have passed, since fractions are not
 * kept.
 */
u32 clasp_timestamps_age_s(const struct clasp_timestamps *ts, u64 now_us)
{
	return (u32)div_u64(now_us, USEC_PER_SEC) - ts->recent_s;
}

/**
 * clasp_timestamps_value() - what our clock says to the peer
 * @ts: the connection's timestamps
 * @now_us: the time
 *
 * Return: TSval, milliseconds with the connection's own offset.
 */
u32 clasp_timestamps_value(const struct clasp_timestamps *ts, u64 now_us)
{
	return (u32)div_u64(now_us, USEC_PER_MSEC) + ts->offset;
}

/**
 * clasp_timestamps_add() - put the option on a segment that leaves
 * @ts: the connection's timestamps
 * @seg: the segment
 * @now_us: the time
 */
void clasp_timestamps_add(const struct clasp_timestamps *ts,
			  struct clasp_segment *seg, u64 now_us)
{
	seg->has |= CLASP_HAS_TIMESTAMPS;
	seg->tsval = clasp_timestamps_value(ts, now_us);
	/* RFC 7323 §3.2: TSecr is valid only with ACK, else zero */
	seg->tsecr = seg->flags & CLASP_ACK ? ts->recent : 0;
}

/**
 * clasp_timestamps_take() - remember a timestamp as TS.Recent
 * @ts: the connection's timestamps
 * @tsval: from the peer
 * @now_us: the time
 */
void clasp_timestamps_take(struct clasp_timestamps *ts, u32 tsval, u64 now_us)
{
	ts->recent = tsval;
	ts->recent_s = div_u64(now_us, USEC_PER_SEC);
}

/**
 * clasp_timestamps_old() - is the segment from before the numbers wrapped?
 * @ts: the connection's timestamps, in force
 * @seg: a segment that carries the option
 * @now_us: the time
 *
 * RFC 7323 §5.3 R1.
 */
bool clasp_timestamps_old(const struct clasp_timestamps *ts,
			  const struct clasp_segment *seg, u64 now_us)
{
	return seq_before(seg->tsval, ts->recent) &&
	       clasp_timestamps_age_s(ts, now_us) < PAWS_IDLE_S;
}

/**
 * clasp_timestamps_note() - should the segment's timestamp be echoed?
 * @ts: the connection's timestamps
 * @seg: an acceptable segment; its ACK was found good
 * @last_ack_sent: RCV.NXT as last told to the peer
 * @now_us: the time
 *
 * RFC 7323 §4.3: echo the timestamp of the segment that the next ACK is for,
 * the earliest one not yet acknowledged.
 */
void clasp_timestamps_note(struct clasp_timestamps *ts,
			   const struct clasp_segment *seg, u32 last_ack_sent,
			   u64 now_us)
{
	if (!ts->on || !(seg->has & CLASP_HAS_TIMESTAMPS))
		return;
	if (seq_after(seg->seq, last_ack_sent))
		return;
	/* old only by idleness: the clock went round, take it */
	if (clasp_timestamps_old(ts, seg, now_us))
		return;

	clasp_timestamps_take(ts, seg->tsval, now_us);
}
