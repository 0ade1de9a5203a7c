// SPDX-License-Identifier: GPL-2.0
/*
 * send(): from the program's memory to the send queue.
 *
 * Bytes are added to the send queue (append.c), and the engine is asked. Whatever
 * fails on the way, the bytes queued so far count: none is lost, none is sent
 * twice.
 */
#include <linux/sched/signal.h>

#include "append.h"
#include "calls.h"
#include "clasp_body.h"
#include "engine.h"
#include "output.h"
#include "queue.h"
#include "stamp.h"
#include "urgent.h"

/*
 * Let go what is queued. A write that ends says so with PSH; behind one that
 * does not (MSG_MORE) more follows at once, and less than a segment waits.
 */
static void push(struct sock *sk, bool ends)
{
	struct sk_buff *skb;

	clasp_queue_drop_tail(sk);
	skb = clasp_queue_tail(sk);
	if (skb && ends)
		clasp_cb(skb)->sent.push = true;
	clasp_sk(sk)->conn.more_follows = !ends;
	clasp_engine_push(sk);
}

/* What was queued of an urgent write ends with the mark. */
static void mark_urgent(struct sock *sk, const struct msghdr *msg,
			size_t copied)
{
	if (copied && msg->msg_flags & MSG_OOB)
		clasp_urgent_write(&clasp_sk(sk)->conn);
}

static bool goal_reached(struct sock *sk)
{
	const struct sk_buff *skb = clasp_queue_tail(sk);

	return skb && skb->len >= clasp_output_goal(&clasp_sk(sk)->conn);
}

static bool may_send(const struct sock *sk)
{
	return !READ_ONCE(sk->sk_err) &&
	       !(READ_ONCE(sk->sk_shutdown) & SEND_SHUTDOWN);
}

/* Queue it all, waiting for memory as long as @timeout says. */
static int queue_all(struct sock *sk, struct clasp_append *a, long timeout,
		     size_t *copied)
{
	struct msghdr *msg = a->msg;
	int n, err;

	while (msg_data_left(msg)) {
		n = clasp_append(sk, a);
		if (n < 0)
			return n;
		if (n > 0) {
			*copied += n;
			/* the last byte leaves in push(), when it has its marks */
			if (goal_reached(sk) && msg_data_left(msg))
				clasp_engine_push(sk);
			continue;
		}

		set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
		mark_urgent(sk, msg, *copied);
		push(sk, true);
		err = sk_stream_wait_memory(sk, &timeout);
		if (err)
			return err;
	}

	return 0;
}

static int await_connection(struct sock *sk, long *timeout)
{
	if (sk->sk_state == TCP_ESTABLISHED || sk->sk_state == TCP_CLOSE_WAIT)
		return 0;

	return sk_stream_wait_connect(sk, timeout);
}

/* Of control messages a stream heeds what to stamp, but all must be right. */
static int read_control(struct sock *sk, struct msghdr *msg,
			struct sockcm_cookie *cookie)
{
	sockcm_init(cookie, sk);
	if (!msg->msg_controllen)
		return 0;

	return sock_cmsg_send(sk, msg, cookie) ? -EINVAL : 0;
}

/* Mark the end of what was queued: all of the write, or what there was room for. */
static void mark_end(struct sock *sk, struct msghdr *msg,
		     const struct sockcm_cookie *cookie, size_t copied)
{
	struct sk_buff *skb;

	clasp_queue_drop_tail(sk);
	if (unlikely(cookie->tsflags))
		clasp_stamp_write(sk, cookie->tsflags, copied);

	skb = clasp_queue_tail(sk);
	if (skb && msg->msg_flags & MSG_EOR && !msg_data_left(msg))
		clasp_cb(skb)->sent.body |= CLASP_SENT_EOR;
}

static int send_locked(struct sock *sk, struct msghdr *msg)
{
	long timeout = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	struct clasp_append a = { .msg = msg };
	struct sockcm_cookie cookie;
	size_t copied = 0;
	int err;

	err = await_connection(sk, &timeout);
	if (err)
		return sk_stream_error(sk, msg->msg_flags, err);
	err = read_control(sk, msg, &cookie);
	if (!err)
		err = clasp_append_begin(sk, &a);
	if (err)
		return err;

	sk_clear_bit(SOCKWQ_ASYNC_NOSPACE, sk);
	err = may_send(sk) ? queue_all(sk, &a, timeout, &copied) : -EPIPE;
	clasp_append_end(&a, copied);
	if (copied) {
		mark_end(sk, msg, &cookie, copied);
		mark_urgent(sk, msg, copied);
		push(sk, err || !(msg->msg_flags & MSG_MORE));
		return copied;
	}

	clasp_queue_drop_tail(sk);
	if (!err)
		return 0;
	err = sk_stream_error(sk, msg->msg_flags, err);
	/* who waits for an edge must not wait for one that never comes */
	if (err == -EAGAIN && !sk->sk_wmem_queued)
		sk->sk_write_space(sk);

	return err;
}

/**
 * clasp_sendmsg() - proto_ops.sendmsg
 * @sock: socket
 * @msg: what, and how: MSG_DONTWAIT, MSG_MORE, MSG_EOR, MSG_NOSIGNAL, MSG_OOB,
 *	MSG_ZEROCOPY, MSG_SPLICE_PAGES
 * @len: how much
 *
 * Return: bytes queued, or a negative errno as of send(2) and tcp(7).
 */
int clasp_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	int sent;

	if (msg->msg_flags & MSG_FASTOPEN)
		return -EOPNOTSUPP;

	lock_sock(sock->sk);
	sent = send_locked(sock->sk, msg);
	release_sock(sock->sk);

	return sent;
}

/**
 * clasp_write_space() - sk_write_space: memory became free
 * @sk: socket; lock held
 */
void clasp_write_space(struct sock *sk)
{
	struct socket *sock = sk->sk_socket;
	struct socket_wq *wq;

	if (!sock || !__sk_stream_is_writeable(sk, 1))
		return;

	clear_bit(SOCK_NOSPACE, &sock->flags);
	rcu_read_lock();
	wq = rcu_dereference(sk->sk_wq);
	if (skwq_has_sleeper(wq))
		wake_up_interruptible_poll(&wq->wait, EPOLLOUT | EPOLLWRNORM |
						      EPOLLWRBAND);
	if (wq && wq->fasync_list && !(sk->sk_shutdown & SEND_SHUTDOWN))
		sock_wake_async(wq, SOCK_WAKE_SPACE, POLL_OUT);
	rcu_read_unlock();
}
