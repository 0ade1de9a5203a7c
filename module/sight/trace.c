// SPDX-License-Identifier: GPL-2.0
/*
 * From the core's one event hook to the tracepoints.
 *
 * While no tracepoint is in use, clasp_event_key is off and the core does not
 * call: each use of a tracepoint counts.
 */
#include <linux/jump_label.h>
#include <net/ipv6.h>

#include "clasp_body.h"
#include "event.h"
#include "sight.h"

#define CREATE_TRACE_POINTS
#include "trace.h"

DEFINE_STATIC_KEY_FALSE(clasp_event_key);

/**
 * clasp_trace_on() - somebody begins to listen to a tracepoint
 *
 * Return: 0
 */
int clasp_trace_on(void)
{
	static_branch_inc(&clasp_event_key);

	return 0;
}

/**
 * clasp_trace_off() - and stops
 */
void clasp_trace_off(void)
{
	static_branch_dec(&clasp_event_key);
}

/* IPv4 addresses become AF_INET, so that they look like it. */
static void fill_end(void *to, const struct in6_addr *addr, u16 port)
{
	struct sockaddr_in6 in6 = {
		.sin6_family		= AF_INET6,
		.sin6_port		= htons(port),
		.sin6_addr		= *addr,
	};
	struct sockaddr_in in = {
		.sin_family		= AF_INET,
		.sin_port		= htons(port),
		.sin_addr.s_addr	= addr->s6_addr32[3],
	};

	if (ipv6_addr_v4mapped(addr))
		memcpy_and_pad(to, sizeof(in6), &in, sizeof(in), 0);
	else
		memcpy(to, &in6, sizeof(in6));
}

/* What the body works on that is no connection. */
static DEFINE_PER_CPU(struct clasp_tuple, about);

/**
 * clasp_trace_set_about() - remember it for clasp_trace_ends()
 * @tuple: four-tuple
 */
void clasp_trace_set_about(const struct clasp_tuple *tuple)
{
	*this_cpu_ptr(&about) = *tuple;
}

/* A segment's ports tell whether it is the one that the body works on. */
static bool is_about(const struct clasp_tuple *tuple,
		     const struct clasp_segment *seg)
{
	__be16 source = htons(seg->source);
	__be16 dest = htons(seg->dest);

	return (tuple->local_port == source && tuple->remote_port == dest) ||
	       (tuple->local_port == dest && tuple->remote_port == source);
}

static void fill_about(const struct clasp_event *event, void *local,
		       void *remote)
{
	const struct clasp_segment *seg = event->segment;
	struct clasp_tuple tuple = *raw_cpu_ptr(&about);

	/* too malformed to have ports, or else about nothing that we know */
	if (event->kind != CLASP_EVENT_STATE && (!seg || !is_about(&tuple, seg)))
		tuple = (struct clasp_tuple){};

	fill_end(local, &tuple.local, ntohs(tuple.local_port));
	fill_end(remote, &tuple.remote, ntohs(tuple.remote_port));
}

/**
 * clasp_trace_ends() - between whom an event happened
 * @event: event
 * @local: filled in, room for a struct sockaddr_in6: ours
 * @remote: the peer's, likewise
 */
void clasp_trace_ends(const struct clasp_event *event, void *local,
		      void *remote)
{
	const struct sock *sk;

	if (!event->conn) {
		fill_about(event, local, remote);
		return;
	}

	sk = clasp_conn_sk(event->conn);
	fill_end(local, &sk->sk_v6_rcv_saddr,
		 ntohs(inet_sk(sk)->inet_sport));
	fill_end(remote, &sk->sk_v6_daddr, ntohs(inet_sk(sk)->inet_dport));
}

/**
 * clasp_event_report() - the core tells what happened
 * @event: what
 */
void clasp_event_report(const struct clasp_event *event)
{
	switch (event->kind) {
	case CLASP_EVENT_SEGMENT_IN:
		trace_clasp_segment_in(event);
		break;
	case CLASP_EVENT_SEGMENT_OUT:
		trace_clasp_segment_out(event);
		break;
	case CLASP_EVENT_RETRANSMIT:
		trace_clasp_retransmit(event);
		break;
	case CLASP_EVENT_STATE:
		trace_clasp_state(event);
		break;
	case CLASP_EVENT_DROP:
		trace_clasp_drop(event);
		break;
	case CLASP_EVENT_CWND:
		trace_clasp_cwnd(event);
		break;
	case CLASP_EVENT_TIMER:
		/* what a timer does is told by what follows */
		break;
	}
}
