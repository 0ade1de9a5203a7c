// SPDX-License-Identifier: GPL-2.0
/*
 * Any bytes as a segment: what parses is built and parses to the same.
 */
#include "fuzz.h"
#include "checksum.h"
#include "segment.h"

static void same_options(const struct clasp_segment *a,
			 const struct clasp_segment *b)
{
	fuzz_must(a->has == b->has, "options %x became %x", a->has, b->has);
	fuzz_must(a->mss == b->mss, "MSS %u became %u", a->mss, b->mss);
	fuzz_must(a->tsval == b->tsval && a->tsecr == b->tsecr,
		  "timestamps changed");
	fuzz_must(a->urg == b->urg, "urgent pointer changed");
	fuzz_must(a->n_sack == b->n_sack &&
		  (!a->n_sack || !memcmp(a->sack, b->sack, 8 * a->n_sack)),
		  "SACK changed");
	fuzz_must(a->fastopen_len == b->fastopen_len &&
		  (!a->fastopen_len || !memcmp(a->fastopen, b->fastopen,
					       a->fastopen_len)),
		  "cookie changed");
}

static void same(const struct clasp_segment *a, const struct clasp_segment *b)
{
	fuzz_must(a->source == b->source && a->dest == b->dest,
		  "ports changed");
	fuzz_must(a->seq == b->seq && a->ack == b->ack, "numbers changed");
	fuzz_must(a->window == b->window, "window changed");
	fuzz_must(a->flags == b->flags, "control bits changed");
	fuzz_must(a->len == b->len, "payload changed");
	same_options(a, b);
}

static void round_trip(const struct clasp_segment *seg)
{
	u8 bytes[CLASP_HDR_MAX];
	struct clasp_segment again;
	enum clasp_drop drop;
	u32 len;

	fuzz_must(clasp_segment_room(seg) <= CLASP_HDR_MAX,
		  "no header has this length: %u", clasp_segment_room(seg));
	len = clasp_segment_build(seg, bytes);
	fuzz_must(len == clasp_segment_room(seg), "room for %u, built %u",
		  clasp_segment_room(seg), len);
	drop = clasp_segment_parse(&again, bytes, len, len + seg->len);
	fuzz_must(!drop, "what was built does not parse: %d", drop);
	same(seg, &again);
}

/* The sum of a whole is that of its parts. */
static void sums_add_up(const u8 *data, size_t size)
{
	size_t half = size / 4 * 2;
	u64 parts;

	parts = clasp_checksum_add(0, data, half);
	parts = clasp_checksum_add(parts, data + half, size - half);
	fuzz_must(clasp_checksum_fold(clasp_checksum_add(0, data, size)) ==
		  clasp_checksum_fold(parts), "the checksum does not add up");
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct clasp_segment seg, reply;
	u32 linear, hdr_len;

	sums_add_up(data, size);
	if (clasp_segment_parse(&seg, data, size, size))
		return 0;

	round_trip(&seg);
	fuzz_must(clasp_segment_reset(&seg, &reply) ==
		  !(seg.flags & CLASP_RST), "a RST is never answered");

	/* a header that is not all there must not be read */
	hdr_len = seg.hdr_len;
	for (linear = 0; linear < hdr_len; linear++) {
		u8 *part = malloc(linear + 1);

		if (!part)
			abort();
		memcpy(part, data, linear);
		fuzz_must(clasp_segment_parse(&seg, part, linear, size),
			  "%u bytes of header are not enough", linear);
		free(part);
	}

	return 0;
}
