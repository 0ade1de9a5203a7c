/* SPDX-License-Identifier: GPL-2.0 */
/* Powers of two only. */
#ifndef HOST_LINUX_ALIGN_H
#define HOST_LINUX_ALIGN_H

#define ALIGN(x, to)		(((x) + ((typeof(x))(to) - 1)) & \
				 ~((typeof(x))(to) - 1))
#define ALIGN_DOWN(x, to)	((x) & ~((typeof(x))(to) - 1))
#define IS_ALIGNED(x, to)	(((x) & ((typeof(x))(to) - 1)) == 0)

#endif
