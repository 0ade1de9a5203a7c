// SPDX-License-Identifier: GPL-2.0
/*
 * Windows: RFC 9293 §3.8.6.
 *
 * As receiver (§3.8.6.2.2): never offer less than before, and move the right
 * edge only by steps worth a segment. As sender: how much the peer will take.
 * The offer is made by output.c with each segment that leaves; the peer's is
 * read by ack.c.
 */
#include "window.h"
#include "clasp_body.h"
#include "delack.h"
#include "seq.h"

/* What is worth telling: a segment, or half of a buffer that takes none. */
static u32 window_step(const struct clasp_conn *c)
{
	return min_t(u32, c->rcv_buf / 2, c->rcv_mss);
}

/**
 * clasp_window_space() - what the receive buffer can take
 * @c: connection; the caller owns it
 * @free: bytes of payload that it could take now
 * @buf: bytes that it could take if it were empty
 *
 * The body calls this before it asks for segments to send.
 */
void clasp_window_space(struct clasp_conn *c, u32 free, u32 buf)
{
	u32 clamp = clasp_annex(c)->user.window_clamp;

	c->rcv_free = min_t(u32, free, CLASP_WINDOW_MAX);
	if (clamp)
		c->rcv_free = min(c->rcv_free, clamp);
	c->rcv_buf = min_t(u32, buf, CLASP_WINDOW_MAX);
	if (c->rcv_free >= window_step(c))
		c->rcv_exhausted = false;
}

/**
 * clasp_window_exhausted() - the body had no memory for what the window allowed
 * @c: connection; the caller owns it
 *
 * Segments may cost far more than their payload. What was promised is taken
 * back this once (SHLD-14 notwithstanding): a peer that is told of a window
 * and sees everything in it dropped would take us for dead after R2, while one
 * that sees no window probes for as long as it is answered (MUST-37).
 */
void clasp_window_exhausted(struct clasp_conn *c)
{
	c->rcv_exhausted = true;
	clasp_delack_now(c, CLASP_SEND_ACK_UNACCEPTABLE);
}

/**
 * clasp_window_left() - what is left of the window last told
 * @c: connection
 *
 * Return: bytes from rcv_nxt to the right edge.
 */
u32 clasp_window_left(const struct clasp_conn *c)
{
	u32 edge = c->rcv_wup + c->rcv_wnd;

	return seq_after(edge, c->rcv_nxt) ? edge - c->rcv_nxt : 0;
}

static u32 next_window(const struct clasp_conn *c)
{
	u32 left = clasp_window_left(c);

	if (c->rcv_exhausted)
		return 0;

	/*
	 * MUST-39, receiver's silly window avoidance: RCV.USER - RCV.WND at
	 * least a segment or half of the buffer, or the edge stays. And it
	 * never moves back (SHLD-14).
	 */
	if (c->rcv_free < left || c->rcv_free - left < window_step(c))
		return left;

	return c->rcv_free;
}

/**
 * clasp_window_offer() - the window for a segment that leaves now
 * @c: connection; the caller owns it
 *
 * Remembers what was told.
 *
 * Return: bytes from rcv_nxt on.
 */
u32 clasp_window_offer(struct clasp_conn *c)
{
	c->rcv_wnd = next_window(c);
	c->rcv_wup = c->rcv_nxt;

	return c->rcv_wnd;
}

/**
 * clasp_window_read() - the program has read: does the peer need to know?
 * @c: connection; clasp_window_space() was told
 *
 * An update goes out when it at least doubles what the peer has left, so that
 * a slow reader does not answer each octet with a segment.
 */
void clasp_window_read(struct clasp_conn *c)
{
	u32 left = clasp_window_left(c);
	u32 next;

	if (!clasp_conn_in(c, CLASP_IN(ESTABLISHED) | CLASP_IN(FIN_WAIT_1) |
			      CLASP_IN(FIN_WAIT_2)))
		return;
	if (left > c->rcv_buf / 2)
		return;

	next = next_window(c);
	if (next > left && next - left >= left)
		c->ack_why = CLASP_SEND_ACK_WINDOW;
}

/*
 * RFC 9293 §3.10.7.4: newer by its sequence number, or as new and with as much
 * acknowledged. One that acknowledges more is newer even if it carries old data
 * again: SND.UNA moves with it, so a window told from an older SND.UNA on would
 * reach beyond the peer's right edge.
 */
static bool is_newer(const struct clasp_conn *c,
		     const struct clasp_segment *seg)
{
	return seq_after(seg->seq, c->snd_wl1) ||
	       seq_after(seg->ack, c->snd_wl2) ||
	       (seg->seq == c->snd_wl1 && seg->ack == c->snd_wl2);
}

/**
 * clasp_window_update() - a segment tells the peer's window
 * @c: connection; the segment's ACK was found good
 * @seg: the segment
 *
 * Only one that is newer than the last one used counts. A window that shrinks
 * is taken as it is (MUST-34).
 */
void clasp_window_update(struct clasp_conn *c, const struct clasp_segment *seg)
{
	if (!is_newer(c, seg))
		return;

	c->snd_wnd = seg->window;
	c->snd_wl1 = seq_max(c->snd_wl1, seg->seq);
	c->snd_wl2 = seg->ack;
	c->max_snd_wnd = max(c->max_snd_wnd, c->snd_wnd);
}

/**
 * clasp_window_usable() - how much more the peer takes
 * @c: connection
 *
 * Return: bytes from snd_nxt on.
 */
u32 clasp_window_usable(const struct clasp_conn *c)
{
	u32 edge = c->snd_una + c->snd_wnd;

	if (!READ_ONCE(c->settings->flow_control))
		return CLASP_WINDOW_MAX;

	/* the edge may be behind what was sent, if it shrank */
	return seq_after(edge, c->snd_nxt) ? edge - c->snd_nxt : 0;
}

/**
 * clasp_window_limits() - does the peer's window keep a segment back?
 * @c: connection
 */
bool clasp_window_limits(const struct clasp_conn *c)
{
	if (!seq_before(c->snd_nxt, c->write_seq))
		return false;

	return clasp_window_usable(c) < min(c->write_seq - c->snd_nxt,
					    clasp_conn_mss(c));
}
