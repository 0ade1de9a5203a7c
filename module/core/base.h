/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the core asks of its surroundings: integers, byte order, a few macros.
 *
 * The same files build into the kernel module, into KUnit suites and into
 * programs of the host. Nothing here allocates, locks, prints or tells the
 * time, and no file of the core includes anything else from outside.
 */
#ifndef CLASP_CORE_BASE_H
#define CLASP_CORE_BASE_H

#include <linux/types.h>
#include <linux/build_bug.h>
#include <linux/compiler.h>
#include <linux/errno.h>
#include <linux/kernel.h>
#include <linux/limits.h>
#include <linux/math.h>
#include <linux/math64.h>
#include <linux/minmax.h>
#include <linux/stddef.h>
#include <linux/string.h>
#include <linux/time64.h>

/* get_unaligned_be32() and family, wherever this kernel keeps them */
#include "compat.h"

/*
 * A time is a u64 of microseconds on a monotonic clock, named *_us. What is kept
 * for long or often may be the low bits of microseconds, or of milliseconds
 * (*_ms): the comment says so. 0 means "never", or "not set".
 */
#define CLASP_MS(ms)	((u64)(ms) * USEC_PER_MSEC)

#endif
