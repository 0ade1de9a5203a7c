/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The states of a connection and what moves it from one to the next.
 *
 * RFC 9293 §3.3.2. The transitions stand in one table (state.c); nothing else
 * assigns a state.
 */
#ifndef CLASP_CORE_STATE_H
#define CLASP_CORE_STATE_H

#include "base.h"

/* The numbers are those of TCP's states in Linux, which programs know. */
#define CLASP_STATES(X)							       \
	X(ESTABLISHED,	1)						       \
	X(SYN_SENT,	2)						       \
	X(SYN_RCVD,	3)						       \
	X(FIN_WAIT_1,	4)						       \
	X(FIN_WAIT_2,	5)						       \
	X(TIME_WAIT,	6)						       \
	X(CLOSED,	7)						       \
	X(CLOSE_WAIT,	8)						       \
	X(LAST_ACK,	9)						       \
	X(LISTEN,	10)						       \
	X(CLOSING,	11)

enum clasp_state {
#define X(name, number) CLASP_##name = (number),
	CLASP_STATES(X)
#undef X
	CLASP_STATE_MAX,
};

/* What a program, the peer or a clock does to a connection. */
#define CLASP_MOVES(X)							       \
	X(LISTEN,	"passive open")					       \
	X(CONNECT,	"active open")					       \
	X(CLOSE,	"close")					       \
	X(ABORT,	"abort")					       \
	X(RCV_SYN,	"rcv SYN")					       \
	X(RCV_SYN_ACK,	"rcv SYN ACK")					       \
	X(RCV_ACK_OF_SYN, "rcv ACK of SYN")				       \
	X(RCV_FIN,	"rcv FIN")					       \
	X(RCV_ACK_OF_FIN, "rcv ACK of FIN")				       \
	X(RCV_RST,	"rcv RST")					       \
	X(ICMP_ERROR,	"ICMP error")					       \
	X(TIMEOUT,	"timeout")

enum clasp_move {
#define X(name, text) CLASP_ON_##name,
	CLASP_MOVES(X)
#undef X
	CLASP_ON_MAX,
};

/* A set of states, for questions like "is it one of these?" */
#define CLASP_IN(name)		(1u << CLASP_##name)
#define CLASP_IN_SYNCHRONIZED						       \
	(CLASP_IN(ESTABLISHED) | CLASP_IN(FIN_WAIT_1) |			       \
	 CLASP_IN(FIN_WAIT_2) | CLASP_IN(CLOSE_WAIT) | CLASP_IN(CLOSING) |     \
	 CLASP_IN(LAST_ACK) | CLASP_IN(TIME_WAIT))
/* The peer may still send: its FIN has not been taken. */
#define CLASP_IN_RECEIVING						       \
	(CLASP_IN(SYN_RCVD) | CLASP_IN(ESTABLISHED) |			       \
	 CLASP_IN(FIN_WAIT_1) | CLASP_IN(FIN_WAIT_2))
/* The program may still send. */
#define CLASP_IN_SENDING						       \
	(CLASP_IN(ESTABLISHED) | CLASP_IN(CLOSE_WAIT))
/* There may be data or a FIN of ours under way. */
#define CLASP_IN_FLUSHING						       \
	(CLASP_IN_SENDING | CLASP_IN(FIN_WAIT_1) | CLASP_IN(CLOSING) |	       \
	 CLASP_IN(LAST_ACK))

/**
 * struct clasp_transition - one row of the table
 * @from: state before
 * @move: what happens
 * @to: state after
 * @section: where RFC 9293 says so
 */
struct clasp_transition {
	u8		from;
	u8		move;
	u8		to;
	const char	*section;
};

extern const struct clasp_transition clasp_transitions[];
extern const unsigned int clasp_transition_count;

const struct clasp_transition *clasp_transition_find(u8 from,
						     enum clasp_move move);
const char *clasp_state_name(u8 state);
const char *clasp_move_name(enum clasp_move move);

#endif
