/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A datagram: from bytes to a struct and back.
 *
 * The one place that knows how a datagram's header lies on the wire
 * (docs/protocol.md §5). There is no more to decide: a datagram has no state.
 */
#ifndef CLASP_CORE_DATAGRAM_H
#define CLASP_CORE_DATAGRAM_H

#include "base.h"
#include "reason.h"

#define CLASP_DATAGRAM_HDR		8	/* bytes */
#define CLASP_DATAGRAM_CSUM_OFFSET	6
#define CLASP_DATAGRAM_PAYLOAD_MAX	(U16_MAX - CLASP_DATAGRAM_HDR)
#define CLASP_DATAGRAM_SEGMENTS_MAX	64	/* of one call, as UDP's */

/**
 * struct clasp_datagram - a header, in host byte order
 * @source: source port; 0 for one that wants no answer
 * @dest: destination port
 * @len: header and payload, bytes
 */
struct clasp_datagram {
	u16	source;
	u16	dest;
	u16	len;
};

enum clasp_drop clasp_datagram_parse(struct clasp_datagram *dg,
				     const u8 *bytes, u32 linear, u32 total);
void clasp_datagram_build(const struct clasp_datagram *dg, u8 *bytes);
void clasp_datagram_seal(u8 *bytes, u16 checksum);
int clasp_datagram_segments(u32 len, u32 segment, u32 room);

#endif
