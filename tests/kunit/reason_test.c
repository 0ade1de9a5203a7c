// SPDX-License-Identifier: GPL-2.0
/*
 * The lists of reasons: programs read their names, so each must be one.
 */
#include <kunit/test.h>

#include "reason.h"

struct row {
	const char	*name;		/* of the enum */
	const char	*counter;	/* of /proc/net/clasp_snmp */
	const char	*text;		/* for people */
};

#define X(name, camel, text) { #name, camel, text },
static const struct row drops[] = { CLASP_DROP_REASONS(X) };
static const struct row sends[] = { CLASP_SEND_REASONS(X) };
#undef X

static bool is_upper(char c)
{
	return c >= 'A' && c <= 'Z';
}

/* SYN_QUEUE and SynQueue are the same words. */
static bool same_words(const char *name, const char *camel)
{
	bool first = true;

	for (; *name; name++) {
		if (*name == '_') {
			first = true;
			continue;
		}
		if (*camel != (first || !is_upper(*name) ? *name :
			       *name - 'A' + 'a'))
			return false;
		camel++;
		first = false;
	}

	return !*camel;
}

static void check(struct kunit *test, const struct row *rows, unsigned int n)
{
	unsigned int i, j;

	for (i = 0; i < n; i++) {
		KUNIT_EXPECT_TRUE_MSG(test,
				      same_words(rows[i].name, rows[i].counter),
				      "%s is %s", rows[i].name,
				      rows[i].counter);
		KUNIT_EXPECT_GT(test, strlen(rows[i].text), 5ul);
		for (j = 0; j < i; j++) {
			KUNIT_EXPECT_STRNEQ(test, rows[i].counter,
					    rows[j].counter);
			KUNIT_EXPECT_STRNEQ(test, rows[i].text, rows[j].text);
		}
	}
}

static void drop__each_reason__one_counter_and_one_sentence(struct kunit *test)
{
	check(test, drops, ARRAY_SIZE(drops));
}

static void send__each_reason__one_counter_and_one_sentence(struct kunit *test)
{
	check(test, sends, ARRAY_SIZE(sends));
}

/* 0 is "none" in both, so that "is there a reason?" is a plain question. */
static void enums__zero__no_reason(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, CLASP_DROP_NONE, 0);
	KUNIT_EXPECT_EQ(test, CLASP_SEND_NONE, 0);
	KUNIT_EXPECT_EQ(test, CLASP_DROP_MAX, ARRAY_SIZE(drops) + 1);
	KUNIT_EXPECT_EQ(test, CLASP_SEND_MAX, ARRAY_SIZE(sends) + 1);
	/* struct clasp_conn keeps them in bytes */
	KUNIT_EXPECT_LE(test, CLASP_SEND_MAX, U8_MAX);
}

/* The name says it; the order of the list must agree. */
static void send__each_reason__retransmission_by_its_name(struct kunit *test)
{
	unsigned int i;

	KUNIT_EXPECT_FALSE(test, clasp_send_is_rtx(CLASP_SEND_NONE));
	for (i = 0; i < ARRAY_SIZE(sends); i++)
		KUNIT_EXPECT_EQ_MSG(test, clasp_send_is_rtx(i + 1),
				    !memcmp(sends[i].name, "RTX_", 4),
				    "%s", sends[i].name);
	KUNIT_EXPECT_FALSE(test, clasp_send_is_rtx(CLASP_SEND_MAX));
}

static struct kunit_case reason_cases[] = {
	KUNIT_CASE(drop__each_reason__one_counter_and_one_sentence),
	KUNIT_CASE(send__each_reason__one_counter_and_one_sentence),
	KUNIT_CASE(enums__zero__no_reason),
	KUNIT_CASE(send__each_reason__retransmission_by_its_name),
	{}
};

static struct kunit_suite reason_suite = {
	.name = "reason",
	.test_cases = reason_cases,
};

kunit_test_suite(reason_suite);
