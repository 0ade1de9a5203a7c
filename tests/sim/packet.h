/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A packet under way: the bytes of a segment, as on a real wire.
 */
#ifndef SIM_PACKET_H
#define SIM_PACKET_H

#include "chance.h"
#include "clock.h"
#include "segment.h"

#define SIM_IP_HEADER	20	/* bytes, not built: nobody looks at them */

struct sim_end;
struct sim_link;

/**
 * struct sim_packet - one segment under way
 * @next: behind it in a link's queue
 * @alarm: when it arrives
 * @link: where it is
 * @to: whom it is for
 * @queued_ns: when it came into the queue
 * @number: how many were sent before it on this link, from 1 on
 * @segment: what it said when it was sent
 * @last: has the last octet that its sender's program writes
 * @corrupt: some of its bytes are not what they were
 * @ect: may be marked instead of dropped (RFC 3168)
 * @ce: was marked
 * @len: length of @bytes
 * @bytes: header and payload
 */
struct sim_packet {
	struct sim_packet	*next;
	struct sim_alarm	alarm;
	struct sim_link		*link;
	struct sim_end		*to;
	u64			queued_ns;
	u64			number;
	struct clasp_segment	segment;
	bool			last;
	bool			corrupt;
	bool			ect;
	bool			ce;
	u32			len;
	u8			bytes[];
};

static inline u32 sim_packet_size(const struct sim_packet *p)
{
	return SIM_IP_HEADER + p->len;
}

struct sim_packet *sim_packet_new(const struct clasp_segment *seg, u64 offset,
				  bool client);
struct sim_packet *sim_packet_copy(const struct sim_packet *p);
void sim_packet_sum(struct sim_packet *p, bool client);
enum clasp_drop sim_packet_parse(const struct sim_packet *p, bool client,
				 struct clasp_segment *seg);
void sim_packet_corrupt(struct sim_packet *p, bool client,
			struct sim_chance *chance);

/* The octets of every stream: what is at @offset never changes. */
void sim_stream_fill(u8 *to, u64 offset, u32 len);
bool sim_stream_equal(const u8 *bytes, u64 offset, u32 len);

#endif
