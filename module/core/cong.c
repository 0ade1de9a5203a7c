// SPDX-License-Identifier: GPL-2.0
/*
 * How much may be under way: RFC 5681, whichever controller decides.
 */
#include "cong.h"
#include "conn.h"
#include "event.h"

static void none_init(struct clasp_conn *c)
{
}

static void none_on_ack(struct clasp_conn *c, u32 acked)
{
}

static void none_on_loss(struct clasp_conn *c)
{
}

/* No congestion control, for the lesson on what it is good for. */
const struct clasp_cong_ops clasp_cong_none = {
	.name		= "none",
	.unlimited	= true,
	.init		= none_init,
	.on_ack		= none_on_ack,
	.on_loss	= none_on_loss,
	.on_rto		= none_on_loss,
};

static const struct clasp_cong_ops * const controllers[] = {
	&clasp_reno,
	&clasp_cong_none,
};

/**
 * clasp_cong_find() - a controller by its name
 * @name: as in /proc/sys/net/clasp/congestion_control
 *
 * Return: the controller, or NULL.
 */
const struct clasp_cong_ops *clasp_cong_find(const char *name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(controllers); i++)
		if (!strcmp(controllers[i]->name, name))
			return controllers[i];

	return NULL;
}

/**
 * clasp_cong_start() - the connection is established
 * @c: connection; its segment sizes are known
 *
 * RFC 6928: the initial window, counted in segments. The threshold is
 * arbitrarily high (RFC 5681 §3.1).
 */
void clasp_cong_start(struct clasp_conn *c)
{
	u32 segments = max(READ_ONCE(c->settings->initial_cwnd), 1u);

	c->cong.cwnd = min_t(u64, (u64)segments * clasp_conn_mss(c),
			     CLASP_WINDOW_MAX);
	c->cong.ssthresh = CLASP_WINDOW_MAX;
	c->cong.acked = 0;
	c->cong_ops->init(c);
	clasp_tell_cwnd(c, CLASP_CWND_INITIAL);
}

/*
 * RFC 5681 §3.1 and RFC 7661: a window that was not used says nothing of the
 * path, so it must not grow. In slow start half is use enough, since it
 * doubles within the round trip.
 */
static bool window_in_use(const struct clasp_conn *c, u32 flight)
{
	if (c->cong.cwnd < c->cong.ssthresh)
		return c->cong.cwnd / 2 < flight;

	return c->cong.cwnd < flight + clasp_conn_mss(c);
}

/**
 * clasp_cong_ack() - new data was acknowledged, and nothing is being recovered
 * @c: connection; the caller owns it
 * @acked: bytes
 * @flight: bytes that were under way before
 */
void clasp_cong_ack(struct clasp_conn *c, u32 acked, u32 flight)
{
	bool slow_start = c->cong.cwnd < c->cong.ssthresh;
	u32 before = c->cong.cwnd;

	if (!window_in_use(c, flight))
		return;

	c->cong_ops->on_ack(c, acked);
	c->cong.cwnd = min_t(u32, c->cong.cwnd, CLASP_WINDOW_MAX);
	if (c->cong.cwnd != before)
		clasp_tell_cwnd(c, slow_start ? CLASP_CWND_SLOW_START :
						CLASP_CWND_AVOIDANCE);
}

/**
 * clasp_cong_quota() - how much more may be put under way
 * @c: connection
 *
 * What is held lost is no longer under way (RFC 6675's "pipe").
 *
 * Return: bytes.
 */
u32 clasp_cong_quota(const struct clasp_conn *c)
{
	u32 pipe = clasp_conn_flight(c) - (c->rtx_end - c->rtx_seq);

	if (c->cong_ops->unlimited)
		return CLASP_WINDOW_MAX;

	return c->cong.cwnd > pipe ? c->cong.cwnd - pipe : 0;
}
