// SPDX-License-Identifier: GPL-2.0
/*
 * Reading an error queue.
 */
#include <poll.h>

#include "error.h"

static void take_cmsg(struct told *told, struct cmsghdr *cmsg)
{
	size_t len = cmsg->cmsg_len - CMSG_LEN(0);
	const unsigned char *data = CMSG_DATA(cmsg);

	if (cmsg->cmsg_level == SOL_SOCKET &&
	    cmsg->cmsg_type == SO_TIMESTAMPING) {
		memcpy(&told->when, data, sizeof(told->when));
		return;
	}
	if (len < sizeof(told->ee) || told->level != -1)
		return;

	told->level = cmsg->cmsg_level;
	told->name = cmsg->cmsg_type;
	memcpy(&told->ee, data, sizeof(told->ee));
	told->offender.len = len - sizeof(told->ee);
	memcpy(told->offender.room, data + sizeof(told->ee),
	       told->offender.len);
}

void next_error(int fd, struct told *told)
{
	union {
		struct cmsghdr	align;
		char		room[512];
	} control;
	struct iovec to = { told->bytes, sizeof(told->bytes) };
	struct msghdr msg = {
		.msg_name	= told->to.room,
		.msg_namelen	= sizeof(told->to.room),
		.msg_iov	= &to,
		.msg_iovlen	= 1,
		.msg_control	= &control,
		.msg_controllen	= sizeof(control),
	};
	struct cmsghdr *cmsg;

	memset(told, 0, sizeof(*told));
	told->level = -1;
	NEED(await_events(fd, POLLERR) & POLLERR);
	told->len = recvmsg(fd, &msg, MSG_ERRQUEUE);
	NEED(told->len >= 0);
	told->to.len = msg.msg_namelen;
	told->flags = msg.msg_flags;
	for (cmsg = CMSG_FIRSTHDR(&msg); cmsg; cmsg = CMSG_NXTHDR(&msg, cmsg))
		take_cmsg(told, cmsg);
}

bool no_error(int fd)
{
	char octet;

	return recv(fd, &octet, 1, MSG_ERRQUEUE) == -1 && errno == EAGAIN;
}
