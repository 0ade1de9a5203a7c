/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Why: one list of reasons for each thing that wants explaining.
 *
 * A row is (NAME, counter, sentence for people). From these lists come the
 * enums, the counters of /proc/net/clasp_snmp ("Drop" before them), the text
 * of the tracepoints and what the tests expect. A new reason is one line.
 */
#ifndef CLASP_CORE_REASON_H
#define CLASP_CORE_REASON_H

#include "base.h"

/* Why a segment, or what it carried, went no further. */
#define CLASP_DROP_REASONS(X)						       \
	X(SHORT,	 "Short",		"shorter than a header")       \
	X(VERSION,	 "Version",	"a version that is not 0")	       \
	X(OFFSET,	 "Offset",	"data offset under 5, over 45 or past the end") \
	X(OPTION,	 "Option",	"option length under 2 or past the header") \
	X(CHECKSUM,	 "Checksum",	"wrong checksum")		       \
	X(PORT_ZERO,	 "PortZero",	"source or destination port 0")	       \
	X(ADDRESS,	 "Address",	"from or to a broadcast or multicast address") \
	X(NO_SOCKET,	 "NoSocket",	"no connection and no listener")       \
	X(LENGTH,	 "Length",	"datagram length under 8 or past the packet's end") \
	X(NO_CHECKSUM,	 "NoChecksum",	"datagram without a checksum")	       \
	X(NOT_JOINED,	 "NotJoined",	"multicast or broadcast datagram that nobody hears") \
	X(RECEIVE_FULL,	 "ReceiveFull",	"receive buffer of a datagram socket full") \
	X(POLICY,	 "Policy",	"refused by an IPsec policy")	       \
	X(FILTER,	 "Filter",	"refused by the socket's filter")      \
	X(TTL,		 "Ttl",		"under the socket's minimum TTL or hop limit") \
	X(MEMORY,	 "Memory",	"no memory")			       \
	X(BACKLOG,	 "Backlog",	"socket busy and its backlog full")    \
	X(SYN_QUEUE,	 "SynQueue",	"listener's SYN queue full")	       \
	X(ACCEPT_QUEUE,	 "AcceptQueue",	"listener's accept queue full")	       \
	X(LISTEN_RST,	 "ListenRst",	"RST to a listener")		       \
	X(LISTEN_ACK,	 "ListenAck",	"ACK to a listener that knows no such connection") \
	X(LISTEN_OTHER,	 "ListenOther",	"neither SYN, ACK nor RST to a listener") \
	X(SYN_SENT_ACK,	 "SynSentAck",	"in SYN_SENT: acknowledges what was not sent") \
	X(SYN_SENT_RST,	 "SynSentRst",	"in SYN_SENT: RST without the right acknowledgment") \
	X(SYN_SENT_OTHER, "SynSentOther",	"in SYN_SENT: neither SYN nor RST") \
	X(SYN_RCVD_ACK,	 "SynRcvdAck",	"in SYN_RCVD: does not acknowledge our SYN") \
	X(SYN_RCVD_SYN,	 "SynRcvdSyn",	"in SYN_RCVD: the SYN again")	       \
	X(DEFERRED,	 "Deferred",	"ACK without data to a listener that waits for some") \
	X(NO_TIMESTAMP,	 "NoTimestamp",	"no timestamps though they are in force") \
	X(PAWS,		 "Paws",		"timestamp older than the last one (PAWS)") \
	X(OLD_DATA,	 "OldData",	"all of it was received before")       \
	X(OUT_OF_WINDOW, "OutOfWindow",	"outside of the receive window")       \
	X(RST_OUTSIDE,	 "RstOutside",	"RST outside of the receive window")   \
	X(RST_INEXACT,	 "RstInexact",	"RST in the window but not at RCV.NXT") \
	X(SYN_CHALLENGED, "SynChallenged", "SYN on a synchronized connection") \
	X(NO_ACK,	 "NoAck",		"no ACK bit on a synchronized connection") \
	X(ACK_TOO_OLD,	 "AckTooOld",	"acknowledges what was acknowledged long ago") \
	X(ACK_UNSENT,	 "AckUnsent",	"acknowledges what was not sent")      \
	X(NO_ROOM,	 "NoRoom",	"receive buffer full")		       \
	X(AFTER_FIN,	 "AfterFin",	"data behind the peer's FIN")	       \
	X(AFTER_CLOSE,	 "AfterClose",	"data for a program that has closed")  \
	X(CLOSED,	 "Closed",	"the connection has just ended")       \
	X(TIME_WAIT,	 "TimeWait",	"nothing to answer in TIME_WAIT")      \
	X(ICMP_SHORT,	 "IcmpShort",	"ICMP error that quotes too little")   \
	X(ICMP_NO_SOCKET, "IcmpNoSocket",	"ICMP error about no connection of ours") \
	X(ICMP_SEQUENCE, "IcmpSequence", "ICMP error that quotes what is not in flight")

enum clasp_drop {
	CLASP_DROP_NONE,
#define X(name, counter, text) CLASP_DROP_##name,
	CLASP_DROP_REASONS(X)
#undef X
	CLASP_DROP_MAX,
};

/* Why a segment left. Behind NEW_* are the first transmissions. */
#define CLASP_SEND_REASONS(X)						       \
	X(OPEN,		 "Open",		"connection opens")	       \
	X(COOKIE,	 "Cookie",		"SYN queue full: SYN cookie")	       \
	X(NEW_DATA,	 "NewData",	"new data")			       \
	X(FIN,		 "Fin",		"program closed")		       \
	X(ACK_DELAYED,	 "AckDelayed",	"delayed ACK timer")		       \
	X(ACK_SECOND,	 "AckSecond",	"second full segment")		       \
	X(ACK_NOW,	 "AckNow",	"acknowledged at once")		       \
	X(ACK_QUICK,	 "AckQuick",	"at once: the peer's window is small") \
	X(ACK_GAP,	 "AckGap",	"gap in the sequence: duplicate ACK")  \
	X(ACK_FIN,	 "AckFin",	"FIN acknowledged")		       \
	X(ACK_OPEN,	 "AckOpen",	"SYN acknowledged")		       \
	X(ACK_WINDOW,	 "AckWindow",	"window opened")		       \
	X(ACK_UNACCEPTABLE, "AckUnacceptable", "answer to an unacceptable segment") \
	X(ACK_CHALLENGE, "AckChallenge",	"challenge ACK")	       \
	X(URGENT,	 "Urgent",		"urgent data announced")	       \
	X(PROBE_WINDOW,	 "ProbeWindow",	"zero window probe")		       \
	X(PROBE_KEEPALIVE, "ProbeKeepalive", "keepalive probe")		       \
	X(RTX_SYN,	 "RtxSyn",	"SYN unanswered: retransmission timer") \
	X(RTX_TIMER,	 "RtxTimer",	"retransmission timer")		       \
	X(RTX_DUPACK,	 "RtxDupack",	"third duplicate ACK")		       \
	X(RTX_RACK,	 "RtxRack",	"sent before what has arrived (RACK)") \
	X(RTX_PROBE,	 "RtxProbe",	"tail loss probe")		       \
	X(RTX_PARTIAL,	 "RtxPartial",	"partial ACK in fast recovery")	       \
	X(RTX_FIN,	 "RtxFin",	"FIN unanswered: retransmission timer") \
	X(RTX_MTU,	 "RtxMtu",	"path MTU shrank")		       \
	X(RESET_ABORT,	 "ResetAbort",	"program aborted")		       \
	X(RESET_UNREAD,	 "ResetUnread",	"closed with unread data")	       \
	X(RESET_KEEPALIVE, "ResetKeepalive", "keepalive probes unanswered")    \
	X(RESET_NOBODY,	 "ResetNobody",	"no connection takes the segment")

enum clasp_send {
	CLASP_SEND_NONE,
#define X(name, counter, text) CLASP_SEND_##name,
	CLASP_SEND_REASONS(X)
#undef X
	CLASP_SEND_MAX,
};

static inline bool clasp_send_is_rtx(enum clasp_send why)
{
	return why >= CLASP_SEND_RTX_SYN && why <= CLASP_SEND_RTX_MTU;
}

#endif
