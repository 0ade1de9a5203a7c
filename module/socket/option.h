/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Socket options, and the ioctls that ask the like.
 */
#ifndef CLASP_OPTION_H
#define CLASP_OPTION_H

#include <linux/sockptr.h>

#include "sock.h"

struct tcp_info;

int clasp_setsockopt(struct sock *sk, int level, int name, sockptr_t value,
		     unsigned int len);
int clasp_getsockopt(struct sock *sk, int level, int name, char __user *value,
		     int __user *len);
int clasp_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg);

/* knob.c */
/**
 * struct clasp_knob - an option that is one int
 * @name: CLASP_*
 * @set: take a value; lock held. Returns 0 or a negative errno; NULL for an
 *	option that only tells
 * @get: tell it
 */
struct clasp_knob {
	int	name;
	int	(*set)(struct sock *sk, int value);
	int	(*get)(struct sock *sk);
};

const struct clasp_knob *clasp_knob_find(int name);
void clasp_keepalive(struct sock *sk, int on);

/* info.c */
void clasp_info_fill(struct sock *sk, struct clasp_info *info);
void clasp_info_fill_tcp(struct sock *sk, struct tcp_info *info);
u32 clasp_unread(const struct sock *sk);
u32 clasp_unacked(const struct sock *sk);
u32 clasp_unsent(const struct sock *sk);

/* inq.c */
void clasp_inq_tell(struct sock *sk, struct msghdr *msg);

#endif
