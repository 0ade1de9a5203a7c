/* SPDX-License-Identifier: GPL-2.0 */
#ifndef LADDER_H
#define LADDER_H

#include "wire.h"

/**
 * struct look - how the ladder is drawn
 * @absolute: sequence numbers as they are on the wire
 * @utf8: arrows of Unicode
 * @color: with colours
 */
struct look {
	int absolute, utf8, color;
};

void ladder_draw(const struct look *look, const struct packet *p, double now);
void ladder_sum(void);

#endif /* LADDER_H */
