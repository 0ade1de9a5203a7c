// SPDX-License-Identifier: MIT
/*
 * Flows from the network namespace «client» to «server», Clasp's and TCP's,
 * all at once, and what of each its receiver got, in Mbit/s of payload.
 *
 * Both ends are here: a socket stays in the namespace that it was made in. TCP
 * is asked for through AF_INET6 with the same mapped IPv4 address, so that all
 * that differs is the family.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <err.h>
#include <fcntl.h>
#include <linux/clasp.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
	"usage: flow [-s SECONDS | -n BYTES] [-b BUFFER] FAMILY[:CONTROLLER]...\n"
	"Sends from the namespace «client» to «server», 10.77.0.2, and prints a line\n"
	"for each flow: FAMILY, Mbit/s. FAMILY is clasp or tcp.\n"
	"  -s  for so long (10), counted from the receiver's accept()\n"
	"  -n  so many bytes, until the last has arrived\n"
	"  -b  SO_SNDBUF and SO_RCVBUF (0: the kernel tunes them)\n";

static char data[65536];
static double seconds = 10, bytes;
static int buffer;

static double now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec + t.tv_nsec / 1e9;
}

static void enter(const char *netns)
{
	char path[100];
	int fd;

	snprintf(path, sizeof(path), "/run/netns/%s", netns);
	fd = open(path, O_RDONLY);
	if (fd < 0 || setns(fd, CLONE_NEWNET))
		err(1, "%s: run tests/vm/hosts", path);
	close(fd);
}

/* What nobody takes any more is not to disturb the next run: close() aborts. */
static int make_socket(const char *netns, int family, const char *controller)
{
	const struct linger abort_on_close = { .l_onoff = 1 };
	int fd, level = family == AF_CLASP ? SOL_CLASP : IPPROTO_TCP;

	enter(netns);
	fd = socket(family, SOCK_STREAM, 0);
	if (fd < 0)
		err(1, "socket of family %d", family);
	if (controller && setsockopt(fd, level, TCP_CONGESTION, controller,
				     strlen(controller)))
		err(1, "controller %s", controller);
	setsockopt(fd, SOL_SOCKET, SO_LINGER, &abort_on_close,
		   sizeof(abort_on_close));
	if (buffer) {
		setsockopt(fd, SOL_SOCKET, SO_SNDBUF, &buffer, sizeof(buffer));
		setsockopt(fd, SOL_SOCKET, SO_RCVBUF, &buffer, sizeof(buffer));
	}
	return fd;
}

static void send_all(int fd)
{
	double left = bytes;
	ssize_t n;

	while (!bytes || left > 0) {
		n = bytes && left < sizeof(data) ? left : sizeof(data);
		n = send(fd, data, n, MSG_NOSIGNAL);
		if (n < 0)
			break;
		left -= n;
	}
	shutdown(fd, SHUT_WR);
	pause();
}

/* Mbit/s of what came, in the time that was given or until the end. */
static double receive(int fd)
{
	double start = now(), end = start + seconds, left, got = 0;
	struct pollfd p = { .fd = fd, .events = POLLIN };
	ssize_t n;

	for (;;) {
		left = bytes ? 1 : end - now();
		if (left <= 0 || poll(&p, 1, left * 1000 + 1) < 0)
			break;
		n = recv(fd, data, sizeof(data), MSG_DONTWAIT);
		if (!n)
			break;
		got += n > 0 ? n : 0;
	}
	return got * 8 / (bytes ? now() - start : seconds) / 1e6;
}

static void flow(char *name)
{
	struct sockaddr_in6 to = { .sin6_family = AF_INET6 };
	const char *family = strsep(&name, ":");
	socklen_t len = sizeof(to);
	int listener, fd;
	pid_t sender;

	if (!strcmp(family, "clasp"))
		to.sin6_family = AF_CLASP;
	inet_pton(AF_INET6, "::ffff:10.77.0.2", &to.sin6_addr);

	listener = make_socket("server", to.sin6_family, name);
	if (bind(listener, (struct sockaddr *)&to, sizeof(to)) ||
	    listen(listener, 1) ||
	    getsockname(listener, (struct sockaddr *)&to, &len))
		err(1, "%s: listen", family);

	fd = make_socket("client", to.sin6_family, name);
	sender = fork();
	if (!sender) {
		if (connect(fd, (struct sockaddr *)&to, sizeof(to)))
			err(1, "%s: connect", family);
		send_all(fd);
		_exit(0);
	}
	close(fd);

	fd = accept(listener, NULL, NULL);
	if (fd < 0)
		err(1, "%s: accept", family);
	printf("%s %.4f\n", family, receive(fd));
	kill(sender, SIGKILL);
	waitpid(sender, NULL, 0);
}

int main(int argc, char **argv)
{
	int option;

	while ((option = getopt(argc, argv, "s:n:b:")) > 0) {
		if (option == 's')
			seconds = atof(optarg);
		else if (option == 'n')
			bytes = atof(optarg);
		else if (option == 'b')
			buffer = atoi(optarg);
		else
			return fputs(usage, stderr), 2;
	}
	if (optind == argc)
		return fputs(usage, stderr), 2;

	for (; optind < argc; optind++) {
		if (fork())
			continue;
		flow(argv[optind]);
		return 0;
	}
	while (wait(NULL) > 0)
		;
	return 0;
}
