// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams: one of many calls, many of one call.
 */
#include <netinet/udp.h>
#include <sys/uio.h>

#include "dgram.h"

#ifndef UDP_SEGMENT
#define UDP_SEGMENT	103
#endif
#ifndef UDP_GRO
#define UDP_GRO		104
#endif

CASE(dgram, MSG_MORE, good, many_calls_make_one_datagram)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "one ", 4, MSG_MORE), 4);
	EXPECT_EQ(send(one, "two ", 4, MSG_MORE), 4);
	expect_nothing(two);
	EXPECT_EQ(send(one, "three", 5, 0), 5);
	expect_text(two, "one two three");
	expect_nothing(two);
}

CASE(dgram, MSG_MORE, edge, nothing_at_the_end_ends_it)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "corked", 6, MSG_MORE), 6);
	EXPECT_EQ(send(one, "", 0, 0), 0);
	expect_text(two, "corked");
	EXPECT_EQ(send(one, "", 0, MSG_MORE), 0);
	EXPECT_EQ(send(one, "", 0, 0), 0);
	expect_text(two, "");
}

CASE(dgram, MSG_MORE, edge, the_first_call_says_where_to)
{
	int one = new_bound(), two = new_bound(), three = new_bound();
	struct address to_two = name_of(two), to_three = name_of(three);

	EXPECT_EQ(sendto(one, "a", 1, MSG_MORE, SA(&to_two)), 1);
	EXPECT_EQ(sendto(one, "b", 1, MSG_MORE, SA(&to_three)), 1);
	EXPECT_EQ(send(one, "c", 1, 0), 1);
	expect_text(two, "abc");
	expect_nothing(three);
}

CASE(dgram, MSG_MORE, edge, a_long_datagram_in_small_pieces)
{
	unsigned char piece[1000], *got = malloc(70000);
	int one, two, i;

	new_pair(&one, &two);
	set_option(one, SOL_SOCKET, SO_SNDBUF, 400000);
	set_option(two, SOL_SOCKET, SO_RCVBUF, 400000);
	for (i = 0; i < 60; i++) {
		fill_pattern(piece, i * 1000, 1000);
		EXPECT_EQ(send(one, piece, 1000, i < 59 ? MSG_MORE : 0), 1000);
	}
	EXPECT_EQ(recv(two, got, 70000, 0), 60000);
	EXPECT_TRUE(is_pattern(got, 0, 60000));
}

CASE(dgram, MSG_MORE, error, too_much_is_lost_as_a_whole)
{
	static char much[40000];
	int one, two;

	new_pair(&one, &two);
	set_option(one, SOL_SOCKET, SO_SNDBUF, 400000);
	EXPECT_EQ(send(one, much, sizeof(much), MSG_MORE), sizeof(much));
	EXPECT_ERR(send(one, much, sizeof(much), 0), EMSGSIZE);
	EXPECT_EQ(send(one, "next", 4, 0), 4);
	expect_text(two, "next");
}

CASE(dgram, UDP_CORK, good, holds_until_it_is_taken_off)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(get_option(one, level(), UDP_CORK), 0);
	EXPECT_EQ(set_option(one, level(), UDP_CORK, 1), 0);
	EXPECT_EQ(get_option(one, level(), UDP_CORK), 1);
	EXPECT_EQ(send(one, "one ", 4, 0), 4);
	EXPECT_EQ(send(one, "two", 3, 0), 3);
	expect_nothing(two);
	EXPECT_EQ(set_option(one, level(), UDP_CORK, 0), 0);
	expect_text(two, "one two");
}

CASE(dgram, UDP_CORK, edge, taken_off_with_nothing_held)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(set_option(one, level(), UDP_CORK, 1), 0);
	EXPECT_EQ(set_option(one, level(), UDP_CORK, 0), 0);
	expect_nothing(two);
}

CASE(dgram, UDP_CORK, edge, what_is_held_ends_with_the_socket)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(set_option(one, level(), UDP_CORK, 1), 0);
	EXPECT_EQ(send(one, "never", 5, 0), 5);
	close(one);
	expect_nothing(two);
}

CASE(dgram, UDP_CORK, error, an_option_that_is_too_short)
{
	char one = 1;

	EXPECT_ERR(setsockopt(new_socket(), level(), UDP_CORK, &one, 1), EINVAL);
	EXPECT_ERR(setsockopt(new_socket(), level(), UDP_CORK, NULL, 4), EFAULT);
}

CASE(dgram, setsockopt, error, of_an_unknown_number)
{
	int value = 1;
	socklen_t len = sizeof(value);

	EXPECT_ERR(set_option(new_socket(), level(), 77, 1), ENOPROTOOPT);
	EXPECT_ERR(getsockopt(new_socket(), level(), 77, &value, &len),
		   ENOPROTOOPT);
}

CASE(dgram, UDP_SEGMENT, good, one_call_makes_many)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(set_option(one, level(), UDP_SEGMENT, 4), 0);
	EXPECT_EQ(get_option(one, level(), UDP_SEGMENT), 4);
	EXPECT_EQ(send(one, "onlytensix", 10, 0), 10);
	expect_text(two, "only");
	expect_text(two, "tens");
	expect_text(two, "ix");
	expect_nothing(two);
}

CASE(dgram, UDP_SEGMENT, good, a_control_message_says_it_for_one_call)
{
	char data[] = "abcdef", control[CMSG_SPACE(2)]
		__attribute__((aligned(8))) = { 0 };
	struct iovec iov = { data, 6 };
	struct msghdr msg = {
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = sizeof(control),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);
	unsigned short size = 3;
	int one, two;

	new_pair(&one, &two);
	c->cmsg_level = level();
	c->cmsg_type = UDP_SEGMENT;
	c->cmsg_len = CMSG_LEN(sizeof(size));
	memcpy(CMSG_DATA(c), &size, sizeof(size));
	EXPECT_EQ(sendmsg(one, &msg, 0), 6);
	expect_text(two, "abc");
	expect_text(two, "def");
	EXPECT_EQ(send(one, "abcdef", 6, 0), 6);
	expect_text(two, "abcdef");
}

CASE(dgram, UDP_SEGMENT, edge, what_is_shorter_is_one)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(set_option(one, level(), UDP_SEGMENT, 100), 0);
	EXPECT_EQ(send(one, "short", 5, 0), 5);
	expect_text(two, "short");
	EXPECT_EQ(send(one, "", 0, 0), 0);
	expect_text(two, "");
}

CASE(dgram, UDP_SEGMENT, edge, of_a_corked_datagram)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(set_option(one, level(), UDP_SEGMENT, 4), 0);
	EXPECT_EQ(send(one, "abc", 3, MSG_MORE), 3);
	EXPECT_EQ(send(one, "def", 3, 0), 3);
	expect_text(two, "abcd");
	expect_text(two, "ef");
}

CASE(dgram, UDP_SEGMENT, error, outside_of_its_range)
{
	EXPECT_ERR(set_option(new_socket(), level(), UDP_SEGMENT, -1), EINVAL);
	EXPECT_ERR(set_option(new_socket(), level(), UDP_SEGMENT, 65536), EINVAL);
}

CASE(dgram, UDP_SEGMENT, error, more_than_the_path_takes_at_once)
{
	static char much[60000];
	int one = new_socket();
	struct address to;

	own_wire();
	one = new_socket();
	to = address_of(ipv4 ? "::ffff:192.0.2.9" : "2001:db8::9", 9);
	EXPECT_EQ(set_option(one, level(), UDP_SEGMENT, 2000), 0);
	EXPECT_ERR(sendto(one, much, 4000, 0, SA(&to)), EMSGSIZE);
}

CASE(dgram, UDP_GRO, good, one_call_takes_what_one_call_made)
{
	struct received got;
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(set_option(two, level(), UDP_GRO, 1), 0);
	EXPECT_EQ(get_option(two, level(), UDP_GRO), 1);
	EXPECT_EQ(set_option(one, level(), UDP_SEGMENT, 4), 0);
	EXPECT_EQ(send(one, "onlytensix", 10, 0), 10);
	receive(two, &got, 0);
	EXPECT_EQ(got.len, 10);
	EXPECT_TRUE(!memcmp(got.data, "onlytensix", 10));
	NEED(said(&got, IPPROTO_UDP, UDP_GRO));
	EXPECT_EQ(*(int *)said(&got, IPPROTO_UDP, UDP_GRO), 4);
}

CASE(dgram, UDP_GRO, edge, a_lone_datagram_is_itself)
{
	struct received got;
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(set_option(two, level(), UDP_GRO, 1), 0);
	EXPECT_EQ(send(one, "alone", 5, 0), 5);
	receive(two, &got, 0);
	EXPECT_EQ(got.len, 5);
	EXPECT_TRUE(!said(&got, IPPROTO_UDP, UDP_GRO));
}

CASE(dgram, UDP_GRO, edge, other_senders_are_kept_apart)
{
	int one = new_bound(), other = new_bound(), two = new_bound();
	struct received got;

	EXPECT_EQ(set_option(two, level(), UDP_GRO, 1), 0);
	EXPECT_EQ(send_text(one, port_of(two), "aaa"), 3);
	EXPECT_EQ(send_text(other, port_of(two), "bbb"), 3);
	receive(two, &got, 0);
	EXPECT_EQ(got.len, 3);
	EXPECT_TRUE(!memcmp(got.data, "aaa", 3));
	receive(two, &got, 0);
	EXPECT_EQ(got.len, 3);
	EXPECT_TRUE(!memcmp(got.data, "bbb", 3));
}

CASE(dgram, sendmmsg, good, many_messages_in_a_call)
{
	struct iovec iov[3] = { { "a", 1 }, { "bb", 2 }, { "ccc", 3 } };
	struct mmsghdr msgs[3] = { 0 };
	int one, two, i;

	new_pair(&one, &two);
	for (i = 0; i < 3; i++) {
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
	}
	EXPECT_EQ(sendmmsg(one, msgs, 3, 0), 3);
	for (i = 0; i < 3; i++)
		EXPECT_EQ(msgs[i].msg_len, i + 1);
	expect_text(two, "a");
	expect_text(two, "bb");
	expect_text(two, "ccc");
}

CASE(dgram, recvmmsg, good, as_many_as_there_are)
{
	struct mmsghdr msgs[4] = { 0 };
	struct address from[4];
	struct iovec iov[4];
	char data[4][8];
	int one, two, i;

	new_pair(&one, &two);
	for (i = 0; i < 4; i++) {
		iov[i] = (struct iovec){ data[i], sizeof(data[i]) };
		msgs[i].msg_hdr.msg_iov = &iov[i];
		msgs[i].msg_hdr.msg_iovlen = 1;
		msgs[i].msg_hdr.msg_name = &from[i].sa;
		msgs[i].msg_hdr.msg_namelen = sizeof(from[i].room);
	}
	for (i = 0; i < 3; i++)
		EXPECT_EQ(send(one, "xyz", i + 1, 0), i + 1);
	EXPECT_EQ(recvmmsg(two, msgs, 4, MSG_DONTWAIT, NULL), 3);
	for (i = 0; i < 3; i++) {
		EXPECT_EQ(msgs[i].msg_len, i + 1);
		EXPECT_EQ(port_in(&from[i]), port_of(one));
	}
}

CASE(dgram, writev, good, many_pieces_make_one_datagram)
{
	struct iovec iov[3] = { { "one ", 4 }, { "", 0 }, { "two", 3 } };
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(writev(one, iov, 3), 7);
	expect_text(two, "one two");
}
