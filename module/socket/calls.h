/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a program calls on a stream socket: the functions behind proto_ops.
 */
#ifndef CLASP_CALLS_H
#define CLASP_CALLS_H

#include <linux/poll.h>

#include "sock.h"

int clasp_bind(struct socket *sock, struct sockaddr_unsized *addr, int len);
int clasp_connect(struct socket *sock, struct sockaddr_unsized *addr, int len,
		  int flags);
int clasp_disconnect(struct sock *sk, int flags);
int clasp_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int clasp_recvmsg(struct socket *sock, struct msghdr *msg, size_t len,
		  int flags);
__poll_t clasp_poll(struct file *file, struct socket *sock, poll_table *wait);
int clasp_shutdown(struct socket *sock, int how);
void clasp_close(struct sock *sk, long timeout);
void clasp_destruct(struct sock *sk);

#endif
