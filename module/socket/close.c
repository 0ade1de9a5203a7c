// SPDX-License-Identifier: GPL-2.0
/*
 * close() and shutdown(): the program is done, in part or altogether.
 *
 * After close() the connection goes on without a program until it is over: an
 * orphan. It no longer keeps its network namespace alive; the namespace ends
 * it (netns.c).
 */
#include <linux/sched/signal.h>

#include "calls.h"
#include "clasp_body.h"
#include "engine.h"
#include "listener.h"
#include "proto.h"
#include "seq.h"

/**
 * clasp_shutdown() - proto.shutdown: the program sends or reads no more
 * @sk: socket; lock held
 * @how: SEND_SHUTDOWN, RCV_SHUTDOWN or both; sk_shutdown says so already
 */
void clasp_shutdown(struct sock *sk, int how)
{
	if (how & RCV_SHUTDOWN)
		clasp_sk(sk)->conn.rcv_closed = true;
	if (!(how & SEND_SHUTDOWN))
		return;

	clasp_conn_close(&clasp_sk(sk)->conn, clasp_now_us());
	clasp_engine_push(sk);
}

/* Throw away what the program did not read. Was there any? */
static bool discard_unread(struct sock *sk)
{
	struct sk_buff *skb;
	bool any = false;

	while ((skb = __skb_dequeue(&sk->sk_receive_queue))) {
		any |= seq_after(clasp_cb(skb)->held.end_seq,
				 clasp_sk(sk)->copied_seq);
		kfree_skb(skb);
	}

	return any;
}

static void abort_connection(struct sock *sk, enum clasp_send why)
{
	clasp_conn_abort(&clasp_sk(sk)->conn, why);
	clasp_count(sock_net(sk), CLASP_COUNT_ABORTS, 1);
}

static void end_connection(struct sock *sk)
{
	bool unread = discard_unread(sk);

	if (sk->sk_state == TCP_CLOSE)
		return;

	if (sk->sk_state == TCP_LISTEN)
		clasp_listener_close(sk);
	/* RFC 2525 §2.17: a FIN would tell the peer that we have it all */
	if (unread)
		abort_connection(sk, CLASP_SEND_RESET_UNREAD);
	else if (sock_flag(sk, SOCK_LINGER) && !sk->sk_lingertime)
		abort_connection(sk, CLASP_SEND_RESET_ABORT);
	else
		clasp_conn_close(&clasp_sk(sk)->conn, clasp_now_us());

	clasp_engine_push(sk);
}

/* Our FIN is not acknowledged. */
static bool is_closing(const struct sock *sk)
{
	return (1 << READ_ONCE(sk->sk_state)) &
	       (TCPF_FIN_WAIT1 | TCPF_CLOSING | TCPF_LAST_ACK);
}

/* SO_LINGER: wait until the peer has it all. */
static void linger(struct sock *sk, long timeout)
{
	DEFINE_WAIT_FUNC(wait, woken_wake_function);

	if (!timeout)
		return;

	add_wait_queue(sk_sleep(sk), &wait);
	while (timeout && !signal_pending(current))
		if (sk_wait_event(sk, &timeout, !is_closing(sk), &wait))
			break;
	remove_wait_queue(sk_sleep(sk), &wait);
}

/*
 * An orphan's reference to its namespace becomes one that holds nothing up.
 * Returns what the caller has to put once it is through with the socket.
 */
static struct net *let_go_of_net(struct sock *sk)
{
	struct net *net = sock_net(sk);

	if (!sk->sk_net_refcnt)
		return NULL;

	sk->sk_net_refcnt = 0;
	sock_inuse_add(net, -1);
	clasp_compat_net_passive(net);
	clasp_compat_track_net(net, sk);

	return net;
}

/*
 * Programs that close faster than peers acknowledge leave orphans, which no
 * limit of a program's bounds.
 */
static bool too_many_orphans(struct net *net)
{
	struct clasp_net *cn = clasp_net(net);

	if (atomic_read(&cn->orphan_count) < READ_ONCE(cn->max_orphans))
		return false;

	clasp_count(net, CLASP_COUNT_TOO_MANY_ORPHANS, 1);

	return true;
}

static struct net *become_orphan(struct sock *sk)
{
	sock_orphan(sk);
	if (sk->sk_state != TCP_CLOSE &&
	    (clasp_proto_out_of_memory(sk) || too_many_orphans(sock_net(sk))))
		abort_connection(sk, CLASP_SEND_RESET_ABORT);
	clasp_engine_orphan(sk);

	return sk->sk_state == TCP_CLOSE ? NULL : let_go_of_net(sk);
}

/**
 * clasp_close() - proto.close: no program has the socket any more
 * @sk: socket
 * @timeout: how long to wait until the peer has it all, in jiffies
 */
void clasp_close(struct sock *sk, long timeout)
{
	struct net *net;

	lock_sock(sk);
	WRITE_ONCE(sk->sk_shutdown, SHUTDOWN_MASK);
	clasp_sk(sk)->conn.rcv_closed = true;
	end_connection(sk);
	linger(sk, timeout);

	/* ours, besides the program's, which the engine gives back */
	sock_hold(sk);
	net = become_orphan(sk);
	/* whose backlog may end the connection, which needs the namespace */
	release_sock(sk);
	sock_put(sk);
	if (net)
		put_net(net);
}
