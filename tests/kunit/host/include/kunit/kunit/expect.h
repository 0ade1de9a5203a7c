/* SPDX-License-Identifier: GPL-2.0 */
/*
 * KUNIT_EXPECT_*: note a failure and go on. KUNIT_ASSERT_*: note it and end
 * the case. Both come with _MSG, which adds a printf-like message.
 *
 * Each works in three steps: host_failed() says where, a host_show_*() what
 * was expected and found, host_failed_end() why it matters.
 */
#ifndef HOST_KUNIT_EXPECT_H
#define HOST_KUNIT_EXPECT_H

enum host_kind {
	HOST_EXPECTATION,
	HOST_ASSERTION,
};

void host_failed(struct kunit *test, enum host_kind kind, const char *file,
		 int line);
void host_failed_end(struct kunit *test, enum host_kind kind,
		     const char *fmt, ...) __printf(3, 4);

void host_show_bool(const char *text, bool expected);
void host_show_pointer(const char *text, bool expected_null);
void host_show_numbers(const char *left_text, const char *op,
		       const char *right_text, long long left, long long right);
void host_show_pointers(const char *left_text, const char *op,
			const char *right_text, const void *left,
			const void *right);
void host_show_strings(const char *left_text, const char *op,
		       const char *right_text, const char *left,
		       const char *right);
void host_show_bytes(const char *left_text, const char *op,
		     const char *right_text, const void *left,
		     const void *right, size_t size);
bool host_streq(const char *left, const char *right);
bool host_memeq(const void *left, const void *right, size_t size);

#define HOST_CHECK(test, kind, ok, show, fmt, ...)			\
	do {								\
		if (ok)							\
			break;						\
		host_failed(test, kind, __FILE__, __LINE__);		\
		show;							\
		host_failed_end(test, kind, fmt, ##__VA_ARGS__);	\
	} while (0)

#define HOST_BOOL(test, kind, condition, expected, ...)			\
	HOST_CHECK(test, kind, (!!(condition)) == (expected),		\
		   host_show_bool(#condition, expected), __VA_ARGS__)

#define HOST_NULL(test, kind, pointer, expected, ...)			\
	HOST_CHECK(test, kind, (!(pointer)) == (expected),		\
		   host_show_pointer(#pointer, expected), __VA_ARGS__)

#define HOST_NUMBERS(test, kind, left, op, right, ...)			\
	do {								\
		const typeof(left) host_left = (left);			\
		const typeof(right) host_right = (right);		\
									\
		HOST_CHECK(test, kind, host_left op host_right,		\
			   host_show_numbers(#left, #op, #right,	\
					     host_left, host_right),	\
			   __VA_ARGS__);				\
	} while (0)

#define HOST_POINTERS(test, kind, left, op, right, ...)			\
	do {								\
		const void *const host_left = (left);			\
		const void *const host_right = (right);			\
									\
		HOST_CHECK(test, kind, host_left op host_right,		\
			   host_show_pointers(#left, #op, #right,	\
					      host_left, host_right),	\
			   __VA_ARGS__);				\
	} while (0)

#define HOST_STRINGS(test, kind, left, op, right, ...)			\
	do {								\
		const char *const host_left = (left);			\
		const char *const host_right = (right);			\
									\
		HOST_CHECK(test, kind,					\
			   host_streq(host_left, host_right) op true,	\
			   host_show_strings(#left, #op, #right,	\
					     host_left, host_right),	\
			   __VA_ARGS__);				\
	} while (0)

#define HOST_BYTES(test, kind, left, op, right, size, ...)		\
	do {								\
		const void *const host_left = (left);			\
		const void *const host_right = (right);			\
		const size_t host_size = (size);			\
									\
		HOST_CHECK(test, kind,					\
			   host_memeq(host_left, host_right, host_size) op true, \
			   host_show_bytes(#left, #op, #right, host_left, \
					   host_right, host_size),	\
			   __VA_ARGS__);				\
	} while (0)

/* A failure without a condition. */
#define KUNIT_FAIL(test, fmt, ...) \
	HOST_CHECK(test, HOST_EXPECTATION, false, (void)0, fmt, ##__VA_ARGS__)
#define KUNIT_FAIL_AND_ABORT(test, fmt, ...) \
	HOST_CHECK(test, HOST_ASSERTION, false, (void)0, fmt, ##__VA_ARGS__)
#define KUNIT_SUCCEED(test)	((void)(test))

#define KUNIT_EXPECT_TRUE_MSG(test, condition, fmt, ...) \
	HOST_BOOL(test, HOST_EXPECTATION, condition, true, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_FALSE_MSG(test, condition, fmt, ...) \
	HOST_BOOL(test, HOST_EXPECTATION, condition, false, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NULL_MSG(test, pointer, fmt, ...) \
	HOST_NULL(test, HOST_EXPECTATION, pointer, true, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NOT_NULL_MSG(test, pointer, fmt, ...) \
	HOST_NULL(test, HOST_EXPECTATION, pointer, false, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_EQ_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_NE_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_LT_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, <, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_LE_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, <=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_GT_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, >, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_GE_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, >=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_PTR_EQ_MSG(test, left, right, fmt, ...) \
	HOST_POINTERS(test, HOST_EXPECTATION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_PTR_NE_MSG(test, left, right, fmt, ...) \
	HOST_POINTERS(test, HOST_EXPECTATION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_STREQ_MSG(test, left, right, fmt, ...) \
	HOST_STRINGS(test, HOST_EXPECTATION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_STRNEQ_MSG(test, left, right, fmt, ...) \
	HOST_STRINGS(test, HOST_EXPECTATION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_MEMEQ_MSG(test, left, right, size, fmt, ...) \
	HOST_BYTES(test, HOST_EXPECTATION, left, ==, right, size, fmt, ##__VA_ARGS__)
#define KUNIT_EXPECT_MEMNEQ_MSG(test, left, right, size, fmt, ...) \
	HOST_BYTES(test, HOST_EXPECTATION, left, !=, right, size, fmt, ##__VA_ARGS__)

#define KUNIT_EXPECT_TRUE(test, condition) \
	HOST_BOOL(test, HOST_EXPECTATION, condition, true, NULL)
#define KUNIT_EXPECT_FALSE(test, condition) \
	HOST_BOOL(test, HOST_EXPECTATION, condition, false, NULL)
#define KUNIT_EXPECT_NULL(test, pointer) \
	HOST_NULL(test, HOST_EXPECTATION, pointer, true, NULL)
#define KUNIT_EXPECT_NOT_NULL(test, pointer) \
	HOST_NULL(test, HOST_EXPECTATION, pointer, false, NULL)
#define KUNIT_EXPECT_EQ(test, left, right) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, ==, right, NULL)
#define KUNIT_EXPECT_NE(test, left, right) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, !=, right, NULL)
#define KUNIT_EXPECT_LT(test, left, right) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, <, right, NULL)
#define KUNIT_EXPECT_LE(test, left, right) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, <=, right, NULL)
#define KUNIT_EXPECT_GT(test, left, right) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, >, right, NULL)
#define KUNIT_EXPECT_GE(test, left, right) \
	HOST_NUMBERS(test, HOST_EXPECTATION, left, >=, right, NULL)
#define KUNIT_EXPECT_PTR_EQ(test, left, right) \
	HOST_POINTERS(test, HOST_EXPECTATION, left, ==, right, NULL)
#define KUNIT_EXPECT_PTR_NE(test, left, right) \
	HOST_POINTERS(test, HOST_EXPECTATION, left, !=, right, NULL)
#define KUNIT_EXPECT_STREQ(test, left, right) \
	HOST_STRINGS(test, HOST_EXPECTATION, left, ==, right, NULL)
#define KUNIT_EXPECT_STRNEQ(test, left, right) \
	HOST_STRINGS(test, HOST_EXPECTATION, left, !=, right, NULL)
#define KUNIT_EXPECT_MEMEQ(test, left, right, size) \
	HOST_BYTES(test, HOST_EXPECTATION, left, ==, right, size, NULL)
#define KUNIT_EXPECT_MEMNEQ(test, left, right, size) \
	HOST_BYTES(test, HOST_EXPECTATION, left, !=, right, size, NULL)

#define KUNIT_ASSERT_TRUE_MSG(test, condition, fmt, ...) \
	HOST_BOOL(test, HOST_ASSERTION, condition, true, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_FALSE_MSG(test, condition, fmt, ...) \
	HOST_BOOL(test, HOST_ASSERTION, condition, false, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NULL_MSG(test, pointer, fmt, ...) \
	HOST_NULL(test, HOST_ASSERTION, pointer, true, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NOT_NULL_MSG(test, pointer, fmt, ...) \
	HOST_NULL(test, HOST_ASSERTION, pointer, false, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_EQ_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_NE_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_LT_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, <, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_LE_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, <=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_GT_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, >, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_GE_MSG(test, left, right, fmt, ...) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, >=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_PTR_EQ_MSG(test, left, right, fmt, ...) \
	HOST_POINTERS(test, HOST_ASSERTION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_PTR_NE_MSG(test, left, right, fmt, ...) \
	HOST_POINTERS(test, HOST_ASSERTION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_STREQ_MSG(test, left, right, fmt, ...) \
	HOST_STRINGS(test, HOST_ASSERTION, left, ==, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_STRNEQ_MSG(test, left, right, fmt, ...) \
	HOST_STRINGS(test, HOST_ASSERTION, left, !=, right, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_MEMEQ_MSG(test, left, right, size, fmt, ...) \
	HOST_BYTES(test, HOST_ASSERTION, left, ==, right, size, fmt, ##__VA_ARGS__)
#define KUNIT_ASSERT_MEMNEQ_MSG(test, left, right, size, fmt, ...) \
	HOST_BYTES(test, HOST_ASSERTION, left, !=, right, size, fmt, ##__VA_ARGS__)

#define KUNIT_ASSERT_TRUE(test, condition) \
	HOST_BOOL(test, HOST_ASSERTION, condition, true, NULL)
#define KUNIT_ASSERT_FALSE(test, condition) \
	HOST_BOOL(test, HOST_ASSERTION, condition, false, NULL)
#define KUNIT_ASSERT_NULL(test, pointer) \
	HOST_NULL(test, HOST_ASSERTION, pointer, true, NULL)
#define KUNIT_ASSERT_NOT_NULL(test, pointer) \
	HOST_NULL(test, HOST_ASSERTION, pointer, false, NULL)
#define KUNIT_ASSERT_EQ(test, left, right) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, ==, right, NULL)
#define KUNIT_ASSERT_NE(test, left, right) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, !=, right, NULL)
#define KUNIT_ASSERT_LT(test, left, right) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, <, right, NULL)
#define KUNIT_ASSERT_LE(test, left, right) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, <=, right, NULL)
#define KUNIT_ASSERT_GT(test, left, right) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, >, right, NULL)
#define KUNIT_ASSERT_GE(test, left, right) \
	HOST_NUMBERS(test, HOST_ASSERTION, left, >=, right, NULL)
#define KUNIT_ASSERT_PTR_EQ(test, left, right) \
	HOST_POINTERS(test, HOST_ASSERTION, left, ==, right, NULL)
#define KUNIT_ASSERT_PTR_NE(test, left, right) \
	HOST_POINTERS(test, HOST_ASSERTION, left, !=, right, NULL)
#define KUNIT_ASSERT_STREQ(test, left, right) \
	HOST_STRINGS(test, HOST_ASSERTION, left, ==, right, NULL)
#define KUNIT_ASSERT_STRNEQ(test, left, right) \
	HOST_STRINGS(test, HOST_ASSERTION, left, !=, right, NULL)
#define KUNIT_ASSERT_MEMEQ(test, left, right, size) \
	HOST_BYTES(test, HOST_ASSERTION, left, ==, right, size, NULL)
#define KUNIT_ASSERT_MEMNEQ(test, left, right, size) \
	HOST_BYTES(test, HOST_ASSERTION, left, !=, right, size, NULL)

#endif
