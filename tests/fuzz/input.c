// SPDX-License-Identifier: GPL-2.0
/*
 * Any segments to one connection in any state, from somebody who knows its
 * numbers: the core's own peer is not asked.
 *
 * The octets that are sent are the stream's, so that what the program gets can
 * still be judged.
 */
#include "fuzz.h"
#include "packet.h"

#define STEPS_MAX	200
#define PERIOD		65521		/* of the stream's octets */

static void swallow(struct sim_end *from, struct sim_packet *p)
{
	free(p);
}

/* The number of the octet that the program gets next. */
static u32 next_octet(const struct sim_end *end, const struct clasp_segment *seg)
{
	if (end->taker == SIM_EMBRYO)
		return end->embryo.irs + 1;
	/* that SYN decides it */
	if (end->body.conn.state == CLASP_SYN_SENT)
		return seg->seq + 1;

	return end->body.conn.rcv_nxt;
}

/* Where in the stream the payload would be; the octets repeat. */
static u64 stream_offset(const struct sim_end *end,
			 const struct clasp_segment *seg)
{
	u32 first = seg->seq + !!(seg->flags & CLASP_SYN);
	s32 ahead = first - next_octet(end, seg);

	return end->received + (u64)PERIOD * 65536 + ahead;
}

static void options(struct fuzz *f, const struct sim_end *end,
		    struct clasp_segment *seg, u8 *sack)
{
	const struct clasp_conn *c = &end->body.conn;
	u32 clock = clasp_timestamps_value(&c->ts, sim_end_now_us(end));
	u8 which = fuzz_byte(f), i;

	if (which & 1) {
		seg->has |= CLASP_HAS_TIMESTAMPS;
		seg->tsval = fuzz_near(f, c->ts.recent);
		seg->tsecr = fuzz_near(f, clock);
	}
	if (which & 2 && seg->flags & CLASP_SYN) {
		seg->has |= CLASP_HAS_MSS;
		seg->mss = fuzz_u16(f);
	}
	if (which & 4 && seg->flags & CLASP_ACK &&
	    !(seg->flags & (CLASP_SYN | CLASP_RST))) {
		seg->has |= CLASP_HAS_SACK;
		seg->n_sack = 1 + fuzz_byte(f) % 8;
		seg->sack = sack;
		for (i = 0; i < 2 * seg->n_sack; i++)
			put_unaligned_be32(fuzz_near(f, i & 1 ? c->snd_nxt :
							       c->snd_una),
					   sack + 4 * i);
	}
	if (which & 8 && seg->flags & CLASP_URG) {
		seg->has |= CLASP_HAS_URG;
		seg->urg = fuzz_near(f, seg->seq);
	}
}

/* Through the codec, as from a wire; a RST has no options then. */
static void segment(struct fuzz *f, struct sim_end *end)
{
	static const u16 lengths[] = { 0, 0, 1, 100, 536, 1448, 8000, 30000 };
	const struct clasp_conn *c = &end->body.conn;
	u8 how = fuzz_byte(f), sack[8 * 8];
	struct clasp_segment seg = {
		.source	= end->client ? 7 : 40000,
		.dest	= end->client ? 40000 : 7,
		.flags	= fuzz_byte(f),
	};
	struct sim_packet *p;

	/* most segments are sensible */
	if (how & 8)
		seg.flags = CLASP_ACK;
	seg.seq = fuzz_near(f, c->rcv_nxt);
	seg.ack = fuzz_near(f, how & 16 ? c->snd_una : c->snd_nxt);
	if (end->taker == SIM_EMBRYO) {
		seg.seq = fuzz_near(f, end->embryo.irs + 1);
		seg.ack = fuzz_near(f, end->embryo.iss + 1);
	}
	seg.window = how & 32 ? fuzz_u32(f) : fuzz_u16(f);
	seg.len = lengths[how & 7];
	options(f, end, &seg, sack);

	p = sim_packet_new(&seg, stream_offset(end, &seg), !end->client);
	p->to = end;
	sim_end_packet(end, p);
	free(p);
}

static void open_up(struct sim_end *end)
{
	struct clasp_segment seg = {
		.source	= end->client ? 7 : 40000,
		.dest	= end->client ? 40000 : 7,
		.seq	= 1000,
		.window	= 65535,
		.flags	= CLASP_SYN | (end->client ? CLASP_ACK : 0),
		.has	= CLASP_HAS_TIMESTAMPS,
		.tsval	= 5000,
	};
	struct sim_packet *p;

	seg.ack = end->body.conn.iss + 1;
	p = sim_packet_new(&seg, 0, !end->client);
	sim_end_packet(end, p);
	free(p);
	if (end->client || end->taker != SIM_EMBRYO)
		return;

	seg.seq = 1001;
	seg.ack = end->embryo.iss + 1;
	seg.flags = CLASP_ACK;
	p = sim_packet_new(&seg, 0, true);
	sim_end_packet(end, p);
	free(p);
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz f = { data, size };
	u8 start = fuzz_byte(&f);
	struct sim *sim = fuzz_sim(&f, swallow);
	struct sim_end *end = sim->ends[start & 1];
	int steps = 0;

	/* what opens at time 0 opens */
	while (sim_clock_step(&sim->clock, 0))
		;
	if (start & 2)
		open_up(end);

	while (f.left && steps++ < STEPS_MAX && !*sim->failure) {
		u8 step = fuzz_byte(&f);

		if (step < 180)
			segment(&f, end);
		else if (step < 220)
			fuzz_time(&f, sim);
		else
			fuzz_program(&f, end);
	}

	fuzz_judge(sim);
	fuzz_sim_free(sim);

	return 0;
}
