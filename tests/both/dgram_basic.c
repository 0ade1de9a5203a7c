// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams: bind, connect, send, receive, and what becomes of those that nobody
 * takes.
 */
#include <sys/ioctl.h>
#include <linux/sockios.h>

#include "dgram.h"

/* datagrams: what one sends another receives, and from whom */
CASE(dgram, sendto, good, arrives_with_the_name_of_its_sender)
{
	struct address from = { .len = sizeof(from.room) }, mine;
	int one = new_bound(), two = new_bound();
	char buffer[16];

	EXPECT_EQ(send_text(one, port_of(two), "hello"), 5);
	EXPECT_EQ(recvfrom(two, buffer, sizeof(buffer), 0, &from.sa,
			   &from.len), 5);
	EXPECT_TRUE(!memcmp(buffer, "hello", 5));
	mine = name_of(one);
	EXPECT_TRUE(same_address(&from, &mine));
}

/* datagrams: boundaries are kept */
CASE(dgram, recv, good, one_call_reads_one_datagram)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "one", 3, 0), 3);
	EXPECT_EQ(send(one, "", 0, 0), 0);
	EXPECT_EQ(send(one, "three", 5, 0), 5);
	expect_text(two, "one");
	expect_text(two, "");
	expect_text(two, "three");
	expect_nothing(two);
}

CASE(dgram, recv, edge, an_empty_datagram_is_not_the_end)
{
	int one, two;
	char byte;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "", 0, 0), 0);
	EXPECT_EQ(await_events(two, 1), 1);
	EXPECT_EQ(recv(two, &byte, 1, 0), 0);
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_EQ(recv(two, &byte, 1, 0), 1);
}

CASE(dgram, recv, error, nothing_to_read_without_waiting)
{
	expect_nothing(new_bound());
}

CASE(dgram, MSG_TRUNC, good, tells_how_long_the_datagram_was)
{
	int one, two;
	char buffer[4];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "0123456789", 10, 0), 10);
	EXPECT_EQ(send(one, "next", 4, 0), 4);
	EXPECT_EQ(recv(two, buffer, 4, MSG_TRUNC), 10);
	EXPECT_TRUE(!memcmp(buffer, "0123", 4));
	expect_text(two, "next");
}

/* datagrams: what is cut off is said to be */
CASE(dgram, MSG_TRUNC, edge, what_does_not_fit_is_lost_and_said_to_be)
{
	char buffer[4];
	struct iovec iov = { buffer, sizeof(buffer) };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1 };
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "0123456789", 10, 0), 10);
	EXPECT_EQ(send(one, "four", 4, 0), 4);
	EXPECT_EQ(recvmsg(two, &msg, 0), 4);
	EXPECT_EQ(msg.msg_flags & MSG_TRUNC, MSG_TRUNC);
	EXPECT_EQ(recvmsg(two, &msg, 0), 4);
	EXPECT_EQ(msg.msg_flags & MSG_TRUNC, 0);
}

CASE(dgram, MSG_PEEK, good, leaves_the_datagram_where_it_is)
{
	int one, two;
	char buffer[8];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "peek", 4, 0), 4);
	EXPECT_EQ(recv(two, buffer, 8, MSG_PEEK), 4);
	EXPECT_EQ(recv(two, buffer, 2, MSG_PEEK | MSG_TRUNC), 4);
	expect_text(two, "peek");
	expect_nothing(two);
}

CASE(dgram, MSG_PEEK, edge, at_an_empty_datagram)
{
	int one, two;
	char byte;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "", 0, 0), 0);
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_EQ(recv(two, &byte, 1, MSG_PEEK), 0);
	EXPECT_EQ(recv(two, &byte, 1, MSG_PEEK), 0);
	EXPECT_EQ(recv(two, &byte, 1, 0), 0);
	EXPECT_EQ(recv(two, &byte, 1, 0), 1);
}

CASE(dgram, MSG_PEEK, error, at_nothing)
{
	char byte;

	EXPECT_ERR(recv(new_bound(), &byte, 1, MSG_PEEK | MSG_DONTWAIT),
		   EAGAIN);
}

CASE(dgram, send, good, goes_to_whom_the_socket_is_connected)
{
	int one = new_bound(), two = new_bound();

	connect_to(one, port_of(two));
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	expect_text(two, "x");
}

CASE(dgram, send, error, to_nobody)
{
	EXPECT_ERR(send(new_socket(), "x", 1, 0), EDESTADDRREQ);
	EXPECT_ERR(send(new_bound(), "x", 1, 0), EDESTADDRREQ);
}

CASE(dgram, sendto, error, to_port_0)
{
	EXPECT_ERR(send_text(new_socket(), 0, "x"), EINVAL);
}

CASE(dgram, sendto, error, an_address_that_is_too_short)
{
	struct address to = address_of(this_host, 7);

	EXPECT_ERR(sendto(new_socket(), "x", 1, 0, &to.sa, 3), EINVAL);
}

CASE(dgram, sendto, error, from_a_bad_pointer)
{
	struct address to = address_of(this_host, unused_port());

	EXPECT_ERR(sendto(new_socket(), before_a_hole() + 1, 100000 % 4096, 0,
			  SA(&to)), EFAULT);
}

CASE(dgram, sendto, edge, gives_the_socket_a_port)
{
	int one = new_socket(), two = new_bound();

	EXPECT_EQ(port_of(one), 0);
	EXPECT_EQ(send_text(one, port_of(two), "x"), 1);
	EXPECT_TRUE(port_of(one) != 0);
	expect_text(two, "x");
}

CASE(dgram, sendto, edge, a_connected_socket_may_send_to_others)
{
	int one = new_bound(), two = new_bound(), three = new_bound();

	connect_to(one, port_of(two));
	EXPECT_EQ(send_text(one, port_of(three), "x"), 1);
	expect_text(three, "x");
	EXPECT_EQ(send(one, "y", 1, 0), 1);
	expect_text(two, "y");
}

CASE(dgram, sendto, edge, to_no_address_at_all_is_to_this_host)
{
	struct address to;
	int two = new_bound();

	to = address_of(any_host, port_of(two));
	EXPECT_EQ(sendto(new_socket(), "x", 1, 0, SA(&to)), 1);
	expect_text(two, "x");
}

CASE(dgram, send, error, longer_than_a_datagram_can_be)
{
	static char much[70000];
	int one, two;

	new_pair(&one, &two);
	EXPECT_ERR(send(one, much, ipv4 ? 65508 : 65528, 0), EMSGSIZE);
	EXPECT_ERR(send(one, much, sizeof(much), 0), EMSGSIZE);
	expect_nothing(two);
}

CASE(dgram, send, edge, as_long_as_a_datagram_can_be)
{
	/* over IPv6 too, a length of 16 bits is that of the packet's payload */
	size_t most = ipv4 ? 65507 : 65527;
	unsigned char *much = malloc(most), *got = malloc(70000);
	int one, two;

	fill_pattern(much, 0, most);
	new_pair(&one, &two);
	set_option(one, SOL_SOCKET, SO_SNDBUF, 200000);
	set_option(two, SOL_SOCKET, SO_RCVBUF, 200000);
	EXPECT_EQ(send(one, much, most, 0), most);
	EXPECT_EQ(recv(two, got, 70000, 0), most);
	EXPECT_TRUE(is_pattern(got, 0, most));
}

CASE(dgram, bind, good, to_a_port_and_to_none)
{
	struct address address = address_of(this_host, 0);
	int one = new_socket(), port;

	EXPECT_EQ(bind(one, SA(&address)), 0);
	port = port_of(one);
	EXPECT_TRUE(port >= 1024);
	close(one);
	address = address_of(this_host, port);
	one = new_socket();
	EXPECT_EQ(bind(one, SA(&address)), 0);
	EXPECT_EQ(port_of(one), port);
}

CASE(dgram, bind, error, to_a_port_that_is_taken)
{
	struct address address;
	int one = new_bound();

	address = name_of(one);
	EXPECT_ERR(bind(new_socket(), SA(&address)), EADDRINUSE);
	address = address_of(any_host, port_of(one));
	EXPECT_ERR(bind(new_socket(), SA(&address)), EADDRINUSE);
}

CASE(dgram, bind, error, twice)
{
	struct address address = address_of(this_host, 0);

	EXPECT_ERR(bind(new_bound(), SA(&address)), EINVAL);
}

CASE(dgram, bind, error, to_an_address_that_is_not_ours)
{
	struct address address = address_of(ipv4 ? "::ffff:192.0.2.1" :
						   "2001:db8::1", 0);

	EXPECT_ERR(bind(new_socket(), SA(&address)), EADDRNOTAVAIL);
}

CASE(dgram, SO_REUSEADDR, good, both_share_and_the_last_one_hears)
{
	int one = new_socket(), two = new_socket(), from = new_socket();
	struct address address = address_of(this_host, 0);

	set_option(one, SOL_SOCKET, SO_REUSEADDR, 1);
	set_option(two, SOL_SOCKET, SO_REUSEADDR, 1);
	EXPECT_EQ(bind(one, SA(&address)), 0);
	address = name_of(one);
	EXPECT_EQ(bind(two, SA(&address)), 0);
	EXPECT_EQ(send_text(from, port_of(one), "x"), 1);
	expect_text(two, "x");
	expect_nothing(one);
}

CASE(dgram, SO_REUSEADDR, error, one_alone_is_not_enough)
{
	int one = new_bound(), two = new_socket();
	struct address address = name_of(one);

	set_option(two, SOL_SOCKET, SO_REUSEADDR, 1);
	EXPECT_ERR(bind(two, SA(&address)), EADDRINUSE);
}

CASE(dgram, SO_REUSEPORT, good, a_group_shares_what_comes)
{
	struct address address = address_of(this_host, 0);
	int fds[4], heard[4] = { 0 }, i, total = 0;
	char byte;

	for (i = 0; i < 4; i++) {
		fds[i] = new_socket();
		set_option(fds[i], SOL_SOCKET, SO_REUSEPORT, 1);
		EXPECT_EQ(bind(fds[i], SA(&address)), 0);
		address = name_of(fds[i]);
	}
	for (i = 0; i < 64; i++) {
		int from = new_socket();

		EXPECT_EQ(send_text(from, port_of(fds[0]), "x"), 1);
		close(from);
	}
	for (i = 0; i < 4; i++) {
		while (recv(fds[i], &byte, 1, MSG_DONTWAIT) == 1)
			heard[i]++;
		EXPECT_TRUE(heard[i] > 0 && heard[i] < 64);
		total += heard[i];
	}
	EXPECT_EQ(total, 64);
}

CASE(dgram, SO_REUSEPORT, edge, one_sender_is_heard_by_one)
{
	struct address address = address_of(this_host, 0);
	int one = new_socket(), two = new_socket(), from = new_socket(), i;
	int heard[2] = { 0 };
	char byte;

	set_option(one, SOL_SOCKET, SO_REUSEPORT, 1);
	set_option(two, SOL_SOCKET, SO_REUSEPORT, 1);
	EXPECT_EQ(bind(one, SA(&address)), 0);
	address = name_of(one);
	EXPECT_EQ(bind(two, SA(&address)), 0);
	for (i = 0; i < 16; i++)
		EXPECT_EQ(send_text(from, port_of(one), "x"), 1);
	while (recv(one, &byte, 1, MSG_DONTWAIT) == 1)
		heard[0]++;
	while (recv(two, &byte, 1, MSG_DONTWAIT) == 1)
		heard[1]++;
	EXPECT_EQ(heard[0] * heard[1], 0);
	EXPECT_EQ(heard[0] + heard[1], 16);
}

/* datagram-connected: a connected socket hears its peer alone */
CASE(dgram, connect, good, others_are_filtered)
{
	int one = new_bound(), two = new_bound(), other = new_bound();

	connect_to(one, port_of(two));
	EXPECT_EQ(send_text(other, port_of(one), "other"), 5);
	EXPECT_EQ(send_text(two, port_of(one), "peer"), 4);
	expect_text(one, "peer");
	expect_nothing(one);
}

CASE(dgram, connect, edge, again_is_another_peer)
{
	int one = new_bound(), two = new_bound(), three = new_bound();

	connect_to(one, port_of(two));
	connect_to(one, port_of(three));
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	expect_text(three, "x");
	expect_nothing(two);
}

CASE(dgram, connect, edge, the_unspecified_family_ends_it)
{
	struct address unspec = nowhere(), name;
	int one = new_socket(), two = new_bound(), other = new_bound();

	connect_to(one, port_of(two));
	EXPECT_EQ(connect(one, SA(&unspec)), 0);
	EXPECT_EQ(port_of(one), 0);
	EXPECT_ERR(send(one, "x", 1, 0), EDESTADDRREQ);
	name.len = sizeof(name.room);
	EXPECT_ERR(getpeername(one, &name.sa, &name.len), ENOTCONN);
	EXPECT_EQ(send_text(one, port_of(two), "x"), 1);
	expect_text(two, "x");
	EXPECT_EQ(send_text(other, port_of(one), "y"), 1);
	expect_text(one, "y");
}

CASE(dgram, connect, edge, a_bound_port_outlasts_it)
{
	int one = new_socket(), two = new_bound(), port = unused_port();
	struct address unspec = nowhere();
	struct address name = address_of(this_host, port);

	EXPECT_EQ(bind(one, SA(&name)), 0);
	connect_to(one, port_of(two));
	EXPECT_EQ(connect(one, SA(&unspec)), 0);
	EXPECT_EQ(port_of(one), port);
	EXPECT_EQ(send_text(two, port, "x"), 1);
	expect_text(one, "x");
}

CASE(dgram, connect, error, to_an_address_that_is_too_short)
{
	struct address to = address_of(this_host, 7);

	EXPECT_ERR(connect(new_socket(), &to.sa, 1), EINVAL);
	EXPECT_ERR(connect(new_socket(), &to.sa, 6), EINVAL);
}

/* datagram-connected: a closed port answers, and the socket hears of it once */
CASE(dgram, ECONNREFUSED, good, a_closed_port_is_told_once)
{
	int one = new_bound();
	char byte;

	connect_to(one, unused_port());
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_ERR(recv(one, &byte, 1, 0), ECONNREFUSED);
	expect_nothing(one);
}

CASE(dgram, ECONNREFUSED, edge, the_next_send_may_tell_it)
{
	int one = new_bound();

	connect_to(one, unused_port());
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_ERR(send(one, "x", 1, 0), ECONNREFUSED);
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_EQ(error_of(one), ECONNREFUSED);
	EXPECT_EQ(error_of(one), 0);
}

CASE(dgram, ECONNREFUSED, edge, an_unconnected_socket_does_not_hear_it)
{
	int one = new_bound();

	EXPECT_EQ(send_text(one, unused_port(), "x"), 1);
	EXPECT_EQ(send_text(one, unused_port(), "x"), 1);
	EXPECT_EQ(error_of(one), 0);
	expect_nothing(one);
}

CASE(dgram, shutdown, good, of_writing_ends_sending)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(shutdown(one, SHUT_WR), 0);
	EXPECT_ERR(send(one, "x", 1, MSG_NOSIGNAL), EPIPE);
	EXPECT_EQ(send(two, "y", 1, 0), 1);
	expect_text(one, "y");
}

CASE(dgram, shutdown, edge, of_reading_wakes_a_reader)
{
	int one, two;
	char byte;

	new_pair(&one, &two);
	EXPECT_EQ(send(two, "y", 1, 0), 1);
	EXPECT_EQ(shutdown(one, SHUT_RD), 0);
	expect_text(one, "y");
	EXPECT_EQ(recv(one, &byte, 1, 0), 0);
}

CASE(dgram, shutdown, error, without_a_peer)
{
	EXPECT_ERR(shutdown(new_bound(), SHUT_RDWR), ENOTCONN);
}

CASE(dgram, listen, error, is_for_streams)
{
	EXPECT_ERR(listen(new_bound(), 1), EOPNOTSUPP);
}

CASE(dgram, accept, error, is_for_streams_alone)
{
	EXPECT_ERR(accept(new_bound(), NULL, NULL), EOPNOTSUPP);
}

CASE(dgram, MSG_OOB, error, urgent_data_is_for_streams)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_ERR(send(one, "x", 1, MSG_OOB),
		   DIFFERS("UDP takes it for nothing over IPv6 alone",
			   EOPNOTSUPP, ipv4 ? EOPNOTSUPP : 0));
}

CASE(dgram, SIOCINQ, good, tells_the_first_datagram)
{
	int one, two, len = -1;

	new_pair(&one, &two);
	EXPECT_EQ(ioctl(two, SIOCINQ, &len), 0);
	EXPECT_EQ(len, 0);
	EXPECT_EQ(send(one, "12345", 5, 0), 5);
	EXPECT_EQ(send(one, "123", 3, 0), 3);
	EXPECT_EQ(ioctl(two, SIOCINQ, &len), 0);
	EXPECT_EQ(len, 5);
}

CASE(dgram, SIOCOUTQ, good, nothing_waits_once_it_was_received)
{
	int one, two, len = -1;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "12345", 5, 0), 5);
	expect_text(two, "12345");
	EXPECT_EQ(ioctl(one, SIOCOUTQ, &len), 0);
	EXPECT_EQ(len, 0);
}

CASE(dgram, getpeername, good, names_the_peer)
{
	int one = new_bound(), two = new_bound();
	struct address peer, name = name_of(two);

	connect_to(one, port_of(two));
	peer = peer_of(one);
	EXPECT_TRUE(same_address(&peer, &name));
}

CASE(dgram, getpeername, error, there_is_none)
{
	struct address name = { .len = sizeof(name.room) };

	EXPECT_ERR(getpeername(new_bound(), &name.sa, &name.len), ENOTCONN);
}

CASE(dgram, getsockname, edge, connect_chooses_the_address)
{
	int one = new_socket(), two = new_bound();
	struct address mine, wanted;

	connect_to(one, port_of(two));
	mine = name_of(one);
	wanted = address_of(this_host, port_of(one));
	EXPECT_TRUE(same_address(&mine, &wanted));
}
