// SPDX-License-Identifier: GPL-2.0
/*
 * send(): from the program's memory to the send queue.
 *
 * Bytes are copied into page fragments of the last unsent skb, which grows to
 * what one transmission takes; then the engine is asked. An skb that was sent
 * is never added to. Whatever fails on the way, the bytes queued so far count:
 * none is lost, none is sent twice.
 */
#include <linux/sched/signal.h>
#include <linux/uio.h>

#include "calls.h"
#include "clasp_body.h"
#include "engine.h"
#include "output.h"
#include "queue.h"

/* The end of the send queue, with room in it; NULL when there is no memory. */
static struct sk_buff *tail_with_room(struct sock *sk, struct page_frag *frag)
{
	struct sk_buff *skb = clasp_queue_tail(sk);
	unsigned int n;

	if (skb && skb->len < clasp_output_goal(&clasp_sk(sk)->conn)) {
		n = skb_shinfo(skb)->nr_frags;
		if (n < MAX_SKB_FRAGS ||
		    skb_can_coalesce(skb, n, frag->page, frag->offset))
			return skb;
	}
	if (!sk_stream_memory_free(sk))
		return NULL;

	return clasp_queue_new(sk, sk->sk_allocation);
}

static void add_piece(struct sock *sk, struct sk_buff *skb,
		      struct page_frag *frag, u32 len)
{
	unsigned int n = skb_shinfo(skb)->nr_frags;

	if (skb_can_coalesce(skb, n, frag->page, frag->offset)) {
		skb_frag_size_add(&skb_shinfo(skb)->frags[n - 1], len);
	} else {
		get_page(frag->page);
		skb_fill_page_desc(skb, n, frag->page, frag->offset, len);
	}
	frag->offset += len;

	clasp_cb(skb)->sent.push = false;
	clasp_queue_grow(sk, skb, len);
}

/*
 * Copy as much as fits in one piece. Returns bytes, 0 when there is no memory,
 * -EFAULT when there is nothing to copy from.
 */
static int append(struct sock *sk, struct msghdr *msg)
{
	struct page_frag *frag = sk_page_frag(sk);
	struct sk_buff *skb;
	u32 len;

	if (!sk_page_frag_refill(sk, frag))
		return 0;
	skb = tail_with_room(sk, frag);
	if (!skb)
		return 0;

	len = clasp_output_goal(&clasp_sk(sk)->conn) - skb->len;
	len = min3(len, frag->size - frag->offset, (u32)msg_data_left(msg));
	if (!sk_wmem_schedule(sk, len))
		return 0;

	len = copy_page_from_iter(frag->page, frag->offset, len,
				  &msg->msg_iter);
	if (!len)
		return -EFAULT;
	add_piece(sk, skb, frag, len);

	return len;
}

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
static int queue_all(struct sock *sk, struct msghdr *msg, long timeout,
		     size_t *copied)
{
	int n, err;

	while (msg_data_left(msg)) {
		n = append(sk, msg);
		if (n < 0)
			return n;
		if (n > 0) {
			*copied += n;
			if (goal_reached(sk))
				clasp_engine_push(sk);
			continue;
		}

		set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
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

/* What control messages say is of no use to a stream, but must be right. */
static int check_control(struct sock *sk, struct msghdr *msg)
{
	struct sockcm_cookie cookie;

	if (!msg->msg_controllen)
		return 0;

	sockcm_init(&cookie, sk);

	return sock_cmsg_send(sk, msg, &cookie) ? -EINVAL : 0;
}

static int send_locked(struct sock *sk, struct msghdr *msg)
{
	long timeout = sock_sndtimeo(sk, msg->msg_flags & MSG_DONTWAIT);
	size_t copied = 0;
	int err;

	err = await_connection(sk, &timeout);
	if (err)
		return sk_stream_error(sk, msg->msg_flags, err);
	err = check_control(sk, msg);
	if (err)
		return err;

	sk_clear_bit(SOCKWQ_ASYNC_NOSPACE, sk);
	err = may_send(sk) ? queue_all(sk, msg, timeout, &copied) : -EPIPE;
	if (copied) {
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
 * @msg: what, and how: MSG_DONTWAIT, MSG_MORE, MSG_NOSIGNAL
 * @len: how much
 *
 * Return: bytes queued, or a negative errno as of send(2) and tcp(7).
 */
int clasp_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	int sent;

	if (msg->msg_flags & (MSG_OOB | MSG_FASTOPEN))
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
