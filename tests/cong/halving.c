// SPDX-License-Identifier: GPL-2.0
/*
 * The simplest controller that deserves the name: a segment more with each
 * window that arrives, half of it when one is lost.
 */
#include <linux/module.h>

#include "clasp_cong.h"

static void begin(struct clasp_conn *c)
{
	c->cong.ssthresh = c->cong.cwnd;
}

static void grow(struct clasp_conn *c, const struct clasp_sample *s)
{
	u64 *acked = c->cong.priv;

	*acked += s->acked;
	if (*acked >= c->cong.cwnd) {
		*acked = 0;
		c->cong.cwnd += clasp_conn_mss(c);
	}
}

static void halve(struct clasp_conn *c)
{
	c->cong.ssthresh = max(c->cong.cwnd / 2, 2 * clasp_conn_mss(c));
}

static struct clasp_cong_ops halving = {
	.name		= "halving",
	.init		= begin,
	.on_ack		= grow,
	.on_loss	= halve,
	.on_rto		= halve,
	.owner		= THIS_MODULE,
};

static int __init halving_init(void)
{
	return clasp_cong_register(&halving);
}

static void __exit halving_exit(void)
{
	clasp_cong_unregister(&halving);
}

module_init(halving_init);
module_exit(halving_exit);

MODULE_DESCRIPTION("Clasp: half of the window for each loss");
MODULE_LICENSE("GPL");
