/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a program calls on a stream socket, and the kernel in its name.
 */
#ifndef CLASP_CALLS_H
#define CLASP_CALLS_H

#include <linux/poll.h>

#include "sock.h"

/* proto_ops: the functions take the lock themselves, but for set_rcvlowat */
int clasp_bind(struct socket *sock, struct sockaddr_unsized *addr, int len);
int clasp_connect(struct socket *sock, struct sockaddr_unsized *addr, int len,
		  int flags);
int clasp_sendmsg(struct socket *sock, struct msghdr *msg, size_t len);
int clasp_recvmsg(struct socket *sock, struct msghdr *msg, size_t len,
		  int flags);
int clasp_set_rcvlowat(struct sock *sk, int value);
ssize_t clasp_splice_read(struct socket *sock, loff_t *ppos,
			  struct pipe_inode_info *pipe, size_t len,
			  unsigned int flags);
__poll_t clasp_poll(struct file *file, struct socket *sock, poll_table *wait);

/* proto */
int clasp_disconnect(struct sock *sk, int flags);
void clasp_shutdown(struct sock *sk, int how);
void clasp_close(struct sock *sk, long timeout);
void clasp_write_space(struct sock *sk);

bool clasp_readable(struct sock *sk);

#endif
