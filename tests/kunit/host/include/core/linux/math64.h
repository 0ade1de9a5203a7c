/* SPDX-License-Identifier: GPL-2.0 */
/*
 * 64-bit division, spelled as machines need it that cannot do it themselves,
 * and products that pass through 128 bits.
 */
#ifndef HOST_LINUX_MATH64_H
#define HOST_LINUX_MATH64_H

#include <linux/math.h>
#include <linux/types.h>

static inline u64 div_u64_rem(u64 dividend, u32 divisor, u32 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline u64 div_u64(u64 dividend, u32 divisor)
{
	return dividend / divisor;
}

static inline s64 div_s64(s64 dividend, s32 divisor)
{
	return dividend / divisor;
}

static inline u64 div64_u64_rem(u64 dividend, u64 divisor, u64 *remainder)
{
	*remainder = dividend % divisor;
	return dividend / divisor;
}

static inline u64 div64_u64(u64 dividend, u64 divisor)
{
	return dividend / divisor;
}

static inline s64 div64_s64(s64 dividend, s64 divisor)
{
	return dividend / divisor;
}

#define DIV64_U64_ROUND_UP(n, d) ({					\
	u64 host_divisor = (d);						\
									\
	div64_u64((n) + host_divisor - 1, host_divisor);		\
})

static inline u64 mul_u32_u32(u32 a, u32 b)
{
	return (u64)a * b;
}

static inline u64 mul_u64_u64_div_u64(u64 a, u64 b, u64 divisor)
{
	return (unsigned __int128)a * b / divisor;
}

static inline u64 mul_u64_u32_div(u64 a, u32 b, u32 divisor)
{
	return (unsigned __int128)a * b / divisor;
}

static inline u64 mul_u64_u32_shr(u64 a, u32 b, unsigned int shift)
{
	return (unsigned __int128)a * b >> shift;
}

static inline u64 mul_u64_u64_shr(u64 a, u64 b, unsigned int shift)
{
	return (unsigned __int128)a * b >> shift;
}

/* Divides @n in place; what remains is the value. */
#define do_div(n, base) ({						\
	u32 host_base = (base);						\
	u32 host_rest = (n) % host_base;				\
									\
	(n) /= host_base;						\
	host_rest;							\
})

#endif
