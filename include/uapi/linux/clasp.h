/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Clasp as a program sees it: the one header that a program needs.
 *
 *	fd = socket(AF_CLASP, SOCK_STREAM, 0);
 *
 * Names and numbers here only grow: none changes its meaning, none is
 * removed. Where this header is silent, a stream socket does what tcp(7)
 * says, and a datagram socket what udp(7) says.
 */
#ifndef _UAPI_LINUX_CLASP_H
#define _UAPI_LINUX_CLASP_H

#include <linux/types.h>
#ifdef __KERNEL__
#include <linux/socket.h>	/* sa_family_t */
#include <linux/in6.h>		/* struct in6_addr */
#else
#include <netinet/in.h>		/* both; <linux/in6.h> would clash with libc's */
#endif

/* The family's number is AF_ASH's slot, which nobody ever implemented. */
#define AF_CLASP		18
#define PF_CLASP		AF_CLASP

/* What the IP header carries, and socket()'s third argument. */
#define IPPROTO_CLASP		253	/* SOCK_STREAM */
#define IPPROTO_CLASP_DG	254	/* SOCK_DGRAM */

/* Levels of getsockopt() and setsockopt(). */
#define SOL_CLASP		253
#define SOL_CLASP_DG		254

/*
 * An address: the layout of struct sockaddr_in6, so that what
 * getaddrinfo(AF_INET6, AI_V4MAPPED | AI_ALL) returns needs only another
 * family. An IPv4 address stands as ::ffff:a.b.c.d.
 */
struct sockaddr_clasp {
	sa_family_t	scl_family;	/* AF_CLASP */
	__be16		scl_port;	/* 0 in bind(): any free port */
	__be32		scl_flowinfo;
	struct in6_addr	scl_addr;	/* :: in bind(): IPv4 and IPv6 */
	__u32		scl_scope_id;	/* interface, for link-local addresses */
};

/*
 * Options at SOL_CLASP. Up to 127 they have the number and the meaning of
 * TCP_*; Clasp's own begin at 128.
 */
#define CLASP_NODELAY		1	/* int: 1 sends small segments at once */
#define CLASP_MAXSEG		2	/* int: bytes of payload in a segment */
#define CLASP_CORK		3	/* int: 1 sends full segments alone */
#define CLASP_KEEPIDLE		4	/* int, s: silence before a probe */
#define CLASP_KEEPINTVL		5	/* int, s: between probes */
#define CLASP_KEEPCNT		6	/* int: unanswered probes that end it */
#define CLASP_SYNCNT		7	/* int: times that a SYN is sent again */
#define CLASP_LINGER2		8	/* int, s: FIN_WAIT_2 after close(); -1: none */
#define CLASP_DEFER_ACCEPT	9	/* int, s: accept() waits for data so long */
#define CLASP_WINDOW_CLAMP	10	/* int: bytes; most that is offered */
#define CLASP_INFO		11	/* struct clasp_info; get only */
#define CLASP_QUICKACK		12	/* int: 1 acknowledges at once, for a while */
#define CLASP_CONGESTION	13	/* char[16]: name of the controller */
#define CLASP_THIN_LINEAR_TIMEOUTS 16	/* int: taken, and without effect */
#define CLASP_THIN_DUPACK	17	/* int: taken, and without effect */
#define CLASP_USER_TIMEOUT	18	/* int, ms: longest without an ACK; 0: none */
#define CLASP_TIMESTAMP		24	/* int, ms: our clock, as the peer sees it */
#define CLASP_NOTSENT_LOWAT	25	/* int: bytes unsent that are enough */
#define CLASP_CC_INFO		26	/* union tcp_cc_info; get only */
#define CLASP_SAVE_SYN		27	/* int: 1 keeps SYNs; 2: with link layer */
#define CLASP_SAVED_SYN		28	/* bytes: an accepted one's; get, once */
#define CLASP_INQ		36	/* int: 1 sends CLASP_CM_INQ with recvmsg() */
#define CLASP_CM_INQ		CLASP_INQ	/* int: bytes left to read */
#define CLASP_TX_DELAY		37	/* int, us: what leaves waits; needs fq */
#define CLASP_NAME_FAMILY	128	/* int: AF_* of addresses handed out */
#define CLASP_STATE		130	/* int: CLASP_STATE_*; get only */

/* Options at SOL_CLASP_DG, under the numbers of UDP_*. */
#define CLASP_DG_CORK		1	/* int: 1 makes one datagram of many calls */
#define CLASP_DG_SEGMENT	103	/* int: bytes of each datagram of a call */
#define CLASP_DG_GRO		104	/* int: 1 takes many datagrams in a call */

/* States of a connection, under the numbers of TCP_* in <netinet/tcp.h>. */
enum {
	CLASP_STATE_ESTABLISHED	= 1,
	CLASP_STATE_SYN_SENT	= 2,
	CLASP_STATE_SYN_RCVD	= 3,
	CLASP_STATE_FIN_WAIT_1	= 4,
	CLASP_STATE_FIN_WAIT_2	= 5,
	CLASP_STATE_TIME_WAIT	= 6,
	CLASP_STATE_CLOSED	= 7,
	CLASP_STATE_CLOSE_WAIT	= 8,
	CLASP_STATE_LAST_ACK	= 9,
	CLASP_STATE_LISTEN	= 10,
	CLASP_STATE_CLOSING	= 11
};

/* Bits of clasp_info.options: what both ends agreed on in their SYNs. */
#define CLASP_INFO_TIMESTAMPS	0x01	/* RFC 7323 */
#define CLASP_INFO_ECN		0x02	/* RFC 3168 */
#define CLASP_INFO_SACK		0x04	/* RFC 2018; not asked for, but used */

/* Values of clasp_info.recovery: what the sender believes was lost. */
enum {
	CLASP_RECOVERY_NONE	= 0,	/* nothing */
	CLASP_RECOVERY_FAST	= 1,	/* a segment: duplicate ACKs told so */
	CLASP_RECOVERY_RTO	= 2	/* the flight: the timer ran out */
};

/*
 * What getsockopt(CLASP_INFO) tells of a connection. It only grows, at its
 * end: the kernel writes as many bytes as the program gave room for, and
 * never more than it knows. A member past clasp_info_size, or past the
 * length that getsockopt() returned, was not written.
 *
 * Counters start at 0 with the connection and wrap.
 */
struct clasp_info {
	__u32	clasp_info_size;	/* bytes: this struct, in the kernel */

	__u8	state;			/* CLASP_STATE_* */
	__u8	options;		/* bits: CLASP_INFO_* */
	__u8	recovery;		/* CLASP_RECOVERY_* */
	__u8	backoff;		/* times the RTO was doubled, now */
	__u8	retransmits;		/* timeouts in a row without an answer */
	__u8	probes;			/* window probes without an answer */
	__u16	dupacks;		/* duplicate ACKs in a row, now */

	/* Times. */
	__u32	rto_us;			/* us: retransmission timeout */
	__u32	ato_us;			/* us: how long an ACK may be delayed */
	__u32	srtt_us;		/* us: smoothed round trip; 0: none yet */
	__u32	rttvar_us;		/* us: its mean deviation */
	__u32	min_rtt_us;		/* us: the smallest seen; 0: none yet */

	/* Sizes of segments. */
	__u32	snd_mss;		/* bytes: payload of a full segment sent */
	__u32	rcv_mss;		/* bytes: largest payload received lately */
	__u32	advmss;			/* bytes: MSS option of our own SYN */
	__u32	pmtu;			/* bytes: path MTU, IP header included */

	/* Windows. */
	__u32	snd_cwnd;		/* bytes: congestion window */
	__u32	snd_ssthresh;		/* bytes; 0xffffffff: no loss seen yet */
	__u32	snd_wnd;		/* bytes: window the peer offers us */
	__u32	rcv_wnd;		/* bytes: window we offer the peer */

	/* What waits. */
	__u32	unacked;		/* bytes sent, not yet acknowledged */
	__u32	notsent;		/* bytes written, not yet sent */
	__u32	unread;			/* bytes in order, not yet read */
	__u32	unordered;		/* bytes kept that lie behind a gap */

	/* Since when; 0xffffffff: never. */
	__u32	last_data_sent_ms;	/* ms since payload was sent */
	__u32	last_data_recv_ms;	/* ms since payload was received */
	__u32	last_ack_recv_ms;	/* ms since an ACK was received */

	/* Counts of what went wrong. */
	__u32	total_retrans;		/* segments sent again */
	__u32	fast_retrans;		/* of these, for duplicate ACKs */
	__u32	rto_count;		/* timeouts of the retransmission timer */
	__u32	dupacks_in;		/* duplicate ACKs received */
	__u32	rcv_ooopack;		/* segments received out of order */

	/* Counts of everything. */
	__u64	bytes_sent;		/* payload, what is sent again included */
	__u64	bytes_retrans;		/* payload, what is sent again alone */
	__u64	bytes_acked;		/* payload that the peer acknowledged */
	__u64	bytes_received;		/* payload that was taken in order */
	__u64	segs_out;		/* segments sent */
	__u64	segs_in;		/* segments received */
	__u64	data_segs_out;		/* segments sent that carried payload */
	__u64	data_segs_in;		/* segments received that carried some */

	/* Rates. */
	__u64	pacing_rate;		/* bytes/s that are sent; 0: no limit */
	__u64	delivery_rate;		/* bytes/s that the path delivered */

	/* What the buffers are fitted to. */
	__u32	rcv_rtt_us;		/* us: round trip as a receiver sees it */
	__u32	rcv_space;		/* bytes: most read in a round trip */
	__u32	rcv_buf;		/* bytes: payload that an empty one takes */

	/* Of what is unacked. */
	__u32	sacked;			/* bytes that the peer holds already */
	__u32	lost;			/* bytes held lost */
	__u32	retrans;		/* bytes sent again, and under way */

	/* Of a listener. */
	__u32	accept_queue;		/* connections that wait for accept() */
	__u32	accept_queue_max;	/* how many may */

	/* More counts. */
	__u32	dsack_dups;		/* times that the peer got bytes twice */
	__u32	reord_seen;		/* times that segments overtook others */
	__u32	rto_recoveries;		/* times that timeouts began */
	__u32	undone;			/* recoveries that were not needed */
	__u32	rehash;			/* times that another path was tried */
	__u32	app_limited;		/* 1: delivery_rate is the program's */
	__u64	delivered;		/* payload that has arrived, in any order */
	__u64	delivered_ce;		/* of this, told of as congested (ECN) */

	/* What the time went by with, us. */
	__u64	rto_time_us;		/* timeouts, until the peer answered */
	__u64	busy_time_us;		/* something was unsent or unacked */
	__u64	rwnd_limited_us;	/* of this, the peer's window was full */
	__u64	sndbuf_limited_us;	/* of this, our send buffer was too small */

	__u64	max_pacing_rate;	/* bytes/s: SO_MAX_PACING_RATE; ~0: none */
};

#endif /* _UAPI_LINUX_CLASP_H */
