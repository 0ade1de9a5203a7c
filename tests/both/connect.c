// SPDX-License-Identifier: GPL-2.0
/*
 * connect(): to somebody, to nobody, to itself, and away again.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <sys/time.h>

#include "both.h"

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
