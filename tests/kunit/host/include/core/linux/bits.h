/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_BITS_H
#define HOST_LINUX_BITS_H

#define BITS_PER_BYTE	8
#define BITS_PER_LONG	(8 * __SIZEOF_LONG__)

#define BIT(n)		(1ul << (n))
#define BIT_ULL(n)	(1ull << (n))

/* Bits @low to @high, both included. */
#define GENMASK(high, low) \
	((~0ul << (low)) & (~0ul >> (BITS_PER_LONG - 1 - (high))))
#define GENMASK_ULL(high, low) \
	((~0ull << (low)) & (~0ull >> (63 - (high))))

#endif
