/* SPDX-License-Identifier: GPL-2.0 */
/*
 * AF_CLASP towards the kernel's socket layer.
 */
#ifndef CLASP_FAMILY_H
#define CLASP_FAMILY_H

#include "sock.h"

int clasp_family_init(void);
void clasp_family_exit(void);
void clasp_family_lock_class(struct sock *sk);
int clasp_family_getname(struct socket *sock, int family,
			 struct sockaddr *name, int peer);

#endif
