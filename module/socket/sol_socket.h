/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Options at SOL_SOCKET that the kernel keeps to protocols it knows by name.
 */
#ifndef CLASP_SOL_SOCKET_H
#define CLASP_SOL_SOCKET_H

#include <linux/sockptr.h>

#include "sock.h"

int clasp_sol_socket_take(struct socket *sock);
int clasp_sol_socket_set(struct socket *sock, int level, int name,
			 sockptr_t from, unsigned int len);

#endif
