// SPDX-License-Identifier: GPL-2.0
/*
 * socket(), bind(), and the names of sockets.
 */
#include <arpa/inet.h>
#include <fcntl.h>

#include "both.h"

CASE(both, socket, good, a_new_socket_is_what_was_asked_for)
{
	int protocol = type == SOCK_STREAM ? DIFFERS("its number", IPPROTO_CLASP, IPPROTO_TCP) :
		       DIFFERS("its number", IPPROTO_CLASP_DG, IPPROTO_UDP);
	int fd;

	fd = socket(family(), type, protocol);
	NEED(fd >= 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_TYPE), type);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_PROTOCOL), protocol);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_DOMAIN),
		  DIFFERS("the kernel knows it as an IPv6 socket", AF_INET6,
			  family()));
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_ACCEPTCONN), 0);
	if (type == SOCK_STREAM)
		EXPECT_EQ(state_of(fd), CLASP_STATE_CLOSED);
}

CASE(both, socket, edge, a_new_socket_has_the_flags_asked_for)
{
	int fd = socket(family(), type | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);

	NEED(fd >= 0);
	EXPECT_TRUE(fcntl(fd, F_GETFL) & O_NONBLOCK);
	EXPECT_TRUE(fcntl(fd, F_GETFD) & FD_CLOEXEC);
}

CASE(both, socket, error, an_unknown_protocol_is_refused)
{
	EXPECT_ERR(socket(family(), type, IPPROTO_EGP), EPROTONOSUPPORT);
	EXPECT_ERR(socket(family(), type, -1), EINVAL);
	EXPECT_ERR(socket(family(), type, 9999), EINVAL);
	EXPECT_ERR(socket(family(), 11, 0), EINVAL);
	EXPECT_ERR(socket(family(), SOCK_SEQPACKET, 0), ESOCKTNOSUPPORT);
}

CASE(stream, getpeername, good, names_are_those_of_both_ends)
{
	int listener = new_listener(1), client = new_socket(), server;
	struct address name = { .len = sizeof(name.room) }, expected;

	connect_to(client, port_of(listener));
	server = accept(listener, &name.sa, &name.len);
	NEED(server >= 0);
	expected = address_of(this_host, port_of(client));
	EXPECT_TRUE(same_address(&name, &expected));
	name = peer_of(server);
	EXPECT_TRUE(same_address(&name, &expected));

	expected = address_of(this_host, port_of(listener));
	name = peer_of(client);
	EXPECT_TRUE(same_address(&name, &expected));
	name = name_of(server);
	EXPECT_TRUE(same_address(&name, &expected));
}

CASE(both, getpeername, error, without_a_peer_there_is_no_name)
{
	struct address name = { .len = sizeof(name.room) };

	EXPECT_ERR(getpeername(new_socket(), &name.sa, &name.len), ENOTCONN);
	EXPECT_ERR(getpeername(new_bound(), &name.sa, &name.len), ENOTCONN);
}

CASE(both, getsockname, edge, short_room_for_a_name_gets_its_front)
{
	int fd = new_bound();
	struct address name, whole = name_of(fd);

	memset(&name, 0x55, sizeof(name));
	name.len = 4;
	EXPECT_EQ(getsockname(fd, &name.sa, &name.len), 0);
	EXPECT_EQ(name.len, whole.len);
	EXPECT_EQ(memcmp(name.room, whole.room, 4), 0);
	EXPECT_EQ(name.room[4], 0x55);

	name.len = 0;
	memset(name.room, 0x55, 4);
	EXPECT_EQ(getsockname(fd, &name.sa, &name.len), 0);
	EXPECT_EQ(name.len, whole.len);
	EXPECT_EQ(name.room[0], 0x55);
}

CASE(both, getsockname, good, a_bound_socket_has_the_address_and_a_port)
{
	struct address name = name_of(new_bound()), expected;

	EXPECT_TRUE(port_in(&name) > 0);
	expected = address_of(this_host, port_in(&name));
	EXPECT_TRUE(same_address(&name, &expected));
}

CASE(both, getsockname, error, bad_room_for_a_name_is_refused)
{
	struct address name = { .len = -1 };
	int fd = new_bound();

	EXPECT_ERR(getsockname(fd, &name.sa, &name.len), EINVAL);
	EXPECT_ERR(getsockname(fd, &name.sa, NULL), EFAULT);
	name.len = sizeof(name.room);
	EXPECT_ERR(getsockname(fd, NULL, &name.len), EFAULT);
}

CASE(both, bind, error, bind_refuses_bad_addresses)
{
	struct address good = address_of(this_host, 0), bad;
	int fd = new_socket();

	EXPECT_ERR(bind(fd, &good.sa, 0), EINVAL);
	EXPECT_ERR(bind(fd, &good.sa, 1), EINVAL);
	EXPECT_ERR(bind(fd, &good.sa, 15), EINVAL);
	EXPECT_ERR(bind(fd, &good.sa, 129), EINVAL);
	EXPECT_ERR(bind(fd, &good.sa, -1), EINVAL);
	EXPECT_ERR(bind(fd, NULL, good.len), EFAULT);

	bad = good;
	bad.sa.sa_family = AF_UNIX;
	EXPECT_ERR(bind(fd, SA(&bad)), EAFNOSUPPORT);
	bad = address_of(ipv4 ? "::ffff:192.0.2.1" : "2001:db8::1", 0);
	EXPECT_ERR(bind(fd, SA(&bad)), EADDRNOTAVAIL);

	EXPECT_EQ(bind(fd, SA(&good)), 0);
	EXPECT_ERR(bind(fd, SA(&good)), EINVAL);
}

CASE(stream, bind, error, a_multicast_address_is_only_of_ipv4)
{
	struct address address = address_of(ipv4 ? "::ffff:224.0.0.1" : "ff02::1", 0);

	EXPECT_ERR(bind(new_socket(), SA(&address)),
		   ipv4 ? 0 : EINVAL);
}

CASE(both, bind, edge, bind_takes_addresses_of_ip)
{
	struct sockaddr_in in = {
		.sin_family		= AF_INET,
		.sin_addr.s_addr	= htonl(INADDR_LOOPBACK),
	};
	struct address in6 = address_of(this_host, 0), name;
	int fd = new_socket();

	if (ipv4) {
		EXPECT_EQ(bind(fd, (struct sockaddr *)&in, sizeof(in)), 0);
	} else {
		in6.sa.sa_family = AF_INET6;
		EXPECT_EQ(bind(fd, SA(&in6)), 0);
	}
	name = name_of(fd);
	in6 = address_of(this_host, port_in(&name));
	EXPECT_TRUE(same_address(&name, &in6));
}

/* Two sockets, each bound to an address with the same port; is that allowed? */
static void expect_shared(const char *one, const char *two, bool v6only,
			  bool reuse, int error)
{
	int first = new_socket(), second = new_socket();
	struct address address = address_of(one, 0);

	set_option(first, SOL_SOCKET, SO_REUSEADDR, reuse);
	set_option(second, SOL_SOCKET, SO_REUSEADDR, reuse);
	if (v6only)
		set_option(first, IPPROTO_IPV6, IPV6_V6ONLY, 1);
	NEED(!bind(first, SA(&address)));

	address = address_of(two, port_of(first));
	if (error)
		EXPECT_ERR(bind(second, SA(&address)), error);
	else
		EXPECT_EQ(bind(second, SA(&address)), 0);
	close(first);
	close(second);
}

CASE(both, SO_REUSEADDR, edge, ports_are_shared_between_versions)
{
	if (ipv4)
		return;
	expect_shared("::", "::", false, false, EADDRINUSE);
	expect_shared("::", "::", false, true, 0);
	expect_shared("::", "::1", false, false, EADDRINUSE);
	expect_shared("::1", "::", false, false, EADDRINUSE);
	expect_shared("::", "::ffff:0.0.0.0", false, false, EADDRINUSE);
	expect_shared("::", "::ffff:127.0.0.1", false, false, EADDRINUSE);
	expect_shared("::", "::ffff:0.0.0.0", true, false, 0);
	expect_shared("::", "::ffff:127.0.0.1", true, false, 0);
	expect_shared("::1", "::ffff:127.0.0.1", false, false, 0);
	expect_shared("::ffff:0.0.0.0", "::1", false, false, 0);
	expect_shared("::ffff:127.0.0.1", "::ffff:127.0.0.2", false, false, 0);
	expect_shared("::ffff:127.0.0.1", "::ffff:0.0.0.0", false, false,
		      EADDRINUSE);
}

CASE(both, bind, error, low_ports_need_a_capability)
{
	struct address address = address_of(any_host, 1);
	int fd = new_socket();

	NEED(!seteuid(65534));
	EXPECT_ERR(bind(fd, SA(&address)), EACCES);
	NEED(!seteuid(0));
	EXPECT_EQ(bind(fd, SA(&address)), 0);
}

CASE(both, IPV6_V6ONLY, error, v6only_refuses_ipv4)
{
	struct address address;
	int fd;

	if (ipv4)
		return;
	fd = new_socket();
	address = address_of("::ffff:127.0.0.1", 0);
	NEED(!set_option(fd, IPPROTO_IPV6, IPV6_V6ONLY, 1));
	EXPECT_ERR(bind(fd, SA(&address)), EINVAL);
	address = address_of("::ffff:127.0.0.1", 9);
	EXPECT_ERR(connect(fd, SA(&address)), ENETUNREACH);
}

CASE(stream, IPV6_V6ONLY, good, a_wildcard_listener_takes_both_versions)
{
	struct address address;
	int listener, client;

	if (ipv4)
		return;
	listener = new_socket();
	address = address_of("::", 0);
	NEED(!bind(listener, SA(&address)) && !listen(listener, 2));
	connect_to(new_socket(), port_of(listener));
	accept_one(listener);
	address = address_of("::ffff:127.0.0.1", port_of(listener));
	client = new_socket();
	EXPECT_EQ(connect(client, SA(&address)), 0);
	accept_one(listener);
}
