// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams for many: multicast and broadcast.
 */
#include <arpa/inet.h>
#include <net/if.h>

#include "dgram.h"

#define PORT	5000

static const char *group(void)
{
	return ipv4 ? "::ffff:239.1.2.3" : "ff05::123";
}

static const char *other_group(void)
{
	return ipv4 ? "::ffff:239.1.2.4" : "ff05::124";
}

static const char *our_address(void)
{
	return ipv4 ? "::ffff:192.0.2.1" : "2001:db8::1";
}

/* Bound to any address and PORT, which several may have. */
static int new_hearer(void)
{
	struct address any = address_of(any_host, PORT);
	int fd = new_socket();

	set_option(fd, SOL_SOCKET, SO_REUSEADDR, 1);
	NEED(!bind(fd, SA(&any)));

	return fd;
}

static int membership(int fd, int dev, bool join, const char *which)
{
	struct ipv6_mreq v6 = { .ipv6mr_interface = dev };
	struct ip_mreqn v4 = { .imr_ifindex = dev };

	NEED(inet_pton(AF_INET6, which, &v6.ipv6mr_multiaddr) == 1);
	memcpy(&v4.imr_multiaddr, v6.ipv6mr_multiaddr.s6_addr + 12, 4);
	if (ipv4)
		return setsockopt(fd, IPPROTO_IP, join ? IP_ADD_MEMBERSHIP :
				  IP_DROP_MEMBERSHIP, &v4, sizeof(v4));

	return setsockopt(fd, IPPROTO_IPV6, join ? IPV6_JOIN_GROUP :
			  IPV6_LEAVE_GROUP, &v6, sizeof(v6));
}

/* A membership that goes by source, of either IP: RFC 3678. */
static int of_source(int fd, int dev, int option, const char *source)
{
	struct group_source_req req = { .gsr_interface = dev };
	struct sockaddr_in6 *v6 = (void *)&req.gsr_group;
	struct sockaddr_in *v4 = (void *)&req.gsr_group;
	struct in6_addr addr;

	NEED(inet_pton(AF_INET6, group(), &addr) == 1);
	req.gsr_group.ss_family = ipv4 ? AF_INET : AF_INET6;
	if (ipv4)
		memcpy(&v4->sin_addr, addr.s6_addr + 12, 4);
	else
		v6->sin6_addr = addr;

	NEED(inet_pton(AF_INET6, source, &addr) == 1);
	v6 = (void *)&req.gsr_source;
	v4 = (void *)&req.gsr_source;
	req.gsr_source.ss_family = ipv4 ? AF_INET : AF_INET6;
	if (ipv4)
		memcpy(&v4->sin_addr, addr.s6_addr + 12, 4);
	else
		v6->sin6_addr = addr;

	return setsockopt(fd, ip_level(), option, &req, sizeof(req));
}

/* One that sends to groups by device @dev. */
static int new_speaker(int dev)
{
	struct ip_mreqn v4 = { .imr_ifindex = dev };
	int fd = new_socket();

	if (ipv4)
		NEED(!setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &v4,
				 sizeof(v4)));
	else
		NEED(!set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, dev));

	return fd;
}

static ssize_t say(int fd, const char *to, const char *text)
{
	struct address address = address_of(to, PORT);

	return sendto(fd, text, strlen(text), 0, SA(&address));
}

/* datagram-many: who has joined hears, who has left does not */
CASE(dgram, IP_ADD_MEMBERSHIP, good, members_hear)
{
	int dev = own_wire(), one = new_hearer(), two = new_hearer();
	int from = new_speaker(dev);

	EXPECT_EQ(membership(one, dev, true, group()), 0);
	EXPECT_EQ(membership(two, dev, true, group()), 0);
	EXPECT_EQ(say(from, group(), "all"), 3);
	expect_text(one, "all");
	expect_text(two, "all");
	expect_nothing(one);
}

CASE(dgram, IP_DROP_MEMBERSHIP, good, who_has_left_does_not_hear)
{
	int dev = own_wire(), one = new_hearer(), from = new_speaker(dev);

	EXPECT_EQ(membership(one, dev, true, group()), 0);
	EXPECT_EQ(membership(one, dev, false, group()), 0);
	EXPECT_EQ(say(from, group(), "all"), 3);
	usleep(20000);
	expect_nothing(one);
}

CASE(dgram, IP_ADD_MEMBERSHIP, error, twice)
{
	int dev = own_wire(), one = new_hearer();

	EXPECT_EQ(membership(one, dev, true, group()), 0);
	EXPECT_ERR(membership(one, dev, true, group()), EADDRINUSE);
}

CASE(dgram, IP_ADD_MEMBERSHIP, error, of_what_is_no_group)
{
	int dev = own_wire();

	EXPECT_ERR(membership(new_hearer(), dev, true, our_address()), EINVAL);
}

CASE(dgram, IP_DROP_MEMBERSHIP, error, without_having_joined)
{
	int dev = own_wire();

	EXPECT_ERR(membership(new_hearer(), dev, false, group()),
		   EADDRNOTAVAIL);
}

CASE(dgram, IP_MULTICAST_ALL, edge, a_member_of_none_hears_what_others_joined)
{
	int dev = own_wire(), one = new_hearer(), two = new_hearer();
	int from = new_speaker(dev);

	EXPECT_EQ(membership(one, dev, true, group()), 0);
	EXPECT_EQ(say(from, group(), "all"), 3);
	expect_text(one, "all");
	expect_text(two, "all");
	EXPECT_EQ(set_option(two, ip_level(), ipv4 ? 49 : 29, 0), 0);
	EXPECT_EQ(say(from, group(), "few"), 3);
	expect_text(one, "few");
	expect_nothing(two);
}

CASE(dgram, IP_MULTICAST_LOOP, good, switched_off_the_host_does_not_hear)
{
	int dev = own_wire(), one = new_hearer(), from = new_speaker(dev);

	EXPECT_EQ(membership(one, dev, true, group()), 0);
	EXPECT_EQ(set_option(from, ip_level(), ipv4 ? IP_MULTICAST_LOOP :
			     IPV6_MULTICAST_LOOP, 0), 0);
	EXPECT_EQ(say(from, group(), "no"), 2);
	usleep(20000);
	expect_nothing(one);
	EXPECT_EQ(set_option(from, ip_level(), ipv4 ? IP_MULTICAST_LOOP :
			     IPV6_MULTICAST_LOOP, 1), 0);
	EXPECT_EQ(say(from, group(), "yes"), 3);
	expect_text(one, "yes");
}

CASE(dgram, IP_MULTICAST_TTL, good, is_on_the_wire)
{
	int dev = own_wire(), one = new_hearer(), from = new_speaker(dev);
	struct received got;

	EXPECT_EQ(membership(one, dev, true, group()), 0);
	set_option(one, ip_level(), ipv4 ? IP_RECVTTL : IPV6_RECVHOPLIMIT, 1);
	EXPECT_EQ(say(from, group(), "x"), 1);
	receive(one, &got, 0);
	NEED(said(&got, ip_level(), ipv4 ? IP_TTL : IPV6_HOPLIMIT));
	EXPECT_EQ(*(int *)said(&got, ip_level(), ipv4 ? IP_TTL :
			       IPV6_HOPLIMIT), 1);
	EXPECT_EQ(set_option(from, ip_level(), ipv4 ? IP_MULTICAST_TTL :
			     IPV6_MULTICAST_HOPS, 9), 0);
	EXPECT_EQ(say(from, group(), "x"), 1);
	receive(one, &got, 0);
	EXPECT_EQ(*(int *)said(&got, ip_level(), ipv4 ? IP_TTL :
			       IPV6_HOPLIMIT), 9);
}

CASE(dgram, IP_MULTICAST_IF, error, a_device_that_is_not_there)
{
	struct ip_mreqn v4 = { .imr_ifindex = 4711 };
	int fd = new_socket();

	EXPECT_ERR(ipv4 ? setsockopt(fd, IPPROTO_IP, IP_MULTICAST_IF, &v4,
				     sizeof(v4)) :
			  set_option(fd, IPPROTO_IPV6, IPV6_MULTICAST_IF, 4711),
		   ipv4 ? EADDRNOTAVAIL : ENODEV);
}

CASE(dgram, MCAST_JOIN_SOURCE_GROUP, good, hears_that_source_alone)
{
	int dev = own_wire(), one = new_hearer(), two = new_hearer();
	int from = new_speaker(dev);

	EXPECT_EQ(of_source(one, dev, MCAST_JOIN_SOURCE_GROUP, our_address()),
		  0);
	EXPECT_EQ(of_source(two, dev, MCAST_JOIN_SOURCE_GROUP,
			    ipv4 ? "::ffff:192.0.2.8" : "2001:db8::8"), 0);
	EXPECT_EQ(say(from, group(), "ours"), 4);
	expect_text(one, "ours");
	usleep(20000);
	expect_nothing(two);
}

CASE(dgram, MCAST_BLOCK_SOURCE, good, does_not_hear_that_source)
{
	int dev = own_wire(), one = new_hearer(), from = new_speaker(dev);

	EXPECT_EQ(membership(one, dev, true, group()), 0);
	EXPECT_EQ(of_source(one, dev, MCAST_BLOCK_SOURCE, our_address()), 0);
	EXPECT_EQ(say(from, group(), "no"), 2);
	usleep(20000);
	expect_nothing(one);
	EXPECT_EQ(of_source(one, dev, MCAST_UNBLOCK_SOURCE, our_address()), 0);
	EXPECT_EQ(say(from, group(), "yes"), 3);
	expect_text(one, "yes");
}

CASE(dgram, bind, good, to_a_group_hears_that_group)
{
	int dev = own_wire(), one = new_socket(), from = new_speaker(dev);
	struct address address = address_of(group(), PORT);

	set_option(one, SOL_SOCKET, SO_REUSEADDR, 1);
	EXPECT_EQ(bind(one, SA(&address)), 0);
	EXPECT_EQ(membership(one, dev, true, group()), 0);
	EXPECT_EQ(membership(one, dev, true, other_group()), 0);
	EXPECT_EQ(say(from, other_group(), "other"), 5);
	EXPECT_EQ(say(from, group(), "ours"), 4);
	expect_text(one, "ours");
	expect_nothing(one);
}

CASE(dgram, connect, good, to_a_group_sends_there)
{
	int dev = own_wire(), one = new_hearer(), from = new_speaker(dev);
	struct address address = address_of(group(), PORT);

	EXPECT_EQ(membership(one, dev, true, group()), 0);
	EXPECT_EQ(connect(from, SA(&address)), 0);
	EXPECT_EQ(send(from, "x", 1, 0), 1);
	expect_text(one, "x");
}

/* datagram-unanswered: nobody answers what was sent to many */
CASE(dgram, ECONNREFUSED, edge, a_group_refuses_nobody)
{
	int dev = own_wire(), from = new_speaker(dev), one = new_hearer();
	struct address address = address_of(group(), PORT + 1);
	char byte;

	EXPECT_EQ(membership(one, dev, true, group()), 0);
	set_option(from, ip_level(), ipv4 ? IP_RECVERR : IPV6_RECVERR, 1);
	EXPECT_EQ(sendto(from, "x", 1, 0, SA(&address)), 1);
	usleep(20000);
	EXPECT_ERR(recv(from, &byte, 1, MSG_DONTWAIT), EAGAIN);
}

/* datagram-many: broadcast has to be asked for; IPv6 has none, but its sockets do IPv4 */
CASE(dgram, SO_BROADCAST, good, lets_one_send_to_all)
{
	int dev = own_wire(), one = new_hearer(), from = new_speaker(dev);

	EXPECT_EQ(set_option(from, SOL_SOCKET, SO_BROADCAST, 1), 0);
	EXPECT_EQ(say(from, "::ffff:192.0.2.255", "all"), 3);
	expect_text(one, "all");
}

CASE(dgram, SO_BROADCAST, error, without_it_nobody_may)
{
	int dev = own_wire(), from = new_speaker(dev);
	struct address all = address_of("::ffff:192.0.2.255", PORT);

	EXPECT_ERR(sendto(from, "x", 1, 0, SA(&all)), EACCES);
	EXPECT_ERR(connect(from, SA(&all)), EACCES);
}

CASE(dgram, SO_BROADCAST, edge, all_of_a_port_hear)
{
	int dev = own_wire(), one = new_hearer(), two = new_hearer();
	int from = new_speaker(dev);

	set_option(from, SOL_SOCKET, SO_BROADCAST, 1);
	EXPECT_EQ(say(from, "::ffff:192.0.2.255", "all"), 3);
	expect_text(one, "all");
	expect_text(two, "all");
}
