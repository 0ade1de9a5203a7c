// SPDX-License-Identifier: GPL-2.0
/*
 * A datagram arrives: checked, told to whom it belongs, queued.
 *
 * All of it runs under rcu_read_lock() and takes no reference: sockets are freed
 * behind readers.
 */
#include <linux/filter.h>
#include <linux/icmpv6.h>
#include <linux/inetdevice.h>
#include <linux/netfilter.h>
#include <net/busy_poll.h>
#include <net/icmp.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "dgram.h"
#include "event.h"
#include "net/wire.h"
#include "sight/counter.h"
#include "sight/sight.h"

/**
 * clasp_dgram_refuse() - count, tell and free what goes no further
 * @net: where
 * @skb: the datagram, its control block still IP's; consumed
 * @dg: its header, or NULL when it is not known
 * @why: the reason
 */
void clasp_dgram_refuse(struct net *net, struct sk_buff *skb,
			const struct clasp_datagram *dg, enum clasp_drop why)
{
	struct clasp_segment seg = {};
	struct clasp_tuple tuple;

	if (!dg) {
		clasp_refuse(net, skb, NULL, why);
		return;
	}

	seg.source = dg->source;
	seg.dest = dg->dest;
	seg.len = dg->len - CLASP_DATAGRAM_HDR;
	clasp_ip_tuple(skb, &seg, &tuple);
	clasp_trace_about(&tuple);
	clasp_refuse(net, skb, &seg, why);
}

static bool policy_allows(struct sock *sk, struct sk_buff *skb)
{
	return xfrm_policy_check(sk, XFRM_POLICY_IN, skb,
				 clasp_ip_is_v4(skb) ? AF_INET : AF_INET6);
}

static bool checksum_is_right(struct sk_buff *skb)
{
	if (clasp_ip_is_v4(skb))
		return !skb_checksum_validate(skb, IPPROTO_CLASP_DG,
					      inet_compute_pseudo);

	return !skb_checksum_validate(skb, IPPROTO_CLASP_DG,
				      ip6_compute_pseudo);
}

/* An IPv6 packet with such an address would be taken for an IPv4 one. */
static bool is_disguised(const struct sk_buff *skb)
{
	return !clasp_ip_is_v4(skb) &&
	       (ipv6_addr_v4mapped(&ipv6_hdr(skb)->saddr) ||
		ipv6_addr_v4mapped(&ipv6_hdr(skb)->daddr));
}

static enum clasp_drop examine(struct sk_buff *skb, struct clasp_datagram *dg)
{
	enum clasp_drop why;

	if (skb->len < CLASP_DATAGRAM_HDR)
		return CLASP_DROP_SHORT;
	if (!pskb_may_pull(skb, CLASP_DATAGRAM_HDR))
		return CLASP_DROP_MEMORY;

	why = clasp_datagram_parse(dg, skb->data, skb_headlen(skb), skb->len);
	if (why)
		return why;
	if (is_disguised(skb))
		return CLASP_DROP_ADDRESS;
	if (pskb_trim_rcsum(skb, dg->len))
		return CLASP_DROP_MEMORY;

	return checksum_is_right(skb) ? CLASP_DROP_NONE : CLASP_DROP_CHECKSUM;
}

static enum clasp_drop objection(struct sock *sk, struct sk_buff *skb)
{
	if (!policy_allows(sk, skb))
		return CLASP_DROP_POLICY;
	nf_reset_ct(skb);
	if (sk_filter_trim_cap(sk, skb, CLASP_DATAGRAM_HDR))
		return CLASP_DROP_FILTER;

	return CLASP_DROP_NONE;
}

/*
 * Room is taken, and given back by clasp_dgram_recvmsg(), under the queue's lock:
 * sk_forward_alloc has no other.
 */
static enum clasp_drop enqueue(struct sock *sk, struct sk_buff *skb)
{
	struct sk_buff_head *queue = &sk->sk_receive_queue;
	enum clasp_drop why = CLASP_DROP_NONE;

	spin_lock(&queue->lock);
	if (atomic_read(&sk->sk_rmem_alloc) > READ_ONCE(sk->sk_rcvbuf)) {
		why = CLASP_DROP_RECEIVE_FULL;
	} else if (!sk_rmem_schedule(sk, skb, skb->truesize)) {
		why = CLASP_DROP_MEMORY;
	} else {
		skb_set_owner_r(skb, sk);
		sock_skb_set_dropcount(sk, skb);
		__skb_queue_tail(queue, skb);
	}
	spin_unlock(&queue->lock);

	if (why)
		sk_drops_add(sk, skb);
	else if (!sock_flag(sk, SOCK_DEAD))
		sk->sk_data_ready(sk);

	return why;
}

/**
 * clasp_dgram_admit() - give a datagram to a socket, if it lets it in
 * @sk: socket
 * @skb: datagram; consumed
 * @dg: its header
 *
 * Context: BH disabled, rcu_read_lock().
 */
void clasp_dgram_admit(struct sock *sk, struct sk_buff *skb,
		       const struct clasp_datagram *dg)
{
	enum clasp_drop why = objection(sk, skb);

	if (!why) {
		sk_mark_napi_id_once(sk, skb);
		clasp_ancillary_keep(sk, skb);
		__skb_pull(skb, CLASP_DATAGRAM_HDR);
		/* what waits for a reader may outlive the device */
		skb->dev = NULL;
		why = enqueue(sk, skb);
	}
	if (why)
		clasp_dgram_refuse(sock_net(sk), skb, dg, why);
}

static void answer_unreachable(struct sk_buff *skb)
{
	if (clasp_ip_is_v4(skb))
		icmp_send(skb, ICMP_DEST_UNREACH, ICMP_PORT_UNREACH, 0);
	else
		icmpv6_send(skb, ICMPV6_DEST_UNREACH, ICMPV6_PORT_UNREACH, 0);
}

static void to_nobody(struct net *net, struct sk_buff *skb,
		      const struct clasp_datagram *dg)
{
	if (!policy_allows(NULL, skb)) {
		clasp_dgram_refuse(net, skb, dg, CLASP_DROP_POLICY);
		return;
	}

	nf_reset_ct(skb);
	answer_unreachable(skb);
	clasp_dgram_refuse(net, skb, dg, CLASP_DROP_NO_SOCKET);
}

static void to_one(struct net *net, struct sk_buff *skb,
		   const struct clasp_datagram *dg)
{
	struct clasp_dgram_ends ends;
	struct sock *sk;

	clasp_dgram_ends(skb, dg, &ends);
	sk = clasp_dgram_find(net, skb, &ends);
	if (sk)
		clasp_dgram_admit(sk, skb, dg);
	else
		to_nobody(net, skb, dg);
}

/**
 * clasp_dgram_receive() - the IP layer has a packet of protocol 254
 * @skb: its data begins with the datagram's header; consumed
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: 0: nothing is to be resubmitted.
 */
int clasp_dgram_receive(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	struct clasp_datagram dg;
	enum clasp_drop why;

	clasp_count(net, CLASP_COUNT_DATAGRAMS_IN, 1);
	why = examine(skb, &dg);
	if (why)
		clasp_dgram_refuse(net, skb, NULL, why);
	else if (clasp_dgram_is_for_many(skb))
		clasp_dgram_to_many(net, skb, &dg);
	else
		to_one(net, skb, &dg);

	return 0;
}
