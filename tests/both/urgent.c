// SPDX-License-Identifier: GPL-2.0
/*
 * Urgent data: an octet that is read apart from the stream, and a mark in it.
 */
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/time.h>

#include "both.h"

static int at_mark(int fd)
{
	int answer = -1;

	NEED(!ioctl(fd, SIOCATMARK, &answer));

	return answer;
}

static int unread(int fd)
{
	int answer = -1;

	NEED(!ioctl(fd, FIONREAD, &answer));

	return answer;
}

/* Until the octet is there: recv(MSG_OOB) itself never waits. */
static void await_urgent(int fd)
{
	struct pollfd entry = { .fd = fd, .events = POLLPRI };

	NEED(poll(&entry, 1, 10000) == 1 && entry.revents == POLLPRI);
}

static bool is_urgent(int fd)
{
	struct pollfd entry = { .fd = fd, .events = POLLPRI };

	return poll(&entry, 1, 0) == 1;
}

static void expect_read(int fd, const char *what)
{
	size_t len = strlen(what);
	char got[64] = "";

	EXPECT_EQ(recv(fd, got, sizeof(got) - 1, 0), len);
	EXPECT_EQ(strcmp(got, what), 0);
}

static void expect_urgent(int fd, char what, int flags)
{
	char got = 0;

	EXPECT_EQ(recv(fd, &got, 1, MSG_OOB | flags), 1);
	EXPECT_EQ(got, what);
}

CASE(stream, MSG_OOB, good, the_last_octet_is_read_apart)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "abcX", 4, MSG_OOB), 4);
	EXPECT_EQ(send(client, "def", 3, 0), 3);
	await_urgent(server);
	expect_urgent(server, 'X', MSG_PEEK);
	expect_urgent(server, 'X', 0);
	expect_read(server, "abc");
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	expect_read(server, "def");
}

CASE(stream, MSG_OOB, edge, it_may_be_read_behind_what_follows_it)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "aX", 2, MSG_OOB), 2);
	await_urgent(server);
	expect_read(server, "a");
	expect_urgent(server, 'X', 0);
	EXPECT_EQ(send(client, "b", 1, 0), 1);
	expect_read(server, "b");
}

CASE(stream, MSG_OOB, edge, what_was_read_past_is_gone)
{
	int client, server;
	char octet;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "aX", 2, MSG_OOB), 2);
	EXPECT_EQ(send(client, "b", 1, 0), 1);
	await_urgent(server);
	expect_read(server, "a");
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	expect_read(server, "b");
	EXPECT_EQ(is_urgent(server), false);
	EXPECT_ERR(recv(server, &octet, 1, MSG_OOB), EINVAL);
}

CASE(stream, MSG_OOB, edge, no_room_for_it_is_told)
{
	struct iovec none = { NULL, 0 };
	struct msghdr msg = { .msg_iov = &none, .msg_iovlen = 1 };
	int client, server;
	char octet;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "X", 1, MSG_OOB), 1);
	await_urgent(server);
	EXPECT_EQ(recvmsg(server, &msg, MSG_OOB), 0);
	EXPECT_EQ(msg.msg_flags, MSG_OOB | MSG_TRUNC);
	/* and it is gone */
	EXPECT_ERR(recv(server, &octet, 1, MSG_OOB), EINVAL);
}

CASE(stream, MSG_OOB, edge, recvmsg_says_that_it_is)
{
	char octet = 0;
	struct iovec iov = { &octet, 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "X", 1, MSG_OOB), 1);
	await_urgent(server);
	EXPECT_EQ(recvmsg(server, &msg, MSG_OOB), 1);
	EXPECT_EQ(msg.msg_flags, MSG_OOB);
	EXPECT_EQ(octet, 'X');
}

CASE(stream, MSG_OOB, edge, two_marks_in_a_row_leave_no_trace)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "X", 1, MSG_OOB), 1);
	await_urgent(server);
	expect_urgent(server, 'X', 0);
	EXPECT_EQ(send(client, "Y", 1, MSG_OOB), 1);
	await_urgent(server);
	expect_urgent(server, 'Y', 0);
	EXPECT_EQ(send(client, "z", 1, 0), 1);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	expect_read(server, "z");
}

CASE(stream, MSG_OOB, edge, a_mark_not_read_past_is_moved)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "aX", 2, MSG_OOB), 2);
	await_urgent(server);
	EXPECT_EQ(send(client, "bcY", 3, MSG_OOB), 3);
	while (unread(server) != 4)
		usleep(1000);
	expect_urgent(server, 'Y', 0);
	/* the first one is like any other now */
	expect_read(server, "aXbc");
}

CASE(stream, MSG_OOB, error, there_is_none)
{
	int client, server;
	char octet;

	new_pair(&client, &server);
	EXPECT_ERR(recv(server, &octet, 1, MSG_OOB), EINVAL);
	EXPECT_EQ(send(client, "X", 1, MSG_OOB), 1);
	await_urgent(server);
	expect_urgent(server, 'X', 0);
	EXPECT_ERR(recv(server, &octet, 1, MSG_OOB), EINVAL);
	EXPECT_ERR(recv(server, &octet, 1, MSG_OOB | MSG_PEEK), EINVAL);
}

CASE(stream, MSG_OOB, error, without_a_connection)
{
	int fd = new_socket();
	char octet;

	EXPECT_ERR(recv(fd, &octet, 1, MSG_OOB), EINVAL);
	EXPECT_ERR(send(fd, "X", 1, MSG_OOB | MSG_NOSIGNAL), EPIPE);
	fd = new_listener(1);
	EXPECT_ERR(recv(fd, &octet, 1, MSG_OOB), ENOTCONN);
}

CASE(stream, MSG_OOB, error, nowhere_to_put_it)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "X", 1, MSG_OOB), 1);
	await_urgent(server);
	EXPECT_ERR(recv(server, (void *)16, 1, MSG_OOB), EFAULT);
}

CASE(stream, SO_OOBINLINE, good, the_octet_is_in_the_stream)
{
	int client, server;
	char octet;

	new_pair(&client, &server);
	EXPECT_EQ(get_option(server, SOL_SOCKET, SO_OOBINLINE), 0);
	NEED(!set_option(server, SOL_SOCKET, SO_OOBINLINE, 1));
	EXPECT_EQ(get_option(server, SOL_SOCKET, SO_OOBINLINE), 1);
	EXPECT_EQ(send(client, "abX", 3, MSG_OOB), 3);
	EXPECT_EQ(send(client, "c", 1, 0), 1);
	await_urgent(server);
	EXPECT_ERR(recv(server, &octet, 1, MSG_OOB), EINVAL);
	expect_read(server, "ab");
	EXPECT_EQ(at_mark(server), 1);
	while (unread(server) != 2)
		usleep(1000);
	expect_read(server, "Xc");
	EXPECT_EQ(at_mark(server), 0);
}

CASE(stream, SO_OOBINLINE, edge, accepted_sockets_inherit_it)
{
	int listener = new_listener(1), client = new_socket(), server;

	NEED(!set_option(listener, SOL_SOCKET, SO_OOBINLINE, 1));
	connect_to(client, port_of(listener));
	server = accept_one(listener);
	EXPECT_EQ(get_option(server, SOL_SOCKET, SO_OOBINLINE), 1);
	EXPECT_EQ(send(client, "X", 1, MSG_OOB), 1);
	await_urgent(server);
	expect_read(server, "X");
}

CASE(stream, SIOCATMARK, good, a_read_ends_before_the_mark)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(at_mark(server), 0);
	EXPECT_EQ(send(client, "abcX", 4, MSG_OOB), 4);
	EXPECT_EQ(send(client, "def", 3, 0), 3);
	await_urgent(server);
	EXPECT_EQ(at_mark(server), 0);
	expect_read(server, "abc");
	EXPECT_EQ(at_mark(server), 1);
	expect_urgent(server, 'X', 0);
	EXPECT_EQ(at_mark(server), 1);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	expect_read(server, "def");
	EXPECT_EQ(at_mark(server), 0);
}

CASE(stream, SIOCATMARK, edge, waiting_for_all_ends_at_the_mark)
{
	char got[8] = "";
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "abcX", 4, MSG_OOB), 4);
	EXPECT_EQ(send(client, "def", 3, 0), 3);
	await_urgent(server);
	EXPECT_EQ(recv(server, got, 6, MSG_WAITALL), 3);
	EXPECT_EQ(strcmp(got, "abc"), 0);
	EXPECT_EQ(at_mark(server), 1);
}

CASE(stream, SIOCATMARK, edge, peeking_ends_at_the_mark_too)
{
	char got[8] = "";
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "abX", 3, MSG_OOB), 3);
	EXPECT_EQ(send(client, "cd", 2, 0), 2);
	await_urgent(server);
	EXPECT_EQ(recv(server, got, sizeof(got), MSG_PEEK), 2);
	EXPECT_EQ(at_mark(server), 0);
	expect_read(server, "ab");
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	memset(got, 0, sizeof(got));
	EXPECT_EQ(recv(server, got, sizeof(got), MSG_PEEK), 2);
	EXPECT_EQ(strcmp(got, "cd"), 0);
	EXPECT_EQ(at_mark(server), 1);
	expect_read(server, "cd");
}

CASE(stream, SIOCATMARK, edge, a_listener_is_at_none)
{
	EXPECT_EQ(at_mark(new_listener(1)), 0);
	EXPECT_EQ(at_mark(new_socket()), 0);
}

CASE(stream, SIOCINQ, edge, counts_up_to_the_mark)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "abcX", 4, MSG_OOB), 4);
	EXPECT_EQ(send(client, "de", 2, 0), 2);
	await_urgent(server);
	EXPECT_EQ(unread(server), 3);
	expect_read(server, "abc");
	EXPECT_EQ(unread(server), 0);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	expect_read(server, "de");
	NEED(!set_option(server, SOL_SOCKET, SO_OOBINLINE, 1));
	EXPECT_EQ(send(client, "fY", 2, MSG_OOB), 2);
	await_urgent(server);
	EXPECT_EQ(unread(server), 2);
}

CASE(stream, poll, edge, an_octet_read_apart_is_nothing_to_read)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "X", 1, MSG_OOB), 1);
	await_urgent(server);
	EXPECT_EQ(events_of(server) & POLLIN, 0);
	NEED(!set_option(server, SOL_SOCKET, SO_OOBINLINE, 1));
	EXPECT_EQ(events_of(server) & POLLIN, POLLIN);
}

CASE(stream, epoll_ctl, edge, urgent_data_is_an_event)
{
	struct epoll_event want = { .events = EPOLLPRI | EPOLLET }, got;
	int client, server, set = epoll_create1(0);

	new_pair(&client, &server);
	NEED(!epoll_ctl(set, EPOLL_CTL_ADD, server, &want));
	EXPECT_EQ(epoll_wait(set, &got, 1, 0), 0);
	EXPECT_EQ(send(client, "X", 1, MSG_OOB), 1);
	EXPECT_EQ(epoll_wait(set, &got, 1, 10000), 1);
	EXPECT_EQ(got.events, EPOLLPRI);
	EXPECT_EQ(epoll_wait(set, &got, 1, 0), 0);
}

static volatile sig_atomic_t urgencies;

static void count_urgency(int signal)
{
	urgencies++;
}

static void heed_urgency(int fd)
{
	struct sigaction action = { .sa_handler = count_urgency };

	NEED(!sigaction(SIGURG, &action, NULL));
	NEED(!fcntl(fd, F_SETOWN, getpid()));
}

static void await_urgencies(int count)
{
	int i;

	for (i = 0; i < 10000 && urgencies < count; i++)
		usleep(1000);
	EXPECT_EQ(urgencies, count);
}

/* MUST-32: the owner is told, and again when the mark moves */
CASE(stream, F_SETOWN, good, the_owner_gets_SIGURG)
{
	int client, server;

	new_pair(&client, &server);
	heed_urgency(server);
	EXPECT_EQ(send(client, "a", 1, 0), 1);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	EXPECT_EQ(urgencies, 0);
	EXPECT_EQ(send(client, "X", 1, MSG_OOB), 1);
	await_urgencies(1);
	EXPECT_EQ(send(client, "Y", 1, MSG_OOB), 1);
	await_urgencies(2);
}

CASE(stream, F_SETOWN, edge, SIGURG_ends_a_read)
{
	int client, server;
	char octet;

	new_pair(&client, &server);
	heed_urgency(server);
	if (!fork()) {
		usleep(200000);
		_exit(send(client, "X", 1, MSG_OOB) != 1);
	}
	EXPECT_ERR(recv(server, &octet, 1, 0), EINTR);
	EXPECT_EQ(urgencies, 1);
	expect_urgent(server, 'X', 0);
}

CASE(stream, F_SETOWN, error, without_an_owner_nobody_is_told)
{
	struct sigaction action = { .sa_handler = count_urgency };
	int client, server;

	new_pair(&client, &server);
	NEED(!sigaction(SIGURG, &action, NULL));
	EXPECT_EQ(send(client, "X", 1, MSG_OOB), 1);
	await_urgent(server);
	EXPECT_EQ(urgencies, 0);
	EXPECT_ERR(fcntl(server, F_SETOWN, 0x3fffffff), ESRCH);
}

CASE(stream, MSG_OOB, good, a_mark_far_behind)
{
	static unsigned char data[300000];
	int client, server;
	char octet;

	new_pair(&client, &server);
	NEED(!set_option(server, SOL_SOCKET, SO_OOBINLINE, 1));
	fill_pattern(data, 0, sizeof(data));
	if (!fork()) {
		send_all(client, data, sizeof(data) - 1);
		_exit(send(client, data + sizeof(data) - 1, 1, MSG_OOB) != 1);
	}
	receive_pattern(server, 0, sizeof(data) - 1);
	await_urgent(server);
	EXPECT_EQ(at_mark(server), 1);
	EXPECT_EQ(recv(server, &octet, 1, 0), 1);
}
