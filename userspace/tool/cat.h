/* SPDX-License-Identifier: GPL-2.0 */
/*
 * clasp cat's parts: cat.c reads the options, cat_open.c gets a socket,
 * cat_copy.c carries bytes between it and us.
 */
#ifndef CAT_H
#define CAT_H

#include <linux/clasp.h>
#include <stddef.h>

#define NAME_SIZE 128	/* enough for a host and a port as numbers */

/**
 * struct cat - what the person asked for
 * @type: SOCK_STREAM or SOCK_DGRAM
 * @version: 4, 6, or 0 for both
 * @listen: wait to be connected to
 * @keep: and then for the next one
 * @no_input: standard input is not read
 * @half_close: what is read ends: close our direction
 * @numeric: look no names up
 * @verbose: tell what happens
 * @scan: connect and no more
 * @idle_ms: for so long nothing need happen, or connect; -1: for ever
 * @linger_ms: after the input's end, stay so long; -1: until the peer closes
 * @program: to be run with the socket as its input and output, or NULL
 * @shell: @program is a line for the shell
 * @source: address to connect from, or NULL
 * @source_port: port to connect from, or NULL
 */
struct cat {
	int		type;
	int		version;
	int		listen;
	int		keep;
	int		no_input;
	int		half_close;
	int		numeric;
	int		verbose;
	int		scan;
	int		idle_ms;
	int		linger_ms;
	const char	*program;
	int		shell;
	const char	*source;
	const char	*source_port;
};

int cat_connect(const struct cat *cat, const char *host, const char *port);
int cat_listen(const struct cat *cat, const char *host, const char *port);
int cat_accept(const struct cat *cat, int listener);
void cat_name(char *name, const struct sockaddr_clasp *addr);
int cat_copy(const struct cat *cat, int fd);

#endif /* CAT_H */
