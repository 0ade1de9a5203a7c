// SPDX-License-Identifier: GPL-2.0
/*
 * A segment arrives: checked, told to whom it belongs, handed over.
 *
 * All of it runs under rcu_read_lock() and takes no reference: sockets and
 * mini-sockets are freed behind readers. A socket is then locked; if a program
 * owns it, the segment waits in its backlog and comes back through
 * clasp_ip_backlog_rcv().
 */
#include <linux/filter.h>
#include <linux/netfilter.h>
#include <net/busy_poll.h>
#include <net/inet_ecn.h>
#include <net/ip.h>
#include <net/ip6_checksum.h>
#include <net/ipv6.h>
#include <net/route.h>
#include <net/xfrm.h>

#include "event.h"
#include "net/demux.h"
#include "net/wire.h"
#include "sight/sight.h"
#include "socket/engine.h"
#include "socket/listener.h"
#include "socket/request.h"
#include "socket/tw.h"

/* How often what was found may end before we get hold of it. */
#define LOOKUPS		3

/* A backlog holds what both buffers would, and some more for small segments. */
#define BACKLOG_EXTRA	(64 * 1024)

/* Did a router on the way say that it is congested? RFC 3168 §5. */
static bool is_marked(const struct sk_buff *skb)
{
	if (clasp_ip_is_v4(skb))
		return INET_ECN_is_ce(ip_hdr(skb)->tos);

	return INET_ECN_is_ce(ipv6_get_dsfield(ipv6_hdr(skb)));
}

static enum clasp_drop parse(struct sk_buff *skb, struct clasp_segment *seg)
{
	enum clasp_drop why;
	u32 hdr_len;

	if (skb->len < CLASP_HDR_MIN)
		return CLASP_DROP_SHORT;
	if (!pskb_may_pull(skb, CLASP_HDR_MIN))
		return CLASP_DROP_MEMORY;

	hdr_len = clasp_segment_hdr_len(skb->data);
	if (hdr_len <= skb->len && !pskb_may_pull(skb, hdr_len))
		return CLASP_DROP_MEMORY;

	why = clasp_segment_parse(seg, skb->data, skb_headlen(skb), skb->len);
	seg->ce = !why && is_marked(skb);

	return why;
}

static bool checksum_is_right(struct sk_buff *skb)
{
	if (clasp_ip_is_v4(skb))
		return !skb_checksum_validate(skb, IPPROTO_CLASP,
					      inet_compute_pseudo);

	return !skb_checksum_validate(skb, IPPROTO_CLASP, ip6_compute_pseudo);
}

static bool hops_suffice(const struct sock *sk, const struct sk_buff *skb)
{
	if (clasp_ip_is_v4(skb))
		return ip_hdr(skb)->ttl >= READ_ONCE(inet_sk(sk)->min_ttl);

	return ipv6_hdr(skb)->hop_limit >=
	       READ_ONCE(inet6_sk(sk)->min_hopcount);
}

static bool policy_allows(struct sock *sk, struct sk_buff *skb)
{
	return xfrm_policy_check(sk, XFRM_POLICY_IN, skb,
				 clasp_ip_is_v4(skb) ? AF_INET : AF_INET6);
}

static enum clasp_drop objection(struct sock *sk, struct sk_buff *skb,
				 struct clasp_segment *seg)
{
	u32 len = skb->len;

	if (!hops_suffice(sk, skb))
		return CLASP_DROP_TTL;
	if (!policy_allows(sk, skb))
		return CLASP_DROP_POLICY;
	nf_reset_ct(skb);
	if (sk_filter_trim_cap(sk, skb, seg->hdr_len))
		return CLASP_DROP_FILTER;

	/* a filter may have cut the payload */
	return skb->len == len ? CLASP_DROP_NONE : parse(skb, seg);
}

/**
 * clasp_ip_admit() - does a socket let a segment in?
 * @sk: the socket, or the listener behind a request
 * @skb: the segment; consumed if not
 * @seg: its header; parsed again when a filter has cut the segment
 */
bool clasp_ip_admit(struct sock *sk, struct sk_buff *skb,
		    struct clasp_segment *seg)
{
	enum clasp_drop why = objection(sk, skb, seg);

	if (why)
		clasp_refuse(sock_net(sk), skb, seg, why);

	return !why;
}

/**
 * clasp_ip_permitted() - is a segment let in that no socket takes?
 * @net: namespace
 * @skb: the segment; consumed if not
 * @seg: its header
 */
bool clasp_ip_permitted(struct net *net, struct sk_buff *skb,
			const struct clasp_segment *seg)
{
	if (policy_allows(NULL, skb))
		return true;

	clasp_refuse(net, skb, seg, CLASP_DROP_POLICY);

	return false;
}

static struct sock *find_listener(struct net *net, struct sk_buff *skb,
				  const struct clasp_segment *seg,
				  const struct clasp_tuple *tuple)
{
	bool v4 = clasp_ip_is_v4(skb);

	return clasp_demux_listener(clasp_net(net), tuple, skb, seg->hdr_len,
				    v4 ? inet_iif(skb) : inet6_iif(skb),
				    v4 ? inet_sdif(skb) : inet6_sdif(skb));
}

/**
 * clasp_ip_to_listener() - hand a segment to who listens on its port
 * @net: namespace
 * @skb: the segment; consumed if somebody listens
 * @seg: its header
 * @tuple: its four-tuple
 * @old: the connection in TIME_WAIT that it met, or NULL
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: false when nobody listens.
 */
bool clasp_ip_to_listener(struct net *net, struct sk_buff *skb,
			  struct clasp_segment *seg,
			  const struct clasp_tuple *tuple,
			  struct clasp_tw *old)
{
	struct sock *listener = find_listener(net, skb, seg, tuple);

	if (!listener)
		return false;
	if (clasp_ip_admit(listener, skb, seg))
		clasp_listener_segment(listener, skb, seg, tuple, old);

	return true;
}

static void to_nobody(struct net *net, struct sk_buff *skb,
		      const struct clasp_segment *seg)
{
	clasp_tell_in(NULL, seg);
	if (!clasp_ip_permitted(net, skb, seg))
		return;
	clasp_ip_reset(net, skb, seg, NULL);
	clasp_refuse(net, skb, seg, CLASP_DROP_NO_SOCKET);
}

static void to_unknown(struct net *net, struct sk_buff *skb,
		       struct clasp_segment *seg,
		       const struct clasp_tuple *tuple)
{
	if (!clasp_ip_answerable(net, skb))
		clasp_refuse(net, skb, seg, CLASP_DROP_ADDRESS);
	else if (!clasp_ip_to_listener(net, skb, seg, tuple, NULL))
		to_nobody(net, skb, seg);
}

static bool add_to_backlog(struct sock *sk, struct sk_buff *skb)
{
	u64 limit = (u64)READ_ONCE(sk->sk_rcvbuf) + READ_ONCE(sk->sk_sndbuf) +
		    BACKLOG_EXTRA;

	return !sk_add_backlog(sk, skb, min_t(u64, limit, UINT_MAX));
}

/* SO_BINDTODEVICE: what comes by another device is not for this socket. */
static bool is_from_device(struct sock *sk, const struct sk_buff *skb)
{
	int bound = READ_ONCE(sk->sk_bound_dev_if);

	if (clasp_ip_is_v4(skb))
		return inet_sk_bound_dev_eq(sock_net(sk), bound, inet_iif(skb),
					    inet_sdif(skb));

	return inet_sk_bound_dev_eq(sock_net(sk), bound, inet6_iif(skb),
				    inet6_sdif(skb));
}

static bool to_sock(struct sock *sk, struct sk_buff *skb,
		    struct clasp_segment *seg, const struct clasp_tuple *tuple)
{
	struct net *net = sock_net(sk);

	if (!is_from_device(sk, skb)) {
		to_unknown(net, skb, seg, tuple);
		return true;
	}
	if (!clasp_ip_admit(sk, skb, seg))
		return true;

	bh_lock_sock_nested(sk);
	if (!clasp_hashed_as(sk, tuple)) {
		bh_unlock_sock(sk);
		return false;
	}

	sk_incoming_cpu_update(sk);
	sk_mark_napi_id(sk, skb);
	/* what waits for a reader may outlive the device */
	skb->dev = NULL;
	if (!sock_owned_by_user(sk))
		clasp_engine_segment(sk, skb, seg);
	else if (!add_to_backlog(sk, skb))
		clasp_refuse(net, skb, seg, CLASP_DROP_BACKLOG);
	/* the socket may have ended; its memory stays until we are through */
	bh_unlock_sock(sk);

	return true;
}

/* False: what the segment was for has just ended. */
static bool to_whom(struct net *net, struct sk_buff *skb,
		    struct clasp_segment *seg, const struct clasp_tuple *tuple)
{
	struct clasp_node *node = clasp_demux_lookup(clasp_net(net), tuple);

	if (!node) {
		to_unknown(net, skb, seg, tuple);
		return true;
	}

	switch (node->kind) {
	case CLASP_NODE_REQUEST:
		return clasp_request_segment(clasp_node_request(node), skb, seg);
	case CLASP_NODE_TIMEWAIT:
		clasp_tw_segment(clasp_node_tw(node), skb, seg);
		return true;
	default:
		return to_sock(clasp_node_sk(node), skb, seg, tuple);
	}
}

static void dispatch(struct net *net, struct sk_buff *skb,
		     struct clasp_segment *seg)
{
	struct clasp_tuple tuple;
	int i;

	clasp_ip_tuple(skb, seg, &tuple);
	clasp_trace_about(&tuple);
	for (i = 0; i < LOOKUPS; i++)
		if (to_whom(net, skb, seg, &tuple))
			return;

	clasp_refuse(net, skb, seg, CLASP_DROP_CLOSED);
}

/**
 * clasp_ip_receive() - the IP layer has a packet of protocol 253
 * @skb: its data begins with the Clasp header; consumed
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: 0: nothing is to be resubmitted.
 */
int clasp_ip_receive(struct sk_buff *skb)
{
	struct net *net = dev_net(skb->dev);
	struct clasp_segment seg;
	enum clasp_drop why;

	clasp_count(net, CLASP_COUNT_SEGS_IN, 1);
	if (!clasp_ip_is_unicast(skb)) {
		clasp_refuse(net, skb, NULL, CLASP_DROP_ADDRESS);
		return 0;
	}

	why = parse(skb, &seg);
	if (!why && !checksum_is_right(skb))
		why = CLASP_DROP_CHECKSUM;
	if (why)
		clasp_refuse(net, skb, NULL, why);
	else
		dispatch(net, skb, &seg);

	return 0;
}

/*
 * As if it arrived now. It came by a device, and had a route, which may both
 * be gone meanwhile.
 */
static void receive_again(struct net *net, struct sk_buff *skb,
			  struct clasp_segment *seg)
{
	local_bh_disable();
	rcu_read_lock();
	skb->dev = dev_get_by_index_rcu(net, skb->skb_iif);
	if (skb->dev && skb_dst(skb))
		dispatch(net, skb, seg);
	else
		clasp_refuse(net, skb, seg, CLASP_DROP_CLOSED);
	rcu_read_unlock();
	local_bh_enable();
}

/**
 * clasp_ip_backlog_rcv() - a segment that waited for a socket's owner
 * @sk: socket; the caller owns it
 * @skb: the segment; consumed
 *
 * Meanwhile the connection may have ended, or even become another: then the
 * segment begins anew.
 *
 * Return: 0.
 */
int clasp_ip_backlog_rcv(struct sock *sk, struct sk_buff *skb)
{
	struct net *net = sock_net(sk);
	struct clasp_segment seg;
	struct clasp_tuple tuple;
	enum clasp_drop why;

	why = parse(skb, &seg);
	if (why) {
		clasp_refuse(net, skb, NULL, why);
		return 0;
	}

	clasp_ip_tuple(skb, &seg, &tuple);
	if (clasp_hashed_as(sk, &tuple))
		clasp_engine_segment(sk, skb, &seg);
	else
		receive_again(net, skb, &seg);

	return 0;
}
