// SPDX-License-Identifier: GPL-2.0
/*
 * SYN cookies: docs/protocol.md §4.
 */
#include <kunit/test.h>

#include "cookie.h"
#include "ecn.h"
#include "seq.h"

#define NOW_US	(1000 * CLASP_COOKIE_PERIOD_US + 5)
#define IRS	0xffffff00u
#define OFFSET	77777u

/* What both sides see of one handshake. */
struct handshake {
	struct clasp_settings		settings;
	struct clasp_cookie_hash	hash;
	struct clasp_embryo_setup	setup;
	struct clasp_embryo		embryo;
	struct clasp_segment		syn;
	struct clasp_segment		syn_ack;
	struct clasp_segment		ack;
};

static struct handshake *begin(struct kunit *test)
{
	struct handshake *h = kunit_kzalloc(test, sizeof(*h), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, h);
	clasp_settings_init(&h->settings);
	h->hash = (struct clasp_cookie_hash){ 0x89abcdef, 0xfffffe, 0x123456 };
	h->setup = (struct clasp_embryo_setup){
		.rcv_wnd = 30000, .adv_mss = 1400, .default_mss = 536,
		.ts_offset = OFFSET,
	};
	h->syn = (struct clasp_segment){
		.source = 2000, .dest = 1000, .seq = IRS, .flags = CLASP_SYN,
		.window = 5000, .has = CLASP_HAS_MSS | CLASP_HAS_TIMESTAMPS,
		.mss = 1460, .tsval = 300,
	};

	return h;
}

/* The peer takes the SYN ACK and answers. */
static void answer(struct handshake *h, u64 now_us)
{
	clasp_cookie_syn_ack(&h->settings, &h->syn, &h->setup, &h->hash,
			     now_us, &h->syn_ack);
	h->ack = (struct clasp_segment){
		.source = 2000, .dest = 1000, .seq = IRS + 1,
		.ack = h->syn_ack.seq + 1, .flags = CLASP_ACK, .window = 7000,
		.has = h->syn_ack.has & CLASP_HAS_TIMESTAMPS,
		.tsval = 310, .tsecr = h->syn_ack.tsval,
	};
}

static bool recalls(struct handshake *h, u64 now_us)
{
	return clasp_cookie_recall(&h->embryo, &h->settings, &h->ack,
				   &h->setup, &h->hash, now_us);
}

static void wanted__mode__as_tcp_syncookies(struct kunit *test)
{
	struct handshake *h = begin(test);

	/* the default */
	KUNIT_EXPECT_TRUE(test, clasp_cookie_wanted(&h->settings, true));
	KUNIT_EXPECT_FALSE(test, clasp_cookie_wanted(&h->settings, false));
	h->settings.syncookies = CLASP_SYNCOOKIES_OFF;
	KUNIT_EXPECT_FALSE(test, clasp_cookie_wanted(&h->settings, true));
	h->settings.syncookies = CLASP_SYNCOOKIES_ALWAYS;
	KUNIT_EXPECT_TRUE(test, clasp_cookie_wanted(&h->settings, false));
}

static void recent__two_periods__and_not_more(struct kunit *test)
{
	u64 end_us = NOW_US + 2 * CLASP_COOKIE_PERIOD_US;

	KUNIT_EXPECT_FALSE(test, clasp_cookie_recent(0, NOW_US));
	KUNIT_EXPECT_TRUE(test, clasp_cookie_recent(NOW_US, NOW_US));
	KUNIT_EXPECT_TRUE(test, clasp_cookie_recent(NOW_US, end_us - 1));
	KUNIT_EXPECT_FALSE(test, clasp_cookie_recent(NOW_US, end_us));
}

static void syn_ack__cookie__looks_like_any(struct kunit *test)
{
	struct handshake *h = begin(test);

	answer(h, NOW_US);

	KUNIT_EXPECT_EQ(test, h->syn_ack.flags, CLASP_SYN | CLASP_ACK);
	KUNIT_EXPECT_EQ(test, h->syn_ack.source, 1000);
	KUNIT_EXPECT_EQ(test, h->syn_ack.dest, 2000);
	KUNIT_EXPECT_EQ(test, h->syn_ack.ack, IRS + 1);
	KUNIT_EXPECT_EQ(test, h->syn_ack.window, 30000u);
	KUNIT_EXPECT_EQ(test, h->syn_ack.has,
			CLASP_HAS_MSS | CLASP_HAS_TIMESTAMPS);
	KUNIT_EXPECT_EQ(test, h->syn_ack.mss, 1400);
	KUNIT_EXPECT_EQ(test, h->syn_ack.tsecr, 300u);
}

static void recall__right_ack__all_is_known_again(struct kunit *test)
{
	struct handshake *h = begin(test);

	answer(h, NOW_US);

	KUNIT_ASSERT_TRUE(test, recalls(h, NOW_US));
	KUNIT_EXPECT_EQ(test, h->embryo.state, CLASP_SYN_RCVD);
	KUNIT_EXPECT_EQ(test, h->embryo.iss, h->syn_ack.seq);
	KUNIT_EXPECT_EQ(test, h->embryo.irs, IRS);
	KUNIT_EXPECT_EQ(test, h->embryo.peer_mss, 1460);
	KUNIT_EXPECT_EQ(test, h->embryo.snd_wnd, 7000u);
	KUNIT_EXPECT_EQ(test, h->embryo.local_port, 1000);
	KUNIT_EXPECT_EQ(test, h->embryo.remote_port, 2000);
	KUNIT_EXPECT_TRUE(test, h->embryo.ts.on);
	KUNIT_EXPECT_EQ(test, h->embryo.ts.recent, 310u);
	KUNIT_EXPECT_EQ(test, h->embryo.ts.offset, OFFSET);
	KUNIT_EXPECT_FALSE(test, h->embryo.ecn);
}

/* Never more than the peer takes. */
static void recall__sizes__largest_class_that_fits(struct kunit *test)
{
	static const u16 rows[][2] = {
		{ 256, 256 }, { 535, 256 }, { 536, 536 }, { 1300, 1220 },
		{ 1459, 1440 }, { 1460, 1460 }, { 8939, 1460 },
		{ 8940, 8940 }, { 65535, 8940 },
	};
	struct handshake *h = begin(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(rows); i++) {
		h->syn.mss = rows[i][0];
		answer(h, NOW_US);
		KUNIT_ASSERT_TRUE(test, recalls(h, NOW_US));
		KUNIT_EXPECT_EQ(test, h->embryo.peer_mss, rows[i][1]);
	}

	h->syn.has = 0;
	answer(h, NOW_US);
	KUNIT_ASSERT_TRUE(test, recalls(h, NOW_US));
	KUNIT_EXPECT_EQ(test, h->embryo.peer_mss, 536);
}

static void recall__no_timestamps__not_in_force(struct kunit *test)
{
	struct handshake *h = begin(test);

	h->syn.has = CLASP_HAS_MSS;
	answer(h, NOW_US);
	KUNIT_EXPECT_EQ(test, h->syn_ack.has, CLASP_HAS_MSS);
	KUNIT_ASSERT_TRUE(test, recalls(h, NOW_US));
	KUNIT_EXPECT_FALSE(test, h->embryo.ts.on);

	/* nor when they are switched off */
	h->syn.has |= CLASP_HAS_TIMESTAMPS;
	h->settings.timestamps = false;
	answer(h, NOW_US);
	KUNIT_EXPECT_EQ(test, h->syn_ack.has, CLASP_HAS_MSS);
}

/* Only with timestamps is there a place to remember it. */
static void recall__ecn__with_timestamps_alone(struct kunit *test)
{
	struct handshake *h = begin(test);

	h->syn.flags |= CLASP_ECE | CLASP_CWR;
	answer(h, NOW_US);
	KUNIT_EXPECT_TRUE(test, h->syn_ack.flags & CLASP_ECE);
	KUNIT_ASSERT_TRUE(test, recalls(h, NOW_US));
	KUNIT_EXPECT_TRUE(test, h->embryo.ecn);

	h->settings.ecn = CLASP_ECN_OFF;
	answer(h, NOW_US);
	KUNIT_EXPECT_FALSE(test, h->syn_ack.flags & CLASP_ECE);

	h->settings.ecn = CLASP_ECN_GRANT;
	h->syn.has = CLASP_HAS_MSS;
	answer(h, NOW_US);
	KUNIT_EXPECT_FALSE(test, h->syn_ack.flags & CLASP_ECE);
	KUNIT_ASSERT_TRUE(test, recalls(h, NOW_US));
	KUNIT_EXPECT_FALSE(test, h->embryo.ecn);
}

static void tsval__any_millisecond__not_ahead_of_the_clock(struct kunit *test)
{
	struct handshake *h = begin(test);
	u64 now_us = NOW_US;
	u32 clock;
	int i;

	for (i = 0; i < 8; i++, now_us += USEC_PER_MSEC) {
		h->syn.flags = CLASP_SYN;
		if (i & 2)
			h->syn.flags |= CLASP_ECE | CLASP_CWR;
		answer(h, now_us);
		clock = (u32)div_u64(now_us, USEC_PER_MSEC) + OFFSET;
		KUNIT_EXPECT_FALSE(test, seq_after(h->syn_ack.tsval, clock));
		KUNIT_EXPECT_LE(test, clock - h->syn_ack.tsval, 2u);
		KUNIT_ASSERT_TRUE(test, recalls(h, now_us));
		KUNIT_EXPECT_EQ(test, h->embryo.ecn, !!(i & 2));
	}
}

static void recall__wrong_number__nothing(struct kunit *test)
{
	struct handshake *h = begin(test);
	u32 right;

	answer(h, NOW_US);
	right = h->ack.ack;

	h->ack.ack = right - 0x800000;
	KUNIT_EXPECT_FALSE(test, recalls(h, NOW_US));
	h->ack.ack = right;
	h->ack.seq += 100;
	KUNIT_EXPECT_FALSE(test, recalls(h, NOW_US));
	h->ack.seq -= 100;
	h->hash.fixed += 1000;
	KUNIT_EXPECT_FALSE(test, recalls(h, NOW_US));
	h->hash.fixed -= 1000;
	KUNIT_EXPECT_TRUE(test, recalls(h, NOW_US));
}

/* A cookie lives for what is left of its period, and the next one. */
static void recall__later__until_it_is_too_old(struct kunit *test)
{
	struct handshake *h = begin(test);
	u64 next_us = NOW_US + CLASP_COOKIE_PERIOD_US;

	answer(h, NOW_US);
	h->hash.before = h->hash.now;
	h->hash.now = 0x654321;

	KUNIT_EXPECT_FALSE(test, recalls(h, NOW_US));
	KUNIT_EXPECT_TRUE(test, recalls(h, next_us));
	KUNIT_EXPECT_FALSE(test, recalls(h, next_us + CLASP_COOKIE_PERIOD_US));
	/* 256 periods later the number's bits are the same, the hash is not */
	h->hash.before = 0x777777;
	KUNIT_EXPECT_FALSE(test, recalls(h, NOW_US +
					 256 * CLASP_COOKIE_PERIOD_US));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(wanted__mode__as_tcp_syncookies),
	KUNIT_CASE(recent__two_periods__and_not_more),
	KUNIT_CASE(syn_ack__cookie__looks_like_any),
	KUNIT_CASE(recall__right_ack__all_is_known_again),
	KUNIT_CASE(recall__sizes__largest_class_that_fits),
	KUNIT_CASE(recall__no_timestamps__not_in_force),
	KUNIT_CASE(recall__ecn__with_timestamps_alone),
	KUNIT_CASE(tsval__any_millisecond__not_ahead_of_the_clock),
	KUNIT_CASE(recall__wrong_number__nothing),
	KUNIT_CASE(recall__later__until_it_is_too_old),
	{}
};

static struct kunit_suite suite = {
	.name = "cookie",
	.test_cases = cases,
};

kunit_test_suite(suite);
