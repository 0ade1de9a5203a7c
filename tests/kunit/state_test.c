// SPDX-License-Identifier: GPL-2.0
/*
 * The table of transitions, against RFC 9293's own edges (edges.c), and each
 * of those walked by a connection.
 */
#include "peer.h"
#include "edges.h"
#include "event.h"
#include "event_log.h"
#include "input.h"
#include "output.h"

#define A_DAY_US	(24ull * 3600 * USEC_PER_SEC)

/* The transitions that the core told of, in order. */
static struct {
	const struct clasp_transition	*row[4];
	unsigned int			n;
} seen;

static void see(const struct clasp_event *event, void *context)
{
	if (event->kind != CLASP_EVENT_STATE)
		return;
	if (seen.n < ARRAY_SIZE(seen.row))
		seen.row[seen.n] = event->transition;
	seen.n++;
}

static void table__every_edge_of_the_rfc__is_there(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < edge_count; i++) {
		const struct edge *edge = &edges[i];
		const struct clasp_transition *row;

		row = clasp_transition_find(edge->from, edge->move);
		KUNIT_EXPECT_TRUE_MSG(test, row && row->to == edge->to,
				      "%s, %s: should be %s, is %s (%s)",
				      clasp_state_name(edge->from),
				      clasp_move_name(edge->move),
				      clasp_state_name(edge->to),
				      row ? clasp_state_name(row->to) : "none",
				      edge->where);
	}
}

static unsigned int count_edges(u8 from, u8 move)
{
	unsigned int i, found = 0;

	for (i = 0; i < edge_count; i++)
		found += edges[i].from == from && edges[i].move == move;

	return found;
}

static void table__every_row__is_an_edge_of_the_rfc(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < clasp_transition_count; i++) {
		const struct clasp_transition *row = &clasp_transitions[i];

		KUNIT_EXPECT_EQ_MSG(test, count_edges(row->from, row->move), 1u,
				    "%s, %s to %s (%s)",
				    clasp_state_name(row->from),
				    clasp_move_name(row->move),
				    clasp_state_name(row->to), row->section);
	}
	/* so that no row is there twice either */
	KUNIT_EXPECT_EQ(test, clasp_transition_count, edge_count);
}

static void table__what_clasp_does_not_do__is_not_there(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < edge_not_taken_count; i++) {
		const struct edge *edge = &edges_not_taken[i];

		KUNIT_EXPECT_NULL_MSG(test,
				      clasp_transition_find(edge->from,
							    edge->move),
				      "%s, %s: %s",
				      clasp_state_name(edge->from),
				      clasp_move_name(edge->move), edge->where);
	}
}

static void table__every_row__says_where(struct kunit *test)
{
	unsigned int i;

	for (i = 0; i < clasp_transition_count; i++)
		KUNIT_EXPECT_EQ(test, clasp_transitions[i].section[0], '3');
}

static void names__of_states__all_distinct(struct kunit *test)
{
	u8 a, b;

	for (a = 1; a < CLASP_STATE_MAX; a++) {
		KUNIT_EXPECT_STRNEQ(test, clasp_state_name(a), "?");
		for (b = 1; b < a; b++)
			KUNIT_EXPECT_STRNEQ(test, clasp_state_name(a),
					    clasp_state_name(b));
	}
	KUNIT_EXPECT_STREQ(test, clasp_state_name(CLASP_TIME_WAIT),
			   "TIME_WAIT");
	KUNIT_EXPECT_STREQ(test, clasp_state_name(0), "?");
	KUNIT_EXPECT_STREQ(test, clasp_state_name(CLASP_STATE_MAX), "?");
}

static void names__of_moves__all_distinct(struct kunit *test)
{
	unsigned int a, b;

	for (a = 0; a < CLASP_ON_MAX; a++) {
		KUNIT_EXPECT_STRNEQ(test, clasp_move_name(a), "?");
		for (b = 0; b < a; b++)
			KUNIT_EXPECT_STRNEQ(test, clasp_move_name(a),
					    clasp_move_name(b));
	}
	KUNIT_EXPECT_STREQ(test, clasp_move_name(CLASP_ON_MAX), "?");
}

static void move__no_row_for_it__nothing_happens(struct kunit *test)
{
	struct peer *p = peer_in(test, TIME_WAIT);

	test_events_to(see, NULL);
	KUNIT_EXPECT_FALSE(test, clasp_conn_move(p->conn, CLASP_ON_RCV_RST));

	KUNIT_EXPECT_EQ(test, p->conn->state, (u8)CLASP_TIME_WAIT);
	KUNIT_EXPECT_EQ(test, p->conn->todo, 0);
	KUNIT_EXPECT_EQ(test, seen.n, 0u);
}

static void move__to_closed__stops_all_timers(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);
	unsigned int i;

	for (i = 0; i < CLASP_TIMER_PACE; i++)
		clasp_timer_set(p->conn, i, p->now_us + 1);
	p->conn->pace_waits = true;
	KUNIT_EXPECT_TRUE(test, clasp_conn_move(p->conn, CLASP_ON_ABORT));

	KUNIT_EXPECT_EQ(test, p->conn->todo, CLASP_TODO_STATE);
	KUNIT_EXPECT_EQ(test, clasp_output_wake(p->conn, p->now_us), 0ull);
	for (i = 0; i < CLASP_TIMER_MAX; i++)
		KUNIT_EXPECT_FALSE(test, clasp_timer_runs(p->conn, i));
}

/* R2 needs something that nobody acknowledges. */
static void nobody_answers(struct peer *p)
{
	if (clasp_conn_in(p->conn, CLASP_IN_SENDING))
		program_writes(p, 1);
	if (p->conn->state == CLASP_FIN_WAIT_2)
		program_leaves(p);
	time_passes(p, A_DAY_US);
}

static void fin_arrives(struct peer *p)
{
	u8 state = p->conn->state;

	/*
	 * No segment gets here: its ACK comes first (fifth step), and makes
	 * the connection ESTABLISHED.
	 */
	if (state == CLASP_SYN_RCVD)
		clasp_input_fin(p->conn, p->now_us);
	else if (state == CLASP_FIN_WAIT_1)
		peer_sends(p, FIN | ACK, .ack = p->snd_nxt - 1);
	else
		peer_sends(p, FIN | ACK);
}

/* TIME_WAIT is over when the body says so: the fixture does, as peer.c tells. */
static void happens(struct peer *p, u8 move)
{
	switch (move) {
	case CLASP_ON_LISTEN:
		program_listens(p);
		break;
	case CLASP_ON_CONNECT:
		program_connects(p);
		break;
	case CLASP_ON_CLOSE:
		program_closes(p);
		break;
	case CLASP_ON_ABORT:
		program_aborts(p);
		break;
	case CLASP_ON_RCV_SYN:
		peer_sends(p, SYN);
		break;
	case CLASP_ON_RCV_SYN_ACK:
		peer_sends(p, SYN | ACK);
		break;
	case CLASP_ON_RCV_ACK_OF_SYN:
	case CLASP_ON_RCV_ACK_OF_FIN:
		peer_sends(p, ACK);
		break;
	case CLASP_ON_RCV_FIN:
		fin_arrives(p);
		break;
	case CLASP_ON_RCV_RST:
		peer_sends(p, RST | ACK);
		break;
	case CLASP_ON_ICMP_ERROR:
		network_refuses(p, ECONNREFUSED, true);
		break;
	case CLASP_ON_TIMEOUT:
		nobody_answers(p);
		break;
	}
}

static bool walked(struct kunit *test, const struct edge *edge)
{
	struct peer *p = peer_at(test, edge->from);
	const struct clasp_transition *row;
	u8 after;

	seen.n = 0;
	test_events_to(see, NULL);
	happens(p, edge->move);
	test_events_to(NULL, NULL);
	after = peer_state(p);
	kunit_kfree(test, p);

	row = seen.row[0];
	return seen.n == 1 && row->from == edge->from &&
	       row->move == edge->move && row->to == edge->to &&
	       after == edge->to;
}

static void walk__every_edge_of_the_rfc__seen_by_the_event(struct kunit *test)
{
	unsigned int i, n = 0;

	for (i = 0; i < edge_count; i++) {
		bool good = walked(test, &edges[i]);

		KUNIT_EXPECT_TRUE_MSG(test, good, "%s, %s: not walked to %s",
				      clasp_state_name(edges[i].from),
				      clasp_move_name(edges[i].move),
				      clasp_state_name(edges[i].to));
		n += good;
	}
	kunit_info(test, "walked %u of %u edges of RFC 9293", n, edge_count);
}

/*
 * Figure 5 leaves out FIN_WAIT_1 to TIME_WAIT, when one segment has the peer's
 * FIN and the ACK of ours: here it is two edges at once.
 */
static void walk__fin_that_acks_ours__by_fin_wait_2(struct kunit *test)
{
	struct peer *p = peer_in(test, FIN_WAIT_1);

	test_events_to(see, NULL);
	peer_sends(p, FIN | ACK);

	KUNIT_ASSERT_EQ(test, seen.n, 2u);
	KUNIT_EXPECT_EQ(test, seen.row[0]->to, CLASP_FIN_WAIT_2);
	KUNIT_EXPECT_EQ(test, seen.row[1]->to, CLASP_TIME_WAIT);
}

static int nothing_seen(struct kunit *test)
{
	seen.n = 0;

	return 0;
}

static void look_no_more(struct kunit *test)
{
	test_events_to(NULL, NULL);
}

static struct kunit_case state_cases[] = {
	KUNIT_CASE(table__every_edge_of_the_rfc__is_there),
	KUNIT_CASE(table__every_row__is_an_edge_of_the_rfc),
	KUNIT_CASE(table__what_clasp_does_not_do__is_not_there),
	KUNIT_CASE(table__every_row__says_where),
	KUNIT_CASE(names__of_states__all_distinct),
	KUNIT_CASE(names__of_moves__all_distinct),
	KUNIT_CASE(move__no_row_for_it__nothing_happens),
	KUNIT_CASE(move__to_closed__stops_all_timers),
	KUNIT_CASE(walk__every_edge_of_the_rfc__seen_by_the_event),
	KUNIT_CASE(walk__fin_that_acks_ours__by_fin_wait_2),
	{}
};

static struct kunit_suite state_suite = {
	.name = "state",
	.init = nothing_seen,
	.exit = look_no_more,
	.test_cases = state_cases,
};

kunit_test_suite(state_suite);
