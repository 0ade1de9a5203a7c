// SPDX-License-Identifier: GPL-2.0
/*
 * Options that are one int: what each takes, refuses and is set to by default.
 */
#include <netinet/tcp.h>
#include <poll.h>
#include <time.h>

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

static int set_so(int fd, int name, int value)
{
	return setsockopt(fd, SOL_SOCKET, name, &value, sizeof(value));
}

/* least and most are what is taken; what lies beyond is EINVAL. */
static void check_range(int name, int least, int most, int before)
{
	int fd = new_socket();

	EXPECT_EQ(get(fd, name), before);
	EXPECT_EQ(set(fd, name, least), 0);
	EXPECT_EQ(get(fd, name), least);
	EXPECT_EQ(set(fd, name, most), 0);
	EXPECT_EQ(get(fd, name), most);
	EXPECT_ERR(set(fd, name, least - 1), EINVAL);
	if (most != 0x7fffffff)
		EXPECT_ERR(set(fd, name, most + 1), EINVAL);
	EXPECT_ERR(set(fd, name, -0x7fffffff), EINVAL);
	EXPECT_EQ(get(fd, name), most);
	close(fd);
}

TEST(numbers_have_tcps_ranges)
{
	check_range(CLASP_KEEPIDLE, 1, 32767, 7200);
	check_range(CLASP_KEEPINTVL, 1, 32767, 75);
	check_range(CLASP_KEEPCNT, 1, 127, 9);
	check_range(CLASP_SYNCNT, 1, 127, 7);
	check_range(CLASP_USER_TIMEOUT, 0, 0x7fffffff, 0);
}

TEST(linger2_is_bounded_and_may_be_none)
{
	int fd = new_socket();

	EXPECT_EQ(get(fd, CLASP_LINGER2), 60);
	EXPECT_EQ(set(fd, CLASP_LINGER2, 5), 0);
	EXPECT_EQ(get(fd, CLASP_LINGER2), 5);
	EXPECT_EQ(set(fd, CLASP_LINGER2, 100000), 0);
	EXPECT_EQ(get(fd, CLASP_LINGER2), 120);
	EXPECT_EQ(set(fd, CLASP_LINGER2, -5), 0);
	EXPECT_EQ(get(fd, CLASP_LINGER2), -1);
	EXPECT_EQ(set(fd, CLASP_LINGER2, 0), 0);
	EXPECT_EQ(get(fd, CLASP_LINGER2), 60);
}

TEST(window_clamp_goes_only_without_a_connection)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(get(client, CLASP_WINDOW_CLAMP), 0);
	EXPECT_ERR(set(client, CLASP_WINDOW_CLAMP, 0), EINVAL);
	EXPECT_ERR(set(client, CLASP_WINDOW_CLAMP, -1), EINVAL);
	EXPECT_EQ(set(client, CLASP_WINDOW_CLAMP, 50000), 0);
	EXPECT_EQ(get(client, CLASP_WINDOW_CLAMP), 50000);
	/* too little to be of use */
	EXPECT_EQ(set(client, CLASP_WINDOW_CLAMP, 1), 0);
	EXPECT_TRUE(get(client, CLASP_WINDOW_CLAMP) > 1000);

	client = new_socket();
	EXPECT_EQ(set(client, CLASP_WINDOW_CLAMP, 50000), 0);
	EXPECT_EQ(set(client, CLASP_WINDOW_CLAMP, 0), 0);
	EXPECT_EQ(get(client, CLASP_WINDOW_CLAMP), 0);
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

TEST(switches_are_0_or_1)
{
	int fd = new_socket();

	EXPECT_EQ(get(fd, CLASP_CORK), 0);
	EXPECT_EQ(set(fd, CLASP_CORK, 7), 0);
	EXPECT_EQ(get(fd, CLASP_CORK), 1);
	EXPECT_EQ(set(fd, CLASP_CORK, 0), 0);
	EXPECT_EQ(get(fd, CLASP_CORK), 0);

	EXPECT_EQ(get(fd, CLASP_QUICKACK), 1);
	EXPECT_EQ(set(fd, CLASP_QUICKACK, 0), 0);
	EXPECT_EQ(get(fd, CLASP_QUICKACK), 0);
	EXPECT_EQ(set(fd, CLASP_QUICKACK, 3), 0);
	EXPECT_EQ(get(fd, CLASP_QUICKACK), 1);
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

TEST(buffers_that_a_program_has_set_stay)
{
	int client, server, size = 100000, got = 0, listener = new_listener(1);
	static char zeros[1 << 16];
	socklen_t len = sizeof(got);
	int i;

	NEED(!set_so(listener, SO_RCVBUF, size));
	client = new_socket();
	NEED(!set_so(client, SO_SNDBUF, size));
	connect_to(client, port_of(listener));
	server = accept(listener, NULL, NULL);
	NEED(server >= 0);
	for (i = 0; i < 100; i++) {
		send_all(client, zeros, sizeof(zeros));
		NEED(recv(server, zeros, sizeof(zeros), MSG_WAITALL) ==
		     sizeof(zeros));
	}
	NEED(!getsockopt(client, SOL_SOCKET, SO_SNDBUF, &got, &len));
	EXPECT_EQ(got, 2 * size);
	NEED(!getsockopt(server, SOL_SOCKET, SO_RCVBUF, &got, &len));
	EXPECT_EQ(got, 2 * size);
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

/* inherited-options: all that are a number */
TEST(accepted_sockets_inherit_all_of_them)
{
	int listener = new_listener(1), client = new_socket(), server, value;
	socklen_t len = sizeof(value);

	NEED(!set(listener, CLASP_CORK, 1));
	NEED(!set(listener, CLASP_KEEPIDLE, 11));
	NEED(!set(listener, CLASP_KEEPINTVL, 12));
	NEED(!set(listener, CLASP_KEEPCNT, 13));
	NEED(!set(listener, CLASP_LINGER2, 14));
	NEED(!set(listener, CLASP_USER_TIMEOUT, 15000));
	NEED(!set_so(listener, SO_KEEPALIVE, 1));
	connect_to(client, port_of(listener));
	server = accept(listener, NULL, NULL);
	NEED(server >= 0);

	EXPECT_EQ(get(server, CLASP_CORK), 1);
	EXPECT_EQ(get(server, CLASP_KEEPIDLE), 11);
	EXPECT_EQ(get(server, CLASP_KEEPINTVL), 12);
	EXPECT_EQ(get(server, CLASP_KEEPCNT), 13);
	EXPECT_EQ(get(server, CLASP_LINGER2), 14);
	EXPECT_EQ(get(server, CLASP_USER_TIMEOUT), 15000);
	EXPECT_EQ(getsockopt(server, SOL_SOCKET, SO_KEEPALIVE, &value, &len), 0);
	EXPECT_EQ(value, 1);
	EXPECT_EQ(get(client, CLASP_KEEPIDLE), 7200);
}

/* connect(AF_UNSPEC) takes the connection away, not what the program has set. */
TEST(options_outlive_a_connection)
{
	struct sockaddr nowhere = { .sa_family = AF_UNSPEC };
	int client, server;

	new_pair(&client, &server);
	NEED(!set(client, CLASP_KEEPCNT, 3));
	NEED(!set(client, CLASP_CORK, 1));
	NEED(!connect(client, &nowhere, sizeof(nowhere)));
	EXPECT_EQ(get(client, CLASP_KEEPCNT), 3);
	EXPECT_EQ(get(client, CLASP_CORK), 1);
}

static int readable_within(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms);
}

/* cork: as tcp(7) has it */
TEST(cork_holds_and_lets_go)
{
	int client, server;
	char in[16];

	new_pair(&client, &server);
	NEED(!set(client, CLASP_CORK, 1));
	send_all(client, "abc", 3);
	EXPECT_EQ(readable_within(server, 50), 0);
	send_all(client, "def", 3);
	NEED(!set(client, CLASP_CORK, 0));
	EXPECT_EQ(recv(server, in, sizeof(in), 0), 6);
	EXPECT_TRUE(!memcmp(in, "abcdef", 6));
}

/* tcp(7): TCP_NODELAY lets go what is queued, though the cork stays. */
TEST(nodelay_lets_go_what_is_corked)
{
	int client, server;
	char in[16];

	new_pair(&client, &server);
	NEED(!set(client, CLASP_CORK, 1));
	send_all(client, "abc", 3);
	EXPECT_EQ(readable_within(server, 50), 0);
	NEED(!set(client, CLASP_NODELAY, 1));
	EXPECT_EQ(recv(server, in, sizeof(in), 0), 3);
	send_all(client, "def", 3);
	EXPECT_EQ(readable_within(server, 50), 0);
}

/* msg-more: as send(2) has it */
TEST(msg_more_holds_until_a_write_without_it)
{
	int client, server;
	char in[16];

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "abc", 3, MSG_MORE), 3);
	EXPECT_EQ(readable_within(server, 50), 0);
	EXPECT_EQ(send(client, "def", 3, 0), 3);
	EXPECT_EQ(recv(server, in, sizeof(in), 0), 6);

	/* and not for ever */
	EXPECT_EQ(send(client, "ghi", 3, MSG_MORE), 3);
	EXPECT_EQ(readable_within(server, 10000), 1);
	EXPECT_EQ(recv(server, in, sizeof(in), 0), 3);

	EXPECT_EQ(send(client, "jkl", 3, MSG_MORE), 3);
	shutdown(client, SHUT_WR);
	EXPECT_EQ(recv(server, in, sizeof(in), MSG_WAITALL), 3);
}

TEST(syncnt_and_user_timeout_end_a_connect)
{
	struct sockaddr_clasp nobody = address_of(ipv4 ? "::ffff:240.0.0.1" :
						  "100::1", 9);
	long long begin = now_ms();
	int fd = new_socket();
	int err;

	NEED(!set(fd, CLASP_USER_TIMEOUT, 300));
	err = connect(fd, SA(&nobody)) ? errno : 0;
	/* where there is a route at all */
	if (err == ENETUNREACH || err == EHOSTUNREACH || err == EACCES)
		return;
	EXPECT_EQ(err, ETIMEDOUT);
	EXPECT_TRUE(now_ms() - begin >= 290);
}

/* MUST-24: a peer that is silent but there keeps a connection, another does not. */
TEST(keepalive_keeps_what_lives)
{
	int client, server;

	new_pair(&client, &server);
	NEED(!set(client, CLASP_KEEPIDLE, 1));
	NEED(!set(client, CLASP_KEEPINTVL, 1));
	NEED(!set(client, CLASP_KEEPCNT, 1));
	NEED(!set_so(client, SO_KEEPALIVE, 1));
	usleep(3300000);
	EXPECT_EQ(state_of(client), CLASP_STATE_ESTABLISHED);
	EXPECT_EQ(error_of(client), 0);
	NEED(!set_so(client, SO_KEEPALIVE, 0));
	send_all(client, "abc", 3);
	receive_pattern(server, 0, 0);
}
