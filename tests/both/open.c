// SPDX-License-Identifier: GPL-2.0
/*
 * socket(), bind(), listen(), connect(), accept(), and the names of sockets.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/time.h>

#include "both.h"

CASE(both, socket, good, a_new_socket_is_what_was_asked_for)
{
	int protocol = type == SOCK_STREAM ? DIFFERS("its number", IPPROTO_CLASP, IPPROTO_TCP) :
		       DIFFERS("its number", IPPROTO_CLASP_DG, IPPROTO_UDP);
	int fd;

	fd = socket(family(), type, protocol);
	NEED(fd >= 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_TYPE), type);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_PROTOCOL), protocol);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_DOMAIN),
		  DIFFERS("the kernel knows it as an IPv6 socket", AF_INET6,
			  family()));
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ACCEPTCONN), 0);
	if (type == SOCK_STREAM)
		EXPECT_EQ(state_of(fd), CLASP_STATE_CLOSED);
}

CASE(both, socket, edge, a_new_socket_has_the_flags_asked_for)
{
	int fd = socket(family(), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	NEED(fd >= 0);
	EXPECT_TRUE(fcntl(fd, F_GETFL) & O_NONBLOCK);
	EXPECT_TRUE(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

CASE(both, socket, error, an_unknown_protocol_is_refused)
{
	EXPECT_ERR(socket(family(), type, IPPROTO_ICMP), EPROTONOSUPPORT);
	EXPECT_ERR(socket(family(), type, -1), EINVAL);
	EXPECT_ERR(socket(family(), type, 9999), EINVAL);
	EXPECT_ERR(socket(family(), 11, 0), EINVAL);
	EXPECT_ERR(socket(family(), SOCK_SEQPACKET, 0), ESOCKTNOSUPPORT);
}

CASE(stream, getpeername, good, names_are_those_of_both_ends)
{
	int listener = new_listener(1), client = new_socket(), server;
	struct address name = { .len = sizeof(name.room) }, expected;

	connect_to(client, port_of(listener));
	server = accept(listener, &name.sa, &name.len);
	NEED(server >= 0);
	expected = address_of(this_host, port_of(client));
	EXPECT_TRUE(same_address(&name, &expected));
	name = peer_of(server);
	EXPECT_TRUE(same_address(&name, &expected));

	expected = address_of(this_host, port_of(listener));
	name = peer_of(client);
	EXPECT_TRUE(same_address(&name, &expected));
	name = name_of(server);
	EXPECT_TRUE(same_address(&name, &expected));
}

CASE(both, getpeername, error, without_a_peer_there_is_no_name)
{
	struct address name = { .len = sizeof(name.room) };

	EXPECT_ERR(getpeername(new_socket(), &name.sa, &name.len), ENOTCONN);
	EXPECT_ERR(getpeername(new_bound(), &name.sa, &name.len), ENOTCONN);
}

CASE(both, getsockname, edge, short_room_for_a_name_gets_its_front)
{
	int fd = new_bound();
	struct address name, whole = name_of(fd);

	memset(&name, 0x55, sizeof(name));
	name.len = 4;
	EXPECT_EQ(getsockname(fd, &name.sa, &name.len), 0);
	EXPECT_EQ(name.len, whole.len);
	EXPECT_EQ(memcmp(name.room, whole.room, 4), 0);
	EXPECT_EQ(name.room[4], 0x55);

	name.len = 0;
	memset(name.room, 0x55, 4);
	EXPECT_EQ(getsockname(fd, &name.sa, &name.len), 0);
	EXPECT_EQ(name.len, whole.len);
	EXPECT_EQ(name.room[0], 0x55);
}

CASE(both, getsockname, good, a_bound_socket_has_the_address_and_a_port)
{
	struct address name = name_of(new_bound()), expected;

	EXPECT_TRUE(port_in(&name) > 0);
	expected = address_of(this_host, port_in(&name));
	EXPECT_TRUE(same_address(&name, &expected));
}

CASE(both, getsockname, error, bad_room_for_a_name_is_refused)
{
	struct address name = { .len = -1 };
	int fd = new_bound();

	EXPECT_ERR(getsockname(fd, &name.sa, &name.len), EINVAL);
	EXPECT_ERR(getsockname(fd, &name.sa, NULL), EFAULT);
	name.len = sizeof(name.room);
	EXPECT_ERR(getsockname(fd, NULL, &name.len), EFAULT);
}

CASE(both, bind, error, bind_refuses_bad_addresses)
{
	struct address good = address_of(this_host, 0), bad;
	int fd = new_socket();

	EXPECT_ERR(bind(fd, &good.sa, 0), EINVAL);
	EXPECT_ERR(bind(fd, &good.sa, 1), EINVAL);
	EXPECT_ERR(bind(fd, &good.sa, 15), EINVAL);
	EXPECT_ERR(bind(fd, &good.sa, 129), EINVAL);
	EXPECT_ERR(bind(fd, &good.sa, -1), EINVAL);
	EXPECT_ERR(bind(fd, NULL, good.len), EFAULT);

	bad = good;
	bad.sa.sa_family = AF_UNIX;
	EXPECT_ERR(bind(fd, SA(&bad)), EAFNOSUPPORT);
	bad = address_of(ipv4 ? "::ffff:192.0.2.1" : "2001:db8::1", 0);
	EXPECT_ERR(bind(fd, SA(&bad)), EADDRNOTAVAIL);

	EXPECT_EQ(bind(fd, SA(&good)), 0);
	EXPECT_ERR(bind(fd, SA(&good)), EINVAL);
}

CASE(stream, bind, error, a_multicast_address_is_only_of_ipv4)
{
	struct address address = address_of(ipv4 ? "::ffff:224.0.0.1" : "ff02::1", 0);

	EXPECT_ERR(bind(new_socket(), SA(&address)),
		   ipv4 ? 0 : EINVAL);
}

CASE(both, bind, edge, bind_takes_addresses_of_ip)
{
	struct sockaddr_in in = {
		.sin_family		= AF_INET,
		.sin_addr.s_addr	= htonl(INADDR_LOOPBACK),
	};
	struct address in6 = address_of(this_host, 0), name;
	int fd = new_socket();

	if (ipv4) {
		EXPECT_EQ(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	} else {
		in6.sa.sa_family = AF_INET6;
		EXPECT_EQ(bind(fd, SA(&in6)), 0);
	}
	name = name_of(fd);
	in6 = address_of(this_host, port_in(&name));
	EXPECT_TRUE(same_address(&name, &in6));
}

/* Two sockets, each bound to an address with the same port; is that allowed? */
static void expect_shared(const char *one, const char *two, bool v6only,
			  bool reuse, int error)
{
	int first = new_socket(), second = new_socket();
	struct address address = address_of(one, 0);

	set_option(first, SOL_SOCKET, SO_REUSEADDR, reuse);
	set_option(second, SOL_SOCKET, SO_REUSEADDR, reuse);
	if (v6only)
		set_option(first, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	NEED(!bind(first, SA(&address)));

	address = address_of(two, port_of(first));
	if (error)
		EXPECT_ERR(bind(second, SA(&address)), error);
	else
		EXPECT_EQ(bind(second, SA(&address)), 0);
	close(first);
	close(second);
}

CASE(both, SO_REUSEADDR, edge, ports_are_shared_between_versions)
{
	if (ipv4)
		return;
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
CASE(stream, listen, error, one_listens_on_a_shared_port)
{
	struct address address = address_of(any_host, 0);
	int first = new_socket(), second = new_socket(), third = new_socket();

	set_option(first, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(second, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(third, SOL_SOCKET, SO_REUSEADDR, 1);
	NEED(!bind(first, SA(&address)));
	address = address_of(any_host, port_of(first));
	NEED(!bind(second, SA(&address)));
	EXPECT_EQ(listen(first, 1), 0);
	EXPECT_EQ(listen(first, 2), 0);
	EXPECT_ERR(listen(second, 1), EADDRINUSE);
	EXPECT_ERR(bind(third, SA(&address)), EADDRINUSE);
	close(first);
	EXPECT_EQ(listen(second, 1), 0);
}

CASE(both, bind, error, low_ports_need_a_capability)
{
	struct address address = address_of(any_host, 1);
	int fd = new_socket();

	NEED(!seteuid(65534));
	EXPECT_ERR(bind(fd, SA(&address)), EACCES);
	NEED(!seteuid(0));
	EXPECT_EQ(bind(fd, SA(&address)), 0);
}

CASE(both, IPV6_V6ONLY, error, v6only_refuses_ipv4)
{
	struct address address;
	int fd;

	if (ipv4)
		return;
	fd = new_socket();
	address = address_of("::ffff:127.0.0.1", 0);
	NEED(!set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1));
	EXPECT_ERR(bind(fd, SA(&address)), EINVAL);
	address = address_of("::ffff:127.0.0.1", 9);
	EXPECT_ERR(connect(fd, SA(&address)), ENETUNREACH);
}

CASE(stream, IPV6_V6ONLY, good, a_wildcard_listener_takes_both_versions)
{
	struct address address;
	int listener, client;

	if (ipv4)
		return;
	listener = new_socket();
	address = address_of("::", 0);
	NEED(!bind(listener, SA(&address)) && !listen(listener, 2));
	connect_to(new_socket(), port_of(listener));
	accept_one(listener);
	address = address_of("::ffff:127.0.0.1", port_of(listener));
	client = new_socket();
	EXPECT_EQ(connect(client, SA(&address)), 0);
	accept_one(listener);
}

CASE(stream, listen, edge, listen_without_bind_finds_a_port)
{
	int fd = new_socket();

	EXPECT_EQ(listen(fd, 1), 0);
	EXPECT_TRUE(port_of(fd) > 0);
	connect_to(new_socket(), port_of(fd));
	EXPECT_TRUE(accept(fd, NULL, NULL) >= 0);
}

/* accept-no-listener: EINVAL */
CASE(stream, accept, error, listen_and_accept_refuse_other_sockets)
{
	int client, server;

	EXPECT_ERR(accept(new_socket(), NULL, NULL), EINVAL);
	new_pair(&client, &server);
	EXPECT_ERR(listen(client, 1), EINVAL);
	EXPECT_ERR(accept(client, NULL, NULL), EINVAL);
}

CASE(stream, listen, error, a_listener_does_not_talk)
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

CASE(stream, accept4, good, accept_gives_what_accept4_was_told)
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

CASE(stream, shutdown, edge, shutdown_ends_a_listener)
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
CASE(stream, connect, error, connect_to_nobody_is_refused)
{
	struct address address = address_of(this_host, unused_port());
	int fd = new_socket();

	EXPECT_ERR(connect(fd, SA(&address)), ECONNREFUSED);
	EXPECT_EQ(error_of(fd), 0);
	/* and the socket may try again */
	EXPECT_ERR(connect(fd, SA(&address)), ECONNREFUSED);
	connect_to(fd, port_of(new_listener(1)));
}

CASE(stream, connect, error, connect_refuses_bad_addresses)
{
	struct address address = address_of(this_host, unused_port());
	int fd = new_socket();

	EXPECT_ERR(connect(fd, &address.sa, 1), EINVAL);
	EXPECT_ERR(connect(fd, &address.sa, 15), EINVAL);
	EXPECT_ERR(connect(fd, (struct sockaddr *)8, 28), EFAULT);
	address.sa.sa_family = AF_UNIX;
	EXPECT_ERR(connect(fd, SA(&address)), EAFNOSUPPORT);
	address = address_of(this_host, 0);
	EXPECT_ERR(connect(fd, SA(&address)), ECONNREFUSED);
	address = address_of(ipv4 ? "::ffff:224.0.0.1" : "ff02::1", 7);
	EXPECT_ERR(connect(fd, SA(&address)), ENETUNREACH);
	address = address_of(ipv4 ? "::ffff:255.255.255.255" : "fe80::1", 7);
	EXPECT_ERR(connect(fd, SA(&address)), ipv4 ? ENETUNREACH : EINVAL);
	/* none of it has spoilt the socket */
	connect_to(fd, port_of(new_listener(1)));
}

CASE(stream, connect, edge, connect_takes_addresses_of_ip)
{
	int port = port_of(new_listener(1)), fd = new_socket();
	struct address in6 = address_of(this_host, port);
	struct sockaddr_in in = {
		.sin_family		= AF_INET,
		.sin_port		= htons(port),
		.sin_addr.s_addr	= htonl(INADDR_LOOPBACK),
	};

	in6.sa.sa_family = AF_INET6;
	if (ipv4)
		EXPECT_EQ(connect(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	else
		EXPECT_EQ(connect(fd, SA(&in6)), 0);
}

CASE(stream, connect, edge, connect_to_no_address_means_this_host)
{
	struct address address;
	int listener = new_listener(1), fd = new_socket();

	address = address_of(any_host, port_of(listener));
	EXPECT_EQ(connect(fd, SA(&address)), 0);
}

/* connect-nonblock, connect-twice: EISCONN when it is open */
CASE(stream, connect, good, connect_without_waiting)
{
	int listener = new_listener(1), fd = new_socket();
	struct address address = address_of(this_host, port_of(listener));

	no_wait(fd);
	EXPECT_ERR(connect(fd, SA(&address)), EINPROGRESS);
	EXPECT_EQ(await_events(fd, POLLOUT), POLLOUT);
	EXPECT_EQ(error_of(fd), 0);
	EXPECT_EQ(connect(fd, SA(&address)), 0);
	EXPECT_ERR(connect(fd, SA(&address)), EISCONN);
}

CASE(stream, connect, error, connect_without_waiting_refused)
{
	struct address address = address_of(this_host, unused_port());
	int fd = new_socket();

	no_wait(fd);
	EXPECT_ERR(connect(fd, SA(&address)), EINPROGRESS);
	EXPECT_EQ(await_events(fd, POLLOUT), POLLOUT | POLLERR | POLLHUP);
	EXPECT_EQ(error_of(fd), ECONNREFUSED);
	EXPECT_EQ(error_of(fd), 0);
	EXPECT_ERR(connect(fd, SA(&address)), ECONNABORTED);
	EXPECT_ERR(connect(fd, SA(&address)), EINPROGRESS);
}

static int silent_port(void)
{
	return port_of(silent_listener());
}

/* connect-twice, timeouts: EALREADY while it opens */
CASE(stream, SO_SNDTIMEO, good, connect_waits_as_long_as_it_may)
{
	struct address address = address_of(this_host, silent_port());
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
CASE(stream, recv, edge, a_read_may_begin_before_the_connection)
{
	struct timeval limit = { .tv_sec = 10 };
	int listener = silent_listener(), fds[EARLY], i, fd;
	struct address address = address_of(this_host, port_of(listener));
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
		fd = accept_one(listener);
		send_all(fd, "x", 1);
	}
	for (i = 0; i < EARLY; i++)
		pthread_join(readers[i], NULL);
}

/* connect-self: one socket is both ends */
CASE(stream, connect, edge, connect_to_itself)
{
	struct address address = address_of(this_host, 0);
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
CASE(stream, connect, edge, connect_to_nothing_undoes_a_connection)
{
	struct address nothing = nowhere();
	int client, server, listener;
	char octet;

	new_pair(&client, &server);
	EXPECT_EQ(connect(client, SA(&nothing)), 0);
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
CASE(stream, connect, edge, an_error_left_unread_does_not_fail_the_next_connection)
{
	struct address nothing = nowhere();
	int listener = new_listener(2), client, server;
	struct address address = address_of(this_host, port_of(listener));

	new_pair(&client, &server);
	NEED(!connect(client, SA(&nothing)));
	EXPECT_EQ(connect(client, SA(&address)), 0);
	EXPECT_EQ(error_of(client), 0);

	NEED(!connect(client, SA(&nothing)));
	no_wait(client);
	EXPECT_ERR(connect(client, SA(&address)), EINPROGRESS);
	EXPECT_EQ(await_events(client, POLLOUT), POLLOUT);
	EXPECT_EQ(error_of(client), 0);
	EXPECT_EQ(send(client, "x", 1, MSG_NOSIGNAL), 1);
}

/* Bound to @port, and in TIME_WAIT; then without its connection again. */
static int after_time_wait(int port)
{
	struct address nothing = nowhere();
	struct address address = address_of(any_host, port);
	int listener = new_listener(1), fd = new_socket(), server, state;

	set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	NEED(!bind(fd, SA(&address)));
	connect_to(fd, port_of(listener));
	server = accept(listener, NULL, NULL);
	NEED(server >= 0 && !shutdown(fd, SHUT_WR));
	NEED(await_state(server, CLASP_STATE_CLOSE_WAIT) ==
	     CLASP_STATE_CLOSE_WAIT);
	close(server);
	state = DIFFERS("the socket tells of TIME_WAIT, too",
			CLASP_STATE_TIME_WAIT, CLASP_STATE_CLOSED);
	NEED(await_state(fd, state) == state);
	NEED(!connect(fd, SA(&nothing)));

	return fd;
}

CASE(stream, connect, edge, a_bound_port_outlives_time_wait)
{
	int port = ipv4 ? 4001 : 6001, fd, other = new_socket();
	struct address address = address_of(any_host, port + 1);

	fd = after_time_wait(port);
	EXPECT_EQ(port_of(fd), port);
	connect_to(fd, port_of(new_listener(1)));
	EXPECT_EQ(port_of(fd), port);

	fd = after_time_wait(++port);
	EXPECT_EQ(listen(fd, 1), 0);
	EXPECT_EQ(port_of(fd), port);
	set_option(other, SOL_SOCKET, SO_REUSEADDR, 1);
	EXPECT_ERR(bind(other, SA(&address)), EADDRINUSE);
	connect_to(other, port);
	EXPECT_TRUE(accept(fd, NULL, NULL) >= 0);
}

CASE(stream, bind, good, a_bound_socket_connects_from_its_port)
{
	struct address address = address_of(any_host, 0);
	int fd = new_socket(), port;

	NEED(!bind(fd, SA(&address)));
	port = port_of(fd);
	connect_to(fd, port_of(new_listener(1)));
	EXPECT_EQ(port_of(fd), port);
}

CASE(stream, connect, error, a_taken_four_tuple_is_not_given_twice)
{
	struct address from = address_of(this_host, 0), to;
	int listener = new_listener(2), first = new_socket(), second = new_socket();

	to = address_of(this_host, port_of(listener));
	set_option(first, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(second, SOL_SOCKET, SO_REUSEADDR, 1);
	NEED(!bind(first, SA(&from)));
	from = address_of(this_host, port_of(first));
	NEED(!bind(second, SA(&from)));
	EXPECT_EQ(connect(first, SA(&to)), 0);
	EXPECT_ERR(connect(second, SA(&to)), EADDRNOTAVAIL);
	EXPECT_EQ(send(first, "x", 1, 0), 1);
}
