// SPDX-License-Identifier: GPL-2.0
/*
 * How much may be under way, whichever controller decides.
 *
 * RFC 5681 (slow start, the window after a pause), RFC 6928 (the initial
 * window), RFC 7661 (a window that was not used does not grow). Called by ack.c
 * and recovery for what happened, by output.c for what may leave.
 */
#include "cong.h"
#include "conn.h"
#include "ecn.h"
#include "event.h"
#include "seq.h"
#include "timer.h"

#define NONVALIDATED_MS		(5 * 60 * 1000u)	/* RFC 7661 §3 */

static void none_init(struct clasp_conn *c)
{
}

static void none_on_ack(struct clasp_conn *c, const struct clasp_sample *s)
{
}

/* No congestion control, for the lesson on what it is good for. */
const struct clasp_cong_ops clasp_cong_none = {
	.name		= "none",
	.flags		= CLASP_CONG_UNLIMITED | CLASP_CONG_GOVERNS,
	.init		= none_init,
	.on_ack		= none_on_ack,
	.on_loss	= none_init,
	.on_rto		= none_init,
};

const struct clasp_cong_ops * const clasp_cong_builtin[] = {
	&clasp_reno,
	&clasp_cubic,
	&clasp_bbr,
	&clasp_cong_none,
};

const unsigned int clasp_cong_builtins = ARRAY_SIZE(clasp_cong_builtin);

/**
 * clasp_cong_find() - a controller of the core by its name
 * @name: as in /proc/sys/net/clasp/congestion_control
 *
 * Return: the controller, or NULL.
 */
const struct clasp_cong_ops *clasp_cong_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < clasp_cong_builtins; i++)
		if (!strcmp(clasp_cong_builtin[i]->name, name))
			return clasp_cong_builtin[i];

	return NULL;
}

/**
 * clasp_cong_initial() - the initial window
 * @c: connection
 *
 * RFC 6928, counted in segments.
 *
 * Return: bytes.
 */
u32 clasp_cong_initial(const struct clasp_conn *c)
{
	u32 segments = max(READ_ONCE(c->settings->initial_cwnd), 1u);

	return min_t(u64, (u64)segments * clasp_conn_mss(c), CLASP_WINDOW_MAX);
}

static void begin(struct clasp_conn *c)
{
	memset(c->cong.priv, 0, sizeof(c->cong.priv));
	c->cong_started = true;
	c->cong_ops->init(c);
}

/**
 * clasp_cong_start() - the connection is established
 * @c: connection; its segment sizes are known
 *
 * The threshold is arbitrarily high (RFC 5681 §3.1).
 */
void clasp_cong_start(struct clasp_conn *c)
{
	c->cong = (struct clasp_cong){
		.cwnd		= clasp_cong_initial(c),
		.ssthresh	= CLASP_WINDOW_MAX,
		.used_end	= c->snd_nxt,
	};
	begin(c);
	clasp_tell_cwnd(c, CLASP_CWND_INITIAL);
}

/**
 * clasp_cong_stop() - the controller is needed no more
 * @c: connection; the caller owns it, or is its last
 */
void clasp_cong_stop(struct clasp_conn *c)
{
	if (c->cong_started && c->cong_ops->release)
		c->cong_ops->release(c);
	c->cong_started = false;
}

/**
 * clasp_cong_choose() - another controller
 * @c: connection in any state; the caller owns it
 * @ops: the controller; the body sees to it that it stays
 *
 * It takes over with the window that there is.
 */
void clasp_cong_choose(struct clasp_conn *c, const struct clasp_cong_ops *ops)
{
	bool started = c->cong_started;

	clasp_cong_stop(c);
	c->cong_ops = ops;
	if (started)
		begin(c);
}

/**
 * clasp_cong_governs() - does the controller govern cwnd in recovery too?
 * @c: connection
 *
 * Then recovery leaves cwnd alone.
 */
bool clasp_cong_governs(const struct clasp_conn *c)
{
	return c->cong_ops->flags & CLASP_CONG_GOVERNS;
}

/**
 * clasp_cong_sent() - new data has left; snd_nxt has moved
 * @c: connection; the caller owns it
 * @now_us: the time
 *
 * Remembers the most that was in flight within a round trip.
 */
void clasp_cong_sent(struct clasp_conn *c, u64 now_us)
{
	struct clasp_cong *cong = &c->cong;
	u32 flight = clasp_conn_in_flight(c);

	cong->sent_ms = clasp_stamp_ms(now_us);
	if (flight < cong->used && seq_before(c->snd_una, cong->used_end))
		return;

	cong->used = flight;
	cong->used_end = c->snd_nxt;
}

/*
 * RFC 7661 §4.3: a window that was not used says nothing of the path, so it
 * must not grow. In slow start half is use enough, since it doubles within the
 * round trip. That is of the round trip, not of the moment: where segments are
 * spaced out, some of the window is free whenever an ACK arrives.
 */
static bool window_in_use(const struct clasp_conn *c, u32 used)
{
	if (c->cong.cwnd < c->cong.ssthresh)
		return c->cong.cwnd / 2 < used;

	return c->cong.cwnd < used + clasp_conn_mss(c);
}

/*
 * RFC 7661 §4.4.3: of a window that was not half used for so long, half is
 * forgotten; but how far slow start may go is not.
 */
static void check_validity(struct clasp_conn *c, u32 used, u64 now_us)
{
	u32 initial = clasp_cong_initial(c);
	struct clasp_cong *cong = &c->cong;
	u32 now_ms = clasp_stamp_ms(now_us);

	if (cong->cwnd / 2 < used || cong->cwnd <= initial || !cong->valid_ms) {
		cong->valid_ms = now_ms;
		return;
	}
	if (now_ms - cong->valid_ms < NONVALIDATED_MS)
		return;

	cong->valid_ms = now_ms;
	cong->ssthresh = max(cong->ssthresh, cong->cwnd - cong->cwnd / 4);
	cong->cwnd = max(cong->cwnd / 2, initial);
	clasp_tell_cwnd(c, CLASP_CWND_UNUSED);
}

static enum clasp_cwnd_why growth(const struct clasp_conn *c, bool slow_start)
{
	if (clasp_cong_governs(c))
		return CLASP_CWND_MODEL;

	return slow_start ? CLASP_CWND_SLOW_START : CLASP_CWND_AVOIDANCE;
}

/**
 * clasp_cong_ack() - something was acknowledged
 * @c: connection; the caller owns it; recovery has seen the acknowledgment
 * @s: what it told
 */
void clasp_cong_ack(struct clasp_conn *c, const struct clasp_sample *s)
{
	bool slow_start = c->cong.cwnd < c->cong.ssthresh;
	u32 used = max(c->cong.used, s->prior_flight);
	u32 before = c->cong.cwnd;

	/* RFC 3168 §6.1.2: no growth while routers are congested */
	if (!clasp_cong_governs(c)) {
		if (clasp_conn_reducing(c) || s->ece || !s->acked)
			return;
		check_validity(c, used, s->now_us);
		if (!window_in_use(c, used))
			return;
	}

	c->cong_ops->on_ack(c, s);
	c->cong.cwnd = min_t(u32, c->cong.cwnd, CLASP_WINDOW_MAX);
	if (c->cong.cwnd != before)
		clasp_tell_cwnd(c, growth(c, slow_start));
}

static void remember(struct clasp_conn *c)
{
	c->cong.prior_cwnd = c->cong.cwnd;
	c->cong.prior_ssthresh = c->cong.ssthresh;
}

/**
 * clasp_cong_loss() - a loss was found, and recovery begins
 * @c: connection; the caller owns it, and then sets cwnd from ssthresh
 */
void clasp_cong_loss(struct clasp_conn *c)
{
	remember(c);
	c->cong_ops->on_loss(c);
	clasp_ecn_reduced(c);
}

/**
 * clasp_cong_rto() - the retransmission timer fired, first for this data
 * @c: connection; the caller owns it, and then sets cwnd. @belief still tells
 *	what was before
 */
void clasp_cong_rto(struct clasp_conn *c)
{
	/* a recovery that ends so began with the window to go back to */
	if (!clasp_conn_reducing(c))
		remember(c);
	c->cong_ops->on_rto(c);
	clasp_ecn_reduced(c);
}

/**
 * clasp_cong_ecn() - a router on the path is congested
 * @c: connection, not in recovery; the caller owns it, and calls this once a
 *	window of data
 *
 * RFC 3168 §6.1.2: as for a loss, but nothing is missing.
 */
void clasp_cong_ecn(struct clasp_conn *c)
{
	if (c->cong_ops->on_ecn)
		c->cong_ops->on_ecn(c);
	else
		c->cong_ops->on_loss(c);
	if (clasp_cong_governs(c))
		return;

	c->cong.cwnd = min(c->cong.cwnd, c->cong.ssthresh);
	clasp_tell_cwnd(c, CLASP_CWND_ECN);
}

/**
 * clasp_cong_undo() - what was taken for a loss was none
 * @c: connection; the caller owns it
 *
 * Takes back what clasp_cong_loss() or clasp_cong_rto() did last.
 */
void clasp_cong_undo(struct clasp_conn *c)
{
	struct clasp_cong *cong = &c->cong;

	cong->cwnd = max(cong->cwnd, cong->prior_cwnd);
	cong->ssthresh = max(cong->ssthresh, cong->prior_ssthresh);
	if (c->cong_ops->undo)
		c->cong_ops->undo(c);
	clasp_tell_cwnd(c, CLASP_CWND_UNDO);
}

/**
 * clasp_cong_restart() - new data could leave, and nothing is in flight
 * @c: connection; the caller owns it
 * @now_us: the time
 *
 * RFC 5681 §4.1: after a pause of more than a timeout the path may have
 * changed, and no acknowledgment paces what would leave: begin again with at
 * most the initial window. ssthresh stays.
 */
void clasp_cong_restart(struct clasp_conn *c, u64 now_us)
{
	struct clasp_cong *cong = &c->cong;
	u32 idle_ms = clasp_stamp_ms(now_us) - cong->sent_ms;

	if (!cong->sent_ms)
		return;
	if (clasp_cong_governs(c)) {
		if (c->cong_ops->on_restart)
			c->cong_ops->on_restart(c, now_us);
		return;
	}
	if ((u64)idle_ms * USEC_PER_MSEC <= clasp_rto_interval(&c->rto))
		return;

	if (c->cong_ops->on_restart)
		c->cong_ops->on_restart(c, now_us);
	if (cong->cwnd > clasp_cong_initial(c)) {
		cong->cwnd = clasp_cong_initial(c);
		clasp_tell_cwnd(c, CLASP_CWND_RESTART);
	}
}

/**
 * clasp_cong_slow_start() - grow as RFC 5681 §3.1 and RFC 3465 say
 * @c: connection; the caller owns it
 * @acked: bytes acknowledged
 * @limit: RFC 3465's L in bytes: what one acknowledgment may add
 */
void clasp_cong_slow_start(struct clasp_conn *c, u32 acked, u32 limit)
{
	c->cong.cwnd += min(acked, limit);
}

/**
 * clasp_cong_flight() - FlightSize when congestion was noticed
 * @c: connection
 *
 * RFC 5681 §3.1 equation (4). The acknowledgment that tells of congestion may
 * acknowledge most of the flight, or all of it.
 *
 * Return: bytes.
 */
u32 clasp_cong_flight(const struct clasp_conn *c)
{
	return max(c->cong.flight, clasp_conn_flight(c));
}

/**
 * clasp_cong_quota() - how much more may be put under way
 * @c: connection
 *
 * Return: bytes.
 */
u32 clasp_cong_quota(const struct clasp_conn *c)
{
	u32 flight = clasp_conn_in_flight(c);

	if (c->cong_ops->flags & CLASP_CONG_UNLIMITED)
		return CLASP_WINDOW_MAX;
	/* with nothing under way nothing would ever let a segment leave */
	if (!flight)
		return max(c->cong.cwnd, clasp_conn_mss(c));

	return c->cong.cwnd > flight ? c->cong.cwnd - flight : 0;
}
