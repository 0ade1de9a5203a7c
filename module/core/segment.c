// SPDX-License-Identifier: GPL-2.0
/*
 * How a segment lies on the wire: docs/protocol.md §2 (header), §3 (options).
 *
 * Nothing that arrives is believed: each length is checked against what is
 * there before a byte behind it is read. The body calls parse once for each
 * segment that arrives and build once for each that leaves.
 */
#include "segment.h"

enum {
	AT_SOURCE	= 0,
	AT_DEST		= 2,
	AT_SEQ		= 4,
	AT_ACK		= 8,
	AT_OFFSET	= 12,
	AT_FLAGS	= 13,
	AT_CHECKSUM	= CLASP_CSUM_OFFSET,
	AT_WINDOW	= 16,
};

#define OFFSET_MASK	0x3f
#define VERSION_SHIFT	6

static void parse_mss(struct clasp_segment *seg, const u8 *opt, u8 len)
{
	if (len != CLASP_LEN_MSS || !(seg->flags & CLASP_SYN))
		return;

	/* Below this the longest options would leave no payload. */
	seg->mss = max_t(u16, get_unaligned_be16(opt + 2), CLASP_MSS_MIN);
	seg->has |= CLASP_HAS_MSS;
}

static void parse_timestamps(struct clasp_segment *seg, const u8 *opt, u8 len)
{
	if (len != CLASP_LEN_TIMESTAMPS || (seg->flags & CLASP_RST))
		return;

	seg->tsval = get_unaligned_be32(opt + 2);
	seg->tsecr = get_unaligned_be32(opt + 6);
	seg->has |= CLASP_HAS_TIMESTAMPS;
}

static void parse_urg(struct clasp_segment *seg, const u8 *opt, u8 len)
{
	if (len != CLASP_LEN_URG || !(seg->flags & CLASP_URG))
		return;

	seg->urg = get_unaligned_be32(opt + 2);
	seg->has |= CLASP_HAS_URG;
}

static void parse_sack(struct clasp_segment *seg, const u8 *opt, u8 len)
{
	u8 ranges = (len - CLASP_LEN_SACK_BASE) / 8;

	if (!(seg->flags & CLASP_ACK) || (seg->flags & CLASP_RST))
		return;
	if (!ranges || ranges > CLASP_SACK_MAX ||
	    len != CLASP_LEN_SACK_BASE + 8 * ranges)
		return;

	seg->sack = opt + CLASP_LEN_SACK_BASE;
	seg->n_sack = ranges;
	seg->has |= CLASP_HAS_SACK;
}

static void parse_fastopen(struct clasp_segment *seg, const u8 *opt, u8 len)
{
	u8 cookie = len - CLASP_LEN_FASTOPEN_BASE;

	if (!(seg->flags & CLASP_SYN))
		return;
	if (cookie && (cookie < 4 || cookie > 16))
		return;

	seg->fastopen = opt + CLASP_LEN_FASTOPEN_BASE;
	seg->fastopen_len = cookie;
	seg->has |= CLASP_HAS_FASTOPEN;
}

/*
 * The kinds we know. An option that does not fit its row (length, or a
 * segment where it does not belong) is skipped as if unknown.
 */
static const struct {
	u8	kind;
	u8	has;
	void	(*parse)(struct clasp_segment *seg, const u8 *opt, u8 len);
} known[] = {
	{ CLASP_KIND_TIMESTAMPS, CLASP_HAS_TIMESTAMPS,	parse_timestamps },
	{ CLASP_KIND_SACK,	 CLASP_HAS_SACK,	parse_sack },
	{ CLASP_KIND_MSS,	 CLASP_HAS_MSS,		parse_mss },
	{ CLASP_KIND_URG,	 CLASP_HAS_URG,		parse_urg },
	{ CLASP_KIND_FASTOPEN,	 CLASP_HAS_FASTOPEN,	parse_fastopen },
};

/*
 * One option of @len bytes, all of them in the header. The first of a repeated
 * kind counts: a skipped one does not.
 */
static void parse_option(struct clasp_segment *seg, const u8 *opt, u8 len)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(known); i++) {
		if (known[i].kind != opt[0])
			continue;
		if (!(seg->has & known[i].has))
			known[i].parse(seg, opt, len);
		return;
	}
}

static enum clasp_drop parse_options(struct clasp_segment *seg,
				     const u8 *opt, const u8 *end)
{
	while (opt < end) {
		u8 len;

		if (opt[0] == CLASP_KIND_END)
			break;
		if (opt[0] == CLASP_KIND_NOP) {
			opt++;
			continue;
		}

		/* MUST-7: survive an illegal length */
		if (end - opt < 2 || opt[1] < 2 || opt[1] > end - opt)
			return CLASP_DROP_OPTION;

		len = opt[1];
		parse_option(seg, opt, len);
		opt += len;
	}

	return CLASP_DROP_NONE;
}

/**
 * clasp_segment_hdr_len() - how long the header says it is
 * @bytes: at least CLASP_HDR_MIN bytes of a segment
 *
 * Return: bytes, 0 to 252; clasp_segment_parse() says whether that is right.
 */
u32 clasp_segment_hdr_len(const u8 *bytes)
{
	return (bytes[AT_OFFSET] & OFFSET_MASK) * 4;
}

/**
 * clasp_segment_parse() - read a header
 * @seg: filled in
 * @bytes: the segment, from its first byte
 * @linear: how many bytes of it can be read at @bytes; the whole header, if it
 *	is there at all
 * @total: how many bytes the segment has, payload included
 *
 * The checksum is not looked at: it may lie with the device.
 *
 * Return: CLASP_DROP_NONE, or why the segment is malformed.
 */
enum clasp_drop clasp_segment_parse(struct clasp_segment *seg,
				    const u8 *bytes, u32 linear, u32 total)
{
	u32 hdr_len;

	if (min(linear, total) < CLASP_HDR_MIN)
		return CLASP_DROP_SHORT;
	if (bytes[AT_OFFSET] >> VERSION_SHIFT != CLASP_VERSION)
		return CLASP_DROP_VERSION;

	hdr_len = clasp_segment_hdr_len(bytes);
	if (hdr_len < CLASP_HDR_MIN || hdr_len > CLASP_HDR_MAX ||
	    hdr_len > min(linear, total))
		return CLASP_DROP_OFFSET;

	*seg = (struct clasp_segment){
		.source	 = get_unaligned_be16(bytes + AT_SOURCE),
		.dest	 = get_unaligned_be16(bytes + AT_DEST),
		.seq	 = get_unaligned_be32(bytes + AT_SEQ),
		.ack	 = get_unaligned_be32(bytes + AT_ACK),
		.window	 = min_t(u32, get_unaligned_be32(bytes + AT_WINDOW),
				 CLASP_WINDOW_MAX),
		.len	 = total - hdr_len,
		.flags	 = bytes[AT_FLAGS],
		.hdr_len = hdr_len,
	};
	if (!seg->source || !seg->dest)
		return CLASP_DROP_PORT_ZERO;

	return parse_options(seg, bytes + CLASP_HDR_MIN, bytes + hdr_len);
}

/**
 * clasp_segment_room() - how long the header of a segment will be
 * @seg: what is going to be built; @has says which options
 *
 * Return: bytes, a multiple of 4.
 */
u32 clasp_segment_room(const struct clasp_segment *seg)
{
	u32 len = CLASP_HDR_MIN;

	if (seg->has & CLASP_HAS_MSS)
		len += CLASP_LEN_MSS;
	if (seg->has & CLASP_HAS_TIMESTAMPS)
		len += CLASP_LEN_TIMESTAMPS;
	if (seg->has & CLASP_HAS_URG)
		len += CLASP_LEN_URG;
	if (seg->has & CLASP_HAS_SACK)
		len += CLASP_LEN_SACK_BASE + 8 * seg->n_sack;
	if (seg->has & CLASP_HAS_FASTOPEN)
		len += CLASP_LEN_FASTOPEN_BASE + seg->fastopen_len;

	return round_up(len, 4);
}

static u8 *build_option(u8 *opt, u8 kind, u8 len)
{
	opt[0] = kind;
	opt[1] = len;
	return opt + 2;
}

static u8 *build_bytes(u8 *at, const u8 *from, u32 len)
{
	memcpy(at, from, len);
	return at + len;
}

static u8 *build_options(const struct clasp_segment *seg, u8 *opt)
{
	if (seg->has & CLASP_HAS_TIMESTAMPS) {
		opt = build_option(opt, CLASP_KIND_TIMESTAMPS,
				   CLASP_LEN_TIMESTAMPS);
		put_unaligned_be32(seg->tsval, opt);
		put_unaligned_be32(seg->tsecr, opt + 4);
		opt += 8;
	}
	if (seg->has & CLASP_HAS_MSS) {
		opt = build_option(opt, CLASP_KIND_MSS, CLASP_LEN_MSS);
		put_unaligned_be16(seg->mss, opt);
		opt += 2;
	}
	if (seg->has & CLASP_HAS_URG) {
		opt = build_option(opt, CLASP_KIND_URG, CLASP_LEN_URG);
		put_unaligned_be32(seg->urg, opt);
		opt += 4;
	}
	if (seg->has & CLASP_HAS_SACK) {
		opt = build_option(opt, CLASP_KIND_SACK,
				   CLASP_LEN_SACK_BASE + 8 * seg->n_sack);
		opt = build_bytes(opt, seg->sack, 8 * seg->n_sack);
	}
	if (seg->has & CLASP_HAS_FASTOPEN) {
		opt = build_option(opt, CLASP_KIND_FASTOPEN,
				   CLASP_LEN_FASTOPEN_BASE + seg->fastopen_len);
		opt = build_bytes(opt, seg->fastopen, seg->fastopen_len);
	}

	return opt;
}

/**
 * clasp_segment_build() - write a header
 * @seg: what it says; @hdr_len is not read, the length follows from the options
 * @bytes: clasp_segment_room() bytes, at most CLASP_HDR_MAX
 *
 * The checksum field is left 0: whoever knows the addresses sums.
 *
 * Return: the header's length in bytes.
 */
u32 clasp_segment_build(const struct clasp_segment *seg, u8 *bytes)
{
	u32 hdr_len = clasp_segment_room(seg);
	u8 *end;

	put_unaligned_be16(seg->source, bytes + AT_SOURCE);
	put_unaligned_be16(seg->dest, bytes + AT_DEST);
	put_unaligned_be32(seg->seq, bytes + AT_SEQ);
	put_unaligned_be32(seg->ack, bytes + AT_ACK);
	bytes[AT_OFFSET] = CLASP_VERSION << VERSION_SHIFT | hdr_len / 4;
	bytes[AT_FLAGS] = seg->flags;
	put_unaligned_be16(0, bytes + AT_CHECKSUM);
	put_unaligned_be32(seg->window, bytes + AT_WINDOW);

	end = build_options(seg, bytes + CLASP_HDR_MIN);

	/* MUST-69: the padding is zero, which is also the end of the list */
	memset(end, 0, bytes + hdr_len - end);

	return hdr_len;
}

/**
 * clasp_segment_reset() - the RST that answers a segment nobody takes
 * @seg: the segment
 * @reply: filled in, ports turned round
 *
 * RFC 9293 §3.10.7.1 (CLOSED): with an ACK the RST is believable by taking its
 * sequence number from it; without, by acknowledging all that the segment had.
 *
 * Return: false for a RST, which is never answered.
 */
bool clasp_segment_reset(const struct clasp_segment *seg,
			 struct clasp_segment *reply)
{
	if (seg->flags & CLASP_RST)
		return false;

	*reply = (struct clasp_segment){
		.source	= seg->dest,
		.dest	= seg->source,
		.flags	= CLASP_RST,
	};
	if (seg->flags & CLASP_ACK) {
		reply->seq = seg->ack;
	} else {
		reply->flags |= CLASP_ACK;
		reply->ack = clasp_segment_end_seq(seg);
	}

	return true;
}
