// SPDX-License-Identifier: GPL-2.0
/*
 * CLASP_INQ: with what was read comes how much there is to read yet.
 */
#include <linux/socket.h>

#include "option.h"

/* The end of the stream counts, since it is left to read, too; as TCP has it. */
static int hint(const struct sock *sk)
{
	const struct clasp_sock *cs = clasp_sk(sk);
	s32 unread;

	unread = READ_ONCE(cs->conn.rcv_nxt) - READ_ONCE(cs->copied_seq);

	/* both move while we look */
	return max(unread, 0) ?: sock_flag(sk, SOCK_DONE);
}

/**
 * clasp_inq_tell() - at the end of recvmsg()
 * @sk: socket; the lock is not needed
 * @msg: the program's, or io_uring's, which asks in msg_get_inq
 */
void clasp_inq_tell(struct sock *sk, struct msghdr *msg)
{
	u8 level = READ_ONCE(clasp_sk(sk)->inq_level);

	if (!level && !msg->msg_get_inq)
		return;

	msg->msg_inq = hint(sk);
	if (level)
		put_cmsg(msg, level, CLASP_CM_INQ, sizeof(msg->msg_inq),
			 &msg->msg_inq);
}
