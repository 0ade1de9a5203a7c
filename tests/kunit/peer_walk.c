// SPDX-License-Identifier: GPL-2.0
/*
 * The fixture's beginnings, by really walking there, and what its peer says
 * when a test leaves it to it.
 */
#include "peer.h"

/**
 * peer_new() - a closed connection
 * @test: the case
 *
 * The test may change p->settings before it opens the connection.
 *
 * Return: the fixture; it lives as long as the case.
 */
struct peer *peer_new(struct kunit *test)
{
	struct peer *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	p->test = test;
	p->now_us = USEC_PER_SEC;
	p->window = PEER_WINDOW;
	p->room = U32_MAX;
	p->buffer = OUR_BUFFER;
	clasp_settings_init(&p->settings);
	p->settings.timestamps = false;

	queue_init(p);
	p->conn = &p->body.conn;
	clasp_conn_init(p->conn, &p->settings);
	clasp_delack_quick(p->conn, false);
	p->conn->local_port = OUR_PORT;
	p->conn->remote_port = PEER_PORT;
	p->conn->path_mss = PEER_MSS;
	p->conn->adv_mss = PEER_MSS;

	return p;
}

/* A state is reached by one stimulus from the state before it. */
static const struct {
	u8	state;
	u8	before;
	u8	flags;				/* the peer sends */
	void	(*program)(struct peer *p);	/* or the program does */
} steps[] = {
	{ CLASP_LISTEN,		CLASP_CLOSED,		0, program_listens },
	{ CLASP_SYN_SENT,	CLASP_CLOSED,		0, program_connects },
	{ CLASP_SYN_RCVD,	CLASP_SYN_SENT,		SYN },
	{ CLASP_ESTABLISHED,	CLASP_SYN_SENT,		SYN | ACK },
	{ CLASP_FIN_WAIT_1,	CLASP_ESTABLISHED,	0, program_closes },
	{ CLASP_FIN_WAIT_2,	CLASP_FIN_WAIT_1,	ACK },
	{ CLASP_CLOSING,	CLASP_FIN_WAIT_1,	FIN },
	{ CLASP_TIME_WAIT,	CLASP_FIN_WAIT_2,	FIN | ACK },
	{ CLASP_CLOSE_WAIT,	CLASP_ESTABLISHED,	FIN | ACK },
	{ CLASP_LAST_ACK,	CLASP_CLOSE_WAIT,	0, program_closes },
};

static void walk(struct peer *p, u8 state)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(steps); i++) {
		if (steps[i].state != state)
			continue;
		walk(p, steps[i].before);
		if (steps[i].program)
			steps[i].program(p);
		else if (steps[i].flags == FIN)
			/* crosses our FIN: acknowledges what is before it */
			peer_sends(p, FIN | ACK, .ack = p->conn->snd_nxt - 1);
		else
			peer_sends(p, steps[i].flags);
	}
}

/**
 * peer_walks() - open, and close again as far as that
 * @p: fixture, closed
 * @state: where to
 *
 * All by the active open; SYN_RCVD is that of a simultaneous one. What was
 * sent on the way is forgotten.
 */
void peer_walks(struct peer *p, u8 state)
{
	walk(p, state);
	KUNIT_ASSERT_EQ(p->test, peer_state(p), state);
	peer_forgets(p);
	p->snd_nxt = peer_next_ack(p);
	p->rcv_nxt = peer_next_seq(p);
}

/**
 * peer_at() - a connection in a state; peer_in() for a name
 * @test: the case
 * @state: CLASP_*
 */
struct peer *peer_at(struct kunit *test, u8 state)
{
	struct peer *p = peer_new(test);

	peer_walks(p, state);

	return p;
}

/**
 * peer_with_timestamps() - the same with timestamps in force
 * @test: the case
 * @state: CLASP_*
 */
struct peer *peer_with_timestamps(struct kunit *test, u8 state)
{
	struct peer *p = peer_new(test);

	p->settings.timestamps = true;
	peer_walks(p, state);

	return p;
}

/**
 * peer_passive() - established, opened by a listener
 * @test: the case
 */
struct peer *peer_passive(struct kunit *test)
{
	struct peer *p = peer_in(test, LISTEN);

	peer_sends(p, SYN);
	peer_sends(p, ACK);
	KUNIT_ASSERT_EQ(test, peer_state(p), CLASP_ESTABLISHED);
	peer_forgets(p);
	p->snd_nxt = peer_next_ack(p);
	p->rcv_nxt = peer_next_seq(p);

	return p;
}

/**
 * peer_next_seq() - number of the peer's next octet
 * @p: fixture
 */
u32 peer_next_seq(const struct peer *p)
{
	if (p->taker == PEER_MEETS_EMBRYO)
		return p->embryo.irs + 1;
	if (p->taker == PEER_MEETS_LISTENER || !p->conn->rcv_nxt)
		return PEER_ISS;

	return p->conn->rcv_nxt;
}

/**
 * peer_next_ack() - number of our next octet
 * @p: fixture
 */
u32 peer_next_ack(const struct peer *p)
{
	if (p->taker == PEER_MEETS_EMBRYO)
		return p->embryo.iss + 1;

	return p->conn->snd_nxt;
}

/**
 * peer_segment() - what the peer would send now
 * @p: fixture
 * @flags: control bits
 *
 * Return: the next in its sequence, acknowledging all that it got.
 */
struct clasp_segment peer_segment(const struct peer *p, u8 flags)
{
	bool timestamps = p->settings.timestamps && !(flags & RST);
	struct clasp_segment seg = {
		.source = PEER_PORT,
		.dest = OUR_PORT,
		.flags = flags,
		.seq = peer_next_seq(p),
		.ack = flags & ACK ? peer_next_ack(p) : 0,
		.window = p->window,
	};

	if (flags & SYN) {
		seg.has |= CLASP_HAS_MSS;
		seg.mss = PEER_MSS;
	}
	if (timestamps) {
		seg.has |= CLASP_HAS_TIMESTAMPS;
		seg.tsval = PEER_TSVAL + (u32)div_u64(p->now_us, USEC_PER_MSEC);
		seg.tsecr = flags & ACK ? p->last_tsval : 0;
	}

	return seg;
}
