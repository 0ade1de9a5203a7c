/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_LOG2_H
#define HOST_LINUX_LOG2_H

#include <linux/bitops.h>
#include <linux/types.h>

/* Rounded down; not of 0. A constant when @n is one. */
#define ilog2(n)	(63 - __builtin_clzll(n))
#define order_base_2(n)	((n) > 1 ? ilog2((n) - 1) + 1 : 0)

static inline bool is_power_of_2(unsigned long n)
{
	return n && !(n & (n - 1));
}

/* Of 1 and more. */
#define roundup_pow_of_two(n)	(1ul << order_base_2(n))
#define rounddown_pow_of_two(n)	(1ul << ilog2(n))

#endif
