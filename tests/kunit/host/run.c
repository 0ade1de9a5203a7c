// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the suites that are linked into this program, and prints KTAP version 1
 * as the kernel's KUnit does, so that one reader (tests/kunit/ktap) serves
 * both. Ends with 0 when all passed, 1 when something failed, 2 when asked for
 * what there is not.
 */
#include <fnmatch.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "host.h"

#define SUITES_MAX	64

#define for_each_case(at, suite) \
	for (at = (suite)->test_cases; at->run_case; at++)

static struct kunit_suite *suites[SUITES_MAX];
static size_t n_suites;

/* The run that is under way, for warnings from anywhere. */
static struct kunit *current;

struct tally {
	unsigned int passed, failed, skipped;
};

void host_add_suites(struct kunit_suite *const *more, size_t count)
{
	size_t i;

	for (i = 0; i < count; i++) {
		if (n_suites == SUITES_MAX)
			abort();
		suites[n_suites++] = more[i];
	}
}

void host_print(const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	vprintf(fmt, args);
	va_end(args);
}

void host_abort(struct kunit *test)
{
	longjmp(*(jmp_buf *)test->way_out, 1);
}

void host_warn(const char *file, int line, const char *what)
{
	printf("    # %s: WARNING at %s:%d\n    %s\n",
	       current ? current->name : "outside of a case", file, line, what);
	if (!current)
		abort();
	current->status = KUNIT_FAILURE;
}

void host_bug(const char *file, int line, const char *what)
{
	printf("    # %s: BUG at %s:%d\n    %s\n",
	       current ? current->name : "outside of a case", file, line, what);
	abort();
}

static void call_case(struct kunit_suite *suite, struct kunit_case *one,
		      struct kunit *test)
{
	int err;

	if (suite->init) {
		err = suite->init(test);
		if (err) {
			kunit_err(test, "failed to initialize: %d", err);
			test->status = KUNIT_FAILURE;
			return;
		}
	}

	one->run_case(test);
}

static void call_exit(struct kunit_suite *suite, struct kunit *test)
{
	if (suite->exit)
		suite->exit(test);
}

/* One case, or one parameter of it. */
static void run_once(struct kunit_suite *suite, struct kunit_case *one,
		     struct kunit *test)
{
	jmp_buf way_out;

	test->way_out = &way_out;
	current = test;

	if (!setjmp(way_out))
		call_case(suite, one, test);
	if (!setjmp(way_out))
		call_exit(suite, test);
	else
		test->status = KUNIT_FAILURE;

	current = NULL;
	host_free_all(test);
}

static void print_result(int indent, enum kunit_status status, int number,
			 const char *name, const char *comment)
{
	bool skipped = status == KUNIT_SKIPPED;

	printf("%*s%s %d %s%s%s\n", indent, "",
	       status == KUNIT_FAILURE ? "not ok" : "ok", number, name,
	       skipped ? " # SKIP " : "", skipped ? comment : "");
}

static void count(struct tally *tally, enum kunit_status status)
{
	tally->passed += status == KUNIT_SUCCESS;
	tally->failed += status == KUNIT_FAILURE;
	tally->skipped += status == KUNIT_SKIPPED;
}

/* A sum of one says nothing. */
static void print_tally(const char *name, const struct tally *tally)
{
	unsigned int total = tally->passed + tally->failed + tally->skipped;

	if (total > 1)
		printf("# %s: pass:%u fail:%u skip:%u total:%u\n", name,
		       tally->passed, tally->failed, tally->skipped, total);
}

static void reset(struct kunit *test)
{
	test->status = KUNIT_SUCCESS;
	test->status_comment[0] = '\0';
	test->priv = NULL;
}

/* Fails when one parameter fails; skipped when all are. */
static void run_params(struct kunit_suite *suite, struct kunit_case *one,
		       struct kunit *test, struct tally *runs)
{
	char desc[KUNIT_PARAM_DESC_SIZE] = "";
	struct tally tally = {};

	printf("        KTAP version 1\n        # Subtest: %s\n", one->name);

	test->param_value = one->generate_params(NULL, desc);
	while (test->param_value) {
		if (!desc[0])
			snprintf(desc, sizeof(desc), "param-%d",
				 test->param_index);
		run_once(suite, one, test);
		print_result(8, test->status, test->param_index + 1, desc,
			     test->status_comment);
		count(&tally, test->status);
		count(runs, test->status);

		desc[0] = '\0';
		test->param_value = one->generate_params(test->param_value,
							 desc);
		test->param_index++;
		reset(test);
	}

	if (test->param_index > 1)
		printf("    ");
	print_tally(one->name, &tally);
	test->status = tally.failed ? KUNIT_FAILURE :
		       tally.passed ? KUNIT_SUCCESS : KUNIT_SKIPPED;
}

static void run_case(struct kunit_suite *suite, struct kunit_case *one,
		     int number, struct tally *runs)
{
	struct kunit test = { .name = one->name };

	INIT_LIST_HEAD(&test.memory);
	if (one->generate_params) {
		run_params(suite, one, &test, runs);
	} else {
		run_once(suite, one, &test);
		count(runs, test.status);
	}

	one->status = test.status;
	print_result(4, test.status, number, one->name, test.status_comment);
}

/* @pattern: "suite" or "suite.case", either a glob; NULL is everything. */
static bool chosen(const struct kunit_suite *suite, const struct kunit_case *one,
		   const char *pattern)
{
	char name[512];

	if (!pattern || !fnmatch(pattern, suite->name, 0))
		return true;

	snprintf(name, sizeof(name), "%s.%s", suite->name, one->name);
	return !fnmatch(pattern, name, 0);
}

static int count_chosen(struct kunit_suite *suite, const char *pattern)
{
	struct kunit_case *one;
	int chosen_cases = 0;

	for_each_case(one, suite)
		chosen_cases += chosen(suite, one, pattern);

	return chosen_cases;
}

static bool run_cases(struct kunit_suite *suite, const char *pattern)
{
	struct tally tally = {}, runs = {};
	struct kunit_case *one;
	int number = 0;
	int err = 0;

	if (suite->suite_init)
		err = suite->suite_init(suite);
	if (err) {
		printf("    # %s: failed to initialize (%d)\n", suite->name,
		       err);
		return false;
	}

	for_each_case(one, suite) {
		if (!chosen(suite, one, pattern))
			continue;
		run_case(suite, one, ++number, &runs);
		count(&tally, one->status);
	}

	if (suite->suite_exit)
		suite->suite_exit(suite);
	print_tally(suite->name, &tally);
	print_tally("Totals", &runs);

	return !tally.failed;
}

static bool run_suite(struct kunit_suite *suite, const char *pattern,
		      int number)
{
	bool passed;

	printf("    KTAP version 1\n    # Subtest: %s\n    1..%d\n",
	       suite->name, count_chosen(suite, pattern));
	passed = run_cases(suite, pattern);
	print_result(0, passed ? KUNIT_SUCCESS : KUNIT_FAILURE, number,
		     suite->name, "");

	return passed;
}

static int run(const char *pattern)
{
	int status = EXIT_SUCCESS;
	int planned = 0;
	int number = 0;
	size_t i;

	for (i = 0; i < n_suites; i++)
		planned += count_chosen(suites[i], pattern) > 0;
	if (!planned) {
		fprintf(stderr, "There is no case like %s; --list shows all.\n",
			pattern ?: "this");
		return 2;
	}

	printf("KTAP version 1\n1..%d\n", planned);
	for (i = 0; i < n_suites; i++) {
		if (!count_chosen(suites[i], pattern))
			continue;
		if (!run_suite(suites[i], pattern, ++number))
			status = EXIT_FAILURE;
	}

	return status;
}

static int list(void)
{
	struct kunit_case *one;
	size_t i;

	for (i = 0; i < n_suites; i++) {
		for_each_case(one, suites[i])
			printf("%s.%s\n", suites[i]->name, one->name);
	}

	return EXIT_SUCCESS;
}

int main(int argc, char **argv)
{
	const char *argument = argv[1];

	/* What was printed before a crash is to be seen. */
	setvbuf(stdout, NULL, _IOLBF, 0);

	if (argc > 2 || (argument && argument[0] == '-' &&
			 strcmp(argument, "--list"))) {
		fprintf(stderr, "usage: %s [--list | SUITE | SUITE.CASE]\n"
			"SUITE and CASE may be shell patterns.\n", argv[0]);
		return 2;
	}

	return argument && argument[0] == '-' ? list() : run(argument);
}
