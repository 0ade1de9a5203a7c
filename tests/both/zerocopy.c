// SPDX-License-Identifier: GPL-2.0
/*
 * MSG_ZEROCOPY: pages of the program's, and when it gets them back.
 */
#include <poll.h>
#include <pthread.h>
#include <sys/mman.h>
#include <sys/resource.h>

#include "error.h"

#ifndef SO_ZEROCOPY
#define SO_ZEROCOPY	60
#endif

#define PIECE		(64 * 1024)

static void new_zerocopy_pair(int *client, int *server)
{
	new_pair(client, server);
	NEED(!set_option(*client, SOL_SOCKET, SO_ZEROCOPY, 1));
}

static void send_piece(int fd, unsigned char *piece, size_t from)
{
	size_t done = 0;
	ssize_t n;

	fill_pattern(piece, from, PIECE);
	while (done < PIECE) {
		n = send(fd, piece + done, PIECE - done, MSG_ZEROCOPY);
		NEED(n > 0);
		done += n;
	}
}

CASE(stream, SO_ZEROCOPY, good, is_off_until_it_is_set)
{
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ZEROCOPY), 0);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_ZEROCOPY, 1), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ZEROCOPY), 1);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_ZEROCOPY, 0), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ZEROCOPY), 0);
}

CASE(stream, SO_ZEROCOPY, edge, an_accepted_socket_begins_without)
{
	int listener = new_listener(1), client = new_socket(), server;

	NEED(!set_option(client, SOL_SOCKET, SO_ZEROCOPY, 1));
	connect_to(client, port_of(listener));
	server = accept_one(listener);
	EXPECT_EQ(get_option(client, SOL_SOCKET, SO_ZEROCOPY), 1);
	EXPECT_EQ(set_option(server, SOL_SOCKET, SO_ZEROCOPY, 1), 0);
}

CASE(stream, SO_ZEROCOPY, error, is_on_or_off)
{
	int fd = new_socket(), on = 1;

	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_ZEROCOPY, 2), EINVAL);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_ZEROCOPY, -1), EINVAL);
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, &on, 3), EINVAL);
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_ZEROCOPY, before_a_hole(), 8),
		   EFAULT);
}

CASE(stream, MSG_ZEROCOPY, good, the_end_of_it_is_told)
{
	static unsigned char piece[PIECE];
	int client, server;
	struct told told;

	new_zerocopy_pair(&client, &server);
	fill_pattern(piece, 0, PIECE);
	EXPECT_EQ(send(client, piece, 5000, MSG_ZEROCOPY), 5000);
	receive_pattern(server, 0, 5000);

	next_error(client, &told);
	EXPECT_EQ(told.len, 0);
	EXPECT_EQ(told.flags & MSG_ERRQUEUE, MSG_ERRQUEUE);
	EXPECT_EQ(told.ee.ee_origin, SO_EE_ORIGIN_ZEROCOPY);
	EXPECT_EQ(told.ee.ee_errno, 0);
	EXPECT_EQ(told.ee.ee_info, 0);
	EXPECT_EQ(told.ee.ee_data, 0);
	/* the loopback device has to copy what its own host will read */
	EXPECT_EQ(told.ee.ee_code, SO_EE_CODE_ZEROCOPY_COPIED);
	EXPECT_EQ(told.to.len, 0);
	EXPECT_TRUE(no_error(client));
	EXPECT_EQ(error_of(client), 0);
	EXPECT_EQ(events_of(client) & POLLERR, 0);
}

CASE(stream, MSG_ZEROCOPY, good, each_write_is_counted)
{
	static unsigned char piece[PIECE];
	unsigned int next = 0, writes = 20, i;
	int client, server;
	struct told told;

	new_zerocopy_pair(&client, &server);
	fill_pattern(piece, 0, PIECE);
	for (i = 0; i < writes; i++)
		EXPECT_EQ(send(client, piece + 100 * i, 100, MSG_ZEROCOPY),
			  100);
	receive_pattern(server, 0, 100 * writes);
	while (next < writes) {
		next_error(client, &told);
		EXPECT_EQ(told.ee.ee_info, next);
		EXPECT_TRUE(told.ee.ee_data >= told.ee.ee_info);
		next = told.ee.ee_data + 1;
	}
	EXPECT_EQ(next, writes);
	EXPECT_TRUE(no_error(client));
}

static void *receive_slowly(void *fd)
{
	size_t done = 0;

	while (done < 64 * PIECE) {
		receive_pattern(*(int *)fd, done, PIECE);
		done += PIECE;
		usleep(1000);
	}

	return NULL;
}

/* Each once, in any order. */
static void await_all(int fd, unsigned int writes)
{
	unsigned int seen = 0;
	struct told told;

	while (seen < writes) {
		next_error(fd, &told);
		EXPECT_TRUE(told.ee.ee_info <= told.ee.ee_data &&
			    told.ee.ee_data < writes);
		seen += told.ee.ee_data - told.ee.ee_info + 1;
	}
	EXPECT_EQ(seen, writes);
	EXPECT_TRUE(no_error(fd));
}

CASE(stream, MSG_ZEROCOPY, good, megabytes_arrive_as_they_were_sent)
{
	unsigned char *all = mmap(NULL, 64 * PIECE, PROT_READ | PROT_WRITE,
				  MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	unsigned int writes = 0;
	size_t done = 0, len;
	int client, server;
	pthread_t reader;
	ssize_t n;

	NEED(all != MAP_FAILED);
	new_zerocopy_pair(&client, &server);
	fill_pattern(all, 0, 64 * PIECE);
	NEED(!pthread_create(&reader, NULL, receive_slowly, &server));
	for (; done < 64 * PIECE; done += n) {
		len = 1 + done * 7919 % 200000;
		if (len > 64 * PIECE - done)
			len = 64 * PIECE - done;
		/* every third is copied */
		n = send(client, all + done, len,
			 writes % 3 == 2 ? MSG_MORE : MSG_ZEROCOPY);
		NEED(n > 0);
		writes++;
	}
	pthread_join(reader, NULL);
	await_all(client, writes - writes / 3);
}

CASE(stream, MSG_ZEROCOPY, edge, means_nothing_without_the_option)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(send(client, "abc", 3, MSG_ZEROCOPY), 3);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	usleep(20000);
	EXPECT_TRUE(no_error(client));
}

CASE(stream, MSG_ZEROCOPY, edge, nothing_is_no_write)
{
	int client, server;
	struct told told;

	new_zerocopy_pair(&client, &server);
	EXPECT_EQ(send(client, "", 0, MSG_ZEROCOPY), 0);
	EXPECT_EQ(send(client, "abc", 3, MSG_ZEROCOPY), 3);
	next_error(client, &told);
	EXPECT_EQ(told.ee.ee_info, 0);
	EXPECT_EQ(told.ee.ee_data, 0);
}

CASE(stream, MSG_ZEROCOPY, edge, a_reset_gives_all_back)
{
	static unsigned char piece[PIECE];
	struct linger now = { .l_onoff = 1 };
	unsigned int writes = 0;
	int client, server;

	new_zerocopy_pair(&client, &server);
	no_wait(client);
	fill_pattern(piece, 0, PIECE);
	while (send(client, piece, PIECE, MSG_ZEROCOPY) > 0)
		writes++;
	EXPECT_EQ(errno, EAGAIN);
	NEED(!setsockopt(server, SOL_SOCKET, SO_LINGER, &now, sizeof(now)));
	NEED(!close(server));
	await_all(client, writes);
}

CASE(stream, MSG_ZEROCOPY, edge, who_closes_is_told_nothing)
{
	static unsigned char piece[PIECE];
	int client, server;

	new_zerocopy_pair(&client, &server);
	send_piece(client, piece, 0);
	NEED(!close(client));
	receive_pattern(server, 0, PIECE);
}

CASE(stream, MSG_ZEROCOPY, error, a_write_that_fails_does_not_count)
{
	unsigned char *hole = before_a_hole();
	int client, server;
	struct told told;

	new_zerocopy_pair(&client, &server);
	EXPECT_ERR(send(client, hole + 8, 4, MSG_ZEROCOPY), EFAULT);
	EXPECT_EQ(send(client, "abc", 3, MSG_ZEROCOPY), 3);
	next_error(client, &told);
	EXPECT_EQ(told.ee.ee_info, 0);
	EXPECT_EQ(told.ee.ee_data, 0);
	NEED(!shutdown(client, SHUT_WR));
	EXPECT_ERR(send(client, "abc", 3, MSG_ZEROCOPY | MSG_NOSIGNAL), EPIPE);
	usleep(20000);
	EXPECT_TRUE(no_error(client));
}

CASE(stream, MSG_ZEROCOPY, error, no_more_than_may_be_locked)
{
	static unsigned char piece[PIECE];
	struct rlimit none = {};
	int client, server;

	new_zerocopy_pair(&client, &server);
	NEED(!setrlimit(RLIMIT_MEMLOCK, &none));
	NEED(!setuid(65534));
	EXPECT_ERR(send(client, piece, PIECE, MSG_ZEROCOPY), ENOBUFS);
	EXPECT_EQ(send(client, piece, PIECE, 0), PIECE);
}
