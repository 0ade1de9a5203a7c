// SPDX-License-Identifier: GPL-2.0
/*
 * The ladder: a line for each segment that leaves, and for all that explains
 * it. Numbers are relative to the initial sequence numbers.
 *
 * States are what the cores say, not what an onlooker would guess.
 */
#include <stdio.h>

#include "endpoint.h"
#include "packet.h"
#include "trace.h"

static const char *const send_text[] = {
	[CLASP_SEND_NONE] = "",
#define X(name, counter, text)						       \
	[CLASP_SEND_##name] = text,
	CLASP_SEND_REASONS(X)
#undef X
};

static const char *const drop_text[] = {
	[CLASP_DROP_NONE] = "",
#define X(name, counter, text)						       \
	[CLASP_DROP_##name] = text,
	CLASP_DROP_REASONS(X)
#undef X
};

static const char *const cwnd_text[] = {
#define X(name, text)							       \
	[CLASP_CWND_##name] = text,
	CLASP_CWND_REASONS(X)
#undef X
};

static const char *const timer_text[] = {
#define X(name, text)							       \
	[CLASP_TIMER_##name] = text,
	CLASP_TIMERS(X)
#undef X
};

static double seconds(const struct sim *sim)
{
	return (double)sim->clock.now_ns / SIM_S;
}

static void flags_text(u8 flags, char *text, size_t size)
{
	snprintf(text, size, "%s%s%s%s%s%s%s%s", flags & CLASP_SYN ? "SYN " : "",
		 flags & CLASP_FIN ? "FIN " : "",
		 flags & CLASP_RST ? "RST " : "",
		 flags & CLASP_ACK ? "ACK " : "",
		 flags & CLASP_PSH ? "PSH " : "",
		 flags & CLASP_URG ? "URG " : "",
		 flags & CLASP_ECE ? "ECE " : "",
		 flags & CLASP_CWR ? "CWR " : "");
}

/* The number of our SYN, whoever knows it. */
static u32 isn(const struct sim_end *end)
{
	if (end->taker == SIM_EMBRYO)
		return end->embryo.iss;
	return end->body.conn.iss;
}

/* "seq=1 ack=1 len=1448 win=65535", and the ranges of a SACK. */
static void numbers_text(const struct sim_end *end,
			 const struct clasp_segment *seg, char *text,
			 size_t size)
{
	int used, i;

	used = snprintf(text, size, "seq=%u", seg->seq - isn(end));
	if (seg->flags & CLASP_ACK)
		used += snprintf(text + used, size - used, " ack=%u",
				 seg->ack - isn(end->peer));
	if (seg->len)
		used += snprintf(text + used, size - used, " len=%u", seg->len);
	used += snprintf(text + used, size - used, " win=%u", seg->window);
	if (seg->has & CLASP_HAS_MSS)
		used += snprintf(text + used, size - used, " mss=%u", seg->mss);
	for (i = 0; i < seg->n_sack && i < 4 && seg->sack; i++)
		used += snprintf(text + used, size - used, "%s%u-%u",
				 i ? "," : " sack=",
				 get_unaligned_be32(seg->sack + 8 * i) -
				 isn(end->peer),
				 get_unaligned_be32(seg->sack + 8 * i + 4) -
				 isn(end->peer));
}

/* Several connections are told apart by a number. */
static void mark(const struct sim_end *end)
{
	if (end->sim->n_ends > 2)
		printf("#%u ", end->number);
}

void sim_trace_head(const struct sim *sim)
{
	printf("%s, seed %llu\n%10s  %-11s %-52s %s\n", sim->scenario.name,
	       sim->seed, "seconds", "client", "", "server");
}

/**
 * sim_trace_sent() - a segment leaves
 * @end: who sends it
 * @seg: the segment
 * @why: why
 */
void sim_trace_sent(struct sim_end *end, const struct clasp_segment *seg,
		    enum clasp_send why)
{
	const struct sim_end *client = end->client ? end : end->peer;
	char flags[40], numbers[160];

	if (!end->sim->ladder)
		return;

	flags_text(seg->flags, flags, sizeof(flags));
	numbers_text(end, seg, numbers, sizeof(numbers));
	mark(end);
	printf("%10.6f  %-11s %-8s %-38s %s %-11s %s%s\n", seconds(end->sim),
	       clasp_state_name(sim_end_state(client)), flags, numbers,
	       end->client ? "-->" : "<--",
	       clasp_state_name(sim_end_state(client->peer)),
	       clasp_send_is_rtx(why) ? "AGAIN: " : "",
	       why == CLASP_SEND_NEW_DATA ? "" : send_text[why]);
}

static void note(const struct sim_end *end, const char *kind, const char *what)
{
	mark(end);
	printf("%10.6f  %*s%s %s %s\n", seconds(end->sim),
	       end->client ? 0 : 64, "", end->client ? "client" : "server",
	       kind, what);
}

/**
 * sim_trace_event() - the core tells of something
 * @end: whose core
 * @event: what
 */
void sim_trace_event(struct sim_end *end, const struct clasp_event *event)
{
	char text[200];

	switch (event->kind) {
	case CLASP_EVENT_STATE:
		snprintf(text, sizeof(text), "%s: %s -> %s (RFC 9293 %s)",
			 clasp_move_name(event->transition->move),
			 clasp_state_name(event->transition->from),
			 clasp_state_name(event->transition->to),
			 event->transition->section);
		note(end, "=", text);
		break;
	case CLASP_EVENT_DROP:
		note(end, "drops:", drop_text[event->drop]);
		break;
	case CLASP_EVENT_TIMER:
		note(end, "timer:", timer_text[event->timer]);
		break;
	case CLASP_EVENT_CWND:
		snprintf(text, sizeof(text), "%u, ssthresh %u: %s",
			 event->conn->cong.cwnd, event->conn->cong.ssthresh,
			 cwnd_text[event->cwnd]);
		note(end, "cwnd", text);
		break;
	default:
		break;
	}
}

/**
 * sim_trace_drop() - the body drops what the core did not see, or did not tell
 * @end: where
 * @why: why
 */
void sim_trace_drop(struct sim_end *end, enum clasp_drop why)
{
	end->tally.drop[why]++;
	if (end->sim->ladder)
		note(end, "drops:", drop_text[why]);
}

/**
 * sim_trace_note() - something that no segment shows
 * @end: where
 * @what: in words
 */
void sim_trace_note(struct sim_end *end, const char *what)
{
	if (end->sim->ladder)
		note(end, "-", what);
}

/**
 * sim_trace_lost() - a packet will not arrive
 * @link: where it was
 * @p: the packet
 * @fate: why
 */
void sim_trace_lost(const struct sim_link *link, const struct sim_packet *p,
		    enum sim_fate fate)
{
	char flags[40];

	if (!link->sim->ladder)
		return;

	flags_text(p->segment.flags, flags, sizeof(flags));
	mark(p->to);
	printf("%10.6f  %11s X %sseq=%u len=%u: %s\n", seconds(link->sim), "",
	       flags, p->segment.seq - isn(p->to->peer), p->segment.len,
	       sim_fate_text(fate));
}
