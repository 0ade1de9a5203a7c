// SPDX-License-Identifier: GPL-2.0
/*
 * Which ranges an ACK reports: RFC 2018, RFC 2883.
 */
#include <kunit/test.h>

#include "bare.h"
#include "sack.h"

/* Octets by their distance from rcv_nxt at the beginning. */
#define AT(offset)	(BARE_RCV + (offset))

/* With memory for all ranges, or with none. */
static struct clasp_conn *conn_with(struct kunit *test, bool memory)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	if (memory)
		clasp_annex(c)->sacks.older = kunit_kzalloc(test, CLASP_SACK_OLDER *
					      sizeof(struct clasp_range),
					      GFP_KERNEL);

	return c;
}

static void holds(struct clasp_conn *c, u32 from, u32 to)
{
	struct clasp_held held = { AT(from), AT(to), false };

	clasp_sack_hold(c, &held);
}

/* What an ACK says now, without payload unless @len. */
static struct clasp_segment ack_of(struct clasp_conn *c, u32 len, u8 *bytes)
{
	struct clasp_segment seg = { .flags = CLASP_ACK, .len = len };

	clasp_sack_add(c, &seg, bytes);

	return seg;
}

struct told {
	u32	from;
	u32	to;
};

static void expect(struct kunit *test, struct clasp_conn *c, u32 len,
		   const struct told *told, unsigned int n)
{
	u8 bytes[8 * CLASP_SACK_MAX];
	struct clasp_segment seg = ack_of(c, len, bytes);
	unsigned int i;

	KUNIT_ASSERT_EQ(test, seg.n_sack, n);
	KUNIT_EXPECT_EQ(test, seg.has, n ? CLASP_HAS_SACK : 0);
	for (i = 0; i < n; i++) {
		KUNIT_EXPECT_EQ(test, get_unaligned_be32(bytes + 8 * i),
				AT(told[i].from));
		KUNIT_EXPECT_EQ(test, get_unaligned_be32(bytes + 8 * i + 4),
				AT(told[i].to));
	}
}

#define EXPECT_TOLD(test, c, ...)					       \
	do {								       \
		const struct told want[] = { __VA_ARGS__ };		       \
									       \
		expect(test, c, 0, want, ARRAY_SIZE(want));		       \
	} while (0)
#define EXPECT_TOLD_NOTHING(test, c)	expect(test, c, 0, NULL, 0)

static void add__nothing_held__no_option(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);

	EXPECT_TOLD_NOTHING(test, c);
	KUNIT_EXPECT_EQ(test, clasp_sack_room(c), 0);
	KUNIT_EXPECT_FALSE(test, clasp_sack_wants_store(c));
}

/* RFC 2018 §4: first the one that the segment belongs to, then newest first. */
static void hold__three_gaps__newest_first(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);

	holds(c, 1000, 2000);
	holds(c, 5000, 6000);
	holds(c, 3000, 4000);

	EXPECT_TOLD(test, c, { 3000, 4000 }, { 5000, 6000 }, { 1000, 2000 });
}

static void hold__next_to_an_older__grows_and_is_first(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);

	holds(c, 1000, 2000);
	holds(c, 5000, 6000);
	holds(c, 2000, 3000);

	EXPECT_TOLD(test, c, { 1000, 3000 }, { 5000, 6000 });

	holds(c, 4000, 5000);
	EXPECT_TOLD(test, c, { 4000, 6000 }, { 1000, 3000 });
}

static void hold__between_two__one(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);

	holds(c, 1000, 2000);
	holds(c, 7000, 8000);
	holds(c, 3000, 4000);
	holds(c, 2000, 3000);

	EXPECT_TOLD(test, c, { 1000, 4000 }, { 7000, 8000 });
}

static void hold__a_fin__counts_as_an_octet(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);
	struct clasp_held held = { AT(1000), AT(1000), true };

	clasp_sack_hold(c, &held);

	EXPECT_TOLD(test, c, { 1000, 1001 });
}

/* docs/protocol.md §3: 16, the oldest is forgotten */
static void hold__seventeen__the_oldest_falls_out(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);
	struct told want[CLASP_SACK_MAX];
	u32 i;

	for (i = 0; i < CLASP_SACK_MAX + 1; i++)
		holds(c, 1000 + 100 * i, 1050 + 100 * i);
	for (i = 0; i < CLASP_SACK_MAX; i++)
		want[i] = (struct told){ 2600 - 100 * i, 2650 - 100 * i };

	expect(test, c, 0, want, CLASP_SACK_MAX);
}

static void hold__no_memory__the_newest_alone(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, false);

	holds(c, 1000, 2000);
	KUNIT_EXPECT_TRUE(test, clasp_sack_wants_store(c));
	holds(c, 3000, 4000);
	EXPECT_TOLD(test, c, { 3000, 4000 });

	holds(c, 4000, 5000);
	EXPECT_TOLD(test, c, { 3000, 5000 });
}

/* The lesson's switch. */
static void hold__sack_off__nothing_is_told(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);

	bare_settings(c)->sack = false;
	holds(c, 1000, 2000);
	clasp_sack_duplicate(c, AT(-100), AT(0));
	EXPECT_TOLD_NOTHING(test, c);

	bare_settings(c)->sack = true;
	EXPECT_TOLD_NOTHING(test, c);
	holds(c, 1000, 2000);
	bare_settings(c)->sack = false;
	EXPECT_TOLD_NOTHING(test, c);
	KUNIT_EXPECT_EQ(test, clasp_sack_room(c), 0);
}

/* RFC 2883 §4.2: below the acknowledgment number. */
static void duplicate__old_octets__first_and_once(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);

	holds(c, 1000, 2000);
	clasp_sack_duplicate(c, AT(-500), AT(-100));
	EXPECT_TOLD(test, c, { -500, -100 }, { 1000, 2000 });

	clasp_sack_sent(c);
	EXPECT_TOLD(test, c, { 1000, 2000 });
}

/* RFC 2883 §4.1: above it, and then the range that it lies in. */
static void hold__what_is_held__told_twice(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);

	holds(c, 1000, 3000);
	holds(c, 5000, 6000);
	KUNIT_EXPECT_EQ(test, c->dsack.start, c->dsack.end);
	holds(c, 2000, 3000);

	EXPECT_TOLD(test, c, { 2000, 3000 }, { 1000, 3000 }, { 5000, 6000 });
}

/* RFC 2883 §4: of several pieces that are there already, the first. */
static void hold__over_two_ranges__the_first_piece(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);

	holds(c, 1000, 2000);
	holds(c, 4000, 5000);
	holds(c, 1500, 4500);

	EXPECT_TOLD(test, c, { 1500, 2000 }, { 1000, 5000 });
}

static void hold__next_to_what_is_held__not_twice(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);

	holds(c, 1000, 2000);
	holds(c, 2000, 3000);

	EXPECT_TOLD(test, c, { 1000, 3000 });
}

/* Each segment of a transmission would tell it. */
static void add__with_payload__no_dsack(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);
	const struct told want = { 1000, 2000 };

	holds(c, 1000, 2000);
	clasp_sack_duplicate(c, AT(-500), AT(-100));

	expect(test, c, 1, &want, 1);
}

static void add__dsack_and_sixteen__sixteen(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);
	struct told want[CLASP_SACK_MAX];
	u32 i;

	for (i = 0; i < CLASP_SACK_MAX; i++) {
		holds(c, 1000 + 100 * i, 1050 + 100 * i);
		want[CLASP_SACK_MAX - 1 - i] = (struct told){ 1100 + 100 * i,
							      1150 + 100 * i };
	}
	clasp_sack_duplicate(c, AT(0), AT(10));
	want[0] = (struct told){ 0, 10 };

	expect(test, c, 0, want, CLASP_SACK_MAX);
}

static void advance__reaches_some__they_go(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);

	holds(c, 1000, 2000);
	holds(c, 5000, 6000);
	holds(c, 3000, 4000);

	c->rcv_nxt = AT(999);
	clasp_sack_advance(c);
	KUNIT_EXPECT_EQ(test, c->n_sacks, 3);

	/* the rest of that range is about to be pulled */
	c->rcv_nxt = AT(3000);
	clasp_sack_advance(c);
	EXPECT_TOLD(test, c, { 5000, 6000 });

	c->rcv_nxt = AT(6000);
	clasp_sack_advance(c);
	EXPECT_TOLD_NOTHING(test, c);
}

/* RFC 2018 §8: what was thrown away must not be reported */
static void cut__in_a_range__its_front_stays(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);

	holds(c, 1000, 2000);
	holds(c, 5000, 6000);
	holds(c, 3000, 4000);

	clasp_sack_cut(c, AT(3500));
	EXPECT_TOLD(test, c, { 3000, 3500 }, { 1000, 2000 });

	clasp_sack_cut(c, AT(3000));
	EXPECT_TOLD(test, c, { 1000, 2000 });

	clasp_sack_cut(c, AT(0));
	EXPECT_TOLD_NOTHING(test, c);
}

/* RFC 6691: a multiple of 4 with the padding, with and without timestamps. */
static void room__as_the_header_grows(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);
	u8 bytes[8 * CLASP_SACK_MAX];
	struct clasp_segment plain = { .flags = CLASP_ACK }, seg;
	u32 i;

	for (i = 0; i < CLASP_SACK_MAX; i++) {
		holds(c, 1000 + 100 * i, 1050 + 100 * i);

		c->ts.on = false;
		plain.has = 0;
		seg = ack_of(c, 0, bytes);
		KUNIT_EXPECT_EQ(test, clasp_sack_room(c),
				clasp_segment_room(&seg) -
				clasp_segment_room(&plain));

		c->ts.on = true;
		plain.has = CLASP_HAS_TIMESTAMPS;
		seg.has |= CLASP_HAS_TIMESTAMPS;
		KUNIT_EXPECT_EQ(test, clasp_sack_room(c),
				clasp_segment_room(&seg) -
				clasp_segment_room(&plain));
	}
}

/* The smallest segments leave room for payload, and a program's too. */
static void room__smallest_segments__payload_is_left(struct kunit *test)
{
	struct clasp_conn *c = conn_with(test, true);
	u32 i;

	for (i = 0; i < CLASP_SACK_MAX; i++)
		holds(c, 1000 + 100 * i, 1050 + 100 * i);
	c->ts.on = true;
	c->peer_mss = CLASP_MSS_MIN;
	KUNIT_EXPECT_EQ(test, clasp_conn_mss(c), 116);

	c->user_mss = 88;
	KUNIT_EXPECT_EQ(test, clasp_conn_mss(c), 76);
}

static struct kunit_case sack_cases[] = {
	KUNIT_CASE(add__nothing_held__no_option),
	KUNIT_CASE(hold__three_gaps__newest_first),
	KUNIT_CASE(hold__next_to_an_older__grows_and_is_first),
	KUNIT_CASE(hold__between_two__one),
	KUNIT_CASE(hold__a_fin__counts_as_an_octet),
	KUNIT_CASE(hold__seventeen__the_oldest_falls_out),
	KUNIT_CASE(hold__no_memory__the_newest_alone),
	KUNIT_CASE(hold__sack_off__nothing_is_told),
	KUNIT_CASE(duplicate__old_octets__first_and_once),
	KUNIT_CASE(hold__what_is_held__told_twice),
	KUNIT_CASE(hold__over_two_ranges__the_first_piece),
	KUNIT_CASE(hold__next_to_what_is_held__not_twice),
	KUNIT_CASE(add__with_payload__no_dsack),
	KUNIT_CASE(add__dsack_and_sixteen__sixteen),
	KUNIT_CASE(advance__reaches_some__they_go),
	KUNIT_CASE(cut__in_a_range__its_front_stays),
	KUNIT_CASE(room__as_the_header_grows),
	KUNIT_CASE(room__smallest_segments__payload_is_left),
	{}
};

static struct kunit_suite sack_suite = {
	.name = "sack",
	.exit = bare_exit,
	.test_cases = sack_cases,
};

kunit_test_suite(sack_suite);

MODULE_DESCRIPTION("Tests of what ACKs report");
MODULE_LICENSE("GPL");
