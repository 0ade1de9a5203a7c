// SPDX-License-Identifier: GPL-2.0
/*
 * Options of a stream: what they do.
 */
#include <linux/sockios.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "option.h"

CASE(stream, TCP_MAXSEG, good, what_is_set_bounds_a_segment)
{
	int fd = new_socket(), listener = new_listener(1);

	EXPECT_EQ(set_option(fd, level(), TCP_MAXSEG, 1000), 0);
	EXPECT_EQ(get_option(fd, level(), TCP_MAXSEG), 1000);
	connect_to(fd, port_of(listener));
	/* less the timestamps of each segment */
	EXPECT_EQ(get_option(fd, level(), TCP_MAXSEG), 988);
	EXPECT_EQ(get_option(accept_one(listener), level(), TCP_MAXSEG), 988);
}

CASE(stream, TCP_MAXSEG, edge, zero_means_no_bound)
{
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, level(), TCP_MAXSEG), 536);
	EXPECT_EQ(set_option(fd, level(), TCP_MAXSEG, 0), 0);
	connect_to(fd, port_of(new_listener(1)));
	EXPECT_TRUE(get_option(fd, level(), TCP_MAXSEG) > 30000);
}

CASE(stream, TCP_QUICKACK, edge, a_new_socket_answers_quickly)
{
	EXPECT_EQ(get_option(new_socket(), level(), TCP_QUICKACK), 1);
	gives_a_short_buffer_its_front(level(), TCP_QUICKACK);
}

static void expect_controller(int fd, const char *name)
{
	char got[16] = "";
	socklen_t len = sizeof(got);

	EXPECT_EQ(getsockopt(fd, level(), TCP_CONGESTION, got, &len), 0);
	EXPECT_EQ(len, sizeof(got));
	EXPECT_EQ(strcmp(got, name), 0);
}

static int set_controller(int fd, const char *name, socklen_t len)
{
	return setsockopt(fd, level(), TCP_CONGESTION, name, len);
}

CASE(stream, TCP_CONGESTION, edge, an_open_connection_may_change_it)
{
	char got[16];
	socklen_t len = 3;
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(set_controller(one, "reno", 5), 0);
	expect_controller(one, "reno");
	EXPECT_EQ(getsockopt(one, level(), TCP_CONGESTION, got, &len), 0);
	EXPECT_EQ(len, 3);
	EXPECT_EQ(memcmp(got, "ren", 3), 0);
	send_all(one, "abc", 3);
	EXPECT_EQ(recv(two, got, 3, MSG_WAITALL), 3);
}

static int readable_within(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms);
}

/* cork: full segments alone, until it is taken away */
CASE(stream, TCP_CORK, good, a_cork_holds_and_lets_go)
{
	int one, two;
	char in[16];

	new_pair(&one, &two);
	NEED(!set_option(one, level(), TCP_CORK, 1));
	send_all(one, "abc", 3);
	EXPECT_EQ(readable_within(two, 50), 0);
	send_all(one, "def", 3);
	NEED(!set_option(one, level(), TCP_CORK, 0));
	EXPECT_EQ(recv(two, in, sizeof(in), 0), 6);
	EXPECT_EQ(memcmp(in, "abcdef", 6), 0);
}

CASE(stream, TCP_CORK, edge, the_end_pulls_the_cork)
{
	int one, two;
	char in[16];

	new_pair(&one, &two);
	NEED(!set_option(one, level(), TCP_CORK, 1));
	send_all(one, "abc", 3);
	NEED(!shutdown(one, SHUT_WR));
	EXPECT_EQ(readable_within(two, 3000), 1);
	EXPECT_EQ(recv(two, in, sizeof(in), 0), 3);
}

/* tcp(7): TCP_NODELAY lets go what is queued, though the cork stays. */
CASE(stream, TCP_NODELAY, edge, nodelay_lets_go_what_is_corked)
{
	int one, two;
	char in[16];

	new_pair(&one, &two);
	NEED(!set_option(one, level(), TCP_CORK, 1));
	send_all(one, "abc", 3);
	EXPECT_EQ(readable_within(two, 50), 0);
	NEED(!set_option(one, level(), TCP_NODELAY, 1));
	EXPECT_EQ(recv(two, in, sizeof(in), 0), 3);
	send_all(one, "def", 3);
	EXPECT_EQ(readable_within(two, 50), 0);
}

CASE(stream, TCP_USER_TIMEOUT, good, it_ends_a_connect_to_nobody)
{
	struct address address = name_of(silent_listener());
	long long begin = now_ms();
	int fd = new_socket();

	NEED(!set_option(fd, level(), TCP_USER_TIMEOUT, 300));
	EXPECT_ERR(connect(fd, SA(&address)), ETIMEDOUT);
	EXPECT_TRUE(now_ms() - begin >= 290);
	EXPECT_TRUE(now_ms() - begin < 20000);
}

CASE(stream, TCP_USER_TIMEOUT, good, it_ends_a_connection_whose_peer_is_gone)
{
	int one, two;
	char octet;

	own_network();
	new_pair(&one, &two);
	NEED(!set_option(one, level(), TCP_USER_TIMEOUT, 500));
	NEED(!system("ip link set lo down"));
	send_all(one, "x", 1);
	/* which there is no way to is known over IPv6 */
	EXPECT_ERR(recv(one, &octet, 1, 0), ipv4 ? ETIMEDOUT : ENETUNREACH);
}

CASE(stream, TCP_NOTSENT_LOWAT, good, little_unsent_is_enough)
{
	static char zeros[1 << 20];
	int one, two, unsent = -1;

	new_pair(&one, &two);
	NEED(!set_option(one, level(), TCP_NOTSENT_LOWAT, 100000));
	no_wait(one);
	while (send(one, zeros, sizeof(zeros), 0) > 0)
		;
	EXPECT_EQ(errno, EAGAIN);
	EXPECT_EQ(ioctl(one, SIOCOUTQNSD, &unsent), 0);
	EXPECT_TRUE(unsent < 300000);
	EXPECT_EQ(events_of(one) & POLLOUT, 0);
}

/* MUST-24: a peer that is there, though silent, keeps a connection alive. */
CASE(stream, TCP_KEEPCNT, good, keepalive_keeps_what_lives)
{
	int one, two;
	char in[4];

	new_pair(&one, &two);
	NEED(!set_option(one, level(), TCP_KEEPIDLE, 1));
	NEED(!set_option(one, level(), TCP_KEEPINTVL, 1));
	NEED(!set_option(one, level(), TCP_KEEPCNT, 1));
	NEED(!set_option(one, SOL_SOCKET, SO_KEEPALIVE, 1));
	usleep(2500000);
	EXPECT_EQ(error_of(one), 0);
	send_all(one, "abc", 3);
	EXPECT_EQ(recv(two, in, 3, MSG_WAITALL), 3);
}

CASE(stream, TCP_KEEPCNT, edge, keepalive_ends_what_is_gone)
{
	int one, two;
	char octet;

	own_network();
	new_pair(&one, &two);
	NEED(!set_option(one, level(), TCP_KEEPIDLE, 1));
	NEED(!set_option(one, level(), TCP_KEEPINTVL, 1));
	NEED(!set_option(one, level(), TCP_KEEPCNT, 1));
	NEED(!set_option(one, SOL_SOCKET, SO_KEEPALIVE, 1));
	NEED(!system("ip link set lo down"));
	/* which there is no way to is known over IPv6 */
	EXPECT_ERR(recv(one, &octet, 1, 0), ipv4 ? ETIMEDOUT : ENETUNREACH);
}

/* connect(AF_UNSPEC) takes the connection away, not what the program has set. */
CASE(stream, connect, edge, options_outlive_a_connection)
{
	struct address nothing = nowhere();
	int one, two;

	new_pair(&one, &two);
	NEED(!set_option(one, level(), TCP_KEEPCNT, 3));
	NEED(!set_option(one, level(), TCP_NODELAY, 1));
	NEED(!set_option(one, SOL_SOCKET, SO_SNDBUF, 50000));
	NEED(!connect(one, SA(&nothing)));
	EXPECT_EQ(get_option(one, level(), TCP_KEEPCNT), 3);
	EXPECT_EQ(get_option(one, level(), TCP_NODELAY), 1);
	EXPECT_EQ(get_option(one, SOL_SOCKET, SO_SNDBUF), 100000);
}

CASE(stream, SO_RCVBUF, edge, a_buffer_that_was_set_does_not_grow)
{
	static unsigned char buffer[1 << 16];
	int one, two, listener = new_listener(1), i;

	NEED(!set_option(listener, SOL_SOCKET, SO_RCVBUF, 100000));
	one = new_socket();
	NEED(!set_option(one, SOL_SOCKET, SO_SNDBUF, 100000));
	connect_to(one, port_of(listener));
	two = accept_one(listener);
	for (i = 0; i < 50; i++) {
		send_all(one, buffer, sizeof(buffer));
		NEED(recv(two, buffer, sizeof(buffer), MSG_WAITALL) ==
		     sizeof(buffer));
	}
	EXPECT_EQ(get_option(one, SOL_SOCKET, SO_SNDBUF), 200000);
	EXPECT_EQ(get_option(two, SOL_SOCKET, SO_RCVBUF), 200000);
}
