// SPDX-License-Identifier: GPL-2.0
/*
 * Options that are one int, where CLASP_INFO tells what they do; and that the
 * numbers of TCP are the same options.
 */
#include <netinet/tcp.h>
#include <poll.h>

#include "calls.h"

static int set(int fd, int name, int value)
{
	return setsockopt(fd, SOL_CLASP, name, &value, sizeof(value));
}

static int get(int fd, int name)
{
	socklen_t len = sizeof(int);
	int value = -1;

	NEED(!getsockopt(fd, SOL_CLASP, name, &value, &len));
	NEED(len == sizeof(int));

	return value;
}

TEST(the_clamp_bounds_the_window)
{
	int client, server, listener = new_listener(1);
	struct clasp_info info;
	socklen_t len = sizeof(info);

	NEED(!set(listener, CLASP_WINDOW_CLAMP, 20000));
	client = new_socket();
	connect_to(client, port_of(listener));
	server = accept(listener, NULL, NULL);
	NEED(server >= 0);
	EXPECT_EQ(get(server, CLASP_WINDOW_CLAMP), 20000);
	EXPECT_EQ(getsockopt(client, SOL_CLASP, CLASP_INFO, &info, &len), 0);
	EXPECT_EQ(info.snd_wnd, 20000);
}

static unsigned int unsent_of(int fd)
{
	struct clasp_info info = { 0 };
	socklen_t len = sizeof(info);

	NEED(!getsockopt(fd, SOL_CLASP, CLASP_INFO, &info, &len));

	return info.notsent;
}

/* A program that reads nothing: what is written beyond its window stays unsent. */
TEST(notsent_lowat_bounds_what_is_unsent)
{
	static char zeros[1 << 20];
	int client, server;
	size_t total = 0;
	ssize_t n;

	new_pair(&client, &server);
	EXPECT_EQ(get(client, CLASP_NOTSENT_LOWAT), 0);
	NEED(!set(client, CLASP_NOTSENT_LOWAT, 100000));
	EXPECT_EQ(get(client, CLASP_NOTSENT_LOWAT), 100000);
	no_wait(client);
	while ((n = send(client, zeros, sizeof(zeros), 0)) > 0)
		total += n;
	EXPECT_EQ(errno, EAGAIN);
	/* one buffer's rest more at most */
	EXPECT_TRUE(unsent_of(client) < 200000);
	EXPECT_EQ(events_of(client) & POLLOUT, 0);

	/* half of it must be gone before the program is asked for more */
	while (total) {
		n = recv(server, zeros, total < sizeof(zeros) ? total :
			 sizeof(zeros), 0);
		NEED(n > 0);
		total -= n;
	}
	EXPECT_TRUE(await_events(client, POLLOUT) & POLLOUT);
	EXPECT_TRUE(unsent_of(client) < 50000);
}

TEST(numbers_are_those_of_tcp)
{
	int fd = new_socket(), value = 33;
	socklen_t len = sizeof(value);

	EXPECT_EQ(setsockopt(fd, IPPROTO_TCP, TCP_KEEPIDLE, &value, len), 0);
	EXPECT_EQ(get(fd, CLASP_KEEPIDLE), 33);
	EXPECT_EQ(setsockopt(fd, IPPROTO_TCP, TCP_KEEPINTVL, &value, len), 0);
	EXPECT_EQ(get(fd, CLASP_KEEPINTVL), 33);
	EXPECT_EQ(setsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &value, len), 0);
	EXPECT_EQ(get(fd, CLASP_KEEPCNT), 33);
	EXPECT_EQ(setsockopt(fd, IPPROTO_TCP, TCP_SYNCNT, &value, len), 0);
	EXPECT_EQ(get(fd, CLASP_SYNCNT), 33);
	EXPECT_EQ(setsockopt(fd, IPPROTO_TCP, TCP_LINGER2, &value, len), 0);
	EXPECT_EQ(get(fd, CLASP_LINGER2), 33);
	EXPECT_EQ(setsockopt(fd, IPPROTO_TCP, TCP_USER_TIMEOUT, &value, len), 0);
	EXPECT_EQ(get(fd, CLASP_USER_TIMEOUT), 33);
	EXPECT_EQ(setsockopt(fd, IPPROTO_TCP, TCP_CORK, &value, len), 0);
	EXPECT_EQ(get(fd, CLASP_CORK), 1);
	value = 0;
	EXPECT_EQ(setsockopt(fd, IPPROTO_TCP, TCP_QUICKACK, &value, len), 0);
	EXPECT_EQ(get(fd, CLASP_QUICKACK), 0);
	EXPECT_EQ(getsockopt(fd, IPPROTO_TCP, TCP_KEEPCNT, &value, &len), 0);
	EXPECT_EQ(value, 33);
}
