// SPDX-License-Identifier: GPL-2.0
/*
 * One end of a connection, to be chosen exactly: by which device, from which
 * port; and how long a connect() takes while many connections wait in TIME_WAIT.
 *
 * What arrives, and how it ends, is told line by line on standard output.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <linux/clasp.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
	"usage: talk hear [-d DEVICE] ADDRESS PORT\n"
	"       talk say [-d DEVICE] [-p OWN_PORT] ADDRESS PORT\n"
	"       talk crowd COUNT\n"
	"hear: accept one connection.\n"
	"say: connect, and send standard input as it comes.\n"
	"crowd: microseconds of a connect() to a port without and with COUNT\n"
	"       connections of that port in TIME_WAIT.\n";

#define TIMED	700	/* connections, of which the mean is taken */
#define ROUNDS	3	/* of which the best counts: others use the processor */

static int new_socket(const char *device)
{
	int fd = socket(AF_CLASP, SOCK_STREAM, 0), on = 1;

	if (fd < 0)
		err(1, "socket");
	if (setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on)))
		err(1, "SO_REUSEADDR");
	if (device && setsockopt(fd, SOL_SOCKET, SO_BINDTODEVICE, device,
				 strlen(device)))
		err(1, "SO_BINDTODEVICE");
	return fd;
}

static struct sockaddr_clasp find(const char *name, const char *port)
{
	struct addrinfo *found, hints = {
		.ai_family	= AF_INET6,
		.ai_socktype	= SOCK_STREAM,
		.ai_flags	= AI_V4MAPPED,
	};
	struct sockaddr_clasp address;
	int error = getaddrinfo(name, port, &hints, &found);

	if (error)
		errx(1, "%s port %s: %s", name, port, gai_strerror(error));
	memcpy(&address, found->ai_addr, sizeof(address));
	address.scl_family = AF_CLASP;
	freeaddrinfo(found);
	return address;
}

static void tell(const char *what)
{
	puts(what);
	fflush(stdout);
}

/* Until either side ends it; standard input may end before. */
static void talk(int fd, int in)
{
	struct pollfd p[] = { { fd, POLLIN }, { in, POLLIN } };
	char text[4096];
	ssize_t n;

	tell("open");
	for (;;) {
		if (poll(p, 2, -1) < 0)
			err(1, "poll");
		if (p[0].revents) {
			n = recv(fd, text, sizeof(text) - 1, 0);
			if (n <= 0)
				break;
			text[n] = '\0';
			printf("heard %s", text);
			fflush(stdout);
		}
		if (p[1].revents) {
			n = read(in, text, sizeof(text));
			if (n > 0 && send(fd, text, n, MSG_NOSIGNAL) != n)
				break;
			if (n <= 0) {
				shutdown(fd, SHUT_WR);
				p[1].fd = -1;
			}
		}
	}
	tell(n ? strerror(errno) : "end");
}

static void hear(const char *device, const struct sockaddr_clasp *at)
{
	int fd = new_socket(device);

	if (bind(fd, (struct sockaddr *)at, sizeof(*at)) || listen(fd, 1))
		err(1, "listen");
	tell("listening");
	fd = accept(fd, NULL, NULL);
	if (fd < 0)
		err(1, "accept");
	talk(fd, -1);
}

static void say(const char *device, int port, const struct sockaddr_clasp *to)
{
	struct sockaddr_clasp from = {
		.scl_family = AF_CLASP, .scl_port = htons(port),
	};
	int fd = new_socket(device);

	if (port && bind(fd, (struct sockaddr *)&from, sizeof(from)))
		err(1, "bind");
	if (connect(fd, (struct sockaddr *)to, sizeof(*to)))
		err(1, "connect");
	talk(fd, 0);
}

/* --- a crowd in TIME_WAIT --------------------------------------------------- */

static double now_us(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec * 1e6 + t.tv_nsec / 1e3;
}

static int connected(const struct sockaddr_clasp *to)
{
	int fd = new_socket(NULL);

	if (connect(fd, (struct sockaddr *)to, sizeof(*to)))
		err(1, "connect");
	return fd;
}

/* It closes first, so that TIME_WAIT is on its side. */
static void serve(int listener)
{
	int fd;

	while ((fd = accept(listener, NULL, NULL)) >= 0)
		close(fd);
	err(1, "accept");
}

/* All of 127/8 is us: no source address runs out of ports. */
static void gather(struct sockaddr_clasp to, int count)
{
	char octet;
	int fd;

	while (count--) {
		to.scl_addr.s6_addr[15] = 2 + count % 16;
		fd = connected(&to);
		if (recv(fd, &octet, 1, 0))
			err(1, "recv");
		close(fd);
	}
}

/* Each is reset at once: nothing is left of it. */
static double time_of_one(const struct sockaddr_clasp *to)
{
	struct linger reset = { 1, 0 };
	double best = 1e9, sum, start;
	int round, i, fd;

	for (round = 0; round < ROUNDS; round++) {
		for (i = 0, sum = 0; i < TIMED; i++) {
			start = now_us();
			fd = connected(to);
			sum += now_us() - start;
			setsockopt(fd, SOL_SOCKET, SO_LINGER, &reset, sizeof(reset));
			close(fd);
		}
		if (sum / TIMED < best)
			best = sum / TIMED;
	}
	return best;
}

static void crowd(int count)
{
	struct sockaddr_clasp quiet = find("127.0.0.1", "0"), busy = quiet;
	struct sockaddr_clasp any = find("0.0.0.0", "7");
	int listeners[2] = { new_socket(NULL), new_socket(NULL) };
	double alone, crowded;
	pid_t servers[2];
	int i;

	for (i = 0; i < 2; i++) {
		any.scl_port = htons(7 + i);
		if (bind(listeners[i], (struct sockaddr *)&any, sizeof(any)) ||
		    listen(listeners[i], 1000))
			err(1, "listen");
		servers[i] = fork();
		if (!servers[i])
			serve(listeners[i]);
	}
	quiet.scl_port = htons(7);
	busy.scl_port = htons(8);
	gather(busy, count);
	alone = time_of_one(&quiet);
	crowded = time_of_one(&busy);
	printf("%.1f %.1f\n", alone, crowded);
	for (i = 0; i < 2; i++) {
		kill(servers[i], SIGKILL);
		waitpid(servers[i], NULL, 0);
	}
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "", *device = NULL;
	struct sockaddr_clasp address;
	int option, port = 0;

	argv++, argc--;
	while ((option = getopt(argc, argv, "d:p:")) != -1) {
		if (option == 'd')
			device = optarg;
		else if (option == 'p')
			port = atoi(optarg);
		else
			return fputs(usage, stderr), 2;
	}
	if (!strcmp(what, "crowd") && argc == optind + 1) {
		crowd(atoi(argv[optind]));
		return 0;
	}
	if (argc != optind + 2)
		return fputs(usage, stderr), 2;

	address = find(argv[optind], argv[optind + 1]);
	if (!strcmp(what, "hear"))
		hear(device, &address);
	else if (!strcmp(what, "say"))
		say(device, port, &address);
	else
		return fputs(usage, stderr), 2;
	return 0;
}
