// SPDX-License-Identifier: GPL-2.0
/*
 * Nagle in Minshall's form, and the sender's silly window avoidance: RFC 9293
 * §3.7.4 and §3.8.6.2.1 (MUST-38).
 */
#include <kunit/test.h>

#include "bare.h"
#include "nagle.h"

/* The end of what was written, which windows allow wholly: what leaves? */
static u32 tail(const struct clasp_conn *c, u32 len)
{
	return clasp_nagle_trim(c, len, len, false);
}

/* A small segment has been sent, and not acknowledged. */
static void small_under_way(struct clasp_conn *c)
{
	bare_sent(c, 100);
	c->snd_sml = c->snd_nxt;
}

/* (1): min (D, U) >= Eff.snd.MSS */
static void full__whatever_is_under_way__leaves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	small_under_way(c);

	KUNIT_EXPECT_EQ(test, tail(c, BARE_MSS), BARE_MSS);
	KUNIT_EXPECT_EQ(test, tail(c, 3 * BARE_MSS), 3 * BARE_MSS);
	/* also when more of it waits for a window */
	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 2 * BARE_MSS, 9000, false),
			2 * BARE_MSS);
}

static void nothing__any__nothing(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 0, 5000, false), 0u);
}

/* (2): [SND.NXT = SND.UNA and] PUSHed and D <= U */
static void small__nothing_under_way__leaves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_EQ(test, tail(c, 1), 1u);
	KUNIT_EXPECT_EQ(test, tail(c, 2 * BARE_MSS + 1), 2 * BARE_MSS + 1);
}

/* Nagle: a small segment waits while another one is unacknowledged. */
static void small__small_under_way__waits(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	small_under_way(c);

	KUNIT_EXPECT_EQ(test, tail(c, 1), 0u);
	KUNIT_EXPECT_EQ(test, tail(c, BARE_MSS - 1), 0u);
	KUNIT_EXPECT_EQ(test, tail(c, BARE_MSS + 1), BARE_MSS);
}

/* Minshall: full segments under way hold nothing back. */
static void small__full_under_way__leaves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, 5 * BARE_MSS);

	KUNIT_EXPECT_EQ(test, tail(c, 10), 10u);
}

static void small__small_one_acked__leaves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	small_under_way(c);
	bare_sent(c, BARE_MSS);
	c->snd_una = c->snd_sml - 1;
	KUNIT_EXPECT_EQ(test, tail(c, 10), 0u);

	c->snd_una = c->snd_sml;
	KUNIT_EXPECT_EQ(test, tail(c, 10), 10u);
}

/* Long after the last small one its number seems to lie ahead. */
static void small__last_small_2_to_the_31_ago__leaves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	bare_sent(c, BARE_MSS);
	c->snd_sml = c->snd_una - 0x80000001;

	KUNIT_EXPECT_EQ(test, tail(c, 10), 10u);
}

/* MUST-17: the program can switch it off, and so can the lesson. */
static void small__nodelay__leaves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	small_under_way(c);
	c->nodelay = true;

	KUNIT_EXPECT_EQ(test, tail(c, 10), 10u);
}

static void small__nagle_switched_off__leaves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	small_under_way(c);
	bare_settings(c)->nagle = false;

	KUNIT_EXPECT_EQ(test, tail(c, 10), 10u);
}

/* The last of it: nothing will come to fill the segment. */
static void small__program_closed__leaves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_FIN_WAIT_1);

	small_under_way(c);
	c->fin_wanted = true;

	KUNIT_EXPECT_EQ(test, tail(c, 10), 10u);
}

/* Silly window: a window that cuts a piece off is not filled by it. */
static void cut_by_window__small_piece__waits(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 10, 500, false), 0u);
	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 1010, 5000, false),
			BARE_MSS);

	/* neither TCP_NODELAY nor a FIN are reasons for it */
	c->nodelay = true;
	c->fin_wanted = true;
	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 10, 500, false), 0u);
}

/* (3): min (D, U) >= Fs * Max(SND.WND), Fs = 1/2 */
static void cut_by_window__half_of_its_largest__leaves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->max_snd_wnd = 400;
	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 199, 500, false), 0u);
	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 200, 500, false), 200u);

	/* Nagle does not hold this either: the peer can take no more */
	small_under_way(c);
	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 200, 500, false), 200u);
}

/* A peer that never had a window has no half of one. */
static void cut_by_window__never_any__waits(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->max_snd_wnd = 0;

	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 10, 500, false), 0u);
}

/* (4): the override timeout */
static void cut_by_window__override__leaves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	small_under_way(c);
	c->override = true;

	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 10, 500, false), 10u);
	KUNIT_EXPECT_EQ(test, tail(c, 10), 10u);
}

/* Cut for an older segment size: waiting would not make it longer. */
static void short_range__another_follows__leaves(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	small_under_way(c);

	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 10, 10, true), 10u);
	KUNIT_EXPECT_EQ(test, clasp_nagle_trim(c, 10, 500, true), 0u);
}

static struct kunit_case nagle_cases[] = {
	KUNIT_CASE(full__whatever_is_under_way__leaves),
	KUNIT_CASE(nothing__any__nothing),
	KUNIT_CASE(small__nothing_under_way__leaves),
	KUNIT_CASE(small__small_under_way__waits),
	KUNIT_CASE(small__full_under_way__leaves),
	KUNIT_CASE(small__small_one_acked__leaves),
	KUNIT_CASE(small__last_small_2_to_the_31_ago__leaves),
	KUNIT_CASE(small__nodelay__leaves),
	KUNIT_CASE(small__nagle_switched_off__leaves),
	KUNIT_CASE(small__program_closed__leaves),
	KUNIT_CASE(cut_by_window__small_piece__waits),
	KUNIT_CASE(cut_by_window__half_of_its_largest__leaves),
	KUNIT_CASE(cut_by_window__never_any__waits),
	KUNIT_CASE(cut_by_window__override__leaves),
	KUNIT_CASE(short_range__another_follows__leaves),
	{}
};

static struct kunit_suite nagle_suite = {
	.name = "nagle",
	.exit = bare_exit,
	.test_cases = nagle_cases,
};

kunit_test_suite(nagle_suite);
