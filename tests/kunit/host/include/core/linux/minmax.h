/* SPDX-License-Identifier: GPL-2.0 */
/*
 * min(), max(), clamp(): each argument is evaluated once, and mixing signed
 * with unsigned does not compile, as in the kernel: -1 would be the larger.
 */
#ifndef HOST_LINUX_MINMAX_H
#define HOST_LINUX_MINMAX_H

#include <linux/build_bug.h>
#include <linux/types.h>

#define host_is_signed(x)	((typeof(x))-1 < (typeof(x))1)

/* The value, where the compiler knows it and it has a sign; -1 elsewhere. */
#define host_constant(x) \
	__builtin_choose_expr(__builtin_constant_p(x) && host_is_signed(x), \
			      x, -1)

/* u8 and u16 are promoted to int, so they go with both; so does a constant 3 */
#define host_as_signed(x)	host_is_signed((x) + 0)
#define host_as_unsigned(x)	(!host_is_signed(x) || host_constant(x) >= 0)

#define host_same_sign(x, y) \
	((host_as_signed(x) && host_as_signed(y)) || \
	 (host_as_unsigned(x) && host_as_unsigned(y)))

#define host_pick(op, x, y) ({						\
	__auto_type host_x = (x);					\
	__auto_type host_y = (y);					\
									\
	_Static_assert(host_same_sign(x, y),				\
		       "signed and unsigned: " #x ", " #y);		\
	host_x op host_y ? host_x : host_y;				\
})

#define host_pick_t(type, op, x, y) ({					\
	type host_x = (x);						\
	type host_y = (y);						\
									\
	host_x op host_y ? host_x : host_y;				\
})

#define min(x, y)		host_pick(<, x, y)
#define max(x, y)		host_pick(>, x, y)
#define min3(x, y, z)		min(min(x, y), z)
#define max3(x, y, z)		max(max(x, y), z)
#define min_t(type, x, y)	host_pick_t(type, <, x, y)
#define max_t(type, x, y)	host_pick_t(type, >, x, y)
#define umin(x, y)		min((x) + 0ull, (y) + 0ull)
#define umax(x, y)		max((x) + 0ull, (y) + 0ull)

#define clamp_t(type, x, low, high) \
	min_t(type, max_t(type, x, low), high)
#define clamp(x, low, high)	min(max(x, low), high)
#define clamp_val(x, low, high)	clamp_t(typeof(x), x, low, high)

#define min_not_zero(x, y) ({						\
	typeof(x) host_nonzero_x = (x);					\
	typeof(y) host_nonzero_y = (y);					\
									\
	!host_nonzero_x ? host_nonzero_y :				\
	!host_nonzero_y ? host_nonzero_x :				\
	min(host_nonzero_x, host_nonzero_y);				\
})

#define swap(a, b) \
	do { \
		typeof(a) host_a = (a); \
		(a) = (b); \
		(b) = host_a; \
	} while (0)

#endif
