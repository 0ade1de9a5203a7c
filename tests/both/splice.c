// SPDX-License-Identifier: GPL-2.0
/*
 * splice() and sendfile(): to and from a stream without the program's memory.
 */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/sendfile.h>
#include <sys/uio.h>

#include "both.h"

#define MEBIBYTE	(1024 * 1024)

/* A file of so many bytes. */
static int new_file(size_t len)
{
	char name[] = "/tmp/both-XXXXXX";
	unsigned char block[4096];
	int fd = mkstemp(name);
	size_t at, n;

	NEED(fd >= 0 && !unlink(name));
	for (at = 0; at < len; at += n) {
		n = len - at < sizeof(block) ? len - at : sizeof(block);
		fill_pattern(block, at, n);
		NEED(write(fd, block, n) == (ssize_t)n);
	}

	return fd;
}

static void expect_pattern_in(int pipe, size_t from, size_t len)
{
	unsigned char block[4096];
	ssize_t n;

	for (; len; len -= n, from += n) {
		n = read(pipe, block, len < sizeof(block) ? len : sizeof(block));
		NEED(n > 0);
		EXPECT_TRUE(is_pattern(block, from, n));
	}
}

static void send_pattern(int fd, size_t from, size_t len)
{
	unsigned char block[10000];
	size_t n;

	for (; len; len -= n, from += n) {
		n = len < sizeof(block) ? len : sizeof(block);
		fill_pattern(block, from, n);
		send_all(fd, block, n);
	}
}

CASE(stream, splice, good, what_is_there_goes_into_a_pipe)
{
	int client, server, pipes[2];

	new_pair(&client, &server);
	NEED(!pipe(pipes));
	send_pattern(client, 0, 10000);
	usleep(20000);
	EXPECT_EQ(splice(server, NULL, pipes[1], NULL, 3000, 0), 3000);
	EXPECT_EQ(splice(server, NULL, pipes[1], NULL, 50000, 0), 7000);
	expect_pattern_in(pipes[0], 0, 10000);
}

CASE(stream, splice, good, a_pipe_goes_into_a_stream)
{
	unsigned char block[5000];
	int client, server, pipes[2];

	new_pair(&client, &server);
	NEED(!pipe(pipes));
	fill_pattern(block, 0, sizeof(block));
	NEED(write(pipes[1], block, sizeof(block)) == sizeof(block));
	EXPECT_EQ(splice(pipes[0], NULL, client, NULL, 2000, SPLICE_F_MORE),
		  2000);
	EXPECT_EQ(splice(pipes[0], NULL, client, NULL, 3000, 0), 3000);
	receive_pattern(server, 0, sizeof(block));
}

static void *send_two_mebibytes(void *fd)
{
	send_pattern(*(int *)fd, 0, 2 * MEBIBYTE);
	NEED(!shutdown(*(int *)fd, SHUT_WR));

	return NULL;
}

static void *forward(void *fds)
{
	int *from_to = fds, pipes[2];
	ssize_t n, out;

	NEED(!pipe(pipes));
	while ((n = splice(from_to[0], NULL, pipes[1], NULL, 60000,
			   SPLICE_F_MOVE)) > 0) {
		for (; n; n -= out) {
			out = splice(pipes[0], NULL, from_to[1], NULL, n,
				     SPLICE_F_MOVE | SPLICE_F_MORE);
			NEED(out > 0);
		}
	}
	EXPECT_EQ(n, 0);
	NEED(!shutdown(from_to[1], SHUT_WR));

	return NULL;
}

CASE(stream, splice, good, a_proxy_hands_on_what_it_never_saw)
{
	int client, front, back, server;
	pthread_t sender, proxy;
	char octet;

	new_pair(&client, &front);
	new_pair(&back, &server);
	NEED(!pthread_create(&sender, NULL, send_two_mebibytes, &client));
	NEED(!pthread_create(&proxy, NULL, forward, (int[]){ front, back }));
	receive_pattern(server, 0, 2 * MEBIBYTE);
	EXPECT_EQ(recv(server, &octet, 1, 0), 0);
	pthread_join(sender, NULL);
	pthread_join(proxy, NULL);
}

static void *send_late(void *fd)
{
	usleep(50000);
	send_pattern(*(int *)fd, 0, 100);

	return NULL;
}

CASE(stream, splice, edge, waits_for_the_first_byte_only)
{
	int client, server, pipes[2];
	pthread_t sender;

	new_pair(&client, &server);
	NEED(!pipe(pipes));
	NEED(!pthread_create(&sender, NULL, send_late, &client));
	EXPECT_EQ(splice(server, NULL, pipes[1], NULL, 1000, 0), 100);
	pthread_join(sender, NULL);
	expect_pattern_in(pipes[0], 0, 100);
}

CASE(stream, splice, edge, takes_what_the_pipe_has_room_for)
{
	unsigned char block[4096];
	int client, server, pipes[2];
	ssize_t n;

	new_pair(&client, &server);
	NEED(!pipe(pipes) && fcntl(pipes[1], F_SETPIPE_SZ, 4096) == 4096);
	send_pattern(client, 0, 20000);
	usleep(20000);
	n = splice(server, NULL, pipes[1], NULL, 20000, 0);
	NEED(n > 0 && n <= 4096);
	EXPECT_ERR(splice(server, NULL, pipes[1], NULL, 20000,
			  SPLICE_F_NONBLOCK), EAGAIN);
	EXPECT_EQ(read(pipes[0], block, sizeof(block)), n);
	EXPECT_TRUE(is_pattern(block, 0, n));
	receive_pattern(server, n, 20000 - n);
}

CASE(stream, splice, edge, ends_with_the_stream)
{
	int client, server, pipes[2];

	new_pair(&client, &server);
	NEED(!pipe(pipes));
	send_pattern(client, 0, 10);
	NEED(!shutdown(client, SHUT_WR));
	usleep(20000);
	EXPECT_EQ(splice(server, NULL, pipes[1], NULL, 100, 0), 10);
	EXPECT_EQ(splice(server, NULL, pipes[1], NULL, 100, 0), 0);
}

CASE(stream, splice, edge, a_pipe_may_outlive_the_stream)
{
	int client, server, pipes[2];

	new_pair(&client, &server);
	NEED(!pipe(pipes));
	send_pattern(client, 0, 5000);
	usleep(20000);
	EXPECT_EQ(splice(server, NULL, pipes[1], NULL, 5000, 0), 5000);
	NEED(!close(client) && !close(server));
	expect_pattern_in(pipes[0], 0, 5000);
}

CASE(stream, splice, error, without_a_connection_or_bytes)
{
	int client, server, pipes[2];

	new_pair(&client, &server);
	NEED(!pipe(pipes));
	EXPECT_ERR(splice(new_socket(), NULL, pipes[1], NULL, 100, 0),
		   ENOTCONN);
	EXPECT_ERR(splice(new_listener(1), NULL, pipes[1], NULL, 100, 0),
		   ENOTCONN);
	no_wait(server);
	EXPECT_ERR(splice(server, NULL, pipes[1], NULL, 100, 0), EAGAIN);
}

CASE(stream, splice, error, into_what_nobody_reads)
{
	int client, server, pipes[2];
	char in[3];

	signal(SIGPIPE, SIG_IGN);
	new_pair(&client, &server);
	NEED(!pipe(pipes));
	NEED(write(pipes[1], "abc", 3) == 3);
	NEED(!shutdown(client, SHUT_WR));
	EXPECT_ERR(splice(pipes[0], NULL, client, NULL, 3, 0), EPIPE);

	send_all(server, "abc", 3);
	usleep(20000);
	NEED(!close(pipes[0]));
	EXPECT_ERR(splice(client, NULL, pipes[1], NULL, 3, 0), EPIPE);
	EXPECT_EQ(recv(client, in, 3, 0), 3);
}

static void *receive_two_mebibytes(void *fd)
{
	receive_pattern(*(int *)fd, 0, 2 * MEBIBYTE);

	return NULL;
}

CASE(stream, sendfile, good, a_file_arrives_whole)
{
	int file = new_file(2 * MEBIBYTE), client, server;
	pthread_t reader;
	off_t at = 0;

	new_pair(&client, &server);
	NEED(!pthread_create(&reader, NULL, receive_two_mebibytes, &server));
	while (at < 2 * MEBIBYTE)
		NEED(sendfile(client, file, &at, 2 * MEBIBYTE - at) > 0);
	pthread_join(reader, NULL);
}

CASE(stream, sendfile, edge, between_writes_and_from_the_middle)
{
	int file = new_file(10000), client, server;
	off_t at = 1001;

	new_pair(&client, &server);
	send_pattern(client, 0, 1001);
	EXPECT_EQ(sendfile(client, file, &at, 5000), 5000);
	EXPECT_EQ(at, 6001);
	send_pattern(client, 6001, 99);
	at = 6100;
	EXPECT_EQ(sendfile(client, file, &at, 50000), 3900);
	receive_pattern(server, 0, 10000);
}

CASE(stream, sendfile, edge, does_not_wait_when_told_so)
{
	int file = new_file(MEBIBYTE), client, server;
	size_t all = 0;
	off_t at = 0;
	ssize_t n;

	new_pair(&client, &server);
	no_wait(client);
	while ((n = sendfile(client, file, &at, MEBIBYTE)) > 0) {
		all += n;
		at = all % MEBIBYTE;
	}
	EXPECT_EQ(n, -1);
	EXPECT_EQ(errno, EAGAIN);
	EXPECT_TRUE(all > 0);
}

CASE(stream, sendfile, error, into_what_is_shut_or_nothing_yet)
{
	int file = new_file(100), client, server;
	off_t at = 0;

	signal(SIGPIPE, SIG_IGN);
	new_pair(&client, &server);
	NEED(!shutdown(client, SHUT_WR));
	EXPECT_ERR(sendfile(client, file, &at, 100), EPIPE);
	EXPECT_ERR(sendfile(new_socket(), file, &at, 100), EPIPE);
	EXPECT_ERR(sendfile(file, server, NULL, 100), EINVAL);
}
