// SPDX-License-Identifier: GPL-2.0
/*
 * Which controllers there are, and who uses them.
 *
 * The core has a few; another module may bring one (docs/congestion.md). A
 * socket, and a namespace whose default it is, hold the module that their
 * controller is in, so that it cannot go while it is used.
 *
 * Locks: @lock protects the list, each namespace's default, and a socket's
 * choice against a child that inherits it without the listener's lock. Inside
 * of the socket lock; nothing else is taken inside of it.
 */
#include <linux/capability.h>
#include <linux/module.h>

#include "controller.h"

static DEFINE_SPINLOCK(lock);
static struct clasp_cong_ops *others;

/* A controller that is written in another file, or module, may use these. */
EXPORT_SYMBOL_GPL(clasp_conn_mss);
EXPORT_SYMBOL_GPL(clasp_cong_initial);
EXPORT_SYMBOL_GPL(clasp_cong_slow_start);

static const struct clasp_cong_ops *find(const char *name)
	__must_hold(&lock)
{
	const struct clasp_cong_ops *ops = clasp_cong_find(name);
	struct clasp_cong_ops *other;

	for (other = others; other && !ops; other = other->next)
		if (!strcmp(other->name, name))
			ops = other;

	return ops;
}

/* Its module stays until put(). Return: NULL when there is none. */
static const struct clasp_cong_ops *take(const char *name)
{
	const struct clasp_cong_ops *ops;

	spin_lock_bh(&lock);
	ops = find(name);
	if (ops && !try_module_get(ops->owner))
		ops = NULL;
	spin_unlock_bh(&lock);

	return ops;
}

static void put(const struct clasp_cong_ops *ops)
{
	module_put(ops->owner);
}

/**
 * clasp_cong_register() - a controller that sockets may choose from now on
 * @ops: the controller; @owner is the module that it is in
 *
 * Return: 0; -EINVAL when something is missing, -EEXIST when the name is taken.
 */
int clasp_cong_register(struct clasp_cong_ops *ops)
{
	int err = 0;

	if (!ops->name || !*ops->name || !ops->owner || !ops->init ||
	    strlen(ops->name) >= CLASP_CONG_NAME_MAX ||
	    !ops->on_ack || !ops->on_loss || !ops->on_rto)
		return -EINVAL;

	spin_lock_bh(&lock);
	if (find(ops->name)) {
		err = -EEXIST;
	} else {
		ops->next = others;
		others = ops;
	}
	spin_unlock_bh(&lock);

	return err;
}
EXPORT_SYMBOL_GPL(clasp_cong_register);

/**
 * clasp_cong_unregister() - no socket may choose it any more
 * @ops: registered; its module is going, so that none uses it either
 */
void clasp_cong_unregister(struct clasp_cong_ops *ops)
{
	struct clasp_cong_ops **at;

	spin_lock_bh(&lock);
	for (at = &others; *at; at = &(*at)->next) {
		if (*at == ops) {
			*at = ops->next;
			break;
		}
	}
	spin_unlock_bh(&lock);
}
EXPORT_SYMBOL_GPL(clasp_cong_unregister);

/**
 * clasp_cong_list() - the names of all controllers
 * @names: filled in, a blank between two
 * @size: bytes there
 */
void clasp_cong_list(char *names, size_t size)
{
	struct clasp_cong_ops *other;
	unsigned int i;
	size_t len = 0;

	*names = '\0';
	for (i = 0; i < clasp_cong_builtins; i++)
		len += scnprintf(names + len, size - len, "%s%s",
				 len ? " " : "", clasp_cong_builtin[i]->name);

	spin_lock_bh(&lock);
	for (other = others; other; other = other->next)
		len += scnprintf(names + len, size - len, " %s", other->name);
	spin_unlock_bh(&lock);
}

static void swap_default(struct clasp_net *cn, const struct clasp_cong_ops *ops)
{
	const struct clasp_cong_ops *old;

	spin_lock_bh(&lock);
	old = cn->settings.congestion_control;
	WRITE_ONCE(cn->settings.congestion_control, ops);
	spin_unlock_bh(&lock);

	put(old);
}

/**
 * clasp_cong_get_default() - what a namespace's sockets begin with
 * @cn: namespace
 * @name: filled in, CLASP_CONG_NAME_MAX bytes
 */
void clasp_cong_get_default(struct clasp_net *cn, char *name)
{
	spin_lock_bh(&lock);
	strscpy_pad(name, cn->settings.congestion_control->name,
		    CLASP_CONG_NAME_MAX);
	spin_unlock_bh(&lock);
}

/**
 * clasp_cong_set_default() - what a namespace's sockets begin with
 * @cn: namespace
 * @name: of the controller
 *
 * Return: 0, or -ENOENT when there is none of that name.
 */
int clasp_cong_set_default(struct clasp_net *cn, const char *name)
{
	const struct clasp_cong_ops *ops = take(name);

	if (!ops)
		return -ENOENT;

	swap_default(cn, ops);

	return 0;
}

/**
 * clasp_cong_net_exit() - a namespace ends
 * @cn: namespace without sockets
 */
void clasp_cong_net_exit(struct clasp_net *cn)
{
	swap_default(cn, &clasp_cong_none);
}

/**
 * clasp_cong_join() - a new socket begins with its namespace's controller
 * @sk: socket that nobody knows yet
 */
void clasp_cong_join(struct sock *sk)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;

	spin_lock_bh(&lock);
	c->cong_ops = clasp_net(sock_net(sk))->settings.congestion_control;
	__module_get(c->cong_ops->owner);
	spin_unlock_bh(&lock);
}

/**
 * clasp_cong_inherit() - a child begins with its listener's
 * @child: nobody knows it yet
 * @listener: not locked
 */
void clasp_cong_inherit(struct sock *child, const struct sock *listener)
{
	struct clasp_conn *c = &clasp_sk(child)->conn;

	spin_lock_bh(&lock);
	c->cong_ops = clasp_sk(listener)->conn.cong_ops;
	__module_get(c->cong_ops->owner);
	spin_unlock_bh(&lock);
}

static bool may_use(struct sock *sk, const struct clasp_cong_ops *ops)
{
	/* to flood the network takes more than a socket */
	return !(ops->flags & CLASP_CONG_UNLIMITED) ||
	       ops == clasp_sk(sk)->conn.cong_ops ||
	       ns_capable(sock_net(sk)->user_ns, CAP_NET_ADMIN);
}

/**
 * clasp_cong_set() - a socket's program chooses
 * @sk: socket, lock held
 * @name: of the controller
 *
 * Return: 0; -ENOENT when there is none of that name, -EPERM when it is not for
 * everybody.
 */
int clasp_cong_set(struct sock *sk, const char *name)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	const struct clasp_cong_ops *ops = take(name);
	const struct clasp_cong_ops *old = c->cong_ops;

	if (!ops)
		return -ENOENT;
	if (ops == old || !may_use(sk, ops)) {
		put(ops);
		return ops == old ? 0 : -EPERM;
	}

	spin_lock_bh(&lock);
	clasp_cong_choose(c, ops);
	spin_unlock_bh(&lock);
	put(old);

	return 0;
}

/**
 * clasp_cong_renew() - a connection like new, with the controller that it had
 * @sk: socket, lock held; its connection is over
 *
 * A listener's is read without its lock: see clasp_cong_inherit().
 */
void clasp_cong_renew(struct sock *sk)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;
	const struct clasp_cong_ops *ops = c->cong_ops;

	spin_lock_bh(&lock);
	clasp_cong_stop(c);
	clasp_conn_init(c, &clasp_net(sock_net(sk))->settings);
	c->cong_ops = ops;
	spin_unlock_bh(&lock);
}

/**
 * clasp_cong_leave() - a socket is no more
 * @sk: socket that nobody knows any longer
 */
void clasp_cong_leave(struct sock *sk)
{
	struct clasp_conn *c = &clasp_sk(sk)->conn;

	clasp_cong_stop(c);
	put(c->cong_ops);
}
