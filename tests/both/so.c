// SPDX-License-Identifier: GPL-2.0
/*
 * Options at SOL_SOCKET that are a number, and what they do.
 */
#include <poll.h>
#include <sys/ioctl.h>
#include <sys/time.h>

#include "option.h"

SWITCH(both, SOL_SOCKET, SO, DEBUG, 0)
SWITCH(both, SOL_SOCKET, SO, REUSEADDR, 0)
SWITCH(both, SOL_SOCKET, SO, REUSEPORT, 0)
SWITCH(both, SOL_SOCKET, SO, DONTROUTE, 0)
SWITCH(both, SOL_SOCKET, SO, BROADCAST, 0)
SWITCH(both, SOL_SOCKET, SO, KEEPALIVE, 0)
SWITCH(both, SOL_SOCKET, SO, OOBINLINE, 0)
SWITCH(both, SOL_SOCKET, SO, NO_CHECK, 0)
SWITCH(both, SOL_SOCKET, SO, TIMESTAMP, 0)
SWITCH(both, SOL_SOCKET, SO, TIMESTAMPNS, 0)
SWITCH(both, SOL_SOCKET, SO, RXQ_OVFL, 0)
SWITCH(both, SOL_SOCKET, SO, SELECT_ERR_QUEUE, 0)
SWITCH(both, SOL_SOCKET, SO, RCVMARK, 0)
SWITCH(both, SOL_SOCKET, SO, PREFER_BUSY_POLL, 0)

NUMBER(both, SOL_SOCKET, SO, BUSY_POLL, 0, 0, 0x7fffffff)
NUMBER(both, SOL_SOCKET, SO, PRIORITY, 0, -0x7fffffff, 0x7fffffff)
NUMBER(both, SOL_SOCKET, SO, MARK, 0, -0x7fffffff, 0x7fffffff)
NUMBER(both, SOL_SOCKET, SO, PEEK_OFF, -1, -0x7fffffff, 0x7fffffff)
NUMBER(both, SOL_SOCKET, SO, BUF_LOCK, 0, 0, 3)

READ_ONLY(both, SOL_SOCKET, SO, TYPE)
READ_ONLY(both, SOL_SOCKET, SO, PROTOCOL)
READ_ONLY(both, SOL_SOCKET, SO, DOMAIN)
READ_ONLY(both, SOL_SOCKET, SO, ERROR)
READ_ONLY(both, SOL_SOCKET, SO, ACCEPTCONN)
READ_ONLY(both, SOL_SOCKET, SO, SNDLOWAT)
READ_ONLY(both, SOL_SOCKET, SO, BPF_EXTENSIONS)

CASE(both, SO_SNDLOWAT, good, one_octet_of_room_is_writable)
{
	EXPECT_EQ(get_option(new_socket(), SOL_SOCKET, SO_SNDLOWAT), 1);
}

CASE(both, SO_BPF_EXTENSIONS, good, filters_have_the_kernels_extensions)
{
	EXPECT_TRUE(get_option(new_socket(), SOL_SOCKET, SO_BPF_EXTENSIONS) > 0);
}

CASE(both, SO_TYPE, good, the_type_is_the_sockets)
{
	EXPECT_EQ(get_option(new_socket(), SOL_SOCKET, SO_TYPE), type);
}

CASE(both, SO_PROTOCOL, good, the_protocol_is_the_sockets)
{
	int tcp = DIFFERS("its number", IPPROTO_CLASP, IPPROTO_TCP);
	int udp = DIFFERS("its number", IPPROTO_CLASP_DG, IPPROTO_UDP);

	EXPECT_EQ(get_option(new_socket(), SOL_SOCKET, SO_PROTOCOL),
		  type == SOCK_STREAM ? tcp : udp);
}

CASE(both, SO_DOMAIN, good, the_domain_is_the_kernels)
{
	EXPECT_EQ(get_option(new_socket(), SOL_SOCKET, SO_DOMAIN),
		  DIFFERS("the kernel knows it as an IPv6 socket", AF_INET6,
			  family()));
}

CASE(stream, SO_ACCEPTCONN, good, a_listener_says_that_it_listens)
{
	int fd = new_bound();

	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ACCEPTCONN), 0);
	NEED(!listen(fd, 1));
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ACCEPTCONN), 1);
	NEED(!shutdown(fd, SHUT_RDWR));
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ACCEPTCONN), 0);
}

CASE(dgram, SO_ACCEPTCONN, good, datagrams_never_listen)
{
	EXPECT_EQ(get_option(new_bound(), SOL_SOCKET, SO_ACCEPTCONN), 0);
}

CASE(stream, SO_ERROR, good, an_error_is_read_and_gone)
{
	struct address address = address_of(this_host, unused_port());
	int fd = new_socket();

	no_wait(fd);
	EXPECT_ERR(connect(fd, SA(&address)), EINPROGRESS);
	EXPECT_TRUE(await_events(fd, POLLOUT) & POLLERR);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ERROR), 0);
}

CASE(dgram, SO_ERROR, good, a_refusal_is_read_and_gone)
{
	int fd = new_socket();

	connect_to(fd, unused_port());
	EXPECT_EQ(send(fd, "x", 1, 0), 1);
	EXPECT_TRUE(await_events(fd, 0) & POLLERR);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ERROR), ECONNREFUSED);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ERROR), 0);
}

/* --- buffers ---------------------------------------------------------------- */

CASE(both, SO_SNDBUF, good, a_send_buffer_is_doubled_for_the_kernels_own)
{
	int fd = new_socket();

	EXPECT_TRUE(get_option(fd, SOL_SOCKET, SO_SNDBUF) > 10000);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_SNDBUF, 50000), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_SNDBUF), 100000);
}

CASE(both, SO_RCVBUF, good, a_receive_buffer_is_doubled_for_the_kernels_own)
{
	int fd = new_socket();

	EXPECT_TRUE(get_option(fd, SOL_SOCKET, SO_RCVBUF) > 10000);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_RCVBUF, 50000), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_RCVBUF), 100000);
}

/* A number out of range is not refused, but the nearest that is in it taken. */
static void expect_bounded(int name)
{
	int fd = new_socket(), least, most;

	EXPECT_EQ(set_option(fd, SOL_SOCKET, name, 0), 0);
	least = get_option(fd, SOL_SOCKET, name);
	EXPECT_TRUE(least > 1000 && least < 10000);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, name, 0x7fffffff), 0);
	most = get_option(fd, SOL_SOCKET, name);
	EXPECT_TRUE(most > 100000);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, name, -1), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, name), most);
}

CASE(both, SO_SNDBUF, edge, the_send_buffer_is_kept_in_bounds)
{
	expect_bounded(SO_SNDBUF);
}

CASE(both, SO_RCVBUF, edge, the_receive_buffer_is_kept_in_bounds)
{
	expect_bounded(SO_RCVBUF);
}

CASE(both, SO_SNDBUF, error, the_send_buffer_wants_an_int)
{
	refuses_bad_buffers(SOL_SOCKET, SO_SNDBUF);
}

CASE(both, SO_RCVBUF, error, the_receive_buffer_wants_an_int)
{
	refuses_bad_buffers(SOL_SOCKET, SO_RCVBUF);
}

CASE(both, SO_SNDBUFFORCE, good, root_may_have_a_send_buffer_of_any_size)
{
	int fd = new_socket();

	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, 100000000), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_SNDBUF), 200000000);
}

CASE(both, SO_RCVBUFFORCE, good, root_may_have_a_receive_buffer_of_any_size)
{
	int fd = new_socket();

	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, 100000000), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_RCVBUF), 200000000);
}

CASE(both, SO_SNDBUFFORCE, edge, no_send_buffer_is_the_smallest)
{
	int fd = new_socket(), least;

	NEED(!set_option(fd, SOL_SOCKET, SO_SNDBUF, 0));
	least = get_option(fd, SOL_SOCKET, SO_SNDBUF);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_SNDBUFFORCE, -1), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_SNDBUF), least);
}

CASE(both, SO_RCVBUFFORCE, edge, no_receive_buffer_is_the_smallest)
{
	int fd = new_socket(), least;

	NEED(!set_option(fd, SOL_SOCKET, SO_RCVBUF, 0));
	least = get_option(fd, SOL_SOCKET, SO_RCVBUF);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_RCVBUFFORCE, -1), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_RCVBUF), least);
}

/* Only a capability allows it. */
static void expect_eperm(int name, int value)
{
	int fd = new_socket();

	NEED(!seteuid(65534));
	EXPECT_ERR(set_option(fd, SOL_SOCKET, name, value), EPERM);
	NEED(!seteuid(0));
	EXPECT_EQ(set_option(fd, SOL_SOCKET, name, value), 0);
}

CASE(both, SO_SNDBUFFORCE, error, others_may_not_force_a_send_buffer)
{
	expect_eperm(SO_SNDBUFFORCE, 50000);
}

CASE(both, SO_RCVBUFFORCE, error, others_may_not_force_a_receive_buffer)
{
	expect_eperm(SO_RCVBUFFORCE, 50000);
}

CASE(both, SO_MARK, error, a_mark_is_for_root)
{
	expect_eperm(SO_MARK, 5);
}

CASE(both, SO_PRIORITY, error, the_highest_priority_is_for_root)
{
	int fd = new_socket();

	expect_eperm(SO_PRIORITY, 7);
	NEED(!seteuid(65534));
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_PRIORITY, 6), 0);
	NEED(!seteuid(0));
}

CASE(both, SO_DEBUG, error, debugging_is_for_root)
{
	int fd = new_socket();

	NEED(!seteuid(65534));
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_DEBUG, 1), EACCES);
	NEED(!seteuid(0));
}

CASE(both, SO_BUF_LOCK, good, a_buffer_that_was_set_is_locked)
{
	int fd = new_socket();

	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_SNDBUF, 50000), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_BUF_LOCK), 1);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_RCVBUF, 50000), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_BUF_LOCK), 3);
}

/* --- waiting ---------------------------------------------------------------- */

CASE(both, SO_RCVLOWAT, good, the_low_mark_is_kept)
{
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_RCVLOWAT), 1);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_RCVLOWAT, 1000), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_RCVLOWAT), 1000);
}

CASE(both, SO_RCVLOWAT, edge, a_low_mark_of_0_is_1)
{
	int fd = new_socket();

	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_RCVLOWAT, 0), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_RCVLOWAT), 1);
}

CASE(both, SO_RCVLOWAT, error, the_low_mark_wants_an_int)
{
	refuses_bad_buffers(SOL_SOCKET, SO_RCVLOWAT);
}

static void expect_timeout_kept(int name)
{
	struct timeval limit = { 3, 500000 }, got;
	socklen_t len = sizeof(got);
	int fd = new_socket();

	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, name, &got, &len), 0);
	EXPECT_EQ(len, sizeof(got));
	EXPECT_EQ(got.tv_sec, 0);
	EXPECT_EQ(got.tv_usec, 0);
	EXPECT_EQ(setsockopt(fd, SOL_SOCKET, name, &limit, sizeof(limit)), 0);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, name, &got, &len), 0);
	EXPECT_EQ(got.tv_sec, 3);
	EXPECT_EQ(got.tv_usec, 500000);
}

static void expect_odd_timeouts(int name)
{
	struct timeval limit = { -5, 0 }, got = { 0 };
	socklen_t len = sizeof(got);
	int fd = new_socket();

	/* less than nothing does not wait, which no program can read back */
	EXPECT_EQ(setsockopt(fd, SOL_SOCKET, name, &limit, sizeof(limit)), 0);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, name, &got, &len), 0);
	EXPECT_EQ(got.tv_sec, 0);

	/* what is shorter than a clock tick is one */
	limit = (struct timeval){ 0, 1 };
	EXPECT_EQ(setsockopt(fd, SOL_SOCKET, name, &limit, sizeof(limit)), 0);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, name, &got, &len), 0);
	EXPECT_TRUE(got.tv_usec > 0 && got.tv_usec <= 10000);
}

static void expect_bad_timeouts(int name)
{
	struct timeval limit = { 1, 1000000 };
	int fd = new_socket();

	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, name, &limit, sizeof(limit)), EDOM);
	limit.tv_usec = -1;
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, name, &limit, sizeof(limit)), EDOM);
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, name, &limit, sizeof(limit) - 1),
		   EINVAL);
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, name, (void *)8, sizeof(limit)),
		   EFAULT);
}

CASE(both, SO_RCVTIMEO, good, the_time_to_receive_is_kept)
{
	expect_timeout_kept(SO_RCVTIMEO);
}

CASE(both, SO_SNDTIMEO, good, the_time_to_send_is_kept)
{
	expect_timeout_kept(SO_SNDTIMEO);
}

CASE(both, SO_RCVTIMEO, edge, odd_times_to_receive_are_rounded)
{
	expect_odd_timeouts(SO_RCVTIMEO);
}

CASE(both, SO_SNDTIMEO, edge, odd_times_to_send_are_rounded)
{
	expect_odd_timeouts(SO_SNDTIMEO);
}

CASE(both, SO_RCVTIMEO, error, bad_times_to_receive_are_refused)
{
	expect_bad_timeouts(SO_RCVTIMEO);
}

CASE(both, SO_SNDTIMEO, error, bad_times_to_send_are_refused)
{
	expect_bad_timeouts(SO_SNDTIMEO);
}

/* timeouts: the time is what was asked for */
CASE(both, SO_RCVTIMEO, good, receiving_ends_when_the_time_is_over)
{
	struct timeval limit = { 0, 200000 };
	long long begin = now_ms();
	int one, two;
	char octet;

	new_pair(&one, &two);
	NEED(!setsockopt(two, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	EXPECT_ERR(recv(two, &octet, 1, 0), EAGAIN);
	EXPECT_TRUE(now_ms() - begin >= 190);
	EXPECT_TRUE(now_ms() - begin < 5000);
}

CASE(stream, SO_RCVTIMEO, edge, accepting_ends_when_the_time_is_over)
{
	struct timeval limit = { 0, 100000 };
	int fd = new_listener(1);

	NEED(!setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	EXPECT_ERR(accept(fd, NULL, NULL), EAGAIN);
}

CASE(stream, SO_RCVTIMEO, edge, what_came_in_time_counts)
{
	struct timeval limit = { 0, 100000 };
	int one, two;
	char in[8];

	new_pair(&one, &two);
	NEED(!setsockopt(two, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	send_all(one, "abc", 3);
	EXPECT_EQ(recv(two, in, sizeof(in), MSG_WAITALL), 3);
}

/* --- linger ----------------------------------------------------------------- */

CASE(both, SO_LINGER, good, linger_is_kept)
{
	struct linger linger = { 1, 5 }, got = { 7, 7 };
	socklen_t len = sizeof(got);
	int fd = new_socket();

	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_LINGER, &got, &len), 0);
	EXPECT_EQ(len, sizeof(got));
	EXPECT_EQ(got.l_onoff, 0);
	EXPECT_EQ(got.l_linger, 0);
	EXPECT_EQ(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, len), 0);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_LINGER, &got, &len), 0);
	EXPECT_EQ(got.l_onoff, 1);
	EXPECT_EQ(got.l_linger, 5);
}

CASE(both, SO_LINGER, edge, linger_off_keeps_the_time)
{
	struct linger linger = { 9, 5 }, got;
	socklen_t len = 4;
	int fd = new_socket();

	EXPECT_EQ(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	linger.l_onoff = 0;
	EXPECT_EQ(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_LINGER, &got, &len), 0);
	EXPECT_EQ(len, 4);
	EXPECT_EQ(got.l_onoff, 0);
	len = sizeof(got);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_LINGER, &got, &len), 0);
	EXPECT_EQ(got.l_linger, 5);
}

CASE(both, SO_LINGER, error, linger_wants_its_struct)
{
	struct linger linger = { 1, 5 };
	int fd = new_socket();

	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, 4), EINVAL);
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, 7), EINVAL);
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_LINGER, (void *)8, 8), EFAULT);
}
