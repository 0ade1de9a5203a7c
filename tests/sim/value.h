/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Values as people write them: 20ms, 10mbit, 64k, 3%, on.
 */
#ifndef SIM_VALUE_H
#define SIM_VALUE_H

#include "base.h"

enum sim_unit {
	SIM_NUMBER,
	SIM_BYTES,		/* 1500, 64k, 1m */
	SIM_TIME,		/* 40us, 20ms, 3s, never */
	SIM_RATE,		/* 64kbit, 10mbit, 1gbit, 0 */
	SIM_SHARE,		/* 3%, 0.5% */
	SIM_SWITCH,		/* on, off */
	SIM_AQM,		/* droptail, codel, red */
	SIM_CLOSE,		/* done, eof, never */
	SIM_KIND,		/* any, syn, fin, data, ack, last */
	SIM_CONTROLLER,		/* reno ... */
};

bool sim_value(enum sim_unit unit, const char *text, u64 *value);
int sim_words(char *line, char **words, int max);

#endif
