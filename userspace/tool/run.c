// SPDX-License-Identifier: GPL-2.0
/*
 * clasp run - run a program with Clasp in the place of TCP.
 *
 * The work is done by a library that the dynamic linker loads into the program
 * (run/socket.c) because LD_PRELOAD names it; the program's children have it
 * from their environment. What can be known before is said here, since a
 * program without the library would talk TCP and nobody would notice.
 *
 * Statuses are those of env(1) and its like.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <linux/clasp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "reach.h"
#include "tool.h"

#define STATUS_OURS	125	/* we could not do our part */
#define STATUS_CANNOT	126	/* the program is there and cannot be run so */
#define STATUS_MISSING	127	/* there is no such program */

#define LIBRARY "libclasp-run.so"

static const char usage[] =
	"usage: clasp run [--dgram] PROGRAM [ARGUMENT...]\n"
	"Runs PROGRAM and its children with Clasp in the place of TCP.\n"
	"  --dgram  and Clasp's datagrams in the place of UDP\n";

/* Says what went wrong, and returns @status. */
__attribute__((format(printf, 2, 3)))
static int fail(int status, const char *format, ...)
{
	va_list list;

	fputs("clasp run: ", stderr);
	va_start(list, format);
	vfprintf(stderr, format, list);
	va_end(list);
	fputc('\n', stderr);
	return status;
}

/* The library lies beside the command, or where make install puts it. */
static int find_library(char *path, size_t room)
{
	static const char * const folders[] = { "", "../lib/clasp/", NULL };
	char self[PATH_MAX] = "";
	int i;

	if (readlink("/proc/self/exe", self, sizeof(self) - 1) < 0)
		return 0;
	strrchr(self, '/')[1] = '\0';
	for (i = 0; folders[i]; i++) {
		snprintf(path, room, "%s%s" LIBRARY, self, folders[i]);
		if (!access(path, R_OK))
			return 1;
	}
	return 0;
}

/* In front of those that the person wants loaded anyway. */
static void preload(const char *library)
{
	const char *others = getenv("LD_PRELOAD");
	char *list;

	if (others && strstr(others, library))
		return;		/* we run inside of ourselves */
	if (asprintf(&list, "%s%s%s", library, others ? ":" : "",
		     others ? others : "") < 0)
		abort();
	setenv("LD_PRELOAD", list, 1);
	free(list);
}

/* Can the module do what the library will ask for? Loads it, where it is installed. */
static int module_can(int type)
{
	int family = AF_INET, fd, able;

	fd = socket(AF_CLASP, type, 0);
	if (fd < 0)
		return 0;
	able = !setsockopt(fd, SOL_CLASP, CLASP_NAME_FAMILY, &family, sizeof(family));
	close(fd);
	return able;
}

static int start(char **argv)
{
	char library[2 * PATH_MAX], path[PATH_MAX], at[PATH_MAX];
	const char *obstacle;
	int error;

	if (!find_library(library, sizeof(library)))
		return fail(STATUS_OURS, LIBRARY " is not there: make install");
	if (strpbrk(library, " :"))
		return fail(STATUS_OURS, "%s: a path with blanks or colons cannot be preloaded",
			    library);
	error = reach_find(argv[0], path, sizeof(path));
	if (error)
		return fail(error == ENOENT ? STATUS_MISSING : STATUS_CANNOT, "%s: %s",
			    argv[0], strerror(error));
	obstacle = reach_obstacle(path, at, sizeof(at));
	if (obstacle)
		return fail(STATUS_CANNOT, "%s %s: it would speak TCP, so it is not run",
			    at, obstacle);

	preload(library);
	execvp(path, argv);
	return fail(STATUS_CANNOT, "%s: %s", argv[0], strerror(errno));
}

int cmd_run(int argc, char **argv)
{
	static const struct option names[] = {
		{ "dgram", no_argument, NULL, 'd' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int dgram = 0, opt;

	while ((opt = getopt_long(argc, argv, "+h", names, NULL)) != -1) {
		switch (opt) {
		case 'd':
			dgram = 1;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs(usage, stderr);
			return STATUS_OURS;
		}
	}
	if (optind == argc) {
		fputs(usage, stderr);
		return STATUS_OURS;
	}
	if (!module_can(SOCK_STREAM))
		return fail(STATUS_OURS, "no Clasp socket: %s", errno == EAFNOSUPPORT ?
			    "load the module (insmod clasp.ko)" : strerror(errno));
	if (dgram && !module_can(SOCK_DGRAM))
		return fail(STATUS_OURS, "no Clasp datagrams: %s", strerror(errno));
	if (dgram)
		setenv("CLASP_RUN_DGRAM", "1", 1);
	else
		unsetenv("CLASP_RUN_DGRAM");
	return start(argv + optind);
}
