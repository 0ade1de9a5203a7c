// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_DEFER_ACCEPT: accept() waits for data.
 */
#include <poll.h>

#include "both.h"

CASE(stream, TCP_DEFER_ACCEPT, good, accept_waits_for_data)
{
	int listener = new_listener(1), client = new_socket(), server;
	char octet;

	NEED(!set_option(listener, level(), TCP_DEFER_ACCEPT, 10));
	connect_to(client, port_of(listener));
	usleep(300000);
	EXPECT_EQ(events_of(listener), 0);
	EXPECT_EQ(send(client, "x", 1, 0), 1);
	EXPECT_EQ(await_events(listener, POLLIN), POLLIN);
	server = accept_one(listener);
	EXPECT_EQ(recv(server, &octet, 1, MSG_DONTWAIT), 1);
	EXPECT_EQ(get_option(server, level(), TCP_DEFER_ACCEPT), 0);
}

CASE(stream, TCP_DEFER_ACCEPT, edge, its_time_is_rounded_to_timeouts)
{
	static const int rows[][2] = {
		{ 1, 1 }, { 2, 3 }, { 5, 7 }, { 0, 0 }, { 63, 63 }, { 64, 127 },
		{ -1, 0 },
	};
	int fd = new_socket();
	unsigned int i;

	EXPECT_EQ(get_option(fd, level(), TCP_DEFER_ACCEPT), 0);
	for (i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		NEED(!set_option(fd, level(), TCP_DEFER_ACCEPT, rows[i][0]));
		EXPECT_EQ(get_option(fd, level(), TCP_DEFER_ACCEPT),
			  rows[i][1]);
	}
}

CASE(stream, TCP_DEFER_ACCEPT, edge, closing_counts_as_data)
{
	int listener = new_listener(1), client = new_socket();
	char octet;

	NEED(!set_option(listener, level(), TCP_DEFER_ACCEPT, 10));
	connect_to(client, port_of(listener));
	NEED(!shutdown(client, SHUT_WR));
	EXPECT_EQ(await_events(listener, POLLIN), POLLIN);
	EXPECT_EQ(recv(accept_one(listener), &octet, 1, 0), 0);
}

CASE(stream, TCP_DEFER_ACCEPT, edge, it_ends_after_its_time)
{
	int listener = new_listener(1), client = new_socket();

	NEED(!set_option(listener, level(), TCP_DEFER_ACCEPT, 1));
	connect_to(client, port_of(listener));
	EXPECT_EQ(events_of(listener), 0);
	EXPECT_EQ(await_events(listener, POLLIN), POLLIN);
	accept_one(listener);
}

CASE(stream, TCP_DEFER_ACCEPT, error, it_is_an_int)
{
	int fd = new_socket();
	short value = 1;

	EXPECT_ERR(setsockopt(fd, level(), TCP_DEFER_ACCEPT, &value,
			      sizeof(value)), EINVAL);
}
