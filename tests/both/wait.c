// SPDX-License-Identifier: GPL-2.0
/*
 * poll(), select() and epoll: what a socket says of itself.
 */
#include <poll.h>
#include <pthread.h>
#include <sys/epoll.h>
#include <sys/select.h>

#include "both.h"

#define RDHUP	0x2000

CASE(both, poll, good, data_is_readable_and_room_writable)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(events_of(one), POLLOUT);
	EXPECT_EQ(events_of(two), POLLOUT);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_EQ(await_events(two, POLLIN), POLLIN);
	EXPECT_EQ(events_of(two), POLLIN | POLLOUT);
	EXPECT_EQ(recv(two, in, 8, 0), 3);
	EXPECT_EQ(events_of(two), POLLOUT);
}

CASE(both, poll, good, normal_bands_follow)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(await_events(one, POLLWRNORM | POLLRDNORM), POLLWRNORM);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_EQ(await_events(two, POLLRDNORM | POLLRDBAND | POLLPRI), POLLRDNORM);
}

CASE(stream, poll, edge, the_end_is_readable)
{
	int one, two;

	new_pair(&one, &two);
	NEED(!shutdown(one, SHUT_WR));
	EXPECT_EQ(await_events(two, POLLIN | RDHUP), POLLIN | RDHUP);
	EXPECT_EQ(events_of(two), POLLIN | POLLOUT | RDHUP);
	/* what cannot be written is writable: the error comes at once */
	EXPECT_EQ(events_of(one), POLLOUT);
	NEED(!shutdown(two, SHUT_WR));
	EXPECT_EQ(await_events(two, RDHUP | POLLHUP) & (RDHUP | POLLHUP),
		  RDHUP | POLLHUP);
}

CASE(both, poll, edge, a_new_socket_says_what_its_type_says)
{
	EXPECT_EQ(events_of(new_socket()), type == SOCK_STREAM ?
		  POLLOUT | POLLHUP : POLLOUT);
}

CASE(both, poll, edge, shut_both_ways_all_is_over)
{
	int one, two;

	new_pair(&one, &two);
	NEED(!shutdown(one, SHUT_RDWR));
	EXPECT_EQ(events_of(one), POLLIN | POLLOUT | RDHUP | POLLHUP);
}

CASE(stream, poll, error, a_reset_is_all_events)
{
	struct linger linger = { 1, 0 };
	int one, two;

	new_pair(&one, &two);
	NEED(!setsockopt(two, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
	close(two);
	await_events(one, 0);
	EXPECT_EQ(events_of(one), POLLIN | POLLOUT | RDHUP | POLLHUP | POLLERR);
	EXPECT_EQ(error_of(one), ECONNRESET);
	EXPECT_EQ(events_of(one), POLLIN | POLLOUT | RDHUP | POLLHUP);
}

CASE(dgram, poll, error, a_refusal_is_an_error_event)
{
	int fd = new_socket();

	connect_to(fd, unused_port());
	EXPECT_EQ(send(fd, "x", 1, 0), 1);
	EXPECT_EQ(await_events(fd, 0), POLLERR);
	EXPECT_EQ(error_of(fd), ECONNREFUSED);
	EXPECT_EQ(events_of(fd), POLLOUT);
}

static int try_select(int fd, int what, int wait_ms)
{
	struct timeval limit = { 0, wait_ms * 1000 };
	fd_set set;

	FD_ZERO(&set);
	FD_SET(fd, &set);

	return select(fd + 1, what == 'r' ? &set : NULL, what == 'w' ? &set : NULL,
		      what == 'x' ? &set : NULL, &limit);
}

CASE(both, select, good, select_tells_the_same)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(try_select(two, 'r', 0), 0);
	EXPECT_EQ(try_select(two, 'w', 0), 1);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_EQ(try_select(two, 'r', 900), 1);
	EXPECT_EQ(try_select(two, 'x', 0), 0);
}

CASE(stream, select, edge, a_reset_is_readable_and_writable)
{
	struct linger linger = { 1, 0 };
	int one, two;

	new_pair(&one, &two);
	NEED(!setsockopt(two, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
	close(two);
	EXPECT_EQ(try_select(one, 'r', 900), 1);
	EXPECT_EQ(try_select(one, 'w', 900), 1);
	EXPECT_EQ(try_select(one, 'x', 0), 0);
}

CASE(both, select, error, a_closed_descriptor_is_refused)
{
	int fd = new_socket();

	close(fd);
	EXPECT_ERR(try_select(fd, 'r', 0), EBADF);
}

/* --- epoll ------------------------------------------------------------------ */

static int watch(int fd, unsigned int events)
{
	struct epoll_event e = { .events = events };
	int epoll = epoll_create1(0);

	NEED(epoll >= 0 && !epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e));

	return epoll;
}

/* The events that come within this time; 0 when none does. */
static unsigned int next_of(int epoll, int wait_ms)
{
	struct epoll_event e = { 0 };

	return epoll_wait(epoll, &e, 1, wait_ms) == 1 ? e.events : 0;
}

CASE(both, epoll, good, a_level_is_told_as_long_as_it_stands)
{
	int one, two, epoll;
	char in[8];

	new_pair(&one, &two);
	epoll = watch(two, EPOLLIN);
	EXPECT_EQ(next_of(epoll, 0), 0);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_EQ(next_of(epoll, 5000), EPOLLIN);
	EXPECT_EQ(next_of(epoll, 0), EPOLLIN);
	EXPECT_EQ(recv(two, in, 8, 0), 3);
	EXPECT_EQ(next_of(epoll, 0), 0);
}

/* epoll-edge: once for each news */
CASE(both, epoll, good, an_edge_is_told_once)
{
	int one, two, epoll;

	new_pair(&one, &two);
	epoll = watch(two, EPOLLIN | EPOLLET);
	EXPECT_EQ(send(one, "a", 1, 0), 1);
	EXPECT_EQ(next_of(epoll, 5000), EPOLLIN);
	EXPECT_EQ(next_of(epoll, 50), 0);
	EXPECT_EQ(send(one, "b", 1, 0), 1);
	EXPECT_EQ(next_of(epoll, 5000), EPOLLIN);
	EXPECT_EQ(next_of(epoll, 50), 0);
}

CASE(both, epoll, edge, oneshot_wants_to_be_armed_again)
{
	struct epoll_event e = { .events = EPOLLIN | EPOLLONESHOT };
	int one, two, epoll;

	new_pair(&one, &two);
	epoll = watch(two, EPOLLIN | EPOLLONESHOT);
	EXPECT_EQ(send(one, "a", 1, 0), 1);
	EXPECT_EQ(next_of(epoll, 5000), EPOLLIN);
	EXPECT_EQ(send(one, "b", 1, 0), 1);
	EXPECT_EQ(next_of(epoll, 50), 0);
	NEED(!epoll_ctl(epoll, EPOLL_CTL_MOD, two, &e));
	EXPECT_EQ(next_of(epoll, 5000), EPOLLIN);
}

CASE(both, epoll, edge, changing_what_is_watched_looks_again)
{
	struct epoll_event e = { .events = EPOLLOUT | EPOLLET };
	int one, two, epoll;

	new_pair(&one, &two);
	epoll = watch(two, EPOLLIN | EPOLLET);
	EXPECT_EQ(next_of(epoll, 0), 0);
	NEED(!epoll_ctl(epoll, EPOLL_CTL_MOD, two, &e));
	EXPECT_EQ(next_of(epoll, 0), EPOLLOUT);
	EXPECT_EQ(next_of(epoll, 0), 0);
}

CASE(stream, epoll, edge, the_end_is_an_edge_too)
{
	int one, two, epoll;

	new_pair(&one, &two);
	epoll = watch(two, EPOLLIN | EPOLLRDHUP | EPOLLET);
	NEED(!shutdown(one, SHUT_WR));
	EXPECT_EQ(next_of(epoll, 5000), EPOLLIN | EPOLLRDHUP);
	EXPECT_EQ(next_of(epoll, 50), 0);
}

CASE(stream, epoll, good, a_listener_tells_of_each_connection)
{
	int listener = new_listener(4), epoll = watch(listener, EPOLLIN | EPOLLET);

	connect_to(new_socket(), port_of(listener));
	EXPECT_EQ(next_of(epoll, 5000), EPOLLIN);
	connect_to(new_socket(), port_of(listener));
	EXPECT_EQ(next_of(epoll, 5000), EPOLLIN);
	EXPECT_EQ(next_of(epoll, 50), 0);
	accept_one(listener);
	accept_one(listener);
	EXPECT_EQ(events_of(listener), 0);
}

#define WATCHERS	4

static void *count_one(void *epoll)
{
	return (void *)(long)!!next_of(*(int *)epoll, 1000);
}

/* Of those that watch exclusively not all are woken for one event. */
CASE(stream, epoll, edge, an_exclusive_event_does_not_wake_all)
{
	int listener = new_listener(4), epolls[WATCHERS], i;
	pthread_t threads[WATCHERS];
	long woken = 0;

	for (i = 0; i < WATCHERS; i++) {
		epolls[i] = watch(listener, EPOLLIN | EPOLLEXCLUSIVE);
		NEED(!pthread_create(&threads[i], NULL, count_one, &epolls[i]));
	}
	usleep(300000);
	connect_to(new_socket(), port_of(listener));
	accept_one(listener);
	for (i = 0; i < WATCHERS; i++) {
		void *was;

		NEED(!pthread_join(threads[i], &was));
		woken += (long)was;
	}
	EXPECT_TRUE(woken < WATCHERS);
}

CASE(both, epoll, error, epoll_refuses_what_it_cannot_do)
{
	struct epoll_event e = { .events = EPOLLIN };
	int fd = new_socket(), epoll = epoll_create1(0);

	EXPECT_ERR(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &e), ENOENT);
	EXPECT_EQ(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e), 0);
	EXPECT_ERR(epoll_ctl(epoll, EPOLL_CTL_ADD, fd, &e), EEXIST);
	e.events = EPOLLIN | EPOLLEXCLUSIVE;
	EXPECT_ERR(epoll_ctl(epoll, EPOLL_CTL_MOD, fd, &e), EINVAL);
}

/* A socket that is closed is not watched any more. */
CASE(both, epoll, edge, closing_ends_watching)
{
	int one, two, epoll;

	new_pair(&one, &two);
	epoll = watch(two, EPOLLIN);
	EXPECT_EQ(send(one, "a", 1, 0), 1);
	EXPECT_EQ(next_of(epoll, 5000), EPOLLIN);
	close(two);
	EXPECT_EQ(next_of(epoll, 50), 0);
}
