// SPDX-License-Identifier: GPL-2.0
/*
 * Explicit congestion notification: RFC 3168.
 *
 * A router whose queue grows marks packets (CE) instead of dropping them, if
 * the sender says that it will understand (ECT). The receiver echoes that with
 * ECE on every acknowledgment, until CWR tells it that the sender has slowed
 * down: an echo that is lost is made again.
 *
 * Asked by input.c and embryo.c for the handshake (§6.1.1) and for data that
 * arrives (§6.1.3), by ack.c for the echo (§6.1.2), by output.c for what leaves.
 */
#include "ecn.h"
#include "delack.h"
#include "seq.h"

#define SETUP	(CLASP_ECE | CLASP_CWR)

/* A SYN that had to be sent again may have been dropped for its bits. */
static bool is_asking(const struct clasp_conn *c)
{
	return c->ecn_asking && !c->retries;
}

/**
 * clasp_ecn_of_syn() - control bits for our SYN
 * @c: connection in SYN_SENT or, with the ACK of the peer's, in SYN_RCVD
 *
 * §6.1.1 and §6.1.1.1.
 */
u8 clasp_ecn_of_syn(const struct clasp_conn *c)
{
	if (c->state != CLASP_SYN_SENT)
		return c->ecn_on ? CLASP_ECE : 0;

	return is_asking(c) ? SETUP : 0;
}

/**
 * clasp_ecn_asked_for() - does the peer's SYN ask, and do we grant it?
 * @settings: the namespace's
 * @syn: the SYN, without an ACK
 */
bool clasp_ecn_asked_for(const struct clasp_settings *settings,
			 const struct clasp_segment *syn)
{
	return READ_ONCE(settings->ecn) != CLASP_ECN_OFF &&
	       (syn->flags & SETUP) == SETUP;
}

/**
 * clasp_ecn_take_syn() - the peer's SYN arrives in SYN_SENT
 * @c: connection
 * @syn: the SYN, with the ACK of ours or without
 *
 * A SYN ACK with both bits is from a peer that echoes what it does not know. One
 * that answers a SYN of ours that asked, though we asked no more, is believed:
 * the peer may send with ECT, and who heard of nothing must echo (§6.1.1).
 */
void clasp_ecn_take_syn(struct clasp_conn *c, const struct clasp_segment *syn)
{
	if (syn->flags & CLASP_ACK)
		c->ecn_on = c->ecn_asking && (syn->flags & SETUP) == CLASP_ECE;
	else
		c->ecn_on = clasp_ecn_asked_for(c->settings, syn);
}

/**
 * clasp_ecn_start() - the connection is established
 * @c: connection; the caller owns it
 */
void clasp_ecn_start(struct clasp_conn *c)
{
	c->ecn_end = c->snd_una - 1;
}

/**
 * clasp_ecn_data() - acceptable data has arrived
 * @c: connection; the caller owns it
 * @seg: the segment
 *
 * §6.1.3. The first mark is told at once: a small window waits for the ACK.
 */
void clasp_ecn_data(struct clasp_conn *c, const struct clasp_segment *seg)
{
	if (!c->ecn_on || !seg->len)
		return;

	if (seg->flags & CLASP_CWR)
		c->ecn_echo = false;
	if (!seg->ce)
		return;
	if (!c->ecn_echo)
		clasp_delack_now(c, CLASP_SEND_ACK_NOW);
	c->ecn_echo = true;
}

/**
 * clasp_ecn_reduced() - the congestion window was reduced, for whatever reason
 * @c: connection; the caller owns it
 *
 * §6.1.2: what is under way now was sent before that, and its marks, or its
 * losses, are of the same congestion.
 */
void clasp_ecn_reduced(struct clasp_conn *c)
{
	c->ecn_cwr = c->ecn_on;
	c->ecn_end = c->snd_nxt;
}

/**
 * clasp_ecn_ack() - an acknowledgment may tell of congestion
 * @c: connection; recovery and congestion control have seen it
 * @seg: the segment; its ACK was found good
 *
 * §6.1.2: slow down once a window of data.
 */
void clasp_ecn_ack(struct clasp_conn *c, const struct clasp_segment *seg)
{
	/* up to what was sent next, which has told the peer with CWR */
	if (!seq_after(c->snd_una, c->ecn_end))
		return;

	/* stay close behind, or 2^31 octets later it would be ahead */
	c->ecn_end = c->snd_una - 1;
	if (!c->ecn_on || !(seg->flags & CLASP_ECE) ||
	    c->belief != CLASP_BELIEF_GOOD)
		return;

	clasp_cong_ecn(c);
	clasp_ecn_reduced(c);
}

/**
 * clasp_ecn_mark() - new data leaves
 * @c: connection
 * @seg: the segment
 *
 * §6.1.4 to §6.1.6: ECT on new data alone. A retransmission, a pure ACK or a
 * window probe with it would let a mark be lost, or an attacker make one up.
 */
void clasp_ecn_mark(const struct clasp_conn *c, struct clasp_segment *seg)
{
	if (!c->ecn_on)
		return;

	seg->ect = true;
	if (c->ecn_cwr)
		seg->flags |= CLASP_CWR;
}

/**
 * clasp_ecn_sent_new() - new data has left
 * @c: connection; the caller owns it
 */
void clasp_ecn_sent_new(struct clasp_conn *c)
{
	c->ecn_cwr = false;
}
