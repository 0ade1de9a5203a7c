// SPDX-License-Identifier: GPL-2.0
/*
 * What a program receives: one datagram a call, or with CLASP_DG_GRO as many of
 * one sender as lie ready and fit (gather.c).
 *
 * What does not fit is lost, and said to be (MSG_TRUNC).
 */
#include <linux/bpf-cgroup.h>
#include <net/busy_poll.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "gather.h"
#include "net/wire.h"
#include "socket/address.h"
#include "socket/errqueue.h"

/**
 * clasp_dgram_let_go() - a program is through with a datagram
 * @sk: socket
 * @skb: datagram; consumed
 *
 * Gives its room back, under the lock by which it was taken (input.c).
 */
void clasp_dgram_let_go(struct sock *sk, struct sk_buff *skb)
{
	spin_lock_bh(&sk->sk_receive_queue.lock);
	/* others may look at it too: whoever is last lets it go */
	consume_skb(skb);
	spin_unlock_bh(&sk->sk_receive_queue.lock);
}

static void sender_of(const struct sk_buff *skb, struct clasp_address *from)
{
	const u8 *header = skb_transport_header(skb);

	*from = (struct clasp_address){
		.port = htons(get_unaligned_be16(header)),
	};
	if (clasp_ip_is_v4(skb)) {
		ipv6_addr_set_v4mapped(ip_hdr(skb)->saddr, &from->addr);
		return;
	}

	from->addr = ipv6_hdr(skb)->saddr;
	from->scope = ipv6_iface_scope_id(&from->addr, inet6_iif(skb));
}

/* A cgroup may show its programs another sender. */
static void ask_cgroup(struct sock *sk, struct sockaddr *name, int len)
{
	if (sk->sk_family == AF_INET)
		clasp_compat_cgroup_addr_lock(sk, name, &len,
					      CGROUP_UDP4_RECVMSG, NULL);
	else
		clasp_compat_cgroup_addr_lock(sk, name, &len,
					      CGROUP_UDP6_RECVMSG, NULL);
}

static void name_sender(struct sock *sk, const struct sk_buff *skb,
			struct msghdr *msg)
{
	struct sockaddr *name = msg->msg_name;
	struct clasp_address from;

	if (!name)
		return;

	sender_of(skb, &from);
	msg->msg_namelen = clasp_address_tell(&from, READ_ONCE(sk->sk_family),
					      name);
	ask_cgroup(sk, name, msg->msg_namelen);
	name->sa_family = READ_ONCE(clasp_dgram_sk(sk)->name_family);
}

/* Return: bytes, more than were copied for MSG_TRUNC, or a negative errno. */
static int deliver(struct sock *sk, struct sk_buff *skb, int off,
		   struct msghdr *msg, size_t len, int flags)
{
	size_t whole = skb->len, copied = min(len, whole - off);
	int err;

	err = skb_copy_datagram_msg(skb, off, msg, copied);
	if (err)
		return err;

	if (copied < whole - off)
		msg->msg_flags |= MSG_TRUNC;
	name_sender(sk, skb, msg);
	clasp_ancillary_give(sk, msg, skb, CLASP_DATAGRAM_HDR);
	if (READ_ONCE(clasp_dgram_sk(sk)->gather) &&
	    !(flags & MSG_PEEK) && copied == whole)
		copied += clasp_dgram_gather(sk, skb, msg, len - copied);

	return flags & MSG_TRUNC && copied < whole ? whole : copied;
}

/**
 * clasp_dgram_recvmsg() - proto_ops.recvmsg
 * @sock: socket
 * @msg: where to
 * @len: how much at most
 * @flags: MSG_PEEK, MSG_TRUNC, MSG_DONTWAIT, MSG_ERRQUEUE
 *
 * Return: bytes or a negative errno as of recv(2) and udp(7).
 */
int clasp_dgram_recvmsg(struct socket *sock, struct msghdr *msg, size_t len,
			int flags)
{
	struct sock *sk = sock->sk;
	struct sk_buff *skb;
	int off, err;

	if (flags & MSG_ERRQUEUE)
		return clasp_errqueue_receive(sk, clasp_dgram_sk(sk)->name_family,
					      msg, len);

	off = sk_peek_offset(sk, flags);
	skb = __skb_recv_datagram(sk, &sk->sk_receive_queue, flags, &off, &err);
	if (!skb)
		return err;

	err = deliver(sk, skb, off, msg, len, flags);
	if (err < 0 && !(flags & MSG_PEEK))
		sk_drops_add(sk, skb);
	else if (err >= 0 && flags & MSG_PEEK)
		sk_peek_offset_fwd(sk, err);
	else if (err >= 0)
		sk_peek_offset_bwd(sk, err);
	clasp_dgram_let_go(sk, skb);

	return err;
}

/**
 * clasp_dgram_first_len() - how long the datagram is that would be read next
 * @sk: socket
 *
 * Return: payload, bytes; 0 when there is none.
 */
int clasp_dgram_first_len(struct sock *sk)
{
	struct sk_buff *skb;
	int len;

	spin_lock_bh(&sk->sk_receive_queue.lock);
	skb = skb_peek(&sk->sk_receive_queue);
	len = skb ? skb->len : 0;
	spin_unlock_bh(&sk->sk_receive_queue.lock);

	return len;
}
