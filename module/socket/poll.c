// SPDX-License-Identifier: GPL-2.0
/*
 * poll(): what a program could do now without waiting.
 *
 * The bits are those of tcp(7). Nothing is locked: what changes while we look
 * wakes the program again.
 */
#include <net/tcp_states.h>

#include "calls.h"
#include "errqueue.h"
#include "listener.h"
#include "oob.h"
#include "option.h"
#include "urgent.h"
#include "window.h"

/**
 * clasp_readable() - is what can be read worth waking a program for?
 * @sk: socket; the lock makes the answer exact
 *
 * Less than SO_RCVLOWAT is worth reading, too, when the buffer or the window
 * can take no more: the peer would wait for ever.
 */
bool clasp_readable(struct sock *sk)
{
	u32 unread = clasp_unread(sk), skipped;
	const struct clasp_conn *c = &clasp_sk(sk)->conn;
	int room = READ_ONCE(sk->sk_rcvbuf);

	/* what is read out of line is not there for a read */
	skipped = clasp_oob_is_next(sk, READ_ONCE(clasp_sk(sk)->copied_seq));
	if (unread <= skipped)
		return false;

	return unread - skipped >= sock_rcvlowat(sk, 0, INT_MAX) ||
	       atomic_read(&sk->sk_rmem_alloc) > room - (room >> 3) ||
	       clasp_window_left(c) <= READ_ONCE(c->rcv_mss);
}

static bool is_writeable(struct sock *sk)
{
	if (READ_ONCE(sk->sk_shutdown) & SEND_SHUTDOWN ||
	    __sk_stream_is_writeable(sk, 1))
		return true;

	/* wake us when there is room */
	sk_set_bit(SOCKWQ_ASYNC_NOSPACE, sk);
	set_bit(SOCK_NOSPACE, &sk->sk_socket->flags);
	/* it may have come between the look and the bit */
	smp_mb__after_atomic();

	return __sk_stream_is_writeable(sk, 1);
}

/**
 * clasp_poll() - proto_ops.poll
 * @file: the socket's
 * @sock: socket
 * @wait: who wants to be woken
 *
 * Return: EPOLL* bits.
 */
__poll_t clasp_poll(struct file *file, struct socket *sock, poll_table *wait)
{
	struct sock *sk = sock->sk;
	const struct clasp_conn *conn = &clasp_sk(sk)->conn;
	__poll_t mask = 0;
	u8 shutdown;
	int state;

	sock_poll_wait(file, sock, wait);

	state = inet_sk_state_load(sk);
	if (state == TCP_LISTEN)
		return clasp_listener_readable(sk) ? EPOLLIN | EPOLLRDNORM : 0;

	shutdown = READ_ONCE(sk->sk_shutdown);
	if (shutdown == SHUTDOWN_MASK || state == TCP_CLOSE)
		mask |= EPOLLHUP;
	if (shutdown & RCV_SHUTDOWN)
		mask |= EPOLLIN | EPOLLRDNORM | EPOLLRDHUP;

	if (state != TCP_SYN_SENT && state != TCP_SYN_RECV) {
		if (clasp_readable(sk))
			mask |= EPOLLIN | EPOLLRDNORM;
		if (is_writeable(sk))
			mask |= EPOLLOUT | EPOLLWRNORM;
		if (READ_ONCE(conn->urgent) == CLASP_URGENT_ARRIVED)
			mask |= EPOLLPRI;
	}

	/* an error is set before the state that it leads to */
	smp_rmb();

	return mask | clasp_errqueue_poll(sk);
}
