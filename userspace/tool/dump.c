// SPDX-License-Identifier: GPL-2.0
/*
 * clasp dump - capture, from an interface or a file, and draw the ladder.
 */
#include <getopt.h>
#include <langinfo.h>
#include <locale.h>
#include <pcap.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "ladder.h"
#include "tool.h"

static const char usage[] =
	"usage: clasp dump [-i IFACE | -r FILE] [-c COUNT] [-S] [--ascii]\n"
	"                  [--color=auto|always|never]\n"
	"  -i  capture there (any)       -r  read a pcap file\n"
	"  -c  stop after COUNT packets  -S  absolute sequence numbers\n";

static pcap_t *capture;
static struct look look;

static void stop(int signal)
{
	(void)signal;
	pcap_breakloop(capture);
}

static void draw(__u8 *user, const struct pcap_pkthdr *h, const __u8 *bytes)
{
	struct packet p;

	(void)user;
	if (wire_parse(&p, pcap_datalink(capture), bytes, h->caplen, h->len))
		ladder_draw(&look, &p, h->ts.tv_sec + h->ts.tv_usec / 1e6);
}

static pcap_t *open_live(const char *name, char *why)
{
	pcap_t *p = pcap_create(name, why);

	if (!p)
		return NULL;
	pcap_set_snaplen(p, 512);
	pcap_set_immediate_mode(p, 1);
	pcap_set_buffer_size(p, 8 << 20);
	if (pcap_activate(p) < 0) {
		snprintf(why, PCAP_ERRBUF_SIZE, "%s", pcap_geterr(p));
		pcap_close(p);
		return NULL;
	}
	fprintf(stderr, "clasp dump: listening on %s\n", name);
	return p;
}

int cmd_dump(int argc, char **argv)
{
	static const struct option names[] = {
		{ "color", required_argument, NULL, 'C' },
		{ "ascii", no_argument, NULL, 'A' },
		{ "help", no_argument, NULL, 'h' },
		{ 0 }
	};
	const char *iface = "any", *file = NULL, *color = "auto";
	struct sigaction on_int = { .sa_handler = stop };
	char why[PCAP_ERRBUF_SIZE] = "";
	int opt, count = -1;

	setlocale(LC_CTYPE, "");
	look.utf8 = !strcmp(nl_langinfo(CODESET), "UTF-8");
	while ((opt = getopt_long(argc, argv, "i:r:c:Sh", names, NULL)) != -1) {
		if (opt == 'i')
			iface = optarg;
		else if (opt == 'r')
			file = optarg;
		else if (opt == 'c')
			count = atoi(optarg);
		else if (opt == 'S')
			look.absolute = 1;
		else if (opt == 'C')
			color = optarg;
		else if (opt == 'A')
			look.utf8 = 0;
		else
			return fputs(usage, opt == 'h' ? stdout : stderr), opt == 'h' ? 0 : 2;
	}
	look.color = !strcmp(color, "always") ||
		     (strcmp(color, "never") && isatty(STDOUT_FILENO));
	setvbuf(stdout, NULL, _IOLBF, 0);
	capture = file ? pcap_open_offline(file, why) : open_live(iface, why);
	if (!capture) {
		fprintf(stderr, "clasp dump: cannot capture, be root and name -i or -r: %s\n",
			why);
		return 1;
	}
	sigaction(SIGINT, &on_int, NULL);
	sigaction(SIGTERM, &on_int, NULL);
	pcap_loop(capture, count, draw, NULL);
	ladder_sum();
	pcap_close(capture);
	return 0;
}
