// SPDX-License-Identifier: GPL-2.0
/*
 * What the kernel writes into a program's memory: all of what it says that it
 * wrote, nothing besides, and nothing that was lying about in its own memory.
 *
 * Buffers are filled with a pattern before each call, and each call is made
 * twice, with two patterns: an octet that keeps both was not written. Before it
 * the kernel's stack and heap are painted with a third pattern; in uml-debug the
 * module's own variables begin as a fourth (tests/vm/run). None of these may
 * ever come back.
 */
#include <limits.h>
#include <poll.h>
#include <sys/select.h>
#include <sys/uio.h>

#include "both.h"

#define ROOM		256
#define GUARD		64
#define PAINT		0xc7
#define UNSET		0xfe	/* gcc's -ftrivial-auto-var-init=pattern */

#define NAMES		256	/* numbers of options that are tried */

static const unsigned char patterns[] = { 0xaa, 0x55 };

/* Much of the stack and of small allocations has PAINT in it after this. */
static void paint(void)
{
	static unsigned char out[4096];
	struct iovec parts[8];
	struct pollfd polls[30];
	struct msghdr msg = { .msg_iov = parts, .msg_iovlen = 8 };
	fd_set sets[3];
	int way[2], i;

	memset(out, PAINT, sizeof(out));
	memset(polls, PAINT, sizeof(polls));
	for (i = 0; i < 30; i++)
		polls[i].fd = -(PAINT << 8 | PAINT);
	poll(polls, 30, 0);
	memset(sets, PAINT, sizeof(sets));
	select(0, &sets[0], &sets[1], &sets[2], &(struct timeval){ 0 });

	NEED(!socketpair(AF_UNIX, SOCK_DGRAM, 0, way));
	for (i = 0; i < 8; i++)
		parts[i] = (struct iovec){ out, 1 << i };
	for (i = 0; i < 20; i++)
		sendmsg(way[0], &msg, MSG_DONTWAIT);
	for (i = 16; i <= 4096; i *= 2)
		send(way[0], out, i, MSG_DONTWAIT);
	close(way[0]);
	close(way[1]);
}

/* Four octets alike are no accident. */
static bool has_run_of(const unsigned char *what, size_t len, unsigned char of)
{
	size_t i, run = 0;

	for (i = 0; i < len; i++) {
		run = what[i] == of ? run + 1 : 0;
		if (run == 4)
			return true;
	}

	return false;
}

static bool is_all(const unsigned char *what, size_t len, unsigned char of)
{
	while (len--)
		if (*what++ != of)
			return false;

	return true;
}

/* What came of one call under both patterns; @len is what it said it wrote. */
struct result {
	unsigned char	room[2][ROOM + GUARD];
	socklen_t	len[2];
	int		err[2];
};

/* @given is the room that the call was told of. */
static void judge(const struct result *r, socklen_t given, const char *what)
{
	socklen_t wrote;
	size_t i;
	int k;

	if (r->err[0] || r->err[1]) {
		if (r->err[0] != r->err[1] ||
		    !is_all(r->room[0], ROOM + GUARD, patterns[0]) ||
		    !is_all(r->room[1], ROOM + GUARD, patterns[1]))
			test_failed(__FILE__, __LINE__, "%s, room %u: %s, but something written",
				    what, given, strerror(r->err[0]));
		return;
	}

	for (k = 0; k < 2; k++) {
		wrote = r->len[k] < given ? r->len[k] : given;
		if (!is_all(r->room[k] + wrote, ROOM + GUARD - wrote, patterns[k]))
			test_failed(__FILE__, __LINE__, "%s, room %u: written past %u",
				    what, given, wrote);
		if (has_run_of(r->room[k], wrote, PAINT) ||
		    has_run_of(r->room[k], wrote, UNSET))
			test_failed(__FILE__, __LINE__, "%s, room %u: the kernel's memory",
				    what, given);
	}
	wrote = r->len[0] < given ? r->len[0] : given;
	for (i = 0; i < wrote; i++)
		if (r->room[0][i] == patterns[0] && r->room[1][i] == patterns[1]) {
			test_failed(__FILE__, __LINE__, "%s, room %u: octet %zu not written",
				    what, given, i);
			break;
		}
}

/* --- options ---------------------------------------------------------------- */

/* Of one socket, or of two that are alike. */
static void get_both(int one, int two, int where, int name, socklen_t given,
		     struct result *r)
{
	int k;

	for (k = 0; k < 2; k++) {
		memset(r->room[k], patterns[k], ROOM + GUARD);
		r->len[k] = given;
		r->err[k] = getsockopt(k ? two : one, where, name, r->room[k],
				       &r->len[k]) ? errno : 0;
	}
}

static bool is_known(int fd, int where, int name)
{
	char room[ROOM] = { 0 };
	socklen_t len = sizeof(int);

	if (!getsockopt(fd, where, name, room, &len) ||
	    (errno != ENOPROTOOPT && errno != EOPNOTSUPP))
		return true;
	len = sizeof(room);

	return !getsockopt(fd, where, name, room, &len) ||
	       (errno != ENOPROTOOPT && errno != EOPNOTSUPP);
}

/* The one that has no room, three that fit nothing, and two that fit much. */
static const socklen_t few_lengths[] = { 0, 1, 3, 7, 16, ROOM };

static void try_option(int fd, int where, int name)
{
	bool known = is_known(fd, where, name);
	struct result r;
	char what[40];
	size_t i;

	snprintf(what, sizeof(what), "level %d option %d", where, name);
	if (known)
		paint();
	for (i = 0; known ? i <= ROOM : i < sizeof(few_lengths) / sizeof(*few_lengths);
	     i++) {
		get_both(fd, fd, where, name, known ? i : few_lengths[i], &r);
		judge(&r, known ? i : few_lengths[i], what);
	}
}

static void try_options(int fd)
{
	const int levels[] = {
		SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, level(),
		type == SOCK_STREAM ? IPPROTO_TCP : IPPROTO_UDP,
	};
	size_t i;
	int name;

	for (i = 0; i < sizeof(levels) / sizeof(*levels); i++)
		for (name = 0; name < NAMES; name++)
			try_option(fd, levels[i], name);
}

CASE(both, getsockopt, good, options_of_a_new_socket_show_themselves_alone)
{
	try_options(new_socket());
}

CASE(both, getsockopt, good, options_of_a_connection_show_themselves_alone)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_EQ(recv(two, in, 8, 0), 3);
	try_options(one);
	try_options(two);
}

CASE(stream, getsockopt, good, options_of_a_listener_show_themselves_alone)
{
	try_options(new_listener(1));
}

/* What never changes while nothing happens is the same for any two sockets. */
CASE(both, getsockopt, edge, what_was_in_memory_before_changes_no_option)
{
	int one = new_socket(), two, name;
	struct result r;

	paint();
	two = new_socket();
	for (name = 0; name < NAMES; name++) {
		/* a clock */
		if (name == TCP_TIMESTAMP || !is_known(one, level(), name))
			continue;
		get_both(one, two, level(), name, ROOM, &r);
		if (r.err[0] != r.err[1] || r.len[0] != r.len[1] ||
		    (!r.err[0] && memcmp(r.room[0], r.room[1], r.len[0])))
			test_failed(__FILE__, __LINE__, "option %d is not the same",
				    name);
	}
}

/* --- names ------------------------------------------------------------------ */

typedef int name_call(int fd, struct sockaddr *name, socklen_t *len);

/* With every length; all octets are those of @right. */
static void try_name(name_call *call, int fd, const struct address *right)
{
	unsigned char room[ROOM + GUARD];
	socklen_t given, len, wrote;

	for (given = 0; given <= ROOM; given++) {
		memset(room, patterns[0], sizeof(room));
		len = given;
		NEED(!call(fd, (struct sockaddr *)room, &len));
		EXPECT_EQ(len, right->len);
		wrote = len < given ? len : given;
		if (memcmp(room, right->room, wrote) ||
		    !is_all(room + wrote, sizeof(room) - wrote, patterns[0]))
			test_failed(__FILE__, __LINE__, "name of length %u is not right",
				    given);
	}
}

CASE(both, getsockname, good, a_name_is_itself_alone)
{
	struct address right;
	int one, two;

	new_pair(&one, &two);
	paint();
	right = address_of(this_host, port_of(one));
	try_name(getsockname, one, &right);
	try_name(getpeername, two, &right);
	right = address_of(this_host, port_of(two));
	try_name(getsockname, two, &right);
	try_name(getpeername, one, &right);
}

CASE(both, getsockname, edge, no_name_is_itself_alone)
{
	struct address right = address_of(ipv4 && !over_clasp ? any_host : "::", 0);

	paint();
	try_name(getsockname, new_socket(), &right);
}

CASE(stream, accept, edge, the_name_of_who_connects_is_itself_alone)
{
	int listener = new_listener(1), fd;
	unsigned char room[ROOM + GUARD];
	struct address right;
	socklen_t given, len, wrote;

	for (given = 0; given <= 128; given += given < 32 ? 1 : 32) {
		fd = new_socket();
		connect_to(fd, port_of(listener));
		right = address_of(this_host, port_of(fd));
		memset(room, patterns[0], sizeof(room));
		paint();
		len = given;
		NEED(accept(listener, (struct sockaddr *)room, &len) >= 0);
		EXPECT_EQ(len, right.len);
		wrote = len < given ? len : given;
		EXPECT_EQ(memcmp(room, right.room, wrote), 0);
		EXPECT_TRUE(is_all(room + wrote, sizeof(room) - wrote, patterns[0]));
		close(fd);
	}
}

/* --- recvmsg() -------------------------------------------------------------- */

/* All that a datagram can tell of itself. */
static void tell_all(int fd)
{
	static const int v4[] = { IP_PKTINFO, IP_RECVTTL, IP_RECVTOS, IP_RECVOPTS,
				  IP_RETOPTS, IP_RECVORIGDSTADDR, IP_RECVERR };
	static const int v6[] = { IPV6_RECVPKTINFO, IPV6_RECVHOPLIMIT,
				  IPV6_RECVTCLASS, IPV6_RECVRTHDR,
				  IPV6_RECVORIGDSTADDR, IPV6_RECVERR };
	size_t i;

	for (i = 0; i < sizeof(v4) / sizeof(*v4); i++)
		set_option(fd, IPPROTO_IP, v4[i], 1);
	for (i = 0; i < sizeof(v6) / sizeof(*v6); i++)
		set_option(fd, IPPROTO_IPV6, v6[i], 1);
	set_option(fd, SOL_SOCKET, SO_TIMESTAMPNS, 1);
	set_option(fd, SOL_SOCKET, SO_RXQ_OVFL, 1);
	set_option(fd, SOL_SOCKET, SO_RCVMARK, 1);
	if (type == SOCK_STREAM)
		set_option(fd, level(), TCP_INQ, 1);
}

/* Receive with so much room for a name and for control messages. */
static void try_recvmsg(int fd, socklen_t name_room, size_t control_room, int flags)
{
	static unsigned char name[2][ROOM + GUARD], control[2][ROOM + GUARD];
	struct result names, controls;
	int k;

	for (k = 0; k < 2; k++) {
		char in[64];
		struct iovec part = { in, sizeof(in) };
		struct msghdr msg = {
			.msg_name = name[k], .msg_namelen = name_room,
			.msg_iov = &part, .msg_iovlen = 1,
			.msg_control = control[k], .msg_controllen = control_room,
		};

		memset(name[k], patterns[k], sizeof(name[k]));
		memset(control[k], patterns[k], sizeof(control[k]));
		await_events(fd, POLLIN);
		NEED(recvmsg(fd, &msg, flags) >= 0);
		memcpy(names.room[k], name[k], sizeof(name[k]));
		names.len[k] = msg.msg_namelen;
		names.err[k] = 0;
		EXPECT_TRUE(msg.msg_controllen <= control_room);
		EXPECT_TRUE(is_all(control[k] + msg.msg_controllen,
				   ROOM + GUARD - msg.msg_controllen, patterns[k]));
		EXPECT_TRUE(!has_run_of(control[k], msg.msg_controllen, PAINT));
		EXPECT_TRUE(!has_run_of(control[k], msg.msg_controllen, UNSET));
		controls.len[k] = msg.msg_controllen;
	}
	EXPECT_EQ(controls.len[0], controls.len[1]);
	judge(&names, name_room, "name");

	/* what messages say is written; between them there may be padding */
	for (k = 0; k + sizeof(struct cmsghdr) <= controls.len[0];) {
		size_t len, i;

		memcpy(&len, control[0] + k, sizeof(len));
		NEED(len >= sizeof(struct cmsghdr) && k + len <= controls.len[0]);
		for (i = k; i < k + len; i++)
			if (control[0][i] == patterns[0] && control[1][i] == patterns[1])
				test_failed(__FILE__, __LINE__,
					    "control message: octet %zu not written", i);
		k += CMSG_ALIGN(len);
	}
}

CASE(both, recvmsg, good, a_message_tells_of_itself_alone)
{
	int one, two;
	size_t room;
	char octet;

	new_pair(&one, &two);
	tell_all(two);
	for (room = 0; room <= ROOM; room++) {
		/* a name has no more than 128 octets, whatever room there is */
		socklen_t name_room = room < 128 ? room : 128;

		EXPECT_EQ(send(one, "a", 1, 0), 1);
		if (type == SOCK_DGRAM)
			EXPECT_EQ(send(one, "b", 1, 0), 1);
		paint();
		/* the same octets twice, or two datagrams that are alike */
		try_recvmsg(two, name_room, room,
			    type == SOCK_STREAM ? MSG_PEEK : 0);
		if (type == SOCK_STREAM)
			EXPECT_EQ(recv(two, &octet, 1, 0), 1);
	}
}

CASE(dgram, MSG_ERRQUEUE, good, an_error_tells_of_itself_alone)
{
	int fd = new_socket();
	size_t room;

	connect_to(fd, unused_port());
	tell_all(fd);
	for (room = 0; room <= ROOM; room++) {
		socklen_t name_room = room < 128 ? room : 128;
		int k;

		for (k = 0; k < 2; k++) {
			EXPECT_EQ(send(fd, "abc", 3, 0), 3);
			await_events(fd, 0);
			error_of(fd);
		}
		paint();
		try_recvmsg(fd, name_room, room, MSG_ERRQUEUE);
		error_of(fd);
	}
}
