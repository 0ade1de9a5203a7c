// SPDX-License-Identifier: GPL-2.0
/*
 * TIME_WAIT: a closed connection shrunk to a mini-socket.
 *
 * It takes the socket's place in the demux table and on the local port, so
 * that the socket can go. Whoever takes it out of the table, be it the timer, a
 * new connection on the same four-tuple or the end of the namespace, and nobody
 * else, calls clasp_tw_finish(). Readers of the table may hold it longer, until
 * their rcu_read_unlock().
 *
 * @lock is taken inside of none and around none.
 */
#include <linux/slab.h>

#include "event.h"
#include "net/demux.h"
#include "net/wire.h"
#include "port.h"
#include "tw.h"

static struct kmem_cache *timewaits;

/**
 * clasp_tw_init() - prepare to make mini-sockets
 *
 * Return: 0 or -ENOMEM.
 */
int clasp_tw_init(void)
{
	timewaits = kmem_cache_create("clasp_tw", sizeof(struct clasp_tw), 0,
				      SLAB_HWCACHE_ALIGN, NULL);

	return timewaits ? 0 : -ENOMEM;
}

/**
 * clasp_tw_exit() - undo clasp_tw_init()
 *
 * All mini-sockets are gone, and rcu_barrier() has waited for their memory.
 */
void clasp_tw_exit(void)
{
	kmem_cache_destroy(timewaits);
}

static void free_tw(struct rcu_head *rcu)
{
	kmem_cache_free(timewaits, container_of(rcu, struct clasp_tw, rcu));
}

static void put_tw(struct clasp_tw *tw)
{
	if (refcount_dec_and_test(&tw->refs))
		call_rcu(&tw->rcu, free_tw);
}

/* Jiffies until it is over; 0 when it is. */
static unsigned long left(const struct clasp_tw *tw)
{
	u64 now_us = clasp_now_us();

	if (tw->timewait.expires_us <= now_us)
		return 0;

	return usecs_to_jiffies(min_t(u64, tw->timewait.expires_us - now_us,
				      INT_MAX));
}

/* A FIN in TIME_WAIT only moves the end: the timer finds that out here. */
static bool go_on(struct clasp_tw *tw)
{
	unsigned long wait = 0;

	spin_lock_bh(&tw->lock);
	if (!tw->ended)
		wait = left(tw);
	if (wait)
		mod_timer(&tw->timer, jiffies + wait);
	spin_unlock_bh(&tw->lock);

	return wait;
}

static void timer_fired(struct timer_list *timer)
{
	struct clasp_tw *tw = timer_container_of(tw, timer, timer);

	/* the timer's reference is the new timer's once it is set */
	rcu_read_lock();
	if (!go_on(tw)) {
		clasp_tw_end(tw);
		put_tw(tw);
	}
	rcu_read_unlock();
}

static struct clasp_tw *make(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);
	struct clasp_tw *tw;

	tw = kmem_cache_zalloc(timewaits, GFP_ATOMIC | __GFP_NOWARN);
	if (!tw)
		return NULL;

	tw->node.kind = CLASP_NODE_TIMEWAIT;
	tw->node.tuple = cs->node.tuple;
	tw->net = sock_net(sk);
	spin_lock_init(&tw->lock);
	timer_setup(&tw->timer, timer_fired, 0);
	INIT_HLIST_NODE(&tw->owner.link);
	INIT_HLIST_NODE(&tw->owner.listen_link);
	clasp_ip_way(sk, clasp_is_v4(sk), &tw->way);
	clasp_timewait_init(&tw->timewait, &cs->conn, clasp_now_us());
	/* the table's; and ours, which becomes the timer's */
	refcount_set(&tw->refs, 2);

	return tw;
}

/* A place among the namespace's, or false when there are too many. */
static bool enter(struct clasp_net *cn)
{
	int most = min_t(u32, READ_ONCE(cn->max_tw), INT_MAX);

	return atomic_add_unless(&cn->timewait_count, 1, most);
}

/* Set the timer, unless the mini-socket has ended since it was published. */
static void start(struct clasp_tw *tw)
{
	bool ended;

	spin_lock_bh(&tw->lock);
	ended = tw->ended;
	if (!ended)
		mod_timer(&tw->timer, jiffies + max(left(tw), 1ul));
	spin_unlock_bh(&tw->lock);

	if (ended)
		put_tw(tw);
}

/**
 * clasp_tw_replace() - a socket's connection is in TIME_WAIT
 * @sk: socket, lock held; afterwards it is in no table
 *
 * With no memory, or too many already, TIME_WAIT is left out: better to risk
 * an old segment than to refuse new connections.
 */
void clasp_tw_replace(struct sock *sk)
{
	struct clasp_net *cn = clasp_net(sock_net(sk));
	struct clasp_sock *cs = clasp_sk(sk);
	struct clasp_tw *tw = NULL;

	if (cs->hashed && enter(cn)) {
		tw = make(sk);
		if (!tw)
			atomic_dec(&cn->timewait_count);
	}
	if (!tw) {
		clasp_unhash_sk(sk);
		return;
	}

	/* the timer last: one that fired before would find nothing to end */
	clasp_port_share(cn, &cs->owner, &tw->owner);
	WRITE_ONCE(cs->hashed, false);
	clasp_demux_replace(cn, &cs->node, &tw->node);
	start(tw);
}

static void answer(struct clasp_tw *tw)
{
	struct clasp_segment ack;

	/* these members of @timewait do not change */
	clasp_timewait_ack(&tw->timewait, clasp_now_us(), &ack);
	clasp_ip_reply(tw->net, &tw->node.tuple, &tw->way, &ack);
}

/**
 * clasp_tw_segment() - a segment for a connection in TIME_WAIT
 * @tw: mini-socket
 * @skb: the segment; consumed
 * @seg: its header
 *
 * Context: BH disabled, rcu_read_lock().
 */
void clasp_tw_segment(struct clasp_tw *tw, struct sk_buff *skb,
		      struct clasp_segment *seg)
{
	enum clasp_drop why = CLASP_DROP_TIME_WAIT;
	struct net *net = tw->net;
	enum clasp_mini todo;

	if (!clasp_ip_permitted(net, skb, seg))
		return;

	spin_lock_bh(&tw->lock);
	todo = clasp_timewait_input(&tw->timewait, &clasp_net(net)->settings,
				    seg, clasp_now_us(), &why);
	spin_unlock_bh(&tw->lock);

	if (todo == CLASP_MINI_OPEN) {
		if (clasp_ip_to_listener(net, skb, seg, &tw->node.tuple, tw))
			return;
		/* nobody takes it: the old connection still answers for it */
		todo = CLASP_MINI_ACK;
	}
	if (todo == CLASP_MINI_ACK)
		answer(tw);
	clasp_refuse(net, skb, seg, why);
}

/**
 * clasp_tw_reusable() - may our own connect() take the four-tuple?
 * @tw: mini-socket
 */
bool clasp_tw_reusable(struct clasp_tw *tw)
{
	bool reusable;

	spin_lock_bh(&tw->lock);
	reusable = clasp_timewait_reusable(&tw->timewait, clasp_now_us());
	spin_unlock_bh(&tw->lock);

	return reusable;
}

/**
 * clasp_tw_finish() - a mini-socket is out of the table
 * @tw: mini-socket; the caller is who took it out
 */
void clasp_tw_finish(struct clasp_tw *tw)
{
	struct clasp_net *cn = clasp_net(tw->net);

	clasp_port_put(cn, &tw->owner);
	atomic_dec(&cn->timewait_count);

	spin_lock_bh(&tw->lock);
	tw->ended = true;
	spin_unlock_bh(&tw->lock);

	if (timer_delete(&tw->timer))
		put_tw(tw);
	put_tw(tw);
}

/**
 * clasp_tw_end() - TIME_WAIT is over
 * @tw: mini-socket; others may be about to end it too
 */
void clasp_tw_end(struct clasp_tw *tw)
{
	if (!clasp_demux_remove(clasp_net(tw->net), &tw->node))
		clasp_tw_finish(tw);
}
