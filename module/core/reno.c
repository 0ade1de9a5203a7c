// SPDX-License-Identifier: GPL-2.0
/*
 * Reno: double each round trip until the first loss, then one segment more
 * each round trip, and half as much after each loss.
 *
 * RFC 5681 §3.1 (slow start, congestion avoidance), §3.2 (ssthresh). Growth
 * counts bytes (RFC 3465), so that a peer which splits its acknowledgments
 * gains nothing.
 */
#include "cong.h"
#include "conn.h"

/**
 * struct reno - what Reno remembers
 * @acked: bytes acknowledged since cwnd last grew in congestion avoidance
 */
struct reno {
	u32	acked;
};

static void reno_init(struct clasp_conn *c)
{
}

static void reno_on_ack(struct clasp_conn *c, const struct clasp_sample *s)
{
	struct reno *reno = clasp_cong_priv(c, struct reno);
	struct clasp_cong *cong = &c->cong;
	u32 mss = clasp_conn_mss(c);

	if (cong->cwnd < cong->ssthresh) {
		/* RFC 3465 §2.2: L = 2, for a peer that acknowledges every second */
		clasp_cong_slow_start(c, s->acked, 2 * mss);
		return;
	}

	reno->acked += s->acked;
	if (reno->acked >= cong->cwnd) {
		reno->acked -= cong->cwnd;
		cong->cwnd += mss;
	}
}

/* Equation (4): half of what is under way, and at least two segments. */
static void reno_halve(struct clasp_conn *c)
{
	struct reno *reno = clasp_cong_priv(c, struct reno);

	c->cong.ssthresh = max(clasp_cong_flight(c) / 2,
			       2 * clasp_conn_mss(c));
	reno->acked = 0;
}

const struct clasp_cong_ops clasp_reno = {
	.name		= "reno",
	.init		= reno_init,
	.on_ack		= reno_on_ack,
	.on_loss	= reno_halve,
	.on_rto		= reno_halve,
};
