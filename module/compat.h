/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Every difference between the kernels that Clasp builds for, and the only
 * place that knows one.
 *
 * Version numbers lie, since distributions port changes back: module/probe.mk
 * asks the headers at build time and defines CLASP_HAVE_* accordingly.
 */
#ifndef CLASP_COMPAT_H
#define CLASP_COMPAT_H

#ifdef CLASP_HAVE_LINUX_UNALIGNED_H
#include <linux/unaligned.h>
#else
#include <asm/unaligned.h>
#endif

#endif
