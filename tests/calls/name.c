// SPDX-License-Identifier: GPL-2.0
/*
 * CLASP_NAME_FAMILY: the form of the addresses that a program gets, and
 * sockets that are IPv4-only.
 */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>

#include "calls.h"

/* A name in whatever form, and what lies behind it. */
union name {
	struct sockaddr		any;
	struct sockaddr_in	in;
	struct sockaddr_in6	in6;
	unsigned char		bytes[64];
};

static int set(int fd, int family)
{
	return setsockopt(fd, SOL_CLASP, CLASP_NAME_FAMILY, &family,
			  sizeof(family));
}

static int get(int fd, int level, int name)
{
	socklen_t len = sizeof(int);
	int value = -1;

	NEED(!getsockopt(fd, level, name, &value, &len));

	return value;
}

static int socket_of(int family)
{
	int fd = new_socket();

	NEED(!set(fd, family));

	return fd;
}

static struct sockaddr_in in_of(const char *ip, int port)
{
	struct sockaddr_in in = {
		.sin_family	= AF_INET,
		.sin_port	= htons(port),
	};

	NEED(inet_pton(AF_INET, ip, &in.sin_addr) == 1);

	return in;
}

static socklen_t name_of(int fd, bool peer, union name *name)
{
	socklen_t len = sizeof(*name);

	memset(name, 0x55, sizeof(*name));
	NEED(!(peer ? getpeername : getsockname)(fd, &name->any, &len));

	return len;
}

static void expect_in(int fd, bool peer, const char *ip, int port)
{
	union name name;

	EXPECT_EQ(name_of(fd, peer, &name), sizeof(name.in));
	EXPECT_EQ(name.any.sa_family, AF_INET);
	EXPECT_EQ(ntohl(name.in.sin_addr.s_addr), ntohl(inet_addr(ip)));
	EXPECT_EQ(ntohs(name.in.sin_port), port);
	/* not a byte that says nothing, and not a byte behind */
	EXPECT_TRUE(!memcmp(name.in.sin_zero, "\0\0\0\0\0\0\0", 8));
	EXPECT_EQ(name.bytes[sizeof(name.in)], 0x55);
}

static void expect_in6(int fd, int family, bool peer, const char *ip, int port)
{
	struct in6_addr addr;
	union name name;

	NEED(inet_pton(AF_INET6, ip, &addr) == 1);
	EXPECT_EQ(name_of(fd, peer, &name), sizeof(name.in6));
	EXPECT_EQ(name.any.sa_family, family);
	EXPECT_TRUE(!memcmp(&name.in6.sin6_addr, &addr, sizeof(addr)));
	EXPECT_EQ(ntohs(name.in6.sin6_port), port);
	EXPECT_EQ(name.in6.sin6_flowinfo, 0);
	EXPECT_EQ(name.in6.sin6_scope_id, 0);
	EXPECT_EQ(name.bytes[sizeof(name.in6)], 0x55);
}

TEST(name_family_is_kept)
{
	int fd = new_socket();

	EXPECT_EQ(get(fd, SOL_CLASP, CLASP_NAME_FAMILY), AF_CLASP);
	EXPECT_EQ(get(fd, SOL_SOCKET, SO_DOMAIN), AF_INET6);
	EXPECT_EQ(get(fd, SOL_SOCKET, SO_PROTOCOL), IPPROTO_CLASP);
	EXPECT_EQ(set(fd, AF_INET6), 0);
	EXPECT_EQ(get(fd, SOL_CLASP, CLASP_NAME_FAMILY), AF_INET6);
	EXPECT_EQ(get(fd, SOL_SOCKET, SO_DOMAIN), AF_INET6);
	EXPECT_EQ(set(fd, AF_INET), 0);
	EXPECT_EQ(get(fd, SOL_CLASP, CLASP_NAME_FAMILY), AF_INET);
	EXPECT_EQ(get(fd, SOL_SOCKET, SO_DOMAIN), AF_INET);
	EXPECT_EQ(get(fd, SOL_SOCKET, SO_PROTOCOL), IPPROTO_CLASP);
	EXPECT_EQ(set(fd, AF_CLASP), 0);
	EXPECT_EQ(get(fd, SOL_SOCKET, SO_DOMAIN), AF_INET6);

	EXPECT_ERR(set(fd, AF_UNIX), EINVAL);
	EXPECT_ERR(set(fd, -1), EINVAL);
	EXPECT_EQ(get(fd, SOL_CLASP, CLASP_NAME_FAMILY), AF_CLASP);
}

TEST(names_come_in_the_form_that_was_asked_for)
{
	int fd = new_listener(1), port = port_of(fd), client, server;
	const char *host = this_host;

	EXPECT_EQ(set(fd, AF_INET6), 0);
	expect_in6(fd, AF_INET6, false, host, port);
	client = socket_of(AF_INET6);
	expect_in6(client, AF_INET6, false, "::", 0);
	connect_to(client, port);
	expect_in6(client, AF_INET6, true, host, port);
	server = accept(fd, NULL, NULL);
	NEED(server >= 0);
	expect_in6(server, AF_INET6, false, host, port);

	EXPECT_EQ(set(server, AF_CLASP), 0);
	expect_in6(server, AF_CLASP, false, host, port);
	if (ipv4) {
		EXPECT_EQ(set(server, AF_INET), 0);
		expect_in(server, false, "127.0.0.1", port);
		EXPECT_EQ(get(server, SOL_SOCKET, SO_DOMAIN), AF_INET);
		EXPECT_EQ(set(server, AF_INET6), 0);
		expect_in6(server, AF_INET6, false, host, port);
	} else {
		EXPECT_ERR(set(server, AF_INET), EADDRNOTAVAIL);
		expect_in6(server, AF_CLASP, false, host, port);
	}
	send_all(client, "x", 1);
	EXPECT_EQ(recv(server, &client, 1, 0), 1);
}

TEST(a_name_is_cut_to_the_room)
{
	socklen_t len;
	union name name;
	int fd = socket_of(AF_INET);

	memset(&name, 0x55, sizeof(name));
	len = 3;
	EXPECT_EQ(getsockname(fd, &name.any, &len), 0);
	EXPECT_EQ(len, sizeof(name.in));
	EXPECT_EQ(name.bytes[3], 0x55);
}

TEST(an_ipv4_only_socket_is_like_tcps)
{
	struct sockaddr_in any = in_of("0.0.0.0", 0), to;
	int fd = socket_of(AF_INET), client, server, port;
	union name name;
	socklen_t len;

	expect_in(fd, false, "0.0.0.0", 0);
	EXPECT_ERR(getpeername(fd, &name.any, &(socklen_t){ 64 }), ENOTCONN);
	EXPECT_EQ(bind(fd, SA(&any)), 0);
	EXPECT_EQ(listen(fd, 1), 0);
	len = name_of(fd, false, &name);
	port = ntohs(name.in.sin_port);
	EXPECT_TRUE(len == sizeof(name.in) && port);
	expect_in(fd, false, "0.0.0.0", port);

	client = socket_of(AF_INET);
	any = in_of("127.0.0.2", 0);
	EXPECT_EQ(bind(client, SA(&any)), 0);
	to = in_of("127.0.0.1", port);
	EXPECT_EQ(connect(client, SA(&to)), 0);
	expect_in(client, true, "127.0.0.1", port);

	memset(&name, 0x55, sizeof(name));
	len = sizeof(name);
	server = accept(fd, &name.any, &len);
	NEED(server >= 0);
	EXPECT_EQ(len, sizeof(name.in));
	EXPECT_EQ(name.any.sa_family, AF_INET);
	EXPECT_EQ(name.in.sin_addr.s_addr, inet_addr("127.0.0.2"));
	EXPECT_EQ(get(server, SOL_CLASP, CLASP_NAME_FAMILY), AF_INET);
	EXPECT_EQ(get(server, SOL_SOCKET, SO_DOMAIN), AF_INET);
	expect_in(server, false, "127.0.0.1", port);
	expect_in(server, true, "127.0.0.2", ntohs(name.in.sin_port));

	send_all(server, "y", 1);
	EXPECT_EQ(recv(client, &len, 1, 0), 1);
}

TEST(an_ipv4_only_socket_takes_ipv4_alone)
{
	struct sockaddr_in6 in6 = { .sin6_family = AF_INET6 };
	struct sockaddr_clasp clasp = address_of("::ffff:127.0.0.1", 0);
	struct sockaddr_in in = in_of("127.0.0.1", 0);
	int listener = new_listener(1), port = port_of(listener);
	int fd = socket_of(AF_INET), value = 1;
	socklen_t len = sizeof(value);

	EXPECT_ERR(bind(fd, SA(&in6)), EAFNOSUPPORT);
	EXPECT_ERR(connect(fd, SA(&in6)), EAFNOSUPPORT);
	EXPECT_ERR(bind(fd, (struct sockaddr *)&in, sizeof(in) - 1), EINVAL);
	EXPECT_ERR(connect(fd, (struct sockaddr *)&in, sizeof(in) - 1), EINVAL);
	in6.sin6_family = AF_CLASP;
	EXPECT_ERR(bind(fd, SA(&in6)), EAFNOSUPPORT);
	EXPECT_ERR(setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &value, len),
		   ENOPROTOOPT);
	EXPECT_ERR(getsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &value, &len),
		   EOPNOTSUPP);
	EXPECT_EQ(setsockopt(fd, IPPROTO_IP, IP_TTL, &value, len), 0);

	/* our own form of an IPv4 address is one */
	EXPECT_EQ(bind(fd, SA(&clasp)), 0);
	if (ipv4) {
		connect_to(fd, port);
		expect_in(fd, true, "127.0.0.1", port);
	} else {
		clasp = address_of("::1", port);
		EXPECT_ERR(connect(fd, SA(&clasp)), EAFNOSUPPORT);
	}

	/* bind() of old: an unspecified family, if the address is, too */
	fd = socket_of(AF_INET);
	in = in_of("127.0.0.1", 0);
	in.sin_family = AF_UNSPEC;
	EXPECT_ERR(bind(fd, SA(&in)), EAFNOSUPPORT);
	in.sin_addr.s_addr = 0;
	EXPECT_EQ(bind(fd, SA(&in)), 0);
}

/* It leaves IPv6 to others, as one that is bound to ::ffff:0.0.0.0 does. */
TEST(an_ipv4_only_socket_shares_a_port_with_ipv6)
{
	struct sockaddr_in any = in_of("0.0.0.0", 0);
	int fd = socket_of(AF_INET), other = new_socket(), one = 1;
	struct sockaddr_clasp all;
	union name name;

	NEED(!bind(fd, SA(&any)));
	NEED(!listen(fd, 1));
	name_of(fd, false, &name);

	all = address_of("::", ntohs(name.in.sin_port));
	EXPECT_ERR(bind(other, SA(&all)), EADDRINUSE);
	NEED(!setsockopt(other, IPPROTO_IPV6, IPV6_V6ONLY, &one, sizeof(one)));
	EXPECT_EQ(bind(other, SA(&all)), 0);
	EXPECT_EQ(listen(other, 1), 0);
	EXPECT_ERR(set(other, AF_INET), EADDRNOTAVAIL);
}

/* A bind() that failed, and a connection that ended, leave no address. */
TEST(an_ipv4_only_socket_forgets_addresses)
{
	int listener = new_listener(1), port = port_of(listener);
	struct sockaddr_in taken, to = in_of("127.0.0.1", port);
	struct sockaddr unspec = { .sa_family = AF_UNSPEC };
	int fd = socket_of(AF_INET), holder = socket_of(AF_INET);
	union name name;

	if (!ipv4)
		return;

	taken = in_of("127.0.0.3", 0);
	NEED(!bind(holder, SA(&taken)));
	name_of(holder, false, &name);
	EXPECT_ERR(bind(fd, SA(&name.in)), EADDRINUSE);
	expect_in(fd, false, "0.0.0.0", 0);
	EXPECT_EQ(connect(fd, SA(&to)), 0);
	EXPECT_EQ(name_of(fd, false, &name), sizeof(name.in));
	EXPECT_EQ(name.in.sin_addr.s_addr, inet_addr("127.0.0.1"));

	EXPECT_EQ(connect(fd, SA(&unspec)), 0);
	expect_in(fd, false, "0.0.0.0", 0);
	/* and so may be another family's again */
	EXPECT_EQ(set(fd, AF_CLASP), 0);
	expect_in6(fd, AF_CLASP, false, "::", 0);
	connect_to(fd, port);
}

/* IP_BIND_ADDRESS_NO_PORT: the address is bound at once, the port later. */
TEST(an_ipv4_only_socket_may_bind_an_address_alone)
{
	struct sockaddr_in from = in_of("127.0.0.4", 0), to;
	int listener = new_listener(1), fd = socket_of(AF_INET), one = 1;
	union name name;

	if (!ipv4)
		return;

	NEED(!setsockopt(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one,
			 sizeof(one)));
	EXPECT_EQ(bind(fd, SA(&from)), 0);
	expect_in(fd, false, "127.0.0.4", 0);
	EXPECT_ERR(set(fd, AF_UNIX), EINVAL);
	to = in_of("127.0.0.1", port_of(listener));
	EXPECT_EQ(connect(fd, SA(&to)), 0);
	EXPECT_EQ(name_of(fd, false, &name), sizeof(name.in));
	EXPECT_EQ(name.in.sin_addr.s_addr, inet_addr("127.0.0.4"));
	EXPECT_TRUE(name.in.sin_port);
}
