// SPDX-License-Identifier: GPL-2.0
/*
 * From captured bytes to a segment, every length checked.
 *
 * Clasp's own headers are docs/protocol.md, sections 2, 3 and 5. A packet is
 * one of ours when its protocol is 253 or 254; one of ours that a receiver
 * must drop says why.
 */
#include <arpa/inet.h>
#include <pcap.h>
#include <string.h>
#include <sys/socket.h>

#include "wire.h"

#define HEADER 20

/* What is left to read. @wire counts what the capture cut off, too. */
struct rest {
	const __u8 *at;
	__u32 have;
	__u32 wire;
};

static int skip(struct rest *r, __u32 n)
{
	if (n > r->have)
		return 0;
	r->at += n;
	r->have -= n;
	r->wire -= n;
	return 1;
}

/* A header behind this one says how long the packet is; padding is not ours. */
static void shorten(struct rest *r, __u32 n)
{
	if (n < r->wire)
		r->wire = n;
	if (n < r->have)
		r->have = n;
}

/* Leaves @r at the IP header. */
static int link_layer(struct rest *r, int link, int *ifindex)
{
	__u32 at;

	switch (link) {
	case DLT_EN10MB:
		for (at = 12; at + 2 <= r->have; at += 4)
			if (get16(r->at + at) != 0x8100 && get16(r->at + at) != 0x88a8)
				break;
		return skip(r, at + 2);
	case DLT_LINUX_SLL:
		return skip(r, 16);
	case DLT_LINUX_SLL2:
		if (r->have < 20)
			return 0;
		*ifindex = get32(r->at + 4);
		return skip(r, 20);
	case DLT_NULL:
	case DLT_LOOP:
		return skip(r, 4);
	default:
		return 1;	/* DLT_RAW and its like */
	}
}

static int ipv4(struct packet *p, struct rest *r)
{
	__u32 header, total;

	if (r->have < 20)
		return 0;
	header = (r->at[0] & 15) * 4;
	total = get16(r->at + 2);
	if (header < 20 || (total && total < header))
		return 0;
	if (get16(r->at + 6) & 0x1fff)	/* not the first fragment */
		return 0;
	p->family = AF_INET;
	p->protocol = r->at[9];
	memcpy(p->addr[0], r->at + 12, 4);
	memcpy(p->addr[1], r->at + 16, 4);
	if (total)			/* 0: longer than 16 bits can tell */
		shorten(r, total);
	return skip(r, header);
}

static int ipv6(struct packet *p, struct rest *r)
{
	__u32 length, header;
	int next;

	if (r->have < 40)
		return 0;
	length = get16(r->at + 4);
	next = r->at[6];
	p->family = AF_INET6;
	memcpy(p->addr[0], r->at + 8, 16);
	memcpy(p->addr[1], r->at + 24, 16);
	if (length)
		shorten(r, 40 + length);
	if (!skip(r, 40))
		return 0;
	for (;;) {
		switch (next) {
		case 0:			/* hop-by-hop, routing, destination */
		case 43:
		case 60:
			if (r->have < 8)
				return 0;
			header = (r->at[1] + 1) * 8;
			break;
		case 44:		/* fragment: the first alone has ports */
			if (r->have < 8 || get16(r->at + 2) & 0xfff8)
				return 0;
			header = 8;
			break;
		default:
			p->protocol = next;
			return 1;
		}
		next = r->at[0];
		if (!skip(r, header))
			return 0;
	}
}

static const char *options(struct packet *p)
{
	const __u8 *o = p->options;
	__u32 left = p->options_len;
	__u32 length;

	while (left && *o) {
		if (*o == 1) {
			o++;
			left--;
			continue;
		}
		length = left < 2 ? 0 : o[1];
		if (length < 2)
			return "option length under 2";
		if (length > left)
			return "option runs past the header";
		o += length;
		left -= length;
	}
	return NULL;
}

static const char *stream(struct packet *p, struct rest *r)
{
	const __u8 *h = r->at;
	__u32 header;

	if (r->wire < HEADER)
		return "shorter than the 20 bytes of a header";
	if (r->have < HEADER)
		return "cut off by the capture";
	p->seq = get32(h + 4);
	p->ack = get32(h + 8);
	header = (h[12] & 0x3f) * 4;
	p->flags = h[13];
	p->win = get32(h + 16);
	if (h[12] >> 6)
		return "another version than 0";
	if (header < HEADER || header > 180)
		return "data offset outside 5 to 45";
	if (header > r->wire)
		return "data offset past the end";
	if (header > r->have)
		return "cut off by the capture";
	if (!p->port[0] || !p->port[1])
		return "port 0";
	p->len = r->wire - header;
	p->options = h + HEADER;
	p->options_len = header - HEADER;
	return options(p);
}

static const char *datagram(struct packet *p, struct rest *r)
{
	__u32 length;

	if (r->wire < 8 || r->have < 8)
		return "shorter than the 8 bytes of a header";
	length = get16(r->at + 4);
	if (length < 8)
		return "length under 8";
	if (length > r->wire)
		return "length past the end";
	p->len = length - 8;
	return p->port[1] ? NULL : "destination port 0";
}

/**
 * wire_parse() - take a captured packet apart
 * @p: what is found, with pointers into @bytes
 * @link: DLT_* of the capture
 * @bytes: @captured of them
 * @captured: bytes that the capture kept
 * @wire: bytes that were on the wire
 *
 * Return: 1 when it is a packet of Clasp's, sound or not (@p->why); else 0.
 */
int wire_parse(struct packet *p, int link, const __u8 *bytes,
	       __u32 captured, __u32 wire)
{
	struct rest r = { bytes, captured, wire < captured ? captured : wire };

	memset(p, 0, sizeof(*p));
	if (!link_layer(&r, link, &p->ifindex) || !r.have)
		return 0;
	if (r.at[0] >> 4 == 4 ? !ipv4(p, &r) : r.at[0] >> 4 != 6 || !ipv6(p, &r))
		return 0;
	if (p->protocol != PROTO_STREAM && p->protocol != PROTO_DATAGRAM)
		return 0;
	if (r.have >= 4) {
		p->port[0] = get16(r.at);
		p->port[1] = get16(r.at + 2);
		p->ports = 1;
	}
	p->why = p->protocol == PROTO_STREAM ? stream(p, &r) : datagram(p, &r);
	return 1;
}
