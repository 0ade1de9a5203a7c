// SPDX-License-Identifier: GPL-2.0
/*
 * Reassembly: RFC 9293 §3.10.7.4, "held for later processing".
 *
 * Offsets are from rcv_nxt as it was first; the numbers wrap at 1024.
 */
#include <kunit/test.h>

#include "bare.h"
#include "reasm.h"

#define AT(offset)	(BARE_RCV + (offset))

static struct clasp_held range(u32 from, u32 to, bool fin)
{
	return (struct clasp_held){ AT(from), AT(to), fin };
}

static void hold(struct clasp_conn *c, u32 from, u32 to)
{
	bare_hold(c, AT(from), AT(to), false);
}

static bool useful(struct clasp_conn *c, u32 from, u32 to, bool fin)
{
	struct clasp_held new = range(from, to, fin);

	return clasp_reasm_useful(c, &new);
}

static void useful__nothing_held__yes(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_TRUE(test, useful(c, 100, 200, false));
}

static void useful__within_a_held_range__no(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	hold(c, 1000, 1100);

	KUNIT_EXPECT_FALSE(test, useful(c, 1000, 1100, false));
	KUNIT_EXPECT_FALSE(test, useful(c, 1020, 1030, false));
	KUNIT_EXPECT_FALSE(test, useful(c, 1099, 1100, false));
}

static void useful__an_octet_more__yes(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	hold(c, 1000, 1100);

	KUNIT_EXPECT_TRUE(test, useful(c, 999, 1100, false));
	KUNIT_EXPECT_TRUE(test, useful(c, 1000, 1101, false));
	KUNIT_EXPECT_TRUE(test, useful(c, 1100, 1101, false));
	KUNIT_EXPECT_TRUE(test, useful(c, 500, 600, false));
}

/* The same octets bring news when the FIN follows them, and only then. */
static void useful__fin_behind_held_octets__yes(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	hold(c, 100, 200);
	KUNIT_EXPECT_TRUE(test, useful(c, 100, 200, true));
	KUNIT_EXPECT_TRUE(test, useful(c, 200, 200, true));

	bare_hold(c, AT(300), AT(400), true);
	KUNIT_EXPECT_FALSE(test, useful(c, 300, 400, true));
	KUNIT_EXPECT_FALSE(test, useful(c, 300, 400, false));
}

static void superseded__nothing_within__none(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_held new = range(150, 250, false);

	KUNIT_EXPECT_NULL(test, clasp_reasm_superseded(c, &new));
	/* ends are in order as beginnings are: an overlap may stay */
	hold(c, 100, 200);
	KUNIT_EXPECT_NULL(test, clasp_reasm_superseded(c, &new));
	hold(c, 200, 300);
	KUNIT_EXPECT_NULL(test, clasp_reasm_superseded(c, &new));
}

static void superseded__each_within__one_after_the_other(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_held new = range(1000, 1100, false);
	struct clasp_held *held;
	u32 from;

	hold(c, 900, 1010);
	for (from = 1000; from < 1100; from += 25)
		hold(c, from, from + 25);
	hold(c, 1090, 1110);

	for (from = 1000; from < 1100; from += 25) {
		held = clasp_reasm_superseded(c, &new);
		KUNIT_ASSERT_NOT_NULL(test, held);
		KUNIT_EXPECT_EQ(test, held->seq, AT(from));
		bare_unhold(c, held);
	}
	KUNIT_EXPECT_NULL(test, clasp_reasm_superseded(c, &new));
}

static void superseded__first_of_all__found(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_held new = range(100, 300, false);
	struct clasp_held *held;

	hold(c, 200, 300);
	held = clasp_reasm_superseded(c, &new);

	KUNIT_ASSERT_NOT_NULL(test, held);
	KUNIT_EXPECT_EQ(test, held->seq, AT(200));
}

/* fin-out-of-order: the FIN must not get lost with the range that had it. */
static void superseded__held_fin__kept(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_held plain = range(100, 200, false);
	struct clasp_held fin = range(100, 200, true);

	bare_hold(c, AT(100), AT(200), true);
	bare_hold(c, AT(150), AT(200), true);

	KUNIT_EXPECT_NULL(test, clasp_reasm_superseded(c, &plain));
	KUNIT_EXPECT_NOT_NULL(test, clasp_reasm_superseded(c, &fin));
}

static void ready__gap_before_the_first__not_yet(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_FALSE(test, clasp_reasm_ready(c));
	hold(c, 1024, 1100);
	KUNIT_EXPECT_FALSE(test, clasp_reasm_ready(c));
	c->rcv_nxt = AT(1023);
	KUNIT_EXPECT_FALSE(test, clasp_reasm_ready(c));
	c->rcv_nxt = AT(1024);
	KUNIT_EXPECT_TRUE(test, clasp_reasm_ready(c));
	c->rcv_nxt = AT(1200);
	KUNIT_EXPECT_TRUE(test, clasp_reasm_ready(c));
}

static void pull__gap__nothing(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	u32 skip;

	KUNIT_EXPECT_NULL(test, clasp_reasm_pull(c, &skip, BARE_NOW));
	hold(c, 1, 100);
	KUNIT_EXPECT_NULL(test, clasp_reasm_pull(c, &skip, BARE_NOW));
	KUNIT_EXPECT_EQ(test, c->rcv_nxt, AT(0));
}

static void pull__gap_filled__moves_behind_it(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	u32 skip = 99;

	hold(c, 1000, 1100);
	c->rcv_nxt = AT(1000);

	KUNIT_ASSERT_NOT_NULL(test, clasp_reasm_pull(c, &skip, BARE_NOW));
	KUNIT_EXPECT_EQ(test, skip, 0u);
	KUNIT_EXPECT_EQ(test, c->rcv_nxt, AT(1100));
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_received, 100ull);
}

static void pull__overlap__skips_what_arrived(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	u32 skip = 99;

	hold(c, 1000, 1100);
	c->rcv_nxt = AT(1060);

	KUNIT_ASSERT_NOT_NULL(test, clasp_reasm_pull(c, &skip, BARE_NOW));
	KUNIT_EXPECT_EQ(test, skip, 60u);
	KUNIT_EXPECT_EQ(test, c->rcv_nxt, AT(1100));
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_received, 40ull);
}

static void pull__all_of_it_arrived__skips_all(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	u32 skip = 99;

	hold(c, 1000, 1100);
	c->rcv_nxt = AT(1101);

	KUNIT_ASSERT_NOT_NULL(test, clasp_reasm_pull(c, &skip, BARE_NOW));
	KUNIT_EXPECT_EQ(test, skip, 100u);
	KUNIT_EXPECT_EQ(test, c->rcv_nxt, AT(1101));
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_received, 0ull);
}

/* fin-out-of-order: held until the gap fills, then it is taken. */
static void pull__fin_behind_it__taken(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	u32 skip;

	bare_hold(c, AT(0), AT(100), true);
	clasp_reasm_pull(c, &skip, BARE_NOW);

	KUNIT_EXPECT_EQ(test, c->state, CLASP_CLOSE_WAIT);
	KUNIT_EXPECT_EQ(test, c->rcv_nxt, AT(101));
	KUNIT_EXPECT_TRUE(test, c->todo & CLASP_TODO_EOF);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_received, 100ull);
}

static void pull__fin_alone__taken(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_FIN_WAIT_2);
	u32 skip = 99;

	bare_hold(c, AT(0), AT(0), true);

	KUNIT_ASSERT_NOT_NULL(test, clasp_reasm_pull(c, &skip, BARE_NOW));
	KUNIT_EXPECT_EQ(test, skip, 0u);
	KUNIT_EXPECT_EQ(test, c->state, CLASP_TIME_WAIT);
	KUNIT_EXPECT_EQ(test, c->rcv_nxt, AT(1));
}

/* "Octets behind the FIN": a peer that lies gets none of them through. */
static void pull__behind_the_fin__thrown_away(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_CLOSE_WAIT);
	u32 skip = 0;

	hold(c, 0, 100);

	KUNIT_ASSERT_NOT_NULL(test, clasp_reasm_pull(c, &skip, BARE_NOW));
	KUNIT_EXPECT_EQ(test, skip, 100u);
	KUNIT_EXPECT_EQ(test, c->rcv_nxt, AT(0));
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_received, 0ull);
}

/*
 * Whatever comes in whatever order: each octet is delivered once, in order.
 * The arrivals are drawn from a fixed seed.
 */
#define STREAM	2048u

static u32 draw(u32 *seed, u32 below)
{
	*seed = *seed * 1664525 + 1013904223;

	return (*seed >> 8) % below;
}

static void arrives(struct clasp_conn *c, u32 from, u32 to)
{
	struct clasp_held new = range(from, to, to == STREAM);
	const struct clasp_held *old;

	if (!clasp_reasm_useful(c, &new))
		return;
	while ((old = clasp_reasm_superseded(c, &new)))
		bare_unhold(c, old);
	bare_hold(c, new.seq, new.end_seq, new.fin);
}

static void any_order__random_overlaps__each_octet_once(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	u32 seed = 1, skip, delivered = 0, tries = 0;
	struct clasp_held *held;

	while (c->state == CLASP_ESTABLISHED && ++tries < 20000) {
		u32 done = c->rcv_nxt - BARE_RCV;
		/* close ahead, so that the ranges held are never too many */
		u32 from = min(done + draw(&seed, 100), STREAM);

		arrives(c, from, min(from + 1 + draw(&seed, 90), STREAM));
		while ((held = clasp_reasm_pull(c, &skip, BARE_NOW))) {
			KUNIT_ASSERT_EQ(test, held->seq + skip,
					AT(delivered));
			delivered += held->end_seq - held->seq - skip;
			bare_unhold(c, held);
		}
		KUNIT_ASSERT_FALSE(test, clasp_reasm_ready(c));
	}

	KUNIT_EXPECT_EQ(test, c->state, CLASP_CLOSE_WAIT);
	KUNIT_EXPECT_EQ(test, delivered, STREAM);
	KUNIT_EXPECT_EQ(test, clasp_annex(c)->counts.bytes_received, (u64)STREAM);
	KUNIT_EXPECT_EQ(test, c->rcv_nxt, AT(STREAM) + 1);
}

static struct kunit_case reasm_cases[] = {
	KUNIT_CASE(useful__nothing_held__yes),
	KUNIT_CASE(useful__within_a_held_range__no),
	KUNIT_CASE(useful__an_octet_more__yes),
	KUNIT_CASE(useful__fin_behind_held_octets__yes),
	KUNIT_CASE(superseded__nothing_within__none),
	KUNIT_CASE(superseded__each_within__one_after_the_other),
	KUNIT_CASE(superseded__first_of_all__found),
	KUNIT_CASE(superseded__held_fin__kept),
	KUNIT_CASE(ready__gap_before_the_first__not_yet),
	KUNIT_CASE(pull__gap__nothing),
	KUNIT_CASE(pull__gap_filled__moves_behind_it),
	KUNIT_CASE(pull__overlap__skips_what_arrived),
	KUNIT_CASE(pull__all_of_it_arrived__skips_all),
	KUNIT_CASE(pull__fin_behind_it__taken),
	KUNIT_CASE(pull__fin_alone__taken),
	KUNIT_CASE(pull__behind_the_fin__thrown_away),
	KUNIT_CASE(any_order__random_overlaps__each_octet_once),
	{}
};

static struct kunit_suite reasm_suite = {
	.name = "reasm",
	.exit = bare_exit,
	.test_cases = reasm_cases,
};

kunit_test_suite(reasm_suite);
