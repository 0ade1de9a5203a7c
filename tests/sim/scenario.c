// SPDX-License-Identifier: GPL-2.0
/*
 * From the text of a scenario to the struct: README.md tells the language.
 *
 * A line is a subject and then words in pairs, "rate 10mbit delay 20ms". Which
 * words there are, and what their values look like, stands in tables.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "cong.h"
#include "scenario.h"
#include "value.h"

#define WORDS_MAX	64

struct reader {
	struct sim_scenario	*scenario;
	const char		*name;
	int			line;
	char			*words[WORDS_MAX];
	int			n_words;
};

/* One word, what its value looks like and where it goes. */
struct word {
	const char		*name;
	enum sim_unit		unit;
	size_t			at;
	size_t			size;
};

#define FIELD(type, field, unit) \
	{ #field, unit, offsetof(type, field), sizeof_field(type, field) }
#define LINK(field, unit)	FIELD(struct sim_link_plan, field, unit)
#define PLAN(field, unit)	FIELD(struct sim_plan, field, unit)
#define SETTING(field, unit)	FIELD(struct clasp_settings, field, unit)

static const struct word link_words[] = {
	LINK(rate, SIM_RATE), LINK(delay, SIM_TIME), LINK(jitter, SIM_TIME),
	LINK(reorder_by, SIM_TIME), LINK(mtu, SIM_BYTES),
	LINK(queue, SIM_BYTES), LINK(aqm, SIM_AQM), LINK(icmp, SIM_SWITCH),
	LINK(ecn, SIM_SWITCH), LINK(reorder, SIM_SHARE), LINK(loss, SIM_SHARE),
	LINK(duplicate, SIM_SHARE), LINK(corrupt, SIM_SHARE),
	LINK(burst_enter, SIM_SHARE), LINK(burst_leave, SIM_SHARE),
	{}
};

static const struct word plan_words[] = {
	PLAN(write, SIM_BYTES), PLAN(every, SIM_TIME), PLAN(wait, SIM_TIME),
	PLAN(from, SIM_TIME), PLAN(go, SIM_TIME), PLAN(stop, SIM_TIME),
	PLAN(open, SIM_TIME), PLAN(close_at, SIM_TIME),
	PLAN(leave_at, SIM_TIME), PLAN(abort_at, SIM_TIME),
	PLAN(chunk, SIM_BYTES), PLAN(read, SIM_BYTES), PLAN(close, SIM_CLOSE),
	PLAN(sndbuf, SIM_BYTES), PLAN(rcvbuf, SIM_BYTES), PLAN(mtu, SIM_BYTES),
	PLAN(nodelay, SIM_SWITCH), PLAN(pace, SIM_SWITCH),
	PLAN(urgent, SIM_SWITCH),
	{}
};

/* A setting of the core's that tests like to turn: one line each. */
static const struct word setting_words[] = {
	SETTING(congestion_control, SIM_CONTROLLER),
	SETTING(time_wait_ms, SIM_NUMBER), SETTING(fin_timeout_ms, SIM_NUMBER),
	SETTING(rto_min_ms, SIM_NUMBER), SETTING(delayed_ack_ms, SIM_NUMBER),
	SETTING(initial_cwnd, SIM_NUMBER), SETTING(ecn, SIM_NUMBER),
	SETTING(mtu_probing, SIM_NUMBER),
	SETTING(challenge_ack_ms, SIM_NUMBER),
	SETTING(syn_retries, SIM_NUMBER), SETTING(synack_retries, SIM_NUMBER),
	SETTING(retries1, SIM_NUMBER), SETTING(retries2, SIM_NUMBER),
	SETTING(orphan_retries, SIM_NUMBER), SETTING(timestamps, SIM_SWITCH),
	SETTING(delayed_ack, SIM_SWITCH), SETTING(nagle, SIM_SWITCH),
	SETTING(fast_retransmit, SIM_SWITCH), SETTING(sack, SIM_SWITCH),
	SETTING(flow_control, SIM_SWITCH), SETTING(isn_fixed, SIM_SWITCH),
	{}
};

static bool complain(const struct reader *r, const char *fmt, ...)
{
	va_list args;

	fprintf(stderr, "%s:%d: ", r->name, r->line);
	va_start(args, fmt);
	vfprintf(stderr, fmt, args);
	va_end(args);
	fputc('\n', stderr);

	return false;
}

static void store(void *at, size_t size, u64 value)
{
	if (size == 8)
		*(u64 *)at = value;
	else if (size == 4)
		*(u32 *)at = value;
	else
		*(u8 *)at = value;
}

static bool pair(const struct reader *r, const struct word *words,
		 const char *name, const char *text, void *to)
{
	u64 value;

	while (words->name && strcmp(words->name, name))
		words++;
	if (!words->name)
		return complain(r, "there is no «%s» here", name);
	if (!sim_value(words->unit, text, &value))
		return complain(r, "«%s» is no value for %s", text, name);
	store((u8 *)to + words->at, words->size, value);

	return true;
}

static bool pairs(const struct reader *r, int from, const struct word *words,
		  void *to)
{
	int i;

	if (from >= r->n_words || (r->n_words - from) % 2)
		return complain(r, "each word needs a value");
	for (i = from; i < r->n_words; i += 2)
		if (!pair(r, words, r->words[i], r->words[i + 1], to))
			return false;

	return true;
}

/* Back, there, or both: a set of these bits. */
static int direction(const char *word)
{
	if (!strcmp(word, "back"))
		return 1;
	if (!strcmp(word, "there"))
		return 2;

	return strcmp(word, "both") ? 0 : 3;
}

/* How a link will be by the end of what was read so far. */
static struct sim_link_plan *latest(struct sim_scenario *s, bool there)
{
	u32 i;

	for (i = s->n_steps; i-- > 0;)
		if (s->steps[i].there == there)
			return &s->steps[i].plan;

	return there ? &s->there : &s->back;
}

static bool link_line(const struct reader *r, int at, bool step, u64 at_ns)
{
	struct sim_scenario *s = r->scenario;
	int dirs = at < r->n_words ? direction(r->words[at]) : 0;
	int there;

	if (!dirs)
		return complain(r, "link there, link back or link both");

	for (there = 0; there < 2; there++) {
		struct sim_link_plan *plan = latest(s, there);

		if (!(dirs >> there & 1))
			continue;
		if (step) {
			if (s->n_steps == SIM_STEPS)
				return complain(r, "too many changes");
			s->steps[s->n_steps] = (struct sim_step){
				.at_ns = at_ns, .there = there, .plan = *plan };
			plan = &s->steps[s->n_steps++].plan;
		}
		if (!pairs(r, at + 1, link_words, plan))
			return false;
	}

	return true;
}

/* at 2s link both rate 1mbit */
static bool at_line(const struct reader *r)
{
	const struct sim_scenario *s = r->scenario;
	u64 at_ns;

	if (r->n_words < 4 || strcmp(r->words[2], "link") ||
	    !sim_value(SIM_TIME, r->words[1], &at_ns))
		return complain(r, "at TIME link ...");
	if (s->n_steps && s->steps[s->n_steps - 1].at_ns > at_ns)
		return complain(r, "changes come in the order of time");

	return link_line(r, 3, true, at_ns);
}

/* drop there syn 1 */
static bool drop_line(const struct reader *r)
{
	struct sim_scenario *s = r->scenario;
	u64 kind, nth;
	int dirs, there;

	dirs = r->n_words == 4 ? direction(r->words[1]) : 0;
	if (!dirs || !sim_value(SIM_KIND, r->words[2], &kind) ||
	    !sim_value(SIM_NUMBER, r->words[3], &nth))
		return complain(r, "drop there|back|both any|syn|fin|data|ack|last N");

	for (there = 0; there < 2; there++) {
		if (!(dirs >> there & 1))
			continue;
		if (s->n_drops[there] == SIM_DROPS)
			return complain(r, "too many drops");
		s->drops[there][s->n_drops[there]++] = (struct sim_drop){
			.kind = kind, .nth = nth };
	}

	return true;
}

static bool number_line(const struct reader *r, enum sim_unit unit, u64 *to)
{
	if (r->n_words != 2 || !sim_value(unit, r->words[1], to))
		return complain(r, "%s VALUE", r->words[0]);

	return true;
}

static bool flows_line(const struct reader *r)
{
	u64 flows;

	if (!number_line(r, SIM_NUMBER, &flows))
		return false;
	if (!flows || flows > SIM_FLOWS)
		return complain(r, "1 to %d flows", SIM_FLOWS);
	r->scenario->flows = flows;

	return true;
}

static bool expect_line(const struct reader *r)
{
	struct sim_scenario *s = r->scenario;
	struct sim_expect *expect = &s->expects[s->n_expects];
	size_t used = 0;
	int i;

	if (s->n_expects == SIM_EXPECTS)
		return complain(r, "too many expectations");
	s->n_expects++;
	expect->line = r->line;
	for (i = 1; i < r->n_words && used < sizeof(expect->text); i++)
		used += snprintf(expect->text + used,
				 sizeof(expect->text) - used, "%s%s",
				 i > 1 ? " " : "", r->words[i]);

	return true;
}

static bool line(const struct reader *r)
{
	struct sim_scenario *s = r->scenario;
	const char *subject = r->words[0];

	if (!strcmp(subject, "link"))
		return link_line(r, 1, false, 0);
	if (!strcmp(subject, "at"))
		return at_line(r);
	if (!strcmp(subject, "drop"))
		return drop_line(r);
	if (!strcmp(subject, "client"))
		return pairs(r, 1, plan_words, &s->client);
	if (!strcmp(subject, "server"))
		return pairs(r, 1, plan_words, &s->server);
	if (!strcmp(subject, "programs"))
		return pairs(r, 1, plan_words, &s->client) &&
		       pairs(r, 1, plan_words, &s->server);
	if (!strcmp(subject, "set"))
		return pairs(r, 1, setting_words, &s->settings);
	if (!strcmp(subject, "seed"))
		return number_line(r, SIM_NUMBER, &s->seed);
	if (!strcmp(subject, "limit"))
		return number_line(r, SIM_TIME, &s->limit_ns);
	if (!strcmp(subject, "flows"))
		return flows_line(r);
	if (!strcmp(subject, "expect"))
		return expect_line(r);

	return complain(r, "nothing is said about «%s»", subject);
}

static void defaults(struct sim_scenario *s)
{
	*s = (struct sim_scenario){
		.seed		= 1,
		.limit_ns	= 3600 * SIM_S,
		.flows		= 1,
		.there		= {
			.rate	= 10000000,
			.delay	= 10 * SIM_MS,
			.mtu	= 1500,
			.queue	= 64 * 1024,
			.icmp	= true,
			.reorder_by = 10 * SIM_MS,
		},
		.client		= {
			.write	= 256 * 1024,
			.chunk	= 64 * 1024,
			.sndbuf	= 256 * 1024,
			.rcvbuf	= 256 * 1024,
			.mtu	= 1500,
			.close	= SIM_CLOSE_DONE,
			.close_at = SIM_NEVER,
			.leave_at = SIM_NEVER,
			.abort_at = SIM_NEVER,
		},
	};
	s->back = s->there;
	s->server = s->client;
	s->server.write = 0;
	s->server.close = SIM_CLOSE_EOF;
	s->server.open = SIM_NEVER;
	clasp_settings_init(&s->settings);
}

/**
 * sim_scenario_read() - read the text of a scenario
 * @scenario: filled in
 * @name: what to call it
 * @text: its lines
 *
 * Return: false when something is wrong with it; told on stderr.
 */
bool sim_scenario_read(struct sim_scenario *scenario, const char *name,
		       const char *text)
{
	struct reader r = { .scenario = scenario, .name = name };
	bool ok = true;

	defaults(scenario);
	snprintf(scenario->name, sizeof(scenario->name), "%s", name);

	while (*text) {
		char copy[512];
		int len = 0;

		while (text[len] && text[len] != '\n')
			len++;
		snprintf(copy, sizeof(copy), "%.*s", len, text);
		text += len + !!text[len];
		r.line++;
		r.n_words = sim_words(copy, r.words, WORDS_MAX);
		if (r.n_words)
			ok &= line(&r);
	}

	return ok;
}

/**
 * sim_scenario_file() - read a scenario's file
 * @scenario: filled in
 * @path: of the file; "FOLDER/NAME.sim"
 *
 * Return: false when there is none, or something is wrong with it; told on
 * stderr.
 */
bool sim_scenario_file(struct sim_scenario *scenario, const char *path)
{
	char text[16384], name[64];
	const char *base = path, *c;
	FILE *f = fopen(path, "r");
	size_t len;

	if (!f) {
		perror(path);
		return false;
	}
	len = fread(text, 1, sizeof(text) - 1, f);
	text[len] = '\0';
	fclose(f);

	for (c = path; *c; c++)
		if (*c == '/')
			base = c + 1;
	for (len = 0; base[len] && base[len] != '.'; len++)
		;
	snprintf(name, sizeof(name), "%.*s", (int)len, base);

	return sim_scenario_read(scenario, name, text);
}
