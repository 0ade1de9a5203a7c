// SPDX-License-Identifier: GPL-2.0
/*
 * SYN cookies: what a listener would remember of a SYN, in its answer.
 *
 * RFC 4987 §3.6 and docs/protocol.md §4. A flood of SYNs from made-up addresses
 * would fill the SYN queue; so under pressure nothing is kept. The initial
 * sequence number is a keyed hash that only who got it can acknowledge, with the
 * time, in periods of 64 s, and a class of segment sizes in it. Whether ECN was
 * asked for is a bit of the timestamp, if there is one. All else the peer says
 * again with its ACK. The body asks for each SYN and each stray ACK to a
 * listener.
 */
#include "cookie.h"
#include "ecn.h"
#include "event.h"
#include "seq.h"

#define PERIOD_SHIFT	24	/* 8 bits of the period */
#define HASH_MASK	((1u << PERIOD_SHIFT) - 1)
#define AGE_MOST	1	/* periods */

/* The peer takes at least so much: the largest that is not too large counts. */
static const u16 classes[] = {
	CLASP_MSS_MIN, CLASP_MSS_DEFAULT_V4, CLASP_MSS_DEFAULT_V6, 1360, 1400,
	1440, 1460, 8940,
};

static u32 class_of(u16 mss)
{
	u32 class = ARRAY_SIZE(classes) - 1;

	while (class && classes[class] > mss)
		class--;

	return class;
}

/**
 * clasp_cookie_wanted() - is a SYN to be answered with a cookie?
 * @settings: the namespace's
 * @full: the listener's SYN queue is
 */
bool clasp_cookie_wanted(const struct clasp_settings *settings, bool full)
{
	u8 mode = READ_ONCE(settings->syncookies);

	return mode == CLASP_SYNCOOKIES_ALWAYS ||
	       (mode == CLASP_SYNCOOKIES_PRESSURE && full);
}

/**
 * clasp_cookie_recent() - may a cookie of a listener's still be valid?
 * @sent_us: when it sent the last one; 0 for never
 * @now_us: the time
 *
 * Else an ACK need not be looked at, and nobody can guess.
 */
bool clasp_cookie_recent(u64 sent_us, u64 now_us)
{
	return sent_us &&
	       now_us - sent_us < (AGE_MOST + 1) * CLASP_COOKIE_PERIOD_US;
}

/* It never runs ahead of the clock: what follows must not look older. */
static u32 mark_tsval(u32 tsval, bool ecn)
{
	u32 marked = (tsval & ~1u) | ecn;

	return seq_after(marked, tsval) ? marked - 2 : marked;
}

static void add_timestamps(const struct clasp_segment *syn, u32 offset,
			   bool ecn, u64 now_us, struct clasp_segment *seg)
{
	struct clasp_timestamps ts = {
		.recent = syn->tsval, .offset = offset, .on = true,
	};

	clasp_timestamps_add(&ts, seg, now_us);
	seg->tsval = mark_tsval(seg->tsval, ecn);
	if (ecn)
		seg->flags |= CLASP_ECE;
}

/**
 * clasp_cookie_syn_ack() - answer a SYN and forget it
 * @settings: the namespace's
 * @syn: the SYN
 * @setup: what the body would bring to an embryo; @iss is not looked at
 * @hash: of the four-tuple
 * @now_us: the time
 * @seg: filled in, to be sent
 */
void clasp_cookie_syn_ack(const struct clasp_settings *settings,
			  const struct clasp_segment *syn,
			  const struct clasp_embryo_setup *setup,
			  const struct clasp_cookie_hash *hash, u64 now_us,
			  struct clasp_segment *seg)
{
	u16 mss = syn->has & CLASP_HAS_MSS ? syn->mss : setup->default_mss;
	u32 state = clasp_cookie_period(now_us) << PERIOD_SHIFT;

	state += (hash->now + class_of(mss)) & HASH_MASK;
	*seg = (struct clasp_segment){
		.source	= syn->dest,
		.dest	= syn->source,
		.seq	= hash->fixed + syn->seq + state,
		.ack	= syn->seq + 1,
		.flags	= CLASP_SYN | CLASP_ACK,
		.window	= min(setup->rcv_wnd, CLASP_WINDOW_MAX),
		.has	= CLASP_HAS_MSS,
		.mss	= setup->adv_mss,
	};
	if (READ_ONCE(settings->timestamps) && syn->has & CLASP_HAS_TIMESTAMPS)
		add_timestamps(syn, setup->ts_offset,
			       clasp_ecn_asked_for(settings, syn), now_us, seg);
	clasp_tell_out(NULL, seg, CLASP_SEND_COOKIE);
}

/* The class that the cookie has; none of ours has another than these. */
static bool read_cookie(const struct clasp_segment *seg,
			const struct clasp_cookie_hash *hash, u64 now_us,
			u32 *class)
{
	u32 state = seg->ack - 1 - hash->fixed - (seg->seq - 1);
	u32 age = clasp_cookie_period(now_us) - (state >> PERIOD_SHIFT);

	/* of both only the low bits count */
	age &= U32_MAX >> PERIOD_SHIFT;
	if (age > AGE_MOST)
		return false;
	*class = (state - (age ? hash->before : hash->now)) & HASH_MASK;

	return *class < ARRAY_SIZE(classes);
}

/**
 * clasp_cookie_recall() - an ACK to a listener: does it answer a cookie?
 * @e: filled in if so, as the SYN would have
 * @settings: the namespace's
 * @seg: the ACK, without SYN and RST
 * @setup: what the body brings to an embryo; @iss is set here
 * @hash: of the four-tuple
 * @now_us: the time
 *
 * Return: true when it does.
 */
bool clasp_cookie_recall(struct clasp_embryo *e,
			 const struct clasp_settings *settings,
			 const struct clasp_segment *seg,
			 struct clasp_embryo_setup *setup,
			 const struct clasp_cookie_hash *hash, u64 now_us)
{
	struct clasp_segment syn = {
		.source	= seg->source,
		.dest	= seg->dest,
		.seq	= seg->seq - 1,
		.window	= seg->window,
		.flags	= CLASP_SYN,
		.has	= CLASP_HAS_MSS | (seg->has & CLASP_HAS_TIMESTAMPS),
		.tsval	= seg->tsval,
	};
	u32 class;

	if (!read_cookie(seg, hash, now_us, &class))
		return false;

	syn.mss = classes[class];
	if (seg->has & CLASP_HAS_TIMESTAMPS && seg->tsecr & 1)
		syn.flags |= CLASP_ECE | CLASP_CWR;
	setup->iss = seg->ack - 1;
	clasp_embryo_init(e, settings, &syn, setup, now_us);

	return true;
}
