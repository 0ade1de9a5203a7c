/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A scenario: what a text file says of links, programs and expectations.
 */
#ifndef SIM_SCENARIO_H
#define SIM_SCENARIO_H

#include "link.h"
#include "settings.h"

#define SIM_STEPS	32
#define SIM_EXPECTS	32
#define SIM_FLOWS	8

/* When a program closes its direction. */
enum sim_close {
	SIM_CLOSE_DONE,		/* when all is written */
	SIM_CLOSE_EOF,		/* and the peer has closed, all of it read */
	SIM_CLOSE_NEVER,
};

#define SIM_NEVER	U64_MAX

/**
 * struct sim_plan - what a program does
 * @write: bytes in all
 * @chunk: bytes a write
 * @every: pause between two writes, ns
 * @read: bytes a read; 0: all there is
 * @wait: pause between two reads, ns
 * @from: when it begins to read
 * @go: it reads for so long ...
 * @stop: ... and then does not for so long; 0: it never stops
 * @open: when it opens actively; SIM_NEVER: it listens
 * @close: enum sim_close
 * @close_at: it closes at this time, whatever it has written
 * @leave_at: it is gone at this time, whatever it has read
 * @abort_at: it aborts at this time
 * @sndbuf: bytes that it may have written and not acknowledged
 * @rcvbuf: bytes that may wait for it
 * @mtu: of its interface
 * @nodelay: TCP_NODELAY's like
 * @pace: segments are to be spaced out
 * @urgent: each write ends with a mark, which reads stop at
 */
struct sim_plan {
	u64	write;
	u64	every;
	u64	wait;
	u64	from;
	u64	go;
	u64	stop;
	u64	open;
	u64	close_at;
	u64	leave_at;
	u64	abort_at;
	u32	chunk;
	u32	read;
	u32	close;
	u32	sndbuf;
	u32	rcvbuf;
	u32	mtu;
	u32	nodelay;
	u32	pace;
	u32	urgent;
};

/**
 * struct sim_step - a route changes
 * @at_ns: when
 * @there: the links' direction
 * @plan: how it is then
 */
struct sim_step {
	u64			at_ns;
	bool			there;
	struct sim_link_plan	plan;
};

/* A line "expect ...", to be judged when all is over. */
struct sim_expect {
	char	text[120];
	int	line;
};

/**
 * struct sim_scenario - all that a file says
 * @name: of the file, without folder and ".sim"
 * @seed: unless another one is asked for
 * @limit_ns: longest time it may take
 * @flows: connections side by side
 * @there: link from clients to servers, at the beginning
 * @back: the other one
 * @drops: which packets are lost by number: back, there
 * @n_drops: how many of @drops
 * @client: the clients' program
 * @server: the servers'
 * @settings: the namespace's of all
 * @steps: in the order of time
 * @n_steps: how many
 * @expects: what must hold
 * @n_expects: how many
 */
struct sim_scenario {
	char			name[64];
	u64			seed;
	u64			limit_ns;
	u32			flows;
	struct sim_link_plan	there;
	struct sim_link_plan	back;
	struct sim_drop		drops[2][SIM_DROPS];
	u32			n_drops[2];
	struct sim_plan		client;
	struct sim_plan		server;
	struct clasp_settings	settings;
	struct sim_step		steps[SIM_STEPS];
	u32			n_steps;
	struct sim_expect	expects[SIM_EXPECTS];
	u32			n_expects;
};

bool sim_scenario_read(struct sim_scenario *scenario, const char *name,
		       const char *text);
bool sim_scenario_file(struct sim_scenario *scenario, const char *path);

#endif
