// SPDX-License-Identifier: GPL-2.0
/*
 * clasp stat - connections and counters, as the module tells them.
 *
 * /proc/net/clasp is a line of column names, then a line for each socket, all
 * separated by spaces: local remote state recvq sendq timer expires_ms retrans
 * uid inode ref rto_us srtt_us cwnd ssthresh snd_mss snd_wnd rcv_wnd. Columns
 * are found by name, since more may come. /proc/net/clasp_snmp has a name and
 * a number in each line; names of drop reasons begin with Drop.
 */
#include <errno.h>
#include <getopt.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "tool.h"

#define MAX_COLUMNS 64

static const char usage[] =
	"usage: clasp stat [-l | -a] [-i] | -s [-a]\n"
	"  -l  listeners (connections)\n"
	"  -a  listeners and connections; with -s, counters at 0 too\n"
	"  -i  every column of /proc/net/clasp\n"
	"  -s  the counters of /proc/net/clasp_snmp that are not 0\n"
	"  --proc DIR  read there, as /proc/PID/net (/proc/net)\n"
	"A listener's RECVQ counts connections to accept, its SENDQ how many may wait.\n";

struct table {
	char *names[MAX_COLUMNS];
	char *values[MAX_COLUMNS];
	int columns;
};

static FILE *open_proc(const char *dir, const char *file)
{
	char path[4096];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, file);
	f = fopen(path, "r");
	if (!f && errno == ENOENT)
		fputs("clasp stat: the clasp module is not loaded: insmod clasp.ko\n",
		      stderr);
	else if (!f)
		fprintf(stderr, "clasp stat: cannot read %s: %s\n", path,
			strerror(errno));
	return f;
}

/* Cuts @line into words. Returns how many there are. */
static int split(char *line, char **words)
{
	char *rest = NULL;
	char *word = strtok_r(line, " \t\n", &rest);
	int n = 0;

	while (word && n < MAX_COLUMNS) {
		words[n++] = word;
		word = strtok_r(NULL, " \t\n", &rest);
	}
	return n;
}

static const char *value(const struct table *t, const char *name)
{
	int i;

	for (i = 0; i < t->columns; i++)
		if (!strcmp(t->names[i], name))
			return t->values[i];
	return "-";
}

static void show_socket(const struct table *t, int details)
{
	const char *timer = value(t, "timer");
	int i;

	printf("%-12s %8s %8s  %-28s %-28s", value(t, "state"), value(t, "recvq"),
	       value(t, "sendq"), value(t, "local"), value(t, "remote"));
	if (strcmp(timer, "-") && strcmp(timer, "off"))
		printf(" %s in %s ms, again %s", timer, value(t, "expires_ms"),
		       value(t, "retrans"));
	putchar('\n');
	if (!details)
		return;
	printf("            ");
	for (i = 0; i < t->columns; i++)
		if (strcmp(t->names[i], "local") && strcmp(t->names[i], "remote") &&
		    strcmp(t->names[i], "state"))
			printf(" %s:%s", t->names[i], t->values[i]);
	putchar('\n');
}

static int list(const char *dir, int listeners, int all, int details)
{
	FILE *f = open_proc(dir, "clasp");
	struct table t = { 0 };
	char *head = NULL, *line = NULL;
	size_t head_size = 0, size = 0;

	if (!f)
		return 1;
	if (getline(&head, &head_size, f) > 0)
		t.columns = split(head, t.names);
	printf("%-12s %8s %8s  %-28s %-28s TIMER\n", "STATE", "RECVQ", "SENDQ",
	       "LOCAL", "REMOTE");
	while (getline(&line, &size, f) > 0) {
		if (split(line, t.values) != t.columns)
			continue;
		if (!all && listeners != !strcmp(value(&t, "state"), "LISTEN"))
			continue;
		show_socket(&t, details);
	}
	free(head);
	free(line);
	fclose(f);
	return 0;
}

static int count(const char *dir, int all)
{
	FILE *f = open_proc(dir, "clasp_snmp");
	unsigned long long n;
	char name[128];

	if (!f)
		return 1;
	while (fscanf(f, "%127s %llu", name, &n) == 2)
		if (n || all)
			printf("%-32s %12llu\n", name, n);
	fclose(f);
	return 0;
}

int cmd_stat(int argc, char **argv)
{
	static const struct option names[] = {
		{ "proc", required_argument, NULL, 'p' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	int all = 0, counters = 0, details = 0, listeners = 0, opt;
	const char *dir = "/proc/net";

	while ((opt = getopt_long(argc, argv, "laish", names, NULL)) != -1) {
		switch (opt) {
		case 'l':
			listeners = 1;
			break;
		case 'a':
			all = 1;
			break;
		case 'i':
			details = 1;
			break;
		case 's':
			counters = 1;
			break;
		case 'p':
			dir = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			return 0;
		default:
			fputs(usage, stderr);
			return 2;
		}
	}
	return counters ? count(dir, all) : list(dir, listeners, all, details);
}
