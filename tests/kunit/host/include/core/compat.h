/* SPDX-License-Identifier: GPL-2.0 */
/* On the host there is one kernel to be like: the newest. */
#include <linux/unaligned.h>
