// SPDX-License-Identifier: GPL-2.0
/*
 * socket(), bind(), listen(), connect(), accept(), and the names of sockets.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/time.h>

#include "harness.h"

#define UNUSED_PORT	9	/* nobody listens there */

static const char *any(void)
{
	return ipv4 ? "::ffff:0.0.0.0" : "::";
}

static void set_int(int fd, int level, int name, int value)
{
	NEED(!setsockopt(fd, level, name, &value, sizeof(value)));
}

static int get_int(int fd, int level, int name)
{
	socklen_t len = sizeof(int);
	int value = -1;

	NEED(!getsockopt(fd, level, name, &value, &len));

	return value;
}

TEST(socket_takes_what_there_is)
{
	int fd;

	EXPECT_ERR(socket(AF_CLASP, SOCK_STREAM, 6), EPROTONOSUPPORT);
	EXPECT_ERR(socket(AF_CLASP, SOCK_STREAM, -1), EINVAL);
	EXPECT_ERR(socket(AF_CLASP, SOCK_RAW, 0), ESOCKTNOSUPPORT);

	fd = socket(AF_CLASP, SOCK_STREAM, IPPROTO_CLASP);
	EXPECT_TRUE(fd >= 0);
	EXPECT_EQ(get_int(fd, SOL_SOCKET, SO_DOMAIN), AF_INET6);
	EXPECT_EQ(get_int(fd, SOL_SOCKET, SO_TYPE), SOCK_STREAM);
	EXPECT_EQ(get_int(fd, SOL_SOCKET, SO_PROTOCOL), IPPROTO_CLASP);
	EXPECT_EQ(state_of(fd), CLASP_STATE_CLOSED);
}

TEST(names_are_those_of_both_ends)
{
	struct sockaddr_clasp name, expected;
	socklen_t len = sizeof(name);
	int client = new_socket(), server, listener = new_listener(1);

	EXPECT_ERR(getpeername(client, (struct sockaddr *)&name, &len), ENOTCONN);
	connect_to(client, port_of(listener));
	server = accept(listener, (struct sockaddr *)&name, &len);
	NEED(server >= 0);
	expected = address_of(this_host, port_of(client));
	EXPECT_EQ(len, sizeof(name));
	EXPECT_EQ(memcmp(&name, &expected, sizeof(name)), 0);

	expected = address_of(this_host, port_of(listener));
	EXPECT_EQ(getpeername(client, (struct sockaddr *)&name, &len), 0);
	EXPECT_EQ(memcmp(&name, &expected, sizeof(name)), 0);
	EXPECT_EQ(getsockname(server, (struct sockaddr *)&name, &len), 0);
	EXPECT_EQ(memcmp(&name, &expected, sizeof(name)), 0);
}

TEST(short_room_for_a_name_gets_its_front)
{
	struct sockaddr_clasp name;
	int fd = new_listener(1);
	socklen_t len = 4;

	memset(&name, 0x55, sizeof(name));
	EXPECT_EQ(getsockname(fd, (struct sockaddr *)&name, &len), 0);
	EXPECT_EQ(len, sizeof(name));
	EXPECT_EQ(name.scl_family, AF_CLASP);
	EXPECT_EQ(name.scl_flowinfo, 0x55555555);
}

TEST(bind_refuses_bad_addresses)
{
	struct sockaddr_clasp good = address_of(this_host, 0), bad;
	struct sockaddr_in in = { .sin_family = AF_INET };
	int fd = new_socket();

	EXPECT_ERR(bind(fd, (struct sockaddr *)&good, 0), EINVAL);
	EXPECT_ERR(bind(fd, (struct sockaddr *)&good, 1), EINVAL);
	EXPECT_ERR(bind(fd, (struct sockaddr *)&good, 23), EINVAL);
	EXPECT_ERR(bind(fd, (struct sockaddr *)&good, 129), EINVAL);
	EXPECT_ERR(bind(fd, (struct sockaddr *)&good, -1), EINVAL);
	EXPECT_ERR(bind(fd, (struct sockaddr *)&in, 15), EINVAL);
	EXPECT_ERR(bind(fd, NULL, sizeof(good)), EFAULT);

	bad = good;
	bad.scl_family = AF_UNIX;
	EXPECT_ERR(bind(fd, SA(&bad)), EAFNOSUPPORT);
	bad = address_of(ipv4 ? "::ffff:192.0.2.1" : "2001:db8::1", 0);
	EXPECT_ERR(bind(fd, SA(&bad)), EADDRNOTAVAIL);
	bad = address_of("ff02::1", 0);
	EXPECT_ERR(bind(fd, SA(&bad)), EINVAL);

	EXPECT_EQ(bind(fd, SA(&good)), 0);
	EXPECT_ERR(bind(fd, SA(&good)), EINVAL);
}

TEST(bind_takes_addresses_of_tcp)
{
	struct sockaddr_clasp in6 = address_of(this_host, 0), name;
	struct sockaddr_in in = {
		.sin_family		= AF_INET,
		.sin_addr.s_addr	= htonl(INADDR_LOOPBACK),
	};
	socklen_t len = sizeof(name);
	int fd = new_socket();

	in6.scl_family = AF_INET6;
	if (ipv4)
		EXPECT_EQ(bind(fd, SA(&in)), 0);
	else
		EXPECT_EQ(bind(fd, SA(&in6)), 0);
	EXPECT_EQ(getsockname(fd, (struct sockaddr *)&name, &len), 0);
	EXPECT_EQ(name.scl_family, AF_CLASP);
	EXPECT_EQ(memcmp(&name.scl_addr, &in6.scl_addr, sizeof(in6.scl_addr)), 0);
	EXPECT_TRUE(name.scl_port);
}

/* Two sockets, each bound to an address with the same port; is that allowed? */
static void expect_shared(const char *one, const char *two, bool v6only,
			  bool reuse, int error)
{
	int first = new_socket(), second = new_socket();
	struct sockaddr_clasp address = address_of(one, 0);

	set_int(first, SOL_SOCKET, SO_REUSEADDR, reuse);
	set_int(second, SOL_SOCKET, SO_REUSEADDR, reuse);
	if (v6only)
		set_int(first, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	NEED(!bind(first, SA(&address)));

	address = address_of(two, port_of(first));
	if (error)
		EXPECT_ERR(bind(second, SA(&address)), error);
	else
		EXPECT_EQ(bind(second, SA(&address)), 0);
	close(first);
	close(second);
}

TEST(bind_shares_ports_as_tcp_does)
{
	expect_shared("::", "::", false, false, EADDRINUSE);
	expect_shared("::", "::", false, true, 0);
	expect_shared("::", "::1", false, false, EADDRINUSE);
	expect_shared("::1", "::", false, false, EADDRINUSE);
	expect_shared("::", "::ffff:0.0.0.0", false, false, EADDRINUSE);
	expect_shared("::", "::ffff:127.0.0.1", false, false, EADDRINUSE);
	expect_shared("::", "::ffff:0.0.0.0", true, false, 0);
	expect_shared("::", "::ffff:127.0.0.1", true, false, 0);
	expect_shared("::1", "::ffff:127.0.0.1", false, false, 0);
	expect_shared("::ffff:0.0.0.0", "::1", false, false, 0);
	expect_shared("::ffff:127.0.0.1", "::ffff:127.0.0.2", false, false, 0);
	expect_shared("::ffff:127.0.0.1", "::ffff:0.0.0.0", false, false,
		      EADDRINUSE);
}

/* listen-twice: the same socket may, another may not */
TEST(one_listens_on_a_shared_port)
{
	struct sockaddr_clasp address = address_of(any(), 0);
	int first = new_socket(), second = new_socket(), third = new_socket();

	set_int(first, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(second, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(third, SOL_SOCKET, SO_REUSEADDR, 1);
	NEED(!bind(first, SA(&address)));
	address = address_of(any(), port_of(first));
	NEED(!bind(second, SA(&address)));
	EXPECT_EQ(listen(first, 1), 0);
	EXPECT_EQ(listen(first, 2), 0);
	EXPECT_ERR(listen(second, 1), EADDRINUSE);
	EXPECT_ERR(bind(third, SA(&address)), EADDRINUSE);
	close(first);
	EXPECT_EQ(listen(second, 1), 0);
}

TEST(low_ports_need_a_capability)
{
	struct sockaddr_clasp address = address_of(any(), 1);
	int fd = new_socket();

	NEED(!seteuid(65534));
	EXPECT_ERR(bind(fd, SA(&address)), EACCES);
	NEED(!seteuid(0));
	EXPECT_EQ(bind(fd, SA(&address)), 0);
}

TEST(v6only_refuses_ipv4)
{
	struct sockaddr_clasp address = address_of("::ffff:127.0.0.1", 0);
	int fd = new_socket();

	set_int(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	EXPECT_ERR(bind(fd, SA(&address)), EINVAL);
	address = address_of("::ffff:127.0.0.1", UNUSED_PORT);
	EXPECT_ERR(connect(fd, SA(&address)), ENETUNREACH);
}

TEST(a_wildcard_listener_takes_both_versions)
{
	struct sockaddr_clasp address = address_of("::", 0);
	int listener = new_socket(), client = new_socket();

	NEED(!bind(listener, SA(&address)) && !listen(listener, 1));
	connect_to(client, port_of(listener));
	EXPECT_TRUE(accept(listener, NULL, NULL) >= 0);
}

TEST(listen_without_bind_finds_a_port)
{
	int fd = new_socket();

	EXPECT_EQ(listen(fd, 1), 0);
	EXPECT_TRUE(port_of(fd) > 0);
	connect_to(new_socket(), port_of(fd));
	EXPECT_TRUE(accept(fd, NULL, NULL) >= 0);
}

/* accept-no-listener: EINVAL */
TEST(listen_and_accept_refuse_other_sockets)
{
	int client, server;

	EXPECT_ERR(accept(new_socket(), NULL, NULL), EINVAL);
	new_pair(&client, &server);
	EXPECT_ERR(listen(client, 1), EINVAL);
	EXPECT_ERR(accept(client, NULL, NULL), EINVAL);
}

TEST(a_listener_does_not_talk)
{
	int fd = new_listener(1);
	char octet = 0;

	EXPECT_ERR(send(fd, &octet, 1, MSG_NOSIGNAL), EPIPE);
	EXPECT_ERR(recv(fd, &octet, 1, 0), ENOTCONN);
	EXPECT_ERR(getpeername(fd, NULL, NULL), ENOTCONN);
	no_wait(fd);
	EXPECT_ERR(accept(fd, NULL, NULL), EAGAIN);
	EXPECT_EQ(events_of(fd), 0);
	connect_to(new_socket(), port_of(fd));
	EXPECT_EQ(await_events(fd, POLLIN), POLLIN);
}

TEST(accept_gives_what_accept4_was_told)
{
	int listener = new_listener(2), fd;

	connect_to(new_socket(), port_of(listener));
	connect_to(new_socket(), port_of(listener));
	fd = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
	NEED(fd >= 0);
	EXPECT_TRUE(fcntl(fd, F_GETFL) & O_NONBLOCK);
	EXPECT_TRUE(fcntl(fd, F_GETFD) & FD_CLOEXEC);
	EXPECT_ERR(accept(listener, (struct sockaddr *)8, (socklen_t *)8), EFAULT);
}

TEST(shutdown_ends_a_listener)
{
	int fd = new_listener(1), client = new_socket();
	int port = port_of(fd);

	connect_to(client, port);
	EXPECT_EQ(shutdown(fd, SHUT_RD), 0);
	EXPECT_ERR(accept(fd, NULL, NULL), EINVAL);
	EXPECT_TRUE(await_events(client, POLLIN) & POLLERR);
	EXPECT_EQ(error_of(client), ECONNRESET);
	EXPECT_EQ(listen(fd, 1), 0);
}

/* port-closed, error-once: ECONNREFUSED */
TEST(connect_to_nobody_is_refused)
{
	struct sockaddr_clasp address = address_of(this_host, UNUSED_PORT);
	int fd = new_socket();

	EXPECT_ERR(connect(fd, SA(&address)), ECONNREFUSED);
	EXPECT_EQ(error_of(fd), 0);
	/* and the socket may try again */
	EXPECT_ERR(connect(fd, SA(&address)), ECONNREFUSED);
	connect_to(fd, port_of(new_listener(1)));
}

TEST(connect_refuses_bad_addresses)
{
	struct sockaddr_clasp address = address_of(this_host, UNUSED_PORT);
	int fd = new_socket();

	EXPECT_ERR(connect(fd, (struct sockaddr *)&address, 1), EINVAL);
	EXPECT_ERR(connect(fd, (struct sockaddr *)&address, 23), EINVAL);
	EXPECT_ERR(connect(fd, (struct sockaddr *)8, 28), EFAULT);
	address.scl_family = AF_UNIX;
	EXPECT_ERR(connect(fd, SA(&address)), EAFNOSUPPORT);
	address = address_of(this_host, 0);
	EXPECT_ERR(connect(fd, SA(&address)), ECONNREFUSED);
	address = address_of(ipv4 ? "::ffff:224.0.0.1" : "ff02::1", 7);
	EXPECT_ERR(connect(fd, SA(&address)), ENETUNREACH);
	address = address_of("::ffff:255.255.255.255", 7);
	EXPECT_ERR(connect(fd, SA(&address)), ENETUNREACH);
	address = address_of("fe80::1", 7);
	EXPECT_ERR(connect(fd, SA(&address)), EINVAL);
	/* none of it has spoilt the socket */
	connect_to(fd, port_of(new_listener(1)));
}

TEST(connect_takes_addresses_of_tcp)
{
	int listener = new_listener(1), fd = new_socket();
	struct sockaddr_clasp in6 = address_of(this_host, port_of(listener));
	struct sockaddr_in in = {
		.sin_family		= AF_INET,
		.sin_port		= in6.scl_port,
		.sin_addr.s_addr	= htonl(INADDR_LOOPBACK),
	};

	in6.scl_family = AF_INET6;
	if (ipv4)
		EXPECT_EQ(connect(fd, SA(&in)), 0);
	else
		EXPECT_EQ(connect(fd, SA(&in6)), 0);
}

TEST(connect_to_no_address_means_this_host)
{
	struct sockaddr_clasp address;
	int listener = new_listener(1), fd = new_socket();

	address = address_of(any(), port_of(listener));
	EXPECT_EQ(connect(fd, SA(&address)), 0);
}

/* connect-nonblock, connect-twice: EISCONN when it is open */
TEST(connect_without_waiting)
{
	int listener = new_listener(1), fd = new_socket();
	struct sockaddr_clasp address = address_of(this_host, port_of(listener));

	no_wait(fd);
	EXPECT_ERR(connect(fd, SA(&address)), EINPROGRESS);
	EXPECT_EQ(await_events(fd, POLLOUT), POLLOUT);
	EXPECT_EQ(error_of(fd), 0);
	EXPECT_EQ(connect(fd, SA(&address)), 0);
	EXPECT_ERR(connect(fd, SA(&address)), EISCONN);
}

TEST(connect_without_waiting_refused)
{
	struct sockaddr_clasp address = address_of(this_host, UNUSED_PORT);
	int fd = new_socket();

	no_wait(fd);
	EXPECT_ERR(connect(fd, SA(&address)), EINPROGRESS);
	EXPECT_EQ(await_events(fd, POLLOUT), POLLOUT | POLLERR | POLLHUP);
	EXPECT_EQ(error_of(fd), ECONNREFUSED);
	EXPECT_EQ(error_of(fd), 0);
	EXPECT_ERR(connect(fd, SA(&address)), ECONNABORTED);
	EXPECT_ERR(connect(fd, SA(&address)), EINPROGRESS);
}

#define FILLERS	3	/* connections that fill the queues of a backlog of 0 */

/* Who is silent: a listener whose queues are full. */
static int silent_listener(void)
{
	int listener = new_listener(0), fd;
	int tries;

	for (tries = 0; tries < FILLERS; tries++) {
		struct sockaddr_clasp address;

		address = address_of(this_host, port_of(listener));
		fd = new_socket();
		no_wait(fd);
		connect(fd, SA(&address));
	}
	usleep(100000);

	return listener;
}

static int silent_port(void)
{
	return port_of(silent_listener());
}

/* connect-twice, timeouts: EALREADY while it opens */
TEST(connect_waits_as_long_as_it_may)
{
	struct sockaddr_clasp address = address_of(this_host, silent_port());
	struct timeval limit = { .tv_usec = 200000 };
	int fd = new_socket();
	char octet = 0;

	NEED(!setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)));
	EXPECT_ERR(connect(fd, SA(&address)), EINPROGRESS);
	EXPECT_ERR(connect(fd, SA(&address)), EALREADY);
	EXPECT_EQ(state_of(fd), CLASP_STATE_SYN_SENT);
	EXPECT_EQ(events_of(fd), 0);
	EXPECT_ERR(send(fd, &octet, 1, MSG_DONTWAIT), EAGAIN);
	EXPECT_ERR(recv(fd, &octet, 1, MSG_DONTWAIT), EAGAIN);
	EXPECT_EQ(shutdown(fd, SHUT_RDWR), 0);
	EXPECT_EQ(state_of(fd), CLASP_STATE_CLOSED);
}

#define EARLY	40	/* readers; each ISN that is wrong is half of all */

static void *read_one(void *fd)
{
	char octet = 0;

	EXPECT_EQ(recv(*(int *)fd, &octet, 1, 0), 1);
	EXPECT_EQ(octet, 'x');

	return NULL;
}

/* A program may wait for octets whose numbers are not known yet. */
TEST(a_read_may_begin_before_the_connection)
{
	struct timeval limit = { .tv_sec = 10 };
	int listener = silent_listener(), fds[EARLY], i, fd;
	struct sockaddr_clasp address = address_of(this_host, port_of(listener));
	pthread_t readers[EARLY];

	for (i = 0; i < EARLY; i++) {
		fds[i] = new_socket();
		no_wait(fds[i]);
		EXPECT_ERR(connect(fds[i], SA(&address)), EINPROGRESS);
		EXPECT_EQ(state_of(fds[i]), CLASP_STATE_SYN_SENT);
		NEED(!fcntl(fds[i], F_SETFL, 0));
		NEED(!setsockopt(fds[i], SOL_SOCKET, SO_RCVTIMEO, &limit,
				 sizeof(limit)));
		NEED(!pthread_create(&readers[i], NULL, read_one, &fds[i]));
	}

	/* their SYNs are sent again, and now there is room for them */
	NEED(!listen(listener, 2 * EARLY));
	for (i = 0; i < EARLY + FILLERS; i++) {
		fd = accept(listener, NULL, NULL);
		NEED(fd >= 0);
		send_all(fd, "x", 1);
	}
	for (i = 0; i < EARLY; i++)
		pthread_join(readers[i], NULL);
}

/* connect-self: one socket is both ends */
TEST(connect_to_itself)
{
	struct sockaddr_clasp address = address_of(this_host, 0);
	int fd = new_socket();
	char octet = 0;

	NEED(!bind(fd, SA(&address)));
	address = address_of(this_host, port_of(fd));
	EXPECT_EQ(connect(fd, SA(&address)), 0);
	EXPECT_EQ(state_of(fd), CLASP_STATE_ESTABLISHED);
	EXPECT_EQ(send(fd, "x", 1, 0), 1);
	EXPECT_EQ(recv(fd, &octet, 1, 0), 1);
	EXPECT_EQ(octet, 'x');
}

/* connect-twice: AF_UNSPEC */
TEST(connect_to_nothing_undoes_a_connection)
{
	struct sockaddr nothing = { .sa_family = AF_UNSPEC };
	int client, server, listener;
	char octet;

	new_pair(&client, &server);
	EXPECT_EQ(connect(client, &nothing, sizeof(nothing)), 0);
	EXPECT_EQ(state_of(client), CLASP_STATE_CLOSED);
	EXPECT_ERR(recv(server, &octet, 1, 0), ECONNRESET);

	listener = new_listener(1);
	EXPECT_EQ(error_of(client), ECONNRESET);
	connect_to(client, port_of(listener));
	server = accept(listener, NULL, NULL);
	EXPECT_EQ(send(client, "x", 1, 0), 1);
	EXPECT_EQ(recv(server, &octet, 1, 0), 1);
}

/* What became of the old connection is nothing to the new one. */
TEST(an_error_left_unread_does_not_fail_the_next_connection)
{
	struct sockaddr nothing = { .sa_family = AF_UNSPEC };
	int listener = new_listener(2), client, server;
	struct sockaddr_clasp address = address_of(this_host, port_of(listener));

	new_pair(&client, &server);
	NEED(!connect(client, &nothing, sizeof(nothing)));
	EXPECT_EQ(connect(client, SA(&address)), 0);
	EXPECT_EQ(error_of(client), 0);

	NEED(!connect(client, &nothing, sizeof(nothing)));
	no_wait(client);
	EXPECT_ERR(connect(client, SA(&address)), EINPROGRESS);
	EXPECT_EQ(await_events(client, POLLOUT), POLLOUT);
	EXPECT_EQ(error_of(client), 0);
	EXPECT_EQ(send(client, "x", 1, MSG_NOSIGNAL), 1);
}

/* Bound to @port, and in TIME_WAIT; then without its connection again. */
static int after_time_wait(int port)
{
	struct sockaddr nothing = { .sa_family = AF_UNSPEC };
	struct sockaddr_clasp address = address_of(any(), port);
	int listener = new_listener(1), fd = new_socket(), server;

	set_int(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	NEED(!bind(fd, SA(&address)));
	connect_to(fd, port_of(listener));
	server = accept(listener, NULL, NULL);
	NEED(server >= 0 && !shutdown(fd, SHUT_WR));
	NEED(await_state(server, CLASP_STATE_CLOSE_WAIT) ==
	     CLASP_STATE_CLOSE_WAIT);
	close(server);
	NEED(await_state(fd, CLASP_STATE_TIME_WAIT) == CLASP_STATE_TIME_WAIT);
	NEED(!connect(fd, &nothing, sizeof(nothing)));

	return fd;
}

TEST(a_bound_port_outlives_time_wait)
{
	int port = ipv4 ? 4001 : 6001, fd, other = new_socket();
	struct sockaddr_clasp address = address_of(any(), port + 1);

	fd = after_time_wait(port);
	EXPECT_EQ(port_of(fd), port);
	connect_to(fd, port_of(new_listener(1)));
	EXPECT_EQ(port_of(fd), port);

	fd = after_time_wait(++port);
	EXPECT_EQ(listen(fd, 1), 0);
	EXPECT_EQ(port_of(fd), port);
	set_int(other, SOL_SOCKET, SO_REUSEADDR, 1);
	EXPECT_ERR(bind(other, SA(&address)), EADDRINUSE);
	connect_to(other, port);
	EXPECT_TRUE(accept(fd, NULL, NULL) >= 0);
}

TEST(a_bound_socket_connects_from_its_port)
{
	struct sockaddr_clasp address = address_of(any(), 0);
	int fd = new_socket(), port;

	NEED(!bind(fd, SA(&address)));
	port = port_of(fd);
	connect_to(fd, port_of(new_listener(1)));
	EXPECT_EQ(port_of(fd), port);
}

TEST(a_taken_four_tuple_is_not_given_twice)
{
	struct sockaddr_clasp from = address_of(this_host, 0), to;
	int listener = new_listener(2), first = new_socket(), second = new_socket();

	to = address_of(this_host, port_of(listener));
	set_int(first, SOL_SOCKET, SO_REUSEADDR, 1);
	set_int(second, SOL_SOCKET, SO_REUSEADDR, 1);
	NEED(!bind(first, SA(&from)));
	from = address_of(this_host, port_of(first));
	NEED(!bind(second, SA(&from)));
	EXPECT_EQ(connect(first, SA(&to)), 0);
	EXPECT_ERR(connect(second, SA(&to)), EADDRNOTAVAIL);
	EXPECT_EQ(send(first, "x", 1, 0), 1);
}
