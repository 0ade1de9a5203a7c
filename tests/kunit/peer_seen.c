// SPDX-License-Identifier: GPL-2.0
/*
 * What the fixture has seen, and how it differs from what a test expects.
 */
#include "peer.h"

/**
 * peer_state() - the state, as somebody outside sees it
 * @p: fixture
 */
u8 peer_state(const struct peer *p)
{
	if (p->taker == PEER_MEETS_EMBRYO)
		return p->embryo.state;

	return p->conn->state;
}

/**
 * peer_forgets() - look at nothing that was so far
 * @p: fixture
 */
void peer_forgets(struct peer *p)
{
	p->first = 0;
	p->n_log = 0;
	p->drop = CLASP_DROP_NONE;
	p->todo = 0;
}

/**
 * peer_count_sent() - segments that no expectation has looked at
 * @p: fixture
 */
unsigned int peer_count_sent(const struct peer *p)
{
	return p->n_log - p->first;
}

/**
 * peer_last_sent() - the newest segment
 * @p: fixture
 *
 * Return: the segment, NULL when there is none since peer_forgets().
 */
const struct clasp_segment *peer_last_sent(const struct peer *p)
{
	return p->n_log ? &p->log[p->n_log - 1].segment : NULL;
}

/* "FIN ACK" for the bits that tests use. */
static void flags_text(u8 flags, char *text, size_t size)
{
	snprintf(text, size, "%s%s%s%s%s%s",
		 flags & SYN ? "SYN " : "", flags & FIN ? "FIN " : "",
		 flags & RST ? "RST " : "", flags & PSH ? "PSH " : "",
		 flags & URG ? "URG " : "", flags & ACK ? "ACK " : "");
}

static bool matches(const struct peer_sent *sent,
		    const struct peer_expected *expected)
{
	const struct clasp_segment *seg = &sent->segment;

	return seg->flags == expected->flags && seg->len == expected->len &&
	       (expected->seq == PEER_ANY || expected->seq == seg->seq) &&
	       (expected->ack == PEER_ANY || expected->ack == seg->ack) &&
	       (expected->window == PEER_ANY ||
		expected->window == seg->window) &&
	       (expected->why == PEER_ANY || expected->why == sent->why);
}

/**
 * peer_did_send() - look at the oldest segment not looked at yet
 * @p: fixture; @trouble tells the difference
 * @expected: what it must be
 */
bool peer_did_send(struct peer *p, const struct peer_expected *expected)
{
	const struct peer_sent *sent;
	char wanted[32], found[32];

	flags_text(expected->flags, wanted, sizeof(wanted));
	if (p->first == p->n_log) {
		snprintf(p->trouble, sizeof(p->trouble),
			 "%swas expected, nothing was sent", wanted);
		return false;
	}

	sent = &p->log[p->first++];
	if (matches(sent, expected))
		return true;

	flags_text(sent->segment.flags, found, sizeof(found));
	snprintf(p->trouble, sizeof(p->trouble),
		 "expected %sseq=%lld ack=%lld len=%u window=%lld why=%lld, sent %sseq=%u ack=%u len=%u window=%u why=%u",
		 wanted, expected->seq, expected->ack, expected->len,
		 expected->window, expected->why, found, sent->segment.seq,
		 sent->segment.ack, sent->segment.len, sent->segment.window,
		 sent->why);

	return false;
}

/**
 * peer_did_send_nothing() - no segment that was not looked at yet
 * @p: fixture; @trouble tells the first one
 */
bool peer_did_send_nothing(struct peer *p)
{
	const struct peer_sent *sent = &p->log[p->first];
	char found[32];

	if (p->first == p->n_log)
		return true;

	flags_text(sent->segment.flags, found, sizeof(found));
	snprintf(p->trouble, sizeof(p->trouble),
		 "%u too many, first %sseq=%u ack=%u len=%u why=%u",
		 peer_count_sent(p), found, sent->segment.seq,
		 sent->segment.ack, sent->segment.len, sent->why);

	return false;
}

/**
 * peer_is_in() - is it in this state?
 * @p: fixture; @trouble tells the other one
 * @state: CLASP_*
 */
bool peer_is_in(struct peer *p, u8 state)
{
	snprintf(p->trouble, sizeof(p->trouble), "expected %s, is in %s",
		 clasp_state_name(state), clasp_state_name(peer_state(p)));

	return peer_state(p) == state;
}

static const char *const drop_names[] = {
	[CLASP_DROP_NONE] = "nothing",
#define X(name, ...)							       \
	[CLASP_DROP_##name] = #name,
	CLASP_DROP_REASONS(X)
#undef X
};

/**
 * peer_saw_drop() - why did the last segment of the peer's go no further?
 * @p: fixture; @trouble tells the other reason
 * @drop: the reason, CLASP_DROP_NONE when it was taken
 */
bool peer_saw_drop(struct peer *p, enum clasp_drop drop)
{
	snprintf(p->trouble, sizeof(p->trouble), "expected %s, dropped for %s",
		 drop_names[drop], drop_names[p->drop]);

	return p->drop == drop;
}
