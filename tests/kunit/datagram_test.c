// SPDX-License-Identifier: GPL-2.0
/*
 * The codec of datagrams: docs/protocol.md §5, and everything that is not so.
 */
#include <kunit/test.h>

#include "datagram.h"

/* From port 1 to port 2, 3 bytes of payload, a checksum. */
static const u8 plain[] = { 0, 1, 0, 2, 0, 11, 0xab, 0xcd, 'a', 'b', 'c' };

static enum clasp_drop parse_with(int at, u16 value, u32 total)
{
	struct clasp_datagram dg;
	u8 bytes[sizeof(plain)];

	memcpy(bytes, plain, sizeof(bytes));
	put_unaligned_be16(value, bytes + at);

	return clasp_datagram_parse(&dg, bytes, sizeof(bytes), total);
}

static void build__all_fields__each_at_its_place(struct kunit *test)
{
	static const u8 expected[CLASP_DATAGRAM_HDR] = {
		0x12, 0x34, 0x56, 0x78, 0x9a, 0xbc, 0, 0,
	};
	struct clasp_datagram dg = {
		.source = 0x1234, .dest = 0x5678, .len = 0x9abc,
	};
	u8 bytes[CLASP_DATAGRAM_HDR];

	memset(bytes, 0xff, sizeof(bytes));
	clasp_datagram_build(&dg, bytes);
	KUNIT_EXPECT_MEMEQ(test, bytes, expected, sizeof(expected));
}

static void parse__a_datagram__its_fields(struct kunit *test)
{
	struct clasp_datagram dg;

	KUNIT_ASSERT_EQ(test, clasp_datagram_parse(&dg, plain, sizeof(plain),
						   sizeof(plain)),
			CLASP_DROP_NONE);
	KUNIT_EXPECT_EQ(test, dg.source, 1);
	KUNIT_EXPECT_EQ(test, dg.dest, 2);
	KUNIT_EXPECT_EQ(test, dg.len, 11);
}

static void parse__any_short_of_a_header__short(struct kunit *test)
{
	struct clasp_datagram dg;
	u32 len;

	for (len = 0; len < CLASP_DATAGRAM_HDR; len++) {
		KUNIT_EXPECT_EQ(test, clasp_datagram_parse(&dg, plain, len, len),
				CLASP_DROP_SHORT);
		KUNIT_EXPECT_EQ(test, clasp_datagram_parse(&dg, plain, len, 11),
				CLASP_DROP_SHORT);
	}
}

static void parse__length_under_8__refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_with(4, 0, 11), CLASP_DROP_LENGTH);
	KUNIT_EXPECT_EQ(test, parse_with(4, 7, 11), CLASP_DROP_LENGTH);
	KUNIT_EXPECT_EQ(test, parse_with(4, 8, 11), CLASP_DROP_NONE);
}

static void parse__length_past_the_end__refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_with(4, 12, 11), CLASP_DROP_LENGTH);
	KUNIT_EXPECT_EQ(test, parse_with(4, 0xffff, 11), CLASP_DROP_LENGTH);
	KUNIT_EXPECT_EQ(test, parse_with(4, 12, 12), CLASP_DROP_NONE);
}

static void parse__bytes_behind_the_length__not_minded(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_with(4, 9, 1000), CLASP_DROP_NONE);
}

static void parse__no_checksum__refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_with(6, 0, 11), CLASP_DROP_NO_CHECKSUM);
	KUNIT_EXPECT_EQ(test, parse_with(6, 0xffff, 11), CLASP_DROP_NONE);
}

static void parse__ports_of_0__only_the_source_may(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, parse_with(0, 0, 11), CLASP_DROP_NONE);
	KUNIT_EXPECT_EQ(test, parse_with(2, 0, 11), CLASP_DROP_PORT_ZERO);
}

static void seal__a_sum_of_0__sent_as_its_other_form(struct kunit *test)
{
	u8 bytes[CLASP_DATAGRAM_HDR] = { 0 };

	clasp_datagram_seal(bytes, 0);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(bytes + 6), 0xffff);
	clasp_datagram_seal(bytes, 0x1234);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(bytes + 6), 0x1234);
	clasp_datagram_seal(bytes, 0xffff);
	KUNIT_EXPECT_EQ(test, get_unaligned_be16(bytes + 6), 0xffff);
}

static void segments__none_asked_for__one(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(0, 0, 1472), 1);
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(60000, 0, 1472), 1);
}

static void segments__of_a_payload__the_last_may_be_short(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(0, 100, 1472), 1);
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(99, 100, 1472), 1);
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(100, 100, 1472), 1);
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(101, 100, 1472), 2);
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(6400, 100, 1472), 64);
}

static void segments__too_many__refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(6401, 100, 1472), -EINVAL);
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(65, 1, 1472), -EINVAL);
}

static void segments__longer_than_the_path_takes__refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(1473, 1473, 1472),
			-EMSGSIZE);
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(3000, 1472, 1472), 3);
	/* what is shorter than a segment is sent as it is */
	KUNIT_EXPECT_EQ(test, clasp_datagram_segments(1472, 9000, 1472), 1);
}

static struct kunit_case datagram_cases[] = {
	KUNIT_CASE(build__all_fields__each_at_its_place),
	KUNIT_CASE(parse__a_datagram__its_fields),
	KUNIT_CASE(parse__any_short_of_a_header__short),
	KUNIT_CASE(parse__length_under_8__refused),
	KUNIT_CASE(parse__length_past_the_end__refused),
	KUNIT_CASE(parse__bytes_behind_the_length__not_minded),
	KUNIT_CASE(parse__no_checksum__refused),
	KUNIT_CASE(parse__ports_of_0__only_the_source_may),
	KUNIT_CASE(seal__a_sum_of_0__sent_as_its_other_form),
	KUNIT_CASE(segments__none_asked_for__one),
	KUNIT_CASE(segments__of_a_payload__the_last_may_be_short),
	KUNIT_CASE(segments__too_many__refused),
	KUNIT_CASE(segments__longer_than_the_path_takes__refused),
	{}
};

static struct kunit_suite datagram_suite = {
	.name = "datagram",
	.test_cases = datagram_cases,
};

kunit_test_suite(datagram_suite);
