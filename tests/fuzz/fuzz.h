/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the fuzz targets share: bytes that decide, and a connection to attack.
 *
 * A target is a program of its own with one function, LLVMFuzzerTestOneInput().
 * Whatever bytes it is given, it must come to an end and break no invariant;
 * fuzz_must() stops the program where one breaks.
 */
#ifndef FUZZ_FUZZ_H
#define FUZZ_FUZZ_H

#include <stdio.h>
#include <stdlib.h>

#include "endpoint.h"

/* The bytes that are left; without any, all is zero. */
struct fuzz {
	const u8	*at;
	size_t		left;
};

static inline u8 fuzz_byte(struct fuzz *f)
{
	if (!f->left)
		return 0;
	f->left--;

	return *f->at++;
}

static inline u16 fuzz_u16(struct fuzz *f)
{
	u16 high = fuzz_byte(f);

	return high << 8 | fuzz_byte(f);
}

static inline u32 fuzz_u32(struct fuzz *f)
{
	u32 high = fuzz_u16(f);

	return high << 16 | fuzz_u16(f);
}

#define fuzz_must(holds, ...)						       \
	do {								       \
		if (!(holds)) {						       \
			fprintf(stderr, __VA_ARGS__);			       \
			fputc('\n', stderr);				       \
			abort();					       \
		}							       \
	} while (0)

int LLVMFuzzerTestOneInput(const u8 *data, size_t size);

/* common.c */
struct sim *fuzz_sim(struct fuzz *f,
		     void (*wire)(struct sim_end *from, struct sim_packet *p));
void fuzz_sim_free(struct sim *sim);
void fuzz_judge(const struct sim *sim);
void fuzz_program(struct fuzz *f, struct sim_end *end);
void fuzz_time(struct fuzz *f, struct sim *sim);
u32 fuzz_near(struct fuzz *f, u32 number);

#endif
