/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Where the core's events go in a test.
 */
#ifndef CLASP_TEST_EVENT_LOG_H
#define CLASP_TEST_EVENT_LOG_H

struct clasp_event;

void test_events_to(void (*to)(const struct clasp_event *event, void *context),
		    void *context);

#endif
