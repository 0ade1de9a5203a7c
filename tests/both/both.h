/* SPDX-License-Identifier: GPL-2.0 */
/*
 * One source, two protocols: each case runs over AF_CLASP and over TCP or UDP,
 * on IPv6 and on IPv4.
 *
 *	CASE(stream, shutdown, edge, twice_is_once) { ... }
 *
 * says which type of socket it is about (stream, dgram, both), which call,
 * flag or option it shows, and whether that is good use, an edge or an error.
 * A case expects the same of both protocols; where they are meant to differ,
 * DIFFERS says what each does, and why.
 */
#ifndef BOTH_H
#define BOTH_H

#include <linux/clasp.h>
#include <netinet/in.h>
#include <netinet/tcp.h>

#include "harness.h"

enum { TYPE_stream = 1, TYPE_dgram = 2, TYPE_both = 3 };
enum { KIND_good, KIND_edge, KIND_error };

struct test {
	const char	*name;
	const char	*covers;
	int		types;
	int		kind;
	void		(*run)(void);
	struct test	*next;
};

void test_add(struct test *test);
void test_differs(const char *why);

#define CASE(type, shows, sort, what)					       \
	static void what(void);						       \
	static struct test what##_test = {				       \
		#what, #shows, TYPE_##type, KIND_##sort, what, NULL	       \
	};								       \
	__attribute__((constructor)) static void what##_add(void)	       \
	{								       \
		test_add(&what##_test);					       \
	}								       \
	static void what(void)

/* What is expected of Clasp, and what of TCP or UDP. */
#define DIFFERS(why, clasp, other)					       \
	(test_differs(why), over_clasp ? (clasp) : (other))

/* --- this run --------------------------------------------------------------- */

extern bool over_clasp;		/* else over TCP or UDP */
extern bool ipv4;		/* else IPv6 */
extern int type;		/* SOCK_STREAM or SOCK_DGRAM */
extern const char *this_host;	/* the loopback address, as IPv6 writes it */
extern const char *any_host;	/* the wildcard, of this IP version alone */

/* The family for socket(); an IPv4 socket of Clasp can do IPv6, too. */
int family(void);
/* The level of the protocol's own options: TCP_* and UDP_*. */
int level(void);
/* IPPROTO_IP or IPPROTO_IPV6, as the run is. */
int ip_level(void);

/* --- addresses -------------------------------------------------------------- */

struct address {
	union {
		struct sockaddr		sa;
		struct sockaddr_in	in;
		struct sockaddr_in6	in6;
		struct sockaddr_clasp	clasp;
		char			room[128];
	};
	socklen_t	len;
};

#define SA(address)	(&(address)->sa), ((address)->len)

/* @ip as IPv6 writes it, IPv4 as ::ffff:a.b.c.d. */
struct address address_of(const char *ip, int port);
struct address nowhere(void);		/* AF_UNSPEC */
struct address name_of(int fd);		/* getsockname() */
struct address peer_of(int fd);		/* getpeername() */
int port_in(const struct address *address);
int port_of(int fd);
bool same_address(const struct address *one, const struct address *two);

/* --- sockets ---------------------------------------------------------------- */

int new_socket(void);
int new_bound(void);			/* to the loopback address, any port */
int new_listener(int backlog);
#define FILLERS	3			/* connections that fill a backlog of 0 */
int silent_listener(void);		/* which such connections wait at */
void connect_to(int fd, int port);
int accept_one(int listener);
void new_pair(int *one, int *two);	/* connected to each other */
int unused_port(void);

int set_option(int fd, int where, int name, int value);
int get_option(int fd, int where, int name);

/* A stream's state as a CLASP_STATE_* or TCP_* number. */
int state_of(int fd);
int await_state(int fd, int state);

/* A network of this test's own, with a loopback device. */
void own_network(void);

#endif
