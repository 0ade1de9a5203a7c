/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The command's parts: main.c picks a subcommand, each of which is one file.
 */
#ifndef TOOL_H
#define TOOL_H

int cmd_cat(int argc, char **argv);
int cmd_dump(int argc, char **argv);
int cmd_run(int argc, char **argv);
int cmd_stat(int argc, char **argv);

#endif /* TOOL_H */
