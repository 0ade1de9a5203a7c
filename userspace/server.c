// SPDX-License-Identifier: MIT
/*
 * A Clasp server: many clients at once, one thread, plain socket calls.
 *
 * Sends back what each client sends. With -s it stores that in a file and, once
 * the client has closed its direction (its FIN), answers with the length.
 */
#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <linux/clasp.h>
#include <netdb.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

static const char usage[] = "usage: server [-a ADDRESS] [-p PORT] [-s DIR]\n"
	"  -a, -p  where to listen (at ::, all of this host, on 7007)\n"
	"  -s      store the bytes of client n in DIR/n (send them back)\n";

struct client {
	int fd, number;
	FILE *file;			/* where its bytes go; NULL: back */
	size_t used, sent;		/* bytes owed to it; of these, sent */
	char buffer[65536];
};

static int listener, epoll;
static char ip[INET6_ADDRSTRLEN];

static void wait_for(int how, int fd, struct client *c, int events)
{
	struct epoll_event e = { .events = events, .data.ptr = c };

	if (epoll_ctl(epoll, how, fd, &e))
		err(1, "epoll: raise fs.epoll.max_user_watches");
}

static void drop(struct client *c, const char *why)
{
	printf("#%d %s\n", c->number, why);
	if (c->file)
		fclose(c->file);
	close(c->fd);
	free(c);
	wait_for(EPOLL_CTL_MOD, listener, NULL, EPOLLIN);	/* there is room */
}

static void greet(const char *dir)
{
	static int count;
	struct sockaddr_clasp from = { 0 };
	socklen_t size = sizeof(from);
	int fd = accept(listener, (struct sockaddr *)&from, &size);
	struct client *c = fd < 0 ? NULL : calloc(1, sizeof(*c));

	if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
		warn("new clients wait until one leaves: raise ulimit -n");
		wait_for(EPOLL_CTL_MOD, listener, NULL, 0);
	}
	if (fd < 0)
		return;			/* or it was gone before we looked */
	if (!c)
		err(1, "no memory for a client: stop other programs");
	c->fd = fd;
	c->number = ++count;
	inet_ntop(AF_INET6, &from.scl_addr, ip, sizeof(ip));
	printf("#%d from [%s]:%d\n", count, ip, ntohs(from.scl_port));
	snprintf(c->buffer, sizeof(c->buffer), "%s/%d", dir ? dir : "", count);
	c->file = dir ? fopen(c->buffer, "w") : NULL;
	if (dir && !c->file)
		return drop(c, "not stored: check the folder of -s, and ulimit -n");
	wait_for(EPOLL_CTL_ADD, fd, c, EPOLLIN);
}

static void serve(struct client *c)
{
	ssize_t n;

	if (c->sent == c->used) {	/* nothing is owed: hear more */
		n = recv(c->fd, c->buffer, sizeof(c->buffer), MSG_DONTWAIT);
		if (n < 0 && (errno == EAGAIN || errno == EINTR))
			return;
		if (n < 0 || (!n && !c->file))
			return drop(c, n < 0 ? strerror(errno) : "done");
		if (c->file && (n ? fwrite(c->buffer, n, 1, c->file) != 1 : fflush(c->file)))
			return drop(c, "not stored: make room on the disk");
		c->used = n;
		c->sent = c->file ? n : 0;
		if (!n) {		/* the FIN; recv() will say so again */
			c->used = sprintf(c->buffer, "%ld bytes stored\n", ftell(c->file));
			fclose(c->file);
			c->file = NULL;
		}
	}
	if (c->sent < c->used) {
		n = send(c->fd, c->buffer + c->sent, c->used - c->sent, MSG_DONTWAIT | MSG_NOSIGNAL);
		if (n < 0 && errno != EAGAIN && errno != EINTR)
			return drop(c, strerror(errno));
		c->sent += n < 0 ? 0 : n;
	}
	/* Who does not read is not heard: we hold one buffer for it, no more. */
	wait_for(EPOLL_CTL_MOD, c->fd, c, c->sent < c->used ? EPOLLOUT : EPOLLIN);
}

int main(int argc, char **argv)
{
	static const struct option names[] = { { "help", 0, NULL, 'h' }, { 0 } };
	struct addrinfo *found, hints = { .ai_family = AF_INET6, .ai_flags = AI_V4MAPPED };
	const char *address = "::", *port = "7007", *dir = NULL;
	struct sockaddr_clasp at;
	socklen_t size = sizeof(at);
	struct epoll_event e;
	int opt, on = 1;

	while ((opt = getopt_long(argc, argv, "a:p:s:h", names, NULL)) != -1) {
		if (opt == 'h' || opt == '?')
			return fputs(usage, opt == 'h' ? stdout : stderr), opt == '?';
		*(opt == 'a' ? &address : opt == 'p' ? &port : &dir) = optarg;
	}
	if (atoi(port) > 65535 || getaddrinfo(address, port, &hints, &found))
		errx(1, "%s port %s: give an address and a number", address, port);
	memcpy(&at, found->ai_addr, sizeof(at));
	at.scl_family = AF_CLASP;	/* all that is new */

	listener = socket(AF_CLASP, SOCK_STREAM | SOCK_NONBLOCK, 0);
	if (listener < 0)
		err(1, "no Clasp socket: load the module (insmod clasp.ko)");
	setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &on, sizeof(on));
	if (bind(listener, (struct sockaddr *)&at, sizeof(at)) || listen(listener, SOMAXCONN) ||
	    getsockname(listener, (struct sockaddr *)&at, &size))
		err(1, "%s port %s: choose another with -a or -p", address, port);
	epoll = epoll_create1(0);
	wait_for(EPOLL_CTL_ADD, listener, NULL, EPOLLIN);
	setvbuf(stdout, NULL, _IOLBF, 0);
	inet_ntop(AF_INET6, &at.scl_addr, ip, sizeof(ip));
	printf("listening on [%s]:%d\n", ip, ntohs(at.scl_port));
	for (;;) {
		e.data.ptr = NULL;	/* the listener, or nobody: a signal */
		epoll_wait(epoll, &e, 1, -1);
		if (e.data.ptr)
			serve(e.data.ptr);
		else
			greet(dir);
	}
}
