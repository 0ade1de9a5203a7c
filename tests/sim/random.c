// SPDX-License-Identifier: GPL-2.0
/*
 * A scenario from a seed, as text: what chance made can be read, changed and
 * kept as a file.
 *
 * Each moves at least 256 KiB through at least one impairment, and none makes
 * it hopeless: a connection that gives up would prove nothing.
 */
#include <stdarg.h>
#include <stdio.h>

#include "chance.h"
#include "soak.h"

struct writer {
	struct sim_chance	chance;
	char			*text;
	size_t			size;
	size_t			used;
	u32			at_ms;
};

static void say(struct writer *w, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
static void say(struct writer *w, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	w->used += vsnprintf(w->text + w->used, w->size - w->used, fmt, args);
	va_end(args);
}

static u32 pick(struct writer *w, u32 low, u32 high)
{
	return low + sim_random_below(&w->chance, high - low + 1);
}

/* As often small as large: the exponent is what is drawn. */
static u32 pick_log(struct writer *w, u32 low, u32 high)
{
	u32 bits = 0;

	while (low << (bits + 1) <= high && bits < 31)
		bits++;
	bits = pick(w, 0, bits);

	return min(low << bits | pick(w, 0, (low << bits) - 1), high);
}

static bool one_in(struct writer *w, u32 n)
{
	return pick(w, 1, n) == 1;
}

static const char *direction(struct writer *w)
{
	static const char *const names[] = { "there", "back", "both" };

	return names[pick(w, 0, 2)];
}

/* When the route changes next: changes come in the order of time. */
static u32 later(struct writer *w)
{
	w->at_ms += pick_log(w, 10, 2000);

	return w->at_ms;
}

static void impairment(struct writer *w)
{
	static const char *const kinds[] = {
		"any", "syn", "fin", "data", "ack", "last",
	};
	const char *where = direction(w);

	switch (pick(w, 0, 8)) {
	case 0:
		say(w, "link %s loss %.1f%%\n", where, pick(w, 1, 60) / 10.0);
		break;
	case 1:
		say(w, "link %s burst_enter %.2f%% burst_leave %u%%\n", where,
		    pick(w, 5, 100) / 100.0, pick(w, 40, 80));
		break;
	case 2:
		say(w, "link %s duplicate %.1f%%\n", where,
		    pick(w, 1, 200) / 10.0);
		break;
	case 3:
		say(w, "link %s reorder %.1f%% reorder_by %uus\n", where,
		    pick(w, 1, 200) / 10.0, pick_log(w, 100, 50000));
		break;
	case 4:
		say(w, "link %s corrupt %.1f%%\n", where,
		    pick(w, 1, 40) / 10.0);
		break;
	case 5:
		say(w, "drop %s %s %u\n", where, kinds[pick(w, 0, 5)],
		    pick_log(w, 1, 64));
		break;
	case 6:
		say(w, "at %ums link %s mtu %u\n", later(w), where,
		    pick(w, 576, 1499));
		break;
	case 7:
		say(w, "at %ums link %s rate %ukbit delay %uus\n",
		    later(w), where, pick_log(w, 500, 100000),
		    pick_log(w, 100, 100000));
		break;
	default:
		say(w, "link %s jitter %uus\n", where, pick_log(w, 100, 50000));
		break;
	}
}

static void path(struct writer *w)
{
	static const char *const aqms[] = { "droptail", "codel", "red" };
	u32 rate_kbit = pick_log(w, 1000, 200000);
	u32 delay_us = pick_log(w, 50, 100000);
	u64 bdp = (u64)rate_kbit * 2 * delay_us / 8000;
	u64 queue = bdp * pick(w, 20, 300) / 100;

	say(w, "link both rate %ukbit delay %uus\n", rate_kbit, delay_us);
	say(w, "link there queue %llu aqm %s\n", max(queue, 20000ull),
	    aqms[one_in(w, 3) ? pick(w, 1, 2) : 0]);
	say(w, "link back queue 128k\n");
	if (one_in(w, 4))
		say(w, "programs mtu %u\n", pick(w, 576, 9000));
	if (one_in(w, 10))
		say(w, "link both mtu 9000\n");
}

static void reader(struct writer *w, const char *who)
{
	switch (pick(w, 0, 5)) {
	case 0:
		say(w, "%s read %u wait %uus\n", who, pick_log(w, 512, 65536),
		    pick_log(w, 100, 10000));
		break;
	case 1:
		say(w, "%s go %ums stop %ums\n", who, pick(w, 10, 500),
		    pick(w, 10, 3000));
		break;
	case 2:
		say(w, "%s from %ums\n", who, pick(w, 10, 5000));
		break;
	default:
		break;
	}
	if (one_in(w, 3))
		say(w, "%s rcvbuf %u\n", who, pick_log(w, 2048, 4 << 20));
}

static void writer(struct writer *w, const char *who, u32 bytes)
{
	say(w, "%s write %u\n", who, bytes);
	if (one_in(w, 3))
		say(w, "%s chunk %u\n", who, pick_log(w, 64, 65536));
	if (one_in(w, 5))
		say(w, "%s chunk %u every %uus\n", who, pick(w, 2000, 50000),
		    pick_log(w, 100, 20000));
	if (one_in(w, 4))
		say(w, "%s sndbuf %u\n", who, pick_log(w, 4096, 4 << 20));
	if (one_in(w, 4))
		say(w, "%s nodelay on\n", who);
	if (bytes % 5 == 0)
		say(w, "%s urgent on\n", who);
}

static void programs(struct writer *w)
{
	u32 bytes = pick_log(w, 256 << 10, 1 << 20);
	bool turned = one_in(w, 4);

	writer(w, turned ? "server" : "client", bytes);
	if (one_in(w, 3))
		writer(w, turned ? "client" : "server", pick_log(w, 1, bytes));
	else if (turned)
		say(w, "client write 0\n");
	reader(w, "client");
	reader(w, "server");

	if (one_in(w, 4))
		say(w, "server close done\n");
	if (turned)
		say(w, "client close eof\nserver close done\n");
	if (one_in(w, 12))
		say(w, "server open 0\n");
	if (one_in(w, 8))
		say(w, "flows %u\n", pick(w, 2, 4));
}

static void settings(struct writer *w)
{
	static const char *const controllers[] = { "reno", "cubic", "bbr" };

	if (one_in(w, 5))
		say(w, "set timestamps off\n");
	if (one_in(w, 8))
		say(w, "set nagle off\n");
	if (one_in(w, 8))
		say(w, "set delayed_ack off\n");
	if (one_in(w, 5))
		say(w, "set sack off\n");
	if (one_in(w, 4))
		say(w, "programs pace on\n");
	if (one_in(w, 3))
		say(w, "set ecn 1\nlink both ecn on\n");
	say(w, "set congestion_control %s\n",
	    controllers[pick(w, 0, ARRAY_SIZE(controllers) - 1)]);
}

/**
 * sim_random_text() - a scenario by chance
 * @seed: the same seed makes the same scenario
 * @text: filled in
 * @size: its length; 4096 is enough
 */
void sim_random_text(u64 seed, char *text, size_t size)
{
	struct writer w = {
		.chance = { seed },
		.text = text,
		.size = size,
	};
	u32 n;

	path(&w);
	programs(&w);
	settings(&w);
	for (n = pick(&w, 1, 3); n; n--)
		impairment(&w);
	if (one_in(&w, 5))
		say(&w, "set mtu_probing 2\n");
}
