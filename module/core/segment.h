/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A segment: from bytes to a struct and back.
 *
 * The one place that knows how a header and its options lie on the wire
 * (docs/protocol.md §2 and §3). Everything else reads struct clasp_segment.
 */
#ifndef CLASP_CORE_SEGMENT_H
#define CLASP_CORE_SEGMENT_H

#include "base.h"
#include "reason.h"

/* Control bits, each at TCP's place. */
#define CLASP_FIN	0x01
#define CLASP_SYN	0x02
#define CLASP_RST	0x04
#define CLASP_PSH	0x08
#define CLASP_ACK	0x10
#define CLASP_URG	0x20
#define CLASP_ECE	0x40
#define CLASP_CWR	0x80

#define CLASP_VERSION		0
#define CLASP_HDR_MIN		20	/* bytes, no options */
#define CLASP_HDR_MAX		180	/* bytes, 160 of them options */
#define CLASP_CSUM_OFFSET	14
#define CLASP_WINDOW_MAX	0x40000000u	/* 2^30 */
#define CLASP_SACK_MAX		16

#define CLASP_MSS_MIN		256
#define CLASP_MSS_DEFAULT_V4	536	/* RFC 9293 MUST-15 */
#define CLASP_MSS_DEFAULT_V6	1220

enum {
	CLASP_KIND_END		= 0,
	CLASP_KIND_NOP		= 1,
	CLASP_KIND_MSS		= 2,
	CLASP_KIND_SACK		= 5,
	CLASP_KIND_URG		= 6,
	CLASP_KIND_TIMESTAMPS	= 8,
	CLASP_KIND_FASTOPEN	= 34,
};

enum {
	CLASP_LEN_MSS		= 4,
	CLASP_LEN_SACK_BASE	= 2,	/* and 8 for each range */
	CLASP_LEN_URG		= 6,
	CLASP_LEN_TIMESTAMPS	= 10,
	CLASP_LEN_FASTOPEN_BASE	= 2,	/* and the cookie: 0, or 4 to 16 */
};

/* Which options a segment has. */
enum {
	CLASP_HAS_MSS		= 0x01,
	CLASP_HAS_TIMESTAMPS	= 0x02,
	CLASP_HAS_URG		= 0x04,
	CLASP_HAS_SACK		= 0x08,
	CLASP_HAS_FASTOPEN	= 0x10,
};

/**
 * struct clasp_segment - one segment, in host byte order
 * @source: source port
 * @dest: destination port
 * @seq: sequence number of the first octet (of the SYN, if there is one)
 * @ack: next octet expected, when CLASP_ACK is set in @flags
 * @window: receive window, bytes; never above CLASP_WINDOW_MAX once parsed
 * @len: payload, bytes
 * @flags: control bits
 * @hdr_len: header with options, bytes
 * @has: CLASP_HAS_* of the options that counted
 * @n_sack: ranges in @sack
 * @fastopen_len: bytes of cookie in @fastopen
 * @ce: the packet that it came in was marked (RFC 3168); the body's to set
 * @ect: the packet that it leaves in may be marked; the body sees to it
 * @mss: maximum segment size option; at least CLASP_MSS_MIN once parsed
 * @tsval: timestamp value, ms
 * @tsecr: timestamp echo reply, ms
 * @urg: number of the octet behind the urgent data
 * @sack: the SACK option's ranges as they lie in the header, big-endian
 * @fastopen: the cookie as it lies in the header
 *
 * @sack and @fastopen point into the bytes that were parsed, and live as long.
 */
struct clasp_segment {
	u16		source;
	u16		dest;
	u32		seq;
	u32		ack;
	u32		window;
	u32		len;
	u8		flags;
	u8		hdr_len;
	u8		has;
	u8		n_sack;
	u8		fastopen_len;
	bool		ce;
	bool		ect;
	u16		mss;
	u32		tsval;
	u32		tsecr;
	u32		urg;
	const u8	*sack;
	const u8	*fastopen;
};

/* SYN and FIN take one sequence number each. */
static inline u32 clasp_segment_end_seq(const struct clasp_segment *seg)
{
	return seg->seq + seg->len + !!(seg->flags & CLASP_SYN) +
	       !!(seg->flags & CLASP_FIN);
}

/* The payload's first octet: a SYN comes before it. */
static inline u32 clasp_segment_text_seq(const struct clasp_segment *seg)
{
	return seg->seq + !!(seg->flags & CLASP_SYN);
}

u32 clasp_segment_hdr_len(const u8 *bytes);
enum clasp_drop clasp_segment_parse(struct clasp_segment *seg,
				    const u8 *bytes, u32 linear, u32 total);
u32 clasp_segment_room(const struct clasp_segment *seg);
u32 clasp_segment_build(const struct clasp_segment *seg, u8 *bytes);
bool clasp_segment_reset(const struct clasp_segment *seg,
			 struct clasp_segment *reply);

#endif
