/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_BUILD_BUG_H
#define HOST_LINUX_BUILD_BUG_H

/* static_assert(expression) or static_assert(expression, "why") */
#undef static_assert
#define static_assert(expr, ...)	host_assert(expr, ##__VA_ARGS__, #expr)
#define host_assert(expr, why, ...)	_Static_assert(expr, why)

#define BUILD_BUG_ON_MSG(condition, why)	_Static_assert(!(condition), why)
#define BUILD_BUG_ON(condition)	\
	BUILD_BUG_ON_MSG(condition, "BUILD_BUG_ON: " #condition)

/* 0, when it compiles */
#define BUILD_BUG_ON_ZERO(condition)	(sizeof(char[1 - 2 * !!(condition)]) - 1)

#endif
