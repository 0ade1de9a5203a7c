/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What is common to all stream sockets: memory, counters, birth and death.
 */
#ifndef CLASP_PROTO_H
#define CLASP_PROTO_H

#include "sock.h"

int clasp_proto_init(void);
void clasp_proto_exit(void);
void clasp_proto_init_sock(struct sock *sk);
bool clasp_proto_out_of_memory(const struct sock *sk);

#endif
