// SPDX-License-Identifier: GPL-2.0
/*
 * What the fuzz targets share: a run without links, programs and time that
 * bytes decide about.
 */
#include "fuzz.h"

/**
 * fuzz_sim() - two ends and no network
 * @f: says how the programs and the settings are
 * @wire: takes what the ends send
 *
 * Return: the run; nothing has happened yet.
 */
struct sim *fuzz_sim(struct fuzz *f,
		     void (*wire)(struct sim_end *from, struct sim_packet *p))
{
	static const u32 writes[] = { 0, 1, 5000, 200000 };
	static const u32 buffers[] = { 262144, 20000, 3000, 300 };
	u8 how = fuzz_byte(f), set = fuzz_byte(f);
	struct sim *sim = malloc(sizeof(*sim));
	struct sim_scenario *s = malloc(sizeof(*s));

	if (!sim || !s || !sim_scenario_read(s, "fuzz", "programs close never"))
		abort();

	s->client.write = writes[how & 3];
	s->server.write = writes[how >> 2 & 3];
	s->client.rcvbuf = buffers[how >> 4 & 3];
	s->server.rcvbuf = buffers[how >> 6 & 3];
	s->client.chunk = 3000;
	s->server.chunk = 3000;
	s->settings.timestamps = set & 1;
	s->settings.nagle = !(set & 2);
	s->settings.delayed_ack = !(set & 4);
	if (set & 8)
		s->server.open = 0;
	if (set & 16)
		s->server.wait = 100 * SIM_MS;
	if (set & 32)
		s->client.wait = 100 * SIM_MS;

	sim_init(sim, s, set);
	sim->wire = wire;
	sim->ladder = getenv("LADDER");
	free(s);

	return sim;
}

void fuzz_sim_free(struct sim *sim)
{
	sim_free(sim);
	free(sim);
}

void fuzz_judge(const struct sim *sim)
{
	fuzz_must(!*sim->failure, "%s", sim->failure);
}

/**
 * fuzz_program() - the program does something
 * @f: says what
 * @end: its end
 */
void fuzz_program(struct fuzz *f, struct sim_end *end)
{
	switch (fuzz_byte(f) % 5) {
	case 0:
		sim_program_close(end);
		break;
	case 1:
		sim_program_leave(end);
		break;
	case 2:
		sim_program_abort(end);
		break;
	case 3:
		if (end->taker != SIM_CONN)
			break;
		clasp_conn_path_mss(&end->body.conn, fuzz_u16(f));
		sim_engine_push(end);
		break;
	default:
		if (end->taker != SIM_CONN)
			break;
		clasp_conn_icmp_error(&end->body.conn, 113,
				      fuzz_byte(f) & 1);
		sim_engine_push(end);
		break;
	}
}

/**
 * fuzz_time() - time passes, and timers fire
 * @f: says how much
 * @sim: the run
 */
void fuzz_time(struct fuzz *f, struct sim *sim)
{
	static const u64 spans[] = {
		SIM_MS, 40 * SIM_MS, 200 * SIM_MS, SIM_S, 10 * SIM_S,
		130 * SIM_S, 3600 * SIM_S, 30ull * 24 * 3600 * SIM_S,
	};
	u64 until_ns = sim->clock.now_ns + spans[fuzz_byte(f) % 8];
	u32 times = 0;

	while (!*sim->failure && times++ < 1000 &&
	       sim_clock_step(&sim->clock, until_ns))
		;
	sim->clock.now_ns = max(sim->clock.now_ns,
				times < 1000 ? until_ns : 0);
}

/**
 * fuzz_near() - a number at, or near, or far from another
 * @f: says where
 * @number: that one
 */
u32 fuzz_near(struct fuzz *f, u32 number)
{
	u8 how = fuzz_byte(f);

	if (how < 64)
		return number;
	if (how < 128)
		return number + how - 96;
	if (how < 192)
		return number + (s16)fuzz_u16(f);

	return number + fuzz_u32(f);
}
