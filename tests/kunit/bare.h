/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connection without a peer, for the suites of single core files.
 *
 * Each number in it is set by hand, so that it exists whatever the core files
 * do, and a failure points at the file under test. Both sequence spaces stand
 * a little before their wrap: whatever a suite does in them goes over it.
 */
#ifndef CLASP_TEST_BARE_H
#define CLASP_TEST_BARE_H

#include <kunit/test.h>

#include "event.h"
#include "timer.h"

#define BARE_MSS	1000u
#define BARE_SEQ	0xfffff900u	/* snd_una: 1792 before the wrap */
#define BARE_RCV	0xfffffc00u	/* rcv_nxt: 1024 before the wrap */
#define BARE_WINDOW	100000u		/* the peer's */
#define BARE_BUFFER	50000u		/* ours, empty and wholly offered */
#define BARE_NOW	(3600 * (u64)USEC_PER_SEC)
#define BARE_RANGES	128

/**
 * struct bare_heard - the core's events
 * @count: how many of each kind
 * @last: the last of each kind; what its pointers point to may be gone
 */
struct bare_heard {
	unsigned int		count[CLASP_EVENT_CWND + 1];
	struct clasp_event	last[CLASP_EVENT_CWND + 1];
};

/* One at a time; to be given up by bare_exit(), the suite's exit. */
struct clasp_conn *bare_conn(struct kunit *test, enum clasp_state state);
void bare_exit(struct kunit *test);

struct clasp_settings *bare_settings(struct clasp_conn *c);
struct bare_heard *bare_heard(struct clasp_conn *c);

/* Queues: what is sent or written goes behind what was before. */
struct clasp_sent *bare_sent(struct clasp_conn *c, u32 len);
void bare_no_memory(struct clasp_conn *c);
void bare_lost(struct clasp_conn *c, u32 from, u32 to);
struct clasp_sent *bare_unsent(struct clasp_conn *c, u32 len, bool push);
void bare_leaves(struct clasp_conn *c, u32 len);
void bare_hold(struct clasp_conn *c, u32 seq, u32 end_seq, bool fin);
void bare_unhold(struct clasp_conn *c, const struct clasp_held *held);

struct clasp_segment bare_acking(const struct clasp_conn *c, u32 len);

#endif
