// SPDX-License-Identifier: GPL-2.0
/*
 * Where the core's events go: to the invariants, the tally and the ladder.
 */
#include "endpoint.h"
#include "event.h"
#include "trace.h"

static void count(struct sim_end *end, const struct clasp_event *event)
{
	struct sim_tally *tally = &end->tally;

	switch (event->kind) {
	case CLASP_EVENT_SEGMENT_OUT:
		end->why = event->send;
		break;
	case CLASP_EVENT_DROP:
		tally->drop[event->drop]++;
		break;
	case CLASP_EVENT_TIMER:
		tally->timers[event->timer]++;
		break;
	case CLASP_EVENT_CWND:
		tally->cwnd_max = max(tally->cwnd_max, event->conn->cong.cwnd);
		break;
	default:
		break;
	}
}

void clasp_event_report(const struct clasp_event *event)
{
	struct sim_end *end = event->conn ? sim_end_of(event->conn) :
					    sim_end_speaking();

	count(end, event);
	sim_check_event(end, event);
	if (end->sim->ladder)
		sim_trace_event(end, event);
}
