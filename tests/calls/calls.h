/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Tests of what Clasp alone has: TEST(name) { ... } runs once over IPv6 and
 * once over IPv4. What TCP or UDP have, too, is tested in tests/both.
 */
#ifndef CALLS_H
#define CALLS_H

#include <linux/clasp.h>

#include "../both/harness.h"

struct test {
	const char	*name;
	void		(*run)(void);
	struct test	*next;
};

void test_add(struct test *test);

#define TEST(what)							       \
	static void what(void);						       \
	static struct test what##_test = { #what, what, NULL };		       \
	__attribute__((constructor)) static void what##_add(void)	       \
	{								       \
		test_add(&what##_test);					       \
	}								       \
	static void what(void)

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

#endif
