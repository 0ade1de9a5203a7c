// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl() and fcntl(): what waits, and being told of it.
 */
#include <fcntl.h>
#include <linux/sockios.h>
#include <poll.h>
#include <signal.h>
#include <sys/ioctl.h>

#include "both.h"

CASE(both, SIOCINQ, good, unread_octets_are_counted)
{
	int one, two, n = -1;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(ioctl(two, SIOCINQ, &n), 0);
	EXPECT_EQ(n, 0);
	EXPECT_EQ(send(one, "abcdef", 6, 0), 6);
	EXPECT_TRUE(await_events(two, POLLIN) & POLLIN);
	EXPECT_EQ(ioctl(two, SIOCINQ, &n), 0);
	EXPECT_EQ(n, 6);
	EXPECT_EQ(recv(two, in, 2, 0), 2);
	EXPECT_EQ(ioctl(two, FIONREAD, &n), 0);
	EXPECT_EQ(n, type == SOCK_STREAM ? 4 : 0);
}

CASE(dgram, SIOCINQ, edge, the_next_datagram_alone_is_counted)
{
	int one, two, n = -1;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_EQ(send(one, "defgh", 5, 0), 5);
	usleep(50000);
	EXPECT_EQ(ioctl(two, SIOCINQ, &n), 0);
	EXPECT_EQ(n, 3);
}

CASE(stream, SIOCINQ, edge, the_end_of_the_stream_is_no_octet)
{
	int one, two, n = -1;
	char in[8];

	new_pair(&one, &two);
	send_all(one, "abc", 3);
	NEED(!shutdown(one, SHUT_WR));
	EXPECT_EQ(await_state(two, CLASP_STATE_CLOSE_WAIT),
		  CLASP_STATE_CLOSE_WAIT);
	EXPECT_EQ(ioctl(two, SIOCINQ, &n), 0);
	EXPECT_EQ(n, 3);
	EXPECT_EQ(recv(two, in, 8, 0), 3);
	EXPECT_EQ(ioctl(two, SIOCINQ, &n), 0);
	EXPECT_EQ(n, 0);
}

CASE(both, SIOCINQ, error, there_must_be_room_for_the_number)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_ERR(ioctl(two, SIOCINQ, 8), EFAULT);
	EXPECT_ERR(ioctl(-1, SIOCINQ, 8), EBADF);
}

CASE(both, SIOCOUTQ, good, all_sent_and_acknowledged_is_nothing)
{
	int one, two, n = -1, tries;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abcdef", 6, 0), 6);
	EXPECT_EQ(recv(two, in, 8, 0), 6);
	for (tries = 0; n && tries < 100; tries++) {
		EXPECT_EQ(ioctl(one, SIOCOUTQ, &n), 0);
		usleep(10000);
	}
	EXPECT_EQ(n, 0);
}

CASE(stream, SIOCOUTQ, edge, a_new_socket_has_sent_nothing)
{
	int n = -1;

	EXPECT_EQ(ioctl(new_socket(), SIOCOUTQ, &n), 0);
	EXPECT_EQ(n, 0);
	n = -1;
	EXPECT_EQ(ioctl(new_socket(), SIOCOUTQNSD, &n), 0);
	EXPECT_EQ(n, 0);
}

CASE(stream, SIOCOUTQ, error, a_listener_has_no_queue)
{
	int fd = new_listener(1), n;

	EXPECT_ERR(ioctl(fd, SIOCOUTQ, &n), EINVAL);
	EXPECT_ERR(ioctl(fd, SIOCOUTQNSD, &n), EINVAL);
	EXPECT_ERR(ioctl(fd, SIOCINQ, &n), EINVAL);
}

CASE(stream, SIOCOUTQNSD, good, what_does_not_fit_is_unsent)
{
	int one, two, n = -1;

	new_pair(&one, &two);
	EXPECT_EQ(ioctl(one, SIOCOUTQNSD, &n), 0);
	EXPECT_EQ(n, 0);
	fill_up(one);
	EXPECT_EQ(ioctl(one, SIOCOUTQNSD, &n), 0);
	EXPECT_TRUE(n > 0);
}

CASE(both, ioctl, error, unknown_ioctls_are_refused)
{
	int n = 0;

	EXPECT_ERR(ioctl(new_socket(), 0x12345678, &n), ENOTTY);
	EXPECT_ERR(ioctl(new_socket(), TIOCGWINSZ, &n), ENOTTY);
	if (type == SOCK_DGRAM)
		EXPECT_ERR(ioctl(new_socket(), SIOCOUTQNSD, &n), ENOTTY);
}

/* --- FIONBIO ---------------------------------------------------------------- */

CASE(both, FIONBIO, good, not_waiting_is_switched)
{
	int one, two, on = 1, off = 0;
	char octet;

	new_pair(&one, &two);
	EXPECT_EQ(ioctl(two, FIONBIO, &on), 0);
	EXPECT_TRUE(fcntl(two, F_GETFL) & O_NONBLOCK);
	EXPECT_ERR(recv(two, &octet, 1, 0), EAGAIN);
	EXPECT_EQ(ioctl(two, FIONBIO, &off), 0);
	EXPECT_EQ(fcntl(two, F_GETFL) & O_NONBLOCK, 0);
}

CASE(both, FIONBIO, edge, any_number_is_yes)
{
	int fd = new_socket(), seven = 7;

	EXPECT_EQ(ioctl(fd, FIONBIO, &seven), 0);
	EXPECT_TRUE(fcntl(fd, F_GETFL) & O_NONBLOCK);
}

CASE(both, FIONBIO, error, the_number_must_be_there)
{
	EXPECT_ERR(ioctl(new_socket(), FIONBIO, 8), EFAULT);
}

/* --- FIOASYNC --------------------------------------------------------------- */

static volatile sig_atomic_t told;

static void io_is_possible(int number)
{
	told++;
}

static void await_signal(void)
{
	int tries;

	for (tries = 0; !told && tries < 100; tries++)
		usleep(20000);
}

CASE(both, FIOASYNC, good, the_owner_is_told_of_news)
{
	int one, two, on = 1, off = 0;

	new_pair(&one, &two);
	NEED(signal(SIGIO, io_is_possible) != SIG_ERR);
	EXPECT_EQ(fcntl(two, F_SETOWN, getpid()), 0);
	EXPECT_EQ(ioctl(two, FIOASYNC, &on), 0);
	EXPECT_TRUE(fcntl(two, F_GETFL) & O_ASYNC);
	EXPECT_EQ(send(one, "a", 1, 0), 1);
	await_signal();
	EXPECT_TRUE(told > 0);

	EXPECT_EQ(ioctl(two, FIOASYNC, &off), 0);
	usleep(20000);
	told = 0;
	EXPECT_EQ(send(one, "a", 1, 0), 1);
	usleep(100000);
	EXPECT_EQ(told, 0);
}

CASE(stream, FIOASYNC, edge, a_listeners_owner_is_told_of_connections)
{
	int fd = new_listener(1), on = 1;

	NEED(signal(SIGIO, io_is_possible) != SIG_ERR);
	NEED(!fcntl(fd, F_SETOWN, getpid()) && !ioctl(fd, FIOASYNC, &on));
	connect_to(new_socket(), port_of(fd));
	await_signal();
	EXPECT_TRUE(told > 0);
}

CASE(both, FIOASYNC, error, the_switch_must_be_there)
{
	EXPECT_ERR(ioctl(new_socket(), FIOASYNC, 8), EFAULT);
}

CASE(both, F_SETOWN, good, the_owner_is_kept)
{
	int fd = new_socket();

	EXPECT_EQ(fcntl(fd, F_GETOWN), 0);
	EXPECT_EQ(fcntl(fd, F_SETOWN, getpid()), 0);
	EXPECT_EQ(fcntl(fd, F_GETOWN), getpid());
}

CASE(both, F_SETSIG, edge, another_signal_may_tell_of_news)
{
	int one, two, on = 1;

	new_pair(&one, &two);
	NEED(signal(SIGUSR1, io_is_possible) != SIG_ERR);
	NEED(!fcntl(two, F_SETSIG, SIGUSR1) && !fcntl(two, F_SETOWN, getpid()));
	NEED(!ioctl(two, FIOASYNC, &on));
	EXPECT_EQ(send(one, "a", 1, 0), 1);
	await_signal();
	EXPECT_TRUE(told > 0);
}
