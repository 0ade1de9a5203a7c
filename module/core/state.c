// SPDX-License-Identifier: GPL-2.0
/*
 * The state machine, as data.
 *
 * RFC 9293 §3.3.2 (Figure 5) and the sections named in each row. From this
 * table come the diagram in docs/states.md, the names in the tools and the
 * list of edges that tests must walk.
 */
#include "state.h"

#define ROW(state, event, next, where)					       \
	{ CLASP_##state, CLASP_ON_##event, CLASP_##next, where }

const struct clasp_transition clasp_transitions[] = {
	/*  from	 what happens		to		RFC 9293 */
	/* open */
	ROW(CLOSED,	 LISTEN,		LISTEN,		"3.10.1"),
	ROW(CLOSED,	 CONNECT,		SYN_SENT,	"3.10.1"),
	ROW(LISTEN,	 RCV_SYN,		SYN_RCVD,	"3.10.7.2"),
	ROW(SYN_SENT,	 RCV_SYN_ACK,		ESTABLISHED,	"3.10.7.3"),
	ROW(SYN_SENT,	 RCV_SYN,		SYN_RCVD,	"3.5 simultaneous open"),
	ROW(SYN_RCVD,	 RCV_ACK_OF_SYN,	ESTABLISHED,	"3.10.7.4"),

	/* close, this side first */
	ROW(SYN_RCVD,	 CLOSE,			FIN_WAIT_1,	"3.10.4"),
	ROW(ESTABLISHED, CLOSE,			FIN_WAIT_1,	"3.10.4"),
	ROW(FIN_WAIT_1,	 RCV_ACK_OF_FIN,	FIN_WAIT_2,	"3.10.7.4"),
	ROW(FIN_WAIT_1,	 RCV_FIN,		CLOSING,	"3.6 simultaneous close"),
	ROW(FIN_WAIT_2,	 RCV_FIN,		TIME_WAIT,	"3.10.7.4"),
	ROW(CLOSING,	 RCV_ACK_OF_FIN,	TIME_WAIT,	"3.10.7.4"),
	ROW(TIME_WAIT,	 TIMEOUT,		CLOSED,		"3.10.8"),

	/* close, the peer first */
	ROW(SYN_RCVD,	 RCV_FIN,		CLOSE_WAIT,	"3.10.7.4"),
	ROW(ESTABLISHED, RCV_FIN,		CLOSE_WAIT,	"3.10.7.4"),
	ROW(CLOSE_WAIT,	 CLOSE,			LAST_ACK,	"3.10.4"),
	ROW(LAST_ACK,	 RCV_ACK_OF_FIN,	CLOSED,		"3.10.7.4"),

	/* the program leaves before there is a connection, or gives up */
	ROW(LISTEN,	 CLOSE,			CLOSED,		"3.10.4"),
	ROW(SYN_SENT,	 CLOSE,			CLOSED,		"3.10.4"),
	ROW(LISTEN,	 ABORT,			CLOSED,		"3.10.5"),
	ROW(SYN_SENT,	 ABORT,			CLOSED,		"3.10.5"),
	ROW(SYN_RCVD,	 ABORT,			CLOSED,		"3.10.5"),
	ROW(ESTABLISHED, ABORT,			CLOSED,		"3.10.5"),
	ROW(FIN_WAIT_1,	 ABORT,			CLOSED,		"3.10.5"),
	ROW(FIN_WAIT_2,	 ABORT,			CLOSED,		"3.10.5"),
	ROW(CLOSE_WAIT,	 ABORT,			CLOSED,		"3.10.5"),
	ROW(CLOSING,	 ABORT,			CLOSED,		"3.10.5"),
	ROW(LAST_ACK,	 ABORT,			CLOSED,		"3.10.5"),
	ROW(TIME_WAIT,	 ABORT,			CLOSED,		"3.10.5"),

	/* the peer resets; TIME_WAIT does not mind (RFC 1337) */
	ROW(SYN_SENT,	 RCV_RST,		CLOSED,		"3.10.7.3"),
	ROW(SYN_RCVD,	 RCV_RST,		CLOSED,		"3.10.7.4"),
	ROW(ESTABLISHED, RCV_RST,		CLOSED,		"3.10.7.4"),
	ROW(FIN_WAIT_1,	 RCV_RST,		CLOSED,		"3.10.7.4"),
	ROW(FIN_WAIT_2,	 RCV_RST,		CLOSED,		"3.10.7.4"),
	ROW(CLOSE_WAIT,	 RCV_RST,		CLOSED,		"3.10.7.4"),
	ROW(CLOSING,	 RCV_RST,		CLOSED,		"3.10.7.4"),
	ROW(LAST_ACK,	 RCV_RST,		CLOSED,		"3.10.7.4"),

	/* the network refuses: soft once synchronized (MUST-56) */
	ROW(SYN_SENT,	 ICMP_ERROR,		CLOSED,		"3.9.2.2"),
	ROW(SYN_RCVD,	 ICMP_ERROR,		CLOSED,		"3.9.2.2"),

	/* nobody answers: R2 (3.8.3), or FIN_WAIT_2 without a program */
	ROW(SYN_SENT,	 TIMEOUT,		CLOSED,		"3.8.3"),
	ROW(SYN_RCVD,	 TIMEOUT,		CLOSED,		"3.8.3"),
	ROW(ESTABLISHED, TIMEOUT,		CLOSED,		"3.8.3"),
	ROW(FIN_WAIT_1,	 TIMEOUT,		CLOSED,		"3.8.3"),
	ROW(FIN_WAIT_2,	 TIMEOUT,		CLOSED,		"3.8.3"),
	ROW(CLOSE_WAIT,	 TIMEOUT,		CLOSED,		"3.8.3"),
	ROW(CLOSING,	 TIMEOUT,		CLOSED,		"3.8.3"),
	ROW(LAST_ACK,	 TIMEOUT,		CLOSED,		"3.8.3"),
};

const unsigned int clasp_transition_count = ARRAY_SIZE(clasp_transitions);

/**
 * clasp_transition_find() - what happens to a connection next
 * @from: its state
 * @move: what happens to it
 *
 * Return: the row, or NULL when nothing happens in this state.
 */
const struct clasp_transition *clasp_transition_find(u8 from,
						     enum clasp_move move)
{
	unsigned int i;

	for (i = 0; i < clasp_transition_count; i++)
		if (clasp_transitions[i].from == from &&
		    clasp_transitions[i].move == move)
			return &clasp_transitions[i];

	return NULL;
}

/**
 * clasp_state_name() - a state's name, as RFC 9293 spells it
 * @state: one of enum clasp_state
 *
 * Return: the name, "?" for a number that is no state.
 */
const char *clasp_state_name(u8 state)
{
	switch (state) {
#define X(name, number) case CLASP_##name: return #name;
	CLASP_STATES(X)
#undef X
	}

	return "?";
}

/**
 * clasp_move_name() - what happens, in words
 * @move: one of enum clasp_move
 *
 * Return: a few words, "?" for a number that is none.
 */
const char *clasp_move_name(enum clasp_move move)
{
	switch (move) {
#define X(name, text) case CLASP_ON_##name: return text;
	CLASP_MOVES(X)
#undef X
	case CLASP_ON_MAX:
		break;
	}

	return "?";
}
