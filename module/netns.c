// SPDX-License-Identifier: GPL-2.0
/*
 * What each network namespace has: made with it, unmade with it.
 *
 * A namespace ends when no program's socket is in it; so do all of them for us
 * when the module is unloaded. What is left then are orphans, which hold no
 * reference to it, and mini-sockets. They end in two steps: pre_exit empties
 * the demux table, where nothing comes in any more, since nobody listens or
 * connects; then the kernel waits for an RCU grace period, and thereby for
 * whoever still looks at what was in the table, timers that run included; exit
 * frees what they looked at.
 */
#include <linux/random.h>

#include "datagram/dgram.h"
#include "net/demux.h"
#include "netns.h"
#include "sight/counter.h"
#include "sight/sight.h"
#include "socket/controller.h"
#include "socket/engine.h"
#include "socket/port.h"
#include "socket/request.h"
#include "socket/tw.h"

unsigned int clasp_net_id __read_mostly;

static void set_defaults(struct clasp_net *cn)
{
	clasp_settings_init(&cn->settings);

	cn->rmem[0] = 4096;
	cn->rmem[1] = 1048576;
	cn->rmem[2] = 6291456;
	cn->wmem[0] = 4096;
	cn->wmem[1] = 262144;
	cn->wmem[2] = 4194304;
	cn->max_tw = 65536;
	cn->max_syn_backlog = 4096;
	cn->max_orphans = 65536;
	cn->notsent_lowat = U32_MAX;
}

static int __net_init net_init(struct net *net)
{
	struct clasp_net *cn = clasp_net(net);
	int err;

	cn->net = net;
	set_defaults(cn);
	get_random_bytes(&cn->secret, sizeof(cn->secret));
	atomic_set(&cn->timewait_count, 0);
	atomic_set(&cn->orphan_count, 0);
	clasp_port_net_init(cn);
	clasp_dgram_net_init(cn);

	err = clasp_demux_init(cn);
	if (err)
		goto err_port;
	err = clasp_counter_net_init(cn);
	if (err)
		goto err_demux;
	err = clasp_sysctl_net_init(cn);
	if (err)
		goto err_counter;
	err = clasp_proc_net_init(cn);
	if (err)
		goto err_sysctl;

	return 0;

err_sysctl:
	clasp_sysctl_net_exit(cn);
err_counter:
	clasp_counter_net_exit(cn);
err_demux:
	clasp_demux_exit(cn);
err_port:
	clasp_dgram_net_exit(cn);
	clasp_port_net_exit(cn);
	return err;
}

/* End an orphan. Its last owner may just be letting go of it. */
static void end_sock(struct sock *sk)
{
	lock_sock(sk);
	if (clasp_sk(sk)->hashed) {
		clasp_conn_abort(&clasp_sk(sk)->conn, CLASP_SEND_RESET_ABORT);
		clasp_engine_push(sk);
	}
	release_sock(sk);
}

/* May sleep: the caller's walk pauses for that. */
static void end_node(struct rhashtable_iter *iter, struct clasp_node *node)
	__must_hold(RCU)
{
	struct sock *sk = NULL;

	switch (node->kind) {
	case CLASP_NODE_REQUEST:
		clasp_request_end(clasp_node_request(node));
		break;
	case CLASP_NODE_TIMEWAIT:
		clasp_tw_end(clasp_node_tw(node));
		break;
	default:
		sk = clasp_node_sk(node);
		if (!refcount_inc_not_zero(&sk->sk_refcnt))
			return;
	}
	if (!sk && !need_resched())
		return;

	rhashtable_walk_stop(iter);
	if (sk) {
		end_sock(sk);
		sock_put(sk);
	}
	cond_resched();
	rhashtable_walk_start(iter);
}

/* Return: false when there was nothing. */
static bool end_all(struct clasp_net *cn)
{
	struct rhashtable_iter iter;
	struct clasp_node *node;
	bool any = false;

	rhashtable_walk_enter(&cn->nodes, &iter);
	rhashtable_walk_start(&iter);
	while ((node = rhashtable_walk_next(&iter))) {
		any = true;
		/* the table is being resized: some come again, none is missed */
		if (IS_ERR(node))
			continue;
		end_node(&iter, node);
	}
	rhashtable_walk_stop(&iter);
	rhashtable_walk_exit(&iter);

	return any;
}

static void __net_exit net_pre_exit(struct net *net)
{
	struct clasp_net *cn = clasp_net(net);

	while (end_all(cn))
		cond_resched();
}

static void __net_exit net_exit(struct net *net)
{
	struct clasp_net *cn = clasp_net(net);

	clasp_proc_net_exit(cn);
	clasp_sysctl_net_exit(cn);
	clasp_counter_net_exit(cn);
	clasp_demux_exit(cn);
	clasp_dgram_net_exit(cn);
	clasp_port_net_exit(cn);
	clasp_cong_net_exit(cn);
}

static struct pernet_operations clasp_net_ops = {
	.init		= net_init,
	.pre_exit	= net_pre_exit,
	.exit		= net_exit,
	.id		= &clasp_net_id,
	.size		= sizeof(struct clasp_net),
};

/**
 * clasp_netns_init() - equip all network namespaces, and those to come
 *
 * A subsystem, not a device: at a namespace's end its devices are gone, and no
 * segment arrives any more, before our exit is called.
 *
 * Return: 0 or a negative errno.
 */
int clasp_netns_init(void)
{
	return register_pernet_subsys(&clasp_net_ops);
}

/**
 * clasp_netns_exit() - undo clasp_netns_init()
 *
 * No program has a socket, and no segment arrives any more.
 */
void clasp_netns_exit(void)
{
	unregister_pernet_subsys(&clasp_net_ops);
}
