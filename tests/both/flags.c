// SPDX-License-Identifier: GPL-2.0
/*
 * Flags of send() and recv().
 */
#include <poll.h>
#include <signal.h>
#include <sys/time.h>

#include "both.h"

/* --- MSG_PEEK --------------------------------------------------------------- */

CASE(both, MSG_PEEK, good, a_peek_leaves_what_it_shows)
{
	char in[8] = "";
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abcdef", 6, 0), 6);
	EXPECT_EQ(recv(two, in, 6, MSG_PEEK), 6);
	EXPECT_EQ(memcmp(in, "abcdef", 6), 0);
	memset(in, 0, sizeof(in));
	EXPECT_EQ(recv(two, in, 8, 0), 6);
	EXPECT_EQ(memcmp(in, "abcdef", 6), 0);
	EXPECT_ERR(recv(two, in, 8, MSG_PEEK | MSG_DONTWAIT), EAGAIN);
}

/* Of a datagram a short peek cuts nothing off. */
CASE(both, MSG_PEEK, edge, a_short_peek_takes_nothing_away)
{
	char in[8] = "";
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abcdef", 6, 0), 6);
	EXPECT_EQ(recv(two, in, 2, MSG_PEEK), 2);
	EXPECT_EQ(memcmp(in, "ab\0", 3), 0);
	EXPECT_EQ(recv(two, in, 8, 0), 6);
}

CASE(stream, MSG_PEEK, edge, a_peek_at_the_end_shows_the_end)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	send_all(one, "ab", 2);
	NEED(!shutdown(one, SHUT_WR));
	EXPECT_EQ(recv(two, in, 8, MSG_PEEK | MSG_WAITALL), 2);
	EXPECT_EQ(recv(two, in, 8, 0), 2);
	EXPECT_EQ(recv(two, in, 8, MSG_PEEK), 0);
	EXPECT_EQ(recv(two, in, 8, 0), 0);
}

CASE(stream, MSG_PEEK, edge, a_peek_goes_beyond_one_write)
{
	int one, two;
	char in[8] = "";

	new_pair(&one, &two);
	send_all(one, "abc", 3);
	send_all(one, "def", 3);
	EXPECT_EQ(recv(two, in, 6, MSG_PEEK | MSG_WAITALL), 6);
	EXPECT_EQ(memcmp(in, "abcdef", 6), 0);
}

CASE(both, MSG_PEEK, error, a_peek_into_nowhere_takes_nothing_away)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_TRUE(await_events(two, POLLIN) & POLLIN);
	EXPECT_ERR(recv(two, (void *)8, 3, MSG_PEEK), EFAULT);
	EXPECT_EQ(recv(two, in, 8, 0), 3);
}

CASE(both, SO_PEEK_OFF, good, each_peek_begins_behind_the_last)
{
	char in[8] = "";
	int one, two;

	new_pair(&one, &two);
	NEED(!set_option(two, SOL_SOCKET, SO_PEEK_OFF, 0));
	EXPECT_EQ(send(one, "abcdef", 6, 0), 6);
	EXPECT_EQ(recv(two, in, 2, MSG_PEEK), 2);
	EXPECT_EQ(memcmp(in, "ab", 2), 0);
	EXPECT_EQ(get_option(two, SOL_SOCKET, SO_PEEK_OFF), 2);
	EXPECT_EQ(recv(two, in, 2, MSG_PEEK), 2);
	EXPECT_EQ(memcmp(in, "cd", 2), 0);
	/* what is read moves the offset back */
	EXPECT_EQ(recv(two, in, 3, 0), 3);
	EXPECT_EQ(memcmp(in, "abc", 3), 0);
	EXPECT_EQ(get_option(two, SOL_SOCKET, SO_PEEK_OFF), 1);
}

/* --- MSG_WAITALL ------------------------------------------------------------ */

CASE(dgram, MSG_WAITALL, good, one_datagram_is_all)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_EQ(recv(two, in, 8, MSG_WAITALL), 3);
}

CASE(stream, MSG_WAITALL, error, waiting_for_all_ends_with_a_reset)
{
	struct linger linger = { 1, 0 };
	int one, two;
	char in[8];

	new_pair(&one, &two);
	send_all(one, "abc", 3);
	EXPECT_EQ(await_events(two, POLLIN), POLLIN);
	NEED(!setsockopt(one, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
	close(one);
	EXPECT_EQ(await_events(two, 0) & POLLERR, POLLERR);
	EXPECT_EQ(recv(two, in, 8, MSG_WAITALL), 3);
	EXPECT_ERR(recv(two, in, 8, MSG_WAITALL), ECONNRESET);
	EXPECT_EQ(recv(two, in, 8, MSG_WAITALL), 0);
}

CASE(stream, MSG_WAITALL, edge, waiting_for_all_without_waiting_takes_what_is_there)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	send_all(one, "abc", 3);
	EXPECT_EQ(await_events(two, POLLIN), POLLIN);
	EXPECT_EQ(recv(two, in, 8, MSG_WAITALL | MSG_DONTWAIT), 3);
	EXPECT_ERR(recv(two, in, 8, MSG_WAITALL | MSG_DONTWAIT), EAGAIN);
}

/* --- MSG_TRUNC -------------------------------------------------------------- */

CASE(dgram, MSG_TRUNC, good, the_whole_length_is_told)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abcdef", 6, 0), 6);
	EXPECT_EQ(recv(two, in, 2, MSG_TRUNC | MSG_PEEK), 6);
	EXPECT_EQ(recv(two, in, 2, MSG_TRUNC), 6);
	EXPECT_ERR(recv(two, in, 2, MSG_DONTWAIT), EAGAIN);
}

CASE(stream, MSG_TRUNC, edge, throwing_away_needs_no_buffer)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	send_all(one, "abcdef", 6);
	EXPECT_EQ(await_events(two, POLLIN), POLLIN);
	EXPECT_EQ(recv(two, (void *)8, 2, MSG_TRUNC), 2);
	EXPECT_EQ(recv(two, in, 8, MSG_TRUNC), 4);
	EXPECT_ERR(recv(two, in, 8, MSG_TRUNC | MSG_DONTWAIT), EAGAIN);
}

CASE(both, MSG_TRUNC, error, there_must_be_something_to_throw_away)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_ERR(recv(two, in, 8, MSG_TRUNC | MSG_DONTWAIT), EAGAIN);
}

CASE(dgram, MSG_TRUNC, edge, a_cut_datagram_is_marked)
{
	char in[2];
	struct iovec part = { in, sizeof(in) };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abcdef", 6, 0), 6);
	EXPECT_EQ(recvmsg(two, &msg, 0), 2);
	EXPECT_EQ(msg.msg_flags & MSG_TRUNC, MSG_TRUNC);
	EXPECT_EQ(send(one, "ab", 2, 0), 2);
	EXPECT_EQ(recvmsg(two, &msg, 0), 2);
	EXPECT_EQ(msg.msg_flags & MSG_TRUNC, 0);
}

/* --- MSG_DONTWAIT ----------------------------------------------------------- */

CASE(both, MSG_DONTWAIT, good, what_is_there_is_taken)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, MSG_DONTWAIT), 3);
	EXPECT_TRUE(await_events(two, POLLIN) & POLLIN);
	EXPECT_EQ(recv(two, in, 8, MSG_DONTWAIT), 3);
}

CASE(both, MSG_DONTWAIT, error, nothing_to_take_is_eagain)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_ERR(recv(two, in, 8, MSG_DONTWAIT), EAGAIN);
}

CASE(stream, MSG_DONTWAIT, edge, a_part_fits_and_then_nothing)
{
	static unsigned char buffer[1 << 20];
	size_t sent = 0;
	ssize_t n;
	int one, two;

	new_pair(&one, &two);
	NEED(!set_option(one, SOL_SOCKET, SO_SNDBUF, 50000));
	while ((n = send(one, buffer, sizeof(buffer), MSG_DONTWAIT)) > 0) {
		EXPECT_TRUE(n <= (ssize_t)sizeof(buffer));
		sent += n;
		NEED(sent < 100 * sizeof(buffer));
	}
	EXPECT_EQ(errno, EAGAIN);
	EXPECT_TRUE(sent > 0);
	EXPECT_EQ(events_of(one) & POLLOUT, 0);
}

/* --- MSG_NOSIGNAL ----------------------------------------------------------- */

static volatile sig_atomic_t pipes;

static void broken_pipe(int number)
{
	pipes++;
}

CASE(stream, MSG_NOSIGNAL, edge, every_way_of_writing_may_be_told_not_to)
{
	struct iovec part = { "x", 1 };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	int one, two;

	new_pair(&one, &two);
	NEED(signal(SIGPIPE, broken_pipe) != SIG_ERR);
	NEED(!shutdown(one, SHUT_WR));
	EXPECT_ERR(sendmsg(one, &msg, MSG_NOSIGNAL), EPIPE);
	EXPECT_ERR(sendto(one, "x", 1, MSG_NOSIGNAL, NULL, 0), EPIPE);
	EXPECT_EQ(pipes, 0);
	EXPECT_ERR(write(one, "x", 1), EPIPE);
	EXPECT_EQ(pipes, 1);
	EXPECT_ERR(sendmsg(one, &msg, 0), EPIPE);
	EXPECT_EQ(pipes, 2);
}

CASE(stream, MSG_NOSIGNAL, error, nothing_to_write_is_epipe_too)
{
	int one, two;

	new_pair(&one, &two);
	NEED(signal(SIGPIPE, broken_pipe) != SIG_ERR);
	NEED(!shutdown(one, SHUT_WR));
	EXPECT_ERR(send(one, "x", 0, MSG_NOSIGNAL), EPIPE);
	EXPECT_EQ(pipes, 0);
}

/* epipe: a reset by the peer comes first as what it is */
CASE(stream, MSG_NOSIGNAL, edge, a_reset_is_told_before_the_broken_pipe)
{
	struct linger linger = { 1, 0 };
	int one, two;

	new_pair(&one, &two);
	NEED(signal(SIGPIPE, broken_pipe) != SIG_ERR);
	NEED(!setsockopt(two, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)));
	close(two);
	EXPECT_TRUE(await_events(one, 0) & POLLERR);
	EXPECT_ERR(send(one, "x", 1, 0), ECONNRESET);
	EXPECT_EQ(pipes, 0);
	EXPECT_ERR(send(one, "x", 1, 0), EPIPE);
	EXPECT_EQ(pipes, 1);
}

/* --- MSG_MORE --------------------------------------------------------------- */

static int readable_within(int fd, int ms)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };

	return poll(&p, 1, ms);
}

/* msg-more: for one write */
CASE(both, MSG_MORE, good, more_is_held_until_the_rest_comes)
{
	int one, two;
	char in[16];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, MSG_MORE), 3);
	EXPECT_EQ(readable_within(two, 50), 0);
	EXPECT_EQ(send(one, "def", 3, 0), 3);
	EXPECT_EQ(recv(two, in, sizeof(in), 0), 6);
	EXPECT_EQ(memcmp(in, "abcdef", 6), 0);
}

CASE(stream, MSG_MORE, edge, the_end_lets_go_what_was_held)
{
	int one, two;
	char in[16];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, MSG_MORE), 3);
	NEED(!shutdown(one, SHUT_WR));
	EXPECT_EQ(recv(two, in, sizeof(in), MSG_WAITALL), 3);
	EXPECT_EQ(recv(two, in, sizeof(in), 0), 0);
}

CASE(stream, MSG_MORE, edge, what_is_held_does_not_wait_for_ever)
{
	int one, two;
	char in[16];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, MSG_MORE), 3);
	EXPECT_EQ(readable_within(two, 10000), 1);
	EXPECT_EQ(recv(two, in, sizeof(in), 0), 3);
}

CASE(stream, MSG_MORE, error, more_of_nothing_is_nothing)
{
	int one, two;
	char in[16];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "", 0, MSG_MORE), 0);
	EXPECT_EQ(readable_within(two, 50), 0);
	EXPECT_ERR(send(one, (void *)8, 3, MSG_MORE), EFAULT);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_EQ(recv(two, in, sizeof(in), 0), 3);
}

/* --- strange ones ----------------------------------------------------------- */

CASE(both, send, edge, unknown_flags_mean_nothing)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, MSG_CONFIRM | MSG_EOR), 3);
	EXPECT_EQ(recv(two, in, 8, 0x100000), 3);
}
