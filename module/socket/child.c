// SPDX-License-Identifier: GPL-2.0
/*
 * A child: the socket that a request becomes when the peer has answered.
 *
 * It is cloned from the listener, made whole, and only then put into the demux
 * table in the request's place. Of two processors that do this for the same
 * request one succeeds; the other throws its child away and gives the segment
 * to the winner's.
 *
 * References of a child: one is its life's, which the accept queue, then the
 * program, then the connection alone has; the second is ours and goes when we
 * are through.
 */
#include <linux/random.h>
#include <net/busy_poll.h>
#include <net/ip6_route.h>
#include <net/ipv6.h>
#include <net/xfrm.h>

#include "address.h"
#include "child.h"
#include "controller.h"
#include "engine.h"
#include "family.h"
#include "listener.h"
#include "net/demux.h"
#include "net/wire.h"
#include "port.h"
#include "request.h"

/* What the clone has of the listener and must not have. */
static void forget_listener(struct sock *child)
{
	struct clasp_sock *cs = clasp_sk(child);
	struct inet_sock *inet = &cs->inet;

	INIT_HLIST_NODE(&cs->owner.link);
	INIT_HLIST_NODE(&cs->owner.listen_link);
	memset(&cs->node, 0, sizeof(cs->node));
	cs->copied_seq = 0;
	cs->last_in_us = 0;
	cs->chrono = (struct clasp_chrono){};
	cs->rehash = 0;
	cs->mtu_info = 0;
	cs->told_soft = 0;
	cs->saved_syn = NULL;
	cs->hashed = false;
	clasp_listener_init(child);
	WRITE_ONCE(child->sk_ack_backlog, 0);
	/* a listener that is closing at this moment */
	sock_reset_flag(child, SOCK_DEAD);
	child->sk_shutdown = 0;

	RCU_INIT_POINTER(inet->inet_opt, NULL);
	RCU_INIT_POINTER(inet->mc_list, NULL);
	memset(&inet->cork, 0, sizeof(inet->cork));

	inet->pinet6 = &cs->np;
	RCU_INIT_POINTER(cs->np.opt, NULL);
	cs->np.ipv6_mc_list = NULL;
	cs->np.ipv6_ac_list = NULL;
	clasp_compat_forget_flowlabels(child);
	cs->np.pktoptions = NULL;
	cs->np.dst_cookie = 0;
}

static void inherit_options(struct sock *child, const struct sock *listener)
{
	struct ipv6_txoptions *opt;

	rcu_read_lock();
	opt = rcu_dereference(inet6_sk(listener)->opt);
	if (opt)
		opt = ipv6_dup_options(child, opt);
	rcu_read_unlock();
	RCU_INIT_POINTER(clasp_sk(child)->np.opt, opt);
}

static void set_addresses(struct sock *child, const struct clasp_request *req)
{
	const struct clasp_tuple *tuple = &req->node.tuple;
	struct clasp_sock *cs = clasp_sk(child);
	struct inet_sock *inet = &cs->inet;

	cs->node.kind = CLASP_NODE_SOCK;
	cs->node.tuple = *tuple;

	inet->inet_num = ntohs(tuple->local_port);
	inet->inet_sport = tuple->local_port;
	inet->inet_dport = tuple->remote_port;
	child->sk_v6_daddr = tuple->remote;
	child->sk_v6_rcv_saddr = tuple->local;
	cs->np.saddr = tuple->local;
	child->sk_bound_dev_if = tuple->scope ?: req->way.ifindex;
	child->sk_mark = req->way.mark;
}

static void set_conn(struct sock *child, struct clasp_request *req)
{
	const struct clasp_sock *listener = clasp_sk(req->listener);
	struct clasp_conn *c = &clasp_sk(child)->conn;

	clasp_conn_init(c, &clasp_net(req->net)->settings);
	clasp_cong_inherit(child, req->listener);
	clasp_engine_init(child);
	c->user_mss = READ_ONCE(listener->conn.user_mss);
	c->nodelay = listener->conn.nodelay;
	clasp_sk(child)->annex.user = listener->annex.user;
	/* that was about being accepted */
	clasp_sk(child)->annex.user.defer_accept = 0;

	spin_lock_bh(&req->lock);
	clasp_embryo_hatch(&req->embryo, c);
	spin_unlock_bh(&req->lock);
}

/* Unmake a child that nobody knows. */
static void discard(struct sock *child)
{
	inet_sk_set_state(child, TCP_CLOSE);
	clasp_port_put(clasp_net(sock_net(child)), &clasp_sk(child)->owner);
	xfrm_sk_free_policy(child);
	sock_orphan(child);
	sock_put(child);
	sock_put(child);
}

/* Return: true when the child has all that its request knows. */
static bool furnish(struct sock *child, struct clasp_request *req,
		    const struct sk_buff *skb)
{
	forget_listener(child);
	set_addresses(child, req);
	clasp_ip_remember(child, skb);
	set_conn(child, req);
	inherit_options(child, req->listener);
	clasp_engine_sync_state(child);

	if (clasp_port_inherit(child) || clasp_ip_route(child))
		return false;

	clasp_conn_path_mss(&clasp_sk(child)->conn, clasp_ip_path_mss(child));
	sk_mark_napi_id_set(child, skb);
	sk_set_txhash(child);
	atomic_set(&inet_sk(child)->inet_id, (u16)get_random_u32());
	clasp_sk(child)->listener = req->listener;
	WRITE_ONCE(clasp_sk(child)->hashed, true);

	return true;
}

/* Return: the child, whole but in no table; or NULL. */
static struct sock *make(struct clasp_request *req, const struct sk_buff *skb)
{
	struct sock *child;
	bool whole;

	child = sk_clone_lock(req->listener, GFP_ATOMIC);
	if (!child)
		return NULL;
	__acquire(&child->sk_lock.slock);

	/* while nobody else can take it: Clasp's lock class, not IPv6's */
	bh_unlock_sock(child);
	clasp_family_lock_class(child);

	bh_lock_sock(child);
	whole = furnish(child, req, skb);
	bh_unlock_sock(child);
	if (whole)
		return child;

	discard(child);

	return NULL;
}

/**
 * clasp_child_open() - the peer has answered: a connection
 * @req: request; the segment is good for it
 * @skb: the segment that acknowledges our SYN, maybe with data; consumed if
 *	true is returned
 * @seg: its header
 *
 * Where there is no place or no memory for a child the request stays, and the
 * peer is asked again.
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: false when the request has ended meanwhile: look again for whom the
 * segment is.
 */
bool clasp_child_open(struct clasp_request *req, struct sk_buff *skb,
		      struct clasp_segment *seg)
{
	struct sock *child;

	if (sk_acceptq_is_full(req->listener)) {
		clasp_refuse(req->net, skb, seg, CLASP_DROP_ACCEPT_QUEUE);
		return true;
	}

	child = make(req, skb);
	if (!child) {
		clasp_refuse(req->net, skb, seg, CLASP_DROP_MEMORY);
		return true;
	}

	/* found there, it is not touched before we are through */
	bh_lock_sock(child);
	if (clasp_demux_replace(clasp_net(req->net), &req->node,
				&clasp_sk(child)->node)) {
		bh_unlock_sock(child);
		discard(child);
		return false;
	}

	swap(clasp_sk(child)->saved_syn, req->saved_syn);
	clasp_count(req->net, CLASP_COUNT_PASSIVE_OPENS, 1);
	skb->dev = NULL;
	clasp_engine_segment(child, skb, seg);
	/* refused by a listener that has closed, or not established by this */
	if (clasp_sk(child)->listener)
		clasp_child_reset(child);
	bh_unlock_sock(child);
	sock_put(child);

	/* last, since its reference has kept the listener */
	clasp_request_finish(req);

	return true;
}

/**
 * clasp_child_reset() - end a child that no program will ever have
 * @child: in the demux table or closed already; lock held, and a reference
 *	besides its life's, which goes here
 */
void clasp_child_reset(struct sock *child)
{
	clasp_sk(child)->listener = NULL;
	sock_orphan(child);
	clasp_conn_abort(&clasp_sk(child)->conn, CLASP_SEND_RESET_ABORT);
	clasp_engine_orphan(child);
}
