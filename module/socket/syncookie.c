// SPDX-License-Identifier: GPL-2.0
/*
 * A listener's SYN cookies: the key, the counters, and the request that an ACK
 * becomes when it answers one. What a cookie says is core/cookie.c's.
 */
#include <linux/siphash.h>

#include "syncookie.h"
#include "child.h"
#include "cookie.h"
#include "net/wire.h"
#include "request.h"

/* What is hashed, besides the four-tuple alone, which numbers come from. */
struct cookie_input {
	struct clasp_tuple	tuple;
	u32			what;
	u32			period;
};

enum { FIXED = 1, BY_PERIOD };

static u32 hash_one(const struct clasp_net *cn, const struct clasp_tuple *tuple,
		    u32 what, u32 period)
{
	struct cookie_input input = {
		.tuple = *tuple, .what = what, .period = period,
	};

	return (u32)siphash(&input, sizeof(input), &cn->secret);
}

static void hash_all(const struct clasp_net *cn,
		     const struct clasp_tuple *tuple, u64 now_us,
		     struct clasp_cookie_hash *hash)
{
	u32 period = clasp_cookie_period(now_us);

	BUILD_BUG_ON(sizeof(struct cookie_input) !=
		     sizeof(struct clasp_tuple) + 2 * sizeof(u32));
	hash->fixed = hash_one(cn, tuple, FIXED, 0);
	hash->now = hash_one(cn, tuple, BY_PERIOD, period);
	hash->before = hash_one(cn, tuple, BY_PERIOD, period - 1);
}

/**
 * clasp_syncookie_send() - answer a SYN without remembering it, if that is wanted
 * @listener: in LISTEN a moment ago
 * @syn: the SYN
 * @tuple: its four-tuple
 * @full: the SYN queue is
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: false when it is not wanted.
 */
bool clasp_syncookie_send(struct sock *listener,
			  const struct clasp_segment *syn,
			  const struct clasp_tuple *tuple, bool full)
{
	struct net *net = sock_net(listener);
	struct clasp_net *cn = clasp_net(net);
	u64 now_us = clasp_now_us();
	struct clasp_embryo_setup setup;
	struct clasp_cookie_hash hash;
	struct clasp_segment seg;
	struct clasp_way way;

	if (!clasp_cookie_wanted(&cn->settings, full))
		return false;

	clasp_request_setup(listener, tuple, &way, &setup);
	hash_all(cn, tuple, now_us, &hash);
	clasp_cookie_syn_ack(&cn->settings, syn, &setup, &hash, now_us, &seg);
	WRITE_ONCE(clasp_sk(listener)->cookie_us, now_us);
	clasp_count(net, CLASP_COUNT_COOKIES_SENT, 1);
	clasp_ip_reply(net, tuple, &way, &seg);

	return true;
}

/**
 * clasp_syncookie_open() - an ACK that no connection takes
 * @listener: in LISTEN a moment ago
 * @skb: the segment; consumed if true is returned
 * @seg: its header
 * @tuple: its four-tuple
 *
 * Context: BH disabled, rcu_read_lock().
 *
 * Return: false when it is not the answer to a cookie.
 */
bool clasp_syncookie_open(struct sock *listener, struct sk_buff *skb,
			  struct clasp_segment *seg,
			  const struct clasp_tuple *tuple)
{
	struct net *net = sock_net(listener);
	struct clasp_net *cn = clasp_net(net);
	u64 now_us = clasp_now_us();
	struct clasp_embryo_setup setup;
	struct clasp_cookie_hash hash;
	struct clasp_embryo embryo;
	struct clasp_way way;

	if ((seg->flags & (CLASP_ACK | CLASP_SYN | CLASP_RST)) != CLASP_ACK ||
	    !clasp_cookie_recent(READ_ONCE(clasp_sk(listener)->cookie_us),
				 now_us))
		return false;

	clasp_request_setup(listener, tuple, &way, &setup);
	hash_all(cn, tuple, now_us, &hash);
	if (!clasp_cookie_recall(&embryo, &cn->settings, seg, &setup, &hash,
				 now_us)) {
		clasp_count(net, CLASP_COUNT_COOKIES_FAILED, 1);
		return false;
	}

	clasp_count(net, CLASP_COUNT_COOKIES_RECV, 1);
	clasp_request_recall(listener, skb, seg, tuple, &embryo);

	return true;
}
