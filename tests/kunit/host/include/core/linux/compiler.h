/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Hints to the compiler, and accesses that it may neither repeat nor split.
 */
#ifndef HOST_LINUX_COMPILER_H
#define HOST_LINUX_COMPILER_H

#include <linux/types.h>

#define likely(x)	__builtin_expect(!!(x), 1)
#define unlikely(x)	__builtin_expect(!!(x), 0)

#define barrier()	__asm__ __volatile__("" : : : "memory")

#define READ_ONCE(x)	(*(const volatile typeof(x) *)&(x))
#define WRITE_ONCE(x, value) \
	do { *(volatile typeof(x) *)&(x) = (value); } while (0)

/* glibc's headers have an __always_inline of their own. */
#undef __always_inline
#define __always_inline		inline __attribute__((__always_inline__))
#define noinline		__attribute__((__noinline__))
#define __maybe_unused		__attribute__((__unused__))
#define __must_check		__attribute__((__warn_unused_result__))
#define __packed		__attribute__((__packed__))
#define __aligned(bytes)	__attribute__((__aligned__(bytes)))
#define __pure			__attribute__((__pure__))
#ifndef __attribute_const__
#define __attribute_const__	__attribute__((__const__))
#endif
#define __noreturn		__attribute__((__noreturn__))
#define __printf(fmt, first)	__attribute__((__format__(printf, fmt, first)))
#define fallthrough		__attribute__((__fallthrough__))

#endif
