// SPDX-License-Identifier: GPL-2.0
/*
 * Values as people write them.
 */
#include <stdio.h>
#include <stdlib.h>

#include "cong.h"
#include "scenario.h"
#include "value.h"

struct name {
	enum sim_unit	unit;
	const char	*text;
	u64		value;
};

static const struct name names[] = {
	{ SIM_TIME,	"never",	SIM_NEVER },
	{ SIM_SWITCH,	"on",		true },
	{ SIM_SWITCH,	"off",		false },
	{ SIM_AQM,	"droptail",	SIM_DROPTAIL },
	{ SIM_AQM,	"codel",	SIM_CODEL },
	{ SIM_AQM,	"red",		SIM_RED },
	{ SIM_CLOSE,	"done",		SIM_CLOSE_DONE },
	{ SIM_CLOSE,	"eof",		SIM_CLOSE_EOF },
	{ SIM_CLOSE,	"never",	SIM_CLOSE_NEVER },
	{ SIM_KIND,	"any",		SIM_KIND_ANY },
	{ SIM_KIND,	"syn",		SIM_KIND_SYN },
	{ SIM_KIND,	"fin",		SIM_KIND_FIN },
	{ SIM_KIND,	"data",		SIM_KIND_DATA },
	{ SIM_KIND,	"ack",		SIM_KIND_ACK },
	{ SIM_KIND,	"last",		SIM_KIND_LAST },
};

static const struct {
	enum sim_unit	unit;
	const char	*suffix;
	double		factor;
} suffixes[] = {
	{ SIM_NUMBER,	"",	1 },
	{ SIM_BYTES,	"",	1 },
	{ SIM_BYTES,	"k",	1024 },
	{ SIM_BYTES,	"m",	1024 * 1024 },
	{ SIM_TIME,	"us",	SIM_US },
	{ SIM_TIME,	"ms",	SIM_MS },
	{ SIM_TIME,	"s",	SIM_S },
	{ SIM_RATE,	"bit",	1 },
	{ SIM_RATE,	"kbit",	1e3 },
	{ SIM_RATE,	"mbit",	1e6 },
	{ SIM_RATE,	"gbit",	1e9 },
	{ SIM_SHARE,	"%",	SIM_PPM / 100.0 },
};

static bool named(enum sim_unit unit, const char *text, u64 *value)
{
	const struct clasp_cong_ops *ops;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(names); i++) {
		if (names[i].unit != unit || strcmp(names[i].text, text))
			continue;
		*value = names[i].value;
		return true;
	}
	if (unit != SIM_CONTROLLER)
		return false;

	ops = clasp_cong_find(text);
	*value = (uintptr_t)ops;

	return ops;
}

/**
 * sim_value() - read a value
 * @unit: what it should look like
 * @text: the word
 * @value: filled in: bytes, nanoseconds, bits per second, ppm
 *
 * Return: false when it does not look like that.
 */
bool sim_value(enum sim_unit unit, const char *text, u64 *value)
{
	double number;
	unsigned int i;
	char *end;

	if (named(unit, text, value))
		return true;

	number = strtod(text, &end);
	if (end == text || number < 0)
		return false;
	if (!number && !*end && unit <= SIM_SHARE) {
		*value = 0;
		return true;
	}

	for (i = 0; i < ARRAY_SIZE(suffixes); i++) {
		if (suffixes[i].unit != unit || strcmp(suffixes[i].suffix, end))
			continue;
		*value = number * suffixes[i].factor + 0.5;
		return true;
	}

	return false;
}

/**
 * sim_words() - split a line
 * @line: its text; ends are put into it. What is behind a # is a comment
 * @words: filled in
 * @max: how many there may be
 *
 * Return: how many there are.
 */
int sim_words(char *line, char **words, int max)
{
	int n = 0;

	for (;;) {
		while (*line == ' ' || *line == '\t')
			line++;
		if (!*line || *line == '#' || n == max)
			return n;
		words[n++] = line;
		while (*line && *line != ' ' && *line != '\t')
			line++;
		if (*line)
			*line++ = '\0';
	}
}
