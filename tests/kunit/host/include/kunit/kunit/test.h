/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUnit on the host: what a suite sees of it.
 *
 * Names and meanings are those of the kernel's <kunit/test.h>, documented in
 * Documentation/dev-tools/kunit; this holds the part that Clasp's suites use.
 * The suites' programs are run by run.c, failures are told by expect.c.
 */
#ifndef HOST_KUNIT_TEST_H
#define HOST_KUNIT_TEST_H

#include <linux/bug.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/string.h>

#define KUNIT_PARAM_DESC_SIZE		128
#define KUNIT_STATUS_COMMENT_SIZE	256

enum kunit_status {
	KUNIT_SUCCESS,
	KUNIT_FAILURE,
	KUNIT_SKIPPED,
};

/**
 * struct kunit - one run of one case
 * @priv: the suite's own, from its init to its exit
 * @name: the case
 * @param_value: with KUNIT_CASE_PARAM, the element of the array
 * @param_index: and which one it is, from 0
 * @status: what became of it
 * @status_comment: why it was skipped
 * @memory: what kunit_kzalloc() gave out
 * @way_out: where a failed assertion jumps to
 */
struct kunit {
	void			*priv;
	const char		*name;
	const void		*param_value;
	int			param_index;
	enum kunit_status	status;
	char			status_comment[KUNIT_STATUS_COMMENT_SIZE];
	struct list_head	memory;
	void			*way_out;
};

struct kunit_case {
	void			(*run_case)(struct kunit *test);
	const char		*name;
	const void		*(*generate_params)(const void *prev, char *desc);
	enum kunit_status	status;
};

/**
 * struct kunit_suite - cases that belong together
 * @name: as in results
 * @suite_init: before the first case; anything but 0 fails the suite
 * @suite_exit: after the last case
 * @init: before each case; anything but 0 fails the case
 * @exit: after each case, aborted ones too
 * @test_cases: ends with an empty one
 */
struct kunit_suite {
	const char		name[256];
	int			(*suite_init)(struct kunit_suite *suite);
	void			(*suite_exit)(struct kunit_suite *suite);
	int			(*init)(struct kunit *test);
	void			(*exit)(struct kunit *test);
	struct kunit_case	*test_cases;
};

#define KUNIT_CASE(function)	{ .run_case = function, .name = #function }
#define KUNIT_CASE_SLOW(function)	KUNIT_CASE(function)
#define KUNIT_CASE_PARAM(function, generator) {				\
	.run_case = function,						\
	.name = #function,						\
	.generate_params = generator,					\
}

/* A generator that hands out one element of @array after the other. */
#define HOST_ARRAY_PARAM(generator, array, describe)			\
	static const void *generator##_gen_params(const void *prev,	\
						  char *desc)		\
	{								\
		const typeof((array)[0]) *param = (array);		\
									\
		if (prev)						\
			param = (typeof(param))prev + 1;		\
		if (param == (array) + ARRAY_SIZE(array))		\
			return NULL;					\
		describe;						\
		return param;						\
	}

/* @get_desc writes KUNIT_PARAM_DESC_SIZE bytes at most; may be NULL. */
#define KUNIT_ARRAY_PARAM(generator, array, get_desc)			\
	HOST_ARRAY_PARAM(generator, array, ({				\
		void (*host_describe)(typeof((array)[0]) *at, char *to) = \
			get_desc;					\
									\
		if (host_describe)					\
			host_describe((typeof((array)[0]) *)param, desc); \
	}))
#define KUNIT_ARRAY_PARAM_DESC(generator, array, member)		\
	HOST_ARRAY_PARAM(generator, array,				\
			 snprintf(desc, KUNIT_PARAM_DESC_SIZE, "%s",	\
				  param->member))

/* Before main() starts; once a file. */
#define kunit_test_suites(...)						\
	static struct kunit_suite *const host_suites[] = { __VA_ARGS__ }; \
									\
	static void __attribute__((__constructor__)) host_add_own(void)	\
	{								\
		host_add_suites(host_suites, ARRAY_SIZE(host_suites));	\
	}
#define kunit_test_suite(suite)	kunit_test_suites(&(suite))

void host_add_suites(struct kunit_suite *const *suites, size_t count);

/* Lines of text among the results. */
void host_print(const char *fmt, ...) __printf(1, 2);

#define kunit_log(level, test_or_suite, fmt, ...) \
	host_print(fmt "\n", ##__VA_ARGS__)
#define host_log(test_or_suite, fmt, ...) \
	host_print("    # %s: " fmt "\n", (test_or_suite)->name, ##__VA_ARGS__)
#define kunit_info(test, fmt, ...)	host_log(test, fmt, ##__VA_ARGS__)
#define kunit_warn(test, fmt, ...)	host_log(test, fmt, ##__VA_ARGS__)
#define kunit_err(test, fmt, ...)	host_log(test, fmt, ##__VA_ARGS__)

/* Out of the case at once; exit() still runs. */
void host_abort(struct kunit *test) __noreturn;

#define kunit_mark_skipped(test, fmt, ...)				\
	do {								\
		(test)->status = KUNIT_SKIPPED;				\
		snprintf((test)->status_comment,			\
			 KUNIT_STATUS_COMMENT_SIZE, fmt, ##__VA_ARGS__); \
	} while (0)
#define kunit_skip(test, fmt, ...)					\
	do {								\
		kunit_mark_skipped(test, fmt, ##__VA_ARGS__);		\
		host_abort(test);					\
	} while (0)

/* Memory that lives as long as the case. There is one kind on the host. */
#define GFP_KERNEL	0
#define GFP_ATOMIC	0

void *host_alloc(struct kunit *test, size_t count, size_t size, bool zero);
void kunit_kfree(struct kunit *test, const void *memory);

#define kunit_kmalloc(test, size, gfp)	host_alloc(test, 1, size, false)
#define kunit_kzalloc(test, size, gfp)	host_alloc(test, 1, size, true)
#define kunit_kmalloc_array(test, count, size, gfp) \
	host_alloc(test, count, size, false)
#define kunit_kcalloc(test, count, size, gfp) \
	host_alloc(test, count, size, true)

/* Text, for descriptions and messages. */
int snprintf(char *to, size_t size, const char *fmt, ...) __printf(3, 4);

#include <kunit/expect.h>

#endif
