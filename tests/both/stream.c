// SPDX-License-Identifier: GPL-2.0
/*
 * send() and recv(), and waiting for them.
 */
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <sys/uio.h>

#include "both.h"

#define MEBIBYTE	(1024 * 1024)

static void *send_eight_mebibytes(void *fd)
{
	static unsigned char buffer[70000];
	size_t sent = 0, len;

	while (sent < 8 * MEBIBYTE) {
		len = 1 + sent * 7919 % sizeof(buffer);
		if (len > 8 * MEBIBYTE - sent)
			len = 8 * MEBIBYTE - sent;
		fill_pattern(buffer, sent, len);
		send_all(*(int *)fd, buffer, len);
		sent += len;
	}
	NEED(!shutdown(*(int *)fd, SHUT_WR));

	return NULL;
}

static void *echo(void *fd)
{
	static unsigned char buffer[50000];
	ssize_t n;

	while ((n = recv(*(int *)fd, buffer, sizeof(buffer), 0)) > 0)
		send_all(*(int *)fd, buffer, n);
	EXPECT_EQ(n, 0);
	NEED(!shutdown(*(int *)fd, SHUT_WR));

	return NULL;
}

CASE(stream, send, good, bytes_come_back_as_they_were_sent)
{
	pthread_t sender, echoer;
	int client, server;
	char octet;

	new_pair(&client, &server);
	NEED(!pthread_create(&sender, NULL, send_eight_mebibytes, &client));
	NEED(!pthread_create(&echoer, NULL, echo, &server));
	receive_pattern(client, 0, 8 * MEBIBYTE);
	EXPECT_EQ(recv(client, &octet, 1, 0), 0);
	pthread_join(sender, NULL);
	pthread_join(echoer, NULL);
}

CASE(stream, writev, good, vectors_are_gathered_and_scattered)
{
	char out[] = "one two three", in[16] = "";
	struct iovec from[] = { { out, 3 }, { NULL, 0 }, { out + 3, 10 } };
	struct iovec to[] = { { in, 1 }, { in + 1, 12 } };
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(writev(client, from, 3), 13);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	EXPECT_EQ(readv(server, to, 2), 13);
	EXPECT_EQ(strcmp(in, out), 0);
}

/* peek-waitall-trunc: MSG_PEEK */
CASE(stream, MSG_PEEK, good, peek_leaves_what_it_shows)
{
	char in[8] = "";
	int client, server;

	new_pair(&client, &server);
	send_all(client, "abcdef", 6);
	EXPECT_EQ(recv(server, in, 3, MSG_PEEK), 3);
	EXPECT_EQ(recv(server, in, 6, MSG_PEEK | MSG_WAITALL), 6);
	EXPECT_EQ(recv(server, in, 8, 0), 6);
	EXPECT_EQ(memcmp(in, "abcdef", 6), 0);
	EXPECT_ERR(recv(server, in, 8, MSG_PEEK | MSG_DONTWAIT), EAGAIN);
}

static void *send_two_pieces(void *fd)
{
	send_all(*(int *)fd, "abc", 3);
	usleep(100000);
	send_all(*(int *)fd, "def", 3);

	return NULL;
}

/* peek-waitall-trunc: MSG_WAITALL */
CASE(stream, MSG_WAITALL, good, waitall_waits_for_all)
{
	int client, server;
	pthread_t sender;
	char in[8] = "";

	new_pair(&client, &server);
	NEED(!pthread_create(&sender, NULL, send_two_pieces, &client));
	EXPECT_EQ(recv(server, in, 6, MSG_WAITALL), 6);
	EXPECT_EQ(strcmp(in, "abcdef"), 0);
	pthread_join(sender, NULL);
}

CASE(stream, MSG_WAITALL, edge, waitall_ends_with_the_stream)
{
	char in[8];
	int client, server;

	new_pair(&client, &server);
	send_all(client, "abc", 3);
	NEED(!shutdown(client, SHUT_WR));
	EXPECT_EQ(recv(server, in, 6, MSG_WAITALL), 3);
	EXPECT_EQ(recv(server, in, 6, MSG_WAITALL), 0);
}

/* peek-waitall-trunc: MSG_TRUNC */
CASE(stream, MSG_TRUNC, good, trunc_throws_away)
{
	char in[4] = "";
	int client, server;

	new_pair(&client, &server);
	send_all(client, "abcdef", 6);
	EXPECT_EQ(recv(server, NULL, 4, MSG_TRUNC), 4);
	EXPECT_EQ(recv(server, in, 4, 0), 2);
	EXPECT_EQ(memcmp(in, "ef", 2), 0);
}

/* timeouts: SO_RCVTIMEO */
CASE(stream, SO_RCVTIMEO, good, receive_waits_as_long_as_it_may)
{
	struct timeval limit = { .tv_usec = 100000 };
	int client, server;
	char octet;

	new_pair(&client, &server);
	EXPECT_ERR(recv(server, &octet, 1, MSG_DONTWAIT), EAGAIN);
	NEED(!setsockopt(server, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	EXPECT_ERR(recv(server, &octet, 1, 0), EAGAIN);
}

/* timeouts: SO_SNDTIMEO */
CASE(stream, SO_SNDTIMEO, edge, send_waits_as_long_as_it_may)
{
	struct timeval limit = { .tv_usec = 100000 };
	int client, server;
	size_t sent;
	char octet = 0;

	new_pair(&client, &server);
	sent = fill_up(client);
	NEED(!setsockopt(client, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)));
	/* a probe of the closed window may still have made room for a little */
	for (octet = pattern(sent); send(client, &octet, 1, 0) == 1;)
		octet = pattern(++sent);
	EXPECT_EQ(errno, EAGAIN);
	EXPECT_EQ(events_of(client) & POLLOUT, 0);
	/* all of it is there, in order */
	receive_pattern(server, 0, sent);
	EXPECT_EQ(await_events(client, POLLOUT), POLLOUT);
}

CASE(stream, SO_SNDBUF, good, buffers_bound_what_is_queued)
{
	int client, server, size = 20000, sent;

	new_pair(&client, &server);
	NEED(!setsockopt(client, SOL_SOCKET, SO_SNDBUF, &size, sizeof(size)));
	NEED(!setsockopt(server, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)));
	sent = fill_up(client);
	/* what was offered before stays offered: half a default buffer */
	EXPECT_TRUE(sent < 700000);
	receive_pattern(server, 0, sent);
}

/* bad-pointer: in the middle of a buffer */
CASE(stream, send, error, a_bad_pointer_loses_and_doubles_nothing)
{
	unsigned char *hole = before_a_hole();
	int client, server;
	ssize_t sent;

	new_pair(&client, &server);
	EXPECT_ERR(send(client, hole, 100, 0), EFAULT);
	fill_pattern(hole - 100, 0, 100);
	sent = send(client, hole - 100, 200, 0);
	EXPECT_EQ(sent, DIFFERS("what can be read is sent, up to the bad octet",
				100, -1));
	if (sent < 0)
		sent = 0;
	fill_pattern(hole - 100, sent, 100);
	send_all(client, hole - 100, 100);

	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	EXPECT_ERR(recv(server, hole, 100, 0), EFAULT);
	EXPECT_ERR(recv(server, hole, 100, MSG_PEEK), EFAULT);
	receive_pattern(server, 0, sent + 100);
}

CASE(stream, sendmsg, error, control_messages_are_checked)
{
	union {
		struct cmsghdr	head;
		char		room[CMSG_SPACE(sizeof(int))];
	} control = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)),
				.cmsg_level = SOL_SOCKET, .cmsg_type = 9999 } };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control.room) };
	int client, server;

	new_pair(&client, &server);
	EXPECT_ERR(sendmsg(client, &msg, 0), EINVAL);
	msg.msg_controllen = 0;
	EXPECT_EQ(sendmsg(client, &msg, 0), 1);
}

CASE(stream, send, error, without_a_connection_nothing_flows)
{
	int fd = new_socket();
	char octet = 0;

	EXPECT_ERR(send(fd, &octet, 1, MSG_NOSIGNAL), EPIPE);
	EXPECT_ERR(recv(fd, &octet, 1, 0), ENOTCONN);
	EXPECT_ERR(shutdown(fd, SHUT_WR), ENOTCONN);
	EXPECT_EQ(events_of(fd), POLLOUT | POLLHUP);
}

CASE(stream, SIOCINQ, good, ioctls_tell_what_waits)
{
	int client, server, n = -1;

	new_pair(&client, &server);
	send_all(client, "abcdef", 6);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	EXPECT_EQ(ioctl(server, SIOCINQ, &n), 0);
	EXPECT_EQ(n, 6);
	EXPECT_EQ(ioctl(server, SIOCATMARK, &n), 0);
	EXPECT_EQ(n, 0);
	EXPECT_ERR(ioctl(server, SIOCINQ, 8), EFAULT);

	NEED(!shutdown(client, SHUT_WR));
	EXPECT_EQ(await_state(client, CLASP_STATE_FIN_WAIT_2),
		  CLASP_STATE_FIN_WAIT_2);
	EXPECT_EQ(ioctl(client, SIOCOUTQ, &n), 0);
	EXPECT_EQ(n, 0);
	EXPECT_EQ(ioctl(server, SIOCINQ, &n), 0);
	EXPECT_EQ(n, 6);
	EXPECT_ERR(ioctl(new_listener(1), SIOCINQ, &n), EINVAL);
}

CASE(stream, SIOCOUTQ, good, unsent_bytes_are_counted)
{
	int client, server, queued = -1, unsent = -1;
	size_t sent;

	new_pair(&client, &server);
	sent = fill_up(client);
	EXPECT_EQ(ioctl(client, SIOCOUTQ, &queued), 0);
	EXPECT_EQ(ioctl(client, SIOCOUTQNSD, &unsent), 0);
	EXPECT_TRUE(queued > 0 && queued <= (int)sent);
	EXPECT_TRUE(unsent > 0 && unsent <= queued);
}

static void interrupted(int number)
{
}

/* signal: EINTR */
CASE(stream, recv, edge, a_signal_ends_a_wait)
{
	struct sigaction action = { .sa_handler = interrupted };
	struct itimerval soon = { .it_value.tv_usec = 100000 };
	int client, server;
	char in[8];

	new_pair(&client, &server);
	NEED(!sigaction(SIGALRM, &action, NULL));
	NEED(!setitimer(ITIMER_REAL, &soon, NULL));
	EXPECT_ERR(recv(server, in, 8, 0), EINTR);

	/* what was received counts */
	send_all(client, "abc", 3);
	NEED(!setitimer(ITIMER_REAL, &soon, NULL));
	EXPECT_EQ(recv(server, in, 8, MSG_WAITALL), 3);

	NEED(!setitimer(ITIMER_REAL, &soon, NULL));
	EXPECT_ERR(accept(new_listener(1), NULL, NULL), EINTR);
}

/* epoll-edge: one event for each news */
CASE(stream, epoll, good, edges_come_with_news_alone)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLET };
	int client, server, epoll = epoll_create1(0);

	new_pair(&client, &server);
	NEED(!epoll_ctl(epoll, EPOLL_CTL_ADD, server, &e));
	EXPECT_EQ(epoll_wait(epoll, &e, 1, 0), 0);
	send_all(client, "a", 1);
	EXPECT_EQ(epoll_wait(epoll, &e, 1, 5000), 1);
	EXPECT_EQ(epoll_wait(epoll, &e, 1, 50), 0);
	send_all(client, "b", 1);
	EXPECT_EQ(epoll_wait(epoll, &e, 1, 5000), 1);
	EXPECT_EQ(epoll_wait(epoll, &e, 1, 50), 0);
}

/* epoll-edge: EPOLLOUT too */
CASE(stream, epoll, edge, an_edge_comes_when_there_is_room_again)
{
	struct epoll_event e = { .events = EPOLLOUT | EPOLLET };
	int client, server, epoll = epoll_create1(0);
	size_t sent;

	new_pair(&client, &server);
	NEED(!epoll_ctl(epoll, EPOLL_CTL_ADD, client, &e));
	EXPECT_EQ(epoll_wait(epoll, &e, 1, 0), 1);
	sent = fill_up(client);
	while (epoll_wait(epoll, &e, 1, 50))
		;
	receive_pattern(server, 0, sent);
	EXPECT_EQ(epoll_wait(epoll, &e, 1, 5000), 1);
}

CASE(stream, SO_RCVLOWAT, good, little_is_not_readable_below_the_low_mark)
{
	int client, server, mark = 4;
	char in[8];

	new_pair(&client, &server);
	NEED(!setsockopt(server, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof(mark)));
	send_all(client, "abc", 3);
	usleep(100000);
	EXPECT_EQ(events_of(server) & POLLIN, 0);
	send_all(client, "d", 1);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	EXPECT_EQ(recv(server, in, 8, 0), 4);
}

/* More than ever fits: what fits is then enough. */
CASE(stream, SO_RCVLOWAT, edge, a_low_mark_above_the_window_is_no_trap)
{
	int client, server, listener = new_listener(1);
	int size = 20000, mark = 30000;
	size_t sent;

	NEED(!setsockopt(listener, SOL_SOCKET, SO_RCVBUF, &size, sizeof(size)));
	client = new_socket();
	connect_to(client, port_of(listener));
	server = accept(listener, NULL, NULL);
	NEED(server >= 0);
	NEED(!setsockopt(server, SOL_SOCKET, SO_RCVLOWAT, &mark, sizeof(mark)));
	sent = fill_up(client);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	receive_pattern(server, 0, sent);
}

CASE(stream, splice, good, sendfile_and_splice_work)
{
	unsigned char buffer[10000];
	int client, server, ends[2];
	FILE *file = tmpfile();

	new_pair(&client, &server);
	fill_pattern(buffer, 0, sizeof(buffer));
	NEED(file && fwrite(buffer, sizeof(buffer), 1, file) == 1);
	NEED(!fseek(file, 0, SEEK_SET) && !pipe(ends));
	EXPECT_EQ(splice(fileno(file), NULL, ends[1], NULL, 4096, 0), 4096);
	EXPECT_EQ(splice(ends[0], NULL, client, NULL, 4096, 0), 4096);
	receive_pattern(server, 0, 4096);

	send_all(client, buffer, 4096);
	EXPECT_EQ(splice(server, NULL, ends[1], NULL, 4096, 0), 4096);
	EXPECT_EQ(read(ends[0], buffer, 4096), 4096);
	EXPECT_TRUE(is_pattern(buffer, 0, 4096));
}
