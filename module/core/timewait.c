// SPDX-License-Identifier: GPL-2.0
/*
 * TIME_WAIT: RFC 9293 §3.10.7.4 and §3.6.1, RFC 1337, RFC 6191.
 *
 * The side that closed first waits 2 MSL, so that its last ACK can be sent
 * again (MUST-13) and no old segment meets a new connection. Nothing is left
 * of the connection but these few numbers; the body keeps them in a mini-socket.
 */
#include "timewait.h"
#include "event.h"
#include "seq.h"

/**
 * clasp_timewait_init() - keep what TIME_WAIT needs
 * @tw: filled in
 * @c: connection in TIME_WAIT, its last ACK sent
 * @now_us: the time
 */
void clasp_timewait_init(struct clasp_timewait *tw, const struct clasp_conn *c,
			 u64 now_us)
{
	*tw = (struct clasp_timewait){
		.expires_us	= now_us + CLASP_MS(c->settings->time_wait_ms),
		.ts		= c->ts,
		.snd_nxt	= c->snd_nxt,
		.rcv_nxt	= c->rcv_nxt,
		.rcv_wnd	= c->rcv_wnd,
		.local_port	= c->local_port,
		.remote_port	= c->remote_port,
	};
}

/*
 * RFC 6191 §2: a SYN opens a new incarnation when nothing of the old one could
 * be taken for it, by its timestamp or by its sequence number.
 */
static bool is_new_incarnation(const struct clasp_timewait *tw,
			       const struct clasp_segment *seg)
{
	if ((seg->flags & (CLASP_SYN | CLASP_ACK | CLASP_RST)) != CLASP_SYN)
		return false;

	if (tw->ts.on && seg->has & CLASP_HAS_TIMESTAMPS &&
	    seg->tsval != tw->ts.recent)
		return seq_after(seg->tsval, tw->ts.recent);

	return seq_after(seg->seq, tw->rcv_nxt);
}

static enum clasp_mini answer(struct clasp_timewait *tw,
			      const struct clasp_settings *settings, u64 now_us)
{
	u64 pause_us = CLASP_MS(READ_ONCE(settings->challenge_ack_ms));

	if (tw->answered_us && now_us - tw->answered_us < pause_us)
		return CLASP_MINI_DROP;
	tw->answered_us = now_us;

	return CLASP_MINI_ACK;
}

/**
 * clasp_timewait_input() - a segment for a connection in TIME_WAIT
 * @tw: the connection; the caller owns it
 * @settings: the namespace's
 * @seg: the segment
 * @now_us: the time
 * @why: set unless the answer is to open
 *
 * @tw->expires_us moves when a FIN restarts the wait.
 *
 * Return: CLASP_MINI_OPEN when a listener may take it as a new connection's
 * SYN; CLASP_MINI_ACK, CLASP_MINI_DROP.
 */
enum clasp_mini clasp_timewait_input(struct clasp_timewait *tw,
				     const struct clasp_settings *settings,
				     const struct clasp_segment *seg,
				     u64 now_us, enum clasp_drop *why)
{
	u32 end = clasp_segment_end_seq(seg);

	if (is_new_incarnation(tw, seg))
		return CLASP_MINI_OPEN;

	clasp_tell_in(NULL, seg);
	*why = CLASP_DROP_TIME_WAIT;

	/* RFC 1337: TIME_WAIT must not be assassinated */
	if (seg->flags & CLASP_RST)
		return CLASP_MINI_DROP;

	/* the peer's FIN again: our ACK was lost */
	if (seg->flags & CLASP_FIN && end == tw->rcv_nxt) {
		tw->expires_us = now_us + CLASP_MS(settings->time_wait_ms);
		return CLASP_MINI_ACK;
	}

	/* RFC 9293 §3.10.7.4, fifth: in the window, but without an ACK */
	if (!(seg->flags & (CLASP_ACK | CLASP_SYN)) &&
	    seq_between(tw->rcv_nxt, seg->seq, tw->rcv_nxt + tw->rcv_wnd))
		return CLASP_MINI_DROP;

	/* a good ACK, as a simultaneous close brings, asks for nothing */
	if (seg->flags & CLASP_ACK && seg->ack == tw->snd_nxt &&
	    end == seg->seq && seg->seq == tw->rcv_nxt)
		return CLASP_MINI_DROP;

	return answer(tw, settings, now_us);
}

/**
 * clasp_timewait_ack() - the answer to CLASP_MINI_ACK
 * @tw: the connection
 * @now_us: the time
 * @seg: filled in, to be sent
 */
void clasp_timewait_ack(const struct clasp_timewait *tw, u64 now_us,
			struct clasp_segment *seg)
{
	*seg = (struct clasp_segment){
		.source	= tw->local_port,
		.dest	= tw->remote_port,
		.seq	= tw->snd_nxt,
		.ack	= tw->rcv_nxt,
		.flags	= CLASP_ACK,
		.window	= tw->rcv_wnd,
	};
	if (tw->ts.on)
		clasp_timestamps_add(&tw->ts, seg, now_us);
	clasp_tell_out(NULL, seg, CLASP_SEND_ACK_FIN);
}

/**
 * clasp_timewait_isn() - where a new incarnation's numbers begin
 * @tw: the connection whose four-tuple it takes
 * @isn: from clasp_isn()
 *
 * RFC 9293 §3.6.1: above all that the old incarnation used, with a window's
 * room between.
 *
 * Return: ISS.
 */
u32 clasp_timewait_isn(const struct clasp_timewait *tw, u32 isn)
{
	u32 least = tw->snd_nxt + 65536;

	return seq_max(isn, least);
}

/**
 * clasp_timewait_reusable() - may our own connect() take the four-tuple?
 * @tw: the connection that has it
 * @now_us: the time
 *
 * RFC 6191 seen from the opener: with timestamps a second's distance for sure is
 * enough, since the peer's TIME_WAIT, or PAWS, tells old from new.
 */
bool clasp_timewait_reusable(const struct clasp_timewait *tw, u64 now_us)
{
	return tw->ts.on && clasp_timestamps_age_s(&tw->ts, now_us) > 1;
}
