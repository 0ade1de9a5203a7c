/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One direction of a path: a queue, a wire behind it, and what goes wrong.
 *
 *	sim_link_send() -> MTU -> queue (queue.c) -> rate -> loss (loss.c)
 *	-> corruption, duplication -> delay, reordering -> the other end
 */
#ifndef SIM_LINK_H
#define SIM_LINK_H

#include "chance.h"
#include "clock.h"

struct sim;
struct sim_packet;

#define SIM_DROPS	16

/* Who manages the queue. */
enum sim_aqm {
	SIM_DROPTAIL,		/* what does not fit is dropped */
	SIM_CODEL,		/* RFC 8289 */
	SIM_RED,		/* RFC 2309; marks what may be marked */
};

/* Which packets a list of drops counts. */
enum sim_kind {
	SIM_KIND_ANY,
	SIM_KIND_SYN,
	SIM_KIND_FIN,
	SIM_KIND_DATA,
	SIM_KIND_ACK,		/* and nothing else */
	SIM_KIND_LAST,		/* has the last octet that is written */
};

/* Why a packet did not arrive. */
enum sim_fate {
	SIM_FATE_NONE,
	SIM_FATE_MTU,
	SIM_FATE_FULL,
	SIM_FATE_AQM,
	SIM_FATE_LOSS,
	SIM_FATE_BURST,
	SIM_FATE_NTH,
	SIM_FATE_MAX,
};

/**
 * struct sim_link_plan - how a link is; may change under way
 * @rate: bits per second; 0: no limit
 * @delay: of the wire, nanoseconds
 * @jitter: up to this more; order is kept
 * @reorder_by: what is late is late by this
 * @mtu: bytes, IP header counted
 * @queue: bytes that may wait
 * @aqm: enum sim_aqm
 * @icmp: what is too big is answered; false: a black hole
 * @ecn: mark instead of dropping, where the queue's manager may
 * @reorder: share that is late, ppm
 * @loss: share that is lost, ppm
 * @duplicate: share that arrives twice, ppm
 * @corrupt: share whose bytes change, ppm
 * @burst_enter: Gilbert-Elliott: from good to bad, ppm a packet
 * @burst_leave: from bad to good; while bad all is lost
 */
struct sim_link_plan {
	u64	rate;
	u64	delay;
	u64	jitter;
	u64	reorder_by;
	u32	mtu;
	u32	queue;
	u32	aqm;
	u32	icmp;
	u32	ecn;
	u32	reorder;
	u32	loss;
	u32	duplicate;
	u32	corrupt;
	u32	burst_enter;
	u32	burst_leave;
};

/* The nth packet of a kind is lost. */
struct sim_drop {
	enum sim_kind	kind;
	u32		nth;
	u32		seen;
};

struct sim_link_counts {
	u64	sent;
	u64	arrived;
	u64	bytes;
	u64	duplicated;
	u64	reordered;
	u64	corrupted;
	u64	marked;
	u64	fates[SIM_FATE_MAX];
};

/* What CoDel remembers: RFC 8289, section 5.3, and in its names. */
struct sim_codel {
	u64	first_above_time;
	u64	drop_next;
	u32	count;
	u32	lastcount;
	bool	dropping;
};

/**
 * struct sim_link - one direction
 * @sim: whose
 * @there: from the clients to the servers
 * @plan: how it is now
 * @drops: which packets are lost by number
 * @n_drops: how many of @drops
 * @chance: the link's own
 * @head: first packet in the queue
 * @tail: last
 * @queued: bytes in the queue
 * @red_average: of the queue's length, 1/256 bytes
 * @codel: CoDel's
 * @bad: in a burst of losses
 * @sending: the packet whose bits leave now
 * @ready: when they have left
 * @latest_ns: when the last in order arrives
 * @since_ns: the rate is what it is since then
 * @capacity: bytes that could have left before that
 * @counts: what it did
 */
struct sim_link {
	struct sim		*sim;
	bool			there;
	struct sim_link_plan	plan;
	struct sim_drop		drops[SIM_DROPS];
	u32			n_drops;
	struct sim_chance	chance;
	struct sim_packet	*head;
	struct sim_packet	*tail;
	u32			queued;
	u64			red_average;
	struct sim_codel	codel;
	bool			bad;
	struct sim_packet	*sending;
	struct sim_alarm	ready;
	u64			latest_ns;
	u64			since_ns;
	double			capacity;
	struct sim_link_counts	counts;
};

void sim_link_init(struct sim_link *link, struct sim *sim, bool there);
void sim_link_change(struct sim_link *link, const struct sim_link_plan *plan);
void sim_link_send(struct sim_link *link, struct sim_packet *p);
void sim_link_free(struct sim_link *link);
double sim_link_capacity(const struct sim_link *link, u64 now_ns);
const char *sim_fate_text(enum sim_fate fate);

/* queue.c */
bool sim_queue_put(struct sim_link *link, struct sim_packet *p);
struct sim_packet *sim_queue_get(struct sim_link *link);

/* loss.c */
enum sim_fate sim_loss(struct sim_link *link, const struct sim_packet *p);

/* A packet ends here; it is freed. */
void sim_link_lose(struct sim_link *link, struct sim_packet *p,
		   enum sim_fate fate);

#endif
