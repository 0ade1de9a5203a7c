// SPDX-License-Identifier: GPL-2.0
/*
 * Sockets for the cases, whatever the family is.
 */
#include <arpa/inet.h>
#include <sched.h>

#include "both.h"

int family(void)
{
	if (over_clasp)
		return AF_CLASP;

	return ipv4 ? AF_INET : AF_INET6;
}

int level(void)
{
	if (type == SOCK_STREAM)
		return over_clasp ? SOL_CLASP : IPPROTO_TCP;

	return over_clasp ? SOL_CLASP_DG : IPPROTO_UDP;
}

int ip_level(void)
{
	return ipv4 ? IPPROTO_IP : IPPROTO_IPV6;
}

struct address address_of(const char *ip, int port)
{
	struct address address = { .len = sizeof(address.clasp) };

	/* sockaddr_in6 and sockaddr_clasp have one layout */
	address.clasp.scl_family = family();
	address.clasp.scl_port = htons(port);
	NEED(inet_pton(AF_INET6, ip, &address.clasp.scl_addr) == 1);
	if (family() == AF_INET) {
		struct in_addr in;

		memcpy(&in, address.clasp.scl_addr.s6_addr + 12, sizeof(in));
		address = (struct address){ .len = sizeof(address.in) };
		address.in.sin_family = AF_INET;
		address.in.sin_port = htons(port);
		address.in.sin_addr = in;
	}

	return address;
}

struct address nowhere(void)
{
	struct address address = { .len = sizeof(address.sa) };

	address.sa.sa_family = AF_UNSPEC;

	return address;
}

struct address name_of(int fd)
{
	struct address address = { .len = sizeof(address.room) };

	NEED(!getsockname(fd, &address.sa, &address.len));

	return address;
}

struct address peer_of(int fd)
{
	struct address address = { .len = sizeof(address.room) };

	NEED(!getpeername(fd, &address.sa, &address.len));

	return address;
}

/* All three forms of an address have the port in one place. */
int port_in(const struct address *address)
{
	return ntohs(address->in.sin_port);
}

int port_of(int fd)
{
	struct address address = name_of(fd);

	return port_in(&address);
}

bool same_address(const struct address *one, const struct address *two)
{
	return one->len == two->len && !memcmp(one->room, two->room, one->len);
}

int new_socket(void)
{
	int fd = socket(family(), type, 0);

	NEED(fd >= 0);

	return fd;
}

int new_bound(void)
{
	struct address address = address_of(this_host, 0);
	int fd = new_socket();

	NEED(!bind(fd, SA(&address)));

	return fd;
}

int new_listener(int backlog)
{
	int fd = new_bound();

	NEED(!listen(fd, backlog));

	return fd;
}

int silent_listener(void)
{
	int listener = new_listener(0), fd, tries;
	struct address address = name_of(listener);

	for (tries = 0; tries < FILLERS; tries++) {
		fd = new_socket();
		no_wait(fd);
		connect(fd, SA(&address));
	}
	usleep(100000);

	return listener;
}

void connect_to(int fd, int port)
{
	struct address address = address_of(this_host, port);

	NEED(!connect(fd, SA(&address)));
}

int accept_one(int listener)
{
	int fd = accept(listener, NULL, NULL);

	NEED(fd >= 0);

	return fd;
}

void new_pair(int *one, int *two)
{
	int listener;

	if (type == SOCK_DGRAM) {
		*one = new_bound();
		*two = new_bound();
		connect_to(*one, port_of(*two));
		connect_to(*two, port_of(*one));
		return;
	}

	listener = new_listener(1);
	*one = new_socket();
	connect_to(*one, port_of(listener));
	*two = accept_one(listener);
	close(listener);
}

/* It was free a moment ago, and is not the next that the kernel gives out. */
int unused_port(void)
{
	int fd = new_bound(), port = port_of(fd);

	close(fd);

	return port;
}

int set_option(int fd, int where, int name, int value)
{
	return setsockopt(fd, where, name, &value, sizeof(value));
}

int get_option(int fd, int where, int name)
{
	socklen_t len = sizeof(int);
	int value = -1;

	NEED(!getsockopt(fd, where, name, &value, &len));

	return value;
}

int state_of(int fd)
{
	struct tcp_info info = { 0 };
	socklen_t len = sizeof(info);
	int state = -1;

	if (!over_clasp) {
		getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len);
		return info.tcpi_state;
	}
	len = sizeof(state);
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

void own_network(void)
{
	NEED(!unshare(CLONE_NEWNET));
	NEED(!system("ip link set lo up"));
}
