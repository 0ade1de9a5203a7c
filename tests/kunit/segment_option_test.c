// SPDX-License-Identifier: GPL-2.0
/*
 * Options: docs/protocol.md §3, built, read, and where they do not belong.
 */
#include <kunit/test.h>

#include "segment.h"

/* A header of @flags with @len bytes of @options, padded; parsed. */
static u8 has(struct kunit *test, u8 flags, const u8 *options, u32 len)
{
	u8 *bytes = kunit_kzalloc(test, CLASP_HDR_MAX, GFP_KERNEL);
	struct clasp_segment seg = { .source = 1, .dest = 2, .flags = flags };
	u32 hdr_len = round_up(CLASP_HDR_MIN + len, 4);

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	clasp_segment_build(&seg, bytes);
	bytes[12] = hdr_len / 4;
	memcpy(bytes + CLASP_HDR_MIN, options, len);
	KUNIT_EXPECT_EQ(test, clasp_segment_parse(&seg, bytes, hdr_len, hdr_len),
			CLASP_DROP_NONE);

	return seg.has;
}

/* MUST-68, MUST-64: urgent and cookie too, of any length, side by side. */
static void build__urgent_and_cookie__read_again(struct kunit *test)
{
	static const u8 cookie[9] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct clasp_segment out, in = {
		.source = 7, .dest = 8, .flags = CLASP_SYN | CLASP_URG,
		.has = CLASP_HAS_URG | CLASP_HAS_FASTOPEN,
		.urg = 0x01020304, .fastopen = cookie, .fastopen_len = 9,
	};
	u8 bytes[64];
	u32 len = clasp_segment_build(&in, bytes);

	/* 20, 6 and 11: three more make it whole words */
	KUNIT_EXPECT_EQ(test, len, 40u);
	KUNIT_EXPECT_EQ(test, clasp_segment_hdr_len(bytes), 40u);
	KUNIT_ASSERT_EQ(test, clasp_segment_parse(&out, bytes, len, len),
			CLASP_DROP_NONE);
	KUNIT_EXPECT_EQ(test, out.has, in.has);
	KUNIT_EXPECT_EQ(test, out.urg, in.urg);
	KUNIT_EXPECT_EQ(test, out.fastopen_len, 9);
	KUNIT_EXPECT_MEMEQ(test, out.fastopen, cookie, sizeof(cookie));
}

/* MUST-69: what was in the buffer before does not leave. */
static void build__padding__zero(struct kunit *test)
{
	struct clasp_segment seg = {
		.source = 7, .dest = 8, .flags = CLASP_ACK,
		.has = CLASP_HAS_TIMESTAMPS,
	};
	u8 bytes[40];

	memset(bytes, 0xff, sizeof(bytes));

	KUNIT_EXPECT_EQ(test, clasp_segment_build(&seg, bytes), 32u);
	KUNIT_EXPECT_EQ(test, bytes[30], 0);
	KUNIT_EXPECT_EQ(test, bytes[31], 0);
	KUNIT_EXPECT_EQ(test, bytes[32], 0xff);
	/* whoever knows the addresses sums */
	KUNIT_EXPECT_EQ(test, bytes[14] | bytes[15], 0);
}

/* 160 bytes of options: sixteen ranges and the timestamps do fit. */
static void build__sixteen_ranges__fit(struct kunit *test)
{
	u8 *bytes = kunit_kzalloc(test, CLASP_HDR_MAX, GFP_KERNEL);
	u8 *ranges = kunit_kzalloc(test, 8 * CLASP_SACK_MAX, GFP_KERNEL);
	struct clasp_segment out, in = {
		.source = 7, .dest = 8, .flags = CLASP_ACK,
		.has = CLASP_HAS_TIMESTAMPS | CLASP_HAS_SACK,
		.n_sack = CLASP_SACK_MAX, .sack = ranges,
	};
	u32 len;

	KUNIT_ASSERT_NOT_NULL(test, bytes);
	KUNIT_ASSERT_NOT_NULL(test, ranges);
	KUNIT_EXPECT_EQ(test, clasp_segment_room(&in), 160u);
	len = clasp_segment_build(&in, bytes);
	KUNIT_EXPECT_EQ(test, len, 160u);
	KUNIT_EXPECT_LE(test, len, CLASP_HDR_MAX);

	clasp_segment_parse(&out, bytes, len, len);
	KUNIT_EXPECT_EQ(test, out.n_sack, CLASP_SACK_MAX);
}

struct placed {
	const char	*name;
	u8		bytes[20];
	u8		len;
	u8		flags;	/* where it belongs */
	u8		wrong;	/* where it does not */
	u8		has;
};

static const struct placed placed[] = {
	{ "MSS (MUST-65)", { 2, 4, 5, 0xb4 }, 4,
	  CLASP_SYN | CLASP_ACK, CLASP_ACK, CLASP_HAS_MSS },
	{ "timestamps", { 8, 10 }, 10,
	  CLASP_ACK, CLASP_ACK | CLASP_RST, CLASP_HAS_TIMESTAMPS },
	{ "SACK", { 5, 10 }, 10,
	  CLASP_ACK, CLASP_SYN, CLASP_HAS_SACK },
	{ "SACK on a RST", { 5, 18 }, 18,
	  CLASP_ACK, CLASP_ACK | CLASP_RST, CLASP_HAS_SACK },
	{ "urgent (urg-no-option)", { 6, 6 }, 6,
	  CLASP_ACK | CLASP_URG, CLASP_ACK, CLASP_HAS_URG },
	{ "cookie asked for", { 34, 2 }, 2,
	  CLASP_SYN, CLASP_ACK, CLASP_HAS_FASTOPEN },
	{ "shortest cookie", { 34, 6 }, 6,
	  CLASP_SYN, CLASP_ACK, CLASP_HAS_FASTOPEN },
	{ "longest cookie", { 34, 18 }, 18,
	  CLASP_SYN, CLASP_ACK, CLASP_HAS_FASTOPEN },
};

KUNIT_ARRAY_PARAM_DESC(placed, placed, name);

static void parse__each_option__only_where_it_belongs(struct kunit *test)
{
	const struct placed *p = test->param_value;

	KUNIT_EXPECT_EQ(test, has(test, p->flags, p->bytes, p->len), p->has);
	KUNIT_EXPECT_EQ(test, has(test, p->wrong, p->bytes, p->len), 0);
}

/* MUST-4, MUST-6: no-ops before and after, and what nobody knows */
static void parse__unknown_and_padding__skipped(struct kunit *test)
{
	static const u8 options[] = {
		1, 99, 2, 1, 98, 5, 0xff, 0xff, 0xff, 2, 4, 5, 0xb4, 1,
	};

	KUNIT_EXPECT_EQ(test, has(test, CLASP_SYN, options, sizeof(options)),
			CLASP_HAS_MSS);
}

/* MUST-7: a length that its kind cannot have makes it unknown, no more. */
static void parse__length_of_another_kind__skipped(struct kunit *test)
{
	static const u8 bad[][20] = {
		{ 2, 3 }, { 2, 5 }, { 8, 9 }, { 8, 11 }, { 6, 5 }, { 6, 7 },
		{ 5, 2 }, { 5, 9 }, { 5, 11 }, { 34, 3 }, { 34, 5 }, { 34, 19 },
	};
	const u8 flags = CLASP_SYN | CLASP_ACK | CLASP_URG;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ_MSG(test, has(test, flags, bad[i], 20), 0,
				    "row %u", i);
}

/* Seventeen ranges are more than there can be. */
static void parse__seventeen_ranges__skipped(struct kunit *test)
{
	u8 *option = kunit_kzalloc(test, CLASP_HDR_MAX, GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, option);
	option[0] = CLASP_KIND_SACK;
	option[1] = 2 + 8 * 17;

	KUNIT_EXPECT_EQ(test, has(test, CLASP_ACK, option, option[1]), 0);
}

/* "The first of a repeated kind counts": one that was skipped does not. */
static void parse__skipped_then_right__right_counts(struct kunit *test)
{
	static const u8 options[] = { 2, 3, 9, 2, 4, 5, 0xb4 };

	KUNIT_EXPECT_EQ(test, has(test, CLASP_SYN, options, sizeof(options)),
			CLASP_HAS_MSS);
}

/* What cannot be read is not: the header must be in the first piece. */
static void parse__header_not_linear__dropped(struct kunit *test)
{
	struct clasp_segment seg = {
		.source = 1, .dest = 2, .flags = CLASP_ACK,
		.has = CLASP_HAS_TIMESTAMPS,
	};
	u8 bytes[40];

	clasp_segment_build(&seg, bytes);

	KUNIT_EXPECT_EQ(test, clasp_segment_parse(&seg, bytes, 19, 100),
			CLASP_DROP_SHORT);
	KUNIT_EXPECT_EQ(test, clasp_segment_parse(&seg, bytes, 31, 100),
			CLASP_DROP_OFFSET);
	KUNIT_EXPECT_EQ(test, clasp_segment_parse(&seg, bytes, 32, 100),
			CLASP_DROP_NONE);
	KUNIT_EXPECT_EQ(test, seg.len, 68u);
	KUNIT_EXPECT_EQ(test, seg.hdr_len, 32);
}

static struct kunit_case segment_option_cases[] = {
	KUNIT_CASE(build__urgent_and_cookie__read_again),
	KUNIT_CASE(build__padding__zero),
	KUNIT_CASE(build__sixteen_ranges__fit),
	KUNIT_CASE_PARAM(parse__each_option__only_where_it_belongs,
			 placed_gen_params),
	KUNIT_CASE(parse__unknown_and_padding__skipped),
	KUNIT_CASE(parse__length_of_another_kind__skipped),
	KUNIT_CASE(parse__seventeen_ranges__skipped),
	KUNIT_CASE(parse__skipped_then_right__right_counts),
	KUNIT_CASE(parse__header_not_linear__dropped),
	{}
};

static struct kunit_suite segment_option_suite = {
	.name = "segment_option",
	.test_cases = segment_option_cases,
};

kunit_test_suite(segment_option_suite);
