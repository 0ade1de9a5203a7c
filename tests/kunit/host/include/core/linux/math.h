/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_MATH_H
#define HOST_LINUX_MATH_H

#include <linux/types.h>

/* To a power of two. */
#define round_up(x, to)		((((x) - 1) | ((typeof(x))(to) - 1)) + 1)
#define round_down(x, to)	((x) & ~((typeof(x))(to) - 1))

/* To any number; division is dear. */
#define DIV_ROUND_UP(n, d)	(((n) + (d) - 1) / (d))
#define DIV_ROUND_DOWN_ULL(n, d)	((u64)(n) / (d))
#define DIV_ROUND_UP_ULL(n, d)	DIV_ROUND_DOWN_ULL((u64)(n) + (d) - 1, d)

#define roundup(x, to) ({						\
	typeof(to) host_to = (to);					\
									\
	((x) + (host_to - 1)) / host_to * host_to;			\
})

#define rounddown(x, to) ({						\
	typeof(x) host_down = (x);					\
									\
	host_down - host_down % (to);					\
})

/* Unsigned @x and @d: rounds to nearest, a half upwards. */
#define DIV_ROUND_CLOSEST(x, d) ({					\
	typeof(d) host_d = (d);						\
									\
	((x) + host_d / 2) / host_d;					\
})

#define abs_diff(a, b) ({						\
	typeof(a) host_a = (a);						\
	typeof(b) host_b = (b);						\
									\
	host_a > host_b ? host_a - host_b : host_b - host_a;		\
})

/* The largest r with r * r <= x. */
static inline unsigned long int_sqrt64(u64 x)
{
	u64 root = 0;
	int bit;

	for (bit = 31; bit >= 0; bit--) {
		u64 more = root | 1ull << bit;

		if (more * more <= x)
			root = more;
	}

	return root;
}

static inline unsigned long int_sqrt(unsigned long x)
{
	return int_sqrt64(x);
}

#endif
