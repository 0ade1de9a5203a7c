// SPDX-License-Identifier: GPL-2.0
/*
 * A listener: takes SYNs, keeps established children until a program accepts
 * them.
 *
 * Segments of a handshake take no lock of the listener's but accept_lock,
 * which protects both queues, their counts and @closed. Lock order: a child's
 * lock, then the listener's accept_lock; so the listener's end takes the
 * children off the queue first and locks them then.
 */
#include <linux/sched/signal.h>

#include "child.h"
#include "engine.h"
#include "event.h"
#include "listener.h"
#include "net/wire.h"
#include "port.h"
#include "request.h"
#include "syncookie.h"

/**
 * clasp_listener_init() - a socket that does not listen yet
 * @sk: new socket
 */
void clasp_listener_init(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);

	cs->listener = NULL;
	INIT_LIST_HEAD(&cs->accept_link);
	INIT_LIST_HEAD(&cs->accept_queue);
	spin_lock_init(&cs->accept_lock);
	INIT_LIST_HEAD(&cs->syn_queue);
	cs->syn_count = 0;
	cs->closed = true;
	cs->cookie_us = 0;
}

static void set_closed(struct clasp_sock *cs, bool closed)
{
	spin_lock_bh(&cs->accept_lock);
	cs->closed = closed;
	spin_unlock_bh(&cs->accept_lock);
}

/**
 * clasp_listen() - begin to listen, or change the backlog
 * @sk: socket, lock held; it gets a port if it has none
 * @backlog: children that may wait for accept(), less one
 *
 * Return: 0; -EINVAL for a socket that has a connection; -EADDRINUSE.
 */
int clasp_listen(struct sock *sk, int backlog)
{
	struct clasp_sock *cs = clasp_sk(sk);
	int err;

	if (cs->conn.state != CLASP_LISTEN && cs->conn.state != CLASP_CLOSED)
		return -EINVAL;

	WRITE_ONCE(sk->sk_max_ack_backlog, backlog);
	if (cs->conn.state == CLASP_LISTEN)
		return 0;

	/* found from here on, which is why the queues open first */
	set_closed(cs, false);
	err = clasp_port_listen(sk);
	if (err) {
		set_closed(cs, true);
		return err;
	}

	sk_dst_reset(sk);
	clasp_conn_move(&cs->conn, CLASP_ON_LISTEN);
	clasp_engine_sync_state(sk);

	return 0;
}

/**
 * clasp_listener_segment() - a segment that no connection takes
 * @listener: takes connections on its port; let the segment in
 * @skb: the segment; consumed
 * @seg: its header
 * @tuple: its four-tuple
 * @old: connection in TIME_WAIT that has the four-tuple and gives way, or NULL
 *
 * Context: BH disabled, rcu_read_lock().
 */
void clasp_listener_segment(struct sock *listener, struct sk_buff *skb,
			    struct clasp_segment *seg,
			    const struct clasp_tuple *tuple,
			    struct clasp_tw *old)
{
	struct net *net = sock_net(listener);
	enum clasp_drop why = CLASP_DROP_NONE;

	if (clasp_syncookie_open(listener, skb, seg, tuple))
		return;

	switch (clasp_listen_input(seg, &why)) {
	case CLASP_MINI_OPEN:
		why = clasp_request_open(listener, skb, seg, tuple, old);
		break;
	case CLASP_MINI_RESET:
		clasp_ip_reset_for(listener, skb, seg);
		break;
	default:
		break;
	}

	if (why)
		clasp_refuse(net, skb, seg, why);
	else
		consume_skb(skb);
}

/**
 * clasp_listener_child_ready() - a child is established
 * @child: its lock held; its request keeps the listener
 *
 * Return: 0, the child now being the accept queue's; -ECONNABORTED when the
 * listener has closed.
 */
int clasp_listener_child_ready(struct sock *child)
{
	struct sock *sk = clasp_sk(child)->listener;
	struct clasp_sock *cs = clasp_sk(sk);
	bool closed;

	spin_lock_bh(&cs->accept_lock);
	closed = cs->closed;
	if (!closed) {
		clasp_sk(child)->listener = NULL;
		list_add_tail(&clasp_sk(child)->accept_link, &cs->accept_queue);
		sk_acceptq_added(sk);
	}
	spin_unlock_bh(&cs->accept_lock);
	if (closed)
		return -ECONNABORTED;

	sk->sk_data_ready(sk);

	return 0;
}

/**
 * clasp_listener_readable() - would accept() return at once?
 * @sk: listener
 */
bool clasp_listener_readable(const struct sock *sk)
{
	return READ_ONCE(sk->sk_ack_backlog);
}

static struct sock *take_child(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);
	struct clasp_sock *child;

	spin_lock_bh(&cs->accept_lock);
	child = list_first_entry_or_null(&cs->accept_queue, struct clasp_sock,
					 accept_link);
	if (child) {
		list_del_init(&child->accept_link);
		sk_acceptq_removed(sk);
	}
	spin_unlock_bh(&cs->accept_lock);

	return (struct sock *)child;
}

/* One waiter is woken for one child. The lock is let go while it sleeps. */
static int wait_for_child(struct sock *sk, long timeout)
{
	DEFINE_WAIT(wait);
	int err = 0;

	while (!clasp_listener_readable(sk)) {
		if (sk->sk_state != TCP_LISTEN)
			err = -EINVAL;
		else if (!timeout)
			err = -EAGAIN;
		else if (signal_pending(current))
			err = sock_intr_errno(timeout);
		if (err)
			break;

		prepare_to_wait_exclusive(sk_sleep(sk), &wait,
					  TASK_INTERRUPTIBLE);
		release_sock(sk);
		if (!clasp_listener_readable(sk))
			timeout = schedule_timeout(timeout);
		sched_annotate_sleep();
		lock_sock(sk);
		finish_wait(sk_sleep(sk), &wait);
	}

	return err;
}

/**
 * clasp_accept() - the oldest established child
 * @sk: listener; locked here
 * @flags: O_NONBLOCK
 * @err: set when there is none: -EINVAL for a socket that does not listen,
 *	-EAGAIN, -EINTR or -ERESTARTSYS
 *
 * Return: a child, unlocked, whose life's reference is the caller's; or NULL.
 */
struct sock *clasp_accept(struct sock *sk, int flags, int *err)
{
	struct sock *child = NULL;

	lock_sock(sk);
	if (sk->sk_state != TCP_LISTEN)
		*err = -EINVAL;
	else
		*err = wait_for_child(sk, sock_rcvtimeo(sk,
							flags & O_NONBLOCK));
	if (!*err)
		child = take_child(sk);
	release_sock(sk);

	return child;
}

static struct clasp_request *take_request(struct clasp_sock *cs)
{
	struct clasp_request *req;

	spin_lock_bh(&cs->accept_lock);
	req = list_first_entry_or_null(&cs->syn_queue, struct clasp_request,
				       syn_link);
	if (req) {
		/* still the table's: its reference goes after the link */
		refcount_inc(&req->refs);
		list_del_init(&req->syn_link);
		WRITE_ONCE(cs->syn_count, cs->syn_count - 1);
	}
	spin_unlock_bh(&cs->accept_lock);

	return req;
}

static void forget_requests(struct clasp_sock *cs)
{
	struct clasp_request *req;

	while ((req = take_request(cs))) {
		clasp_request_end(req);
		clasp_request_put(req);
		cond_resched();
	}
}

static void reset_children(struct list_head *children)
{
	struct clasp_sock *cs, *next;

	list_for_each_entry_safe(cs, next, children, accept_link) {
		struct sock *child = (struct sock *)cs;

		list_del_init(&cs->accept_link);
		sock_hold(child);
		/* inside of the listener's, which is of the same class */
		lock_sock_nested(child, SINGLE_DEPTH_NESTING);
		clasp_child_reset(child);
		release_sock(child);
		sock_put(child);
	}
}

/**
 * clasp_listener_close() - take no more connections
 * @sk: listener, lock held; afterwards a closed socket that keeps its port
 *
 * Who connected and was not accepted is told by RST; who has not even answered
 * our SYN ACK is forgotten, and gets a RST when he does.
 */
void clasp_listener_close(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);
	LIST_HEAD(children);

	clasp_port_unlisten(sk);

	/* nobody adds to a queue after this */
	spin_lock_bh(&cs->accept_lock);
	cs->closed = true;
	list_splice_init(&cs->accept_queue, &children);
	WRITE_ONCE(sk->sk_ack_backlog, 0);
	spin_unlock_bh(&cs->accept_lock);

	forget_requests(cs);
	reset_children(&children);

	clasp_conn_move(&cs->conn, CLASP_ON_CLOSE);
	clasp_engine_sync_state(sk);
}
