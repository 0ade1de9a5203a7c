// SPDX-License-Identifier: GPL-2.0
/*
 * A segment's options in words: docs/protocol.md, section 3.
 */
#include <stdarg.h>
#include <stdio.h>

#include "options.h"

/* A text that grows until there is no more room. */
struct text {
	char *at;
	size_t room;
};

static void add(struct text *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void add(struct text *t, const char *format, ...)
{
	va_list values;
	int n;

	va_start(values, format);
	n = vsnprintf(t->at, t->room, format, values);
	va_end(values);
	if (n < 0)
		return;
	if ((size_t)n >= t->room)
		n = t->room ? t->room - 1 : 0;
	t->at += n;
	t->room -= n;
}

static void add_sack(struct text *t, const __u8 *ranges, int n, __u32 base)
{
	int i;

	for (i = 0; i < n; i++, ranges += 8)
		add(t, "%s%u-%u", i ? "," : "sack ", get32(ranges) - base,
		    get32(ranges + 4) - base);
}

/* @length is the whole option's, as wire.c found it to be in the header. */
static void add_option(struct text *t, const __u8 *o, int length, const __u32 base[2])
{
	if (o[0] == 2 && length == 4)
		add(t, "mss %u", get16(o + 2));
	else if (o[0] == 5 && length > 2 && (length - 2) % 8 == 0)
		add_sack(t, o + 2, (length - 2) / 8, base[1]);
	else if (o[0] == 6 && length == 6)
		add(t, "urgent to %u", get32(o + 2) - base[0]);
	else if (o[0] == 8 && length == 10)
		add(t, "ts %u/%u", get32(o + 2), get32(o + 6));
	else if (o[0] == 34)
		add(t, "fast open cookie of %d", length - 2);
	else
		add(t, "kind %u of %d", o[0], length);
}

/**
 * options_show() - write a segment's options as text
 * @to: where to; "" when there are none
 * @room: bytes at @to
 * @p: a sound segment
 * @base: the sender's and the receiver's number to tell others from, 0 for
 *	those of the wire
 */
void options_show(char *to, size_t room, const struct packet *p, const __u32 base[2])
{
	const __u8 *o = p->options, *end = o + p->options_len;
	struct text t = { to, room };

	*to = 0;
	while (o < end && *o) {
		if (*o == 1) {
			o++;
			continue;
		}
		if (t.at != to)
			add(&t, " ");
		add_option(&t, o, o[1], base);
		o += o[1];
	}
}
