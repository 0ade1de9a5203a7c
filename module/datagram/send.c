// SPDX-License-Identifier: GPL-2.0
/*
 * What a program sends: at once, or corked.
 */
#include <linux/skbuff.h>
#include <net/inet_common.h>

#include "dgram.h"

static int send_at_once(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct clasp_dgram_way way;
	struct sk_buff *skb;
	int err;

	err = clasp_dgram_way_find(sk, msg, &way);
	if (!err)
		err = clasp_dgram_fits(sk, &way, len);
	if (err)
		goto out;

	skb = clasp_dgram_make(sk, &way, msg, len);
	if (IS_ERR(skb))
		err = PTR_ERR(skb);
	else
		err = clasp_dgram_out_all(sk, skb, &way);
out:
	clasp_dgram_way_end(sk, &way);

	return err;
}

/* Where what is corked goes, its first message says; others are not looked at. */
static int send_corked(struct sock *sk, struct msghdr *msg, size_t len,
		       bool more)
{
	struct clasp_dgram_sock *ds = clasp_dgram_sk(sk);
	struct clasp_dgram_way way = {};
	int err = 0;

	lock_sock(sk);
	while (!ds->pending && !way.dst) {
		release_sock(sk);
		err = clasp_dgram_way_find(sk, msg, &way);
		lock_sock(sk);
		if (err)
			break;
	}
	if (!err)
		err = clasp_dgram_cork(sk, &way, msg, len, more);
	release_sock(sk);
	clasp_dgram_way_end(sk, &way);

	return err;
}

static int send(struct sock *sk, struct msghdr *msg, size_t len)
{
	bool more = msg->msg_flags & MSG_MORE ||
		    READ_ONCE(clasp_dgram_sk(sk)->corked);

	if (more || READ_ONCE(clasp_dgram_sk(sk)->pending))
		return send_corked(sk, msg, len, more);

	return send_at_once(sk, msg, len);
}

/*
 * MSG_ZEROCOPY: the sum is made here, which has to read all bytes; so they are
 * copied, and the error queue says so at once.
 */
static int send_and_tell(struct sock *sk, struct msghdr *msg, size_t len)
{
	struct ubuf_info *done = msg_zerocopy_realloc(sk, len, NULL);
	int err;

	if (!done)
		return -ENOBUFS;

	uarg_to_msgzc(done)->zerocopy = 0;
	err = send(sk, msg, len);
	if (err)
		net_zcopy_put_abort(done, true);
	else
		net_zcopy_put(done);

	return err;
}

static bool asks_for_zerocopy(const struct sock *sk, const struct msghdr *msg)
{
	/* what io_uring pins, it tells of itself */
	return msg->msg_flags & MSG_ZEROCOPY && !msg->msg_ubuf &&
	       sock_flag(sk, SOCK_ZEROCOPY);
}

/**
 * clasp_dgram_sendmsg() - proto_ops.sendmsg
 * @sock: socket
 * @msg: what, where to, and how
 * @len: bytes of it
 *
 * Return: @len or a negative errno as of send(2) and udp(7).
 */
int clasp_dgram_sendmsg(struct socket *sock, struct msghdr *msg, size_t len)
{
	struct sock *sk = sock->sk;
	int err;

	if (msg->msg_flags & MSG_OOB)
		return -EOPNOTSUPP;
	if (len > INT_MAX - CLASP_DATAGRAM_HDR)
		return -EMSGSIZE;
	if (inet_send_prepare(sk))
		return -EAGAIN;

	if (len && asks_for_zerocopy(sk, msg))
		err = send_and_tell(sk, msg, len);
	else
		err = send(sk, msg, len);

	return err ?: len;
}
