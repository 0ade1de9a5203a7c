// SPDX-License-Identifier: GPL-2.0
/*
 * Requests: passive connections before the peer has answered our SYN ACK.
 *
 * A SYN makes one; the ACK of its SYN ACK makes a socket of it (child.c). No
 * lock of the listener's is taken for either, but for the few lines that change
 * its SYN queue.
 *
 * Life: clasp_request_open() puts it into the demux table and the SYN queue and
 * sets its timer. Whoever takes it out of the table, be it a child, a RST, the
 * timer, the listener's end or the namespace's, and nobody else, calls
 * clasp_request_finish(). Readers of the table may hold it longer, until their
 * rcu_read_unlock(); they find it ended.
 *
 * Locks: accept_lock of the listener, then the table's; @lock inside of none
 * and around none.
 */
#include <linux/slab.h>

#include "child.h"
#include "event.h"
#include "net/demux.h"
#include "net/wire.h"
#include "sight/sight.h"
#include "request.h"
#include "seq.h"
#include "syncookie.h"
#include "synsave.h"
#include "tw.h"

static struct kmem_cache *requests;

/**
 * clasp_request_init() - prepare to make requests
 *
 * Return: 0 or -ENOMEM.
 */
int clasp_request_init(void)
{
	requests = kmem_cache_create("clasp_request",
				     sizeof(struct clasp_request), 0,
				     SLAB_HWCACHE_ALIGN, NULL);

	return requests ? 0 : -ENOMEM;
}

/**
 * clasp_request_exit() - undo clasp_request_init()
 *
 * All requests are gone, and rcu_barrier() has waited for their memory.
 */
void clasp_request_exit(void)
{
	kmem_cache_destroy(requests);
}

static void free_request(struct rcu_head *rcu)
{
	struct clasp_request *req = container_of(rcu, struct clasp_request, rcu);

	kfree(req->saved_syn);
	kmem_cache_free(requests, req);
}

/**
 * clasp_request_put() - give a reference back
 * @req: request
 */
void clasp_request_put(struct clasp_request *req)
{
	if (!refcount_dec_and_test(&req->refs))
		return;

	sock_put(req->listener);
	call_rcu(&req->rcu, free_request);
}

static struct clasp_net *net_of(const struct clasp_request *req)
{
	return clasp_net(req->net);
}

/* The window for a SYN ACK: what an empty buffer offers (engine.c). */
static u32 first_window(const struct sock *listener)
{
	u32 clamp = READ_ONCE(clasp_sk(listener)->annex.user.window_clamp);
	u32 window = READ_ONCE(listener->sk_rcvbuf) / 2;

	return clamp ? min(window, clamp) : window;
}

static u16 our_mss(const struct sock *listener, const struct clasp_tuple *tuple,
		   const struct clasp_way *way, bool v4)
{
	u16 user_mss = READ_ONCE(clasp_sk(listener)->conn.user_mss);
	struct dst_entry *dst;
	u16 mss;

	dst = clasp_ip_dst(sock_net(listener), tuple, way);
	if (IS_ERR(dst))
		return v4 ? CLASP_MSS_DEFAULT_V4 : CLASP_MSS_DEFAULT_V6;

	mss = clasp_ip_adv_mss(dst, v4);
	dst_release(dst);

	return user_mss ? min(mss, user_mss) : mss;
}

/**
 * clasp_request_setup() - what a listener brings to a new connection
 * @listener: the listener
 * @tuple: the connection's four-tuple
 * @way: filled in, for what it sends
 * @setup: filled in
 */
void clasp_request_setup(struct sock *listener, const struct clasp_tuple *tuple,
			 struct clasp_way *way,
			 struct clasp_embryo_setup *setup)
{
	const struct clasp_user *user = &clasp_sk(listener)->annex.user;
	bool v4 = ipv6_addr_v4mapped(&tuple->local);

	clasp_ip_way(listener, v4, way);
	/* what came by a VRF stays in it */
	if (!way->ifindex)
		way->ifindex = tuple->domain;

	*setup = (struct clasp_embryo_setup){
		.rcv_wnd	= first_window(listener),
		.adv_mss	= our_mss(listener, tuple, way, v4),
		.default_mss	= v4 ? CLASP_MSS_DEFAULT_V4 :
				       CLASP_MSS_DEFAULT_V6,
		.defer		= READ_ONCE(user->defer_accept),
	};
	setup->iss = clasp_ip_iss(clasp_net(sock_net(listener)), tuple, true,
				  &setup->ts_offset);
}

static void conceive(struct clasp_request *req, const struct clasp_segment *syn,
		     const struct clasp_tw *old)
{
	struct clasp_embryo_setup setup;

	clasp_request_setup(req->listener, &req->node.tuple, &req->way, &setup);
	if (old)
		setup.iss = clasp_timewait_isn(&old->timewait, setup.iss);

	clasp_embryo_init(&req->embryo, &net_of(req)->settings, syn, &setup,
			  clasp_now_us());
}

static void send_again(struct clasp_request *req)
{
	struct clasp_segment seg;

	spin_lock_bh(&req->lock);
	clasp_trace_about(&req->node.tuple);
	clasp_embryo_syn_ack(&req->embryo, clasp_now_us(), &seg);
	spin_unlock_bh(&req->lock);

	clasp_ip_reply(req->net, &req->node.tuple, &req->way, &seg);
}

static void set_timer(struct clasp_request *req)
{
	u32 wait_us = clasp_embryo_wait(&req->embryo);

	mod_timer(&req->timer, jiffies + usecs_to_jiffies(wait_us));
}

/* Unless the request comes to its end, the timer is set again too. */
static enum clasp_mini go_on(struct clasp_request *req)
{
	enum clasp_mini todo = CLASP_MINI_END;

	spin_lock_bh(&req->lock);
	if (!req->ended)
		todo = clasp_embryo_timeout(&req->embryo,
					    &net_of(req)->settings);
	if (todo != CLASP_MINI_END)
		set_timer(req);
	spin_unlock_bh(&req->lock);

	return todo;
}

static void timer_fired(struct timer_list *timer)
{
	struct clasp_request *req = timer_container_of(req, timer, timer);

	/* the timer's reference is the new timer's once it is set */
	rcu_read_lock();
	switch (go_on(req)) {
	case CLASP_MINI_SYN_ACK:
		send_again(req);
		break;
	case CLASP_MINI_END:
		clasp_request_end(req);
		clasp_request_put(req);
		break;
	default:
		break;
	}
	rcu_read_unlock();
}

static struct clasp_request *make(struct sock *listener,
				  const struct clasp_tuple *tuple)
{
	struct clasp_request *req;

	req = kmem_cache_zalloc(requests, GFP_ATOMIC | __GFP_NOWARN);
	if (!req)
		return NULL;

	req->node.kind = CLASP_NODE_REQUEST;
	req->node.tuple = *tuple;
	req->net = sock_net(listener);
	spin_lock_init(&req->lock);
	timer_setup(&req->timer, timer_fired, 0);
	INIT_LIST_HEAD(&req->syn_link);
	refcount_set(&req->refs, 1);
	/* found without a reference: its last one may just have gone */
	if (!refcount_inc_not_zero(&listener->sk_refcnt)) {
		kmem_cache_free(requests, req);
		return NULL;
	}
	req->listener = listener;

	return req;
}

static bool syn_queue_is_full(struct sock *listener)
{
	u32 most = min(READ_ONCE(listener->sk_max_ack_backlog),
		       READ_ONCE(clasp_net(sock_net(listener))->max_syn_backlog));

	return READ_ONCE(clasp_sk(listener)->syn_count) > most;
}

static enum clasp_drop add_to_table(struct clasp_request *req,
				    struct clasp_tw *old)
{
	struct clasp_net *cn = net_of(req);
	int err;

	if (old)
		err = clasp_demux_replace(cn, &old->node, &req->node);
	else
		err = clasp_demux_insert(cn, &req->node);

	if (err == -ENOMEM)
		return CLASP_DROP_MEMORY;

	/* the same SYN on another processor was faster */
	return err ? CLASP_DROP_SYN_RCVD_SYN : CLASP_DROP_NONE;
}

/* From here on others see it. Who is @proven to be there costs no flood. */
static enum clasp_drop publish(struct clasp_request *req, struct clasp_tw *old,
			       bool proven)
{
	struct clasp_sock *listener = clasp_sk(req->listener);
	enum clasp_drop why;

	/* against clasp_listener_close(), which empties the SYN queue */
	spin_lock_bh(&listener->accept_lock);
	if (listener->closed)
		why = CLASP_DROP_CLOSED;
	else if (!proven && syn_queue_is_full(req->listener))
		why = CLASP_DROP_SYN_QUEUE;
	else
		why = add_to_table(req, old);

	if (!why) {
		refcount_inc(&req->refs);
		set_timer(req);
		list_add_tail(&req->syn_link, &listener->syn_queue);
		WRITE_ONCE(listener->syn_count, listener->syn_count + 1);
	}
	spin_unlock_bh(&listener->accept_lock);

	return why;
}

/**
 * clasp_request_open() - a SYN for a listener
 * @listener: in LISTEN a moment ago
 * @skb: the SYN; not consumed
 * @syn: its header
 * @tuple: its four-tuple
 * @old: connection in TIME_WAIT that has the four-tuple and gives way, or NULL
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: CLASP_DROP_NONE when it is answered, or why not.
 */
enum clasp_drop clasp_request_open(struct sock *listener,
				   const struct sk_buff *skb,
				   const struct clasp_segment *syn,
				   const struct clasp_tuple *tuple,
				   struct clasp_tw *old)
{
	bool full = syn_queue_is_full(listener);
	struct clasp_request *req;
	enum clasp_drop why;

	/* a flood costs no more than this */
	if (sk_acceptq_is_full(listener))
		return CLASP_DROP_ACCEPT_QUEUE;
	/* a cookie's number cannot be chosen to lie behind an old one's */
	if (!old && clasp_syncookie_send(listener, syn, tuple, full))
		return CLASP_DROP_NONE;
	if (full)
		return CLASP_DROP_SYN_QUEUE;

	req = make(listener, tuple);
	if (!req)
		return CLASP_DROP_MEMORY;

	req->saved_syn = clasp_synsave_take(listener, skb, syn);
	conceive(req, syn, old);
	why = publish(req, old, false);
	if (why) {
		clasp_request_put(req);
		return why;
	}

	if (old)
		clasp_tw_finish(old);
	send_again(req);

	return CLASP_DROP_NONE;
}

static void leave_syn_queue(struct clasp_request *req)
{
	struct clasp_sock *listener = clasp_sk(req->listener);

	spin_lock_bh(&listener->accept_lock);
	if (!list_empty(&req->syn_link)) {
		list_del_init(&req->syn_link);
		WRITE_ONCE(listener->syn_count, listener->syn_count - 1);
	}
	spin_unlock_bh(&listener->accept_lock);
}

/**
 * clasp_request_finish() - a request is out of the table
 * @req: request; the caller is who took it out
 */
void clasp_request_finish(struct clasp_request *req)
{
	/* publish() is through with it once we have been in accept_lock */
	leave_syn_queue(req);

	spin_lock_bh(&req->lock);
	req->ended = true;
	spin_unlock_bh(&req->lock);

	if (timer_delete(&req->timer))
		clasp_request_put(req);
	clasp_request_put(req);
}

/**
 * clasp_request_end() - forget a request that came to nothing
 * @req: request; others may be about to do the same
 */
void clasp_request_end(struct clasp_request *req)
{
	if (clasp_demux_remove(net_of(req), &req->node))
		return;

	clasp_count(req->net, CLASP_COUNT_ATTEMPT_FAILS, 1);
	clasp_request_finish(req);
}

/* What the core says of a segment, and the answer to it. */
static enum clasp_mini ask(struct clasp_request *req,
			   const struct clasp_segment *seg,
			   struct clasp_segment *answer, enum clasp_drop *why)
{
	u64 now_us = clasp_now_us();
	enum clasp_mini todo;

	spin_lock_bh(&req->lock);
	todo = clasp_embryo_input(&req->embryo, &net_of(req)->settings, seg,
				  now_us, why);
	if (todo == CLASP_MINI_SYN_ACK)
		clasp_embryo_syn_ack(&req->embryo, now_us, answer);
	if (todo == CLASP_MINI_ACK)
		clasp_embryo_ack(&req->embryo, now_us, answer);
	spin_unlock_bh(&req->lock);

	return todo;
}

/**
 * clasp_request_segment() - a segment for a request
 * @req: request
 * @skb: the segment; consumed if true is returned
 * @seg: its header
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: false when the request has ended meanwhile: look again for whom the
 * segment is.
 */
bool clasp_request_segment(struct clasp_request *req, struct sk_buff *skb,
			   struct clasp_segment *seg)
{
	enum clasp_drop why = CLASP_DROP_NONE;
	struct clasp_segment answer;

	if (!clasp_ip_admit(req->listener, skb, seg))
		return true;

	switch (ask(req, seg, &answer, &why)) {
	case CLASP_MINI_OPEN:
		return clasp_child_open(req, skb, seg);
	case CLASP_MINI_END:
		clasp_request_end(req);
		consume_skb(skb);
		return true;
	case CLASP_MINI_RESET:
		clasp_ip_reset(req->net, skb, seg, &req->way);
		break;
	case CLASP_MINI_ACK:
	case CLASP_MINI_SYN_ACK:
		clasp_ip_reply(req->net, &req->node.tuple, &req->way, &answer);
		break;
	case CLASP_MINI_DROP:
		break;
	}
	clasp_refuse(req->net, skb, seg, why);

	return true;
}

/* Return: CLASP_DROP_NONE if @skb was consumed, or why not. */
static enum clasp_drop open_recalled(struct sock *listener, struct sk_buff *skb,
				     struct clasp_segment *seg,
				     const struct clasp_tuple *tuple,
				     const struct clasp_embryo *embryo)
{
	struct clasp_embryo_setup setup;
	struct clasp_request *req;
	enum clasp_drop why;

	if (sk_acceptq_is_full(listener))
		return CLASP_DROP_ACCEPT_QUEUE;
	req = make(listener, tuple);
	if (!req)
		return CLASP_DROP_MEMORY;

	clasp_request_setup(listener, tuple, &req->way, &setup);
	req->embryo = *embryo;
	why = publish(req, NULL, true);
	if (why) {
		clasp_request_put(req);
		return why;
	}

	return clasp_child_open(req, skb, seg) ? CLASP_DROP_NONE :
						 CLASP_DROP_CLOSED;
}

/**
 * clasp_request_recall() - a SYN that was not remembered comes to be answered
 * @listener: in LISTEN a moment ago
 * @skb: the ACK of our SYN ACK; consumed
 * @seg: its header
 * @tuple: its four-tuple
 * @embryo: as the SYN would have left it
 *
 * Context: BH disabled, rcu_read_lock().
 */
void clasp_request_recall(struct sock *listener, struct sk_buff *skb,
			  struct clasp_segment *seg,
			  const struct clasp_tuple *tuple,
			  const struct clasp_embryo *embryo)
{
	enum clasp_drop why;

	why = open_recalled(listener, skb, seg, tuple, embryo);
	if (why)
		clasp_refuse(sock_net(listener), skb, seg, why);
}

/**
 * clasp_request_icmp() - the network could not deliver a SYN ACK
 * @req: request
 * @seq: sequence number that the error quotes
 * @hard: is it of a kind that ends an opening connection?
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: CLASP_DROP_NONE, or why it is not believed.
 */
enum clasp_drop clasp_request_icmp(struct clasp_request *req, u32 seq,
				   bool hard)
{
	/* @iss does not change */
	if (seq != req->embryo.iss)
		return CLASP_DROP_ICMP_SEQUENCE;
	if (hard)
		clasp_request_end(req);

	return CLASP_DROP_NONE;
}
