// SPDX-License-Identifier: GPL-2.0
/*
 * Where the core's events go in a test: nowhere, unless the test wants them.
 */
#include "event.h"
#include "event_log.h"

static struct {
	void (*to)(const struct clasp_event *event, void *context);
	void *context;
} listener;

/**
 * test_events_to() - hear the core's events
 * @to: called for each, or NULL for no more
 * @context: handed to @to
 */
void test_events_to(void (*to)(const struct clasp_event *event, void *context),
		    void *context)
{
	listener.to = to;
	listener.context = context;
}

void clasp_event_report(const struct clasp_event *event)
{
	if (listener.to)
		listener.to(event, listener.context);
}
