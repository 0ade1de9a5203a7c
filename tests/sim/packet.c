// SPDX-License-Identifier: GPL-2.0
/*
 * From a segment to bytes and back, checksum and all.
 */
#include <stdlib.h>

#include "packet.h"
#include "checksum.h"

/*
 * What programs write: the same octets over and over. The period is a prime, so
 * that no segment size and no window fits into it.
 */
#define PERIOD	65521

static const u8 addresses[2][4] = { { 10, 0, 0, 1 }, { 10, 0, 0, 2 } };

static const u8 *stream(void)
{
	static u8 octets[PERIOD];
	static bool ready;
	struct sim_chance chance = { 1 };
	unsigned int i;

	for (i = 0; !ready && i < PERIOD; i++)
		octets[i] = sim_random(&chance);
	ready = true;

	return octets;
}

void sim_stream_fill(u8 *to, u64 offset, u32 len)
{
	while (len) {
		u32 at = offset % PERIOD;
		u32 piece = min(len, PERIOD - at);

		memcpy(to, stream() + at, piece);
		to += piece;
		offset += piece;
		len -= piece;
	}
}

bool sim_stream_equal(const u8 *bytes, u64 offset, u32 len)
{
	while (len) {
		u32 at = offset % PERIOD;
		u32 piece = min(len, PERIOD - at);

		if (memcmp(bytes, stream() + at, piece))
			return false;
		bytes += piece;
		offset += piece;
		len -= piece;
	}

	return true;
}

/* @client: it was sent by the client. */
static u16 checksum(const struct sim_packet *p, bool client)
{
	u64 sum = clasp_checksum_pseudo(addresses[!client], addresses[client],
					4, 253, p->len);

	return clasp_checksum_fold(clasp_checksum_add(sum, p->bytes, p->len));
}

/**
 * sim_packet_sum() - put the right checksum into a packet
 * @p: the packet
 * @client: who sends it
 */
void sim_packet_sum(struct sim_packet *p, bool client)
{
	put_unaligned_be16(0, p->bytes + CLASP_CSUM_OFFSET);
	put_unaligned_be16(checksum(p, client), p->bytes + CLASP_CSUM_OFFSET);
}

/**
 * sim_packet_new() - put a segment on the wire
 * @seg: header; @len bytes of payload follow
 * @offset: of the payload in the stream
 * @client: who sends it
 *
 * Return: the packet.
 */
struct sim_packet *sim_packet_new(const struct clasp_segment *seg, u64 offset,
				  bool client)
{
	u32 hdr_len = clasp_segment_room(seg);
	struct sim_packet *p = malloc(sizeof(*p) + hdr_len + seg->len);

	if (!p)
		abort();
	*p = (struct sim_packet){
		.segment = *seg,
		.len = hdr_len + seg->len,
		.ect = seg->ect,
	};
	clasp_segment_build(seg, p->bytes);
	sim_stream_fill(p->bytes + hdr_len, offset, seg->len);
	sim_packet_sum(p, client);
	/* these pointed into the sender's memory */
	p->segment.sack = NULL;
	p->segment.fastopen = NULL;

	return p;
}

struct sim_packet *sim_packet_copy(const struct sim_packet *p)
{
	struct sim_packet *copy = malloc(sizeof(*p) + p->len);

	if (!copy)
		abort();
	memcpy(copy, p, sizeof(*p) + p->len);
	copy->next = NULL;
	copy->alarm.place = 0;

	return copy;
}

/**
 * sim_packet_parse() - what a packet that arrived says
 * @p: the packet
 * @client: who sent it
 * @seg: filled in; points into @p
 *
 * Return: CLASP_DROP_NONE, or why nobody can make anything of it.
 */
enum clasp_drop sim_packet_parse(const struct sim_packet *p, bool client,
				 struct clasp_segment *seg)
{
	enum clasp_drop why;

	if (p->len >= CLASP_HDR_MIN && checksum(p, client))
		return CLASP_DROP_CHECKSUM;

	why = clasp_segment_parse(seg, p->bytes, p->len, p->len);
	seg->ce = p->ce;

	return why;
}

/*
 * RFC 1071 as it is written, to judge the core's sum by: 16 bits at a time,
 * each carry added at once.
 */
static u16 textbook_sum(const struct sim_packet *p)
{
	u32 i, sum = 0;

	for (i = 0; i < p->len; i++) {
		sum += i % 2 ? p->bytes[i] : p->bytes[i] << 8;
		if (sum > 0xffff)
			sum -= 0xffff;
	}

	return sum == 0xffff ? 0 : sum;
}

/**
 * sim_packet_corrupt() - the wire changes some bytes
 * @p: the packet
 * @client: who sent it
 * @chance: decides which
 *
 * So that the textbook's checksum tells: two changes may cancel out.
 */
void sim_packet_corrupt(struct sim_packet *p, bool client,
			struct sim_chance *chance)
{
	u16 before = textbook_sum(p);
	int flips = 1 + sim_random_below(chance, 4);

	while (flips-- > 0 || textbook_sum(p) == before)
		p->bytes[sim_random_below(chance, p->len)] ^=
			1 << sim_random_below(chance, 8);
	p->corrupt = true;
}
