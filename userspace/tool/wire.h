/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A captured packet, taken apart: link layer, IP, and Clasp's own header.
 */
#ifndef WIRE_H
#define WIRE_H

#include <linux/types.h>

#define FIN 0x01
#define SYN 0x02
#define RST 0x04
#define PSH 0x08
#define ACK 0x10
#define URG 0x20
#define ECE 0x40
#define CWR 0x80

#define PROTO_STREAM	253
#define PROTO_DATAGRAM	254

/**
 * struct packet - one packet of protocol 253 or 254
 * @family: AF_INET or AF_INET6
 * @protocol: PROTO_STREAM or PROTO_DATAGRAM
 * @ifindex: interface, when the capture tells; else 0
 * @addr: source and destination, the first 4 bytes for AF_INET
 * @port: source and destination
 * @seq: of the first octet
 * @ack: only with ACK
 * @win: bytes
 * @flags: control bits
 * @len: bytes of payload
 * @options: where they begin; @options_len bytes of them
 * @ports: @port was there to read
 * @why: NULL, or why a receiver drops it
 */
struct packet {
	int		family;
	int		protocol;
	int		ifindex;
	__u8		addr[2][16];
	__u16	port[2];
	__u32	seq;
	__u32	ack;
	__u32	win;
	__u8		flags;
	__u32	len;
	const __u8	*options;
	__u32	options_len;
	int		ports;
	const char	*why;
};

static inline __u16 get16(const __u8 *b)
{
	return b[0] << 8 | b[1];
}

static inline __u32 get32(const __u8 *b)
{
	return (__u32)get16(b) << 16 | get16(b + 2);
}

int wire_parse(struct packet *p, int link, const __u8 *bytes,
	       __u32 captured, __u32 wire);

#endif /* WIRE_H */
