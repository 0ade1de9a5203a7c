/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A connection that is over, and waits for its last segments to die out.
 */
#ifndef CLASP_CORE_TIMEWAIT_H
#define CLASP_CORE_TIMEWAIT_H

#include "conn.h"
#include "embryo.h"

/**
 * struct clasp_timewait - what is remembered of a closed connection
 * @expires_us: when it may be forgotten
 * @answered_us: when an unacceptable segment was answered last
 * @ts: timestamps
 * @snd_nxt: number behind our FIN
 * @rcv_nxt: number behind the peer's FIN
 * @rcv_wnd: window as last told
 * @local_port: ours
 * @remote_port: the peer's
 */
struct clasp_timewait {
	u64			expires_us;
	u64			answered_us;
	struct clasp_timestamps	ts;
	u32			snd_nxt;
	u32			rcv_nxt;
	u32			rcv_wnd;
	u16			local_port;
	u16			remote_port;
};

void clasp_timewait_init(struct clasp_timewait *tw, const struct clasp_conn *c,
			 u64 now_us);
enum clasp_mini clasp_timewait_input(struct clasp_timewait *tw,
				     const struct clasp_settings *settings,
				     const struct clasp_segment *seg,
				     u64 now_us, enum clasp_drop *why);
void clasp_timewait_ack(const struct clasp_timewait *tw, u64 now_us,
			struct clasp_segment *seg);
u32 clasp_timewait_isn(const struct clasp_timewait *tw, u32 isn);
bool clasp_timewait_reusable(const struct clasp_timewait *tw, u64 now_us);

#endif
