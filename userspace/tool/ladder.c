// SPDX-License-Identifier: GPL-2.0
/*
 * The ladder: a line for each segment, the state of each end at its side.
 *
 * States are what RFC 9293 section 3.3.2 says each end enters when the segment
 * is sent and when it arrives, in order; nobody tells us what truly arrived.
 */
#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ladder.h"
#include "options.h"

enum state { NONE, CLOSED, SYN_SENT, SYN_RCVD, ESTABLISHED, FIN_WAIT_1, FIN_WAIT_2,
	     CLOSE_WAIT, CLOSING, LAST_ACK, TIME_WAIT };

static const char * const names[] = {
	"", "CLOSED", "SYN_SENT", "SYN_RCVD", "ESTABLISHED", "FIN_WAIT_1", "FIN_WAIT_2",
	"CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT",
};

struct end {
	enum state state, shown;
	__u32 isn, next, fin;	/* next: after the last octet sent */
	int known, fin_sent, owes_ack;
};

struct flow {
	struct flow *older;
	struct packet first;
	struct end end[2];		/* 0: the client, at the left */
	double began;
	int number;
};

static struct flow *flows;
static unsigned long segments, again, bad;

static int same(const struct packet *a, const struct packet *b, int turned)
{
	return a->family == b->family && a->port[0] == b->port[turned] &&
	       a->port[1] == b->port[!turned] &&
	       !memcmp(a->addr[0], b->addr[turned], 16) &&
	       !memcmp(a->addr[1], b->addr[!turned], 16);
}

static void show_pair(const struct packet *p)
{
	char ip[2][INET6_ADDRSTRLEN];
	int i;

	for (i = 0; i < 2; i++)
		inet_ntop(p->family, p->addr[i], ip[i], sizeof(ip[i]));
	printf(p->family == AF_INET ? "%s:%u > %s:%u" : "[%s]:%u > [%s]:%u",
	       ip[0], p->port[0], ip[1], p->port[1]);
}

static struct flow *find(const struct packet *p, double now, int *side)
{
	static int count;
	struct flow *f;

	for (f = flows; f; f = f->older) {
		for (*side = 0; *side < 2; ++*side)
			if (same(&f->first, p, *side))
				break;
		if (*side < 2)
			break;
	}
	/* A fresh SYN after the end is another connection. */
	if (f && !((p->flags & (SYN | ACK)) == SYN && f->end[*side].state != SYN_SENT &&
		   p->seq != f->end[*side].isn))
		return f;
	f = calloc(1, sizeof(*f));
	if (!f)
		exit(1);
	f->first = *p;
	f->began = now;
	f->number = ++count;
	f->older = flows;
	flows = f;
	*side = 0;
	printf("#%d ", f->number);
	show_pair(p);
	printf("\n%10s  %-12s %52s%s\n", "", "client", "", "server");
	return f;
}

static void sends(struct end *e, const struct packet *p)
{
	if (p->flags & RST)
		e->state = CLOSED;
	else if ((p->flags & SYN) && e->state <= CLOSED)
		e->state = p->flags & ACK ? SYN_RCVD : SYN_SENT;
	else if ((p->flags & FIN) && e->state == CLOSE_WAIT)
		e->state = LAST_ACK;
	else if ((p->flags & FIN) && (e->state == ESTABLISHED || e->state == SYN_RCVD))
		e->state = FIN_WAIT_1;
	if (e->owes_ack && (p->flags & ACK))
		e->state = TIME_WAIT;
	if (e->owes_ack)
		e->owes_ack = 0;
	if (p->flags & FIN) {
		e->fin_sent = 1;
		e->fin = p->seq + p->len;
	}
}

static void hears(struct end *e, const struct packet *p)
{
	int acked = (p->flags & ACK) && e->fin_sent && (int32_t)(p->ack - e->fin) > 0;

	if (p->flags & RST) {
		if (e->state != TIME_WAIT)
			e->state = CLOSED;
		return;
	}
	if (p->flags & SYN) {
		if (e->state <= CLOSED)
			e->state = SYN_RCVD;
		else if (e->state == SYN_SENT)
			e->state = p->flags & ACK ? ESTABLISHED : SYN_RCVD;
		return;
	}
	if ((p->flags & ACK) && e->state == SYN_RCVD && p->ack == e->isn + 1)
		e->state = ESTABLISHED;
	if (acked && e->state == FIN_WAIT_1)
		e->state = FIN_WAIT_2;
	else if (acked && e->state == CLOSING)
		e->state = TIME_WAIT;
	else if (acked && e->state == LAST_ACK)
		e->state = CLOSED;
	if (!(p->flags & FIN))
		return;
	if (e->state == ESTABLISHED)
		e->state = CLOSE_WAIT;
	else if (e->state == FIN_WAIT_1)
		e->state = CLOSING;
	else if (e->state == FIN_WAIT_2)
		e->owes_ack = 1;
}

static const char *changed(struct end *e)
{
	if (e->state == e->shown)
		return "";
	e->shown = e->state;
	return names[e->state];
}

static void show_flags(char *to, __u8 flags)
{
	static const struct { __u8 bit; const char *name; } all[] = {
		{ SYN, "SYN " }, { FIN, "FIN " }, { RST, "RST " }, { ACK, "ACK " },
		{ PSH, "PSH " }, { URG, "URG " }, { ECE, "ECE " }, { CWR, "CWR " },
	};
	unsigned int i;

	*to = 0;
	for (i = 0; i < sizeof(all) / sizeof(*all); i++)
		if (flags & all[i].bit)
			strcat(to, all[i].name);
}

static int follow(struct flow *f, int side, const struct packet *p)
{
	__u32 after = p->seq + p->len + !!(p->flags & SYN) + !!(p->flags & FIN);
	struct end *e = &f->end[side];
	int repeated = e->known && after != p->seq && (int32_t)(after - e->next) <= 0;

	if (!e->known || ((p->flags & SYN) && !repeated)) {
		e->isn = p->seq - !(p->flags & SYN);
		e->next = after;
		e->known = 1;
	}
	if ((int32_t)(after - e->next) > 0)
		e->next = after;
	sends(e, p);
	hears(&f->end[!side], p);
	return repeated;
}

/* A header's numbers, told from the two ends' bases. */
static void show_numbers(char *to, const struct packet *p, const __u32 base[2])
{
	to += sprintf(to, "seq=%u", p->seq - base[0]);
	if (p->flags & ACK)
		to += sprintf(to, " ack=%u", p->ack - base[1]);
	if (p->len)
		to += sprintf(to, " len=%u", p->len);
	sprintf(to, " win=%u", p->win);
}

static const char *color_of(const struct packet *p, int repeated)
{
	if (p->flags & RST || repeated)
		return "\033[31m";
	if (p->flags & SYN)
		return "\033[32m";
	return p->flags & FIN ? "\033[33m" : "";
}

void ladder_draw(const struct look *look, const struct packet *p, double now)
{
	static const char * const arrows[2][2] = {
		{ "--------->", "<---------" },
		{ "─────────▶", "◀─────────" },
	};
	char flags[40], numbers[80], options[512];
	const char *left, *right;
	__u32 base[2] = { 0, 0 };
	int side, repeated;
	struct flow *f;

	segments++;
	if (p->why || p->protocol == PROTO_DATAGRAM) {
		bad += !!p->why;
		show_pair(p);
		printf("  %s, %u bytes%s%s\n",
		       p->protocol == PROTO_DATAGRAM ? "datagram" : "segment", p->len,
		       p->why ? ", malformed: " : "", p->why ? p->why : "");
		return;
	}
	f = find(p, now, &side);
	repeated = follow(f, side, p);
	again += repeated;
	if (!look->absolute) {
		base[0] = f->end[side].isn;
		base[1] = f->end[!side].isn;
	}
	left = changed(&f->end[0]);
	right = changed(&f->end[1]);
	show_flags(flags, p->flags);
	show_numbers(numbers, p, base);
	options_show(options, sizeof(options), p, base);
	printf("%s%10.6f  %-12s %-10s %-40s %s", look->color ? color_of(p, repeated) : "",
	       now - f->began, left, flags, numbers, arrows[look->utf8][side]);
	if (*right || *options)
		printf(*options ? "   %-12s" : "   %s", right);
	printf("%s%s%s%s%s\n", *options ? "<" : "", options, *options ? ">" : "",
	       repeated ? "   retransmission" : "", look->color ? "\033[0m" : "");
}

void ladder_sum(void)
{
	printf("%lu segments, %lu retransmissions, %lu malformed\n", segments, again, bad);
}
