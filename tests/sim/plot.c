// SPDX-License-Identifier: GPL-2.0
/*
 * The plot: what a run looked like, as an SVG of four panels.
 *
 * Values are remembered as they come, and thinned out by half whenever there
 * are too many, so that a long run costs no more than a short one.
 */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "endpoint.h"
#include "sim.h"
#include "trace.h"

#define POINTS_MAX	8192

enum curve {
	SENT, SENT_AGAIN, ACKED,
	CWND, SSTHRESH, PRIOR_CWND, FLIGHT, WINDOW,
	SRTT, RTO,
	QUEUE_THERE, QUEUE_BACK,
	CURVES,
};

enum panel { SEQUENCE, WINDOWS, TIMES, QUEUES, PANELS };

static const struct {
	enum panel	panel;
	const char	*name;
	const char	*color;
	bool		dots;
} curves[CURVES] = {
	[SENT]		= { SEQUENCE, "sent", "#888", true },
	[SENT_AGAIN]	= { SEQUENCE, "sent again", "#d00", true },
	[ACKED]		= { SEQUENCE, "acknowledged", "#070", false },
	[CWND]		= { WINDOWS, "cwnd", "#06c", false },
	[SSTHRESH]	= { WINDOWS, "ssthresh", "#c60", false },
	[PRIOR_CWND]	= { WINDOWS, "before the loss", "#a6d", false },
	[FLIGHT]	= { WINDOWS, "in flight", "#aaa", false },
	[WINDOW]	= { WINDOWS, "peer's window", "#0a8", false },
	[SRTT]		= { TIMES, "smoothed RTT", "#06c", false },
	[RTO]		= { TIMES, "RTO", "#d00", false },
	[QUEUE_THERE]	= { QUEUES, "queue there", "#06c", false },
	[QUEUE_BACK]	= { QUEUES, "queue back", "#aaa", false },
};

static const char *const titles[PANELS] = {
	[SEQUENCE]	= "sequence numbers, bytes",
	[WINDOWS]	= "windows, bytes",
	[TIMES]		= "milliseconds",
	[QUEUES]	= "queues, bytes",
};

struct points {
	u32	count;
	u32	skip;		/* of so many only one is kept */
	u32	seen;
	double	x[POINTS_MAX];
	double	y[POINTS_MAX];
};

struct sim_plot {
	struct points	all[CURVES];
};

/**
 * sim_plot_new() - nothing remembered yet
 *
 * Return: for sim.plot.
 */
struct sim_plot *sim_plot_new(void)
{
	return calloc(1, sizeof(struct sim_plot));
}

void sim_plot_free(struct sim_plot *plot)
{
	free(plot);
}

static void thin_out(struct points *points)
{
	u32 i;

	points->count /= 2;
	for (i = 0; i < points->count; i++) {
		points->x[i] = points->x[2 * i];
		points->y[i] = points->y[2 * i];
	}
	points->skip = 2 * points->skip + 1;
}

static void add(struct sim *sim, enum curve curve, double y)
{
	struct points *points = &sim->plot->all[curve];

	if (points->seen++ & points->skip)
		return;
	if (points->count == POINTS_MAX)
		thin_out(points);
	points->x[points->count] = (double)sim->clock.now_ns / SIM_S;
	points->y[points->count++] = y;
}

/* The end of the first connection that writes more. */
static bool is_shown(const struct sim_end *end)
{
	return end->sim->plot && !end->number &&
	       (end->client ? end->plan->write >= end->peer->plan->write :
			      end->plan->write > end->peer->plan->write);
}

void sim_plot_segment(struct sim_end *end, const struct clasp_segment *seg,
		      enum clasp_send why)
{
	if (is_shown(end) && seg->len)
		add(end->sim, clasp_send_is_rtx(why) ? SENT_AGAIN : SENT,
		    seg->seq + seg->len - end->body.conn.iss);
}

void sim_plot_end(struct sim_end *end)
{
	const struct clasp_conn *c = &end->body.conn;
	struct sim *sim = end->sim;

	if (!is_shown(end) || !end->opened || end->over)
		return;
	add(sim, ACKED, c->snd_una - c->iss);
	add(sim, CWND, c->cong.cwnd);
	if (c->cong.ssthresh < CLASP_WINDOW_MAX)
		add(sim, SSTHRESH, c->cong.ssthresh);
	if (c->cong.prior_cwnd)
		add(sim, PRIOR_CWND, c->cong.prior_cwnd);
	add(sim, FLIGHT, clasp_conn_in_flight(c));
	add(sim, WINDOW, c->snd_wnd);
	if (c->rto.srtt_us)
		add(sim, SRTT, c->rto.srtt_us / 1e3);
	add(sim, RTO, clasp_rto_interval(&c->rto) / 1e3);
}

void sim_plot_queue(struct sim_link *link)
{
	if (link->sim->plot)
		add(link->sim, link->there ? QUEUE_THERE : QUEUE_BACK,
		    link->queued);
}

#define WIDTH		1000
#define HEIGHT		200
#define MARGIN		70

/**
 * struct scale - of one panel
 * @x: seconds of the whole width
 * @y: value of the whole height
 * @x_step: seconds from one label to the next
 * @y_step: as much for values
 * @top: where the panel begins
 */
struct scale {
	double	x;
	double	y;
	double	x_step;
	double	y_step;
	int	top;
};

/* The next of 1, 2, 5, 10, 20, ... */
static double nice_step(double step)
{
	double ten = pow(10, floor(log10(step)));

	if (step <= 1.001 * ten)
		return ten;
	if (step <= 2 * ten)
		return 2 * ten;

	return step <= 5 * ten ? 5 * ten : 10 * ten;
}

static double most(const struct points *points)
{
	double most = 0;
	u32 i;

	for (i = 0; i < points->count; i++)
		most = fmax(most, points->y[i]);

	return most;
}

/* A peer's window that the sender never comes near would flatten the rest. */
static void measure(const struct sim_plot *plot, enum panel panel,
		    struct scale *scale)
{
	int curve;

	scale->y = 1;
	for (curve = 0; curve < CURVES; curve++)
		if (curves[curve].panel == panel &&
		    (curve != WINDOW || most(&plot->all[curve]) < 2 * scale->y))
			scale->y = fmax(scale->y, most(&plot->all[curve]));
	scale->y_step = nice_step(scale->y / 5);
}

static double last_second(const struct sim_plot *plot)
{
	const struct points *points = &plot->all[ACKED];
	double last = 0.001;

	if (points->count)
		last = fmax(last, points->x[points->count - 1]);

	return last;
}

static double across(const struct scale *scale, double x)
{
	return MARGIN + fmin(x / scale->x, 1) * WIDTH;
}

static double down(const struct scale *scale, double y)
{
	return scale->top + HEIGHT - y / scale->y * HEIGHT;
}

static void draw_dots(FILE *f, const struct points *points,
		      const struct scale *scale, const char *color)
{
	u32 i;

	fprintf(f, "<path stroke='%s' stroke-width='2' d='", color);
	for (i = 0; i < points->count; i++)
		fprintf(f, "M%.1f %.1fh2", across(scale, points->x[i]),
			down(scale, points->y[i]));
	fprintf(f, "'/>\n");
}

/* Steps: a value holds until the next. */
static void draw_steps(FILE *f, const struct points *points,
		       const struct scale *scale, const char *color)
{
	u32 i;

	fprintf(f, "<path fill='none' stroke='%s' d='", color);
	for (i = 0; i < points->count; i++)
		fprintf(f, i ? "H%.1fV%.1f" : "M%.1f %.1f",
			across(scale, points->x[i]),
			down(scale, points->y[i]));
	fprintf(f, "'/>\n");
}

static void draw_axes(FILE *f, enum panel panel, const struct scale *scale)
{
	double at;

	fprintf(f, "<rect x='%d' y='%d' width='%d' height='%d' fill='none' stroke='#ccc'/>\n",
		MARGIN, scale->top, WIDTH, HEIGHT);
	fprintf(f, "<text x='%d' y='%d' font-weight='bold'>%s</text>\n",
		MARGIN, scale->top - 8, titles[panel]);
	for (at = 0; at <= scale->y; at += scale->y_step) {
		fprintf(f, "<path stroke='#eee' d='M%d %.1fh%d'/>\n", MARGIN,
			down(scale, at), WIDTH);
		fprintf(f, "<text x='%d' y='%.0f' text-anchor='end'>%.10g</text>\n",
			MARGIN - 6, down(scale, at) + 4, at);
	}
	for (at = 0; at <= scale->x; at += scale->x_step)
		fprintf(f, "<text x='%.0f' y='%d' text-anchor='middle'>%.6g s</text>\n",
			across(scale, at), scale->top + HEIGHT + 16, at);
}

static void draw_panel(FILE *f, const struct sim_plot *plot, enum panel panel,
		       struct scale *scale)
{
	int curve, label = MARGIN + 240;
	bool above;

	measure(plot, panel, scale);
	draw_axes(f, panel, scale);
	for (curve = 0; curve < CURVES; curve++) {
		const struct points *points = &plot->all[curve];

		if (curves[curve].panel != panel || !points->count)
			continue;
		above = most(points) > scale->y;
		fprintf(f, "<text x='%d' y='%d' fill='%s'>%s%s</text>\n",
			label, scale->top - 8, curves[curve].color,
			curves[curve].name, above ? ": far above" : "");
		label += 130;
		if (above)
			continue;
		if (curves[curve].dots)
			draw_dots(f, points, scale, curves[curve].color);
		else
			draw_steps(f, points, scale, curves[curve].color);
	}
}

/**
 * sim_plot_write() - draw what was remembered
 * @sim: the run, over
 * @path: of the file
 *
 * Return: false when it could not be written.
 */
bool sim_plot_write(struct sim *sim, const char *path)
{
	struct scale scale = { .x = last_second(sim->plot) };
	FILE *f = fopen(path, "w");
	int panel;

	scale.x_step = nice_step(scale.x / 10);

	if (!f)
		return false;

	fprintf(f, "<svg xmlns='http://www.w3.org/2000/svg' width='%d' height='%d' font-family='sans-serif' font-size='12'>\n",
		WIDTH + 2 * MARGIN, PANELS * (HEIGHT + MARGIN) + MARGIN);
	fprintf(f, "<rect width='100%%' height='100%%' fill='white'/>\n");
	fprintf(f, "<text x='%d' y='24' font-size='16'>%s, seed %llu</text>\n",
		MARGIN, sim->scenario.name, sim->seed);
	for (panel = 0; panel < PANELS; panel++) {
		scale.top = MARGIN + panel * (HEIGHT + MARGIN);
		draw_panel(f, sim->plot, panel, &scale);
	}
	fprintf(f, "</svg>\n");

	return !fclose(f);
}
