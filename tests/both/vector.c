// SPDX-License-Identifier: GPL-2.0
/*
 * readv(), writev(), sendmsg(), recvmsg(), and many messages in one call.
 */
#include <limits.h>
#include <poll.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>

#include "both.h"

CASE(both, writev, edge, empty_parts_count_for_nothing)
{
	struct iovec from[] = { { NULL, 0 }, { "ab", 2 }, { NULL, 0 }, { "c", 1 } };
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(writev(one, from, 4), 3);
	EXPECT_EQ(recv(two, in, sizeof(in), 0), 3);
	EXPECT_EQ(memcmp(in, "abc", 3), 0);
}

CASE(both, writev, error, bad_vectors_are_refused)
{
	struct iovec part = { "x", 1 }, huge = { "x", (size_t)-1 };
	int one, two;

	new_pair(&one, &two);
	EXPECT_ERR(writev(one, &part, -1), EINVAL);
	EXPECT_ERR(writev(one, &part, UIO_MAXIOV + 1), EINVAL);
	EXPECT_ERR(writev(one, &huge, 1), EINVAL);
	EXPECT_ERR(writev(one, (void *)8, 1), EFAULT);
	EXPECT_EQ(writev(one, &part, 1), 1);
}

CASE(both, readv, good, what_comes_is_scattered)
{
	char in[8] = "";
	struct iovec to[] = { { in, 1 }, { in + 2, 2 }, { in + 5, 3 } };
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abcdef", 6, 0), 6);
	EXPECT_TRUE(await_events(two, POLLIN) & POLLIN);
	EXPECT_EQ(readv(two, to, 3), 6);
	EXPECT_EQ(memcmp(in, "a\0bc\0def", 8), 0);
}

CASE(both, readv, edge, the_vector_may_be_longer_than_what_comes)
{
	char in[8] = "";
	struct iovec to[] = { { in, 2 }, { NULL, 0 }, { in + 4, 4 } };
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_TRUE(await_events(two, POLLIN) & POLLIN);
	EXPECT_EQ(readv(two, to, 3), 3);
	EXPECT_EQ(memcmp(in, "ab\0\0c\0\0\0", 8), 0);
}

CASE(both, readv, error, bad_vectors_take_nothing)
{
	char in[8];
	struct iovec part = { in, 8 }, bad = { (void *)8, 8 };
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_TRUE(await_events(two, POLLIN) & POLLIN);
	EXPECT_ERR(readv(two, &part, -1), EINVAL);
	EXPECT_ERR(readv(two, (void *)8, 1), EFAULT);
	if (type == SOCK_STREAM) {
		EXPECT_ERR(readv(two, &bad, 1), EFAULT);
		EXPECT_EQ(readv(two, &part, 1), 3);
	}
}

/* --- sendmsg() and recvmsg() ------------------------------------------------ */

CASE(both, sendmsg, good, a_message_is_gathered)
{
	struct iovec from[] = { { "one ", 4 }, { "two", 3 } };
	struct msghdr msg = { .msg_iov = from, .msg_iovlen = 2 };
	int one, two;
	char in[16];

	new_pair(&one, &two);
	EXPECT_EQ(sendmsg(one, &msg, 0), 7);
	EXPECT_EQ(recv(two, in, sizeof(in), 0), 7);
	EXPECT_EQ(memcmp(in, "one two", 7), 0);
}

CASE(stream, sendmsg, edge, a_name_means_nothing_on_a_connection)
{
	struct address elsewhere = address_of(this_host, 9);
	struct iovec part = { "x", 1 };
	struct msghdr msg = {
		.msg_name = &elsewhere.sa, .msg_namelen = elsewhere.len,
		.msg_iov = &part, .msg_iovlen = 1,
	};
	int one, two;
	char octet;

	new_pair(&one, &two);
	EXPECT_EQ(sendmsg(one, &msg, 0), 1);
	EXPECT_EQ(recv(two, &octet, 1, 0), 1);
	EXPECT_EQ(sendto(one, "y", 1, 0, SA(&elsewhere)), 1);
	EXPECT_EQ(recv(two, &octet, 1, 0), 1);
}

CASE(both, sendmsg, error, bad_messages_are_refused)
{
	struct iovec part = { "x", 1 };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	int one, two;

	new_pair(&one, &two);
	EXPECT_ERR(sendmsg(one, (void *)8, 0), EFAULT);
	msg.msg_iovlen = UIO_MAXIOV + 1;
	EXPECT_ERR(sendmsg(one, &msg, 0), EMSGSIZE);
	msg.msg_iovlen = 1;
	msg.msg_iov = (void *)8;
	EXPECT_ERR(sendmsg(one, &msg, 0), EFAULT);
	msg.msg_iov = &part;
	msg.msg_control = (void *)8;
	msg.msg_controllen = 64;
	EXPECT_ERR(sendmsg(one, &msg, 0), EFAULT);
	msg.msg_controllen = (size_t)INT_MAX + 1;
	EXPECT_ERR(sendmsg(one, &msg, 0), ENOBUFS);
	msg.msg_controllen = 0;
	EXPECT_EQ(sendmsg(one, &msg, 0), 1);
}

CASE(both, sendmsg, error, bad_control_messages_are_refused)
{
	union {
		struct cmsghdr	head;
		char		room[CMSG_SPACE(sizeof(int))];
	} control = { .head = { .cmsg_len = CMSG_LEN(sizeof(int)),
				.cmsg_level = SOL_SOCKET, .cmsg_type = 9999 } };
	struct iovec part = { "x", 1 };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1,
			      .msg_control = &control,
			      .msg_controllen = sizeof(control.room) };
	int one, two;

	new_pair(&one, &two);
	EXPECT_ERR(sendmsg(one, &msg, 0), EINVAL);
	control.head.cmsg_len = 3;
	EXPECT_ERR(sendmsg(one, &msg, 0), EINVAL);
	control.head.cmsg_len = 1000;
	EXPECT_ERR(sendmsg(one, &msg, 0), EINVAL);
}

CASE(stream, recvmsg, good, a_stream_gives_no_name_and_no_flags)
{
	struct address name;
	char in[8], room[64];
	struct iovec part = { in, sizeof(in) };
	struct msghdr msg = {
		.msg_name = &name, .msg_namelen = sizeof(name.room),
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
		.msg_flags = -1,
	};
	int one, two;

	new_pair(&one, &two);
	send_all(one, "abc", 3);
	EXPECT_EQ(recvmsg(two, &msg, 0), 3);
	EXPECT_EQ(msg.msg_namelen, 0);
	EXPECT_EQ(msg.msg_controllen, 0);
	EXPECT_EQ(msg.msg_flags, 0);
}

CASE(stream, recvfrom, good, a_stream_gives_no_name)
{
	struct address name = { .len = sizeof(name.room) };
	int one, two;
	char in[8];

	memset(name.room, 0x55, sizeof(name.room));
	new_pair(&one, &two);
	send_all(one, "abc", 3);
	EXPECT_EQ(recvfrom(two, in, 8, 0, &name.sa, &name.len), 3);
	EXPECT_EQ(name.len, 0);
	EXPECT_EQ(name.room[0], 0x55);
}

CASE(both, recvmsg, edge, no_room_for_data_or_control_is_fine)
{
	struct msghdr msg = { 0 };
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_TRUE(await_events(two, POLLIN) & POLLIN);
	EXPECT_EQ(recvmsg(two, &msg, 0), 0);
	EXPECT_EQ(msg.msg_flags & MSG_CTRUNC, 0);
	EXPECT_EQ(msg.msg_flags & MSG_TRUNC,
		  type == SOCK_DGRAM ? MSG_TRUNC : 0);
}

CASE(both, recvmsg, error, bad_headers_are_refused)
{
	char in[8];
	struct iovec part = { in, sizeof(in) };
	struct msghdr msg = { .msg_iov = &part, .msg_iovlen = 1 };
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_TRUE(await_events(two, POLLIN) & POLLIN);
	EXPECT_ERR(recvmsg(two, (void *)8, 0), EFAULT);
	msg.msg_iovlen = UIO_MAXIOV + 1;
	EXPECT_ERR(recvmsg(two, &msg, 0), EMSGSIZE);
	msg.msg_iovlen = 1;
	msg.msg_name = in;
	msg.msg_namelen = -1;
	EXPECT_ERR(recvmsg(two, &msg, 0), EINVAL);
	msg.msg_name = NULL;
	EXPECT_EQ(recvmsg(two, &msg, 0), 3);
}

CASE(both, recvfrom, error, bad_room_for_the_name_is_refused)
{
	struct address name = { .len = -1 };
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_TRUE(await_events(two, POLLIN) & POLLIN);
	EXPECT_ERR(recvfrom(two, in, 8, 0, &name.sa, &name.len), EINVAL);
	EXPECT_ERR(recvfrom(-1, in, 8, 0, NULL, NULL), EBADF);
}

/* --- sendmmsg() and recvmmsg() ---------------------------------------------- */

#define MANY	4

static char rooms[MANY][8];
static struct iovec parts[MANY];
static struct mmsghdr messages[MANY];

static void prepare(const char *text, size_t len)
{
	int i;

	for (i = 0; i < MANY; i++) {
		if (text)
			memcpy(rooms[i], text + i * len, len);
		parts[i] = (struct iovec){ rooms[i], text ? len : 8 };
		messages[i] = (struct mmsghdr){
			.msg_hdr = { .msg_iov = &parts[i], .msg_iovlen = 1 },
		};
	}
}

CASE(both, sendmmsg, good, many_messages_go_in_one_call)
{
	int one, two, i;
	char in[8];

	new_pair(&one, &two);
	prepare("aabbccdd", 2);
	EXPECT_EQ(sendmmsg(one, messages, MANY, 0), MANY);
	for (i = 0; i < MANY; i++) {
		EXPECT_EQ(messages[i].msg_len, 2);
		EXPECT_EQ(recv(two, in, 2, MSG_WAITALL), 2);
		EXPECT_EQ(memcmp(in, rooms[i], 2), 0);
	}
}

CASE(both, sendmmsg, edge, none_is_no_error)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(sendmmsg(one, messages, 0, 0), 0);
}

CASE(both, sendmmsg, error, those_before_a_bad_one_count)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	prepare("aabbccdd", 2);
	parts[1].iov_base = (void *)8;
	EXPECT_EQ(sendmmsg(one, messages, MANY, 0), 1);
	EXPECT_ERR(sendmmsg(one, messages + 1, MANY - 1, 0), EFAULT);
	EXPECT_EQ(recv(two, in, 8, 0), 2);
	EXPECT_ERR(recv(two, in, 8, MSG_DONTWAIT), EAGAIN);
}

CASE(both, recvmmsg, good, what_has_come_is_taken_in_one_call)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abcdefgh", 8, 0), 8);
	EXPECT_EQ(send(one, "ij", 2, 0), 2);
	usleep(100000);
	prepare(NULL, 0);
	EXPECT_EQ(recvmmsg(two, messages, MANY, MSG_DONTWAIT, NULL), 2);
	EXPECT_EQ(messages[0].msg_len, 8);
	EXPECT_EQ(messages[1].msg_len, 2);
	EXPECT_EQ(memcmp(rooms[0], "abcdefgh", 8), 0);
	EXPECT_EQ(memcmp(rooms[1], "ij", 2), 0);
}

CASE(both, recvmmsg, edge, waiting_for_one_takes_what_follows)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	prepare(NULL, 0);
	EXPECT_EQ(recvmmsg(two, messages, MANY, MSG_WAITFORONE, NULL), 1);
	EXPECT_EQ(messages[0].msg_len, 3);
}

CASE(both, recvmmsg, error, bad_arguments_are_refused)
{
	struct timespec bad = { 0, 1000000000 };
	int one, two;

	new_pair(&one, &two);
	prepare(NULL, 0);
	EXPECT_ERR(recvmmsg(two, messages, MANY, 0, &bad), EINVAL);
	EXPECT_ERR(recvmmsg(two, messages, MANY, MSG_DONTWAIT, NULL), EAGAIN);
	EXPECT_ERR(recvmmsg(two, (void *)8, MANY, MSG_DONTWAIT, NULL), EFAULT);
	EXPECT_ERR(recvmmsg(-1, messages, MANY, MSG_DONTWAIT, NULL), EBADF);
}
