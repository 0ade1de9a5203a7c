// SPDX-License-Identifier: GPL-2.0
/*
 * A connection without a peer: bare.h tells what it is good for.
 */
#include "bare.h"
#include "event_log.h"
#include "seq.h"

struct bare {
	struct test_body	body;
	struct clasp_settings	settings;
	struct bare_heard	heard;
	struct test_range	ranges[BARE_RANGES];
	struct test_range	*spare;
	struct kunit		*test;
};

static struct bare *bare_of(struct clasp_conn *c)
{
	return container_of(c, struct bare, body.conn);
}

struct clasp_settings *bare_settings(struct clasp_conn *c)
{
	return &bare_of(c)->settings;
}

struct bare_heard *bare_heard(struct clasp_conn *c)
{
	return &bare_of(c)->heard;
}

static void hear(const struct clasp_event *event, void *context)
{
	struct bare_heard *heard = context;

	heard->count[event->kind]++;
	heard->last[event->kind] = *event;
}

static struct test_range *new_range(struct bare *bare)
{
	struct test_range *range = bare->spare;

	/* a case that needs more than BARE_RANGES is wrong */
	KUNIT_ASSERT_NOT_NULL(bare->test, range);
	bare->spare = range->next;
	*range = (struct test_range){};

	return range;
}

static struct test_range *make_range(struct test_body *body)
{
	return new_range(bare_of(&body->conn));
}

static void give_back(struct bare *bare, struct test_range *range)
{
	range->next = bare->spare;
	bare->spare = range;
}

static void set_send(struct clasp_conn *c)
{
	c->iss = BARE_SEQ - 1;
	c->recover = c->iss;
	c->snd_una = BARE_SEQ;
	c->snd_nxt = BARE_SEQ;
	c->write_seq = BARE_SEQ;
	c->snd_sml = BARE_SEQ;
	c->snd_up = BARE_SEQ;
	c->lost_seq = BARE_SEQ;
	c->fack = BARE_SEQ;
	c->snd_wnd = BARE_WINDOW;
	c->max_snd_wnd = BARE_WINDOW;
	c->snd_wl1 = BARE_RCV;
	c->snd_wl2 = BARE_SEQ;
}

static void set_receive(struct clasp_conn *c)
{
	c->irs = BARE_RCV - 1;
	c->rcv_nxt = BARE_RCV;
	c->rcv_wup = BARE_RCV;
	c->rcv_wnd = BARE_BUFFER;
	c->rcv_free = BARE_BUFFER;
	c->rcv_buf = BARE_BUFFER;
}

/**
 * bare_conn() - a connection, nothing sent and nothing received
 * @test: the case
 * @state: the state it is in
 *
 * No timestamps, one segment at a time, a window of ten in slow start, a
 * timeout of 1 s.
 */
struct clasp_conn *bare_conn(struct kunit *test, enum clasp_state state)
{
	struct bare *bare = kunit_kzalloc(test, sizeof(*bare), GFP_KERNEL);
	struct clasp_conn *c;
	int i;

	KUNIT_ASSERT_NOT_NULL(test, bare);

	bare->test = test;
	for (i = 0; i < BARE_RANGES; i++)
		give_back(bare, &bare->ranges[i]);
	bare->settings = (struct clasp_settings){
		.congestion_control = &clasp_reno,
		.time_wait_ms = 60000, .fin_timeout_ms = 60000,
		.rto_min_ms = 200, .delayed_ack_ms = 40,
		.initial_cwnd = 10, .challenge_ack_ms = 500,
		.mtu_probing = CLASP_MTU_PROBING_BLACK_HOLE,
		.keepalive_time_s = 7200, .keepalive_intvl_s = 75,
		.keepalive_probes = 9, .syn_retries = 7, .synack_retries = 5, .retries1 = 3,
		.retries2 = 15, .orphan_retries = 8,
		.moderate_rcvbuf = true, .sack = true,
		 .timestamps = true, .delayed_ack = true, .nagle = true,
		.fast_retransmit = true, .frto = true, .flow_control = true,
	};

	bare->body.make = make_range;
	c = &bare->body.conn;
	c->settings = &bare->settings;
	c->cong_ops = &clasp_reno;
	c->state = state;
	set_send(c);
	set_receive(c);
	c->peer_mss = BARE_MSS;
	c->path_mss = BARE_MSS;
	c->adv_mss = BARE_MSS;
	c->rcv_mss = BARE_MSS;
	c->burst = 1;
	c->local_port = 40000;
	c->remote_port = 7;
	c->rto.rto_us = USEC_PER_SEC;
	c->rto.min_rtt_us = U32_MAX;
	c->cong.cwnd = 10 * BARE_MSS;
	c->cong.ssthresh = CLASP_WINDOW_MAX;
	c->cong.used_end = BARE_SEQ;
	test_events_to(hear, &bare->heard);

	return c;
}

void bare_exit(struct kunit *test)
{
	test_events_to(NULL, NULL);
}

static void append(struct test_range **queue, struct test_range *range)
{
	while (*queue)
		queue = &(*queue)->next;
	*queue = range;
	range->next = NULL;
}

static struct clasp_sent *append_new(struct bare *bare,
				     struct test_range **queue, u32 seq,
				     u32 len)
{
	struct test_range *range = new_range(bare);

	range->sent = (struct clasp_sent){ .seq = seq, .end_seq = seq + len };
	append(queue, range);

	return &range->sent;
}

/**
 * bare_sent() - data is under way, sent at BARE_NOW
 * @c: connection with nothing unsent
 * @len: bytes
 */
struct clasp_sent *bare_sent(struct clasp_conn *c, u32 len)
{
	struct bare *bare = bare_of(c);
	struct clasp_sent *sent;

	sent = append_new(bare, &bare->body.sent, c->snd_nxt, len);
	sent->sent_us = BARE_NOW;
	sent->mss = BARE_MSS;
	clasp_order_add(c, sent);
	c->snd_nxt += len;
	c->write_seq = c->snd_nxt;

	return sent;
}

static struct test_range *no_range(struct test_body *body)
{
	return NULL;
}

/**
 * bare_no_memory() - from now on there is none for another range
 * @c: connection
 */
void bare_no_memory(struct clasp_conn *c)
{
	bare_of(c)->body.make = no_range;
}

/* The range that begins there: one that goes over it is cut. */
static struct clasp_sent *begins_at(struct clasp_conn *c, u32 seq)
{
	struct clasp_sent *sent = clasp_sent_at(c, seq);

	if (!sent || sent->seq == seq)
		return sent;

	return clasp_sent_split(c, sent, seq);
}

/**
 * bare_lost() - some of what is under way is held lost
 * @c: connection
 * @from: first octet, from BARE_SEQ on
 * @to: octet behind the last
 *
 * By hand: no core file has to work for it.
 */
void bare_lost(struct clasp_conn *c, u32 from, u32 to)
{
	struct clasp_sent *sent = begins_at(c, BARE_SEQ + from);

	begins_at(c, BARE_SEQ + to);
	for (; sent && seq_before(sent->seq, BARE_SEQ + to);
	     sent = clasp_sent_next(c, sent)) {
		sent->marks |= CLASP_SENT_LOST;
		clasp_order_del(c, sent);
	}
	c->lost += to - from;
	c->lost_seq = seq_min(c->lost_seq, BARE_SEQ + from);
}

/**
 * bare_unsent() - the program writes
 * @c: connection
 * @len: bytes
 * @push: the write ends here
 */
struct clasp_sent *bare_unsent(struct clasp_conn *c, u32 len, bool push)
{
	struct bare *bare = bare_of(c);
	struct clasp_sent *sent;

	sent = append_new(bare, &bare->body.unsent, c->write_seq, len);
	sent->push = push;
	c->write_seq += len;

	return sent;
}

/**
 * bare_leaves() - the front of what is unsent has left, as the body files it
 * @c: connection
 * @len: bytes, at most those of the first unsent range, which is cut there
 */
void bare_leaves(struct clasp_conn *c, u32 len)
{
	struct bare *bare = bare_of(c);
	struct test_range *from = bare->body.unsent;
	struct test_range *rest;

	if (from->sent.end_seq - from->sent.seq != len) {
		rest = new_range(bare);
		rest->sent = from->sent;
		rest->sent.seq += len;
		rest->next = from->next;
		from->sent.end_seq = rest->sent.seq;
		from->sent.push = false;
		from->next = rest;
	}

	bare->body.unsent = from->next;
	append(&bare->body.sent, from);
}

/**
 * bare_hold() - a range waits behind a gap
 * @c: connection
 * @seq: first octet; at the same one the newer comes behind
 * @end_seq: octet behind the last
 * @fin: a FIN follows
 */
void bare_hold(struct clasp_conn *c, u32 seq, u32 end_seq, bool fin)
{
	struct bare *bare = bare_of(c);
	struct test_range **at = &bare->body.held;
	struct test_range *range = new_range(bare);

	while (*at && (s32)((*at)->held.seq - seq) <= 0)
		at = &(*at)->next;
	range->held = (struct clasp_held){ seq, end_seq, fin };
	range->next = *at;
	*at = range;
}

/**
 * bare_unhold() - take a held range out
 * @c: connection
 * @held: the range; nothing happens when it is not held
 */
void bare_unhold(struct clasp_conn *c, const struct clasp_held *held)
{
	struct bare *bare = bare_of(c);
	struct test_range **at = &bare->body.held;
	struct test_range *range;

	while (*at && &(*at)->held != held)
		at = &(*at)->next;
	range = *at;
	if (!range)
		return;

	*at = range->next;
	give_back(bare, range);
}

/**
 * bare_acking() - what a peer that got everything would say
 * @c: connection
 * @len: octets above snd_una that it acknowledges
 *
 * Return: an ACK without data, its window the one last told.
 */
struct clasp_segment bare_acking(const struct clasp_conn *c, u32 len)
{
	return (struct clasp_segment){
		.source = c->remote_port, .dest = c->local_port,
		.seq = c->rcv_nxt, .ack = c->snd_una + len,
		.window = c->snd_wnd, .flags = CLASP_ACK,
	};
}
