// SPDX-License-Identifier: GPL-2.0
/*
 * Options at SOL_SOCKET that are more than a number.
 */
#include <linux/filter.h>
#include <net/if.h>
#include <poll.h>

#include "option.h"

/* --- devices ------------------------------------------------------------------ */

CASE(both, SO_BINDTODEVICE, good, a_device_is_bound_and_told)
{
	char name[IFNAMSIZ];
	socklen_t len = sizeof(name);
	int fd = new_socket();

	EXPECT_EQ(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2), 0);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len), 0);
	EXPECT_EQ(len, 3);
	EXPECT_EQ(strcmp(name, "lo"), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_BINDTOIFINDEX), if_nametoindex("lo"));
	if (type == SOCK_STREAM) {
		connect_to(fd, port_of(new_listener(1)));
	} else {
		connect_to(fd, port_of(new_bound()));
		EXPECT_EQ(send(fd, "x", 1, 0), 1);
	}
}

CASE(both, SO_BINDTODEVICE, edge, no_name_unbinds_it)
{
	char name[IFNAMSIZ];
	socklen_t len = sizeof(name);
	int fd = new_socket();

	NEED(!setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2));
	EXPECT_EQ(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "", 0), 0);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len), 0);
	EXPECT_EQ(len, 0);
}

CASE(both, SO_BINDTODEVICE, error, there_must_be_such_a_device)
{
	char name[IFNAMSIZ];
	socklen_t len = 2;
	int fd = new_socket();

	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "nope", 4), ENODEV);
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", -1), EINVAL);
	NEED(!setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, "lo", 2));
	EXPECT_ERR(getsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, name, &len), EINVAL);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_BINDTOIFINDEX, -1), EINVAL);
}

/* Who is bound to another device does not hear of this one. */
CASE(stream, SO_BINDTODEVICE, edge, a_listener_hears_its_device_alone)
{
	struct address address;
	int listener, fd = new_socket();

	own_network();
	NEED(!system("ip link add other type dummy && ip link set other up"));
	listener = new_listener(1);
	NEED(!setsockopt(listener, SOL_SOCKET, SO_BINDTODEVICE, "other", 5));
	address = name_of(listener);
	fd = new_socket();
	EXPECT_ERR(connect(fd, SA(&address)), ECONNREFUSED);
}

/* --- filters ------------------------------------------------------------------ */

static struct sock_filter keep_all[] = { BPF_STMT(BPF_RET | BPF_K, 0xffffffff) };
static struct sock_filter keep_none[] = { BPF_STMT(BPF_RET | BPF_K, 0) };

static int attach(int fd, struct sock_filter *code, unsigned short len)
{
	struct sock_fprog program = { .len = len, .filter = code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, sizeof(program));
}

static int readable_within(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms);
}

CASE(both, SO_ATTACH_FILTER, good, what_a_filter_refuses_does_not_come)
{
	int one, two;
	char octet;

	new_pair(&one, &two);
	EXPECT_EQ(attach(two, keep_none, 1), 0);
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_EQ(readable_within(two, 100), 0);
	EXPECT_EQ(attach(two, keep_all, 1), 0);
	if (type == SOCK_DGRAM)
		EXPECT_EQ(send(one, "x", 1, 0), 1);
	/* a stream sends it again */
	EXPECT_EQ(recv(two, &octet, 1, 0), 1);
}

CASE(both, SO_DETACH_FILTER, good, without_the_filter_all_comes)
{
	int one, two;
	char octet;

	new_pair(&one, &two);
	NEED(!attach(two, keep_none, 1));
	EXPECT_EQ(set_option(two, SOL_SOCKET, SO_DETACH_FILTER, 0), 0);
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_EQ(recv(two, &octet, 1, 0), 1);
}

CASE(both, SO_DETACH_FILTER, error, there_must_be_one)
{
	EXPECT_ERR(set_option(new_socket(), SOL_SOCKET, SO_DETACH_FILTER, 0), ENOENT);
}

CASE(both, SO_ATTACH_FILTER, edge, the_filter_can_be_read_back)
{
	struct sock_filter got[4];
	socklen_t len = 0;
	int fd = new_socket();

	NEED(!attach(fd, keep_all, 1));
	/* its length is in instructions */
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, got, &len), 0);
	EXPECT_EQ(len, 1);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_GET_FILTER, got, &len), 0);
	EXPECT_EQ(memcmp(got, keep_all, sizeof(keep_all)), 0);
}

CASE(both, SO_ATTACH_FILTER, error, bad_programs_are_refused)
{
	struct sock_filter no_end[] = { BPF_STMT(BPF_LD | BPF_IMM, 0) };
	int fd = new_socket();

	EXPECT_ERR(attach(fd, keep_all, 0), EINVAL);
	EXPECT_ERR(attach(fd, no_end, 1), EINVAL);
	EXPECT_ERR(attach(fd, (void *)8, 1), EFAULT);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_ATTACH_FILTER, 1), EINVAL);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_ATTACH_BPF, -1), EBADF);
}

CASE(both, SO_LOCK_FILTER, good, a_locked_filter_stays)
{
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_LOCK_FILTER), 0);
	NEED(!attach(fd, keep_all, 1));
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_LOCK_FILTER, 1), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_LOCK_FILTER), 1);
	EXPECT_ERR(attach(fd, keep_none, 1), EPERM);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_DETACH_FILTER, 0), EPERM);
}

CASE(both, SO_LOCK_FILTER, error, a_lock_is_not_opened)
{
	int fd = new_socket();

	NEED(!set_option(fd, SOL_SOCKET, SO_LOCK_FILTER, 1));
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_LOCK_FILTER, 0), EPERM);
	refuses_bad_buffers(SOL_SOCKET, SO_LOCK_FILTER);
}

/* --- what the kernel tells of a socket ------------------------------------------ */

static unsigned long long cookie_of(int fd)
{
	unsigned long long cookie = 0;
	socklen_t len = sizeof(cookie);

	NEED(!getsockopt(fd, SOL_SOCKET, SO_COOKIE, &cookie, &len));
	EXPECT_EQ(len, sizeof(cookie));

	return cookie;
}

CASE(both, SO_COOKIE, good, each_socket_has_its_own_cookie)
{
	int one = new_socket(), two = new_socket();

	EXPECT_TRUE(cookie_of(one) && cookie_of(one) != cookie_of(two));
	EXPECT_EQ(cookie_of(one), cookie_of(one));
}

CASE(stream, SO_COOKIE, edge, an_accepted_socket_has_its_own_cookie)
{
	int listener = new_listener(1);

	connect_to(new_socket(), port_of(listener));
	EXPECT_TRUE(cookie_of(accept_one(listener)) != cookie_of(listener));
}

CASE(both, SO_COOKIE, error, a_cookie_wants_its_room)
{
	unsigned int half;
	socklen_t len = sizeof(half);
	int fd = new_socket();

	EXPECT_ERR(getsockopt(fd, SOL_SOCKET, SO_COOKIE, &half, &len), EINVAL);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_COOKIE, 1), ENOPROTOOPT);
}

CASE(both, SO_MEMINFO, good, the_buffers_are_told)
{
	unsigned int info[16] = { 0 };
	socklen_t len = sizeof(info);
	int fd = new_socket();

	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_MEMINFO, info, &len), 0);
	EXPECT_EQ(len, 9 * sizeof(int));
	/* SK_MEMINFO_RCVBUF and SK_MEMINFO_SNDBUF */
	EXPECT_EQ(info[1], get_option(fd, SOL_SOCKET, SO_RCVBUF));
	EXPECT_EQ(info[3], get_option(fd, SOL_SOCKET, SO_SNDBUF));
}

CASE(both, SO_MEMINFO, edge, what_was_received_is_told)
{
	unsigned int info[16] = { 0 };
	socklen_t len = sizeof(info);
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_TRUE(await_events(two, POLLIN) & POLLIN);
	EXPECT_EQ(getsockopt(two, SOL_SOCKET, SO_MEMINFO, info, &len), 0);
	EXPECT_TRUE(info[0] > 0);	/* SK_MEMINFO_RMEM_ALLOC */
}

CASE(both, SO_PEERNAME, good, the_peers_name_is_an_option_too)
{
	struct address name, right;
	int one, two;

	new_pair(&one, &two);
	right = peer_of(one);
	name.len = right.len;
	EXPECT_EQ(getsockopt(one, SOL_SOCKET, SO_PEERNAME, name.room, &name.len), 0);
	EXPECT_EQ(memcmp(name.room, right.room, right.len), 0);
}

CASE(both, SO_PEERNAME, error, without_a_peer_it_has_no_name)
{
	struct address name = { .len = sizeof(name.room) };
	int one, two;

	EXPECT_ERR(getsockopt(new_socket(), SOL_SOCKET, SO_PEERNAME, name.room,
			      &name.len), ENOTCONN);
	new_pair(&one, &two);
	name.len = 100;
	EXPECT_ERR(getsockopt(one, SOL_SOCKET, SO_PEERNAME, name.room, &name.len),
		   EINVAL);
}

CASE(both, SO_INCOMING_CPU, good, a_processor_can_be_chosen)
{
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_INCOMING_CPU), -1);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_INCOMING_CPU, 0), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_INCOMING_CPU), 0);
}

CASE(both, SO_MAX_PACING_RATE, good, a_rate_is_kept)
{
	unsigned long long rate = 5000000000ull, got = 0;
	socklen_t len = sizeof(got);
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_MAX_PACING_RATE), -1);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_MAX_PACING_RATE, 1000000), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_MAX_PACING_RATE), 1000000);
	EXPECT_EQ(setsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &rate, sizeof(rate)),
		  0);
	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_MAX_PACING_RATE, &got, &len), 0);
	EXPECT_EQ(len, sizeof(got));
	EXPECT_TRUE(got == rate);
}

CASE(stream, SO_MAX_PACING_RATE, edge, a_stream_is_no_faster_than_its_rate)
{
	static unsigned char buffer[2000000];
	long long begin;
	int one, two;

	new_pair(&one, &two);
	NEED(!set_option(one, SOL_SOCKET, SO_MAX_PACING_RATE, 4000000));
	fill_pattern(buffer, 0, sizeof(buffer));
	begin = now_ms();
	if (!fork()) {
		send_all(one, buffer, sizeof(buffer));
		_exit(0);
	}
	receive_pattern(two, 0, sizeof(buffer));
	/* the first ten segments, of 64 KiB each, may come at once */
	EXPECT_TRUE(now_ms() - begin >= 250);
}

CASE(both, SO_MAX_PACING_RATE, error, a_rate_wants_an_int)
{
	refuses_bad_buffers(SOL_SOCKET, SO_MAX_PACING_RATE);
}

CASE(both, SO_NETNS_COOKIE, good, the_network_has_a_cookie)
{
	unsigned long long cookie = 0, other = 0;
	socklen_t len = sizeof(cookie);
	int fd = new_socket();

	EXPECT_EQ(getsockopt(fd, SOL_SOCKET, SO_NETNS_COOKIE, &cookie, &len), 0);
	EXPECT_EQ(len, sizeof(cookie));
	own_network();
	EXPECT_EQ(getsockopt(new_socket(), SOL_SOCKET, SO_NETNS_COOKIE, &other, &len), 0);
	EXPECT_TRUE(cookie && other && cookie != other);
}

CASE(both, SO_TXREHASH, good, a_new_hash_for_lost_packets_is_switched)
{
	int fd = new_socket();

	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_TXREHASH, 0), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_TXREHASH), 0);
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_TXREHASH, 1), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_TXREHASH), 1);
}

CASE(both, SO_TXREHASH, error, a_hash_is_new_or_not)
{
	EXPECT_ERR(set_option(new_socket(), SOL_SOCKET, SO_TXREHASH, 2), EINVAL);
	EXPECT_ERR(set_option(new_socket(), SOL_SOCKET, SO_TXREHASH, -2), EINVAL);
	refuses_bad_buffers(SOL_SOCKET, SO_TXREHASH);
}

CASE(both, SO_DONTROUTE, edge, without_routes_neighbours_can_be_reached)
{
	int fd = new_socket();

	NEED(!set_option(fd, SOL_SOCKET, SO_DONTROUTE, 1));
	connect_to(fd, port_of(type == SOCK_STREAM ? new_listener(1) : new_bound()));
}
