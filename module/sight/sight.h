/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operator sees and sets: /proc/net, /proc/sys/net/clasp, tracepoints.
 */
#ifndef CLASP_SIGHT_H
#define CLASP_SIGHT_H

#include <linux/jump_label.h>

#include "socket/sock.h"

DECLARE_STATIC_KEY_FALSE(clasp_event_key);
void clasp_trace_set_about(const struct clasp_tuple *tuple);

/**
 * clasp_trace_about() - what the core tells next may be about a mini-socket
 * @tuple: its four-tuple, or the one of a segment that nobody takes
 *
 * The core knows no addresses, and only a connection leads to a socket that
 * does. Context: BH disabled until the core was called.
 */
static inline void clasp_trace_about(const struct clasp_tuple *tuple)
{
	if (static_branch_unlikely(&clasp_event_key))
		clasp_trace_set_about(tuple);
}

struct seq_file;

void clasp_proc_address(struct seq_file *file, const struct in6_addr *addr,
			__be16 port);
int clasp_proc_dgram_init(struct clasp_net *cn);
void clasp_proc_dgram_exit(struct clasp_net *cn);
int clasp_proc_net_init(struct clasp_net *cn);
void clasp_proc_net_exit(struct clasp_net *cn);
int clasp_sysctl_net_init(struct clasp_net *cn);
void clasp_sysctl_net_exit(struct clasp_net *cn);

#endif
