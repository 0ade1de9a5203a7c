// SPDX-License-Identifier: GPL-2.0
/*
 * Fast retransmit and fast recovery: a gap in what the peer acknowledges.
 *
 * RFC 5681 §3.2 and RFC 6582 (NewReno). Called by ack.c for each
 * acknowledgment and by timeout.c when the retransmission timer fires. What
 * is held lost is the interval [rtx_seq, rtx_end); output.c sends it again.
 */
#include "recovery.h"
#include "event.h"
#include "seq.h"

#define DUPACK_THRESHOLD	3

/* The oldest segment is lost: send it again now, whatever cwnd says. */
static void lose_head(struct clasp_conn *c, enum clasp_send why)
{
	c->rtx_seq = c->snd_una;
	c->rtx_end = seq_min(c->snd_una + clasp_conn_mss(c), c->snd_nxt);
	c->rtx_why = why;
	c->rtx_force = true;
}

/* Unless the controller knows better. */
static void set_cwnd(struct clasp_conn *c, u32 cwnd, enum clasp_cwnd_why why)
{
	if (clasp_cong_governs(c))
		return;

	c->cong.cwnd = cwnd;
	clasp_tell_cwnd(c, why);
}

static void enter(struct clasp_conn *c)
{
	clasp_cong_loss(c);
	c->in_recovery = true;
	c->recover = c->snd_nxt;
	c->counts.fast_rtx++;
	lose_head(c, CLASP_SEND_RTX_DUPACK);

	/* RFC 5681 §3.2 steps 2 and 3: the three that have left the network */
	set_cwnd(c, c->cong.ssthresh + DUPACK_THRESHOLD * clasp_conn_mss(c),
		 CLASP_CWND_LOSS);
}

/*
 * RFC 5681 §3.2 step 4: another one has left the network. More than were in it
 * cannot have: what a peer says beyond that is made up.
 */
static void inflate(struct clasp_conn *c)
{
	u32 mss = clasp_conn_mss(c);
	u32 most = c->cong.ssthresh + max(c->recover - c->snd_una,
					  DUPACK_THRESHOLD * mss);

	if (c->cong.cwnd < most)
		set_cwnd(c, min(c->cong.cwnd + mss, most), CLASP_CWND_INFLATE);
}

/**
 * clasp_recovery_dupack() - a duplicate ACK arrived
 * @c: connection; the caller owns it
 *
 * By RFC 5681 §2's definition of one; ack.c has checked.
 */
void clasp_recovery_dupack(struct clasp_conn *c)
{
	c->counts.dupacks++;
	if (c->dupacks < U16_MAX)
		c->dupacks++;

	if (c->in_recovery) {
		inflate(c);
		return;
	}

	/*
	 * RFC 6582 §3.2 step 1: duplicates of what was sent again after a
	 * timeout do not mean another loss.
	 */
	if (c->dupacks == DUPACK_THRESHOLD &&
	    seq_after(c->snd_una, c->recover) &&
	    READ_ONCE(c->settings->fast_retransmit))
		enter(c);
}

static void leave(struct clasp_conn *c)
{
	u32 mss = clasp_conn_mss(c);

	/* RFC 6582 §3.2 step 3, full acknowledgment, option 1: no burst */
	c->in_recovery = false;
	set_cwnd(c, min(c->cong.ssthresh, max(clasp_conn_flight(c), mss) + mss),
		 CLASP_CWND_RECOVERED);
}

static void partial(struct clasp_conn *c, u32 acked)
{
	u32 cwnd = c->cong.cwnd - min(c->cong.cwnd, acked);
	u32 mss = clasp_conn_mss(c);

	/* RFC 6582 §3.2 step 3, partial acknowledgment: deflate, next hole */
	if (acked >= mss)
		cwnd += mss;
	set_cwnd(c, max(cwnd, mss), CLASP_CWND_PARTIAL);
	lose_head(c, CLASP_SEND_RTX_PARTIAL);
}

/**
 * clasp_recovery_ack() - new data was acknowledged; snd_una has moved
 * @c: connection; the caller owns it
 * @acked: bytes
 *
 * Return: true when this was part of a recovery, which governs cwnd itself.
 */
bool clasp_recovery_ack(struct clasp_conn *c, u32 acked)
{
	c->dupacks = 0;
	c->rtx_seq = seq_max(c->rtx_seq, c->snd_una);
	c->rtx_end = seq_max(c->rtx_end, c->rtx_seq);
	if (c->rtx_seq == c->rtx_end)
		c->rtx_force = false;

	if (!c->in_recovery) {
		/* stay close behind, or 2^31 octets later it would be ahead */
		c->recover = seq_max(c->recover, c->snd_una - 1);
		return false;
	}

	if (seq_after_eq(c->snd_una, c->recover))
		leave(c);
	else
		partial(c, acked);

	return true;
}

/**
 * clasp_recovery_timeout() - the retransmission timer fired
 * @c: connection; the caller owns it; @retries counts this timeout
 *
 * RFC 5681 §3.1 equation (4) and RFC 6582 §4: all that is under way is held
 * lost, and is sent again in slow start from one segment.
 */
void clasp_recovery_timeout(struct clasp_conn *c)
{
	/* held constant while the same data is timed out again */
	if (c->retries == 1)
		clasp_cong_rto(c);
	set_cwnd(c, clasp_conn_mss(c), CLASP_CWND_TIMEOUT);

	c->dupacks = 0;
	c->in_recovery = false;
	c->recover = c->snd_nxt;
	c->rtx_seq = c->snd_una;
	c->rtx_end = c->snd_nxt;
	c->rtx_why = CLASP_SEND_RTX_TIMER;
	c->rtx_force = true;
}
