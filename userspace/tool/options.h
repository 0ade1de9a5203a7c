/* SPDX-License-Identifier: GPL-2.0 */
#ifndef OPTIONS_H
#define OPTIONS_H

#include <stddef.h>

#include "wire.h"

void options_show(char *to, size_t room, const struct packet *p, const __u32 base[2]);

#endif /* OPTIONS_H */
