// SPDX-License-Identifier: GPL-2.0
/*
 * The Internet checksum: RFC 1071; pseudo-headers of RFC 9293 §3.1 (IPv4) and
 * RFC 8200 §8.1 (IPv6).
 *
 * For what lies in one piece: control segments in the kernel, everything in
 * tests. What carries data is summed by the device or by the skb helpers.
 */
#include "checksum.h"

/**
 * clasp_checksum_add() - add bytes to a sum
 * @sum: 0, or what an earlier call with an even @len returned
 * @bytes: at any alignment
 * @len: how many; an odd last byte counts as if a zero followed
 *
 * Return: the new sum, not folded. 2^47 bytes fit before it overflows.
 */
u64 clasp_checksum_add(u64 sum, const u8 *bytes, size_t len)
{
	for (; len >= 2; len -= 2, bytes += 2)
		sum += get_unaligned_be16(bytes);
	if (len)
		sum += bytes[0] << 8;

	return sum;
}

/**
 * clasp_checksum_pseudo() - the sum of a pseudo-header
 * @source: source address, network byte order
 * @dest: destination address, network byte order
 * @addr_len: 4 or 16; the two pseudo-headers lay their fields out differently,
 *	but sum to the same
 * @protocol: protocol or next header
 * @len: header and payload, bytes
 */
u64 clasp_checksum_pseudo(const u8 *source, const u8 *dest, size_t addr_len,
			  u8 protocol, u32 len)
{
	u64 sum = protocol;

	sum += (len >> 16) + (len & 0xffff);
	sum = clasp_checksum_add(sum, source, addr_len);

	return clasp_checksum_add(sum, dest, addr_len);
}

/**
 * clasp_checksum_fold() - what goes into the header
 * @sum: the sum of everything, the checksum field counted as 0
 *
 * Over a segment that arrived, its checksum field included, this is 0 when the
 * segment is right.
 *
 * Return: the checksum as a number; it is stored big-endian.
 */
u16 clasp_checksum_fold(u64 sum)
{
	while (sum >> 16)
		sum = (sum & 0xffff) + (sum >> 16);

	return ~sum;
}
