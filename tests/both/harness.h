/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small harness in the look of kselftest's: a test is a function, which runs
 * in a process of its own under a time limit, and what it expects.
 *
 * Where an expectation does not hold, "# FILE:LINE: ..." is printed. The
 * programs of tests/both and of tests/calls say which tests there are, how
 * often each one runs, and print "ok NAME" or "not ok NAME".
 */
#ifndef BOTH_HARNESS_H
#define BOTH_HARNESS_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

bool test_passes(void (*run)(void));
void test_failed(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define EXPECT_EQ(got, want) do {					       \
	long long got_ = (long long)(got), want_ = (long long)(want);	       \
									       \
	if (got_ != want_)						       \
		test_failed(__FILE__, __LINE__, "%s is %lld, not %lld",	       \
			    #got, got_, want_);				       \
} while (0)

#define EXPECT_TRUE(what) do {						       \
	if (!(what))							       \
		test_failed(__FILE__, __LINE__, "not so: %s", #what);	       \
} while (0)

/* A call that must fail, and how; 0: it must not fail. */
#define EXPECT_ERR(call, want) do {					       \
	int want_ = (want);						       \
	long long got_;							       \
									       \
	errno = 0;							       \
	got_ = (long long)(call);					       \
	if (want_ ? got_ != -1 || errno != want_ : got_ == -1)		       \
		test_failed(__FILE__, __LINE__, "%s: %lld (%s), not %s",       \
			    #call, got_, strerror(errno), strerror(want_));    \
} while (0)

/* Without this the test cannot go on. */
#define NEED(what) do {							       \
	if (!(what)) {							       \
		test_failed(__FILE__, __LINE__, "%s: %s", #what,	       \
			    strerror(errno));				       \
		exit(1);						       \
	}								       \
} while (0)

/* --- what does not ask for a socket's family -------------------------------- */

int events_of(int fd);
int await_events(int fd, int events);
int error_of(int fd);
void no_wait(int fd);
unsigned char pattern(size_t at);
void fill_pattern(unsigned char *to, size_t from, size_t len);
bool is_pattern(const unsigned char *what, size_t from, size_t len);
void send_all(int fd, const void *what, size_t len);
size_t fill_up(int fd);
void receive_pattern(int fd, size_t from, size_t len);
unsigned char *before_a_hole(void);
long long now_ms(void);

#endif
