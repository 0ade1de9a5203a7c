// SPDX-License-Identifier: GPL-2.0
/*
 * clasp - one program with subcommands, in the way of ip and git.
 */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *text;
} commands[] = {
	{ "cat",  cmd_cat,  "connect or listen, and copy bytes, as nc does" },
	{ "dump", cmd_dump, "draw segments as they pass, with the state of each end" },
	{ "run",  cmd_run,  "run a program, with Clasp in the place of TCP" },
	{ "stat", cmd_stat, "list connections and counters" },
	{ NULL }
};

static void print_help(FILE *to)
{
	const struct command *c;

	fputs("usage: clasp COMMAND [OPTION...]\n", to);
	for (c = commands; c->name; c++)
		fprintf(to, "  %-4s  %s\n", c->name, c->text);
	fputs("clasp COMMAND --help tells the options.\n", to);
}

int main(int argc, char **argv)
{
	const char *word = argc > 1 ? argv[1] : "";
	const struct command *c;

	for (c = commands; c->name; c++)
		if (!strcmp(word, c->name))
			return c->run(argc - 1, argv + 1);
	if (!strcmp(word, "--help") || !strcmp(word, "-h")) {
		print_help(stdout);
		return 0;
	}
	print_help(stderr);
	return 2;
}
