// SPDX-License-Identifier: GPL-2.0
/*
 * connect() to an address of no family, in each state: the socket is again what
 * bind() left.
 */
#include "both.h"

static void disconnect(int fd)
{
	struct address none = nowhere();

	EXPECT_EQ(connect(fd, SA(&none)), 0);
	EXPECT_EQ(state_of(fd), TCP_CLOSE);
}

/* It has forgotten its peer, and can have another. */
static void expect_like_new(int fd)
{
	struct address peer = { .len = sizeof(peer.room) };
	int listener = new_listener(1);

	EXPECT_ERR(getpeername(fd, &peer.sa, &peer.len), ENOTCONN);
	EXPECT_EQ(error_of(fd), 0);
	connect_to(fd, port_of(listener));
	send_all(fd, "x", 1);
	EXPECT_EQ(state_of(fd), TCP_ESTABLISHED);
}

CASE(stream, connect, edge, undoing_nothing_is_well)
{
	int fd = new_socket();

	disconnect(fd);
	EXPECT_EQ(error_of(fd), 0);
	expect_like_new(fd);
}

CASE(stream, connect, edge, undoing_keeps_what_was_bound)
{
	int fd = new_bound();
	struct address before = name_of(fd), after;

	disconnect(fd);
	after = name_of(fd);
	EXPECT_TRUE(same_address(&before, &after));
	expect_like_new(fd);
}

CASE(stream, connect, edge, undoing_an_attempt)
{
	int listener = silent_listener(), fd = new_socket();
	struct address address = name_of(listener);

	no_wait(fd);
	EXPECT_ERR(connect(fd, SA(&address)), EINPROGRESS);
	EXPECT_EQ(state_of(fd), TCP_SYN_SENT);
	disconnect(fd);
	EXPECT_EQ(error_of(fd), ECONNRESET);
	EXPECT_EQ(port_of(fd) > 0,
		  DIFFERS("TCP still names the port that it has given back", 0, 1));
}

CASE(stream, connect, edge, undoing_tells_the_peer)
{
	int one, two;
	char octet;

	new_pair(&one, &two);
	disconnect(one);
	EXPECT_EQ(error_of(one), ECONNRESET);
	expect_like_new(one);
	EXPECT_ERR(recv(two, &octet, 1, 0), ECONNRESET);
}

CASE(stream, connect, edge, undoing_half_of_a_connection)
{
	int one, two;

	new_pair(&one, &two);
	NEED(!shutdown(one, SHUT_WR));
	EXPECT_EQ(await_state(one, TCP_FIN_WAIT2), TCP_FIN_WAIT2);
	EXPECT_EQ(await_state(two, TCP_CLOSE_WAIT), TCP_CLOSE_WAIT);
	disconnect(one);
	EXPECT_EQ(error_of(one), ECONNRESET);
	expect_like_new(one);

	EXPECT_EQ(await_state(two, TCP_CLOSE), TCP_CLOSE);
	EXPECT_EQ(error_of(two), EPIPE);
	disconnect(two);
	expect_like_new(two);
}

CASE(stream, connect, edge, undoing_what_the_peer_has_ended)
{
	int one, two;

	new_pair(&one, &two);
	close(two);
	EXPECT_EQ(await_state(one, TCP_CLOSE_WAIT), TCP_CLOSE_WAIT);
	disconnect(one);
	EXPECT_EQ(error_of(one), ECONNRESET);
	expect_like_new(one);
}

CASE(stream, connect, edge, undoing_a_listener)
{
	int listener = new_listener(1), client = new_socket();
	char octet;

	connect_to(client, port_of(listener));
	disconnect(listener);
	EXPECT_EQ(error_of(listener), 0);
	EXPECT_EQ(get_option(listener, SOL_SOCKET, SO_ACCEPTCONN), 0);
	EXPECT_EQ(port_of(listener) > 0,
		  DIFFERS("TCP still names the port that it has given back", 0, 1));
	EXPECT_ERR(recv(client, &octet, 1, 0), ECONNRESET);

	EXPECT_EQ(listen(listener, 1), 0);
	client = new_socket();
	connect_to(client, port_of(listener));
	accept_one(listener);
}

CASE(stream, connect, error, undoing_wants_a_family)
{
	struct address none = nowhere();
	int fd = new_socket();

	EXPECT_ERR(connect(fd, &none.sa, 1), EINVAL);
	EXPECT_EQ(connect(fd, &none.sa, sizeof(none.sa.sa_family)), 0);
}
