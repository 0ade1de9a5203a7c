/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A small harness in the look of kselftest's: TEST(name) { ... } runs in a
 * process of its own under a time limit, once over IPv6 and once over IPv4.
 *
 * Output: "ok NAME" or "not ok NAME", and before that "# FILE:LINE: ..." for
 * each expectation that did not hold.
 */
#ifndef CALLS_HARNESS_H
#define CALLS_HARNESS_H

#include <errno.h>
#include <linux/clasp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

struct test {
	const char	*name;
	void		(*run)(void);
	struct test	*next;
};

void test_add(struct test *test);
void test_failed(const char *file, int line, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

#define TEST(what)							       \
	static void what(void);						       \
	static struct test what##_test = { #what, what, NULL };		       \
	__attribute__((constructor)) static void what##_add(void)	       \
	{								       \
		test_add(&what##_test);					       \
	}								       \
	static void what(void)

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

/* A call that must fail, and how. */
#define EXPECT_ERR(call, want) do {					       \
	long long got_;							       \
									       \
	errno = 0;							       \
	got_ = (long long)(call);					       \
	if (got_ != -1 || errno != (want))				       \
		test_failed(__FILE__, __LINE__, "%s: %lld (%s), not %s",       \
			    #call, got_, strerror(errno), strerror(want));     \
} while (0)

/* Without this the test cannot go on. */
#define NEED(what) do {							       \
	if (!(what)) {							       \
		test_failed(__FILE__, __LINE__, "%s: %s", #what,	       \
			    strerror(errno));				       \
		exit(1);						       \
	}								       \
} while (0)

/* --- sockets for tests ----------------------------------------------------- */

extern bool ipv4;		/* this run is over IPv4 */
extern const char *this_host;	/* the loopback address, as IPv6 writes it */

#define SA(address)	((struct sockaddr *)(address)), sizeof(*(address))

struct sockaddr_clasp address_of(const char *ip, int port);
int new_socket(void);
int new_listener(int backlog);
int port_of(int fd);
void connect_to(int fd, int port);
void new_pair(int *client, int *server);
int state_of(int fd);
int await_state(int fd, int state);
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

#endif
