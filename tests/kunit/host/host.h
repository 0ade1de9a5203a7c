/* SPDX-License-Identifier: GPL-2.0 */
/* What the shim's own files share, and suites do not see. */
#ifndef HOST_HOST_H
#define HOST_HOST_H

#include <kunit/test.h>

void host_free_all(struct kunit *test);

#endif
