/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Counters of a network namespace: /proc/net/clasp_snmp.
 */
#ifndef CLASP_COUNTER_H
#define CLASP_COUNTER_H

#include "socket/sock.h"

struct seq_file;

int clasp_counter_net_init(struct clasp_net *cn);
void clasp_counter_net_exit(struct clasp_net *cn);
void clasp_counter_drop(const struct net *net, enum clasp_drop why);
int clasp_counter_show(struct seq_file *file, void *v);

#endif
