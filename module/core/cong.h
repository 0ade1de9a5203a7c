/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Congestion control: how much may be under way.
 *
 * A controller is a table of functions, struct clasp_cong_ops. cong.c asks it;
 * which segment to send again after a loss is recovery's affair and the same
 * for all. docs/congestion.md shows how to write one.
 */
#ifndef CLASP_CORE_CONG_H
#define CLASP_CORE_CONG_H

#include "base.h"

struct clasp_conn;
struct module;

/**
 * struct clasp_sample - what one acknowledgment told
 * @now_us: the time
 * @rtt_us: round trip that it measured; 0 for none
 * @acked: bytes cumulatively acknowledged; SYN and FIN are not counted
 * @delivered: bytes newly known to have arrived
 * @lost: bytes newly found lost
 * @prior_flight: bytes in flight before
 * @rate: bytes a second, of the delivery rate sample; valid if @interval_us
 * @interval_us: the time that @rate was measured over; 0 for no sample
 * @rate_delivered: bytes delivered in that time
 * @rate_lost: bytes found lost in that time
 * @prior_delivered: the connection's count of bytes delivered when the newest
 *	range that arrived was sent
 * @tx_flight: bytes in flight right after that range was sent
 * @app_limited: there was less to send than the path would have taken
 * @ece: the peer tells of congestion that it saw (RFC 3168)
 * @prior_us: for rate.c: when @prior_delivered was counted, low bits
 * @sent_us: for rate.c: when the newest range that arrived was sent, low bits
 * @send_us: for rate.c: the time that the sending took
 * @newest: for rate.c: a range was taken
 */
struct clasp_sample {
	u64	now_us;
	u64	rtt_us;
	u32	acked;
	u32	delivered;
	u32	lost;
	u32	prior_flight;

	u64	rate;
	u32	interval_us;
	u32	rate_delivered;
	u32	rate_lost;
	u32	prior_delivered;
	u32	tx_flight;
	bool	app_limited;
	bool	ece;

	bool	newest;
	u32	prior_us;
	u32	sent_us;
	u32	send_us;
};

/* u64s that a controller may use for what it remembers of a connection */
#define CLASP_CONG_PRIV		12

/**
 * struct clasp_cong - one connection's congestion state
 * @cwnd: congestion window, bytes
 * @ssthresh: slow start threshold, bytes
 * @prior_cwnd: @cwnd before the last reduction
 * @prior_ssthresh: @ssthresh before it
 * @flight: bytes that were outstanding before the acknowledgment that is being
 *	taken; 0 when none is
 * @used: most that was in flight within the last round trip, bytes
 * @used_end: snd_nxt when that was
 * @sent_ms: when data was sent last, milliseconds, low bits; 0 for never
 * @valid_ms: when half of @cwnd was in use last, or @cwnd halved for want of it,
 *	as @sent_ms
 * @priv: the controller's own
 */
struct clasp_cong {
	u32	cwnd;
	u32	ssthresh;
	u32	prior_cwnd;
	u32	prior_ssthresh;
	u32	flight;
	u32	used;
	u32	used_end;
	u32	sent_ms;
	u32	valid_ms;
	u64	priv[CLASP_CONG_PRIV];
};

/**
 * struct clasp_cong_info - what a controller tells an operator
 * @bw: bytes a second that it believes the path carries
 * @min_rtt_us: round trip that it believes the path has without a queue
 * @pacing_gain: in 1/256
 * @cwnd_gain: in 1/256
 */
struct clasp_cong_info {
	u64	bw;
	u32	min_rtt_us;
	u32	pacing_gain;
	u32	cwnd_gain;
};

/* What a controller is like. */
enum {
	CLASP_CONG_UNLIMITED	= 0x01,	/* there is no window at all */
	CLASP_CONG_PACED	= 0x02,	/* it needs segments spaced out */
	/*
	 * It governs cwnd itself, on every acknowledgment and in recovery too,
	 * and the pacing rate.
	 */
	CLASP_CONG_GOVERNS	= 0x04,
};

/**
 * struct clasp_cong_ops - a congestion controller
 * @name: as in /proc/sys/net/clasp/congestion_control
 * @flags: CLASP_CONG_*
 * @init: begin: the connection is established, its window set; or this
 *	controller takes over from another in the middle, with its window
 * @release: end; free what @init made. May be left out
 * @on_ack: data was acknowledged: grow. Called outside of recovery while the
 *	window is in use; with CLASP_CONG_GOVERNS on every acknowledgment
 * @on_loss: a loss was found, recovery begins: set ssthresh
 * @on_rto: the retransmission timer fired for the first time for this data:
 *	set ssthresh
 * @on_ecn: a router on the path is congested, told at most once a window: set
 *	ssthresh, which becomes cwnd. Left out: as @on_loss
 * @on_restart: sending begins after a pause. May be left out
 * @undo: what was taken for a loss was none; cwnd and ssthresh are what they
 *	were before. May be left out
 * @info: what it believes. May be left out
 * @owner: module that it is in, or NULL
 * @next: for whoever keeps a list
 *
 * Each but @info is called with the connection owned, and must not sleep.
 */
struct clasp_cong_ops {
	const char	*name;
	u32		flags;
	void		(*init)(struct clasp_conn *c);
	void		(*release)(struct clasp_conn *c);
	void		(*on_ack)(struct clasp_conn *c,
				  const struct clasp_sample *s);
	void		(*on_loss)(struct clasp_conn *c);
	void		(*on_rto)(struct clasp_conn *c);
	void		(*on_ecn)(struct clasp_conn *c);
	void		(*on_restart)(struct clasp_conn *c, u64 now_us);
	void		(*undo)(struct clasp_conn *c);
	void		(*info)(const struct clasp_conn *c,
				struct clasp_cong_info *info);

	struct module		*owner;
	struct clasp_cong_ops	*next;
};

/* A controller's own part; @type must fit. */
#define clasp_cong_priv(c, type) ({					       \
	BUILD_BUG_ON(sizeof(type) > sizeof((c)->cong.priv));		       \
	(type *)(c)->cong.priv;						       \
})

extern const struct clasp_cong_ops clasp_reno;
extern const struct clasp_cong_ops clasp_cubic;
extern const struct clasp_cong_ops clasp_bbr;
extern const struct clasp_cong_ops clasp_cong_none;
extern const struct clasp_cong_ops * const clasp_cong_builtin[];
extern const unsigned int clasp_cong_builtins;

const struct clasp_cong_ops *clasp_cong_find(const char *name);
void clasp_cong_start(struct clasp_conn *c);
void clasp_cong_choose(struct clasp_conn *c, const struct clasp_cong_ops *ops);
void clasp_cong_stop(struct clasp_conn *c);
void clasp_cong_sent(struct clasp_conn *c, u64 now_us);
void clasp_cong_ack(struct clasp_conn *c, const struct clasp_sample *s);
void clasp_cong_loss(struct clasp_conn *c);
void clasp_cong_rto(struct clasp_conn *c);
void clasp_cong_ecn(struct clasp_conn *c);
void clasp_cong_undo(struct clasp_conn *c);
void clasp_cong_restart(struct clasp_conn *c, u64 now_us);
bool clasp_cong_governs(const struct clasp_conn *c);
u32 clasp_cong_initial(const struct clasp_conn *c);
u32 clasp_cong_quota(const struct clasp_conn *c);
u32 clasp_cong_flight(const struct clasp_conn *c);

/* For controllers that grow as RFC 5681 says. */
void clasp_cong_slow_start(struct clasp_conn *c, u32 acked, u32 limit);

#endif
