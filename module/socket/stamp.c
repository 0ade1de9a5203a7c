// SPDX-License-Identifier: GPL-2.0
/*
 * SO_TIMESTAMPING on streams, as Linux's timestamping document has it for TCP.
 *
 * What is stamped is the last byte of a write: when it enters the qdisc, leaves
 * the host, is acknowledged. With SOF_TIMESTAMPING_OPT_ID each report says
 * which byte that was, counted from a base in sk_tskey; in the send queue it is
 * known by its sequence number. A byte that is sent twice is reported twice.
 *
 * A later write whose bytes share an skb takes the place of the earlier:
 * MSG_EOR keeps them apart.
 */
#include <linux/errqueue.h>
#include <linux/net_tstamp.h>
#include <net/sock.h>

#include "stamp.h"
#include "queue.h"

/* Which byte of the stream, for the program. */
static u32 key_of(const struct sock *sk, u32 seq)
{
	return seq - (u32)atomic_read(&sk->sk_tskey);
}

/**
 * clasp_stamp_write() - a write has been queued whose end may be stamped
 * @sk: socket; lock held
 * @flags: SOF_TIMESTAMPING_* of the socket or of this write
 * @len: bytes of it
 */
void clasp_stamp_write(struct sock *sk, u32 flags, size_t len)
{
	struct sk_buff *skb = clasp_queue_tail(sk);
	u32 end = clasp_sk(sk)->conn.write_seq;

	if (!skb || !(flags & SOF_TIMESTAMPING_TX_RECORD_MASK))
		return;

	/* where the option is not ours to take, bytes count from now on */
	if (flags & SOF_TIMESTAMPING_OPT_ID && !atomic_read(&sk->sk_tskey))
		atomic_set(&sk->sk_tskey, end - (u32)len);

	__sock_tx_timestamp(flags, &skb_shinfo(skb)->tx_flags);
	skb_shinfo(skb)->tskey = end - 1;
	if (flags & SOF_TIMESTAMPING_TX_ACK)
		clasp_cb(skb)->sent.body |= CLASP_SENT_STAMP_ACKED;
}

/**
 * clasp_stamp_transfer() - the byte to stamp is in another skb, maybe
 * @to: has the end of what was @from's
 * @from: on the send queue
 */
void clasp_stamp_transfer(struct sk_buff *to, struct sk_buff *from)
{
	struct skb_shared_info *shinfo = skb_shinfo(from);

	if (seq_before(shinfo->tskey, clasp_cb(to)->sent.seq)) {
		clasp_cb(to)->sent.body &= ~CLASP_SENT_STAMP_ACKED;
		return;
	}

	skb_shinfo(to)->tskey = shinfo->tskey;
	skb_shinfo(to)->tx_flags = shinfo->tx_flags & SKBTX_ANY_TSTAMP;
	shinfo->tx_flags &= ~SKBTX_ANY_TSTAMP;
	clasp_cb(from)->sent.body &= ~CLASP_SENT_STAMP_ACKED;
}

/**
 * clasp_stamp_mark() - ask who passes a segment on to stamp it
 * @sk: socket
 * @segment: the skb that leaves
 * @queued: where its payload is from
 * @seq: first octet of it
 * @len: octets
 */
void clasp_stamp_mark(const struct sock *sk, struct sk_buff *segment,
		      const struct sk_buff *queued, u32 seq, u32 len)
{
	const struct skb_shared_info *shinfo = skb_shinfo(queued);

	if (!seq_between(seq, shinfo->tskey, seq + len - 1))
		return;

	skb_shinfo(segment)->tx_flags |= shinfo->tx_flags & SKBTX_ANY_TSTAMP;
	skb_shinfo(segment)->tskey = key_of(sk, shinfo->tskey);
}

/**
 * clasp_stamp_report() - tell the program when its write was acknowledged
 * @sk: socket; lock held
 * @skb: the first sent one, so that it has no left child in the tree, where a
 *	copy of it would have its device
 */
void clasp_stamp_report(struct sock *sk, struct sk_buff *skb)
{
	struct list_head *order = clasp_order_link(&clasp_cb(skb)->sent);
	struct skb_shared_info *shinfo = skb_shinfo(skb);
	struct list_head link = *order;
	u32 seq = shinfo->tskey;

	if (!seq_before(seq, clasp_sk(sk)->conn.snd_una))
		return;

	/* a copy would have them as its route and its destructor */
	order->next = NULL;
	order->prev = NULL;
	shinfo->tskey = key_of(sk, seq);
	__skb_tstamp_tx(skb, NULL, NULL, sk, SCM_TSTAMP_ACK);
	shinfo->tskey = seq;
	*order = link;
	clasp_cb(skb)->sent.body &= ~CLASP_SENT_STAMP_ACKED;
}

/* New-style or old, a struct or its first member alone: the flags come first. */
static int read_flags(sockptr_t from, unsigned int len, u32 *flags)
{
	if (len < sizeof(*flags))
		return -EINVAL;

	return copy_from_sockptr(flags, from, sizeof(*flags)) ? -EFAULT : 0;
}

static bool starts_counting(const struct sock *sk, u32 flags)
{
	return flags & SOF_TIMESTAMPING_OPT_ID &&
	       !(READ_ONCE(sk->sk_tsflags) & SOF_TIMESTAMPING_OPT_ID);
}

/**
 * clasp_stamp_option() - SO_TIMESTAMPING on a stream
 * @sock: socket
 * @name: SO_TIMESTAMPING_OLD or SO_TIMESTAMPING_NEW
 * @from: the program's flags
 * @len: bytes of them
 *
 * The kernel does the work, but counts datagrams where we count bytes: from the
 * first that is not acknowledged, or with SOF_TIMESTAMPING_OPT_ID_TCP from the
 * next one written.
 *
 * Return: 0; -EINVAL, also to begin counting without a connection; -EFAULT.
 */
int clasp_stamp_option(struct socket *sock, int name, sockptr_t from,
		       unsigned int len)
{
	struct sock *sk = sock->sk;
	const struct clasp_conn *c = &clasp_sk(sk)->conn;
	bool starts;
	u32 flags;
	int err;

	err = read_flags(from, len, &flags);
	if (err)
		return err;
	starts = starts_counting(sk, flags);
	if (starts && (1 << sk->sk_state) & (TCPF_CLOSE | TCPF_LISTEN))
		return -EINVAL;

	err = sock_setsockopt(sock, SOL_SOCKET, name, from, len);
	if (err || !starts)
		return err;

	lock_sock(sk);
	atomic_set(&sk->sk_tskey, flags & SOF_TIMESTAMPING_OPT_ID_TCP ?
				  c->write_seq : c->snd_una);
	release_sock(sk);

	return 0;
}
