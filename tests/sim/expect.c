// SPDX-License-Identifier: GPL-2.0
/*
 * Lines "expect ...": a number that compares, or a statement.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "endpoint.h"
#include "event.h"
#include "expect.h"
#include "value.h"

#define WORDS_MAX	8

/**
 * sim_measure() - a run in numbers
 * @sim: the run, over
 * @m: filled in
 */
void sim_measure(const struct sim *sim, struct sim_measures *m)
{
	u64 bytes[2] = {}, last_ns[2] = {}, first_ns = SIM_NEVER;
	double carried[2] = {};
	bool there;
	u32 i;

	*m = (struct sim_measures){};
	for (i = 0; i < sim->n_ends; i++) {
		const struct sim_end *end = sim->ends[i];

		m->segments += end->tally.segments;
		bytes[!end->client] += end->received;
		last_ns[!end->client] = max(last_ns[!end->client],
					    end->received_ns);
		carried[!end->client] = fmax(carried[!end->client],
					     end->carried);
		if (end->client)
			first_ns = min(first_ns, end->opened_ns);
	}

	there = bytes[1] >= bytes[0];
	m->bytes = bytes[0] + bytes[1];
	if (last_ns[there] <= first_ns)
		return;
	m->seconds = (double)(last_ns[there] - first_ns) / SIM_S;
	m->rate = bytes[there] * 8 / m->seconds;
	if (carried[there] > 0)
		m->goodput = bytes[there] / carried[there];
}

static u64 lost(const struct sim *sim)
{
	u64 all = 0;
	int there, fate;

	for (there = 0; there < 2; there++)
		for (fate = 0; fate < SIM_FATE_MAX; fate++)
			all += sim->links[there].counts.fates[fate];

	return all;
}

/* A reason to send, by its name in reason.h. */
static bool send_reason(const struct sim_end *end, const char *name, double *n)
{
#define X(reason, counter, text)					       \
	if (!strcmp(name, #reason)) {					       \
		*n += end->tally.why[CLASP_SEND_##reason];		       \
		return true;						       \
	}
	CLASP_SEND_REASONS(X)
#undef X
	return false;
}

static bool drop_reason(const struct sim_end *end, const char *name, double *n)
{
#define X(reason, counter, text)					       \
	if (!strcmp(name, #reason)) {					       \
		*n += end->tally.drop[CLASP_DROP_##reason];		       \
		return true;						       \
	}
	CLASP_DROP_REASONS(X)
#undef X
	return false;
}

/* A number of one end; false when there is none of that name. */
static bool end_number(const struct sim_end *end, const char *name, double *n)
{
	const struct clasp_counts *counts = &end->body.annex.counts;

	if (!strcmp(name, "retransmits"))
		*n += counts->rtx;
	else if (!strcmp(name, "timeouts"))
		*n += counts->rto;
	else if (!strcmp(name, "recoveries"))
		*n += counts->fast_rtx;
	else if (!strcmp(name, "segments"))
		*n += end->tally.segments;
	else if (!strcmp(name, "received"))
		*n += end->received;
	else if (!strcmp(name, "error"))
		*n += end->error;
	else if (!strncmp(name, "sent.", 5))
		return send_reason(end, name + 5, n);
	else if (!strncmp(name, "dropped.", 8))
		return drop_reason(end, name + 8, n);
	else
		return false;

	return true;
}

static bool run_number(const struct sim *sim, const char *name, double *n)
{
	struct sim_measures m;

	sim_measure(sim, &m);
	if (!strcmp(name, "goodput"))
		*n = m.goodput;
	else if (!strcmp(name, "seconds"))
		*n = m.seconds;
	else if (!strcmp(name, "lost"))
		*n = lost(sim);
	else
		return false;

	return true;
}

/* Of the run, of one kind of end, or of all ends together. */
static bool number(const struct sim *sim, const char *who, const char *name,
		   double *n)
{
	bool known = false;
	u32 i;

	*n = 0;
	if (!*who && run_number(sim, name, n))
		return true;
	for (i = 0; i < sim->n_ends; i++) {
		const struct sim_end *end = sim->ends[i];

		if (!*who || !strcmp(who, end->client ? "client" : "server"))
			known |= end_number(end, name, n);
	}

	return known;
}

static bool compare(double left, const char *op, double right)
{
	if (!strcmp(op, "<"))
		return left < right;
	if (!strcmp(op, ">"))
		return left > right;
	if (!strcmp(op, "<="))
		return left <= right;
	if (!strcmp(op, ">="))
		return left >= right;

	return !strcmp(op, "==") && left == right;
}

static bool visited(const struct sim_end *end, const char *state)
{
#define X(name, value)							       \
	if (!strcmp(state, #name))					       \
		return end->watch.visited & CLASP_IN(name);
	CLASP_STATES(X)
#undef X
	return false;
}

/* client|server was STATE */
static bool was(const struct sim *sim, const char *who, const char *state)
{
	bool all = true;
	u32 i;

	for (i = 0; i < sim->n_ends; i++)
		if (!strcmp(who, sim->ends[i]->client ? "client" : "server"))
			all &= visited(sim->ends[i], state);

	return all;
}

static bool both_finish(const struct sim *sim)
{
	u32 i;

	for (i = 0; i < sim->n_ends; i++) {
		const struct sim_end *end = sim->ends[i];

		if (!end->over || end->error || !end->eof ||
		    end->received != end->peer->written)
			return false;
	}

	return true;
}

static void one(struct sim *sim, const struct sim_expect *expect)
{
	char copy[sizeof(expect->text)], *words[WORDS_MAX];
	const char *who = "";
	double found;
	int n, at = 0;

	snprintf(copy, sizeof(copy), "%s", expect->text);
	n = sim_words(copy, words, WORDS_MAX);

	if (n == 2 && !strcmp(words[0], "both") && !strcmp(words[1], "finish")) {
		if (!both_finish(sim))
			sim_fail(sim, "line %d: both were expected to finish",
				 expect->line);
		return;
	}
	if (n == 3 && !strcmp(words[1], "was")) {
		if (!was(sim, words[0], words[2]))
			sim_fail(sim, "line %d: %s never was %s", expect->line,
				 words[0], words[2]);
		return;
	}

	if (n == 4)
		who = words[at++];
	if (n - at != 3 || !number(sim, who, words[at], &found))
		sim_fail(sim, "line %d: nothing to expect: %s", expect->line,
			 expect->text);
	else if (!compare(found, words[at + 1], atof(words[at + 2])))
		sim_fail(sim, "line %d: expected %s, but it is %g",
			 expect->line, expect->text, found);
}

/**
 * sim_expect() - judge what a scenario expects
 * @sim: the run, over
 */
void sim_expect(struct sim *sim)
{
	u32 i;

	for (i = 0; i < sim->scenario.n_expects; i++)
		one(sim, &sim->scenario.expects[i]);
}
