// SPDX-License-Identifier: GPL-2.0
/*
 * Calls that a signal interrupts, or that another thread ends.
 */
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/time.h>

#include "both.h"

static void nothing(int number)
{
}

/* SIGALRM in a tenth of a second, which ends calls or lets them go on. */
static void alarm_soon(int flags)
{
	struct sigaction action = { .sa_handler = nothing, .sa_flags = flags };
	struct itimerval soon = { .it_value.tv_usec = 100000 };

	NEED(!sigaction(SIGALRM, &action, NULL));
	NEED(!setitimer(ITIMER_REAL, &soon, NULL));
}

/* signal: EINTR */
CASE(both, recv, error, a_signal_ends_receiving)
{
	int one, two;
	char octet;

	new_pair(&one, &two);
	alarm_soon(0);
	EXPECT_ERR(recv(two, &octet, 1, 0), EINTR);
}

static void *send_late(void *fd)
{
	usleep(400000);
	EXPECT_EQ(send(*(int *)fd, "x", 1, 0), 1);

	return NULL;
}

static void block_signals(void)
{
	sigset_t set;

	sigfillset(&set);
	pthread_sigmask(SIG_BLOCK, &set, NULL);
}

static void *send_late_undisturbed(void *fd)
{
	block_signals();

	return send_late(fd);
}

/* signal: SA_RESTART goes on */
CASE(both, recv, edge, a_restarted_call_receives_after_all)
{
	pthread_t sender;
	int one, two;
	char octet = 0;

	new_pair(&one, &two);
	NEED(!pthread_create(&sender, NULL, send_late_undisturbed, &one));
	alarm_soon(SA_RESTART);
	EXPECT_EQ(recv(two, &octet, 1, 0), 1);
	EXPECT_EQ(octet, 'x');
	pthread_join(sender, NULL);
}

/* A time limit is not begun anew: such a call is not restarted. */
CASE(both, SO_RCVTIMEO, edge, with_a_time_limit_no_call_restarts)
{
	struct timeval limit = { 10, 0 };
	int one, two;
	char octet;

	new_pair(&one, &two);
	NEED(!setsockopt(two, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit)));
	alarm_soon(SA_RESTART);
	EXPECT_ERR(recv(two, &octet, 1, 0), EINTR);
}

CASE(stream, accept, error, a_signal_ends_accepting)
{
	int fd = new_listener(1);

	alarm_soon(0);
	EXPECT_ERR(accept(fd, NULL, NULL), EINTR);
}

CASE(stream, connect, error, a_signal_ends_connecting)
{
	struct address address = name_of(silent_listener());
	int fd = new_socket();

	alarm_soon(0);
	EXPECT_ERR(connect(fd, SA(&address)), EINTR);
	/* but not the connection, which is still being made */
	EXPECT_EQ(state_of(fd), CLASP_STATE_SYN_SENT);
	no_wait(fd);
	EXPECT_ERR(connect(fd, SA(&address)), EALREADY);
}

/* signal: how much was done until then */
CASE(stream, send, edge, a_signal_leaves_what_was_sent)
{
	static unsigned char buffer[8 << 20];
	int one, two;
	ssize_t sent;

	new_pair(&one, &two);
	fill_pattern(buffer, 0, sizeof(buffer));
	alarm_soon(0);
	sent = send(one, buffer, sizeof(buffer), 0);
	EXPECT_TRUE(sent > 0 && sent < (ssize_t)sizeof(buffer));
	receive_pattern(two, 0, sent);
	EXPECT_ERR(recv(two, buffer, 1, MSG_DONTWAIT), EAGAIN);
}

CASE(stream, send, error, a_signal_ends_sending)
{
	int one, two;
	ssize_t n = 1;

	new_pair(&one, &two);
	fill_up(one);
	/* a probe of the shut window may have made room */
	while (n > 0) {
		alarm_soon(0);
		n = send(one, "x", 1, 0);
	}
	EXPECT_EQ(n, -1);
	EXPECT_EQ(errno, EINTR);
}

CASE(both, poll, error, a_signal_ends_polling)
{
	int one, two;
	struct pollfd p;

	new_pair(&one, &two);
	p = (struct pollfd){ .fd = two, .events = POLLIN };
	alarm_soon(SA_RESTART);
	EXPECT_ERR(poll(&p, 1, 5000), EINTR);
}

/* --- other threads ---------------------------------------------------------- */

static void *shut_late(void *fd)
{
	usleep(100000);
	shutdown(*(int *)fd, SHUT_RDWR);

	return NULL;
}

CASE(both, shutdown, edge, shutdown_wakes_who_receives)
{
	pthread_t closer;
	int one, two;
	char octet;

	new_pair(&one, &two);
	NEED(!pthread_create(&closer, NULL, shut_late, &two));
	EXPECT_EQ(recv(two, &octet, 1, 0), 0);
	pthread_join(closer, NULL);
}

CASE(stream, shutdown, edge, shutdown_wakes_who_accepts)
{
	int fd = new_listener(1);
	pthread_t closer;

	NEED(!pthread_create(&closer, NULL, shut_late, &fd));
	EXPECT_ERR(accept(fd, NULL, NULL), EINVAL);
	pthread_join(closer, NULL);
}

static void *shut_writing_late(void *fd)
{
	usleep(200000);
	shutdown(*(int *)fd, SHUT_WR);

	return NULL;
}

CASE(stream, shutdown, edge, shutdown_wakes_who_sends)
{
	static unsigned char buffer[8 << 20];
	pthread_t closer;
	int one, two;

	new_pair(&one, &two);
	fill_up(one);
	NEED(!pthread_create(&closer, NULL, shut_writing_late, &one));
	while (send(one, buffer, sizeof(buffer), MSG_NOSIGNAL) > 0)
		;
	EXPECT_EQ(errno, EPIPE);
	pthread_join(closer, NULL);
}

static void *read_all_four(void *fd)
{
	long n = 0;
	char octet;

	while (recv(*(int *)fd, &octet, 1, 0) == 1)
		n++;

	return (void *)n;
}

#define READERS	4

/* Each octet goes to one of them, and the end to all. */
CASE(stream, recv, edge, readers_share_a_stream)
{
	pthread_t threads[READERS];
	int one, two, i;
	long sum = 0;

	new_pair(&one, &two);
	for (i = 0; i < READERS; i++)
		NEED(!pthread_create(&threads[i], NULL, read_all_four, &two));
	for (i = 0; i < 200; i++)
		send_all(one, "x", 1);
	NEED(!shutdown(one, SHUT_WR));
	for (i = 0; i < READERS; i++) {
		void *n;

		NEED(!pthread_join(threads[i], &n));
		sum += (long)n;
	}
	EXPECT_EQ(sum, 200);
}

CASE(stream, accept, edge, each_connection_goes_to_one_acceptor)
{
	int listener = new_listener(8), i, fd;

	for (i = 0; i < 4; i++)
		if (!fork()) {
			fd = accept(listener, NULL, NULL);
			_exit(fd >= 0 && send(fd, "x", 1, 0) == 1 ? 0 : 1);
		}
	for (i = 0; i < 4; i++) {
		char octet = 0;

		fd = new_socket();
		connect_to(fd, port_of(listener));
		EXPECT_EQ(recv(fd, &octet, 1, 0), 1);
		EXPECT_EQ(recv(fd, &octet, 1, 0), 0);
	}
}
