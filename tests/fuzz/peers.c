// SPDX-License-Identifier: GPL-2.0
/*
 * Two ends, and between them somebody who holds, repeats, loses and forges.
 *
 * What the server says may become a lie on the way: more acknowledged than
 * arrived, in small pieces, SACKs of what was never sent, a window that
 * shrinks, options without end. The client must keep its invariants; the
 * server is honest and keeps its own.
 */
#include "fuzz.h"
#include "packet.h"

#define STEPS_MAX	400
#define POOL_MAX	64

static struct sim_packet *pool[POOL_MAX];
static u32 pooled;

/* When it is full the oldest is lost. */
static void into_pool(struct sim_end *from, struct sim_packet *p)
{
	if (pooled == POOL_MAX) {
		free(pool[0]);
		memmove(pool, pool + 1, --pooled * sizeof(*pool));
	}
	pool[pooled++] = p;
}

static struct sim_packet *out_of_pool(u32 index)
{
	struct sim_packet *p = pool[index];

	memmove(pool + index, pool + index + 1,
		(--pooled - index) * sizeof(*pool));

	return p;
}

/* The lie is built anew, so that its checksum is right. */
static struct sim_packet *forge(struct fuzz *f, const struct sim_packet *p)
{
	const struct clasp_conn *victim = &p->to->body.conn;
	struct clasp_segment seg;
	struct sim_packet *lie;
	u8 sack[8 * CLASP_SACK_MAX], i;

	if (p->len < CLASP_HDR_MIN ||
	    clasp_segment_parse(&seg, p->bytes, p->len, p->len) ||
	    seg.flags & (CLASP_SYN | CLASP_RST))
		return sim_packet_copy(p);

	switch (fuzz_byte(f) % 6) {
	case 0:		/* optimistic */
		seg.ack = victim->snd_nxt;
		break;
	case 1:		/* a little at a time */
		seg.ack = victim->snd_una + 1 + fuzz_byte(f) % 16;
		break;
	case 2:		/* of anything, sent or not */
		seg.has |= CLASP_HAS_SACK;
		seg.n_sack = 1 + fuzz_byte(f) % CLASP_SACK_MAX;
		seg.sack = sack;
		for (i = 0; i < 2 * seg.n_sack; i++)
			put_unaligned_be32(fuzz_near(f, i & 1 ?
						     victim->snd_nxt :
						     victim->snd_una),
					   sack + 4 * i);
		break;
	case 3:
		seg.window = fuzz_byte(f) & 1 ? 0 : fuzz_u16(f);
		break;
	case 4:		/* a duplicate, as it were */
		seg.ack = victim->snd_una;
		seg.window = victim->snd_wnd;
		break;
	default:
		seg.tsecr = fuzz_near(f, seg.tsecr);
		break;
	}

	/* its payload is what it was */
	lie = sim_packet_new(&seg, 0, false);
	memcpy(lie->bytes + lie->len - seg.len, p->bytes + p->len - seg.len,
	       seg.len);
	sim_packet_sum(lie, false);
	lie->to = p->to;

	return lie;
}

static void deliver(struct sim_packet *p)
{
	sim_end_packet(p->to, p);
	free(p);
}

static void network(struct fuzz *f, u8 step)
{
	struct sim_packet *p;
	u32 index;

	if (!pooled)
		return;
	/* in order more often than not */
	index = step & 1 ? fuzz_byte(f) % pooled : 0;

	switch (step / 2 % 8) {
	case 0:
		free(out_of_pool(index));
		break;
	case 1:
		deliver(sim_packet_copy(pool[index]));
		break;
	case 2:
	case 3:
		p = out_of_pool(index);
		if (p->to->client)
			deliver(forge(f, p));
		free(p);
		break;
	default:
		deliver(out_of_pool(index));
		break;
	}
}

int LLVMFuzzerTestOneInput(const u8 *data, size_t size)
{
	struct fuzz f = { data, size };
	struct sim *sim = fuzz_sim(&f, into_pool);
	int steps = 0;

	while (f.left && steps++ < STEPS_MAX && !*sim->failure) {
		u8 step = fuzz_byte(&f);

		if (step < 200)
			network(&f, step);
		else if (step < 240)
			fuzz_time(&f, sim);
		else
			fuzz_program(&f, sim->ends[step & 1]);
	}

	while (pooled)
		free(out_of_pool(0));
	fuzz_judge(sim);
	fuzz_sim_free(sim);

	return 0;
}
