/* SPDX-License-Identifier: GPL-2.0 */
#ifndef REACH_H
#define REACH_H

#include <stddef.h>

int reach_find(const char *program, char *path, size_t room);
const char *reach_obstacle(const char *path, char *at, size_t room);

#endif /* REACH_H */
