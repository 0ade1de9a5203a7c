// SPDX-License-Identifier: GPL-2.0
/*
 * SO_TIMESTAMP and SO_TIMESTAMPING on streams: when bytes came, when they left
 * and when the peer had them.
 */
#include <linux/net_tstamp.h>
#include <poll.h>
#include <sys/select.h>
#include <time.h>

#include "error.h"

#ifndef SO_TIMESTAMPNS
#define SO_TIMESTAMPNS	35
#endif
#ifndef SO_SELECT_ERR_QUEUE
#define SO_SELECT_ERR_QUEUE	45
#endif

/* SOF_TIMESTAMPING_OPT_ID_TCP, which old headers do not have */
#define OPT_ID_TCP	0x10000

#define NSEC_PER_SEC	1000000000LL

static long long wall_ns(void)
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);

	return now.tv_sec * NSEC_PER_SEC + now.tv_nsec;
}

/* Reads, and returns when the last byte came, or 0 if that is not said. */
static long long read_stamped(int fd, size_t len, int flags, int type)
{
	union {
		struct cmsghdr	align;
		char		room[256];
	} control;
	char bytes[4096];
	struct iovec to = { bytes, len };
	struct msghdr msg = {
		.msg_iov	= &to,
		.msg_iovlen	= 1,
		.msg_control	= &control,
		.msg_controllen	= sizeof(control),
	};
	struct timespec when = {};
	struct cmsghdr *cmsg;

	NEED(recvmsg(fd, &msg, flags) == (ssize_t)len);
	cmsg = CMSG_FIRSTHDR(&msg);
	if (!cmsg)
		return 0;

	EXPECT_EQ(cmsg->cmsg_level, SOL_SOCKET);
	EXPECT_EQ(cmsg->cmsg_type, type);
	memcpy(&when, CMSG_DATA(cmsg), sizeof(when));
	if (type == SO_TIMESTAMP)
		when.tv_nsec *= 1000;

	return when.tv_sec * NSEC_PER_SEC + when.tv_nsec;
}

static void send_and_settle(int fd, const char *what)
{
	send_all(fd, what, strlen(what));
	usleep(30000);
}

/* The kernel begins to stamp a little after it was asked. */
static void ask(int fd, int name, int value)
{
	NEED(!set_option(fd, SOL_SOCKET, name, value));
	usleep(50000);
}

static void expect_lately(long long when, long long since)
{
	/* SO_TIMESTAMP has microseconds */
	EXPECT_TRUE(when >= since - 1000);
	EXPECT_TRUE(when <= wall_ns());
}

CASE(stream, SO_TIMESTAMP, good, says_when_it_came)
{
	int client, server;
	long long before;

	new_pair(&client, &server);
	ask(server, SO_TIMESTAMP, 1);
	before = wall_ns();
	send_and_settle(client, "abc");
	expect_lately(read_stamped(server, 2, MSG_PEEK, SO_TIMESTAMP), before);
	expect_lately(read_stamped(server, 3, 0, SO_TIMESTAMP), before);
}

CASE(stream, SO_TIMESTAMP, edge, off_it_says_nothing)
{
	int client, server;

	new_pair(&client, &server);
	ask(server, SO_TIMESTAMP, 1);
	ask(server, SO_TIMESTAMP, 0);
	EXPECT_EQ(get_option(server, SOL_SOCKET, SO_TIMESTAMP), 0);
	send_and_settle(client, "abc");
	EXPECT_EQ(read_stamped(server, 3, 0, SO_TIMESTAMP), 0);
}

CASE(stream, SO_TIMESTAMPNS, good, says_it_in_nanoseconds)
{
	int client, server;
	long long before;

	new_pair(&client, &server);
	ask(server, SO_TIMESTAMPNS, 1);
	before = wall_ns();
	send_and_settle(client, "abc");
	expect_lately(read_stamped(server, 3, 0, SO_TIMESTAMPNS), before);
}

CASE(stream, SO_TIMESTAMPNS, edge, the_last_byte_counts)
{
	int client, server;
	long long before;

	new_pair(&client, &server);
	ask(server, SO_TIMESTAMPNS, 1);
	send_and_settle(client, "abc");
	before = wall_ns();
	send_and_settle(client, "def");
	expect_lately(read_stamped(server, 6, 0, SO_TIMESTAMPNS), before);
}

CASE(stream, SO_TIMESTAMPING, good, says_when_it_came_in_software)
{
	int client, server;
	long long before;

	new_pair(&client, &server);
	ask(server, SO_TIMESTAMPING,
	    SOF_TIMESTAMPING_RX_SOFTWARE | SOF_TIMESTAMPING_SOFTWARE);
	before = wall_ns();
	send_and_settle(client, "abc");
	expect_lately(read_stamped(server, 3, 0, SO_TIMESTAMPING), before);
}

#define WHEN_SENT	(SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_SCHED | \
			 SOF_TIMESTAMPING_TX_SOFTWARE | SOF_TIMESTAMPING_TX_ACK | \
			 SOF_TIMESTAMPING_OPT_ID)

/* What is told of the byte @key: that it was queued, sent and acknowledged. */
static void expect_three(int fd, unsigned int key, long long since)
{
	struct told told;
	int seen = 0, i;

	for (i = 0; i < 3; i++) {
		next_error(fd, &told);
		EXPECT_EQ(told.ee.ee_origin, SO_EE_ORIGIN_TIMESTAMPING);
		EXPECT_EQ(told.ee.ee_errno, ENOMSG);
		EXPECT_EQ(told.ee.ee_data, key);
		expect_lately(told.when.tv_sec * NSEC_PER_SEC +
			      told.when.tv_nsec, since);
		seen |= 1 << told.ee.ee_info;
	}
	EXPECT_EQ(seen, 1 << SCM_TSTAMP_SCHED | 1 << SCM_TSTAMP_SND |
			1 << SCM_TSTAMP_ACK);
	EXPECT_TRUE(no_error(fd));
}

CASE(stream, SO_TIMESTAMPING, good, says_when_it_left_and_was_acknowledged)
{
	char bytes[100] = "";
	int client, server;
	long long before;

	new_pair(&client, &server);
	ask(client, SO_TIMESTAMPING, WHEN_SENT | SOF_TIMESTAMPING_OPT_TSONLY);
	before = wall_ns();
	EXPECT_EQ(send(client, bytes, 100, 0), 100);
	expect_three(client, 99, before);
	before = wall_ns();
	EXPECT_EQ(send(client, bytes, 50, 0), 50);
	expect_three(client, 149, before);
	EXPECT_EQ(recv(server, bytes, 100, 0), 100);
}

CASE(stream, SO_TIMESTAMPING, good, says_it_of_the_end_of_a_long_write)
{
	static unsigned char bytes[200000];
	int client, server;
	long long before;

	new_pair(&client, &server);
	NEED(!set_option(server, SOL_SOCKET, SO_RCVBUF, 1000000));
	ask(client, SO_TIMESTAMPING, WHEN_SENT | SOF_TIMESTAMPING_OPT_TSONLY);
	before = wall_ns();
	fill_pattern(bytes, 0, sizeof(bytes));
	send_all(client, bytes, sizeof(bytes));
	receive_pattern(server, 0, sizeof(bytes));
	expect_three(client, sizeof(bytes) - 1, before);
}

CASE(stream, SO_TIMESTAMPING, edge, shows_the_packet_unless_told_not_to)
{
	int client, server, i, with_payload = 0;
	struct told told;

	new_pair(&client, &server);
	ask(client, SO_TIMESTAMPING, WHEN_SENT);
	send_all(client, "payload", 7);
	for (i = 0; i < 3; i++) {
		next_error(client, &told);
		EXPECT_TRUE(told.len >= 7);
		if (told.len >= 7)
			with_payload += !memcmp(told.bytes + told.len - 7,
						"payload", 7);
	}
	EXPECT_EQ(with_payload, 3);
}

CASE(stream, SO_TIMESTAMPING, edge, is_asked_for_one_write)
{
	union {
		struct cmsghdr	align;
		char		room[CMSG_SPACE(sizeof(__u32))];
	} control = {};
	struct iovec from = { "abc", 3 };
	struct msghdr msg = {
		.msg_iov	= &from,
		.msg_iovlen	= 1,
		.msg_control	= &control,
		.msg_controllen	= sizeof(control),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	__u32 flags = SOF_TIMESTAMPING_TX_ACK;
	int client, server;
	struct told told;

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SO_TIMESTAMPING;
	cmsg->cmsg_len = CMSG_LEN(sizeof(flags));
	memcpy(CMSG_DATA(cmsg), &flags, sizeof(flags));

	new_pair(&client, &server);
	ask(client, SO_TIMESTAMPING,
	    SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_OPT_ID |
	    SOF_TIMESTAMPING_OPT_TSONLY);
	send_and_settle(client, "zero12");
	EXPECT_TRUE(no_error(client));
	EXPECT_EQ(sendmsg(client, &msg, 0), 3);
	next_error(client, &told);
	EXPECT_EQ(told.ee.ee_info, SCM_TSTAMP_ACK);
	EXPECT_EQ(told.ee.ee_data, 8);

	flags = SOF_TIMESTAMPING_OPT_ID;
	memcpy(CMSG_DATA(cmsg), &flags, sizeof(flags));
	EXPECT_ERR(sendmsg(client, &msg, 0), EINVAL);
}

CASE(stream, MSG_EOR, good, keeps_two_writes_apart)
{
	int client, server, i;
	unsigned int sum = 0;
	struct told told;
	char in[8];

	new_pair(&client, &server);
	ask(client, SO_TIMESTAMPING,
	    SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_ACK |
	    SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY);
	NEED(!set_option(client, level(), TCP_CORK, 1));
	EXPECT_EQ(send(client, "abc", 3, MSG_EOR), 3);
	EXPECT_EQ(send(client, "def", 3, MSG_EOR), 3);
	NEED(!set_option(client, level(), TCP_CORK, 0));
	for (i = 0; i < 2; i++) {
		next_error(client, &told);
		sum += told.ee.ee_data;
	}
	EXPECT_EQ(sum, 2 + 5);
	EXPECT_EQ(recv(server, in, 8, MSG_DONTWAIT), 6);
}

CASE(stream, SO_TIMESTAMPING, edge, bytes_count_from_what_is_acknowledged)
{
	int client, server;
	struct told told;

	new_pair(&client, &server);
	send_and_settle(client, "before");
	ask(client, SO_TIMESTAMPING,
	    SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_ACK |
	    SOF_TIMESTAMPING_OPT_ID | SOF_TIMESTAMPING_OPT_TSONLY);
	send_all(client, "abc", 3);
	next_error(client, &told);
	EXPECT_EQ(told.ee.ee_data, 2);
}

CASE(stream, SO_TIMESTAMPING, error, what_makes_no_sense)
{
	int fd = new_socket(), client, server;

	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_TIMESTAMPING, 1 << 30),
		   EINVAL);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_TIMESTAMPING,
			      SOF_TIMESTAMPING_OPT_ID), EINVAL);
	EXPECT_ERR(set_option(new_listener(1), SOL_SOCKET, SO_TIMESTAMPING,
			      SOF_TIMESTAMPING_OPT_ID), EINVAL);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_TIMESTAMPING,
			      SOF_TIMESTAMPING_OPT_STATS), EINVAL);
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_TIMESTAMPING, "", 3), EINVAL);
	new_pair(&client, &server);
	EXPECT_ERR(set_option(client, SOL_SOCKET, SO_TIMESTAMPING,
			      OPT_ID_TCP), EINVAL);
	EXPECT_EQ(get_option(client, SOL_SOCKET, SO_TIMESTAMPING), 0);
}

static bool is_exceptional(int fd)
{
	struct timeval now = {};
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);

	return select(fd + 1, NULL, NULL, &set, &now) == 1;
}

CASE(stream, SO_SELECT_ERR_QUEUE, good, select_sees_an_error_queue)
{
	int client, server;

	new_pair(&client, &server);
	NEED(!set_option(client, SOL_SOCKET, SO_SELECT_ERR_QUEUE, 1));
	ask(client, SO_TIMESTAMPING,
	    SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE);
	EXPECT_TRUE(!is_exceptional(client));
	send_and_settle(client, "abc");
	EXPECT_EQ(is_exceptional(client),
		  DIFFERS("socket(7) promises it, and TCP does not do it",
			  true, false));
}

CASE(stream, SO_SELECT_ERR_QUEUE, edge, without_it_poll_alone_tells)
{
	int client, server;

	new_pair(&client, &server);
	ask(client, SO_TIMESTAMPING,
	    SOF_TIMESTAMPING_SOFTWARE | SOF_TIMESTAMPING_TX_SOFTWARE);
	send_and_settle(client, "abc");
	EXPECT_TRUE(!is_exceptional(client));
	EXPECT_EQ(events_of(client) & (POLLERR | POLLPRI), POLLERR);
}
