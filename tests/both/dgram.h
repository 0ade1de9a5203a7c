/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the cases about datagrams have in common.
 */
#ifndef BOTH_DGRAM_H
#define BOTH_DGRAM_H

#include "both.h"

/* From @fd to @port of this host. */
ssize_t send_text(int fd, int port, const char *text);
/* What arrives next is @text and nothing else. */
void expect_text(int fd, const char *text);
void expect_nothing(int fd);

/* A message that is received with its control messages. */
struct received {
	struct msghdr	msg;
	struct iovec	iov;
	char		data[64];
	char		control[512];
	ssize_t		len;
};

void receive(int fd, struct received *to, int flags);
/* The control message, or NULL. */
void *said(struct received *from, int where, int name);

/* Send one byte to @to with one control message. */
ssize_t send_saying(int fd, const struct address *to, int where, int name,
		    const void *value, size_t len);

/* A network of this test's own with a device that can do multicast: its index. */
int own_wire(void);

#endif
