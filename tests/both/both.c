// SPDX-License-Identifier: GPL-2.0
/*
 * Runs each case over both protocols and both IP versions.
 *
 * usage: both [WORD]...
 *
 * Each WORD is a type (stream, dgram), a call or option, a kind (good, edge,
 * error), a case's name, a protocol (clasp, tcp, udp) or an IP version (v4,
 * v6); the cases that all words fit are run.
 *
 * A result is "ok TYPE.CALL.KIND.NAME.PROTOCOL.VERSION"; before it may come
 * "# differs: WHY". docs/compatibility.py makes a page of these.
 */
#include "both.h"

#define FIELDS	6

bool over_clasp;
bool ipv4;
int type;
const char *this_host;
const char *any_host;

static const char * const kinds[] = { "good", "edge", "error" };
static struct test *tests;

void test_add(struct test *test)
{
	struct test **last = &tests;

	while (*last)
		last = &(*last)->next;
	*last = test;
}

void test_differs(const char *why)
{
	printf("# differs: %s\n", why);
}

static const char *protocol(void)
{
	if (over_clasp)
		return "clasp";

	return type == SOCK_STREAM ? "tcp" : "udp";
}

static bool is_one_of(const char *word, const char **fields)
{
	int i;

	for (i = 0; i < FIELDS; i++)
		if (!strcmp(word, fields[i]))
			return true;

	return false;
}

/* Returns whether it failed. */
static bool run(const struct test *test, char **words)
{
	const char *fields[FIELDS] = {
		type == SOCK_STREAM ? "stream" : "dgram", test->covers,
		kinds[test->kind], test->name, protocol(), ipv4 ? "v4" : "v6",
	};
	bool ok;

	for (; *words; words++)
		if (!is_one_of(*words, fields))
			return false;

	this_host = ipv4 ? "::ffff:127.0.0.1" : "::1";
	any_host = ipv4 ? "::ffff:0.0.0.0" : "::";
	ok = test_passes(test->run);
	printf("%s %s.%s.%s.%s.%s.%s\n", ok ? "ok" : "not ok", fields[0],
	       fields[1], fields[2], fields[3], fields[4], fields[5]);

	return !ok;
}

/* Over both protocols and both IP versions. */
static int run_four(const struct test *test, int which, char **words)
{
	int failed = 0, way;

	type = which;
	for (way = 0; way < 4; way++) {
		over_clasp = way / 2;
		ipv4 = way % 2;
		failed += run(test, words);
	}

	return failed;
}

int main(int argc, char **argv)
{
	const struct test *test;
	int failed = 0;

	for (test = tests; test; test = test->next) {
		if (test->types & TYPE_stream)
			failed += run_four(test, SOCK_STREAM, argv + 1);
		if (test->types & TYPE_dgram)
			failed += run_four(test, SOCK_DGRAM, argv + 1);
	}

	return !!failed;
}
