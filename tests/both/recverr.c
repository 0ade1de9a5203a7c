// SPDX-License-Identifier: GPL-2.0
/*
 * IP_RECVERR, IPV6_RECVERR: ICMP errors for who wants to see them.
 */
#include <linux/icmp.h>
#include <linux/icmpv6.h>
#include <poll.h>

#include "error.h"
#include "wire.h"

#define PORT	7

static int recverr(void)
{
	return ipv4 ? IP_RECVERR : IPV6_RECVERR;
}

/* A stream that is being opened; @syn is what has left of it. */
static int new_opening(int wire, bool wants_errors, struct packet *syn)
{
	struct address to = address_of(far_host(), PORT);
	int fd = new_socket();

	NEED(!wants_errors || !set_option(fd, ip_level(), recverr(), 1));
	no_wait(fd);
	EXPECT_ERR(connect(fd, SA(&to)), EINPROGRESS);
	next_packet(wire, syn);

	return fd;
}

static void refuse_port(int wire, const struct packet *packet)
{
	if (ipv4)
		send_icmp_error(wire, packet, ICMP_DEST_UNREACH,
				ICMP_PORT_UNREACH);
	else
		send_icmp_error(wire, packet, ICMPV6_DEST_UNREACH,
				ICMPV6_PORT_UNREACH);
	usleep(20000);
}

static void expect_host(const struct address *address, const char *host,
			int port)
{
	struct address wanted = address_of(host, port);

	EXPECT_TRUE(same_address(address, &wanted));
}

CASE(stream, IP_RECVERR, good, shows_why_a_stream_did_not_open)
{
	int wire = new_wire(), fd;
	struct packet syn;
	struct told told;

	fd = new_opening(wire, true, &syn);
	refuse_port(wire, &syn);
	next_error(fd, &told);
	EXPECT_EQ(told.level, over_clasp ? IPPROTO_IPV6 : ip_level());
	EXPECT_EQ(told.name, over_clasp ? IPV6_RECVERR : recverr());
	EXPECT_EQ(told.ee.ee_errno, ECONNREFUSED);
	EXPECT_EQ(told.ee.ee_origin,
		  ipv4 ? SO_EE_ORIGIN_ICMP : SO_EE_ORIGIN_ICMP6);
	EXPECT_EQ(told.ee.ee_type, ipv4 ? ICMP_DEST_UNREACH :
					  ICMPV6_DEST_UNREACH);
	EXPECT_EQ(told.ee.ee_code, ipv4 ? ICMP_PORT_UNREACH :
					  ICMPV6_PORT_UNREACH);
	EXPECT_EQ(told.ee.ee_info, 0);
	EXPECT_EQ(told.ee.ee_data, 0);
	expect_host(&told.to, far_host(), PORT);
	expect_host(&told.offender, router(), 0);
	/* what was sent, from its ports on */
	EXPECT_TRUE(told.len >= 8);
	EXPECT_EQ(memcmp(told.bytes, syn.bytes + syn.ip_len, 8), 0);
	EXPECT_TRUE(no_error(fd));
}

CASE(stream, IP_RECVERR, good, so_error_tells_it_too)
{
	int wire = new_wire(), fd, i;
	struct packet syn;

	fd = new_opening(wire, true, &syn);
	for (i = 0; i < 2; i++)
		refuse_port(wire, &syn);
	EXPECT_EQ(await_events(fd, POLLERR) & POLLERR, POLLERR);
	EXPECT_EQ(error_of(fd), ECONNREFUSED);
	EXPECT_EQ(error_of(fd), 0);
}

CASE(stream, IP_RECVERR, edge, off_it_queues_nothing)
{
	int wire = new_wire(), fd;
	struct packet syn;

	fd = new_opening(wire, false, &syn);
	refuse_port(wire, &syn);
	EXPECT_EQ(await_events(fd, POLLERR) & POLLERR, POLLERR);
	EXPECT_EQ(error_of(fd), ECONNREFUSED);
	EXPECT_EQ(no_error(fd),
		  DIFFERS("ip(7): only who asked; TCP queues over IPv4 always",
			  true, !ipv4));
}

CASE(stream, IP_RECVERR, edge, switched_off_it_forgets)
{
	int wire = new_wire(), fd;
	struct packet syn;

	fd = new_opening(wire, true, &syn);
	refuse_port(wire, &syn);
	EXPECT_EQ(await_events(fd, POLLERR) & POLLERR, POLLERR);
	EXPECT_EQ(set_option(fd, ip_level(), recverr(), 0), 0);
	EXPECT_EQ(get_option(fd, ip_level(), recverr()), 0);
	EXPECT_TRUE(no_error(fd));
}

CASE(stream, MSG_ERRQUEUE, good, cuts_what_there_is_no_room_for)
{
	int wire = new_wire(), fd;
	char bytes[4];
	struct iovec to = { bytes, sizeof(bytes) };
	struct msghdr msg = { .msg_iov = &to, .msg_iovlen = 1 };
	struct packet syn;

	fd = new_opening(wire, true, &syn);
	refuse_port(wire, &syn);
	EXPECT_EQ(await_events(fd, POLLERR) & POLLERR, POLLERR);
	EXPECT_EQ(recvmsg(fd, &msg, MSG_ERRQUEUE), 4);
	EXPECT_EQ(msg.msg_flags & (MSG_TRUNC | MSG_CTRUNC | MSG_ERRQUEUE),
		  MSG_TRUNC | MSG_CTRUNC | MSG_ERRQUEUE);
	EXPECT_EQ(memcmp(bytes, syn.bytes + syn.ip_len, 4), 0);
}

CASE(stream, MSG_ERRQUEUE, edge, never_waits)
{
	int client, server;
	char octet;

	new_pair(&client, &server);
	EXPECT_ERR(recv(client, &octet, 1, MSG_ERRQUEUE), EAGAIN);
	EXPECT_ERR(recv(new_listener(1), &octet, 1, MSG_ERRQUEUE), EAGAIN);
	EXPECT_ERR(recv(new_socket(), &octet, 1, MSG_ERRQUEUE), EAGAIN);
}

CASE(stream, MSG_ERRQUEUE, error, what_cannot_be_written_is_lost)
{
	int wire = new_wire(), fd;
	struct packet syn;

	fd = new_opening(wire, true, &syn);
	refuse_port(wire, &syn);
	EXPECT_EQ(await_events(fd, POLLERR) & POLLERR, POLLERR);
	EXPECT_ERR(recv(fd, before_a_hole() + 8, 8, MSG_ERRQUEUE), EFAULT);
	EXPECT_TRUE(no_error(fd));
}

CASE(stream, IP_RECVERR, error, a_forged_one_is_not_shown)
{
	int wire = new_wire(), fd;
	struct packet syn, forged;

	fd = new_opening(wire, true, &syn);
	forged = syn;
	forged.bytes[forged.ip_len + 4] ^= 0x40;
	refuse_port(wire, &forged);
	EXPECT_TRUE(no_error(fd));
	EXPECT_EQ(error_of(fd), 0);
	refuse_port(wire, &syn);
	EXPECT_EQ(await_events(fd, POLLERR) & POLLERR, POLLERR);
	EXPECT_TRUE(!no_error(fd));
}
