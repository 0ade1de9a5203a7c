// SPDX-License-Identifier: GPL-2.0
/*
 * Options at SOL_IP and SOL_IPV6.
 *
 * An IPv6 socket takes those of SOL_IP, too, for when it speaks IPv4; those of
 * SOL_IPV6 are asked for over IPv6 alone. An option of SOL_IP may be an octet
 * as well as an int.
 */
#include <linux/in6.h>
#include <poll.h>

#include "option.h"

static void refuses_no_room(int where, int name)
{
	int fd = new_socket(), value;
	socklen_t len = -1;

	EXPECT_ERR(setsockopt(fd, where, name, (void *)8, sizeof(value)), EFAULT);
	EXPECT_ERR(setsockopt(fd, where, name, &value, -1), EINVAL);
	/* the kernel takes that for a lot of room at SOL_IPV6 */
	if (where == IPPROTO_IP)
		EXPECT_ERR(getsockopt(fd, where, name, &value, &len), EINVAL);
	len = sizeof(value);
	EXPECT_ERR(getsockopt(fd, where, name, (void *)8, &len), EFAULT);
	EXPECT_ERR(getsockopt(fd, where, name, &value, (void *)8), EFAULT);
}

static void takes_an_octet(int name, int value)
{
	unsigned char octet = value, room[8] = { 9, 9, 9, 9, 9 };
	socklen_t len = 2;
	int fd = new_socket();

	EXPECT_EQ(setsockopt(fd, IPPROTO_IP, name, &octet, 1), 0);
	EXPECT_EQ(get_option(fd, IPPROTO_IP, name), value);
	EXPECT_EQ(getsockopt(fd, IPPROTO_IP, name, room, &len), 0);
	EXPECT_EQ(len, 1);
	EXPECT_EQ(room[0], value);
	EXPECT_EQ(room[1], 9);
}

#define IP_SWITCH(type, rest, at_first)					       \
	CASE(type, IP_##rest, good, IP_##rest##_is_kept)		       \
	{								       \
		keeps_both_values(IPPROTO_IP, IP_##rest, at_first);	       \
	}								       \
	CASE(type, IP_##rest, edge, IP_##rest##_may_be_an_octet)	       \
	{								       \
		takes_an_octet(IP_##rest, 1);				       \
		takes_an_octet(IP_##rest, 0);				       \
	}								       \
	CASE(type, IP_##rest, error, IP_##rest##_wants_room)		       \
	{								       \
		refuses_no_room(IPPROTO_IP, IP_##rest);			       \
	}

#define IP_NUMBER(type, rest, at_first, least, most)			       \
	CASE(type, IP_##rest, good, IP_##rest##_is_kept)		       \
	{								       \
		keeps_its_range(IPPROTO_IP, IP_##rest, at_first, least, most); \
	}								       \
	CASE(type, IP_##rest, edge, IP_##rest##_may_be_an_octet)	       \
	{								       \
		takes_an_octet(IP_##rest, most);			       \
	}								       \
	CASE(type, IP_##rest, error, IP_##rest##_has_bounds)		       \
	{								       \
		refuses_beyond(IPPROTO_IP, IP_##rest, least, most);	       \
		refuses_no_room(IPPROTO_IP, IP_##rest);			       \
	}

/* SOL_IP is for IPv4, but each IPv6 socket can speak that. */
IP_SWITCH(both, RECVERR, 0)
IP_SWITCH(both, RECVTTL, 0)
IP_SWITCH(both, RECVTOS, 0)
IP_SWITCH(both, PKTINFO, 0)
IP_SWITCH(both, RECVOPTS, 0)
IP_SWITCH(both, RETOPTS, 0)
IP_SWITCH(both, RECVORIGDSTADDR, 0)
IP_SWITCH(both, FREEBIND, 0)
IP_SWITCH(both, TRANSPARENT, 0)
IP_SWITCH(both, BIND_ADDRESS_NO_PORT, 0)
IP_SWITCH(dgram, MULTICAST_LOOP, 1)
IP_SWITCH(dgram, MULTICAST_ALL,
	  DIFFERS("IPv4's default holds over IPv6, too", 1, ipv4))
IP_NUMBER(both, TTL, 64, 1, 255)
IP_NUMBER(both, MINTTL, 0, 0, 255)
IP_NUMBER(both, MTU_DISCOVER, 1, 0, 5)

CASE(both, IP_TOS, good, the_type_of_service_is_kept)
{
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, IPPROTO_IP, IP_TOS), 0);
	EXPECT_EQ(set_option(fd, IPPROTO_IP, IP_TOS, 0xb8), 0);
	EXPECT_EQ(get_option(fd, IPPROTO_IP, IP_TOS), 0xb8);
	takes_an_octet(IP_TOS, 0x20);
}

/* The two bits of ECN belong to a stream's protocol. */
CASE(both, IP_TOS, edge, a_streams_ecn_bits_are_not_the_programs)
{
	int fd = new_socket();

	EXPECT_EQ(set_option(fd, IPPROTO_IP, IP_TOS, 0xbb), 0);
	EXPECT_EQ(get_option(fd, IPPROTO_IP, IP_TOS),
		  type == SOCK_STREAM ? 0xb8 : 0xbb);
	EXPECT_EQ(set_option(fd, IPPROTO_IP, IP_TOS, 0x1b8), 0);
	EXPECT_EQ(get_option(fd, IPPROTO_IP, IP_TOS), 0xb8);
}

CASE(both, IP_TOS, error, the_type_of_service_wants_room)
{
	refuses_no_room(IPPROTO_IP, IP_TOS);
}

CASE(both, IP_TTL, edge, minus_one_is_the_hosts_ttl)
{
	int fd = new_socket();

	NEED(!set_option(fd, IPPROTO_IP, IP_TTL, 9));
	EXPECT_EQ(set_option(fd, IPPROTO_IP, IP_TTL, -1), 0);
	EXPECT_EQ(get_option(fd, IPPROTO_IP, IP_TTL), 64);
	EXPECT_ERR(set_option(fd, IPPROTO_IP, IP_TTL, 256), EINVAL);
}

CASE(both, IP_MTU, good, a_connected_socket_knows_the_mtu)
{
	int one, two;

	if (!ipv4)
		return;
	new_pair(&one, &two);
	EXPECT_EQ(get_option(one, IPPROTO_IP, IP_MTU), 65535);
}

CASE(both, IP_MTU, error, without_a_peer_there_is_no_mtu)
{
	socklen_t len = sizeof(int);
	int fd = new_socket(), mtu;

	EXPECT_ERR(getsockopt(fd, IPPROTO_IP, IP_MTU, &mtu, &len), ENOTCONN);
	EXPECT_ERR(set_option(fd, IPPROTO_IP, IP_MTU, 1500), ENOPROTOOPT);
}

CASE(both, IP_TRANSPARENT, error, transparent_is_for_root)
{
	int fd = new_socket();

	NEED(!seteuid(65534));
	EXPECT_ERR(set_option(fd, IPPROTO_IP, IP_TRANSPARENT, 1), EPERM);
	EXPECT_EQ(set_option(fd, IPPROTO_IP, IP_TRANSPARENT, 0), 0);
	NEED(!seteuid(0));
}

CASE(both, IP_FREEBIND, good, a_foreign_address_may_be_bound)
{
	struct address address = address_of(ipv4 ? "::ffff:192.0.2.1" :
					    "2001:db8::1", 0);
	int fd = new_socket();

	EXPECT_ERR(bind(fd, SA(&address)), EADDRNOTAVAIL);
	NEED(!set_option(fd, IPPROTO_IP, IP_FREEBIND, 1));
	EXPECT_EQ(bind(fd, SA(&address)), 0);
}

/* Who connects may share the port of others who go elsewhere. */
CASE(both, IP_BIND_ADDRESS_NO_PORT, good, the_port_comes_with_the_connection)
{
	struct address address = address_of(this_host, 0);
	int fd = new_socket(), peer;

	peer = type == SOCK_STREAM ? new_listener(1) : new_bound();
	NEED(!set_option(fd, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, 1));
	EXPECT_EQ(bind(fd, SA(&address)), 0);
	EXPECT_EQ(port_of(fd), 0);
	connect_to(fd, port_of(peer));
	EXPECT_TRUE(port_of(fd) > 0);
}

#ifndef IP_LOCAL_PORT_RANGE
#define IP_LOCAL_PORT_RANGE	51
#endif

CASE(both, IP_LOCAL_PORT_RANGE, good, a_port_comes_from_the_range)
{
	struct address address = address_of(this_host, 0);
	int fd = new_socket(), range = 40010 << 16 | 40001;

	EXPECT_EQ(get_option(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE), 0);
	EXPECT_EQ(set_option(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, range), 0);
	EXPECT_EQ(get_option(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE), range);
	EXPECT_EQ(bind(fd, SA(&address)), 0);
	EXPECT_TRUE(port_of(fd) >= 40001 && port_of(fd) <= 40010);
}

CASE(both, IP_LOCAL_PORT_RANGE, edge, a_range_without_an_end_has_the_hosts)
{
	struct address address = address_of(this_host, 0);
	int fd = new_socket();

	EXPECT_EQ(set_option(fd, IPPROTO_IP, IP_LOCAL_PORT_RANGE, 45000), 0);
	EXPECT_EQ(bind(fd, SA(&address)), 0);
	EXPECT_TRUE(port_of(fd) >= 45000);
}

CASE(both, IP_LOCAL_PORT_RANGE, error, a_range_is_not_upside_down)
{
	EXPECT_ERR(set_option(new_socket(), IPPROTO_IP, IP_LOCAL_PORT_RANGE,
			      40001 << 16 | 40010), EINVAL);
	EXPECT_ERR(setsockopt(new_socket(), IPPROTO_IP, IP_LOCAL_PORT_RANGE, "x", 1),
		   EINVAL);
}

CASE(both, IP_LOCAL_PORT_RANGE, error, a_range_may_be_full)
{
	int range = 40021 << 16 | 40021, first = new_socket(), second = new_socket();
	struct address address = address_of(this_host, 0);

	NEED(!set_option(first, IPPROTO_IP, IP_LOCAL_PORT_RANGE, range));
	NEED(!set_option(second, IPPROTO_IP, IP_LOCAL_PORT_RANGE, range));
	EXPECT_EQ(bind(first, SA(&address)), 0);
	EXPECT_ERR(bind(second, SA(&address)), EADDRINUSE);
}

CASE(both, IP_OPTIONS, good, options_of_the_header_are_kept)
{
	unsigned char record[] = { 7, 7, 4, 0, 0, 0, 0, 0 }, got[40];
	socklen_t len = sizeof(got);
	int fd;

	if (!ipv4)
		return;
	fd = new_socket();
	EXPECT_EQ(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, record, sizeof(record)), 0);
	EXPECT_EQ(getsockopt(fd, IPPROTO_IP, IP_OPTIONS, got, &len), 0);
	EXPECT_EQ(len, sizeof(record));
	EXPECT_EQ(memcmp(got, record, 3), 0);
}

CASE(both, IP_OPTIONS, edge, none_are_none)
{
	unsigned char got[40];
	socklen_t len = sizeof(got);
	int fd;

	if (!ipv4)
		return;
	fd = new_socket();
	EXPECT_EQ(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, NULL, 0), 0);
	EXPECT_EQ(getsockopt(fd, IPPROTO_IP, IP_OPTIONS, got, &len), 0);
	EXPECT_EQ(len, 0);
}

CASE(both, IP_OPTIONS, error, bad_options_are_refused)
{
	unsigned char bad[] = { 7, 1, 4, 0 };
	int fd;

	if (!ipv4)
		return;
	fd = new_socket();
	EXPECT_ERR(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, bad, sizeof(bad)), EINVAL);
	EXPECT_ERR(setsockopt(fd, IPPROTO_IP, IP_OPTIONS, bad, 41), EINVAL);
}

/* --- SOL_IPV6 --------------------------------------------------------------- */

/* @short is the error of three octets; some options take them for a 0. */
#define IPV6_SWITCH(type, rest, at_first, short)			       \
	CASE(type, IPV6_##rest, good, IPV6_##rest##_is_kept)		       \
	{								       \
		if (!ipv4)						       \
			keeps_both_values(IPPROTO_IPV6, IPV6_##rest, at_first); \
	}								       \
	CASE(type, IPV6_##rest, edge, IPV6_##rest##_is_0_or_1)		       \
	{								       \
		if (ipv4)						       \
			return;						       \
		takes_any_number(IPPROTO_IPV6, IPV6_##rest);		       \
		gives_a_short_buffer_its_front(IPPROTO_IPV6, IPV6_##rest);     \
	}								       \
	CASE(type, IPV6_##rest, error, IPV6_##rest##_wants_an_int)	       \
	{								       \
		if (ipv4)						       \
			return;						       \
		refuses_no_room(IPPROTO_IPV6, IPV6_##rest);		       \
		EXPECT_ERR(setsockopt(new_socket(), IPPROTO_IPV6, IPV6_##rest, \
				      "abc", 3), short);		       \
	}

/* @lowest: -1 is the default again, where it is not refused. */
#define IPV6_NUMBER(type, rest, at_first, least, most, lowest)		       \
	CASE(type, IPV6_##rest, good, IPV6_##rest##_is_kept)		       \
	{								       \
		if (!ipv4)						       \
			keeps_its_range(IPPROTO_IPV6, IPV6_##rest, at_first,   \
					least, most);			       \
	}								       \
	CASE(type, IPV6_##rest, error, IPV6_##rest##_has_bounds)	       \
	{								       \
		if (ipv4)						       \
			return;						       \
		refuses_beyond(IPPROTO_IPV6, IPV6_##rest, lowest, most);       \
		refuses_no_room(IPPROTO_IPV6, IPV6_##rest);		       \
		EXPECT_ERR(setsockopt(new_socket(), IPPROTO_IPV6, IPV6_##rest, \
				      "abc", 3), EINVAL);		       \
	}								       \
	CASE(type, IPV6_##rest, edge, IPV6_##rest##_fits_what_room_there_is)   \
	{								       \
		if (!ipv4)						       \
			gives_a_short_buffer_its_front(IPPROTO_IPV6,	       \
						       IPV6_##rest);	       \
	}

IPV6_SWITCH(both, V6ONLY, 0, EINVAL)
IPV6_SWITCH(both, RECVPKTINFO, 0, EINVAL)
IPV6_SWITCH(both, RECVHOPLIMIT, 0, EINVAL)
IPV6_SWITCH(both, RECVTCLASS, 0, EINVAL)
IPV6_SWITCH(both, RECVRTHDR, 0, EINVAL)
IPV6_SWITCH(both, RECVHOPOPTS, 0, EINVAL)
IPV6_SWITCH(both, RECVDSTOPTS, 0, EINVAL)
IPV6_SWITCH(both, RECVORIGDSTADDR, 0, EINVAL)
IPV6_SWITCH(both, RECVPATHMTU, 0, EINVAL)
IPV6_SWITCH(both, RECVERR, 0, EINVAL)
IPV6_SWITCH(both, AUTOFLOWLABEL, 1, 0)
IPV6_SWITCH(both, DONTFRAG, 0, 0)
IPV6_SWITCH(both, FREEBIND, 0, EINVAL)
IPV6_SWITCH(both, TRANSPARENT, 0, EINVAL)
IPV6_SWITCH(dgram, MULTICAST_ALL, 1, EINVAL)
IPV6_NUMBER(both, UNICAST_HOPS, 64, 0, 255, -1)
IPV6_NUMBER(dgram, MULTICAST_HOPS, 1, 0, 255, -1)
IPV6_NUMBER(dgram, MULTICAST_LOOP, 1, 0, 1, 0)
IPV6_NUMBER(dgram, TCLASS, 0, 0, 255, -1)
IPV6_NUMBER(both, MINHOPCOUNT, 0, 0, 255, 0)
IPV6_NUMBER(both, MTU_DISCOVER, 1, 0, 5, 0)

/* The two bits of ECN belong to a stream's protocol. */
CASE(stream, IPV6_TCLASS, good, a_class_is_kept_but_for_the_ecn_bits)
{
	int fd;

	if (ipv4)
		return;
	fd = new_socket();
	EXPECT_EQ(get_option(fd, IPPROTO_IPV6, IPV6_TCLASS), 0);
	EXPECT_EQ(set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, 255), 0);
	EXPECT_EQ(get_option(fd, IPPROTO_IPV6, IPV6_TCLASS), 0xfc);
}

CASE(stream, IPV6_TCLASS, error, a_class_is_one_octet)
{
	if (ipv4)
		return;
	EXPECT_ERR(set_option(new_socket(), IPPROTO_IPV6, IPV6_TCLASS, 256), EINVAL);
	EXPECT_ERR(set_option(new_socket(), IPPROTO_IPV6, IPV6_TCLASS, -2), EINVAL);
	refuses_no_room(IPPROTO_IPV6, IPV6_TCLASS);
}

CASE(both, IPV6_UNICAST_HOPS, edge, minus_one_is_the_hosts_hop_limit)
{
	int fd;

	if (ipv4)
		return;
	fd = new_socket();
	NEED(!set_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9));
	EXPECT_EQ(set_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS, -1), 0);
	EXPECT_EQ(get_option(fd, IPPROTO_IPV6, IPV6_UNICAST_HOPS), 64);
}

CASE(both, IPV6_TCLASS, edge, minus_one_is_no_class)
{
	int fd;

	if (ipv4)
		return;
	fd = new_socket();
	NEED(!set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, 0x20));
	EXPECT_EQ(set_option(fd, IPPROTO_IPV6, IPV6_TCLASS, -1), 0);
	EXPECT_EQ(get_option(fd, IPPROTO_IPV6, IPV6_TCLASS), 0);
}

CASE(both, IPV6_V6ONLY, error, a_bound_socket_stays_what_it_is)
{
	if (!ipv4)
		EXPECT_ERR(set_option(new_bound(), IPPROTO_IPV6, IPV6_V6ONLY, 1),
			   EINVAL);
}

CASE(both, IPV6_MTU, good, a_connected_socket_knows_the_path_mtu)
{
	int one, two;

	if (ipv4)
		return;
	new_pair(&one, &two);
	EXPECT_EQ(get_option(one, IPPROTO_IPV6, IPV6_MTU), 65536);
}

CASE(both, IPV6_MTU, error, without_a_peer_no_path_has_an_mtu)
{
	socklen_t len = sizeof(int);
	int fd, mtu;

	if (ipv4)
		return;
	fd = new_socket();
	EXPECT_ERR(getsockopt(fd, IPPROTO_IPV6, IPV6_MTU, &mtu, &len), ENOTCONN);
	EXPECT_ERR(set_option(fd, IPPROTO_IPV6, IPV6_MTU, 1279), EINVAL);
}

CASE(both, IPV6_ADDR_PREFERENCES, good, a_preference_is_kept)
{
	int fd;

	if (ipv4)
		return;
	fd = new_socket();
	EXPECT_EQ(set_option(fd, IPPROTO_IPV6, IPV6_ADDR_PREFERENCES,
			     IPV6_PREFER_SRC_TMP), 0);
	EXPECT_EQ(get_option(fd, IPPROTO_IPV6, IPV6_ADDR_PREFERENCES) &
		  IPV6_PREFER_SRC_TMP, IPV6_PREFER_SRC_TMP);
}

CASE(both, IPV6_ADDR_PREFERENCES, error, contrary_preferences_are_refused)
{
	if (!ipv4)
		EXPECT_ERR(set_option(new_socket(), IPPROTO_IPV6, IPV6_ADDR_PREFERENCES,
				      IPV6_PREFER_SRC_TMP | IPV6_PREFER_SRC_PUBLIC),
			   EINVAL);
}

/* IPv6's options on a socket that speaks IPv4. */
CASE(both, IPV6_UNICAST_HOPS, edge, a_socket_for_ipv4_has_none_of_ipv6s_options)
{
	if (ipv4)
		EXPECT_ERR(set_option(new_socket(), IPPROTO_IPV6, IPV6_UNICAST_HOPS, 9),
			   DIFFERS("a socket has both versions until it is named AF_INET",
				   0, ENOPROTOOPT));
}
