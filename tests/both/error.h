/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading an error queue.
 */
#ifndef BOTH_ERROR_H
#define BOTH_ERROR_H

#include <linux/errqueue.h>
#include <time.h>

#include "both.h"

/* One thing that was in the error queue. */
struct told {
	struct sock_extended_err ee;
	struct address		offender;
	struct address		to;		/* msg_name */
	int			level;		/* of the control message */
	int			name;
	struct timespec		when;		/* SCM_TIMESTAMPING, or zero */
	unsigned char		bytes[256];
	int			len;
	int			flags;		/* msg_flags */
};

/* Waits for it. */
void next_error(int fd, struct told *told);
/* Does not wait. */
bool no_error(int fd);

#endif
