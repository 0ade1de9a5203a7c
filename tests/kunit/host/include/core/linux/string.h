/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the C library has under the same names: for memory, and for comparing
 * names. The core has no other text to handle.
 */
#ifndef HOST_LINUX_STRING_H
#define HOST_LINUX_STRING_H

#include <linux/types.h>

void *memcpy(void *to, const void *from, size_t len);
void *memmove(void *to, const void *from, size_t len);
void *memset(void *at, int byte, size_t len);
int memcmp(const void *a, const void *b, size_t len);
void *memchr(const void *at, int byte, size_t len);
int strcmp(const char *a, const char *b);
size_t strlen(const char *text);

/* From behind @member to the end of what @at points to. */
#define memset_after(at, byte, member) \
	memset((u8 *)(at) + offsetofend(typeof(*(at)), member), byte, \
	       sizeof(*(at)) - offsetofend(typeof(*(at)), member))

#endif
