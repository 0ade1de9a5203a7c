// SPDX-License-Identifier: GPL-2.0
/*
 * ioctl(): how much there is, to read and to be sent, and where the mark is.
 */
#include <linux/sockios.h>
#include <linux/uaccess.h>
#include <net/ipv6.h>

#include <asm/ioctls.h>

#include "oob.h"
#include "option.h"

static int ask(struct sock *sk, unsigned int cmd, int *answer)
{
	int err = 0;

	lock_sock(sk);
	if (cmd == SIOCATMARK)
		*answer = clasp_oob_at_mark(sk);
	else if (sk->sk_state == TCP_LISTEN)
		err = -EINVAL;
	else if (cmd == SIOCINQ)
		*answer = clasp_oob_unread(sk);
	else if (cmd == SIOCOUTQ)
		*answer = clasp_unacked(sk);
	else
		*answer = clasp_unsent(sk);
	release_sock(sk);

	return err;
}

/**
 * clasp_ioctl() - proto_ops.ioctl
 * @sock: socket
 * @cmd: SIOCINQ, SIOCOUTQ, SIOCOUTQNSD, SIOCATMARK, or what AF_INET6 knows
 * @arg: where the answer goes
 *
 * Return: 0 or a negative errno.
 */
int clasp_ioctl(struct socket *sock, unsigned int cmd, unsigned long arg)
{
	int answer = 0, err = 0;

	switch (cmd) {
	case SIOCATMARK:
	case SIOCINQ:
	case SIOCOUTQ:
	case SIOCOUTQNSD:
		err = ask(sock->sk, cmd, &answer);
		break;
	default:
		return inet6_ioctl(sock, cmd, arg);
	}

	return err ?: put_user(answer, (int __user *)arg);
}
