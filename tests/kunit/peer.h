/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One end of a connection, and everybody around it: the peer, the program, the
 * network and the clock. A test says what they do and looks at what was sent.
 *
 *	struct peer *p = peer_in(test, FIN_WAIT_1);
 *
 *	peer_sends(p, FIN | ACK, .ack = p->snd_nxt);
 *
 *	EXPECT_SENT(p, ACK, .seq = p->snd_nxt, .ack = p->rcv_nxt + 1);
 *	EXPECT_STATE(p, TIME_WAIT);
 *
 * p->snd_nxt and p->rcv_nxt stay where they were when the test began; what the
 * connection itself thinks is in p->conn. There is a body too, as small as one
 * can be (peer_queue.c): it does what docs tell every body to do.
 */
#ifndef CLASP_TEST_PEER_H
#define CLASP_TEST_PEER_H

#include <kunit/test.h>

#include "conn.h"
#include "clasp_body.h"
#include "embryo.h"
#include "timer.h"
#include "timewait.h"

struct clasp_arrival;
struct clasp_tx;

/* Round numbers, so that a failure can be read. */
#define PEER_PORT	2000
#define OUR_PORT	1000
#define PEER_ISS	500000u
#define OUR_ISS		100000u
#define PEER_MSS	1000	/* and ours, and the path's */
#define PEER_WINDOW	20000u	/* what the peer offers */
#define OUR_BUFFER	20000u	/* what we can hold */
#define PEER_TSVAL	7000u	/* the peer's clock at time 0, ms */
#define OUR_TS_OFFSET	90000u

#define PEER_LOG	256

/* Control bits, as the RFC writes them. */
enum {
	FIN = CLASP_FIN,
	SYN = CLASP_SYN,
	RST = CLASP_RST,
	PSH = CLASP_PSH,
	ACK = CLASP_ACK,
	URG = CLASP_URG,
};

/* Who takes what the peer sends. */
enum peer_taker {
	PEER_MEETS_CONN,	/* the connection, in most states */
	PEER_MEETS_LISTENER,
	PEER_MEETS_EMBRYO,	/* SYN_RCVD from LISTEN */
	PEER_MEETS_TIMEWAIT,
};

/**
 * struct peer_sent - one segment that left
 * @segment: as it is on the wire
 * @why: why, when a connection sent it; CLASP_SEND_NONE from a mini-socket
 * @sack: what @segment.sack points to
 */
struct peer_sent {
	struct clasp_segment	segment;
	enum clasp_send		why;
	u8			sack[8 * CLASP_SACK_MAX];
};

/**
 * struct peer - the fixture
 * @test: the case that it serves
 * @conn: the connection, in @body
 * @snd_nxt: number of our next octet when the test began
 * @rcv_nxt: number of the peer's next octet then
 * @now_us: the time; it passes in time_passes() alone
 * @window: what the peer's segments offer unless they say otherwise
 * @room: what the body has memory for when a segment arrives
 * @unread: bytes in order that the program has not read
 * @buffer: bytes that the program lets pile up
 * @drop: why the last segment of the peer's went no further
 * @arrival: what the core said about it, when a connection took it
 * @todo: every CLASP_TODO_* since peer_forgets()
 * @settings: the namespace's
 * @body: queues around the connection
 * @read_seq: number of the next octet for the program's queue
 * @last_tsval: our last timestamp, for the peer to echo
 * @taker: who takes what the peer sends
 * @embryo: while @taker is the embryo
 * @tw: while @taker is TIME_WAIT's mini-socket
 * @sacks: for the connection to keep ranges in
 * @first: first segment in @log that no EXPECT_SENT() has looked at
 * @n_log: segments in @log
 * @log: what was sent
 * @trouble: what an expectation found, in words
 */
struct peer {
	struct kunit		*test;
	struct clasp_conn	*conn;
	u32			snd_nxt;
	u32			rcv_nxt;
	u64			now_us;
	u32			window;
	u32			room;
	u32			unread;
	u32			buffer;
	enum clasp_drop		drop;
	struct {
		int	payload;
		u32	skip;
		u32	seq;
		u32	end_seq;
		bool	fin;
		bool	reset;
	} arrival;
	u8			todo;
	struct clasp_settings	settings;

	struct test_body	body;
	u32			read_seq;
	u32			last_tsval;
	enum peer_taker		taker;
	struct clasp_embryo	embryo;
	struct clasp_timewait	tw;
	struct clasp_range	sacks[CLASP_SACK_MAX - 1];
	unsigned int		first;
	unsigned int		n_log;
	struct peer_sent	log[PEER_LOG];
	char			trouble[256];
};

/*
 * Make one: closed, or walked to a state. Timestamps are off unless said; ACKs
 * wait from the start, as after CLASP_QUICKACK 0.
 */
struct peer *peer_new(struct kunit *test);
void peer_walks(struct peer *p, u8 state);
struct peer *peer_at(struct kunit *test, u8 state);
struct peer *peer_with_timestamps(struct kunit *test, u8 state);
struct peer *peer_passive(struct kunit *test);
#define peer_in(test, state)	peer_at(test, CLASP_##state)

/* What the program does. */
void program_listens(struct peer *p);
void program_connects(struct peer *p);
void program_writes(struct peer *p, u32 len);
void program_writes_urgent(struct peer *p, u32 len);
void program_reads(struct peer *p, u32 len);
void program_closes(struct peer *p);
void program_leaves(struct peer *p);
void program_aborts(struct peer *p);

/* What the network and the clock do. */
void network_refuses(struct peer *p, int error, bool hard);
void time_passes(struct peer *p, u64 us);
void peer_pushes(struct peer *p);

/* What the peer does. Members of struct clasp_segment follow the flags. */
u32 peer_next_seq(const struct peer *p);
u32 peer_next_ack(const struct peer *p);
struct clasp_segment peer_segment(const struct peer *p, u8 flags);
void peer_segment_arrives(struct peer *p, const struct clasp_segment *seg);
#define peer_sends(p, bits, ...)					       \
	do {								       \
		const struct clasp_segment peer_base = peer_segment(p, bits);  \
		const struct clasp_segment peer_seg = {			       \
			.source = peer_base.source,			       \
			.dest = peer_base.dest,				       \
			.seq = peer_base.seq,				       \
			.ack = peer_base.ack,				       \
			.window = peer_base.window,			       \
			.flags = peer_base.flags,			       \
			.has = peer_base.has,				       \
			.mss = peer_base.mss,				       \
			.tsval = peer_base.tsval,			       \
			.tsecr = peer_base.tsecr,			       \
			##__VA_ARGS__					       \
		};							       \
									       \
		peer_segment_arrives(p, &peer_seg);			       \
	} while (0)

/* What was sent. A member that is left out may be anything but @len: 0. */
#define PEER_ANY	(-1)

/**
 * struct peer_expected - a segment that must have been sent
 * @flags: exactly these
 * @seq: sequence number, or PEER_ANY
 * @ack: acknowledgment number, or PEER_ANY
 * @window: or PEER_ANY
 * @why: CLASP_SEND_*, or PEER_ANY
 * @len: payload
 */
struct peer_expected {
	u8	flags;
	s64	seq;
	s64	ack;
	s64	window;
	s64	why;
	u32	len;
};

u8 peer_state(const struct peer *p);
void peer_forgets(struct peer *p);
unsigned int peer_count_sent(const struct peer *p);
const struct clasp_segment *peer_last_sent(const struct peer *p);
bool peer_did_send(struct peer *p, const struct peer_expected *expected);
bool peer_did_send_nothing(struct peer *p);
bool peer_is_in(struct peer *p, u8 state);
bool peer_saw_drop(struct peer *p, enum clasp_drop drop);

#define PEER_EXPECT(p, ok) \
	KUNIT_EXPECT_TRUE_MSG((p)->test, ok, "%s", (p)->trouble)

/* The oldest segment that was not looked at yet. */
#define EXPECT_SENT(p, bits, ...)					       \
	do {								       \
		const struct peer_expected peer_wants = {		       \
			.flags = (bits), .seq = PEER_ANY, .ack = PEER_ANY,     \
			.window = PEER_ANY, .why = PEER_ANY, ##__VA_ARGS__     \
		};							       \
									       \
		PEER_EXPECT(p, peer_did_send(p, &peer_wants));		       \
	} while (0)

/* Nothing that was not looked at yet. */
#define EXPECT_SENT_NOTHING(p)	PEER_EXPECT(p, peer_did_send_nothing(p))

#define EXPECT_STATE(p, state)	PEER_EXPECT(p, peer_is_in(p, CLASP_##state))

/* What became of the last segment of the peer's. */
#define EXPECT_DROPPED(p, reason) \
	PEER_EXPECT(p, peer_saw_drop(p, CLASP_DROP_##reason))
#define EXPECT_TAKEN(p)		EXPECT_DROPPED(p, NONE)

/* peer_queue.c: what a body does with ranges */
void queue_init(struct peer *p);
void queue_write(struct peer *p, u32 len);
void queue_sent(struct peer *p, const struct clasp_tx *tx);
void queue_acked(struct peer *p);
void queue_take(struct peer *p, const struct clasp_arrival *a);
void queue_purge(struct peer *p);
u32 queue_used(const struct peer *p);

#endif
