/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which controllers there are, and who uses them.
 */
#ifndef CLASP_CONTROLLER_H
#define CLASP_CONTROLLER_H

#include "clasp_cong.h"
#include "sock.h"

#define CLASP_CONG_NAME_MAX	16	/* TCP_CA_NAME_MAX, with its end */

void clasp_cong_get_default(struct clasp_net *cn, char *name);
int clasp_cong_set_default(struct clasp_net *cn, const char *name);
void clasp_cong_net_exit(struct clasp_net *cn);
void clasp_cong_list(char *names, size_t size);

void clasp_cong_join(struct sock *sk);
void clasp_cong_inherit(struct sock *child, const struct sock *listener);
int clasp_cong_set(struct sock *sk, const char *name);
void clasp_cong_renew(struct sock *sk);
void clasp_cong_leave(struct sock *sk);

#endif
