// SPDX-License-Identifier: MIT
/*
 * What clasp run loads into a program: socket() makes a Clasp socket where the
 * program asks for a TCP one.
 *
 * Clasp takes the addresses that the program knows, struct sockaddr_in and
 * sockaddr_in6, and hands out the same (CLASP_NAME_FAMILY). So socket() is the
 * only call that has to be another; all that follows is between the program
 * and the kernel, as it is with TCP. Accepted sockets are what their listener
 * is, and children have this library from their environment.
 *
 * All other sockets are left alone, and so are those that the C library opens
 * for itself, to ask for names above all: it does not come by here.
 *
 * Built without a C library, so that programs of any can load it.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/clasp.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <sys/socket.h>
#include <unistd.h>

typedef int (*socket_call)(int domain, int type, int protocol);

/* The next library's that has one: the C library's, or another preloaded. */
static int next_socket(int domain, int type, int protocol)
{
	static socket_call next;

	if (!next)	/* two threads at once find the same */
		next = (socket_call)dlsym(RTLD_NEXT, "socket");
	return next(domain, type, protocol);
}

static int is_ours(int domain, int type, int protocol)
{
	if (domain != AF_INET && domain != AF_INET6)
		return 0;
	switch (type & ~(SOCK_NONBLOCK | SOCK_CLOEXEC)) {
	case SOCK_STREAM:
		return !protocol || protocol == IPPROTO_TCP;
	case SOCK_DGRAM:
		return (!protocol || protocol == IPPROTO_UDP) && getenv("CLASP_RUN_DGRAM");
	}
	return 0;
}

__attribute__((visibility("default")))
int socket(int domain, int type, int protocol)
{
	int fd, saved;

	if (!is_ours(domain, type, protocol))
		return next_socket(domain, type, protocol);

	fd = next_socket(AF_CLASP, type, 0);
	if (fd < 0)
		return fd;
	if (!setsockopt(fd, SOL_CLASP, CLASP_NAME_FAMILY, &domain, sizeof(domain)))
		return fd;
	saved = errno;
	close(fd);
	errno = saved;
	return -1;
}
