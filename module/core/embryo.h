/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connection that a listener has heard of, and no more.
 *
 * LISTEN and the passive SYN_RCVD. Before the peer has proved, by its ACK,
 * that it is where it says, it gets little of our memory: a mini-socket with
 * an embryo in it instead of a socket with a connection.
 */
#ifndef CLASP_CORE_EMBRYO_H
#define CLASP_CORE_EMBRYO_H

#include "conn.h"

/**
 * struct clasp_embryo - what is remembered of a SYN
 * @sent_us: when our SYN ACK was sent last
 * @answered_us: when an unacceptable segment was answered last
 * @ts: timestamps; on when both sides want them
 * @iss: our initial sequence number
 * @irs: the peer's
 * @snd_wnd: the peer's window, from its SYN
 * @rcv_wnd: the window that our SYN ACK tells
 * @adv_mss: what we take
 * @peer_mss: what the peer takes
 * @local_port: ours
 * @remote_port: the peer's
 * @retries: timeouts, each of which sends the SYN ACK again unless deferred
 * @defer: CLASP_DEFER_ACCEPT, in timeouts
 * @state: SYN_RCVD
 * @ecn: the peer asked for ECN, and we grant it
 * @acked: the peer has answered, but said nothing
 */
struct clasp_embryo {
	u64			sent_us;
	u64			answered_us;
	struct clasp_timestamps	ts;
	u32			iss;
	u32			irs;
	u32			snd_wnd;
	u32			rcv_wnd;
	u16			adv_mss;
	u16			peer_mss;
	u16			local_port;
	u16			remote_port;
	u8			retries;
	u8			defer;
	u8			state;
	bool			ecn;
	bool			acked;
};

/**
 * struct clasp_embryo_setup - what the body brings to a new embryo
 * @iss: from clasp_isn()
 * @ts_offset: unpredictable
 * @rcv_wnd: window for the SYN ACK, bytes
 * @adv_mss: for our MSS option
 * @default_mss: what the peer takes if it does not say: CLASP_MSS_DEFAULT_*
 * @defer: the listener's, from clasp_defer_tries()
 */
struct clasp_embryo_setup {
	u32	iss;
	u32	ts_offset;
	u32	rcv_wnd;
	u16	adv_mss;
	u16	default_mss;
	u8	defer;
};

/* What to do about a segment. */
enum clasp_mini {
	CLASP_MINI_DROP,	/* nothing */
	CLASP_MINI_RESET,	/* answer with clasp_segment_reset() */
	CLASP_MINI_ACK,		/* answer with an ACK */
	CLASP_MINI_SYN_ACK,	/* send the SYN ACK again */
	CLASP_MINI_OPEN,	/* LISTEN: make an embryo; SYN_RCVD: a connection */
	CLASP_MINI_END,		/* forget the mini-socket */
};

enum clasp_mini clasp_listen_input(const struct clasp_segment *seg,
				   enum clasp_drop *why);
void clasp_embryo_init(struct clasp_embryo *e,
		       const struct clasp_settings *settings,
		       const struct clasp_segment *syn,
		       const struct clasp_embryo_setup *setup, u64 now_us);
enum clasp_mini clasp_embryo_input(struct clasp_embryo *e,
				   const struct clasp_settings *settings,
				   const struct clasp_segment *seg, u64 now_us,
				   enum clasp_drop *why);
void clasp_embryo_syn_ack(struct clasp_embryo *e, u64 now_us,
			  struct clasp_segment *seg);
void clasp_embryo_ack(const struct clasp_embryo *e, u64 now_us,
		      struct clasp_segment *seg);
u32 clasp_embryo_wait(const struct clasp_embryo *e);
enum clasp_mini clasp_embryo_timeout(struct clasp_embryo *e,
				     const struct clasp_settings *settings);
void clasp_embryo_hatch(const struct clasp_embryo *e, struct clasp_conn *c);

#endif
