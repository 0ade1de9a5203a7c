/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_CONTAINER_OF_H
#define HOST_LINUX_CONTAINER_OF_H

#include <linux/build_bug.h>
#include <linux/stddef.h>

#define container_of(ptr, type, member) ({				\
	void *host_member = (void *)(ptr);				\
									\
	_Static_assert(							\
		__builtin_types_compatible_p(typeof(*(ptr)),		\
					     typeof(((type *)0)->member)), \
		"container_of: " #ptr " is no " #member);		\
	(type *)(host_member - offsetof(type, member));			\
})

#endif
