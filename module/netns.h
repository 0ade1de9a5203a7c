/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a network namespace has, made and unmade.
 */
#ifndef CLASP_NETNS_H
#define CLASP_NETNS_H

int clasp_netns_init(void);
void clasp_netns_exit(void);

#endif
