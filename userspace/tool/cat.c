// SPDX-License-Identifier: GPL-2.0
/*
 * clasp cat - netcat for Clasp, with the options of OpenBSD's nc.
 */
#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "cat.h"
#include "tool.h"

static const char usage[] =
	"usage: clasp cat [OPTION...] HOST PORT[-LAST]\n"
	"       clasp cat -l [OPTION...] [ADDRESS] PORT\n"
	"Copies standard input to the peer, and what the peer sends to standard output.\n"
	"  -4, -6  IPv4, IPv6 alone         -u  datagrams\n"
	"  -l  listen                       -k  and again, when a peer has gone\n"
	"  -c LINE     give the peer to this command line of the shell\n"
	"  -e PROGRAM  the same without a shell\n"
	"  -N  close our direction (FIN) when the input ends\n"
	"  -q SECONDS  the same, and go when so long after it nothing comes\n"
	"  -w SECONDS  give up when so long nothing happens, or nobody answers\n"
	"  -s ADDRESS, -p PORT  connect from there\n"
	"  -d  read no input                -n  look no names up\n"
	"  -v  tell what happens            -z  connect and no more\n";

static int bad_usage(const char *why)
{
	if (*why)
		fprintf(stderr, "clasp cat: %s\n", why);
	fputs(usage, stderr);
	return 2;
}

/* Seconds of the command line as milliseconds; what is no number ends us. */
static int milliseconds(const char *text)
{
	char *end;
	long seconds;

	seconds = strtol(text, &end, 10);
	if (end == text || *end || seconds > 2000000) {
		fprintf(stderr, "clasp cat: «%s» is not a number of seconds\n", text);
		exit(2);
	}
	return seconds < 0 ? -1 : seconds * 1000;
}

/* The peer is the program's input and output; returns only if it fails. */
static int become(const struct cat *cat, int fd)
{
	dup2(fd, STDIN_FILENO);
	dup2(fd, STDOUT_FILENO);
	signal(SIGPIPE, SIG_DFL);
	signal(SIGCHLD, SIG_DFL);
	if (cat->shell)
		execl("/bin/sh", "sh", "-c", cat->program, NULL);
	else
		execlp(cat->program, cat->program, NULL);
	fprintf(stderr, "clasp cat: %s: %s\n", cat->program, strerror(errno));
	_exit(127);
}

static int talk(const struct cat *cat, int fd)
{
	return cat->program ? become(cat, fd) : cat_copy(cat, fd);
}

/* Each peer of a program that stays has a process of its own. */
static void hand_over(const struct cat *cat, int fd)
{
	pid_t child = fork();

	if (!child)
		become(cat, fd);
	if (child < 0)
		fprintf(stderr, "clasp cat: no process for a peer: %s\n", strerror(errno));
}

static int serve(const struct cat *cat, const char *host, const char *port)
{
	int listener = cat_listen(cat, host, port), fd, status;

	if (listener < 0)
		return 1;
	do {
		fd = cat_accept(cat, listener);
		if (fd < 0)
			return 1;
		if (!cat->keep && fd != listener)
			close(listener);
		if (cat->keep && cat->program) {
			hand_over(cat, fd);
			status = 0;
		} else {
			status = talk(cat, fd);
		}
		close(fd);
	} while (cat->keep && fd != listener);
	return status;
}

/* Each port of PORT-LAST: connect, and close again. */
static int scan(const struct cat *cat, const char *host, const char *ports)
{
	int first, last, fd, status = 1;
	char port[16];

	if (sscanf(ports, "%d-%d", &first, &last) != 2) {
		fd = cat_connect(cat, host, ports);
		return fd < 0 ? 1 : close(fd);
	}
	for (; first <= last && first < 65536; first++) {
		snprintf(port, sizeof(port), "%d", first);
		fd = cat_connect(cat, host, port);
		if (fd >= 0)
			status = close(fd);
	}
	return status;
}

static int visit(const struct cat *cat, const char *host, const char *port)
{
	int fd;

	if (cat->scan)
		return scan(cat, host, port);
	fd = cat_connect(cat, host, port);
	return fd < 0 ? 1 : talk(cat, fd);
}

/* Returns 0, -1 when nothing is left to do, or the status to end with. */
static int set(struct cat *cat, int opt, char *value)
{
	switch (opt) {
	case '4':
	case '6':
		cat->version = opt - '0';
		break;
	case 'c':
	case 'e':
		cat->program = value;
		cat->shell = opt == 'c';
		break;
	case 'd':
		cat->no_input = 1;
		break;
	case 'h':
		fputs(usage, stdout);
		return -1;
	case 'k':
		cat->keep = 1;
		break;
	case 'l':
		cat->listen = 1;
		break;
	case 'N':
		cat->half_close = 1;
		break;
	case 'n':
		cat->numeric = 1;
		break;
	case 'p':
		cat->source_port = value;
		break;
	case 'q':
		cat->linger_ms = milliseconds(value);
		cat->half_close = cat->linger_ms >= 0;
		break;
	case 's':
		cat->source = value;
		break;
	case 'u':
		cat->type = SOCK_DGRAM;
		break;
	case 'v':
		cat->verbose = 1;
		break;
	case 'w':
		cat->idle_ms = milliseconds(value);
		break;
	case 'z':
		cat->scan = 1;
		break;
	default:
		return bad_usage("");
	}
	return 0;
}

int cmd_cat(int argc, char **argv)
{
	static const struct option names[] = { { "help", no_argument, NULL, 'h' }, { 0 } };
	struct cat cat = { .type = SOCK_STREAM, .idle_ms = -1, .linger_ms = -1 };
	int opt, words, status;

	while ((opt = getopt_long(argc, argv, "46c:de:hklNnp:q:s:uvw:z", names, NULL)) != -1) {
		status = set(&cat, opt, optarg);
		if (status)
			return status < 0 ? 0 : status;
	}
	words = argc - optind;
	signal(SIGPIPE, SIG_IGN);	/* write() tells us */
	signal(SIGCHLD, SIG_IGN);	/* the kernel buries them */
	if (cat.keep && !cat.listen)
		return bad_usage("-k needs -l");
	if (cat.listen && (cat.source || cat.scan))
		return bad_usage("-l goes with neither -s nor -z");
	if (cat.keep && cat.type == SOCK_DGRAM && cat.program)
		return bad_usage("-k with -u goes with neither -e nor -c");
	if (cat.listen && cat.source_port) {	/* as traditional netcat has it */
		if (words > 1)
			return bad_usage("two ports to listen at");
		return serve(&cat, words ? argv[optind] : NULL, cat.source_port);
	}
	if (cat.listen && (words == 1 || words == 2))
		return serve(&cat, words == 2 ? argv[optind] : NULL, argv[argc - 1]);
	if (cat.listen || words != 2)
		return bad_usage("");
	return visit(&cat, argv[optind], argv[optind + 1]);
}
