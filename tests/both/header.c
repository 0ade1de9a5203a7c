// SPDX-License-Identifier: GPL-2.0
/*
 * What a program sets for IP's header, as the wire sees it: on each segment,
 * from the first SYN to the last reset.
 */
#include <linux/if_packet.h>
#include <net/ethernet.h>
#include <net/if.h>

#include "both.h"

#define TOS	0x28
#define HOPS	77

/* Everything that passes the loopback device of a network of our own. */
static int new_ear(void)
{
	struct sockaddr_ll at = {
		.sll_family	= AF_PACKET,
		.sll_protocol	= htons(ETH_P_ALL),
	};
	int fd;

	own_network();
	at.sll_ifindex = if_nametoindex("lo");
	fd = socket(AF_PACKET, SOCK_DGRAM, htons(ETH_P_ALL));
	NEED(fd >= 0);
	NEED(!bind(fd, (struct sockaddr *)&at, sizeof(at)));
	no_wait(fd);

	return fd;
}

static int protocol_of(const unsigned char *packet)
{
	return packet[0] >> 4 == 4 ? packet[9] : packet[6];
}

/* Without ECN's two bits. */
static int tos_of(const unsigned char *packet)
{
	int tos = packet[0] >> 4 == 4 ? packet[1] :
		  (packet[0] & 15) << 4 | packet[1] >> 4;

	return tos & 0xfc;
}

static int hops_of(const unsigned char *packet)
{
	return packet[0] >> 4 == 4 ? packet[8] : packet[7];
}

/* Look at what has passed: returns how many segments; @others have other hops. */
static int heard(int ear, int *others)
{
	int protocol = over_clasp ? IPPROTO_CLASP : IPPROTO_TCP, n = 0;
	unsigned char packet[2048];

	*others = 0;
	while (recv(ear, packet, sizeof(packet), 0) > 0) {
		if (protocol_of(packet) != protocol)
			continue;
		EXPECT_EQ(tos_of(packet), TOS);
		*others += hops_of(packet) != HOPS;
		n++;
	}

	return n;
}

static void set_header(int fd)
{
	NEED(!set_option(fd, ip_level(), ipv4 ? IP_TOS : IPV6_TCLASS, TOS));
	NEED(!set_option(fd, ip_level(), ipv4 ? IP_TTL : IPV6_UNICAST_HOPS,
			 HOPS));
}

static void pair_with_header(int *client, int *server)
{
	int listener = new_listener(1);

	set_header(listener);
	*client = new_socket();
	set_header(*client);
	connect_to(*client, port_of(listener));
	*server = accept_one(listener);
	close(listener);
}

CASE(stream, IP_TOS, good, each_segment_has_what_was_set)
{
	int ear = new_ear(), client, server, others;
	char room[8];

	pair_with_header(&client, &server);
	send_all(client, "abc", 3);
	NEED(recv(server, room, 3, MSG_WAITALL) == 3);
	send_all(server, "abc", 3);
	NEED(recv(client, room, 3, MSG_WAITALL) == 3);
	close(client);
	usleep(100000);
	close(server);
	usleep(100000);
	/* each is heard where it leaves and where it arrives */
	EXPECT_TRUE(heard(ear, &others) >= 2 * 8);
	EXPECT_EQ(others, DIFFERS("TCP's TIME_WAIT answers with the host's TTL",
				  0, 2));
}

CASE(stream, IP_TTL, good, a_reset_has_what_was_set)
{
	int ear = new_ear(), client, server, others;

	pair_with_header(&client, &server);
	send_all(client, "abc", 3);
	usleep(100000);
	heard(ear, &others);
	/* unread */
	close(server);
	usleep(100000);
	EXPECT_EQ(heard(ear, &others), 2);
	EXPECT_EQ(others, 0);
	EXPECT_EQ(error_of(client), ECONNRESET);
}

/* A connection is not begun with one who is too far away. */
CASE(stream, IP_MINTTL, good, who_is_too_far_away_is_not_heard)
{
	int listener = new_listener(2), least = ipv4 ? IP_MINTTL :
						       IPV6_MINHOPCOUNT;
	struct address address = name_of(listener);
	int hops = ipv4 ? IP_TTL : IPV6_UNICAST_HOPS, fd = new_socket();

	NEED(!set_option(listener, ip_level(), least, 255));
	no_wait(fd);
	EXPECT_ERR(connect(fd, SA(&address)), EINPROGRESS);
	usleep(300000);
	EXPECT_EQ(state_of(fd), TCP_SYN_SENT);

	fd = new_socket();
	NEED(!set_option(fd, ip_level(), hops, 255));
	EXPECT_EQ(connect(fd, SA(&address)), 0);
}

CASE(stream, IP_MINTTL, error, a_distance_is_one_octet)
{
	int fd = new_socket(), least = ipv4 ? IP_MINTTL : IPV6_MINHOPCOUNT;

	EXPECT_ERR(set_option(fd, ip_level(), least, 256), EINVAL);
	EXPECT_ERR(set_option(fd, ip_level(), least, -1), EINVAL);
	EXPECT_ERR(setsockopt(fd, ip_level(), least, "", 0), EINVAL);
	EXPECT_EQ(get_option(fd, ip_level(), least), 0);
}

/* How the handshake's last segment came. */
CASE(stream, IP_PKTOPTIONS, good, an_accepted_socket_knows_how_it_was_reached)
{
	int client, server, want = ipv4 ? IP_RECVTTL : IPV6_2292HOPLIMIT, hops;
	union {
		struct cmsghdr	header;
		char		room[128];
	} got;
	socklen_t len = sizeof(got);

	pair_with_header(&client, &server);
	NEED(!set_option(server, ip_level(), want, 1));
	EXPECT_EQ(getsockopt(server, ip_level(),
			     ipv4 ? IP_PKTOPTIONS : IPV6_2292PKTOPTIONS,
			     &got, &len), 0);
	EXPECT_EQ(len, CMSG_SPACE(sizeof(int)));
	EXPECT_EQ(got.header.cmsg_level, ip_level());
	EXPECT_EQ(got.header.cmsg_type, ipv4 ? IP_TTL : IPV6_2292HOPLIMIT);
	memcpy(&hops, CMSG_DATA(&got.header), sizeof(hops));
	EXPECT_EQ(hops, HOPS);
}

CASE(stream, IP_ADD_MEMBERSHIP, error, streams_join_no_group)
{
	struct ip_mreqn group = { .imr_multiaddr.s_addr = htonl(0xe0000117) };
	struct ipv6_mreq group6 = { .ipv6mr_multiaddr.s6_addr = { 0xff, 2, [15] = 9 } };
	int fd = new_socket();

	if (ipv4) {
		EXPECT_ERR(setsockopt(fd, IPPROTO_IP, IP_ADD_MEMBERSHIP,
				      &group, sizeof(group)), EPROTO);
		EXPECT_ERR(setsockopt(fd, IPPROTO_IP, IP_DROP_MEMBERSHIP,
				      &group, sizeof(group)), EPROTO);
		return;
	}
	EXPECT_ERR(setsockopt(fd, IPPROTO_IPV6, IPV6_ADD_MEMBERSHIP, &group6,
			      sizeof(group6)), EPROTO);
	EXPECT_ERR(setsockopt(fd, IPPROTO_IPV6, IPV6_DROP_MEMBERSHIP, &group6,
			      sizeof(group6)), EPROTO);
}
