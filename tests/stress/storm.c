// SPDX-License-Identifier: GPL-2.0
/*
 * Trouble for an echo server: many connections at once, every byte compared;
 * connections opened and closed by the thousand; a listener that goes away.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/clasp.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

static const char usage[] =
	"usage: storm many ADDRESS PORT CONNECTIONS BYTES\n"
	"       storm cycles ADDRESS PORT COUNT\n"
	"       storm backlog ADDRESS PORT CONNECTIONS\n";

#define SHOW	5	/* seconds between two lines of progress */
#define STUCK	120	/* seconds in which something has to move */

struct stream {
	int fd;
	size_t sent, got;
};

static struct sockaddr_clasp peer;

static void find(const char *address, const char *port)
{
	char mapped[100];

	peer.scl_family = AF_CLASP;
	peer.scl_port = htons(atoi(port));
	snprintf(mapped, sizeof(mapped), "%s%s",
		 strchr(address, ':') ? "" : "::ffff:", address);
	if (inet_pton(AF_INET6, mapped, &peer.scl_addr) != 1)
		errx(2, "%s is no address", address);
}

static int open_one(int flags)
{
	int fd = socket(AF_CLASP, SOCK_STREAM | flags, 0);

	if (fd < 0)
		err(1, "socket");
	if (connect(fd, (struct sockaddr *)&peer, sizeof(peer)) &&
	    errno != EINPROGRESS)
		err(1, "connect");
	return fd;
}

/* The byte at @at of connection @n: no two connections send the same. */
static unsigned char byte_at(int n, size_t at)
{
	return (at * 2654435761u >> 13) + n * 7 + at / 997;
}

static void send_some(struct stream *s, int n, size_t bytes)
{
	unsigned char data[8192];
	size_t len = bytes - s->sent, i;
	ssize_t done;

	if (len > sizeof(data))
		len = sizeof(data);
	for (i = 0; i < len; i++)
		data[i] = byte_at(n, s->sent + i);
	done = send(s->fd, data, len, MSG_NOSIGNAL);
	if (done < 0 && errno != EAGAIN)
		err(1, "connection %d, send after %zu bytes", n, s->sent);
	s->sent += done > 0 ? done : 0;
	if (s->sent == bytes && done > 0 && shutdown(s->fd, SHUT_WR))
		err(1, "connection %d, shutdown", n);
}

/* Returns 1 when the peer has closed and all is there. */
static int compare_some(struct stream *s, int n, size_t bytes)
{
	unsigned char data[65536];
	ssize_t len = recv(s->fd, data, sizeof(data), 0), i;

	if (len < 0 && errno == EAGAIN)
		return 0;
	if (len < 0)
		err(1, "connection %d, recv after %zu bytes", n, s->got);
	for (i = 0; i < len; i++)
		if (data[i] != byte_at(n, s->got + i))
			errx(1, "connection %d: byte %zu is wrong", n, s->got + i);
	s->got += len;
	if (len)
		return 0;
	if (s->got != bytes)
		errx(1, "connection %d: %zu of %zu bytes", n, s->got, bytes);
	close(s->fd);
	s->fd = -1;
	return 1;
}

/* A line of progress, when it is time for one. */
static void show(int left, double moved)
{
	static time_t shown;
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	if (now.tv_sec - shown < SHOW)
		return;
	if (shown)
		fprintf(stderr, "storm: %d connections open, %.1f MiB moved\n",
			left, moved / (1 << 20));
	shown = now.tv_sec;
}

/* Until something can be done; false after so long that nothing ever will. */
static int wait_for_any(struct pollfd *polls, int count, int left, double moved)
{
	int waited, n;

	for (waited = 0; waited < STUCK; waited += SHOW) {
		show(left, moved);
		n = poll(polls, count, SHOW * 1000);
		if (n)
			return n > 0;
	}
	return 0;
}

static double sum_of_got(const struct stream *streams, int count)
{
	double sum = 0;

	while (count--)
		sum += streams++->got;
	return sum;
}

static void many(int count, size_t bytes)
{
	struct stream *streams = calloc(count, sizeof(*streams));
	struct pollfd *polls = calloc(count, sizeof(*polls));
	int i, left = count;

	for (i = 0; i < count; i++)
		streams[i].fd = open_one(SOCK_NONBLOCK);
	while (left) {
		for (i = 0; i < count; i++) {
			polls[i].fd = streams[i].fd;
			polls[i].events = POLLIN |
				(streams[i].sent < bytes ? POLLOUT : 0);
		}
		if (!wait_for_any(polls, count, left, sum_of_got(streams, count)))
			errx(1, "nothing moves any more: %d of %d connections are open",
			     left, count);
		for (i = 0; i < count; i++) {
			if (polls[i].revents & POLLOUT)
				send_some(&streams[i], i, bytes);
			if (polls[i].revents & ~POLLOUT)
				left -= compare_some(&streams[i], i, bytes);
		}
	}
	free(polls);
	free(streams);
}

static void cycles(int count)
{
	char back[4];
	int i, fd;

	for (i = 0; i < count; i++) {
		fd = open_one(0);
		if (send(fd, "ping", 4, MSG_NOSIGNAL) != 4)
			err(1, "cycle %d, send", i);
		/* every other one leaves without waiting */
		if (i % 2 && recv(fd, back, 4, MSG_WAITALL) != 4)
			err(1, "cycle %d, recv", i);
		close(fd);
	}
}

/* A listener that nobody accepts from, closed with its queues full. */
static void backlog(int count)
{
	int *fds = calloc(count, sizeof(*fds));
	int i, listener = socket(AF_CLASP, SOCK_STREAM, 0);

	if (bind(listener, (struct sockaddr *)&peer, sizeof(peer)) ||
	    listen(listener, count / 4))
		err(1, "listen");
	for (i = 0; i < count; i++)
		fds[i] = open_one(SOCK_NONBLOCK);
	usleep(300000);
	close(listener);
	usleep(100000);
	for (i = 0; i < count; i++)
		close(fds[i]);
	free(fds);
}

int main(int argc, char **argv)
{
	if (argc < 5)
		return fputs(usage, stderr), 2;
	find(argv[2], argv[3]);
	if (!strcmp(argv[1], "many") && argc == 6)
		many(atoi(argv[4]), atol(argv[5]));
	else if (!strcmp(argv[1], "cycles"))
		cycles(atoi(argv[4]));
	else if (!strcmp(argv[1], "backlog"))
		backlog(atoi(argv[4]));
	else
		return fputs(usage, stderr), 2;
	return 0;
}
