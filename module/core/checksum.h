/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The Internet checksum over bytes that lie in one piece.
 */
#ifndef CLASP_CORE_CHECKSUM_H
#define CLASP_CORE_CHECKSUM_H

#include "base.h"

u64 clasp_checksum_add(u64 sum, const u8 *bytes, size_t len);
u64 clasp_checksum_pseudo(const u8 *source, const u8 *dest, size_t addr_len,
			  u8 protocol, u32 len);
u16 clasp_checksum_fold(u64 sum);

#endif
