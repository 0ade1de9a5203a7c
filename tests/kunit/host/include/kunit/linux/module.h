/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a suite says about itself when it is a module. Nobody asks on the host,
 * but each line must still end in a semicolon.
 */
#ifndef HOST_LINUX_MODULE_H
#define HOST_LINUX_MODULE_H

#include <linux/kernel.h>

#define host_says_nothing	struct host_nothing

#define MODULE_LICENSE(text)		host_says_nothing
#define MODULE_DESCRIPTION(text)	host_says_nothing
#define MODULE_AUTHOR(text)		host_says_nothing
#define MODULE_ALIAS(text)		host_says_nothing
#define MODULE_IMPORT_NS(name)		host_says_nothing
#define EXPORT_SYMBOL_GPL(name)		host_says_nothing

#define THIS_MODULE	NULL
#define __init
#define __exit

#endif
