/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which sockets a datagram could be for.
 */
#ifndef CLASP_DGRAM_LOOKUP_H
#define CLASP_DGRAM_LOOKUP_H

#include "port.h"

int clasp_dgram_weigh(const struct sock *sk,
		      const struct clasp_dgram_ends *ends);

#endif
