// SPDX-License-Identifier: GPL-2.0
/*
 * shutdown(), close(), and what the other end sees of them.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <time.h>

#include "both.h"

static void set_linger(int fd, int on, int seconds)
{
	struct linger linger = { on, seconds };

	NEED(!setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
}

/* shutdown: of writing */
CASE(stream, shutdown, good, half_closed_the_other_way_is_open)
{
	int client, server, state;
	char octet;

	new_pair(&client, &server);
	EXPECT_EQ(shutdown(client, SHUT_WR), 0);
	EXPECT_EQ(await_state(client, CLASP_STATE_FIN_WAIT_2),
		  CLASP_STATE_FIN_WAIT_2);
	EXPECT_EQ(state_of(server), CLASP_STATE_CLOSE_WAIT);
	EXPECT_EQ(recv(server, &octet, 1, 0), 0);
	EXPECT_EQ(events_of(server), POLLIN | POLLOUT | 0x2000 /* RDHUP */);
	EXPECT_ERR(send(client, "x", 1, MSG_NOSIGNAL), EPIPE);

	send_all(server, "y", 1);
	EXPECT_EQ(recv(client, &octet, 1, 0), 1);
	EXPECT_EQ(shutdown(server, SHUT_WR), 0);
	EXPECT_EQ(recv(client, &octet, 1, 0), 0);
	state = DIFFERS("the socket tells of TIME_WAIT, too",
			CLASP_STATE_TIME_WAIT, CLASP_STATE_CLOSED);
	EXPECT_EQ(await_state(client, state), state);
	EXPECT_EQ(await_state(server, CLASP_STATE_CLOSED), CLASP_STATE_CLOSED);
	EXPECT_TRUE(events_of(client) & POLLHUP);
	EXPECT_EQ(error_of(client), 0);
	EXPECT_EQ(error_of(server), 0);
}

CASE(stream, close, good, what_was_sent_before_close_arrives)
{
	static unsigned char buffer[100000];
	int client, server;
	char octet;

	new_pair(&client, &server);
	fill_pattern(buffer, 0, sizeof(buffer));
	send_all(client, buffer, sizeof(buffer));
	close(client);
	receive_pattern(server, 0, sizeof(buffer));
	EXPECT_EQ(recv(server, &octet, 1, 0), 0);
	EXPECT_EQ(recv(server, &octet, 1, 0), 0);
}

/* shutdown: of reading */
CASE(stream, shutdown, good, shutdown_of_reading_ends_reading)
{
	int client, server;
	char octet;

	new_pair(&client, &server);
	EXPECT_EQ(shutdown(client, SHUT_RD), 0);
	EXPECT_EQ(recv(client, &octet, 1, 0), 0);
	EXPECT_EQ(state_of(client), CLASP_STATE_ESTABLISHED);
	send_all(client, "x", 1);
	EXPECT_EQ(recv(server, &octet, 1, 0), 1);
	EXPECT_ERR(shutdown(client, 3), EINVAL);
	EXPECT_ERR(shutdown(client, -1), EINVAL);
}

/* data-after-close, shutdown: nobody will read it, and the peer has to know. */
CASE(stream, shutdown, edge, data_after_shutdown_of_both_ways_resets)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(shutdown(server, SHUT_RDWR), 0);
	EXPECT_EQ(await_state(client, CLASP_STATE_CLOSE_WAIT),
		  CLASP_STATE_CLOSE_WAIT);
	EXPECT_EQ(send(client, "x", 1, MSG_NOSIGNAL), 1);
	EXPECT_TRUE(await_events(client, 0) & POLLERR);
	EXPECT_ERR(send(client, "x", 1, MSG_NOSIGNAL), EPIPE);
	EXPECT_EQ(state_of(client), CLASP_STATE_CLOSED);
	EXPECT_EQ(await_state(server, CLASP_STATE_CLOSED), CLASP_STATE_CLOSED);
}

/* close-unread: the peer has to know */
CASE(stream, close, edge, close_with_unread_bytes_resets)
{
	int client, server;
	char octet;

	new_pair(&client, &server);
	send_all(client, "abc", 3);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	close(server);
	EXPECT_TRUE(await_events(client, POLLIN) & POLLERR);
	EXPECT_ERR(recv(client, &octet, 1, 0), ECONNRESET);
	/* an error comes once */
	EXPECT_EQ(recv(client, &octet, 1, 0), 0);
	EXPECT_ERR(send(client, "x", 1, MSG_NOSIGNAL), EPIPE);
	EXPECT_EQ(state_of(client), CLASP_STATE_CLOSED);
}

/* linger: 0 */
CASE(stream, SO_LINGER, edge, linger_0_resets)
{
	int client, server;
	char octet;

	new_pair(&client, &server);
	send_all(client, "abc", 3);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	set_linger(client, 1, 0);
	close(client);
	EXPECT_TRUE(await_events(server, POLLERR) & POLLERR);
	/* what came before the reset may still be read */
	EXPECT_EQ(recv(server, &octet, 1, 0), 1);
	EXPECT_EQ(error_of(server), ECONNRESET);
	EXPECT_EQ(error_of(server), 0);
}

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);

	return t.tv_sec + t.tv_nsec / 1e9;
}

/* linger: n seconds */
CASE(stream, SO_LINGER, good, linger_waits_for_the_peer)
{
	int client, server;
	double start;

	new_pair(&client, &server);
	set_linger(client, 1, 1);
	fill_up(client);
	start = now();
	close(client);
	EXPECT_TRUE(now() - start > 0.8);

	new_pair(&client, &server);
	set_linger(client, 1, 30);
	send_all(client, "x", 1);
	start = now();
	close(client);
	EXPECT_TRUE(now() - start < 5);
}

static void *close_it(void *fd)
{
	close(*(int *)fd);

	return NULL;
}

/* close() waits for room at the peer, which has something to say instead. */
CASE(stream, SO_LINGER, edge, data_during_linger_resets)
{
	pthread_t closer;
	double start;
	int client, server;

	new_pair(&client, &server);
	set_linger(server, 1, 30);
	fill_up(server);
	start = now();
	NEED(!pthread_create(&closer, NULL, close_it, &server));
	usleep(200000);
	EXPECT_EQ(send(client, "x", 1, MSG_NOSIGNAL), 1);
	EXPECT_TRUE(await_events(client, 0) & POLLERR);
	EXPECT_EQ(error_of(client), ECONNRESET);
	pthread_join(closer, NULL);
	EXPECT_TRUE(now() - start < 20);
}

static volatile int pipes;

static void broken_pipe(int number)
{
	pipes++;
}

/* epipe: MSG_NOSIGNAL gives the error alone */
CASE(stream, MSG_NOSIGNAL, good, sigpipe_unless_told_otherwise)
{
	int client, server;

	new_pair(&client, &server);
	NEED(signal(SIGPIPE, broken_pipe) != SIG_ERR);
	NEED(!shutdown(client, SHUT_WR));
	EXPECT_ERR(send(client, "x", 1, MSG_NOSIGNAL), EPIPE);
	EXPECT_EQ(pipes, 0);
	EXPECT_ERR(send(client, "x", 1, 0), EPIPE);
	EXPECT_EQ(pipes, 1);
}

/* listener-closed: nobody will accept */
CASE(stream, close, edge, a_closed_listener_resets_who_waits)
{
	int listener = new_listener(2), client = new_socket();
	char octet;

	connect_to(client, port_of(listener));
	close(listener);
	EXPECT_ERR(recv(client, &octet, 1, 0), ECONNRESET);
}

/* descriptors: the last to close it ends it */
CASE(stream, fork, good, a_fork_keeps_the_connection)
{
	int client, server;
	char octet;

	new_pair(&client, &server);
	if (!fork()) {
		usleep(100000);
		send_all(client, "x", 1);
		_exit(0);
	}
	close(client);
	EXPECT_EQ(recv(server, &octet, 1, 0), 1);
	EXPECT_EQ(recv(server, &octet, 1, 0), 0);
}

/* descriptors: dup() and SCM_RIGHTS give others to the same connection. */
CASE(stream, SCM_RIGHTS, good, other_descriptors_keep_the_connection)
{
	char room[CMSG_SPACE(sizeof(int))] = { 0 }, octet = 0;
	struct iovec part = { .iov_base = &octet, .iov_len = 1 };
	struct msghdr message = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
	};
	struct cmsghdr *passed = CMSG_FIRSTHDR(&message);
	int client, server, twin, way[2], got;

	new_pair(&client, &server);
	twin = dup(client);
	NEED(twin >= 0 && !socketpair(AF_UNIX, SOCK_DGRAM, 0, way));
	passed->cmsg_level = SOL_SOCKET;
	passed->cmsg_type = SCM_RIGHTS;
	passed->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(passed), &twin, sizeof(int));
	NEED(sendmsg(way[0], &message, 0) == 1);
	close(client);
	close(twin);

	NEED(recvmsg(way[1], &message, 0) == 1);
	memcpy(&got, CMSG_DATA(passed), sizeof(int));
	EXPECT_EQ(send(got, "x", 1, 0), 1);
	EXPECT_EQ(recv(server, &octet, 1, 0), 1);
	EXPECT_EQ(octet, 'x');
	close(got);
	EXPECT_EQ(recv(server, &octet, 1, 0), 0);
}

CASE(stream, SO_REUSEADDR, good, a_port_in_time_wait_needs_reuseaddr)
{
	struct address address;
	int client, server, port, fd = new_socket(), on = 1;

	new_pair(&client, &server);
	port = port_of(server);
	/* the server closes first: TIME_WAIT is on its side */
	close(server);
	EXPECT_EQ(await_state(client, CLASP_STATE_CLOSE_WAIT),
		  CLASP_STATE_CLOSE_WAIT);
	close(client);
	usleep(200000);

	address = address_of(any_host, port);
	EXPECT_ERR(bind(fd, SA(&address)), EADDRINUSE);
	NEED(!setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)));
	/* but who is in TIME_WAIT did not say so */
	EXPECT_ERR(bind(fd, SA(&address)), EADDRINUSE);
}
