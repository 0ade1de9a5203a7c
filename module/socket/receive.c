// SPDX-License-Identifier: GPL-2.0
/*
 * recv() and splice(): from the receive queue to the program's memory, or to a
 * pipe.
 *
 * An skb in the queue says in its control block which octets it has;
 * copied_seq is the next that the program gets. A copy that fails moves
 * nothing. A read ends before the mark of urgent data; the next one leaves that
 * octet out, unless it is read in line.
 */
#include <linux/sched/signal.h>
#include <net/busy_poll.h>
#include <net/sock.h>

#include "calls.h"
#include "clasp_body.h"
#include "engine.h"
#include "errqueue.h"
#include "oob.h"
#include "option.h"
#include "queue.h"
#include "seq.h"
#include "stamp.h"
#include "urgent.h"

/**
 * struct reading - one call of recv()
 * @msg: where the bytes go
 * @pipe: where references to them go instead (splice()), or NULL
 * @left: how many more the program has room for
 * @base: copied_seq as we know it
 * @seq: octet that comes next; behind @base when we peek
 * @copied: bytes so far
 * @unacked: of these, the engine has not been told
 * @peek: they stay in the queue
 * @discard: they go nowhere (MSG_TRUNC)
 * @last: a reference to what the last byte came in, if the program wants to know
 *	when that was, and it is known
 */
struct reading {
	struct msghdr		*msg;
	struct pipe_inode_info	*pipe;
	size_t			left;
	u32			base;
	u32			seq;
	size_t			copied;
	size_t			unacked;
	bool			peek;
	bool			discard;
	struct sk_buff		*last;
};

/* The skb with octet @seq. */
static struct sk_buff *find(struct sock *sk, u32 seq)
{
	struct sk_buff *skb;

	skb_queue_walk(&sk->sk_receive_queue, skb)
		if (seq_after(clasp_cb(skb)->held.end_seq, seq))
			return skb;

	return NULL;
}

static void remember_last(const struct sock *sk, struct reading *r,
			  struct sk_buff *skb)
{
	if (likely(!clasp_stamp_wanted(sk, skb)) || !r->msg)
		return;

	consume_skb(r->last);
	r->last = skb_get(skb);
}

/* The octets up to @seq, all of them in @skb, are done with. */
static void move_on(struct sock *sk, struct reading *r, struct sk_buff *skb,
		    u32 seq)
{
	u32 len = seq - r->seq;

	r->seq = seq;
	if (r->peek)
		return;

	r->unacked += len;
	r->base = seq;
	WRITE_ONCE(clasp_sk(sk)->copied_seq, seq);
	clasp_urgent_passed(&clasp_sk(sk)->conn, seq);
	if (seq == clasp_cb(skb)->held.end_seq)
		clasp_queue_eat(sk, skb);
}

/* Returns how much of it was: a pipe may have less room. */
static int hand_over(struct sock *sk, struct reading *r, struct sk_buff *skb,
		     u32 offset, u32 len)
{
	if (r->pipe)
		return skb_splice_bits(skb, sk, offset, r->pipe, len, 0);
	if (!r->discard && skb_copy_datagram_msg(skb, offset, r->msg, len))
		return -EFAULT;

	return len;
}

/* Hand over what @skb has of it, up to a mark. */
static int take(struct sock *sk, struct reading *r, struct sk_buff *skb)
{
	const struct clasp_held *held = &clasp_cb(skb)->held;
	int len = min_t(size_t, held->end_seq - r->seq, r->left);

	len = clasp_urgent_ahead(&clasp_sk(sk)->conn, r->seq, len);
	len = hand_over(sk, r, skb, r->seq - held->seq, len);
	if (len <= 0)
		return len ?: -EAGAIN;

	remember_last(sk, r, skb);
	r->left -= len;
	r->copied += len;
	move_on(sk, r, skb, r->seq + len);

	return 0;
}

/* What was copied lies before a mark. */
static bool ends_at_mark(const struct sock *sk, const struct reading *r)
{
	return r->copied && clasp_urgent_at(&clasp_sk(sk)->conn, r->seq);
}

static int take_all(struct sock *sk, struct reading *r)
{
	struct sk_buff *skb;
	int err = 0;

	while (r->left && !err && !ends_at_mark(sk, r) &&
	       (skb = find(sk, r->seq))) {
		if (clasp_oob_is_next(sk, r->seq))
			move_on(sk, r, skb, r->seq + 1);
		else
			err = take(sk, r, skb);
	}

	return err;
}

/* What was read is room in the window. */
static void tell_engine(struct sock *sk, struct reading *r)
{
	if (!r->unacked)
		return;

	r->unacked = 0;
	clasp_engine_read(sk);
}

/*
 * There is nothing more to copy now: is that the end of the call? Returns 1 to
 * wait, 0 for what was copied or the end of the stream, or a negative errno.
 */
static int look_around(struct sock *sk, const struct reading *r, long timeout)
{
	bool over = sk->sk_err || sk->sk_state == TCP_CLOSE ||
		    sk->sk_shutdown & RCV_SHUTDOWN;

	if (r->copied)
		return !over && timeout && !signal_pending(current);

	if (sock_flag(sk, SOCK_DONE))
		return 0;
	if (sk->sk_err)
		return sock_error(sk);
	if (sk->sk_shutdown & RCV_SHUTDOWN)
		return 0;
	/* never connected */
	if (sk->sk_state == TCP_CLOSE)
		return -ENOTCONN;
	if (!timeout)
		return -EAGAIN;
	if (signal_pending(current))
		return sock_intr_errno(timeout);

	return 1;
}

/* The handler of SIGURG runs before the mark is passed. */
static int heed_sigurg(struct sock *sk, const struct reading *r, long timeout)
{
	if (r->copied || !signal_pending(current) ||
	    !clasp_urgent_at(&clasp_sk(sk)->conn, r->seq))
		return 0;

	return timeout ? sock_intr_errno(timeout) : -EAGAIN;
}

static int await_data(struct sock *sk, struct reading *r, long *timeout)
{
	struct sk_buff *last = skb_peek_tail(&sk->sk_receive_queue);
	int err;

	err = sk_wait_data(sk, timeout, last);
	if (err < 0)
		return err;
	/* another thread has read meanwhile, or numbers have come to mean something */
	if (clasp_sk(sk)->copied_seq != r->base) {
		r->base = clasp_sk(sk)->copied_seq;
		r->seq = r->base;
	}

	return 0;
}

static ssize_t receive_locked(struct sock *sk, struct reading *r, int flags)
{
	long timeout = sock_rcvtimeo(sk, flags & MSG_DONTWAIT);
	size_t target = 1;
	int err;

	if (sk->sk_state == TCP_LISTEN)
		return -ENOTCONN;
	if (!r->pipe)
		target = sock_rcvlowat(sk, flags & MSG_WAITALL, r->left);

	r->base = clasp_sk(sk)->copied_seq;
	r->seq = r->base;
	if (r->peek)
		r->seq += max(sk_peek_offset(sk, flags), 0);

	for (;;) {
		err = heed_sigurg(sk, r, timeout);
		if (err)
			break;
		err = take_all(sk, r);
		if (err || r->copied >= target || ends_at_mark(sk, r) ||
		    (!r->left && find(sk, r->seq)))
			break;
		err = look_around(sk, r, timeout);
		if (err <= 0)
			break;
		tell_engine(sk, r);
		err = await_data(sk, r, &timeout);
		if (err)
			break;
	}
	tell_engine(sk, r);

	if (r->last) {
		__sock_recv_timestamp(r->msg, sk, r->last);
		consume_skb(r->last);
	}

	return r->copied ?: err;
}

/* SO_BUSY_POLL: ask the device rather than wait for it. */
static void busy_poll(struct sock *sk, int flags)
{
	if (sk_can_busy_loop(sk) && sk->sk_state == TCP_ESTABLISHED &&
	    skb_queue_empty_lockless(&sk->sk_receive_queue))
		sk_busy_loop(sk, flags & MSG_DONTWAIT);
}

static ssize_t receive(struct sock *sk, struct reading *r, int flags)
{
	ssize_t copied;

	busy_poll(sk, flags);
	lock_sock(sk);
	copied = receive_locked(sk, r, flags);
	release_sock(sk);

	if (copied > 0 && r->peek)
		sk_peek_offset_fwd(sk, copied);
	else if (copied > 0)
		sk_peek_offset_bwd(sk, copied);

	return copied;
}

static int receive_urgent(struct sock *sk, struct msghdr *msg, size_t len,
			  int flags)
{
	int copied;

	lock_sock(sk);
	copied = clasp_oob_receive(sk, msg, len, flags);
	release_sock(sk);

	return copied;
}

/**
 * clasp_recvmsg() - proto_ops.recvmsg
 * @sock: socket
 * @msg: where to
 * @len: how much at most
 * @flags: MSG_PEEK, MSG_WAITALL, MSG_DONTWAIT, MSG_TRUNC, MSG_OOB,
 *	MSG_ERRQUEUE
 *
 * Return: bytes, 0 at the end of the stream, or a negative errno as of recv(2)
 * and tcp(7).
 */
int clasp_recvmsg(struct socket *sock, struct msghdr *msg, size_t len,
		  int flags)
{
	struct reading r = {
		.msg		= msg,
		.left		= len,
		.peek		= flags & MSG_PEEK,
		.discard	= flags & MSG_TRUNC,
	};
	struct sock *sk = sock->sk;
	ssize_t copied;

	if (flags & MSG_ERRQUEUE)
		return clasp_errqueue_receive(sk, clasp_sk(sk)->name_family,
					      msg, len);
	if (flags & MSG_OOB)
		return receive_urgent(sk, msg, len, flags);

	copied = receive(sk, &r, flags);
	if (copied >= 0)
		clasp_inq_tell(sk, msg);

	return copied;
}

/**
 * clasp_splice_read() - proto_ops.splice_read
 * @sock: socket
 * @ppos: 0: there is no other place to read from
 * @pipe: gets references to the pages that bytes arrived in; locked
 * @len: how many bytes at most
 * @flags: of splice(2), none of which is about the socket
 *
 * Waits for the first byte, unless the file is non-blocking.
 *
 * Return: bytes, 0 at the end of the stream, or a negative errno as recv(2);
 * -EAGAIN also for a pipe that is full, -EPIPE for one that nobody reads.
 */
ssize_t clasp_splice_read(struct socket *sock, loff_t *ppos,
			  struct pipe_inode_info *pipe, size_t len,
			  unsigned int flags)
{
	struct reading r = { .pipe = pipe, .left = len };

	if (*ppos)
		return -ESPIPE;

	return receive(sock->sk, &r, sock->file->f_flags & O_NONBLOCK ?
				     MSG_DONTWAIT : 0);
}
