// SPDX-License-Identifier: GPL-2.0
/*
 * The Internet checksum, against RFC 1071 and the two pseudo-headers.
 */
#include <kunit/test.h>

#include "checksum.h"

/* RFC 1071 §3's example. */
static const u8 example[8] = {
	0x00, 0x01, 0xf2, 0x03, 0xf4, 0xf5, 0xf6, 0xf7,
};

static u16 sum_of(const u8 *bytes, size_t len)
{
	return clasp_checksum_fold(clasp_checksum_add(0, bytes, len));
}

static void add__rfc_1071_example__its_sum(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, clasp_checksum_add(0, example, 8), 0x2ddf0ull);
	KUNIT_EXPECT_EQ(test, sum_of(example, 8), (u16)~0xddf2);
}

static void add__nothing__all_ones(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, clasp_checksum_add(5, example, 0), 5ull);
	KUNIT_EXPECT_EQ(test, clasp_checksum_fold(0), 0xffff);
}

/* RFC 9293 §3.1: "padded on the right with zeros to form a 16-bit word" */
static void add__odd_length__as_if_a_zero_followed(struct kunit *test)
{
	static const u8 padded[4] = { 0x12, 0x34, 0xab, 0x00 };

	KUNIT_EXPECT_EQ(test, clasp_checksum_add(0, padded, 3), 0x1234 + 0xab00);
	KUNIT_EXPECT_EQ(test, sum_of(padded, 3), sum_of(padded, 4));
	KUNIT_EXPECT_EQ(test, clasp_checksum_add(0, padded, 1), 0x1200);
}

static void add__in_pieces__as_in_one(struct kunit *test)
{
	u64 sum = 0;
	int i;

	for (i = 0; i < 8; i += 2)
		sum = clasp_checksum_add(sum, example + i, 2);

	KUNIT_EXPECT_EQ(test, sum, clasp_checksum_add(0, example, 8));
}

static void add__at_odd_address__the_same(struct kunit *test)
{
	u8 shifted[9];

	memcpy(shifted + 1, example, 8);

	KUNIT_EXPECT_EQ(test, sum_of(shifted + 1, 8), sum_of(example, 8));
}

/* "End-around carry", as often as it takes. */
static void fold__carries__go_round(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, clasp_checksum_fold(0xffff), 0);
	KUNIT_EXPECT_EQ(test, clasp_checksum_fold(0x10000), 0xfffe);
	KUNIT_EXPECT_EQ(test, clasp_checksum_fold(0x1ffff), 0xfffe);
	KUNIT_EXPECT_EQ(test, clasp_checksum_fold(0xffffffffull), 0);
	KUNIT_EXPECT_EQ(test, clasp_checksum_fold(1ull << 48), 0xfffe);
	KUNIT_EXPECT_EQ(test, clasp_checksum_fold(U64_MAX), 0);
	KUNIT_EXPECT_EQ(test, clasp_checksum_fold(U64_MAX - 1), 1);
}

/* RFC 9293 §3.1: addresses, zero, protocol, length. */
static void pseudo__ipv4__its_twelve_bytes(struct kunit *test)
{
	static const u8 header[12] = {
		10, 77, 0, 1, 10, 77, 0, 2, 0, 253, 0x01, 0x23,
	};

	KUNIT_EXPECT_EQ(test,
			clasp_checksum_pseudo(header, header + 4, 4, 253, 0x123),
			clasp_checksum_add(0, header, sizeof(header)));
}

/* RFC 8200 §8.1: addresses, 32 bits of length, zero, next header. */
static void pseudo__ipv6__its_forty_bytes(struct kunit *test)
{
	static const u8 header[40] = {
		0x20, 0x01, 0x0d, 0xb8, 0xff, [15] = 1,
		0xfd, 0x00, [31] = 2,
		[32] = 0x00, 0x01, 0x23, 0x45, [39] = 253,
	};
	u64 sum;

	sum = clasp_checksum_pseudo(header, header + 16, 16, 253, 0x12345);

	KUNIT_EXPECT_EQ(test, clasp_checksum_fold(sum), sum_of(header, 40));
}

/* MUST-2, MUST-3: what the sender stores makes the receiver's sum 0. */
static void fold__over_what_was_sent__zero(struct kunit *test)
{
	u8 bytes[8];

	memcpy(bytes, example, 8);
	bytes[6] = 0;
	bytes[7] = 0;
	put_unaligned_be16(sum_of(bytes, 8), bytes + 6);

	KUNIT_EXPECT_EQ(test, sum_of(bytes, 8), 0);
}

/* checksum-bad: one bit that turned is always found. */
static void fold__any_bit_damaged__not_zero(struct kunit *test)
{
	u8 bytes[8];
	int bit;

	memcpy(bytes, example, 6);
	put_unaligned_be16(sum_of(bytes, 6), bytes + 6);
	for (bit = 0; bit < 64; bit++) {
		bytes[bit / 8] ^= 1 << bit % 8;
		KUNIT_EXPECT_NE(test, sum_of(bytes, 8), 0);
		bytes[bit / 8] ^= 1 << bit % 8;
	}
	KUNIT_EXPECT_EQ(test, sum_of(bytes, 8), 0);
}

static struct kunit_case checksum_cases[] = {
	KUNIT_CASE(add__rfc_1071_example__its_sum),
	KUNIT_CASE(add__nothing__all_ones),
	KUNIT_CASE(add__odd_length__as_if_a_zero_followed),
	KUNIT_CASE(add__in_pieces__as_in_one),
	KUNIT_CASE(add__at_odd_address__the_same),
	KUNIT_CASE(fold__carries__go_round),
	KUNIT_CASE(pseudo__ipv4__its_twelve_bytes),
	KUNIT_CASE(pseudo__ipv6__its_forty_bytes),
	KUNIT_CASE(fold__over_what_was_sent__zero),
	KUNIT_CASE(fold__any_bit_damaged__not_zero),
	{}
};

static struct kunit_suite checksum_suite = {
	.name = "checksum",
	.test_cases = checksum_cases,
};

kunit_test_suite(checksum_suite);
