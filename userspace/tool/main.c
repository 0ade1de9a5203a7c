// SPDX-License-Identifier: GPL-2.0
/*
 * clasp - one program with subcommands, in the way of ip and git.
 */
#include <stdio.h>
#include <string.h>

#include "tool.h"

static const char usage[] =
	"usage: clasp COMMAND [OPTION...]\n"
	"  dump  draw segments as they pass, with the state of each end\n"
	"  stat  list connections and counters\n"
	"clasp COMMAND --help tells the options.\n";

int main(int argc, char **argv)
{
	if (argc > 1 && !strcmp(argv[1], "dump"))
		return cmd_dump(argc - 1, argv + 1);
	if (argc > 1 && !strcmp(argv[1], "stat"))
		return cmd_stat(argc - 1, argv + 1);
	if (argc > 1 && (!strcmp(argv[1], "--help") || !strcmp(argv[1], "-h"))) {
		fputs(usage, stdout);
		return 0;
	}
	fputs(usage, stderr);
	return 2;
}
