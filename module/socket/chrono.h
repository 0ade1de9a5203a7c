/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a sender's time goes by with.
 */
#ifndef CLASP_CHRONO_H
#define CLASP_CHRONO_H

#include <linux/types.h>

struct sock;
struct clasp_info;

enum {
	CLASP_CHRONO_IDLE,
	CLASP_CHRONO_BUSY,	/* with the path */
	CLASP_CHRONO_WINDOW,	/* the peer takes no more */
	CLASP_CHRONO_BUFFER,	/* the program could not write early enough */
	CLASP_CHRONO_MAX,
};

/**
 * struct clasp_chrono - a clock for each
 * @since_us: when @now began
 * @spent_us: how long each has been, before that
 * @now: which of them it is, CLASP_CHRONO_*
 */
struct clasp_chrono {
	u64	since_us;
	u64	spent_us[CLASP_CHRONO_MAX];
	u8	now;
};

void clasp_chrono_update(struct sock *sk, u64 now_us);
void clasp_chrono_fill(const struct sock *sk, u64 now_us,
		       struct clasp_info *info);

#endif
