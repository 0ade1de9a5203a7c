/* SPDX-License-Identifier: GPL-2.0 */
/* Where kernels before 6.12 have it. */
#include <linux/unaligned.h>
