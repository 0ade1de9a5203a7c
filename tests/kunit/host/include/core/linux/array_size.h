/* SPDX-License-Identifier: GPL-2.0 */
#ifndef HOST_LINUX_ARRAY_SIZE_H
#define HOST_LINUX_ARRAY_SIZE_H

#include <linux/build_bug.h>

#define host_is_pointer(x) \
	__builtin_types_compatible_p(typeof(x), typeof(&(x)[0]))

#define ARRAY_SIZE(array) \
	(sizeof(array) / sizeof((array)[0]) + \
	 BUILD_BUG_ON_ZERO(host_is_pointer(array)))

#endif
