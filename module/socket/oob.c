// SPDX-License-Identifier: GPL-2.0
/*
 * Urgent data, as tcp(7) has it: one octet out of line.
 *
 * Where the mark is, and what is urgent, the core says (core/urgent.c). Here is
 * the octet, kept aside from the stream, and what follows from SO_OOBINLINE:
 * with it the octet is read in its place and not kept at all.
 */
#include <net/sock.h>

#include "oob.h"
#include "clasp_body.h"
#include "input.h"
#include "option.h"
#include "queue.h"
#include "urgent.h"

/*
 * A second mark before the program has read past the first: what was urgent is
 * not read in line afterwards, or a program that took both out of line would
 * get it again.
 */
static void skip_old(struct sock *sk, u32 old)
{
	struct sk_buff *skb = skb_peek(&sk->sk_receive_queue);
	struct clasp_sock *cs = clasp_sk(sk);

	if (cs->copied_seq != old || sock_flag(sk, SOCK_URGINLINE))
		return;

	WRITE_ONCE(cs->copied_seq, old + 1);
	if (skb && clasp_cb(skb)->held.end_seq == cs->copied_seq)
		clasp_queue_eat(sk, skb);
}

/**
 * clasp_oob_arrived() - a segment tells of urgent data, or brings it
 * @sk: socket; lock held
 * @skb: the segment from its header on
 * @seg: its header
 * @a: what the core made of it
 */
void clasp_oob_arrived(struct sock *sk, struct sk_buff *skb,
		       const struct clasp_segment *seg,
		       const struct clasp_arrival *a)
{
	if (a->urgent_new) {
		sk_send_sigurg(sk);
		if (a->urgent_old)
			skip_old(sk, a->urgent_old_seq);
	}
	if (!a->urgent_here)
		return;

	/* cannot fail: the segment was found to be that long */
	skb_copy_bits(skb, seg->hdr_len + a->urgent_at,
		      &clasp_sk(sk)->urgent_octet, 1);
	if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);
}

/* Returns 1, or what there is room for. */
static int give(struct sock *sk, struct msghdr *msg, size_t len, int flags)
{
	struct clasp_sock *cs = clasp_sk(sk);

	if (!(flags & MSG_PEEK))
		WRITE_ONCE(cs->conn.urgent, CLASP_URGENT_READ);
	msg->msg_flags |= MSG_OOB;
	if (!len) {
		msg->msg_flags |= MSG_TRUNC;
		return 0;
	}
	if (!(flags & MSG_TRUNC) && memcpy_to_msg(msg, &cs->urgent_octet, 1))
		return -EFAULT;

	return 1;
}

/**
 * clasp_oob_receive() - recv(MSG_OOB)
 * @sk: socket; lock held
 * @msg: where to
 * @len: room there
 * @flags: MSG_PEEK, MSG_TRUNC; it never waits
 *
 * Return: 1 for the octet; 0 at the end of the stream; -EINVAL when there is
 * none, it was read or is read in line; -EAGAIN when it is announced only;
 * -ENOTCONN, -EFAULT.
 */
int clasp_oob_receive(struct sock *sk, struct msghdr *msg, size_t len,
		      int flags)
{
	u8 urgent = clasp_sk(sk)->conn.urgent;

	if (sk->sk_state == TCP_LISTEN)
		return -ENOTCONN;
	if (sock_flag(sk, SOCK_URGINLINE) || urgent == CLASP_URGENT_NONE ||
	    urgent == CLASP_URGENT_READ)
		return -EINVAL;
	if (sk->sk_state == TCP_CLOSE && !sock_flag(sk, SOCK_DONE))
		return -ENOTCONN;
	if (urgent == CLASP_URGENT_ARRIVED)
		return give(sk, msg, len, flags);
	if (sk->sk_state == TCP_CLOSE || sk->sk_shutdown & RCV_SHUTDOWN)
		return 0;

	return -EAGAIN;
}

/**
 * clasp_oob_is_next() - is an octet left out of the stream?
 * @sk: socket; the lock makes the answer exact
 * @seq: octet that comes next for the program
 */
bool clasp_oob_is_next(const struct sock *sk, u32 seq)
{
	return clasp_urgent_at(&clasp_sk(sk)->conn, seq) &&
	       !sock_flag(sk, SOCK_URGINLINE);
}

/**
 * clasp_oob_at_mark() - SIOCATMARK: has the program read all before the mark?
 * @sk: socket; lock held
 */
bool clasp_oob_at_mark(const struct sock *sk)
{
	return clasp_urgent_at(&clasp_sk(sk)->conn, clasp_sk(sk)->copied_seq);
}

/**
 * clasp_oob_unread() - SIOCINQ: bytes that one read could get
 * @sk: socket; lock held
 *
 * A read ends before the mark, unless the octet there is read in line.
 */
u32 clasp_oob_unread(const struct sock *sk)
{
	const struct clasp_conn *c = &clasp_sk(sk)->conn;
	u32 seq = clasp_sk(sk)->copied_seq;

	if (sock_flag(sk, SOCK_URGINLINE))
		return clasp_unread(sk);
	if (clasp_urgent_at(c, seq) && seq_before(seq, c->rcv_nxt))
		return 0;

	return clasp_urgent_ahead(c, seq, clasp_unread(sk));
}
