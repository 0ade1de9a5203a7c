// SPDX-License-Identifier: GPL-2.0
/*
 * The codec: docs/protocol.md §2 and §3, and everything that is not so.
 */
#include <kunit/test.h>

#include "segment.h"

/* A header without options: ports 1 and 2, ACK, window 5. */
static void plain(u8 *bytes)
{
	struct clasp_segment seg = {
		.source = 1, .dest = 2, .seq = 3, .ack = 4, .window = 5,
		.flags = CLASP_ACK,
	};

	clasp_segment_build(&seg, bytes);
}

/* The same with @len bytes of options, a multiple of 4. */
static u32 with_options(u8 *bytes, u8 flags, const u8 *options, u32 len)
{
	plain(bytes);
	bytes[12] = (CLASP_HDR_MIN + len) / 4;
	bytes[13] = flags;
	memcpy(bytes + CLASP_HDR_MIN, options, len);

	return CLASP_HDR_MIN + len;
}

static enum clasp_drop parse(struct clasp_segment *seg, const u8 *bytes,
			     u32 len)
{
	return clasp_segment_parse(seg, bytes, len, len);
}

static void build__all_fields__each_at_its_place(struct kunit *test)
{
	static const u8 expected[CLASP_HDR_MIN] = {
		0x12, 0x34, 0x56, 0x78, 1, 2, 3, 4, 5, 6, 7, 8,
		5, CLASP_PSH | CLASP_ACK, 0, 0, 9, 10, 11, 12,
	};
	struct clasp_segment seg = {
		.source = 0x1234, .dest = 0x5678, .seq = 0x01020304,
		.ack = 0x05060708, .window = 0x090a0b0c,
		.flags = CLASP_PSH | CLASP_ACK,
	};
	u8 bytes[CLASP_HDR_MAX];

	KUNIT_EXPECT_EQ(test, clasp_segment_build(&seg, bytes), 20u);
	KUNIT_EXPECT_MEMEQ(test, bytes, expected, sizeof(expected));
}

static void parse__what_build_made__is_the_same(struct kunit *test)
{
	static const u8 ranges[16] = { 1, 2, 3, 4, 5, 6, 7, 8, 9 };
	struct clasp_segment out, in = {
		.source = 7, .dest = 8, .seq = 0xfffffff0, .ack = 1,
		.window = CLASP_WINDOW_MAX, .flags = CLASP_SYN | CLASP_ACK,
		.has = CLASP_HAS_MSS | CLASP_HAS_TIMESTAMPS | CLASP_HAS_SACK,
		.mss = 1460, .tsval = 11, .tsecr = 12, .sack = ranges,
		.n_sack = 2,
	};
	u8 bytes[CLASP_HDR_MAX];
	u32 len = clasp_segment_build(&in, bytes);

	KUNIT_EXPECT_EQ(test, len % 4, 0u);
	KUNIT_ASSERT_EQ(test, clasp_segment_parse(&out, bytes, len, len + 100),
			CLASP_DROP_NONE);
	KUNIT_EXPECT_EQ(test, out.seq, in.seq);
	KUNIT_EXPECT_EQ(test, out.window, in.window);
	KUNIT_EXPECT_EQ(test, out.has, in.has);
	KUNIT_EXPECT_EQ(test, out.mss, in.mss);
	KUNIT_EXPECT_EQ(test, out.tsval, in.tsval);
	KUNIT_EXPECT_EQ(test, out.tsecr, in.tsecr);
	KUNIT_EXPECT_EQ(test, out.n_sack, in.n_sack);
	KUNIT_EXPECT_MEMEQ(test, out.sack, ranges, sizeof(ranges));
	KUNIT_EXPECT_EQ(test, out.len, 100u);
	KUNIT_EXPECT_EQ(test, clasp_segment_end_seq(&out), in.seq + 101);
}

static void parse__every_short_length__dropped(struct kunit *test)
{
	struct clasp_segment seg;
	u8 bytes[CLASP_HDR_MIN];
	u32 len;

	plain(bytes);
	for (len = 0; len < CLASP_HDR_MIN; len++)
		KUNIT_EXPECT_EQ(test, parse(&seg, bytes, len),
				CLASP_DROP_SHORT);
	KUNIT_EXPECT_EQ(test, parse(&seg, bytes, len), CLASP_DROP_NONE);
}

static void parse__every_data_offset__five_to_forty_five(struct kunit *test)
{
	u8 *bytes = kunit_kzalloc(test, 256, GFP_KERNEL);
	struct clasp_segment seg;
	u32 words;

	plain(bytes);
	for (words = 0; words < 64; words++) {
		bool good = words >= 5 && words <= 45;

		bytes[12] = words;
		KUNIT_EXPECT_EQ(test, parse(&seg, bytes, 252),
				good ? CLASP_DROP_NONE : CLASP_DROP_OFFSET);
		/* one byte short of its header */
		if (good && words > 5)
			KUNIT_EXPECT_EQ(test, parse(&seg, bytes, words * 4 - 1),
					CLASP_DROP_OFFSET);
	}
}

static void parse__other_version__dropped(struct kunit *test)
{
	struct clasp_segment seg;
	u8 bytes[CLASP_HDR_MIN];
	u8 version;

	for (version = 1; version < 4; version++) {
		plain(bytes);
		bytes[12] |= version << 6;
		KUNIT_EXPECT_EQ(test, parse(&seg, bytes, sizeof(bytes)),
				CLASP_DROP_VERSION);
	}
}

static void parse__port_zero__dropped(struct kunit *test)
{
	struct clasp_segment seg;
	u8 bytes[CLASP_HDR_MIN];

	plain(bytes);
	bytes[1] = 0;
	KUNIT_EXPECT_EQ(test, parse(&seg, bytes, sizeof(bytes)),
			CLASP_DROP_PORT_ZERO);
	plain(bytes);
	bytes[3] = 0;
	KUNIT_EXPECT_EQ(test, parse(&seg, bytes, sizeof(bytes)),
			CLASP_DROP_PORT_ZERO);
}

static void parse__option_length_0_1_past_end__dropped(struct kunit *test)
{
	static const u8 bad[][4] = {
		{ 99, 0 }, { 99, 1 }, { 99, 5 }, { 99, 255 },
		{ 1, 99, 4 }, { 1, 1, 1, 99 },
	};
	struct clasp_segment seg;
	u8 bytes[CLASP_HDR_MAX];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ(test,
				parse(&seg, bytes,
				      with_options(bytes, CLASP_ACK, bad[i], 4)),
				CLASP_DROP_OPTION);
}

static void parse__after_end_of_list__unread(struct kunit *test)
{
	static const u8 options[8] = { 0, 99, 0, 2, 4, 1, 1, 1 };
	struct clasp_segment seg;
	u8 bytes[CLASP_HDR_MAX];
	u32 len = with_options(bytes, CLASP_SYN, options, 8);

	KUNIT_EXPECT_EQ(test, parse(&seg, bytes, len), CLASP_DROP_NONE);
	KUNIT_EXPECT_EQ(test, seg.has, 0);
}

static void parse__option_where_it_does_not_belong__skipped(struct kunit *test)
{
	static const u8 mss[4] = { 2, 4, 5, 0xb4 };
	static const u8 stamps[12] = { 8, 10, 0, 0, 0, 1, 0, 0, 0, 2 };
	static const u8 urgent[8] = { 6, 6, 0, 0, 0, 1 };
	struct clasp_segment seg;
	u8 bytes[CLASP_HDR_MAX];

	parse(&seg, bytes, with_options(bytes, CLASP_ACK, mss, 4));
	KUNIT_EXPECT_EQ(test, seg.has, 0);
	parse(&seg, bytes, with_options(bytes, CLASP_SYN, mss, 4));
	KUNIT_EXPECT_EQ(test, seg.has, CLASP_HAS_MSS);
	KUNIT_EXPECT_EQ(test, seg.mss, 1460);

	parse(&seg, bytes, with_options(bytes, CLASP_RST, stamps, 12));
	KUNIT_EXPECT_EQ(test, seg.has, 0);
	parse(&seg, bytes, with_options(bytes, CLASP_ACK, stamps, 12));
	KUNIT_EXPECT_EQ(test, seg.has, CLASP_HAS_TIMESTAMPS);

	parse(&seg, bytes, with_options(bytes, CLASP_ACK, urgent, 8));
	KUNIT_EXPECT_EQ(test, seg.has, 0);
	parse(&seg, bytes, with_options(bytes, CLASP_ACK | CLASP_URG, urgent, 8));
	KUNIT_EXPECT_EQ(test, seg.has, CLASP_HAS_URG);
}

static void parse__repeated_kind__first_counts(struct kunit *test)
{
	static const u8 options[8] = { 2, 4, 2, 0, 2, 4, 3, 0 };
	struct clasp_segment seg;
	u8 bytes[CLASP_HDR_MAX];

	parse(&seg, bytes, with_options(bytes, CLASP_SYN, options, 8));
	KUNIT_EXPECT_EQ(test, seg.mss, 512);
}

static void parse__tiny_mss__counts_as_256(struct kunit *test)
{
	static const u8 options[4] = { 2, 4, 0, 0 };
	struct clasp_segment seg;
	u8 bytes[CLASP_HDR_MAX];

	parse(&seg, bytes, with_options(bytes, CLASP_SYN, options, 4));
	KUNIT_EXPECT_EQ(test, seg.mss, 256);
}

static void parse__huge_window__counts_as_2_to_the_30(struct kunit *test)
{
	struct clasp_segment seg;
	u8 bytes[CLASP_HDR_MIN];

	plain(bytes);
	memset(bytes + 16, 0xff, 4);
	parse(&seg, bytes, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, seg.window, 1u << 30);
}

static void reset__with_ack__takes_its_number(struct kunit *test)
{
	struct clasp_segment reply, seg = {
		.source = 1, .dest = 2, .seq = 10, .ack = 20, .len = 5,
		.flags = CLASP_ACK,
	};

	KUNIT_ASSERT_TRUE(test, clasp_segment_reset(&seg, &reply));
	KUNIT_EXPECT_EQ(test, reply.flags, CLASP_RST);
	KUNIT_EXPECT_EQ(test, reply.seq, 20u);
	KUNIT_EXPECT_EQ(test, reply.source, 2);
	KUNIT_EXPECT_EQ(test, reply.dest, 1);
}

static void reset__without_ack__acknowledges_all(struct kunit *test)
{
	struct clasp_segment reply, seg = {
		.source = 1, .dest = 2, .seq = 10, .len = 5,
		.flags = CLASP_SYN | CLASP_FIN,
	};

	KUNIT_ASSERT_TRUE(test, clasp_segment_reset(&seg, &reply));
	KUNIT_EXPECT_EQ(test, reply.flags, CLASP_RST | CLASP_ACK);
	KUNIT_EXPECT_EQ(test, reply.seq, 0u);
	KUNIT_EXPECT_EQ(test, reply.ack, 17u);
}

static void reset__for_a_reset__never(struct kunit *test)
{
	struct clasp_segment reply, seg = { .flags = CLASP_RST | CLASP_ACK };

	KUNIT_EXPECT_FALSE(test, clasp_segment_reset(&seg, &reply));
}

static struct kunit_case segment_cases[] = {
	KUNIT_CASE(build__all_fields__each_at_its_place),
	KUNIT_CASE(parse__what_build_made__is_the_same),
	KUNIT_CASE(parse__every_short_length__dropped),
	KUNIT_CASE(parse__every_data_offset__five_to_forty_five),
	KUNIT_CASE(parse__other_version__dropped),
	KUNIT_CASE(parse__port_zero__dropped),
	KUNIT_CASE(parse__option_length_0_1_past_end__dropped),
	KUNIT_CASE(parse__after_end_of_list__unread),
	KUNIT_CASE(parse__option_where_it_does_not_belong__skipped),
	KUNIT_CASE(parse__repeated_kind__first_counts),
	KUNIT_CASE(parse__tiny_mss__counts_as_256),
	KUNIT_CASE(parse__huge_window__counts_as_2_to_the_30),
	KUNIT_CASE(reset__with_ack__takes_its_number),
	KUNIT_CASE(reset__without_ack__acknowledges_all),
	KUNIT_CASE(reset__for_a_reset__never),
	{}
};

static struct kunit_suite segment_suite = {
	.name = "segment",
	.test_cases = segment_cases,
};

kunit_test_suite(segment_suite);
