/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The kernel's integers. 64 bits are "long long", as in the kernel, so that
 * %llu is right on both sides.
 */
#ifndef HOST_LINUX_TYPES_H
#define HOST_LINUX_TYPES_H

#include <linux/stddef.h>

typedef signed char		s8;
typedef short			s16;
typedef int			s32;
typedef long long		s64;
typedef unsigned char		u8;
typedef unsigned short		u16;
typedef unsigned int		u32;
typedef unsigned long long	u64;

typedef s8	__s8;
typedef s16	__s16;
typedef s32	__s32;
typedef s64	__s64;
typedef u8	__u8;
typedef u16	__u16;
typedef u32	__u32;
typedef u64	__u64;

/* Byte order is for sparse to check, which reads the kernel's headers. */
typedef u16	__be16;
typedef u32	__be32;
typedef u64	__be64;
typedef u16	__le16;
typedef u32	__le32;
typedef u64	__le64;
typedef u16	__sum16;
typedef u32	__wsum;

typedef __SIZE_TYPE__		size_t;
typedef __PTRDIFF_TYPE__	ptrdiff_t;
typedef __UINTPTR_TYPE__	uintptr_t;

/* A program of the host may have met <stdbool.h> before. */
#ifndef __bool_true_false_are_defined
typedef _Bool bool;
#define true	1
#define false	0
#endif

#endif
