// SPDX-License-Identifier: GPL-2.0
/*
 * What an accepted socket has from its listener.
 */
#include <sys/time.h>

#include "option.h"

static void expect_inherited(int where, int name, int value)
{
	int listener = new_listener(1), client = new_socket();

	NEED(!set_option(listener, where, name, value));
	connect_to(client, port_of(listener));
	EXPECT_EQ(get_option(accept_one(listener), where, name),
		  get_option(listener, where, name));
	close(listener);
	close(client);
}

/* inherited-options: at the stream's own level */
CASE(stream, accept, good, an_accepted_stream_has_its_listeners_options)
{
	expect_inherited(level(), TCP_NODELAY, 1);
	expect_inherited(level(), TCP_CORK, 1);
	expect_inherited(level(), TCP_KEEPIDLE, 11);
	expect_inherited(level(), TCP_KEEPINTVL, 12);
	expect_inherited(level(), TCP_KEEPCNT, 13);
	expect_inherited(level(), TCP_LINGER2, 14);
	expect_inherited(level(), TCP_USER_TIMEOUT, 15000);
	expect_inherited(level(), TCP_SYNCNT, 3);
	expect_inherited(level(), TCP_NOTSENT_LOWAT, 70000);
	expect_inherited(level(), TCP_WINDOW_CLAMP, 50000);
}

/* inherited-options: at SOL_SOCKET */
CASE(stream, accept, good, an_accepted_socket_has_its_listeners_options)
{
	expect_inherited(SOL_SOCKET, SO_KEEPALIVE, 1);
	expect_inherited(SOL_SOCKET, SO_REUSEADDR, 1);
	expect_inherited(SOL_SOCKET, SO_DONTROUTE, 1);
	expect_inherited(SOL_SOCKET, SO_OOBINLINE, 1);
	expect_inherited(SOL_SOCKET, SO_SNDBUF, 50000);
	expect_inherited(SOL_SOCKET, SO_RCVBUF, 50000);
	expect_inherited(SOL_SOCKET, SO_RCVLOWAT, 5);
	expect_inherited(SOL_SOCKET, SO_MARK, 9);
	expect_inherited(SOL_SOCKET, SO_TIMESTAMP, 1);
}

/* inherited-options: what is a struct */
CASE(stream, accept, good, an_accepted_socket_lingers_and_waits_alike)
{
	struct linger linger = { 1, 7 }, got;
	int listener = new_listener(1), fd;
	struct timeval limit = { 7, 0 }, time;
	socklen_t len = sizeof(got);

	NEED(!setsockopt(listener, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
	NEED(!setsockopt(listener, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)));
	connect_to(new_socket(), port_of(listener));
	fd = accept_one(listener);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_LINGER, &got, &len), 0);
	EXPECT_EQ(got.l_onoff, 1);
	EXPECT_EQ(got.l_linger, 7);
	len = sizeof(time);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &time, &len), 0);
	EXPECT_EQ(time.tv_sec, 7);
}
