/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What cannot happen. On the host a warning fails the case that runs, each
 * time, and a bug ends the program: tests/kunit/host/run.c.
 */
#ifndef HOST_LINUX_BUG_H
#define HOST_LINUX_BUG_H

#include <linux/compiler.h>
#include <linux/build_bug.h>

void host_warn(const char *file, int line, const char *what);
void host_bug(const char *file, int line, const char *what) __noreturn;

#define WARN_ON(condition) ({						\
	bool host_hit = !!(condition);					\
									\
	if (unlikely(host_hit))						\
		host_warn(__FILE__, __LINE__, #condition);		\
	unlikely(host_hit);						\
})
#define WARN_ON_ONCE(condition)	WARN_ON(condition)

#define BUG()	host_bug(__FILE__, __LINE__, "BUG()")
#define BUG_ON(condition) \
	do { \
		if (unlikely(condition)) \
			host_bug(__FILE__, __LINE__, #condition); \
	} while (0)

#endif
