// SPDX-License-Identifier: GPL-2.0
/*
 * Runs the tests, over IPv6 and over IPv4, and what they have in common.
 *
 * usage: calls [NAME]...
 */
#include <arpa/inet.h>

#include "calls.h"

bool ipv4;
const char *this_host;

static struct test *tests;

void test_add(struct test *test)
{
	struct test **last = &tests;

	while (*last)
		last = &(*last)->next;
	*last = test;
}

static bool wanted(const struct test *test, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(*names, test->name))
			return true;

	return false;
}

int main(int argc, char **argv)
{
	const struct test *test;
	int failed = 0, version;

	for (version = 6; version >= 4; version -= 2) {
		ipv4 = version == 4;
		this_host = ipv4 ? "::ffff:127.0.0.1" : "::1";
		for (test = tests; test; test = test->next) {
			bool ok;

			if (!wanted(test, argv + 1))
				continue;
			ok = test_passes(test->run);
			printf("%s v%d.%s\n", ok ? "ok" : "not ok", version,
			       test->name);
			failed += !ok;
		}
	}

	return !!failed;
}

/* --- sockets for tests ----------------------------------------------------- */

struct sockaddr_clasp address_of(const char *ip, int port)
{
	struct sockaddr_clasp address = {
		.scl_family	= AF_CLASP,
		.scl_port	= htons(port),
	};

	NEED(inet_pton(AF_INET6, ip, &address.scl_addr) == 1);

	return address;
}

int new_socket(void)
{
	int fd = socket(AF_CLASP, SOCK_STREAM, 0);

	NEED(fd >= 0);

	return fd;
}

int port_of(int fd)
{
	struct sockaddr_clasp name;
	socklen_t len = sizeof(name);

	NEED(!getsockname(fd, (struct sockaddr *)&name, &len));

	return ntohs(name.scl_port);
}

/* On any port of the loopback address. */
int new_listener(int backlog)
{
	struct sockaddr_clasp address = address_of(this_host, 0);
	int fd = new_socket();

	NEED(!bind(fd, SA(&address)));
	NEED(!listen(fd, backlog));

	return fd;
}

void connect_to(int fd, int port)
{
	struct sockaddr_clasp address = address_of(this_host, port);

	NEED(!connect(fd, SA(&address)));
}

void new_pair(int *client, int *server)
{
	int listener = new_listener(1);

	*client = new_socket();
	connect_to(*client, port_of(listener));
	*server = accept(listener, NULL, NULL);
	NEED(*server >= 0);
	close(listener);
}

int state_of(int fd)
{
	socklen_t len = sizeof(int);
	int state = -1;

	getsockopt(fd, SOL_CLASP, CLASP_STATE, &state, &len);

	return state;
}

/* Wait until the connection is in @state; returns the one that it came to. */
int await_state(int fd, int state)
{
	int tries;

	for (tries = 0; tries < 500 && state_of(fd) != state; tries++)
		usleep(10000);

	return state_of(fd);
}
