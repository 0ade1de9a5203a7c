// SPDX-License-Identifier: GPL-2.0
/*
 * clasp cat's sockets: names to addresses, connect, listen, accept.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cat.h"

/**
 * cat_name() - an address and a port for a person to read
 * @name: room for NAME_SIZE bytes
 * @addr: whose
 */
void cat_name(char *name, const struct sockaddr_clasp *addr)
{
	int mapped = IN6_IS_ADDR_V4MAPPED(&addr->scl_addr);
	char ip[INET6_ADDRSTRLEN];

	inet_ntop(mapped ? AF_INET : AF_INET6,
		  mapped ? (const void *)&addr->scl_addr.s6_addr[12] : &addr->scl_addr,
		  ip, sizeof(ip));
	snprintf(name, NAME_SIZE, "%s %d", ip, ntohs(addr->scl_port));
}

static void complain(const char *what, const char *host, const char *port, const char *why)
{
	fprintf(stderr, "clasp cat: %s %s port %s: %s\n", what, host ? host : "", port, why);
}

/* The addresses of a name, those of the other IP version among them. */
static struct addrinfo *look_up(const struct cat *cat, const char *host,
				const char *port, int flags)
{
	struct addrinfo *list = NULL, hints = {
		.ai_family = AF_INET6,
		.ai_socktype = cat->type,
		.ai_flags = AI_V4MAPPED | AI_ALL | flags,
	};
	int error;

	if (cat->numeric)
		hints.ai_flags |= AI_NUMERICHOST | AI_NUMERICSERV;
	error = strspn(port, "0123456789") == strlen(port) && atoi(port) > 65535 ?
		EAI_SERVICE : getaddrinfo(host, port, &hints, &list);
	if (error)
		complain("cannot look up", host, port, gai_strerror(error));
	return list;
}

/* An address to use, made Clasp's: whether it is of the wanted IP version. */
static int usable(const struct cat *cat, const struct addrinfo *a)
{
	struct sockaddr_clasp *addr = (void *)a->ai_addr;

	addr->scl_family = AF_CLASP;
	return !cat->version ||
	       (cat->version == 4) == IN6_IS_ADDR_V4MAPPED(&addr->scl_addr);
}

static int open_socket(const struct cat *cat)
{
	int fd = socket(AF_CLASP, cat->type | SOCK_CLOEXEC, 0), on = 1;

	if (fd >= 0) {
		setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
		return fd;
	}
	fprintf(stderr, "clasp cat: no Clasp socket: %s\n", errno == EAFNOSUPPORT ?
		"load the module (insmod clasp.ko)" : strerror(errno));
	exit(1);
}

/* From where -s and -p say, in @to's IP version. */
static int bind_source(const struct cat *cat, int fd, const struct sockaddr_clasp *to)
{
	int mapped = IN6_IS_ADDR_V4MAPPED(&to->scl_addr), error = EADDRNOTAVAIL;
	const char *port = cat->source_port ? cat->source_port : "0";
	const char *host = cat->source;
	struct addrinfo *list, *a;

	if (!cat->source && !cat->source_port)
		return 0;
	if (!host)
		host = mapped ? "0.0.0.0" : "::";
	list = look_up(cat, host, port, AI_PASSIVE);
	for (a = list; a && error; a = a->ai_next) {
		const struct sockaddr_clasp *from = (void *)a->ai_addr;

		if (usable(cat, a) && mapped == IN6_IS_ADDR_V4MAPPED(&from->scl_addr))
			error = bind(fd, a->ai_addr, a->ai_addrlen) ? errno : 0;
	}
	freeaddrinfo(list);
	if (!error)
		return 0;
	complain("cannot be", host, port, strerror(error));
	return -1;
}

/* connect() that gives up after idle_ms. Returns 0, or an errno. */
static int connect_in_time(const struct cat *cat, int fd, const struct addrinfo *a)
{
	struct pollfd p = { .fd = fd, .events = POLLOUT };
	int flags = fcntl(fd, F_GETFL), error = 0;
	socklen_t size = sizeof(error);

	fcntl(fd, F_SETFL, flags | O_NONBLOCK);
	if (connect(fd, a->ai_addr, a->ai_addrlen)) {
		if (errno != EINPROGRESS)
			return errno;
		if (poll(&p, 1, cat->idle_ms) < 1)
			return ETIMEDOUT;
		getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size);
	}
	fcntl(fd, F_SETFL, flags);
	return error;
}

static void tell_connected(const struct cat *cat, const char *host,
			   const struct sockaddr_clasp *addr)
{
	char name[NAME_SIZE];

	cat_name(name, addr);
	if (cat->verbose || cat->scan)
		fprintf(stderr, "Connection to %s (%s) succeeded!\n", host, name);
}

/**
 * cat_connect() - connect to the first address of a name that answers
 * @cat: what was asked for
 * @host: name or address
 * @port: number or name
 *
 * Says on stderr which addresses did not answer, and why.
 *
 * Return: the socket, or -1
 */
int cat_connect(const struct cat *cat, const char *host, const char *port)
{
	struct addrinfo *list = look_up(cat, host, port, 0), *a;
	int fd = -1, tried = 0, error;

	for (a = list; a && fd < 0; a = a->ai_next) {
		if (!usable(cat, a))
			continue;
		tried = 1;
		fd = open_socket(cat);
		if (bind_source(cat, fd, (void *)a->ai_addr)) {
			close(fd);
			fd = -1;
			continue;
		}
		error = connect_in_time(cat, fd, a);
		if (!error) {
			tell_connected(cat, host, (void *)a->ai_addr);
			break;
		}
		if (cat->verbose || !cat->scan)
			complain("cannot connect to", host, port, strerror(error));
		close(fd);
		fd = -1;
	}
	if (list && !tried)
		complain("cannot connect to", host, port, "no address of that IP version");
	freeaddrinfo(list);
	return fd;
}

/**
 * cat_listen() - wait at an address; a datagram socket is bound to it
 * @cat: what was asked for
 * @host: name or address; NULL for all of this host
 * @port: number or name
 *
 * Return: the socket, or -1, and why was said
 */
int cat_listen(const struct cat *cat, const char *host, const char *port)
{
	const char *at = host ? host : cat->version == 4 ? "0.0.0.0" : "::";
	struct addrinfo *list = look_up(cat, at, port, AI_PASSIVE), *a = list;
	int fd, only_6 = cat->version == 6;
	char name[NAME_SIZE];

	while (a && !usable(cat, a))
		a = a->ai_next;
	if (!a) {
		freeaddrinfo(list);
		return -1;
	}
	fd = open_socket(cat);
	setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &only_6, sizeof(only_6));
	if (bind(fd, a->ai_addr, a->ai_addrlen) ||
	    (cat->type == SOCK_STREAM && listen(fd, SOMAXCONN))) {
		complain("cannot listen at", at, port, strerror(errno));
		close(fd);
		fd = -1;
	} else if (cat->verbose) {
		struct sockaddr_clasp bound = { 0 };
		socklen_t size = sizeof(bound);

		getsockname(fd, (struct sockaddr *)&bound, &size);
		cat_name(name, &bound);
		fprintf(stderr, "Listening on %s\n", name);
	}
	freeaddrinfo(list);
	return fd;
}

/**
 * cat_accept() - wait for a peer
 * @cat: what was asked for
 * @listener: from cat_listen()
 *
 * A datagram socket connects to whom the first datagram is from, and that
 * datagram is the first to be read; with keep it hears everybody instead.
 *
 * Return: the socket to talk over, which may be @listener itself, or -1
 */
int cat_accept(const struct cat *cat, int listener)
{
	struct sockaddr_clasp from = { 0 };
	socklen_t size = sizeof(from);
	char name[NAME_SIZE], byte;
	int fd = listener;

	if (cat->type == SOCK_STREAM) {
		fd = accept4(listener, (struct sockaddr *)&from, &size, SOCK_CLOEXEC);
	} else if (cat->keep) {
		return fd;
	} else if (recvfrom(fd, &byte, 1, MSG_PEEK, (struct sockaddr *)&from, &size) < 0 ||
		   connect(fd, (struct sockaddr *)&from, size)) {
		fd = -1;
	}
	if (fd < 0) {
		fprintf(stderr, "clasp cat: cannot accept: %s\n", strerror(errno));
		return -1;
	}
	cat_name(name, &from);
	if (cat->verbose)
		fprintf(stderr, "Connection received from %s\n", name);
	return fd;
}
