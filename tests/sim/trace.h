/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is told of a run: the ladder and the plot.
 */
#ifndef SIM_TRACE_H
#define SIM_TRACE_H

#include "event.h"
#include "link.h"

struct sim;
struct sim_end;
struct sim_packet;

/* ladder: trace.c */
void sim_trace_head(const struct sim *sim);
void sim_trace_sent(struct sim_end *end, const struct clasp_segment *seg,
		    enum clasp_send why);
void sim_trace_event(struct sim_end *end, const struct clasp_event *event);
void sim_trace_lost(const struct sim_link *link, const struct sim_packet *p,
		    enum sim_fate fate);
void sim_trace_drop(struct sim_end *end, enum clasp_drop why);
void sim_trace_note(struct sim_end *end, const char *what);

/* plot: plot.c */
struct sim_plot *sim_plot_new(void);
void sim_plot_segment(struct sim_end *end, const struct clasp_segment *seg,
		      enum clasp_send why);
void sim_plot_end(struct sim_end *end);
void sim_plot_queue(struct sim_link *link);
bool sim_plot_write(struct sim *sim, const char *path);
void sim_plot_free(struct sim_plot *plot);

#endif
