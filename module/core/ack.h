/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a segment acknowledges.
 */
#ifndef CLASP_CORE_ACK_H
#define CLASP_CORE_ACK_H

#include "conn.h"

/**
 * struct clasp_news - what one acknowledgment told
 * @sample: for congestion control, and for whoever asks how much arrived
 * @original: bytes that arrived and had been sent once, before recovery began
 * @once_us: when the newest range that arrived and was sent once was sent
 * @tsecr: timestamp that it echoes; valid if @echo
 * @dsack_start: what arrived twice; valid if @dsack
 * @dsack_end: octet behind that
 * @echo: timestamps are in force
 * @dsack: the peer got something twice (RFC 2883)
 * @twice: something arrived of which more than one copy was sent
 * @overtaken: something arrived behind what was sent later (RFC 8985 §6.2)
 */
struct clasp_news {
	struct clasp_sample	sample;
	u32			original;
	u64			once_us;
	u32			tsecr;
	u32			dsack_start;
	u32			dsack_end;
	bool			echo;
	bool			dsack;
	bool			twice;
	bool			overtaken;
};

void clasp_ack_of_syn(struct clasp_conn *c, u32 ack, u64 now_us);
void clasp_ack_take(struct clasp_conn *c, const struct clasp_segment *seg,
		    u64 now_us);

#endif
