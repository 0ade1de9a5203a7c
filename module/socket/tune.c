// SPDX-License-Identifier: GPL-2.0
/*
 * Buffers that fit the path: as large as the core says, within rmem and wmem,
 * unless the program has said how large they are to be (SO_RCVBUF, SO_SNDBUF).
 *
 * The core counts payload; a buffer has to hold what skbs cost besides.
 */
#include <linux/skbuff.h>

#include "tune.h"
#include "calls.h"
#include "engine.h"
#include "option.h"
#include "rcvtune.h"
#include "sndtune.h"
#include "sock.h"

/**
 * clasp_tune_receive() - the program has read, or a range is held
 * @sk: socket; lock held
 *
 * Who keeps ranges back can make a buffer grow that nobody reads: there has to
 * be a program.
 */
void clasp_tune_receive(struct sock *sk)
{
	struct clasp_sock *cs = clasp_sk(sk);
	u32 most = READ_ONCE(clasp_net(sock_net(sk))->rmem[2]);
	u32 wanted, buf;

	if (!sk->sk_socket)
		return;

	wanted = clasp_rcvtune_read(&cs->conn, cs->copied_seq, clasp_now_us());
	if (!wanted || sk->sk_userlocks & SOCK_RCVBUF_LOCK)
		return;

	/* half of the buffer is offered: tell_space() in engine.c */
	buf = min_t(u64, 2 * (u64)wanted, most);
	if (buf > sk->sk_rcvbuf)
		WRITE_ONCE(sk->sk_rcvbuf, buf);
}

/**
 * clasp_set_rcvlowat() - proto_ops.set_rcvlowat: SO_RCVLOWAT
 * @sk: socket; lock held
 * @value: bytes that there should be at least; not negative
 *
 * No more than a buffer can have, which grows for it.
 *
 * Return: 0
 */
int clasp_set_rcvlowat(struct sock *sk, int value)
{
	bool locked = sk->sk_userlocks & SOCK_RCVBUF_LOCK;
	struct clasp_user *user = &clasp_sk(sk)->annex.user;
	int most = locked ? sk->sk_rcvbuf :
			    READ_ONCE(clasp_net(sock_net(sk))->rmem[2]);

	value = min(value, most / 2);
	WRITE_ONCE(sk->sk_rcvlowat, value ?: 1);

	if (!locked && 2 * value > sk->sk_rcvbuf) {
		WRITE_ONCE(sk->sk_rcvbuf, 2 * value);
		if (user->window_clamp)
			user->window_clamp = max_t(u32, user->window_clamp,
						   value);
		clasp_engine_push(sk);
	}
	/* what was too little until now may be enough */
	if (clasp_readable(sk))
		sk->sk_data_ready(sk);

	return 0;
}

/**
 * clasp_tune_send() - the program waits for room to write
 * @sk: socket; lock held
 */
void clasp_tune_send(struct sock *sk)
{
	const struct clasp_conn *c = &clasp_sk(sk)->conn;
	u32 most = READ_ONCE(clasp_net(sock_net(sk))->wmem[2]);
	u32 wanted = clasp_sndtune_wanted(c);
	u32 mss = clasp_conn_mss(c);
	u64 buf;

	if (!wanted || sk->sk_userlocks & SOCK_SNDBUF_LOCK ||
	    READ_ONCE(*sk->sk_prot->memory_pressure))
		return;

	/* at worst each segment lies in an skb of its own */
	buf = (u64)DIV_ROUND_UP(wanted, mss) * (mss + SKB_TRUESIZE(0));
	buf = min_t(u64, buf, most);
	if (buf > sk->sk_sndbuf)
		WRITE_ONCE(sk->sk_sndbuf, buf);
}

/**
 * clasp_tune_may_write() - proto.stream_memory_free: CLASP_NOTSENT_LOWAT
 * @sk: socket; what is asked without the lock may be out of date
 * @wake: 1 to ask whether to wake a program that waits, which is worth it only
 *	when half of what it may queue is gone
 *
 * A program that wants to decide late what it sends keeps little unsent.
 */
bool clasp_tune_may_write(const struct sock *sk, int wake)
{
	u32 lowat = READ_ONCE(clasp_sk(sk)->notsent_lowat);

	if (!lowat)
		lowat = READ_ONCE(clasp_net(sock_net(sk))->notsent_lowat);

	return (u64)clasp_unsent(sk) << wake < lowat;
}
