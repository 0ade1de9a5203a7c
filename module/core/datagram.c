// SPDX-License-Identifier: GPL-2.0
/*
 * How a datagram lies on the wire: docs/protocol.md §5, RFC 768, RFC 1122 §4.1.
 *
 * The body calls parse once for each datagram that arrives, and build and seal
 * once for each that leaves.
 */
#include "datagram.h"

enum {
	AT_SOURCE	= 0,
	AT_DEST		= 2,
	AT_LENGTH	= 4,
	AT_CHECKSUM	= CLASP_DATAGRAM_CSUM_OFFSET,
};

/**
 * clasp_datagram_parse() - read a header
 * @dg: filled in
 * @bytes: the datagram, from its first byte
 * @linear: how many bytes of it can be read at @bytes
 * @total: how many bytes IP says that there are; what lies behind @dg->len is
 *	none of the datagram's
 *
 * Whether the checksum is right is not looked at, but that there is one.
 *
 * Return: CLASP_DROP_NONE, or why the datagram is malformed.
 */
enum clasp_drop clasp_datagram_parse(struct clasp_datagram *dg,
				     const u8 *bytes, u32 linear, u32 total)
{
	if (min(linear, total) < CLASP_DATAGRAM_HDR)
		return CLASP_DROP_SHORT;

	*dg = (struct clasp_datagram){
		.source	= get_unaligned_be16(bytes + AT_SOURCE),
		.dest	= get_unaligned_be16(bytes + AT_DEST),
		.len	= get_unaligned_be16(bytes + AT_LENGTH),
	};
	if (dg->len < CLASP_DATAGRAM_HDR || dg->len > total)
		return CLASP_DROP_LENGTH;
	if (!get_unaligned_be16(bytes + AT_CHECKSUM))
		return CLASP_DROP_NO_CHECKSUM;
	if (!dg->dest)
		return CLASP_DROP_PORT_ZERO;

	return CLASP_DROP_NONE;
}

/**
 * clasp_datagram_build() - write a header
 * @dg: what it says
 * @bytes: CLASP_DATAGRAM_HDR bytes
 *
 * The checksum field is left 0 until clasp_datagram_seal().
 */
void clasp_datagram_build(const struct clasp_datagram *dg, u8 *bytes)
{
	put_unaligned_be16(dg->source, bytes + AT_SOURCE);
	put_unaligned_be16(dg->dest, bytes + AT_DEST);
	put_unaligned_be16(dg->len, bytes + AT_LENGTH);
	put_unaligned_be16(0, bytes + AT_CHECKSUM);
}

/**
 * clasp_datagram_seal() - write the checksum
 * @bytes: a header
 * @checksum: as folded; 0 is sent as its other form, since 0 on the wire would
 *	mean that there is none
 */
void clasp_datagram_seal(u8 *bytes, u16 checksum)
{
	put_unaligned_be16(checksum ?: 0xffff, bytes + AT_CHECKSUM);
}

/**
 * clasp_datagram_segments() - how many datagrams UDP_SEGMENT makes of a payload
 * @len: payload of the call, bytes
 * @segment: payload of each datagram but the last, bytes; 0 makes one of all
 * @room: payload that goes without fragments, bytes
 *
 * Return: how many; -EMSGSIZE when one would have to be fragmented, -EINVAL
 * when there would be too many.
 */
int clasp_datagram_segments(u32 len, u32 segment, u32 room)
{
	if (!segment)
		return 1;
	if (min(len, segment) > room)
		return -EMSGSIZE;
	if (len > segment * CLASP_DATAGRAM_SEGMENTS_MAX)
		return -EINVAL;

	return max(DIV_ROUND_UP(len, segment), 1u);
}
