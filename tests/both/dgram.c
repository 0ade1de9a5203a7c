// SPDX-License-Identifier: GPL-2.0
/*
 * What the cases about datagrams have in common.
 */
#include <net/if.h>

#include "dgram.h"

ssize_t send_text(int fd, int port, const char *text)
{
	struct address to = address_of(this_host, port);

	return sendto(fd, text, strlen(text), 0, SA(&to));
}

void expect_text(int fd, const char *text)
{
	char buffer[256];
	ssize_t len = recv(fd, buffer, sizeof(buffer), 0);

	EXPECT_EQ(len, strlen(text));
	EXPECT_TRUE(len == (ssize_t)strlen(text) &&
		    !memcmp(buffer, text, strlen(text)));
}

void expect_nothing(int fd)
{
	char byte;

	EXPECT_ERR(recv(fd, &byte, 1, MSG_DONTWAIT), EAGAIN);
}

void receive(int fd, struct received *to, int flags)
{
	*to = (struct received){
		.iov = { to->data, sizeof(to->data) },
		.msg.msg_iov = &to->iov,
		.msg.msg_iovlen = 1,
		.msg.msg_control = to->control,
		.msg.msg_controllen = sizeof(to->control),
	};
	to->len = recvmsg(fd, &to->msg, flags);
}

void *said(struct received *from, int where, int name)
{
	struct cmsghdr *c;

	for (c = CMSG_FIRSTHDR(&from->msg); c; c = CMSG_NXTHDR(&from->msg, c))
		if (c->cmsg_level == where && c->cmsg_type == name)
			return CMSG_DATA(c);

	return NULL;
}

ssize_t send_saying(int fd, const struct address *to, int where, int name,
		    const void *value, size_t len)
{
	char control[256] __attribute__((aligned(8))) = { 0 };
	struct iovec iov = { "x", 1 };
	struct msghdr msg = {
		.msg_name = to ? (void *)&to->sa : NULL,
		.msg_namelen = to ? to->len : 0,
		.msg_iov = &iov, .msg_iovlen = 1,
		.msg_control = control, .msg_controllen = CMSG_SPACE(len),
	};
	struct cmsghdr *c = CMSG_FIRSTHDR(&msg);

	c->cmsg_level = where;
	c->cmsg_type = name;
	c->cmsg_len = CMSG_LEN(len);
	memcpy(CMSG_DATA(c), value, len);

	return sendmsg(fd, &msg, 0);
}

int own_wire(void)
{
	static const char * const commands[] = {
		"ip link add wire0 type dummy",
		"ip addr add 192.0.2.1/24 dev wire0",
		"ip addr add 2001:db8::1/64 dev wire0 nodad",
		"ip link set wire0 up multicast on",
		"ip route add default dev wire0",
		"ip -6 route add default dev wire0",
	};
	unsigned int i;

	own_network();
	for (i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		NEED(!system(commands[i]));

	return if_nametoindex("wire0");
}
