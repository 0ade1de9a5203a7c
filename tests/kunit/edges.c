// SPDX-License-Identifier: GPL-2.0
/*
 * The edges of the state machine, copied out of RFC 9293 by hand: edges.h.
 */
#include <linux/kernel.h>

#include "edges.h"

#define EDGE(from, move, to, where) \
	{ CLASP_##from, CLASP_ON_##move, CLASP_##to, where }

const struct edge edges[] = {
	/* §3.10.1, OPEN */
	EDGE(CLOSED,	  LISTEN,	  LISTEN,      "3.10.1 passive OPEN"),
	EDGE(CLOSED,	  CONNECT,	  SYN_SENT,    "3.10.1 active OPEN"),

	/* §3.10.4, CLOSE */
	EDGE(LISTEN,	  CLOSE,	  CLOSED,      "3.10.4 delete TCB"),
	EDGE(SYN_SENT,	  CLOSE,	  CLOSED,      "3.10.4 delete the TCB"),
	EDGE(SYN_RCVD,	  CLOSE,	  FIN_WAIT_1,  "3.10.4 no SENDs issued"),
	EDGE(ESTABLISHED, CLOSE,	  FIN_WAIT_1,  "3.10.4"),
	EDGE(CLOSE_WAIT,  CLOSE,	  LAST_ACK,    "3.10.4"),

	/* §3.10.5, ABORT: nine states, CLOSED has nothing to abort */
	EDGE(LISTEN,	  ABORT,	  CLOSED,      "3.10.5"),
	EDGE(SYN_SENT,	  ABORT,	  CLOSED,      "3.10.5"),
	EDGE(SYN_RCVD,	  ABORT,	  CLOSED,      "3.10.5 sends RST"),
	EDGE(ESTABLISHED, ABORT,	  CLOSED,      "3.10.5 sends RST"),
	EDGE(FIN_WAIT_1,  ABORT,	  CLOSED,      "3.10.5 sends RST"),
	EDGE(FIN_WAIT_2,  ABORT,	  CLOSED,      "3.10.5 sends RST"),
	EDGE(CLOSE_WAIT,  ABORT,	  CLOSED,      "3.10.5 sends RST"),
	EDGE(CLOSING,	  ABORT,	  CLOSED,      "3.10.5 responds ok"),
	EDGE(LAST_ACK,	  ABORT,	  CLOSED,      "3.10.5 responds ok"),
	EDGE(TIME_WAIT,	  ABORT,	  CLOSED,      "3.10.5 responds ok"),

	/* §3.10.7.2, a segment in LISTEN, third */
	EDGE(LISTEN,	  RCV_SYN,	  SYN_RCVD,    "3.10.7.2 third"),

	/* §3.10.7.3, a segment in SYN-SENT, second and fourth */
	EDGE(SYN_SENT,	  RCV_RST,	  CLOSED,      "3.10.7.3 second"),
	EDGE(SYN_SENT,	  RCV_SYN_ACK,	  ESTABLISHED, "3.10.7.3 fourth"),
	EDGE(SYN_SENT,	  RCV_SYN,	  SYN_RCVD,    "3.10.7.3 otherwise"),

	/*
	 * §3.10.7.4, a segment in any other state: second, the RST bit. The
	 * passive SYN_RCVD goes back to LISTEN: its listener never left it.
	 */
	EDGE(SYN_RCVD,	  RCV_RST,	  CLOSED,      "3.10.7.4 second, active"),
	EDGE(ESTABLISHED, RCV_RST,	  CLOSED,      "3.10.7.4 second"),
	EDGE(FIN_WAIT_1,  RCV_RST,	  CLOSED,      "3.10.7.4 second"),
	EDGE(FIN_WAIT_2,  RCV_RST,	  CLOSED,      "3.10.7.4 second"),
	EDGE(CLOSE_WAIT,  RCV_RST,	  CLOSED,      "3.10.7.4 second"),
	EDGE(CLOSING,	  RCV_RST,	  CLOSED,      "3.10.7.4 second"),
	EDGE(LAST_ACK,	  RCV_RST,	  CLOSED,      "3.10.7.4 second"),

	/* fifth, the ACK field */
	EDGE(SYN_RCVD,	  RCV_ACK_OF_SYN, ESTABLISHED, "3.10.7.4 fifth"),
	EDGE(FIN_WAIT_1,  RCV_ACK_OF_FIN, FIN_WAIT_2,  "3.10.7.4 fifth"),
	EDGE(CLOSING,	  RCV_ACK_OF_FIN, TIME_WAIT,   "3.10.7.4 fifth"),
	EDGE(LAST_ACK,	  RCV_ACK_OF_FIN, CLOSED,      "3.10.7.4 fifth"),

	/* eighth, the FIN bit */
	EDGE(SYN_RCVD,	  RCV_FIN,	  CLOSE_WAIT,  "3.10.7.4 eighth"),
	EDGE(ESTABLISHED, RCV_FIN,	  CLOSE_WAIT,  "3.10.7.4 eighth"),
	EDGE(FIN_WAIT_1,  RCV_FIN,	  CLOSING,     "3.10.7.4 eighth"),
	EDGE(FIN_WAIT_2,  RCV_FIN,	  TIME_WAIT,   "3.10.7.4 eighth"),

	/* §3.9.2.2, ICMP: "SHOULD abort" while it is being opened (SHLD-26) */
	EDGE(SYN_SENT,	  ICMP_ERROR,	  CLOSED,      "3.9.2.2"),
	EDGE(SYN_RCVD,	  ICMP_ERROR,	  CLOSED,      "3.9.2.2"),

	/* §3.10.8, timeouts: "for any state", when §3.8.3's R2 is reached */
	EDGE(SYN_SENT,	  TIMEOUT,	  CLOSED,      "3.10.8 user timeout"),
	EDGE(SYN_RCVD,	  TIMEOUT,	  CLOSED,      "3.10.8 user timeout"),
	EDGE(ESTABLISHED, TIMEOUT,	  CLOSED,      "3.10.8 user timeout"),
	EDGE(FIN_WAIT_1,  TIMEOUT,	  CLOSED,      "3.10.8 user timeout"),
	EDGE(FIN_WAIT_2,  TIMEOUT,	  CLOSED,      "3.10.8 user timeout"),
	EDGE(CLOSE_WAIT,  TIMEOUT,	  CLOSED,      "3.10.8 user timeout"),
	EDGE(CLOSING,	  TIMEOUT,	  CLOSED,      "3.10.8 user timeout"),
	EDGE(LAST_ACK,	  TIMEOUT,	  CLOSED,      "3.10.8 user timeout"),
	EDGE(TIME_WAIT,	  TIMEOUT,	  CLOSED,      "3.10.8 TIME-WAIT timeout"),
};

const unsigned int edge_count = ARRAY_SIZE(edges);

const struct edge edges_not_taken[] = {
	EDGE(LISTEN,	  CONNECT,	  SYN_SENT,
	     "3.10.1: a listening socket cannot connect (listen(2))"),
	EDGE(TIME_WAIT,	  RCV_RST,	  CLOSED,
	     "3.10.7.4 second: RFC 1337, no assassination"),
	EDGE(FIN_WAIT_1,  RCV_SYN,	  CLOSED,
	     "3.10.7.4 fourth: RFC 5961 challenges instead"),
	EDGE(ESTABLISHED, RCV_SYN,	  CLOSED,
	     "3.10.7.4 fourth: RFC 5961 challenges instead"),
	EDGE(ESTABLISHED, ICMP_ERROR,	  CLOSED,
	     "3.9.2.2: soft once synchronized (MUST-56)"),
	EDGE(CLOSE_WAIT,  RCV_FIN,	  CLOSE_WAIT,
	     "3.10.7.4 eighth: remains"),
	EDGE(TIME_WAIT,	  RCV_FIN,	  TIME_WAIT,
	     "3.10.7.4 eighth: remains"),
};

const unsigned int edge_not_taken_count = ARRAY_SIZE(edges_not_taken);
