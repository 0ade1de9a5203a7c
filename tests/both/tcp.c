// SPDX-License-Identifier: GPL-2.0
/*
 * The options of TCP, at IPPROTO_TCP and at SOL_CLASP.
 */
#include "option.h"

/* Since later than glibc's header. */
#ifndef TCP_TX_DELAY
#define TCP_TX_DELAY	37
#endif
#define TCP_IS_MPTCP_	43
#define TCP_CM_INQ_	TCP_INQ

SWITCH(stream, level(), TCP, NODELAY, 0)
SWITCH(stream, level(), TCP, CORK, 0)
NUMBER(stream, level(), TCP, MAXSEG, 536, 88, 32767)
NUMBER(stream, level(), TCP, KEEPIDLE, 7200, 1, 32767)
NUMBER(stream, level(), TCP, KEEPINTVL, 75, 1, 32767)
NUMBER(stream, level(), TCP, KEEPCNT, 9, 1, 127)
NUMBER(stream, level(), TCP, SYNCNT, DIFFERS("syn_retries allows one more", 7, 6), 1, 127)
NUMBER(stream, level(), TCP, USER_TIMEOUT, 0, 0, 0x7fffffff)
NUMBER(stream, level(), TCP, NOTSENT_LOWAT, 0, -0x7fffffff, 0x7fffffff)
NUMBER(stream, level(), TCP, INQ, 0, 0, 1)
NUMBER(stream, level(), TCP, SAVE_SYN, 0, 0, 2)
NUMBER(stream, level(), TCP, TX_DELAY, 0, -0x7fffffff, 0x7fffffff)
NUMBER(stream, level(), TCP, THIN_LINEAR_TIMEOUTS, 0, 0, 1)

/* What only gets, and is no int. */
static socklen_t get_bytes(int fd, int name, void *to, socklen_t room)
{
	NEED(!getsockopt(fd, level(), name, to, &room));

	return room;
}

CASE(stream, TCP_THIN_DUPACK, edge, it_is_taken_and_forgotten)
{
	int fd = new_socket();

	EXPECT_EQ(set_option(fd, level(), TCP_THIN_DUPACK, 1), 0);
	EXPECT_EQ(get_option(fd, level(), TCP_THIN_DUPACK), 0);
	EXPECT_ERR(set_option(fd, level(), TCP_THIN_DUPACK, 2), EINVAL);
}

CASE(stream, TCP_LINGER2, good, the_time_in_fin_wait_2_is_kept)
{
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, level(), TCP_LINGER2), 60);
	EXPECT_EQ(set_option(fd, level(), TCP_LINGER2, 17), 0);
	EXPECT_EQ(get_option(fd, level(), TCP_LINGER2), 17);
	EXPECT_EQ(set_option(fd, level(), TCP_LINGER2, 0), 0);
	EXPECT_EQ(get_option(fd, level(), TCP_LINGER2), 60);
}

CASE(stream, TCP_LINGER2, edge, the_time_in_fin_wait_2_is_kept_in_bounds)
{
	int fd = new_socket();

	EXPECT_EQ(set_option(fd, level(), TCP_LINGER2, -5), 0);
	EXPECT_EQ(get_option(fd, level(), TCP_LINGER2), -1);
	EXPECT_EQ(set_option(fd, level(), TCP_LINGER2, 100000), 0);
	EXPECT_EQ(get_option(fd, level(), TCP_LINGER2), 120);
}

CASE(stream, TCP_LINGER2, error, the_time_in_fin_wait_2_wants_an_int)
{
	refuses_bad_buffers(level(), TCP_LINGER2);
}

CASE(stream, TCP_WINDOW_CLAMP, good, the_clamp_is_kept)
{
	int fd = new_socket();

	EXPECT_EQ(set_option(fd, level(), TCP_WINDOW_CLAMP, 50000), 0);
	EXPECT_EQ(get_option(fd, level(), TCP_WINDOW_CLAMP), 50000);
	EXPECT_EQ(set_option(fd, level(), TCP_WINDOW_CLAMP, 0), 0);
	EXPECT_EQ(get_option(fd, level(), TCP_WINDOW_CLAMP), 0);
}

CASE(stream, TCP_WINDOW_CLAMP, edge, a_small_clamp_is_the_smallest)
{
	int fd = new_socket();

	EXPECT_EQ(set_option(fd, level(), TCP_WINDOW_CLAMP, 1), 0);
	EXPECT_TRUE(get_option(fd, level(), TCP_WINDOW_CLAMP) > 500);
	/* and a negative one a large one */
	EXPECT_EQ(set_option(fd, level(), TCP_WINDOW_CLAMP, -7), 0);
	EXPECT_EQ(get_option(fd, level(), TCP_WINDOW_CLAMP), -7);
}

CASE(stream, TCP_WINDOW_CLAMP, error, a_connection_keeps_its_clamp)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_ERR(set_option(client, level(), TCP_WINDOW_CLAMP, 0), EINVAL);
	refuses_bad_buffers(level(), TCP_WINDOW_CLAMP);
}

CASE(stream, TCP_QUICKACK, good, acknowledging_at_once_is_switched)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(set_option(client, level(), TCP_QUICKACK, 0), 0);
	EXPECT_EQ(get_option(client, level(), TCP_QUICKACK), 0);
	EXPECT_EQ(set_option(client, level(), TCP_QUICKACK, 1), 0);
	EXPECT_EQ(get_option(client, level(), TCP_QUICKACK), 1);
}

CASE(stream, TCP_QUICKACK, error, acknowledging_at_once_wants_an_int)
{
	refuses_bad_buffers(level(), TCP_QUICKACK);
}

CASE(stream, TCP_CONGESTION, good, a_controller_is_chosen_by_its_name)
{
	char name[16];
	int fd = new_socket();

	EXPECT_EQ(setsockopt(fd, level(), TCP_CONGESTION, "reno", 4), 0);
	memset(name, 0x55, sizeof(name));
	EXPECT_EQ(get_bytes(fd, TCP_CONGESTION, name, sizeof(name)), 16);
	EXPECT_EQ(strcmp(name, "reno"), 0);
	EXPECT_TRUE(!memcmp(name + 4, "\0\0\0\0\0\0\0\0\0\0\0\0", 12));
}

CASE(stream, TCP_CONGESTION, edge, a_name_is_cut_to_the_room)
{
	char name[16];
	int fd = new_socket();

	NEED(!setsockopt(fd, level(), TCP_CONGESTION, "reno\0cubic", 10));
	memset(name, 0x55, sizeof(name));
	EXPECT_EQ(get_bytes(fd, TCP_CONGESTION, name, 2), 2);
	EXPECT_TRUE(!memcmp(name, "re\x55\x55", 4));
	EXPECT_EQ(get_bytes(fd, TCP_CONGESTION, name, 0), 0);
}

CASE(stream, TCP_CONGESTION, error, an_unknown_controller_is_refused)
{
	socklen_t len = 4;
	int fd = new_socket();

	EXPECT_ERR(setsockopt(fd, level(), TCP_CONGESTION, "nope", 4), ENOENT);
	EXPECT_ERR(setsockopt(fd, level(), TCP_CONGESTION, "", 0), EINVAL);
	EXPECT_ERR(setsockopt(fd, level(), TCP_CONGESTION, (void *)8, 4),
		   EFAULT);
	EXPECT_ERR(getsockopt(fd, level(), TCP_CONGESTION, (void *)8, &len),
		   EFAULT);
}

CASE(stream, TCP_CC_INFO, edge, a_controller_may_have_nothing_to_tell)
{
	char room[64];
	int fd = new_socket();

	NEED(!setsockopt(fd, level(), TCP_CONGESTION, "reno", 4));
	EXPECT_EQ(get_bytes(fd, TCP_CC_INFO, room, sizeof(room)), 0);
	EXPECT_ERR(setsockopt(fd, level(), TCP_CC_INFO, room, 4), ENOPROTOOPT);
}

/* The control message of CLASP_INQ and TCP_INQ, or -1. */
static int inq_with(int fd, void *to, size_t len, int flags)
{
	union {
		struct cmsghdr	header;
		char		room[64];
	} control;
	struct iovec iov = { to, len };
	struct msghdr msg = {
		.msg_iov	= &iov,
		.msg_iovlen	= 1,
		.msg_control	= &control,
		.msg_controllen	= sizeof(control),
	};
	struct cmsghdr *cmsg;
	int inq;

	NEED(recvmsg(fd, &msg, flags) >= 0);
	cmsg = CMSG_FIRSTHDR(&msg);
	if (!cmsg)
		return -1;
	EXPECT_EQ(cmsg->cmsg_level, level());
	EXPECT_EQ(cmsg->cmsg_type, TCP_CM_INQ_);
	EXPECT_EQ(cmsg->cmsg_len, CMSG_LEN(sizeof(int)));
	memcpy(&inq, CMSG_DATA(cmsg), sizeof(inq));

	return inq;
}

CASE(stream, TCP_INQ, good, what_is_left_to_read_is_told)
{
	int client, server;
	char room[8];

	new_pair(&client, &server);
	send_all(client, "abcdefgh", 8);
	usleep(100000);
	EXPECT_EQ(inq_with(server, room, 2, 0), -1);
	EXPECT_EQ(set_option(server, level(), TCP_INQ, 1), 0);
	EXPECT_EQ(inq_with(server, room, 2, 0), 4);
	EXPECT_EQ(inq_with(server, room, 2, MSG_PEEK), 4);
	EXPECT_EQ(inq_with(server, room, 4, 0), 0);
}

CASE(stream, TCP_INQ, edge, the_end_of_the_stream_is_left_to_read)
{
	int client, server;
	char room[8];

	new_pair(&client, &server);
	NEED(!set_option(server, level(), TCP_INQ, 1));
	send_all(client, "abcd", 4);
	close(client);
	usleep(100000);
	EXPECT_EQ(inq_with(server, room, 2, 0), 3);
	EXPECT_EQ(inq_with(server, room, 2, 0), 1);
	EXPECT_EQ(inq_with(server, room, 2, 0), 1);
}

CASE(stream, TCP_SAVED_SYN, good, the_syn_can_be_read_once)
{
	int listener = new_listener(1), client = new_socket(), server;
	unsigned char syn[256];
	socklen_t len;

	NEED(!set_option(listener, level(), TCP_SAVE_SYN, 1));
	connect_to(client, port_of(listener));
	server = accept_one(listener);
	len = get_bytes(server, TCP_SAVED_SYN, syn, sizeof(syn));
	EXPECT_TRUE(len >= (ipv4 ? 20 : 40) + 20);
	EXPECT_EQ(syn[0] >> 4, ipv4 ? 4 : 6);
	EXPECT_EQ(syn[ipv4 ? 9 : 6], DIFFERS("its number", IPPROTO_CLASP,
					     IPPROTO_TCP));
	/* the destination port comes third and fourth behind IP's header */
	EXPECT_EQ(syn[(ipv4 ? 20 : 40) + 2] << 8 | syn[(ipv4 ? 20 : 40) + 3],
		  port_of(listener));
	EXPECT_EQ(get_bytes(server, TCP_SAVED_SYN, syn, sizeof(syn)), 0);
}

CASE(stream, TCP_SAVED_SYN, edge, a_syn_comes_with_its_link_layer)
{
	int listener = new_listener(1), client = new_socket(), server;
	unsigned char syn[256];
	socklen_t len;

	NEED(!set_option(listener, level(), TCP_SAVE_SYN, 2));
	connect_to(client, port_of(listener));
	server = accept_one(listener);
	len = get_bytes(server, TCP_SAVED_SYN, syn, sizeof(syn));
	EXPECT_TRUE(len >= 14 + (ipv4 ? 20 : 40) + 20);
	/* Ethernet's type */
	EXPECT_EQ(syn[12] << 8 | syn[13], ipv4 ? 0x0800 : 0x86dd);
	EXPECT_EQ(syn[14] >> 4, ipv4 ? 4 : 6);
}

CASE(stream, TCP_SAVED_SYN, error, a_syn_wants_room)
{
	int listener = new_listener(1), client = new_socket(), server;
	unsigned char syn[256];
	socklen_t len = 5;

	NEED(!set_option(listener, level(), TCP_SAVE_SYN, 1));
	connect_to(client, port_of(listener));
	server = accept_one(listener);
	memset(syn, 0x55, sizeof(syn));
	EXPECT_ERR(getsockopt(server, level(), TCP_SAVED_SYN, syn, &len),
		   EINVAL);
	EXPECT_TRUE(len >= 40);
	EXPECT_EQ(syn[0], 0x55);
	/* it is still there */
	EXPECT_EQ(get_bytes(server, TCP_SAVED_SYN, syn, len), len);
	/* nobody wanted to keep the client's */
	EXPECT_EQ(get_bytes(client, TCP_SAVED_SYN, syn, sizeof(syn)), 0);
	EXPECT_ERR(set_option(server, level(), TCP_SAVED_SYN, 1), ENOPROTOOPT);
}

CASE(stream, TCP_TIMESTAMP, good, the_clock_of_timestamps_runs)
{
	int client, server;
	unsigned int before;

	new_pair(&client, &server);
	before = get_option(client, level(), TCP_TIMESTAMP);
	usleep(100000);
	before = get_option(client, level(), TCP_TIMESTAMP) - before;
	EXPECT_TRUE(before >= 50 && before < 5000);
}

CASE(stream, TCP_REPAIR, error, no_connection_is_in_repair)
{
	int fd = new_socket(), value;
	socklen_t len = sizeof(value);

	EXPECT_ERR(set_option(fd, level(), TCP_TIMESTAMP, 1), EPERM);
	EXPECT_ERR(set_option(fd, level(), TCP_REPAIR_QUEUE, 1), EPERM);
	EXPECT_ERR(set_option(fd, level(), TCP_REPAIR_OPTIONS, 1), EINVAL);
	EXPECT_ERR(getsockopt(fd, level(), TCP_REPAIR_QUEUE, &value, &len),
		   EINVAL);
	EXPECT_EQ(get_option(fd, level(), TCP_REPAIR), 0);
	EXPECT_ERR(set_option(fd, level(), TCP_REPAIR, 1),
		   DIFFERS("no connection of Clasp's is taken apart and put together again",
			   EPERM, 0));
}

CASE(stream, TCP_ULP, error, there_is_no_protocol_above)
{
	char name[16];
	int fd = new_socket();

	EXPECT_ERR(setsockopt(fd, level(), TCP_ULP, "nope", 4), ENOENT);
	EXPECT_ERR(setsockopt(fd, level(), TCP_ULP, "", 0), EINVAL);
	EXPECT_ERR(setsockopt(fd, level(), TCP_ULP, (void *)8, 4), EFAULT);
	EXPECT_EQ(get_bytes(fd, TCP_ULP, name, sizeof(name)), 0);
}

CASE(stream, TCP_IS_MPTCP, good, it_has_one_path)
{
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, level(), TCP_IS_MPTCP_), 0);
	EXPECT_ERR(set_option(fd, level(), TCP_IS_MPTCP_, 1), ENOPROTOOPT);
}

CASE(stream, TCP_ZEROCOPY_RECEIVE, error, pages_are_not_mapped)
{
	char room[64] = { 0 };
	socklen_t len = sizeof(room);
	int fd = new_socket();

	EXPECT_ERR(getsockopt(fd, level(), TCP_ZEROCOPY_RECEIVE, room, &len),
		   DIFFERS("pages come with headers of another size",
			   ENOPROTOOPT, 0));
}

CASE(stream, setsockopt, error, unknown_options_are_refused)
{
	int fd = new_socket(), value = 1;
	socklen_t len = sizeof(value);

	EXPECT_ERR(set_option(fd, level(), 9999, 1), ENOPROTOOPT);
	EXPECT_ERR(set_option(fd, level(), -1, 1), ENOPROTOOPT);
	EXPECT_ERR(setsockopt(fd, level(), 9999, &value, 3), EINVAL);
	EXPECT_ERR(setsockopt(fd, level(), 9999, (void *)8, 4), EFAULT);
	EXPECT_ERR(getsockopt(fd, level(), 9999, &value, &len), ENOPROTOOPT);
	EXPECT_ERR(getsockopt(fd, level(), 9999, &value, (void *)8), EFAULT);
	len = -1;
	EXPECT_ERR(getsockopt(fd, level(), 9999, &value, &len), EINVAL);
	EXPECT_ERR(set_option(fd, 77, 1, 1), ENOPROTOOPT);
}

CASE(stream, SO_RCVLOWAT, edge, a_low_mark_makes_the_buffer_fit)
{
	int fd = new_socket(), mark, before;

	before = get_option(fd, SOL_SOCKET, SO_RCVBUF);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_RCVLOWAT, before), 0);
	mark = get_option(fd, SOL_SOCKET, SO_RCVLOWAT);
	EXPECT_EQ(mark, before);
	EXPECT_TRUE(get_option(fd, SOL_SOCKET, SO_RCVBUF) >= 2 * mark);
	/* but no more than half of what any buffer may have */
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_RCVLOWAT, 0x7fffffff), 0);
	EXPECT_TRUE(get_option(fd, SOL_SOCKET, SO_RCVLOWAT) < 0x10000000);

	/* a buffer that the program has set stays as it is */
	fd = new_socket();
	NEED(!set_option(fd, SOL_SOCKET, SO_RCVBUF, 20000));
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_RCVLOWAT, 1000000), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_RCVLOWAT), 20000);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_RCVBUF), 40000);
}

CASE(stream, SO_RCVLOWAT, good, a_lower_mark_wakes_who_waits)
{
	int client, server;

	new_pair(&client, &server);
	NEED(!set_option(server, SOL_SOCKET, SO_RCVLOWAT, 100));
	send_all(client, "abcdefgh", 8);
	usleep(100000);
	EXPECT_EQ(events_of(server) & 1, 0);
	if (!fork()) {
		usleep(200000);
		set_option(server, SOL_SOCKET, SO_RCVLOWAT, 8);
		_exit(0);
	}
	EXPECT_EQ(await_events(server, 1), 1);
}
