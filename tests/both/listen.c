// SPDX-License-Identifier: GPL-2.0
/*
 * listen(), accept(), and what waits to be accepted.
 */
#include <fcntl.h>
#include <poll.h>

#include "both.h"

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
