/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Numbers in bytes that lie anywhere, in the order that the name says. Byte by
 * byte, so that neither alignment nor the machine's own order matters.
 */
#ifndef HOST_LINUX_UNALIGNED_H
#define HOST_LINUX_UNALIGNED_H

#include <linux/types.h>

static inline u16 get_unaligned_be16(const void *at)
{
	const u8 *byte = at;

	return byte[0] << 8 | byte[1];
}

static inline u32 get_unaligned_be32(const void *at)
{
	const u8 *byte = at;

	return (u32)get_unaligned_be16(byte) << 16 |
	       get_unaligned_be16(byte + 2);
}

static inline u64 get_unaligned_be64(const void *at)
{
	const u8 *byte = at;

	return (u64)get_unaligned_be32(byte) << 32 |
	       get_unaligned_be32(byte + 4);
}

static inline void put_unaligned_be16(u16 value, void *at)
{
	u8 *byte = at;

	byte[0] = value >> 8;
	byte[1] = value;
}

static inline void put_unaligned_be32(u32 value, void *at)
{
	u8 *byte = at;

	put_unaligned_be16(value >> 16, byte);
	put_unaligned_be16(value, byte + 2);
}

static inline void put_unaligned_be64(u64 value, void *at)
{
	u8 *byte = at;

	put_unaligned_be32(value >> 32, byte);
	put_unaligned_be32(value, byte + 4);
}

static inline u32 get_unaligned_le32(const void *at)
{
	return __builtin_bswap32(get_unaligned_be32(at));
}

static inline u64 get_unaligned_le64(const void *at)
{
	return __builtin_bswap64(get_unaligned_be64(at));
}

static inline void put_unaligned_le32(u32 value, void *at)
{
	put_unaligned_be32(__builtin_bswap32(value), at);
}

static inline void put_unaligned_le64(u64 value, void *at)
{
	put_unaligned_be64(__builtin_bswap64(value), at);
}

#endif
