/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Three cases for an option: what it keeps, what it takes besides, and what it
 * refuses. WHERE is its level, STEM and REST are its name in two halves, so
 * that the name survives the preprocessor (SO_KEEPALIVE is SO, KEEPALIVE).
 */
#ifndef BOTH_OPTION_H
#define BOTH_OPTION_H

#include "both.h"

void keeps_both_values(int where, int name, int at_first);
void takes_any_number(int where, int name);
void keeps_its_range(int where, int name, int at_first, int least, int most);
void refuses_beyond(int where, int name, int least, int most);
void gives_a_short_buffer_its_front(int where, int name);
void refuses_bad_buffers(int where, int name);
void refuses_to_be_set(int where, int name);

/* 0 or 1, any number but 0 meaning 1. */
#define SWITCH(type, where, stem, rest, at_first)			       \
	CASE(type, stem##_##rest, good, stem##_##rest##_is_kept)	       \
	{								       \
		keeps_both_values(where, stem##_##rest, at_first);	       \
	}								       \
	CASE(type, stem##_##rest, edge, stem##_##rest##_is_0_or_1)	       \
	{								       \
		takes_any_number(where, stem##_##rest);			       \
		gives_a_short_buffer_its_front(where, stem##_##rest);	       \
	}								       \
	CASE(type, stem##_##rest, error, stem##_##rest##_wants_an_int)	       \
	{								       \
		refuses_bad_buffers(where, stem##_##rest);		       \
	}

/* From least to most; what lies beyond is EINVAL. */
#define NUMBER(type, where, stem, rest, at_first, least, most)		       \
	CASE(type, stem##_##rest, good, stem##_##rest##_is_kept)	       \
	{								       \
		keeps_its_range(where, stem##_##rest, at_first, least, most);  \
	}								       \
	CASE(type, stem##_##rest, edge, stem##_##rest##_has_bounds)	       \
	{								       \
		refuses_beyond(where, stem##_##rest, least, most);	       \
		gives_a_short_buffer_its_front(where, stem##_##rest);	       \
	}								       \
	CASE(type, stem##_##rest, error, stem##_##rest##_wants_an_int)	       \
	{								       \
		refuses_bad_buffers(where, stem##_##rest);		       \
	}

/* To look at, not to set. */
#define READ_ONLY(type, where, stem, rest)				       \
	CASE(type, stem##_##rest, error, stem##_##rest##_cannot_be_set)	       \
	{								       \
		refuses_to_be_set(where, stem##_##rest);		       \
	}								       \
	CASE(type, stem##_##rest, edge, stem##_##rest##_fits_what_room_there_is) \
	{								       \
		gives_a_short_buffer_its_front(where, stem##_##rest);	       \
	}

#endif
