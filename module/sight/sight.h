/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What an operator sees and sets: /proc/net and /proc/sys/net/clasp.
 */
#ifndef CLASP_SIGHT_H
#define CLASP_SIGHT_H

#include "socket/sock.h"

int clasp_proc_net_init(struct clasp_net *cn);
void clasp_proc_net_exit(struct clasp_net *cn);
int clasp_sysctl_net_init(struct clasp_net *cn);
void clasp_sysctl_net_exit(struct clasp_net *cn);

#endif
