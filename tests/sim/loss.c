// SPDX-License-Identifier: GPL-2.0
/*
 * Which packets a wire loses: the nth of a kind, in bursts, or by chance.
 */
#include "link.h"
#include "packet.h"

static bool is_kind(const struct sim_packet *p, enum sim_kind kind)
{
	u8 flags = p->segment.flags;

	switch (kind) {
	case SIM_KIND_SYN:
		return flags & CLASP_SYN;
	case SIM_KIND_FIN:
		return flags & CLASP_FIN;
	case SIM_KIND_DATA:
		return p->segment.len;
	case SIM_KIND_ACK:
		return !p->segment.len &&
		       !(flags & (CLASP_SYN | CLASP_FIN | CLASP_RST));
	case SIM_KIND_LAST:
		return p->last;
	default:
		return true;
	}
}

static bool nth(struct sim_link *link, const struct sim_packet *p)
{
	bool lost = false;
	u32 i;

	for (i = 0; i < link->n_drops; i++) {
		struct sim_drop *drop = &link->drops[i];

		if (is_kind(p, drop->kind) && ++drop->seen == drop->nth)
			lost = true;
	}

	return lost;
}

/* Gilbert-Elliott: a good state that loses nothing, a bad one that loses all. */
static bool burst(struct sim_link *link)
{
	const struct sim_link_plan *plan = &link->plan;

	if (link->bad)
		link->bad = !sim_happens(&link->chance, plan->burst_leave);
	else
		link->bad = sim_happens(&link->chance, plan->burst_enter);

	return link->bad;
}

/**
 * sim_loss() - does the wire lose a packet?
 * @link: the link
 * @p: the packet
 *
 * Return: how, or SIM_FATE_NONE.
 */
enum sim_fate sim_loss(struct sim_link *link, const struct sim_packet *p)
{
	if (nth(link, p))
		return SIM_FATE_NTH;
	if (burst(link))
		return SIM_FATE_BURST;
	if (sim_happens(&link->chance, link->plan.loss))
		return SIM_FATE_LOSS;

	return SIM_FATE_NONE;
}
