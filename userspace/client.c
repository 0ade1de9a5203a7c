// SPDX-License-Identifier: MIT
/*
 * A Clasp client: sends a file, standard input or a line, closes its direction
 * (a FIN), and prints what comes back until the server has closed its own.
 *
 * It listens while it sends: two ends that only send would wait for each other
 * for ever as soon as the buffers between them are full.
 */
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <linux/clasp.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static const char usage[] = "usage: client [-p PORT] [-m TEXT] HOST [FILE]\n"
	"Sends FILE (standard input) to HOST, prints what comes back.\n"
	"  -p  the port of the server (7007)\n"
	"  -m  send this line instead of a file\n";

static int connect_to(const char *host, const char *port)
{
	struct addrinfo *list, *a, hints = { .ai_family = AF_INET6, .ai_socktype = SOCK_STREAM,
					     .ai_flags = AI_V4MAPPED | AI_ALL };
	int fd = -1, error = atoi(port) > 65535 ? EAI_SERVICE : 0;

	error = error ? error : getaddrinfo(host, port, &hints, &list);
	if (error)
		errx(1, "%s port %s: %s: check both", host, port, gai_strerror(error));
	for (a = list; a; a = a->ai_next) {	/* a name may have many addresses */
		a->ai_addr->sa_family = AF_CLASP;	/* all that is new */
		fd = socket(AF_CLASP, SOCK_STREAM, 0);
		if (fd < 0)
			err(1, "no Clasp socket: load the module (insmod clasp.ko)");
		if (!connect(fd, a->ai_addr, a->ai_addrlen))
			break;
		if (!a->ai_next)
			err(1, "%s port %s: start the server there", host, port);
		close(fd);
	}
	freeaddrinfo(list);
	return fd;
}

/* How far we are, ten times a second and at the end. @size is 0 for a pipe. */
static void show(double sent, double size, int end)
{
	static double start, shown;
	const double mib = 1 << 20;
	struct timespec t;
	double now;

	clock_gettime(CLOCK_MONOTONIC, &t);
	now = t.tv_sec + t.tv_nsec / 1e9;
	start = start ? start : now;
	if (now - shown < 0.1 && !end)
		return;
	shown = now;
	fprintf(stderr, "\r%.1f MiB", sent / mib);
	if (size > 0)
		fprintf(stderr, ", %.0f %%", 100 * sent / size);
	fprintf(stderr, ", %.1f s%s", now - start, end ? "\n" : "\033[K");
}

/* Sends @left bytes from @next or, when there are none, all of @in. */
static void talk(int fd, int in, const char *next, size_t left)
{
	static const char broken[] = "broken after %llu bytes: see what the server says";
	static char said[65536], heard[65536];
	int eof = !!left, closed = 0, over = 0;	/* of input; by us; by the server */
	int progress = !left && isatty(STDERR_FILENO) && !isatty(in);
	unsigned long long sent = 0;
	struct stat file = { 0 };
	ssize_t n;

	fstat(in, &file);
	while (!over) {
		struct pollfd p[] = {
			{ .fd = left || eof ? -1 : in, .events = POLLIN },
			{ .fd = fd, .events = POLLIN | (left ? POLLOUT : 0) },
		};

		poll(p, 2, -1);
		if (p[0].revents) {
			n = read(in, said, sizeof(said));
			if (n < 0)
				err(1, "cannot read what to send: give another file");
			eof = !n;
			next = said;
			left = n;
		}
		if (left) {
			n = send(fd, next, left, MSG_DONTWAIT | MSG_NOSIGNAL);
			if (n < 0 && errno != EAGAIN && errno != EINTR)
				err(1, broken, sent);
			n = n < 0 ? 0 : n;
			next += n;
			left -= n;
			sent += n;
		}
		if (progress && !closed)
			show(sent, file.st_size, eof);
		if (eof && !left && !closed)	/* our FIN; recv() tells if it fails */
			closed = !shutdown(fd, SHUT_WR);
		n = recv(fd, heard, sizeof(heard), MSG_DONTWAIT);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			err(1, broken, sent);
		over = !n;
		if (over && !closed)
			errx(1, "closed after %llu bytes: see what the server says", sent);
		if (n > 0 && (fwrite(heard, n, 1, stdout) != 1 || fflush(stdout)))
			err(1, "cannot print what came back: make room");
	}
}

int main(int argc, char **argv)
{
	static const struct option names[] = { { "help", 0, NULL, 'h' }, { 0 } };
	char *port = "7007", *line = NULL, *file;
	int opt, in = STDIN_FILENO;
	size_t left = 0;

	while ((opt = getopt_long(argc, argv, "p:m:h", names, NULL)) != -1) {
		if (opt == 'h' || opt == '?')
			return fputs(usage, opt == 'h' ? stdout : stderr), opt == '?';
		*(opt == 'p' ? &port : &line) = optarg;
	}
	if (optind == argc || optind + 2 < argc)
		return fputs(usage, stderr), 2;
	file = argv[optind + 1];
	if (file)
		in = open(file, O_RDONLY);
	if (in < 0)
		err(1, "%s: name a file that can be read", file);
	if (line) {
		left = strlen(line) + 1;
		line[left - 1] = '\n';	/* in the place of the string's end */
	}
	talk(connect_to(argv[optind], port), in, line, left);
	return 0;
}
