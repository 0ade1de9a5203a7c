/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A network in which the case itself is the other end: a TUN device. This host
 * is near_host, everything else is beyond it.
 */
#ifndef BOTH_WIRE_H
#define BOTH_WIRE_H

#include "both.h"

#define WIRE_MTU	1500

struct packet {
	unsigned char	bytes[WIRE_MTU];
	size_t		len;
	size_t		ip_len;		/* of the IP header */
};

/* Returns the device; the namespace is the case's own from then on. */
int new_wire(void);
const char *near_host(void);
const char *far_host(void);
const char *router(void);

/* The next packet of the protocol that the run is about. */
void next_packet(int wire, struct packet *packet);
/* The router says that it could not deliver a packet. */
void send_icmp_error(int wire, const struct packet *about, int type, int code);

#endif
