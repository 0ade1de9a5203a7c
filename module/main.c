// SPDX-License-Identifier: GPL-2.0
/*
 * Load and unload, in order; nothing else.
 *
 * Every socket holds the module, so that none is left when it goes; what may
 * be left are TIME_WAITs.
 */
#include <linux/module.h>

#include "net/wire.h"
#include "netns.h"
#include "socket/family.h"
#include "socket/request.h"
#include "socket/tw.h"

static int __init clasp_init(void)
{
	int err;

	err = clasp_request_init();
	if (err)
		return err;
	err = clasp_tw_init();
	if (err)
		goto err_request;
	err = clasp_netns_init();
	if (err)
		goto err_tw;
	err = clasp_ip_init();
	if (err)
		goto err_netns;
	err = clasp_family_init();
	if (err)
		goto err_ip;

	return 0;

err_ip:
	clasp_ip_exit();
err_netns:
	clasp_netns_exit();
	rcu_barrier();
err_tw:
	clasp_tw_exit();
err_request:
	clasp_request_exit();
	return err;
}

static void __exit clasp_exit(void)
{
	clasp_family_exit();
	clasp_ip_exit();
	clasp_netns_exit();
	/* what was freed behind readers is ours until it has been freed */
	rcu_barrier();
	clasp_tw_exit();
	clasp_request_exit();
}

module_init(clasp_init);
module_exit(clasp_exit);

MODULE_DESCRIPTION("Clasp: a connection-oriented transport protocol");
MODULE_LICENSE("GPL");
