// SPDX-License-Identifier: GPL-2.0
/*
 * clasp cat's two ways: standard input to the socket, the socket to standard
 * output, each at its own speed.
 */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cat.h"

#define CHUNK 16384	/* of the input; as one datagram it fits everywhere */

/**
 * struct way - bytes in one direction
 * @from: where they are read; -1 once it has ended
 * @to: where they go
 * @at: of @left, the first
 * @left: bytes read and not yet written
 * @buffer: where they are; any datagram fits
 */
struct way {
	int	from;
	int	to;
	char	*at;
	size_t	left;
	char	buffer[65536];
};

static int broken(const char *what)
{
	fprintf(stderr, "clasp cat: %s: %s\n", what, strerror(errno));
	return 1;
}

static int again(void)
{
	return errno == EAGAIN || errno == EINTR;
}

/* What was just read: @n bytes, the end, or an error, which is 1. */
static int took(struct way *w, ssize_t n, int may_be_empty)
{
	if (n < 0)
		return !again();
	if (!n && !may_be_empty)
		w->from = -1;
	w->at = w->buffer;
	w->left = n;
	return 0;
}

static int gave(struct way *w, ssize_t n)
{
	if (n < 0)
		return !again();
	w->at += n;
	w->left -= n;
	return 0;
}

/* Over is also what only a person's or another peer's time would be spent on. */
static int over(const struct cat *cat, const struct way *out, const struct way *in)
{
	if (in->from >= 0 || in->left || out->left)
		return 0;
	return out->from < 0 || cat->keep || isatty(out->from);
}

static int patience(const struct cat *cat, const struct way *out)
{
	if (out->from >= 0 || out->left || cat->no_input || cat->linger_ms < 0)
		return cat->idle_ms;
	return cat->linger_ms;
}

static int send_some(const struct cat *cat, struct way *out, short input, short socket)
{
	if (input) {
		if (took(out, read(out->from, out->buffer, CHUNK), 0))
			return broken("cannot read what to send");
		if (out->from < 0 && cat->half_close && cat->type == SOCK_STREAM)
			shutdown(out->to, SHUT_WR);
	} else if (out->left && socket) {
		if (gave(out, send(out->to, out->at, out->left, MSG_DONTWAIT | MSG_NOSIGNAL)))
			return broken("the connection is broken");
	}
	return 0;
}

/* A pipe that is ready takes PIPE_BUF bytes without making us wait. */
static int receive_some(const struct cat *cat, struct way *in, short output, short socket)
{
	size_t n = in->left < PIPE_BUF ? in->left : PIPE_BUF;

	if (output) {
		if (gave(in, write(in->to, in->at, n)))
			return broken("cannot write what came");
	} else if (in->from >= 0 && !in->left && socket) {
		if (took(in, recv(in->from, in->buffer, sizeof(in->buffer), MSG_DONTWAIT),
			 cat->type == SOCK_DGRAM))
			return broken("the connection is broken");
	}
	return 0;
}

/**
 * cat_copy() - talk over a socket until it is over
 * @cat: what was asked for
 * @fd: the socket
 *
 * It is over when the peer has closed its direction and our input has ended
 * too; or nothing happens for idle_ms; or for linger_ms after our input's end.
 *
 * Return: 0, or 1, and why was said
 */
int cat_copy(const struct cat *cat, int fd)
{
	static struct way out, in;

	out.from = cat->no_input ? -1 : STDIN_FILENO;
	out.to = fd;
	in.from = fd;
	in.to = STDOUT_FILENO;
	out.left = 0;
	in.left = 0;
	while (!over(cat, &out, &in)) {
		int hear = in.from >= 0 && !in.left;
		struct pollfd p[] = {
			{ .fd = out.left ? -1 : out.from, .events = POLLIN },
			{ .fd = hear || out.left ? fd : -1,
			  .events = (hear ? POLLIN : 0) | (out.left ? POLLOUT : 0) },
			{ .fd = in.left ? in.to : -1, .events = POLLOUT },
		};

		if (!poll(p, 3, patience(cat, &out)))
			return 0;
		if (send_some(cat, &out, p[0].revents, p[1].revents) ||
		    receive_some(cat, &in, p[2].revents, p[1].revents))
			return 1;
	}
	return 0;
}
