// SPDX-License-Identifier: GPL-2.0
/*
 * Datagrams: what is said beside their bytes (control messages, both ways), and
 * the options behind it.
 */
#include <arpa/inet.h>
#include <linux/errqueue.h>
#include <netinet/ip.h>
#include <sys/time.h>

#include "dgram.h"

CASE(dgram, IP_PKTINFO, good, tells_where_a_datagram_came_to)
{
	int one = new_bound(), two = new_bound();
	struct received got;

	EXPECT_EQ(set_option(two, ip_level(), ipv4 ? IP_PKTINFO :
					      IPV6_RECVPKTINFO, 1), 0);
	EXPECT_EQ(send_text(one, port_of(two), "x"), 1);
	receive(two, &got, 0);
	EXPECT_EQ(got.len, 1);
	if (ipv4) {
		struct in_pktinfo *info = said(&got, IPPROTO_IP, IP_PKTINFO);

		NEED(info);
		EXPECT_EQ(info->ipi_addr.s_addr, htonl(INADDR_LOOPBACK));
		EXPECT_EQ(info->ipi_spec_dst.s_addr, htonl(INADDR_LOOPBACK));
		EXPECT_EQ(info->ipi_ifindex, 1);
	} else {
		struct in6_pktinfo *info = said(&got, IPPROTO_IPV6,
						IPV6_PKTINFO);

		NEED(info);
		EXPECT_TRUE(!memcmp(&info->ipi6_addr, &in6addr_loopback, 16));
		EXPECT_EQ(info->ipi6_ifindex, 1);
	}
}

/* The source address of what is sent with control message @value. */
static void expect_source(const void *value, size_t len, const char *source)
{
	struct address from = { .len = sizeof(from.room) }, wanted;
	int one = new_socket(), two = new_socket();
	struct address to = address_of(any_host, 0);
	char byte;

	EXPECT_EQ(bind(two, SA(&to)), 0);
	to = address_of(this_host, port_of(two));
	EXPECT_EQ(send_saying(one, &to, ip_level(),
			      ipv4 ? IP_PKTINFO : IPV6_PKTINFO, value, len), 1);
	EXPECT_EQ(recvfrom(two, &byte, 1, 0, &from.sa, &from.len), 1);
	wanted = address_of(source, port_of(one));
	EXPECT_TRUE(same_address(&from, &wanted));
}

CASE(dgram, IP_PKTINFO, good, says_which_address_to_send_from)
{
	struct in_pktinfo v4 = { .ipi_spec_dst.s_addr = htonl(0x7f000005) };
	struct in6_pktinfo v6 = { .ipi6_ifindex = 0 };

	own_network();
	NEED(!system("ip addr add 2001:db8::5/128 dev lo nodad"));
	inet_pton(AF_INET6, "2001:db8::5", &v6.ipi6_addr);
	if (ipv4)
		expect_source(&v4, sizeof(v4), "::ffff:127.0.0.5");
	else
		expect_source(&v6, sizeof(v6), "2001:db8::5");
}

CASE(dgram, IP_PKTINFO, error, an_address_that_is_not_ours)
{
	struct in_pktinfo v4 = { .ipi_spec_dst.s_addr = htonl(0xc0000209) };
	struct in6_pktinfo v6 = { .ipi6_ifindex = 0 };
	struct address to = address_of(this_host, 9);

	inet_pton(AF_INET6, "2001:db8::77", &v6.ipi6_addr);
	EXPECT_ERR(send_saying(new_socket(), &to, ip_level(),
			       ipv4 ? IP_PKTINFO : IPV6_PKTINFO,
			       ipv4 ? (void *)&v4 : (void *)&v6,
			       ipv4 ? sizeof(v4) : sizeof(v6)),
		   ipv4 ? ENETUNREACH : EINVAL);
}

CASE(dgram, cmsg, error, one_that_is_too_short)
{
	struct address to = address_of(this_host, 9);
	short value = 1;

	EXPECT_ERR(send_saying(new_socket(), &to, ip_level(),
			       ipv4 ? IP_TTL : IPV6_HOPLIMIT, &value,
			       sizeof(value)), EINVAL);
}

CASE(dgram, cmsg, error, one_that_nobody_knows)
{
	struct address to = address_of(this_host, 9);
	int value = 1;

	EXPECT_ERR(send_saying(new_socket(), &to, ip_level(), 250, &value,
			       sizeof(value)), EINVAL);
}

/* What a receiver hears of @hears after @value was said by control message. */
static int heard(int says, int hears, int heard_as, int value)
{
	int one = new_bound(), two = new_bound();
	struct address to = name_of(two);
	struct received got;

	EXPECT_EQ(set_option(two, ip_level(), hears, 1), 0);
	EXPECT_EQ(send_saying(one, &to, ip_level(), says, &value,
			      sizeof(value)), 1);
	receive(two, &got, 0);
	EXPECT_EQ(got.len, 1);
	NEED(said(&got, ip_level(), heard_as));

	return ipv4 && hears == IP_RECVTOS ?
	       *(unsigned char *)said(&got, ip_level(), heard_as) :
	       *(int *)said(&got, ip_level(), heard_as);
}

CASE(dgram, IP_RECVTTL, good, tells_the_ttl_that_a_control_message_set)
{
	EXPECT_EQ(ipv4 ? heard(IP_TTL, IP_RECVTTL, IP_TTL, 33) :
			 heard(IPV6_HOPLIMIT, IPV6_RECVHOPLIMIT, IPV6_HOPLIMIT,
			       33), 33);
}

CASE(dgram, IP_TTL, good, of_the_socket_is_on_the_wire)
{
	int one = new_bound(), two = new_bound();
	struct received got;

	EXPECT_EQ(set_option(two, ip_level(), ipv4 ? IP_RECVTTL :
					      IPV6_RECVHOPLIMIT, 1), 0);
	EXPECT_EQ(set_option(one, ip_level(), ipv4 ? IP_TTL :
					      IPV6_UNICAST_HOPS, 44), 0);
	EXPECT_EQ(send_text(one, port_of(two), "x"), 1);
	receive(two, &got, 0);
	NEED(said(&got, ip_level(), ipv4 ? IP_TTL : IPV6_HOPLIMIT));
	EXPECT_EQ(*(int *)said(&got, ip_level(), ipv4 ? IP_TTL :
			       IPV6_HOPLIMIT), 44);
}

CASE(dgram, IP_TTL, error, outside_of_its_range)
{
	struct address to = address_of(this_host, 9);
	int value = 256;

	EXPECT_ERR(send_saying(new_socket(), &to, ip_level(),
			       ipv4 ? IP_TTL : IPV6_HOPLIMIT, &value,
			       sizeof(value)), EINVAL);
}

CASE(dgram, IP_RECVTOS, good, tells_the_tos_that_a_control_message_set)
{
	EXPECT_EQ(ipv4 ? heard(IP_TOS, IP_RECVTOS, IP_TOS, 0x28) :
			 heard(IPV6_TCLASS, IPV6_RECVTCLASS, IPV6_TCLASS, 0x28),
		  0x28);
}

CASE(dgram, IP_TOS, good, of_the_sender_is_on_the_wire)
{
	int one = new_bound(), two = new_bound();
	struct received got;

	EXPECT_EQ(set_option(two, ip_level(), ipv4 ? IP_RECVTOS :
					      IPV6_RECVTCLASS, 1), 0);
	EXPECT_EQ(set_option(one, ip_level(), ipv4 ? IP_TOS : IPV6_TCLASS,
			     0x48), 0);
	EXPECT_EQ(send_text(one, port_of(two), "x"), 1);
	receive(two, &got, 0);
	NEED(said(&got, ip_level(), ipv4 ? IP_TOS : IPV6_TCLASS));
	EXPECT_EQ(*(unsigned char *)said(&got, ip_level(), ipv4 ? IP_TOS :
					 IPV6_TCLASS), 0x48);
}

CASE(dgram, SO_TIMESTAMP, good, tells_when_it_arrived)
{
	struct received got;
	struct timeval now;
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(set_option(two, SOL_SOCKET, SO_TIMESTAMP, 1), 0);
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	receive(two, &got, 0);
	NEED(said(&got, SOL_SOCKET, SO_TIMESTAMP));
	gettimeofday(&now, NULL);
	EXPECT_TRUE(labs(((struct timeval *)said(&got, SOL_SOCKET,
						 SO_TIMESTAMP))->tv_sec -
			 now.tv_sec) <= 2);
}

CASE(dgram, SO_RXQ_OVFL, good, tells_how_many_were_dropped)
{
	struct received got;
	int one, two, i;

	new_pair(&one, &two);
	EXPECT_EQ(set_option(two, SOL_SOCKET, SO_RXQ_OVFL, 1), 0);
	set_option(two, SOL_SOCKET, SO_RCVBUF, 2304);
	for (i = 0; i < 100; i++)
		EXPECT_EQ(send(one, "x", 1, 0), 1);
	while (recv(two, got.data, 1, MSG_DONTWAIT) == 1)
		i--;
	EXPECT_TRUE(i > 0 && i < 100);
	EXPECT_EQ(send(one, "y", 1, 0), 1);
	receive(two, &got, 0);
	EXPECT_EQ(got.len, 1);
	NEED(said(&got, SOL_SOCKET, SO_RXQ_OVFL));
	EXPECT_EQ(*(unsigned int *)said(&got, SOL_SOCKET, SO_RXQ_OVFL), i);
}

/* datagram-full: what does not fit the receive buffer is dropped, and no error */
CASE(dgram, SO_RCVBUF, good, a_full_buffer_drops)
{
	static char data[1000];
	int one, two, heard = 0, i;

	new_pair(&one, &two);
	set_option(two, SOL_SOCKET, SO_RCVBUF, 10000);
	for (i = 0; i < 100; i++)
		EXPECT_EQ(send(one, data, sizeof(data), 0), sizeof(data));
	while (recv(two, data, sizeof(data), MSG_DONTWAIT) > 0)
		heard++;
	EXPECT_TRUE(heard >= 4 && heard <= 20);
	EXPECT_EQ(error_of(two), 0);
	EXPECT_EQ(send(one, data, 1, 0), 1);
	EXPECT_EQ(recv(two, data, 1, 0), 1);
}

CASE(dgram, SO_PEEK_OFF, good, peeks_on)
{
	int one, two;
	char buffer[4] = "";

	new_pair(&one, &two);
	EXPECT_EQ(set_option(two, SOL_SOCKET, SO_PEEK_OFF, 0), 0);
	EXPECT_EQ(send(one, "abcdef", 6, 0), 6);
	EXPECT_EQ(recv(two, buffer, 2, MSG_PEEK), 2);
	EXPECT_TRUE(!memcmp(buffer, "ab", 2));
	EXPECT_EQ(recv(two, buffer, 2, MSG_PEEK), 2);
	EXPECT_TRUE(!memcmp(buffer, "cd", 2));
	EXPECT_EQ(get_option(two, SOL_SOCKET, SO_PEEK_OFF), 4);
	expect_text(two, "abcdef");
	EXPECT_EQ(get_option(two, SOL_SOCKET, SO_PEEK_OFF), 0);
}

CASE(dgram, SO_PEEK_OFF, edge, goes_on_to_the_next_datagram)
{
	int one, two;
	char buffer[4] = "";

	new_pair(&one, &two);
	EXPECT_EQ(set_option(two, SOL_SOCKET, SO_PEEK_OFF, 2), 0);
	EXPECT_EQ(send(one, "ab", 2, 0), 2);
	EXPECT_EQ(send(one, "cd", 2, 0), 2);
	EXPECT_EQ(recv(two, buffer, 2, MSG_PEEK), 2);
	EXPECT_TRUE(!memcmp(buffer, "cd", 2));
}

/* The first error in the queue; its name is in @got. */
static struct sock_extended_err *queued_error(int fd, struct received *got)
{
	bool v4 = DIFFERS("it is IPv6's of a socket that can do both",
			  false, ipv4);

	EXPECT_EQ(await_events(fd, 8 /* POLLERR */) & 8, 8);
	receive(fd, got, MSG_ERRQUEUE);
	NEED(got->len >= 0);
	EXPECT_EQ(got->msg.msg_flags & MSG_ERRQUEUE, MSG_ERRQUEUE);
	NEED(v4 ? said(got, IPPROTO_IP, IP_RECVERR) :
		  said(got, IPPROTO_IPV6, IPV6_RECVERR));

	return v4 ? said(got, IPPROTO_IP, IP_RECVERR) :
		    said(got, IPPROTO_IPV6, IPV6_RECVERR);
}

CASE(dgram, IP_RECVERR, good, an_unconnected_socket_hears_of_closed_ports)
{
	int one = new_bound(), port = unused_port();
	struct sock_extended_err *error;
	struct received got;

	EXPECT_EQ(set_option(one, ip_level(), ipv4 ? IP_RECVERR :
					      IPV6_RECVERR, 1), 0);
	EXPECT_EQ(send_text(one, port, "text"), 4);
	error = queued_error(one, &got);
	EXPECT_EQ(error->ee_errno, ECONNREFUSED);
	EXPECT_EQ(error->ee_origin, ipv4 ? SO_EE_ORIGIN_ICMP :
		  SO_EE_ORIGIN_ICMP6);
	EXPECT_EQ(error->ee_type, ipv4 ? 3 : 1);
	EXPECT_EQ(error->ee_code, ipv4 ? 3 : 4);
	EXPECT_EQ(got.len, 4);
	EXPECT_TRUE(!memcmp(got.data, "text", 4));
}

CASE(dgram, IP_RECVERR, edge, tells_where_the_datagram_was_to_go)
{
	int one = new_bound(), port = unused_port();
	struct address to = { .len = sizeof(to.room) };
	struct msghdr msg = {
		.msg_name = &to.sa, .msg_namelen = sizeof(to.room),
	};

	EXPECT_EQ(set_option(one, ip_level(), ipv4 ? IP_RECVERR :
					      IPV6_RECVERR, 1), 0);
	EXPECT_EQ(send_text(one, port, "text"), 4);
	EXPECT_EQ(await_events(one, 8 /* POLLERR */) & 8, 8);
	EXPECT_EQ(recvmsg(one, &msg, MSG_ERRQUEUE), 0);
	EXPECT_EQ(msg.msg_flags & MSG_TRUNC, MSG_TRUNC);
	EXPECT_EQ(port_in(&to), port);
}

CASE(dgram, IP_RECVERR, error, an_empty_queue)
{
	struct received got;

	receive(new_bound(), &got, MSG_ERRQUEUE);
	EXPECT_EQ(got.len, -1);
	EXPECT_EQ(errno, EAGAIN);
}

CASE(dgram, IP_MTU_DISCOVER, good, without_fragments_too_long_is_an_error)
{
	static char much[3000];
	struct address to;
	int one;

	own_wire();
	one = new_socket();
	to = address_of(ipv4 ? "::ffff:192.0.2.9" : "2001:db8::9", 9);
	EXPECT_EQ(sendto(one, much, sizeof(much), 0, SA(&to)), sizeof(much));
	EXPECT_EQ(set_option(one, ip_level(), ipv4 ? IP_MTU_DISCOVER :
			     IPV6_MTU_DISCOVER, IP_PMTUDISC_DO), 0);
	EXPECT_ERR(sendto(one, much, sizeof(much), 0, SA(&to)), EMSGSIZE);
	EXPECT_ERR(sendto(one, much, ipv4 ? 1473 : 1453, 0, SA(&to)), EMSGSIZE);
	EXPECT_EQ(sendto(one, much, ipv4 ? 1472 : 1452, 0, SA(&to)),
		  ipv4 ? 1472 : 1452);
}

CASE(dgram, IP_MTU_DISCOVER, edge, the_error_queue_tells_the_mtu)
{
	struct sock_extended_err *error;
	static char much[3000];
	struct received got;
	struct address to;
	int one;

	own_wire();
	one = new_socket();
	to = address_of(ipv4 ? "::ffff:192.0.2.9" : "2001:db8::9", 9);
	set_option(one, ip_level(), ipv4 ? IP_RECVERR : IPV6_RECVERR, 1);
	set_option(one, ip_level(), ipv4 ? IP_MTU_DISCOVER : IPV6_MTU_DISCOVER,
		   IP_PMTUDISC_DO);
	EXPECT_ERR(sendto(one, much, sizeof(much), 0, SA(&to)), EMSGSIZE);
	error = queued_error(one, &got);
	EXPECT_EQ(error->ee_errno, EMSGSIZE);
	EXPECT_EQ(error->ee_origin, SO_EE_ORIGIN_LOCAL);
	EXPECT_EQ(error->ee_info, 1500);
}

CASE(dgram, SO_ATTACH_FILTER, good, lets_in_what_it_likes)
{
	/* the first byte of payload, behind 8 bytes of header, is 'y' */
	struct {
		unsigned short code;
		unsigned char yes, no;
		unsigned int k;
	} program[] = {
		{ 0x30, 0, 0, 8 }, { 0x15, 0, 1, 'y' },
		{ 0x06, 0, 0, 0xffff }, { 0x06, 0, 0, 0 },
	};
	struct { unsigned short len; void *program; } filter = { 4, program };
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(setsockopt(two, SOL_SOCKET, SO_ATTACH_FILTER, &filter,
			     sizeof(filter)), 0);
	EXPECT_EQ(send(one, "no", 2, 0), 2);
	EXPECT_EQ(send(one, "yes", 3, 0), 3);
	expect_text(two, "yes");
	expect_nothing(two);
}

CASE(dgram, SO_BINDTODEVICE, good, hears_that_device_alone)
{
	int one, two, other;

	own_wire();
	one = new_bound();
	two = new_bound();
	other = new_bound();
	EXPECT_EQ(setsockopt(two, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3), 0);
	EXPECT_EQ(setsockopt(other, SOL_SOCKET, SO_BINDTODEVICE, "wire0", 6), 0);
	EXPECT_EQ(send_text(one, port_of(two), "x"), 1);
	expect_text(two, "x");
	EXPECT_EQ(send_text(one, port_of(other), "x"), 1);
	usleep(10000);
	expect_nothing(other);
}

CASE(dgram, SO_MARK, good, a_control_message_may_say_it)
{
	int one = new_bound(), two = new_bound(), mark = 7;
	struct address to = name_of(two);

	EXPECT_EQ(send_saying(one, &to, SOL_SOCKET, SO_MARK, &mark,
			      sizeof(mark)), 1);
	expect_text(two, "x");
}

CASE(dgram, SO_PROTOCOL, good, says_which)
{
	EXPECT_EQ(get_option(new_socket(), SOL_SOCKET, SO_PROTOCOL),
		  DIFFERS("its number", IPPROTO_CLASP_DG, IPPROTO_UDP));
}

CASE(dgram, SO_RCVTIMEO, good, a_wait_ends)
{
	struct timeval soon = { .tv_usec = 50000 };
	int one = new_bound();
	char byte;

	setsockopt(one, SOL_SOCKET, SO_RCVTIMEO, &soon, sizeof(soon));
	EXPECT_ERR(recv(one, &byte, 1, 0), EAGAIN);
}

CASE(dgram, poll, good, tells_what_is_to_be_read)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(events_of(two), 4 /* POLLOUT */);
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_EQ(events_of(two), 5 /* POLLIN | POLLOUT */);
	expect_text(two, "x");
	EXPECT_EQ(events_of(two), 4);
}

CASE(dgram, poll, edge, tells_of_an_error)
{
	int one = new_bound();

	connect_to(one, unused_port());
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_EQ(events_of(one) & 8, 8 /* POLLERR */);
	EXPECT_EQ(error_of(one), ECONNREFUSED);
	EXPECT_EQ(events_of(one) & 8, 0);
}

CASE(dgram, MSG_ZEROCOPY, good, the_error_queue_says_when_it_is_done)
{
	struct sock_extended_err *error;
	struct received got;
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(set_option(one, SOL_SOCKET, SO_ZEROCOPY, 1), 0);
	EXPECT_EQ(send(one, "zero", 4, MSG_ZEROCOPY), 4);
	EXPECT_EQ(send(one, "copy", 4, MSG_ZEROCOPY), 4);
	expect_text(two, "zero");
	expect_text(two, "copy");
	error = queued_error(one, &got);
	EXPECT_EQ(error->ee_errno, 0);
	EXPECT_EQ(error->ee_origin, SO_EE_ORIGIN_ZEROCOPY);
	EXPECT_EQ(error->ee_info, 0);
}

CASE(dgram, MSG_ZEROCOPY, edge, without_the_option_it_is_nothing)
{
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "zero", 4, MSG_ZEROCOPY), 4);
	expect_text(two, "zero");
	EXPECT_EQ(events_of(one) & 8, 0);
}

CASE(dgram, SO_TIMESTAMPING, good, tells_when_a_datagram_left)
{
	int flags = 2 /* TX_SOFTWARE */ | 16 /* SOFTWARE */ | 128 /* OPT_ID */;
	struct sock_extended_err *error;
	struct received got;
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(set_option(one, SOL_SOCKET, SO_TIMESTAMPING, flags), 0);
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_EQ(send(one, "y", 1, 0), 1);
	error = queued_error(one, &got);
	EXPECT_EQ(error->ee_errno, ENOMSG);
	EXPECT_EQ(error->ee_origin, SO_EE_ORIGIN_TIMESTAMPING);
	EXPECT_EQ(error->ee_data, 0);
	NEED(said(&got, SOL_SOCKET, SO_TIMESTAMPING));
	error = queued_error(one, &got);
	EXPECT_EQ(error->ee_data, 1);
}

CASE(dgram, IP_OPTIONS, good, options_and_extension_headers_are_on_the_wire)
{
	/* a route to be recorded; destination options of padding alone */
	const char route[8] = { 7, 7, 4 }, pad[8] = { 0, 0, 1, 4 };
	int one = new_bound(), two = new_bound();
	int where = ip_level(), name = ipv4 ? IP_RECVOPTS : IPV6_DSTOPTS;
	struct received got;

	EXPECT_EQ(set_option(two, where, ipv4 ? IP_RECVOPTS :
					 IPV6_RECVDSTOPTS, 1), 0);
	EXPECT_EQ(setsockopt(one, where, ipv4 ? IP_OPTIONS : IPV6_DSTOPTS,
			     ipv4 ? route : pad, 8), 0);
	EXPECT_EQ(send_text(one, port_of(two), "text"), 4);
	receive(two, &got, 0);
	EXPECT_EQ(got.len, 4);
	EXPECT_TRUE(!memcmp(got.data, "text", 4));
	NEED(said(&got, where, name));
	EXPECT_EQ(((unsigned char *)said(&got, where, name))[ipv4 ? 1 : 2],
		  ipv4 ? 7 : 1);
}

CASE(dgram, IPV6_DSTOPTS, good, a_control_message_may_say_them)
{
	const char pad[8] = { 0, 0, 1, 4 };
	int one = new_bound(), two = new_bound();
	struct address to = name_of(two);
	struct received got;

	if (ipv4) {
		/* IPv6's headers are nothing to a datagram that goes by IPv4 */
		EXPECT_EQ(set_option(two, IPPROTO_IP, IP_RECVTTL, 1), 0);
	} else {
		EXPECT_EQ(set_option(two, IPPROTO_IPV6, IPV6_RECVDSTOPTS, 1), 0);
	}
	EXPECT_EQ(send_saying(one, &to, IPPROTO_IPV6, IPV6_DSTOPTS, pad,
			      sizeof(pad)), 1);
	receive(two, &got, 0);
	EXPECT_EQ(got.len, 1);
	NEED(ipv4 ? said(&got, IPPROTO_IP, IP_TTL) :
		    said(&got, IPPROTO_IPV6, IPV6_DSTOPTS));
}

/* A socket that sent nothing yet has no route, and then its peer's. */
CASE(dgram, IP_MTU, good, of_the_peer)
{
	int one = new_bound(), two = new_bound();

	connect_to(one, port_of(two));
	/* lo's, within what a length field of IPv4 can say */
	EXPECT_EQ(get_option(one, ip_level(), ipv4 ? IP_MTU : IPV6_MTU),
		  ipv4 ? 65535 : 65536);
}

CASE(dgram, IP_MTU, error, without_a_peer)
{
	socklen_t len = sizeof(int);
	int mtu;

	EXPECT_ERR(getsockopt(new_bound(), ip_level(), ipv4 ? IP_MTU : IPV6_MTU,
			      &mtu, &len), ENOTCONN);
}
