// SPDX-License-Identifier: GPL-2.0
/*
 * Memory that a case asks for and nobody has to give back. Each piece is its
 * own malloc(), so that the address sanitizer sees its ends.
 */
#include <stddef.h>
#include <stdlib.h>

#include "host.h"

/* The link goes in front of what the case sees. */
struct piece {
	struct list_head	link;
	max_align_t		bytes[];
};

void *host_alloc(struct kunit *test, size_t count, size_t size, bool zero)
{
	struct piece *piece;
	size_t len;

	if (__builtin_mul_overflow(count, size, &len) ||
	    __builtin_add_overflow(len, sizeof(*piece), &len))
		return NULL;

	piece = malloc(len);
	if (!piece)
		return NULL;

	/* Neither zero nor random: a test that reads it fails, and repeats. */
	memset(piece, zero ? 0 : 0x5a, len);
	list_add(&piece->link, &test->memory);

	return piece->bytes;
}

static void free_piece(struct piece *piece)
{
	list_del(&piece->link);
	free(piece);
}

void kunit_kfree(struct kunit *test, const void *memory)
{
	if (memory)
		free_piece((void *)((u8 *)memory - sizeof(struct piece)));
}

void host_free_all(struct kunit *test)
{
	struct piece *piece, *next;

	list_for_each_entry_safe(piece, next, &test->memory, link)
		free_piece(piece);
}
