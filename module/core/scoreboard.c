// SPDX-License-Identifier: GPL-2.0
/*
 * The scoreboard: of each range that was sent, whether it has arrived, is held
 * lost, or is under way again.
 *
 * RFC 2018 (SACK), RFC 2883 (D-SACK), RFC 6675 (the scoreboard and what it
 * counts). Fed by ack.c with what a segment acknowledges, and by rack.c and
 * recovery.c, which say what is lost. Counts and marks change together and
 * here alone.
 *
 * What the peer says is bounded work: a range is cut between segments only, so
 * there are never more of them than segments under way; of one segment's SACK
 * ranges, sorted and without overlaps, each range is looked at once, and a run
 * of those that are SACKED already in one step (the class of CVE-2019-11477).
 */
#include "scoreboard.h"
#include "ack.h"
#include "event.h"
#include "rack.h"
#include "seq.h"

/* A SACK range in host order. */
struct block {
	u32	start;
	u32	end;
};

/**
 * clasp_scoreboard_len() - what of a range is not cumulatively acknowledged
 * @c: connection
 * @sent: a range of its send queue
 *
 * Return: bytes.
 */
u32 clasp_scoreboard_len(const struct clasp_conn *c,
			 const struct clasp_sent *sent)
{
	return sent->end_seq - seq_max(sent->seq, c->snd_una);
}

/* @len octets with @marks are no longer to be counted. */
static void uncount(struct clasp_conn *c, u8 marks, u32 len)
{
	if (marks & CLASP_SENT_SACKED)
		c->sacked -= len;
	if (marks & CLASP_SENT_LOST)
		c->lost -= len;
	if (marks & CLASP_SENT_AGAIN)
		c->again -= len;
}

/* @len octets of @sent, up to @end, are known to have arrived. */
static void arrived(struct clasp_conn *c, const struct clasp_sent *sent,
		    u32 end, u32 len, struct clasp_news *news)
{
	news->sample.delivered += len;
	if (sent->marks & CLASP_SENT_TWICE) {
		news->twice = true;
	} else {
		if (seq_before_eq(end, c->recover))
			news->original += len;
		if (seq_before(end, c->fack))
			news->overtaken = true;
		news->once_us = max(news->once_us, sent->sent_us);
	}
	c->fack = seq_max(c->fack, end);
	clasp_rack_arrived(c, sent, end, news);
	clasp_rate_delivered(c, sent, &news->sample);
}

/* Our FIN has been sent and is not acknowledged. */
static bool fin_is_out(const struct clasp_conn *c)
{
	return clasp_conn_fin_sent(c) && !clasp_conn_fin_acked(c);
}

/* Estimates of a peer without SACK never exceed what there is to estimate. */
static void bound_duplicates(struct clasp_conn *c)
{
	c->dup_bytes = min(c->dup_bytes,
			   clasp_conn_flight(c) - c->sacked - c->lost -
			   c->fin_lost);
}

/*
 * Without SACK: the duplicates before told of what is acknowledged now, all but
 * the segment that was missing (RFC 6582 §3.2 step 3).
 */
static void eat_duplicates(struct clasp_conn *c, struct clasp_news *news)
{
	u32 acked = news->sample.acked;
	u32 told = min(c->dup_bytes, acked - min(acked, clasp_conn_mss(c)));

	news->sample.delivered -= min(news->sample.delivered, told);
	c->dup_bytes -= told;
	if (c->belief != CLASP_BELIEF_RECOVERY)
		c->dup_bytes = 0;
}

/**
 * clasp_scoreboard_ack() - everything before a number has arrived
 * @c: connection; the caller owns it
 * @ack: above snd_una, not above snd_nxt; becomes snd_una
 * @news: what this tells is added
 */
void clasp_scoreboard_ack(struct clasp_conn *c, u32 ack,
			  struct clasp_news *news)
{
	struct clasp_sent *sent;

	for (sent = clasp_sent_first(c); sent && seq_before(sent->seq, ack);
	     sent = clasp_sent_next(c, sent)) {
		u32 end = seq_min(sent->end_seq, ack);
		u32 len;

		if (seq_before_eq(end, c->snd_una))
			continue;
		len = end - seq_max(sent->seq, c->snd_una);
		uncount(c, sent->marks, len);
		news->sample.acked += len;
		if (!(sent->marks & CLASP_SENT_SACKED))
			arrived(c, sent, end, len, news);
		if (end == sent->end_seq)
			clasp_order_del(c, sent);
	}

	c->snd_una = ack;
	if (clasp_conn_fin_acked(c))
		c->fin_lost = false;
	c->lost_seq = seq_max(c->lost_seq, ack);
	c->fack = seq_max(c->fack, ack);
	eat_duplicates(c, news);
	bound_duplicates(c);
}

static struct block block_at(const struct clasp_segment *seg, unsigned int i)
{
	return (struct block){
		.start	= get_unaligned_be32(seg->sack + 8 * i),
		.end	= get_unaligned_be32(seg->sack + 8 * i + 4),
	};
}

/* What was sent and could be held behind a gap. All else is made up, or old. */
static bool is_plausible(const struct clasp_conn *c, struct block block)
{
	return seq_before(block.start, block.end) &&
	       seq_after(block.start, c->snd_una) &&
	       seq_before_eq(block.end, c->snd_nxt);
}

/* RFC 2883 §4: below the ACK, or within the range that follows. */
static bool is_dsack(const struct clasp_conn *c,
		     const struct clasp_segment *seg, struct block first)
{
	struct block second;

	if (!seq_before(first.start, first.end) ||
	    seq_after(first.end, c->snd_nxt))
		return false;
	if (seq_before_eq(first.end, seg->ack))
		return true;
	if (seg->n_sack < 2)
		return false;

	second = block_at(seg, 1);

	return is_plausible(c, second) &&
	       seq_before_eq(second.start, first.start) &&
	       seq_before_eq(first.end, second.end);
}

/* Keeps @blocks sorted by their starts. */
static void insert(struct block *blocks, unsigned int n, struct block new)
{
	for (; n && seq_before(new.start, blocks[n - 1].start); n--)
		blocks[n] = blocks[n - 1];
	blocks[n] = new;
}

static unsigned int read_blocks(struct clasp_conn *c,
				const struct clasp_segment *seg,
				struct block *blocks, struct clasp_news *news)
{
	unsigned int i = 0, n = 0;
	struct block block;

	block = block_at(seg, 0);
	if (is_dsack(c, seg, block)) {
		news->dsack = true;
		news->dsack_start = block.start;
		news->dsack_end = block.end;
		clasp_annex(c)->counts.dsacks++;
		i++;
	}
	for (; i < seg->n_sack; i++) {
		block = block_at(seg, i);
		if (is_plausible(c, block))
			insert(blocks, n++, block);
	}

	return n;
}

static void mark_sacked(struct clasp_conn *c, struct clasp_sent *sent,
			struct clasp_news *news)
{
	u32 len = clasp_scoreboard_len(c, sent);

	arrived(c, sent, sent->end_seq, len, news);
	uncount(c, sent->marks, len);
	sent->marks &= ~(CLASP_SENT_LOST | CLASP_SENT_AGAIN);
	sent->marks |= CLASP_SENT_SACKED;
	sent->run = sent->end_seq;
	c->sacked += len;
	clasp_order_del(c, sent);
}

/*
 * The whole segments of @sent that lie in @block, as a range of their own.
 * Returns NULL when there are none, or no memory to cut: then it is as if the
 * peer had not told.
 */
static struct clasp_sent *cut_to(struct clasp_conn *c, struct clasp_sent *sent,
				 struct block block)
{
	u32 mss = max_t(u32, sent->mss, 1);
	u32 from = sent->seq, to = sent->end_seq;

	if (seq_before(from, block.start))
		from += DIV_ROUND_UP(block.start - from, mss) * mss;
	if (seq_after(to, block.end))
		to = block.end - (block.end - sent->seq) % mss;
	if (!seq_before(from, to))
		return NULL;

	if (from != sent->seq)
		sent = clasp_sent_split(c, sent, from);
	if (sent && to != sent->end_seq && !clasp_sent_split(c, sent, to))
		return NULL;

	return sent;
}

/*
 * The first range behind a run of SACKED ones. The way is remembered: what is
 * told again with each acknowledgment is not walked again.
 */
static struct clasp_sent *behind_run(struct clasp_conn *c,
				     struct clasp_sent *sent)
{
	struct clasp_sent *next;

	while ((next = clasp_sent_at(c, sent->run)) &&
	       next->marks & CLASP_SENT_SACKED)
		sent->run = next->run;

	return next;
}

static void take_block(struct clasp_conn *c, struct block block,
		       struct clasp_news *news)
{
	struct clasp_sent *sent, *part;

	sent = clasp_sent_at(c, block.start);
	while (sent && seq_before(sent->seq, block.end)) {
		if (sent->marks & CLASP_SENT_SACKED) {
			sent = behind_run(c, sent);
			continue;
		}
		part = cut_to(c, sent, block);
		if (part) {
			mark_sacked(c, part, news);
			sent = part;
		}
		sent = clasp_sent_next(c, sent);
	}
}

/**
 * clasp_scoreboard_sack() - the peer tells what it holds behind gaps
 * @c: connection; the caller owns it; snd_una is of this segment already
 * @seg: has the SACK option
 * @news: what this tells is added
 */
void clasp_scoreboard_sack(struct clasp_conn *c,
			   const struct clasp_segment *seg,
			   struct clasp_news *news)
{
	struct block blocks[CLASP_SACK_MAX];
	unsigned int i, n;
	u32 done = c->snd_una;

	n = read_blocks(c, seg, blocks, news);
	if (n) {
		c->sack_seen = true;
		c->dup_bytes = 0;
	}
	for (i = 0; i < n; i++) {
		/* what overlaps is looked at once */
		blocks[i].start = seq_max(blocks[i].start, done);
		if (!seq_before(blocks[i].start, blocks[i].end))
			continue;
		take_block(c, blocks[i], news);
		done = blocks[i].end;
	}
}

/**
 * clasp_scoreboard_duplicate() - a duplicate ACK from a peer that tells no more
 * @c: connection; the caller owns it
 * @news: what this tells is added
 *
 * RFC 5681 §3.2: some segment has left the network.
 */
void clasp_scoreboard_duplicate(struct clasp_conn *c, struct clasp_news *news)
{
	u32 before = c->dup_bytes;

	c->dup_bytes += clasp_conn_mss(c);
	bound_duplicates(c);
	news->sample.delivered += c->dup_bytes - min(before, c->dup_bytes);
}

/**
 * clasp_scoreboard_lose() - a range is held lost
 * @c: connection; the caller owns it
 * @sent: sent, not SACKED; if it is under way again, that copy is lost
 *
 * Return: bytes that are newly lost.
 */
u32 clasp_scoreboard_lose(struct clasp_conn *c, struct clasp_sent *sent)
{
	u32 len = clasp_scoreboard_len(c, sent);
	bool known = sent->marks & CLASP_SENT_LOST;
	bool again = sent->marks & CLASP_SENT_AGAIN;

	if (again) {
		sent->marks &= ~(CLASP_SENT_AGAIN | CLASP_SENT_PROBE);
		c->again -= len;
	}
	if (!known) {
		sent->marks |= CLASP_SENT_LOST;
		c->lost += len;
	}
	clasp_order_del(c, sent);
	c->lost_seq = seq_min(c->lost_seq, seq_max(sent->seq, c->snd_una));
	bound_duplicates(c);

	if (known && !again)
		return 0;
	if (!(sent->marks & CLASP_SENT_PROBE))
		c->rate.lost += len;

	return len;
}

/**
 * clasp_scoreboard_lose_head() - the oldest segment is held lost
 * @c: connection; the caller owns it
 *
 * Return: bytes that are newly lost; 0 when it is under way again, or SACKED.
 */
u32 clasp_scoreboard_lose_head(struct clasp_conn *c)
{
	struct clasp_sent *sent = clasp_sent_at(c, c->snd_una);
	u32 mss, cut;

	if (!sent) {
		c->fin_lost = fin_is_out(c);
		bound_duplicates(c);
		return 0;
	}
	if (sent->marks & (CLASP_SENT_SACKED | CLASP_SENT_LOST))
		return 0;

	mss = max_t(u32, sent->mss, 1);
	cut = sent->seq + ((c->snd_una - sent->seq) / mss + 1) * mss;
	/* without memory for the cut more is sent again than need be */
	if (seq_before(cut, sent->end_seq))
		clasp_sent_split(c, sent, cut);

	return clasp_scoreboard_lose(c, sent);
}

/*
 * RFC 2018 §8: the peer may take back what it told of. If it holds what comes
 * next, it would have acknowledged that: it has.
 */
static void check_reneging(struct clasp_conn *c)
{
	struct clasp_sent *sent = clasp_sent_at(c, c->snd_una);

	if (!sent || !(sent->marks & CLASP_SENT_SACKED))
		return;

	for (; sent; sent = clasp_sent_next(c, sent))
		sent->marks &= ~CLASP_SENT_SACKED;
	c->sacked = 0;
}

/**
 * clasp_scoreboard_lose_all() - nobody answers: all that is not SACKED is lost
 * @c: connection; the caller owns it
 */
void clasp_scoreboard_lose_all(struct clasp_conn *c)
{
	struct clasp_sent *sent;

	check_reneging(c);
	for (sent = clasp_sent_at(c, c->snd_una); sent;
	     sent = clasp_sent_next(c, sent))
		if (!(sent->marks & CLASP_SENT_SACKED))
			clasp_scoreboard_lose(c, sent);

	c->dup_bytes = 0;
	c->fin_lost = fin_is_out(c);
}

/**
 * clasp_scoreboard_lose_long() - segments over a length did not get through
 * @c: connection; the caller owns it
 * @mss: payload that does
 *
 * Return: bytes that are newly lost.
 */
u32 clasp_scoreboard_lose_long(struct clasp_conn *c, u32 mss)
{
	struct clasp_sent *sent;
	u32 lost = 0;

	for (sent = clasp_sent_at(c, c->snd_una); sent;
	     sent = clasp_sent_next(c, sent))
		if (!(sent->marks & CLASP_SENT_SACKED) && sent->mss > mss &&
		    clasp_scoreboard_len(c, sent) > mss)
			lost += clasp_scoreboard_lose(c, sent);

	return lost;
}

/**
 * clasp_scoreboard_unlose() - nothing of it was lost after all
 * @c: connection; the caller owns it
 *
 * What was held lost is under way as it was before; what was sent again in vain
 * no longer counts. From the last to the first, so that the order in which
 * they were sent, all before what was sent since, is theirs again. What was sent
 * again has its place, by that time, already.
 */
void clasp_scoreboard_unlose(struct clasp_conn *c)
{
	struct clasp_sent *sent;

	for (sent = clasp_sent_last(c); sent && seq_after(sent->end_seq, c->snd_una);
	     sent = clasp_sent_prev(c, sent)) {
		if (!(sent->marks & CLASP_SENT_LOST))
			continue;
		if (!(sent->marks & CLASP_SENT_AGAIN))
			clasp_order_add_first(c, sent);
		uncount(c, sent->marks, clasp_scoreboard_len(c, sent));
		sent->marks &= ~(CLASP_SENT_LOST | CLASP_SENT_AGAIN);
	}
	c->fin_lost = false;
}

/**
 * clasp_scoreboard_next() - what is held lost and not under way again
 * @c: connection; the caller owns it
 *
 * Return: the first such range, or NULL.
 */
struct clasp_sent *clasp_scoreboard_next(struct clasp_conn *c)
{
	struct clasp_sent *sent;

	if (!c->lost)
		return NULL;

	sent = clasp_sent_at(c, c->lost_seq);
	while (sent && (sent->marks & (CLASP_SENT_LOST | CLASP_SENT_AGAIN)) !=
		       CLASP_SENT_LOST)
		sent = clasp_sent_next(c, sent);
	c->lost_seq = sent ? seq_max(sent->seq, c->snd_una) : c->snd_nxt;

	return sent;
}

/**
 * clasp_scoreboard_again() - a range has been sent again, whole
 * @c: connection; the caller owns it
 * @sent: the range; sent_us says when
 */
void clasp_scoreboard_again(struct clasp_conn *c, struct clasp_sent *sent)
{
	u32 len = clasp_scoreboard_len(c, sent);

	if (!(sent->marks & CLASP_SENT_AGAIN))
		c->again += len;
	sent->marks |= CLASP_SENT_AGAIN | CLASP_SENT_TWICE;
	clasp_order_del(c, sent);
	clasp_order_add(c, sent);
}
