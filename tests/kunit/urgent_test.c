// SPDX-License-Identifier: GPL-2.0
/*
 * Urgent data: RFC 9293 §3.8.5, MUST-30 to 33, 62 and 66.
 */
#include <kunit/test.h>

#include "bare.h"
#include "input.h"
#include "peer.h"
#include "urgent.h"

/* What the peer's next octets are numbered from, in the bare suites. */
static struct clasp_segment pointing(const struct clasp_conn *c, u32 ahead,
				     u32 len)
{
	struct clasp_segment seg = bare_acking(c, 0);

	seg.flags |= CLASP_URG;
	seg.has = CLASP_HAS_URG;
	seg.urg = c->rcv_nxt + ahead;
	seg.len = len;

	return seg;
}

static struct clasp_arrival hears(struct clasp_conn *c,
				  const struct clasp_segment *seg)
{
	struct clasp_arrival a = {};

	clasp_urgent_input(c, seg, &a);

	return a;
}

static struct clasp_arrival hears_of(struct clasp_conn *c, u32 ahead, u32 len)
{
	struct clasp_segment seg = pointing(c, ahead, len);

	return hears(c, &seg);
}

/* Sending. */

/* MUST-62: the octet behind the urgent data. */
static void write__urgent__segment_points_behind_it(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	program_writes_urgent(p, 5);

	EXPECT_SENT(p, ACK | PSH | URG, .seq = p->snd_nxt, .len = 5);
	KUNIT_EXPECT_TRUE(test, peer_last_sent(p)->has & CLASP_HAS_URG);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->urg, p->snd_nxt + 5);
	EXPECT_SENT_NOTHING(p);
}

/* MUST-31: of any length; the option comes off each segment of it. */
static void write__urgent_long__every_segment_points(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);
	u32 mss = PEER_MSS - 8;

	program_writes_urgent(p, 2 * mss);

	/* a range was cut for segments without the option */
	EXPECT_SENT(p, ACK | URG, .seq = p->snd_nxt, .len = mss);
	EXPECT_SENT(p, ACK | URG, .seq = p->snd_nxt + mss, .len = 8);
	EXPECT_SENT(p, ACK | PSH | URG, .len = mss - 8);
	KUNIT_EXPECT_EQ(test, p->log[0].segment.urg, p->snd_nxt + 2 * mss);
	KUNIT_EXPECT_EQ(test, p->log[2].segment.urg, p->snd_nxt + 2 * mss);
}

static void write__behind_urgent__points_no_more(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	program_writes_urgent(p, 5);
	peer_sends(p, ACK, .ack = p->snd_nxt + 5);
	peer_forgets(p);
	program_writes(p, PEER_MSS);

	/* and a segment is as long as it was */
	EXPECT_SENT(p, ACK | PSH, .seq = p->snd_nxt + 5, .len = PEER_MSS);
	EXPECT_SENT_NOTHING(p);
}

/* It is not small: neither Nagle's algorithm nor a cork holds it. */
static void write__urgent_small__is_not_held(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	program_writes(p, 10);
	clasp_annex(p->conn)->user.corked = true;
	program_writes(p, 10);
	EXPECT_SENT(p, ACK | PSH, .len = 10);
	EXPECT_SENT_NOTHING(p);

	program_writes_urgent(p, 1);
	EXPECT_SENT(p, ACK | PSH | URG, .seq = p->snd_nxt + 10, .len = 10);
	EXPECT_SENT(p, ACK | PSH | URG, .seq = p->snd_nxt + 20, .len = 1);
}

/* MUST-66, the sender's side: the news does not wait for the window. */
static void write__urgent_without_window__told_at_once(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .window = 0);
	program_writes_urgent(p, 5);

	EXPECT_SENT(p, ACK | URG, .seq = p->snd_nxt, .why = CLASP_SEND_URGENT);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->urg, p->snd_nxt + 5);
	EXPECT_SENT_NOTHING(p);
}

/* The segment may have been lost; a probe alone is old, and tells nothing. */
static void probe__urgent_waits__told_again(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .window = 0);
	program_writes_urgent(p, 5);
	peer_forgets(p);
	time_passes(p, USEC_PER_SEC);

	EXPECT_SENT(p, ACK, .seq = p->snd_nxt - 1,
		    .why = CLASP_SEND_PROBE_WINDOW);
	EXPECT_SENT(p, ACK | URG, .seq = p->snd_nxt,
		    .why = CLASP_SEND_URGENT);
}

static void probe__nothing_urgent__probe_alone(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .window = 0);
	program_writes(p, 5);
	time_passes(p, USEC_PER_SEC);

	EXPECT_SENT(p, ACK, .why = CLASP_SEND_PROBE_WINDOW);
	EXPECT_SENT(p, ACK, .why = CLASP_SEND_PROBE_WINDOW);
}

static void timeout__urgent_lost__sent_again_with_pointer(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	p->settings.tlp = false;
	program_writes_urgent(p, 5);
	peer_forgets(p);
	time_passes(p, USEC_PER_SEC);

	EXPECT_SENT(p, ACK | PSH | URG, .seq = p->snd_nxt, .len = 5);
	KUNIT_EXPECT_EQ(test, peer_last_sent(p)->urg, p->snd_nxt + 5);
}

/* The pointer of a connection that lives long is not mistaken for a new one. */
static void acked__half_the_numbers_later__not_urgent(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	int i;

	c->write_seq = c->snd_una + 10;
	clasp_urgent_write(c);
	KUNIT_EXPECT_EQ(test, clasp_urgent_room(c), 8u);
	KUNIT_EXPECT_TRUE(test, clasp_urgent_unsent(c));

	for (i = 0; i < 3; i++) {
		c->snd_una += CLASP_WINDOW_MAX;
		c->snd_nxt = c->snd_una;
		clasp_urgent_acked(c);
		KUNIT_EXPECT_EQ(test, clasp_urgent_room(c), 0u);
		KUNIT_EXPECT_FALSE(test, clasp_urgent_unsent(c));
	}
}

/* RFC 9293 §3.10.4: nothing more is told of a connection that is over. */
static void closed__urgent_due__nothing_is_sent(struct kunit *test)
{
	struct peer *p = peer_in(test, FIN_WAIT_2);

	p->conn->urgent_due = true;
	p->conn->snd_up = p->conn->snd_nxt + 1;
	peer_pushes(p);

	EXPECT_SENT_NOTHING(p);
}

/* Receiving. */

/* MUST-32: without any data it is news. */
static void pointer__ahead__announced(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_arrival a = hears_of(c, 100, 0);

	KUNIT_EXPECT_TRUE(test, a.urgent_new);
	KUNIT_EXPECT_FALSE(test, a.urgent_old);
	KUNIT_EXPECT_FALSE(test, a.urgent_here);
	KUNIT_EXPECT_EQ(test, c->urgent, CLASP_URGENT_ANNOUNCED);
	KUNIT_EXPECT_EQ(test, clasp_urgent_seq(c), BARE_RCV + 99);
}

static void pointer__at_what_has_come__no_news(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	KUNIT_EXPECT_FALSE(test, hears_of(c, 0, 0).urgent_new);
	KUNIT_EXPECT_FALSE(test, hears_of(c, -50, 0).urgent_new);
	KUNIT_EXPECT_EQ(test, c->urgent, CLASP_URGENT_NONE);
}

/* Also when the option is older than what the program has been told of. */
static void pointer__not_past_the_last__no_news(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	hears_of(c, 100, 0);

	KUNIT_EXPECT_FALSE(test, hears_of(c, 100, 0).urgent_new);
	KUNIT_EXPECT_FALSE(test, hears_of(c, 99, 0).urgent_new);
	KUNIT_EXPECT_TRUE(test, hears_of(c, 101, 0).urgent_new);
	KUNIT_EXPECT_EQ(test, c->rcv_up, BARE_RCV + 101);
}

/* docs/protocol.md §3: bit and option count together alone. */
static void pointer__no_option__no_news(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment seg = pointing(c, 10, 10);

	seg.has = 0;

	KUNIT_EXPECT_FALSE(test, hears(c, &seg).urgent_new);
	KUNIT_EXPECT_EQ(test, c->urgent, CLASP_URGENT_NONE);
}

static void pointer__behind_the_fin__no_news(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_CLOSE_WAIT);

	KUNIT_EXPECT_FALSE(test, hears_of(c, 10, 0).urgent_new);
}

static void octet__in_the_text__is_told(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_arrival a = hears_of(c, 4, 10);

	KUNIT_EXPECT_TRUE(test, a.urgent_new);
	KUNIT_EXPECT_TRUE(test, a.urgent_here);
	KUNIT_EXPECT_EQ(test, a.urgent_at, 3u);
	KUNIT_EXPECT_EQ(test, c->urgent, CLASP_URGENT_ARRIVED);

	/* once */
	a = hears_of(c, 4, 10);
	KUNIT_EXPECT_FALSE(test, a.urgent_new || a.urgent_here);
}

static void octet__next_to_the_text__still_announced(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	hears_of(c, 11, 10);
	KUNIT_EXPECT_EQ(test, c->urgent, CLASP_URGENT_ANNOUNCED);
	/* text that begins behind it */
	c->rcv_nxt += 11;
	hears_of(c, 0, 10);
	KUNIT_EXPECT_EQ(test, c->urgent, CLASP_URGENT_ANNOUNCED);
}

/* The segment that has it need not say so again. */
static void octet__announced_before__is_told(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_segment seg;
	struct clasp_arrival a;

	hears_of(c, 4, 0);
	seg = bare_acking(c, 0);
	seg.len = 4;
	a = hears(c, &seg);

	KUNIT_EXPECT_FALSE(test, a.urgent_new);
	KUNIT_EXPECT_TRUE(test, a.urgent_here);
	KUNIT_EXPECT_EQ(test, a.urgent_at, 3u);
}

/* MUST-66: whatever becomes of the text. */
static void octet__no_window__is_told_text_is_not_taken(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK, .len = OUR_BUFFER);
	peer_forgets(p);
	peer_sends(p, ACK | URG, .seq = p->rcv_nxt + OUR_BUFFER,
		   .has = CLASP_HAS_URG, .len = 1,
		   .urg = p->rcv_nxt + OUR_BUFFER + 1);

	EXPECT_DROPPED(p, OUT_OF_WINDOW);
	KUNIT_EXPECT_EQ(test, p->conn->urgent, CLASP_URGENT_ARRIVED);
}

/* A stranger's segment tells nothing. */
static void pointer__unacceptable_segment__no_news(struct kunit *test)
{
	struct peer *p = peer_in(test, ESTABLISHED);

	peer_sends(p, ACK | URG, .seq = p->rcv_nxt - 1, .len = 1,
		   .has = CLASP_HAS_URG, .urg = p->rcv_nxt + 10);

	EXPECT_DROPPED(p, OLD_DATA);
	KUNIT_EXPECT_EQ(test, p->conn->urgent, CLASP_URGENT_NONE);
}

/* A second mark: of the first the body has to know whether it has come. */
static void pointer__again__tells_of_the_octet_before(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);
	struct clasp_arrival a;

	hears_of(c, 1, 1);
	c->rcv_nxt++;
	a = hears_of(c, 1, 1);
	KUNIT_EXPECT_TRUE(test, a.urgent_new);
	KUNIT_EXPECT_TRUE(test, a.urgent_old);
	KUNIT_EXPECT_EQ(test, a.urgent_old_seq, BARE_RCV);

	/* that one has not been taken */
	a = hears_of(c, 5, 0);
	KUNIT_EXPECT_TRUE(test, a.urgent_new);
	KUNIT_EXPECT_FALSE(test, a.urgent_old);
}

/* Reading: MUST-33. */

static void ahead__mark__a_read_ends_before_it(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	hears_of(c, 6, 10);

	KUNIT_EXPECT_EQ(test, clasp_urgent_ahead(c, BARE_RCV, 10), 5u);
	KUNIT_EXPECT_EQ(test, clasp_urgent_ahead(c, BARE_RCV, 5), 5u);
	KUNIT_EXPECT_EQ(test, clasp_urgent_ahead(c, BARE_RCV, 4), 4u);
	KUNIT_EXPECT_EQ(test, clasp_urgent_ahead(c, BARE_RCV + 4, 10), 1u);
	/* at the mark, and behind it */
	KUNIT_EXPECT_EQ(test, clasp_urgent_ahead(c, BARE_RCV + 5, 5), 5u);
	KUNIT_EXPECT_EQ(test, clasp_urgent_ahead(c, BARE_RCV + 6, 4), 4u);
}

static void ahead__no_mark__all(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	c->rcv_up = BARE_RCV + 5;

	KUNIT_EXPECT_EQ(test, clasp_urgent_ahead(c, BARE_RCV, 10), 10u);
}

static void passed__the_mark__there_is_none(struct kunit *test)
{
	struct clasp_conn *c = bare_conn(test, CLASP_ESTABLISHED);

	hears_of(c, 6, 10);
	KUNIT_EXPECT_FALSE(test, clasp_urgent_at(c, BARE_RCV));
	clasp_urgent_passed(c, BARE_RCV + 5);
	KUNIT_EXPECT_TRUE(test, clasp_urgent_at(c, BARE_RCV + 5));

	clasp_urgent_passed(c, BARE_RCV + 6);
	KUNIT_EXPECT_EQ(test, c->urgent, CLASP_URGENT_NONE);
	KUNIT_EXPECT_FALSE(test, clasp_urgent_at(c, BARE_RCV + 5));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(write__urgent__segment_points_behind_it),
	KUNIT_CASE(write__urgent_long__every_segment_points),
	KUNIT_CASE(write__behind_urgent__points_no_more),
	KUNIT_CASE(write__urgent_small__is_not_held),
	KUNIT_CASE(write__urgent_without_window__told_at_once),
	KUNIT_CASE(probe__urgent_waits__told_again),
	KUNIT_CASE(probe__nothing_urgent__probe_alone),
	KUNIT_CASE(timeout__urgent_lost__sent_again_with_pointer),
	KUNIT_CASE(acked__half_the_numbers_later__not_urgent),
	KUNIT_CASE(closed__urgent_due__nothing_is_sent),
	KUNIT_CASE(pointer__ahead__announced),
	KUNIT_CASE(pointer__at_what_has_come__no_news),
	KUNIT_CASE(pointer__not_past_the_last__no_news),
	KUNIT_CASE(pointer__no_option__no_news),
	KUNIT_CASE(pointer__behind_the_fin__no_news),
	KUNIT_CASE(octet__in_the_text__is_told),
	KUNIT_CASE(octet__next_to_the_text__still_announced),
	KUNIT_CASE(octet__announced_before__is_told),
	KUNIT_CASE(octet__no_window__is_told_text_is_not_taken),
	KUNIT_CASE(pointer__unacceptable_segment__no_news),
	KUNIT_CASE(pointer__again__tells_of_the_octet_before),
	KUNIT_CASE(ahead__mark__a_read_ends_before_it),
	KUNIT_CASE(ahead__no_mark__all),
	KUNIT_CASE(passed__the_mark__there_is_none),
	{}
};

static struct kunit_suite suite = {
	.name = "urgent",
	.exit = bare_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
