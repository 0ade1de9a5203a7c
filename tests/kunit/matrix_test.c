// SPDX-License-Identifier: GPL-2.0
/*
 * Every state, every kind of segment, everywhere around the window.
 *
 * What is expected is written down from RFC 9293 §3.10.7, with RFC 5961 for
 * RST and SYN and RFC 1337 for TIME_WAIT, and not from the core. Each segment
 * acknowledges all that we have sent, if it acknowledges at all.
 */
#include "peer.h"

#define DATA		5u	/* bytes of payload, where there is any */

enum kind {
	KIND_ACK,
	KIND_DATA,
	KIND_FIN,
	KIND_NO_ACK,		/* data without the ACK bit */
	KIND_SYN,
	KIND_SYN_ACK,
	KIND_RST,
	KIND_RST_ACK,
	KIND_MAX,
};

static const struct {
	u8		flags;
	u32		len;
	const char	*name;
} kinds[] = {
	[KIND_ACK]	= { ACK, 0, "ACK" },
	[KIND_DATA]	= { ACK, DATA, "data" },
	[KIND_FIN]	= { FIN | ACK, 0, "FIN ACK" },
	[KIND_NO_ACK]	= { 0, DATA, "data without ACK" },
	[KIND_SYN]	= { SYN, 0, "SYN" },
	[KIND_SYN_ACK]	= { SYN | ACK, 0, "SYN ACK" },
	[KIND_RST]	= { RST, 0, "RST" },
	[KIND_RST_ACK]	= { RST | ACK, 0, "RST ACK" },
};

enum place {
	PLACE_BEFORE,		/* all of it was received */
	PLACE_LEFT,		/* at RCV.NXT */
	PLACE_INSIDE,
	PLACE_RIGHT,		/* at RCV.NXT + RCV.WND, the first outside */
	PLACE_AFTER,
	PLACE_MAX,
};

static const struct {
	s32		offset;
	const char	*name;
} places[] = {
	[PLACE_BEFORE]	= { -10, "before the window" },
	[PLACE_LEFT]	= { 0, "at its left edge" },
	[PLACE_INSIDE]	= { 10, "inside" },
	[PLACE_RIGHT]	= { 0, "at its right edge" },
	[PLACE_AFTER]	= { 1, "after it" },
};

/**
 * struct outcome - what must come of a segment
 * @flags: what is sent, 0 for nothing
 * @state: state after
 * @text: the payload is the program's
 */
struct outcome {
	u8	flags;
	u8	state;
	bool	text;
};

/* §3.10.7.1 */
static struct outcome when_closed(enum kind kind)
{
	if (kinds[kind].flags & RST)
		return (struct outcome){ 0, CLASP_CLOSED };
	if (kinds[kind].flags & ACK)
		return (struct outcome){ RST, CLASP_CLOSED };

	return (struct outcome){ RST | ACK, CLASP_CLOSED };
}

/* §3.10.7.2: no window yet, so no places */
static struct outcome when_listening(enum kind kind)
{
	if (kinds[kind].flags & RST)
		return (struct outcome){ 0, CLASP_LISTEN };
	if (kinds[kind].flags & ACK)
		return (struct outcome){ RST, CLASP_LISTEN };
	if (kind == KIND_SYN)
		return (struct outcome){ SYN | ACK, CLASP_SYN_RCVD };

	return (struct outcome){ 0, CLASP_LISTEN };
}

/* §3.10.7.3: the same */
static struct outcome when_syn_sent(enum kind kind)
{
	switch (kind) {
	case KIND_SYN:
		return (struct outcome){ SYN | ACK, CLASP_SYN_RCVD };
	case KIND_SYN_ACK:
		return (struct outcome){ ACK, CLASP_ESTABLISHED };
	case KIND_RST_ACK:
		return (struct outcome){ 0, CLASP_CLOSED };
	default:
		return (struct outcome){ 0, CLASP_SYN_SENT };
	}
}

/*
 * RFC 1337 for RST, RFC 6191 for a SYN of higher numbers, which the body takes
 * to a listener. "The only thing that can arrive is a retransmission of the
 * remote FIN. Acknowledge it."
 */
static struct outcome when_time_wait(enum kind kind, enum place place)
{
	bool in_window = place != PLACE_BEFORE && place != PLACE_AFTER;
	struct outcome out = { ACK, CLASP_TIME_WAIT };

	if (kinds[kind].flags & RST ||
	    (kind == KIND_SYN && place > PLACE_LEFT) ||
	    (kind == KIND_ACK && place == PLACE_LEFT) ||
	    (kind == KIND_NO_ACK && in_window))
		out.flags = 0;

	return out;
}

/* Fifth: all of ours is acknowledged. */
static u8 state_after_ack(u8 state)
{
	switch (state) {
	case CLASP_SYN_RCVD:
		return CLASP_ESTABLISHED;
	case CLASP_FIN_WAIT_1:
		return CLASP_FIN_WAIT_2;
	case CLASP_CLOSING:
		return CLASP_TIME_WAIT;
	case CLASP_LAST_ACK:
		return CLASP_CLOSED;
	default:
		return state;
	}
}

/* Seventh and eighth, in a state in which the peer may still send. */
static struct outcome text_and_fin(u8 state, enum kind kind, enum place place)
{
	/* behind a gap, or outside: a duplicate ACK (RFC 5681 §4.2) */
	struct outcome out = { ACK, state };

	if (place != PLACE_LEFT)
		return out;
	if (kind == KIND_DATA)	/* MUST-40: its ACK may wait */
		return (struct outcome){ 0, state, true };

	out.state = state == CLASP_ESTABLISHED ? CLASP_CLOSE_WAIT :
						 CLASP_TIME_WAIT;

	return out;
}

/*
 * §3.10.7.4. A segment at the right edge is outside, but its ACK counts: with
 * a full window that is where the peer stands (MUST-66 is the same for zero).
 */
static struct outcome when_later(u8 state, enum kind kind, enum place place)
{
	bool outside = place == PLACE_BEFORE || place == PLACE_AFTER;
	u8 flags = kinds[kind].flags;

	/* second, RST: RFC 5961 §3.2 */
	if (flags & RST && place == PLACE_LEFT)
		return (struct outcome){ 0, CLASP_CLOSED };
	if (flags & RST && place == PLACE_INSIDE)
		return (struct outcome){ ACK, state };
	if (flags & RST)
		return (struct outcome){ 0, state };

	/* fourth, SYN: RFC 5961 §4.2, wherever; and first, the sequence */
	if (flags & SYN || outside)
		return (struct outcome){ ACK, state };

	/* fifth, ACK */
	if (!(flags & ACK))
		return (struct outcome){ 0, state };
	state = state_after_ack(state);
	if (kind == KIND_ACK)
		return (struct outcome){ 0, state };

	if (state == CLASP_ESTABLISHED || state == CLASP_FIN_WAIT_2)
		return text_and_fin(state, kind, place);

	/* "ignore the segment text"; but what is outside is answered */
	if (state == CLASP_CLOSE_WAIT && kind == KIND_DATA &&
	    place == PLACE_RIGHT)
		return (struct outcome){ ACK, state };

	return (struct outcome){ 0, state };
}

static struct outcome expected(u8 state, enum kind kind, enum place place)
{
	switch (state) {
	case CLASP_CLOSED:
		return when_closed(kind);
	case CLASP_LISTEN:
		return when_listening(kind);
	case CLASP_SYN_SENT:
		return when_syn_sent(kind);
	case CLASP_TIME_WAIT:
		return when_time_wait(kind, place);
	default:
		return when_later(state, kind, place);
	}
}

static u32 seq_at(const struct peer *p, enum place place)
{
	u32 seq = p->rcv_nxt + places[place].offset;

	if (place == PLACE_RIGHT || place == PLACE_AFTER)
		seq += p->conn->rcv_wup + p->conn->rcv_wnd - p->conn->rcv_nxt;

	return seq;
}

static void try_one(struct kunit *test, u8 state, enum kind kind,
		    enum place place)
{
	struct outcome out = expected(state, kind, place);
	struct peer *p = peer_at(test, state);
	const struct clasp_segment *sent;

	peer_sends(p, kinds[kind].flags, .seq = seq_at(p, place),
		   .len = kinds[kind].len);

	sent = peer_last_sent(p);
	KUNIT_EXPECT_EQ_MSG(test, peer_count_sent(p), out.flags ? 1u : 0u,
			    "%s %s", kinds[kind].name, places[place].name);
	KUNIT_EXPECT_EQ_MSG(test, sent ? sent->flags : 0, out.flags,
			    "%s %s", kinds[kind].name, places[place].name);
	KUNIT_EXPECT_STREQ_MSG(test, clasp_state_name(peer_state(p)),
			       clasp_state_name(out.state), "%s %s",
			       kinds[kind].name, places[place].name);
	KUNIT_EXPECT_EQ_MSG(test, p->unread, out.text ? DATA : 0u, "%s %s",
			    kinds[kind].name, places[place].name);
	kunit_kfree(test, p);
}

static const u8 states[] = {
#define X(name, ...) CLASP_##name,
	CLASP_STATES(X)
#undef X
};

static void describe(const u8 *state, char *text)
{
	snprintf(text, KUNIT_PARAM_DESC_SIZE, "%s", clasp_state_name(*state));
}

KUNIT_ARRAY_PARAM(state, states, describe);

static void any_state__any_segment_anywhere__as_the_rfc_says(struct kunit *test)
{
	const u8 *state = test->param_value;
	unsigned int kind, place;

	for (kind = 0; kind < KIND_MAX; kind++)
		for (place = 0; place < PLACE_MAX; place++)
			try_one(test, *state, kind, place);
}

static struct kunit_case matrix_cases[] = {
	KUNIT_CASE_PARAM(any_state__any_segment_anywhere__as_the_rfc_says,
			 state_gen_params),
	{}
};

static struct kunit_suite matrix_suite = {
	.name = "matrix",
	.test_cases = matrix_cases,
};

kunit_test_suite(matrix_suite);
