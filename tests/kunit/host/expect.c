// SPDX-License-Identifier: GPL-2.0
/*
 * How a failed expectation is told, in the kernel's words.
 */
#include <stdarg.h>
#include <stdio.h>

#include "host.h"

#define SHOWN_BYTES	256

void host_failed(struct kunit *test, enum host_kind kind, const char *file,
		 int line)
{
	test->status = KUNIT_FAILURE;
	printf("    # %s: %s FAILED at %s:%d\n", test->name,
	       kind == HOST_ASSERTION ? "ASSERTION" : "EXPECTATION",
	       file, line);
}

void host_failed_end(struct kunit *test, enum host_kind kind,
		     const char *fmt, ...)
{
	va_list args;

	if (fmt) {
		va_start(args, fmt);
		printf("    ");
		vprintf(fmt, args);
		printf("\n");
		va_end(args);
	}
	if (kind == HOST_ASSERTION)
		host_abort(test);
}

void host_show_bool(const char *text, bool expected)
{
	printf("    Expected %s to be %s, but is %s\n", text,
	       expected ? "true" : "false", expected ? "false" : "true");
}

void host_show_pointer(const char *text, bool expected_null)
{
	printf("    Expected %s to be %sNULL, but is%s\n", text,
	       expected_null ? "" : "not ", expected_null ? " not" : "");
}

static void show_comparison(const char *left, const char *op,
			    const char *right)
{
	printf("    Expected %s %s %s, but\n", left, op, right);
}

/* "5 == 5" would tell nothing. */
static void show_number(const char *text, long long value)
{
	char literal[32];

	snprintf(literal, sizeof(literal), "%lld", value);
	if (strcmp(text, literal))
		printf("        %s == %lld (0x%llx)\n", text, value, value);
}

void host_show_numbers(const char *left_text, const char *op,
		       const char *right_text, long long left, long long right)
{
	show_comparison(left_text, op, right_text);
	show_number(left_text, left);
	show_number(right_text, right);
}

void host_show_pointers(const char *left_text, const char *op,
			const char *right_text, const void *left,
			const void *right)
{
	show_comparison(left_text, op, right_text);
	printf("        %s == %p\n        %s == %p\n", left_text, left,
	       right_text, right);
}

/* A literal shows what it is itself. */
static void show_string(const char *text, const char *value)
{
	if (!value)
		printf("        %s == NULL\n", text);
	else if (text[0] != '"')
		printf("        %s == \"%s\"\n", text, value);
}

void host_show_strings(const char *left_text, const char *op,
		       const char *right_text, const char *left,
		       const char *right)
{
	show_comparison(left_text, op, right_text);
	show_string(left_text, left);
	show_string(right_text, right);
}

/* Bytes in rows of 16; those that the other side does not have in <>. */
static void show_bytes(const char *text, const u8 *bytes, const u8 *other,
		       size_t size)
{
	size_t i;

	printf("        %s ==", text);
	if (!bytes) {
		printf(" NULL\n");
		return;
	}

	for (i = 0; i < size && i < SHOWN_BYTES; i++) {
		bool differs = other && bytes[i] != other[i];

		if (i % 16 == 0)
			printf("\n            ");
		printf(differs ? "<%02x>" : " %02x ", bytes[i]);
	}
	printf(size > SHOWN_BYTES ? "\n            ...\n" : "\n");
}

void host_show_bytes(const char *left_text, const char *op,
		     const char *right_text, const void *left,
		     const void *right, size_t size)
{
	show_comparison(left_text, op, right_text);
	show_bytes(left_text, left, right, size);
	show_bytes(right_text, right, left, size);
}

bool host_streq(const char *left, const char *right)
{
	return left && right && !strcmp(left, right);
}

bool host_memeq(const void *left, const void *right, size_t size)
{
	return left && right && !memcmp(left, right, size);
}
