// SPDX-License-Identifier: GPL-2.0
/*
 * Counters: what happened in a network namespace, how often.
 *
 * One for each row of CLASP_COUNTERS (socket/sock.h), and one for each reason
 * to drop something, "Drop" before its name (core/reason.h). The rows' texts
 * say what each means.
 */
#include <linux/percpu.h>
#include <linux/seq_file.h>

#include "counter.h"

static const char * const counter_names[] = {
#define X(name, counter, text)						       \
	[CLASP_COUNT_##name] = counter,
	CLASP_COUNTERS(X)
#undef X
};

static const char * const drop_names[] = {
#define X(name, counter, text)						       \
	[CLASP_DROP_##name] = "Drop" counter,
	CLASP_DROP_REASONS(X)
#undef X
};

/**
 * clasp_counter_net_init() - counters at 0
 * @cn: new namespace
 *
 * Return: 0 or -ENOMEM.
 */
int clasp_counter_net_init(struct clasp_net *cn)
{
	cn->mib = alloc_percpu(struct clasp_mib);

	return cn->mib ? 0 : -ENOMEM;
}

/**
 * clasp_counter_net_exit() - nobody counts any more
 * @cn: namespace
 */
void clasp_counter_net_exit(struct clasp_net *cn)
{
	free_percpu(cn->mib);
}

/**
 * clasp_counter_drop() - something was dropped
 * @net: where
 * @why: the reason
 */
void clasp_counter_drop(const struct net *net, enum clasp_drop why)
{
	this_cpu_inc(clasp_net(net)->mib->drops[why]);
}

static u64 sum(const u64 __percpu *counter)
{
	u64 total = 0;
	int cpu;

	for_each_possible_cpu(cpu)
		total += READ_ONCE(*per_cpu_ptr(counter, cpu));

	return total;
}

/**
 * clasp_counter_show() - /proc/net/clasp_snmp: a name and a number in each line
 * @file: where to
 * @v: unused
 *
 * Return: 0
 */
int clasp_counter_show(struct seq_file *file, void *v)
{
	struct clasp_mib __percpu *mib;
	unsigned int i;

	mib = clasp_net(seq_file_single_net(file))->mib;
	for (i = 0; i < CLASP_COUNT_MAX; i++)
		seq_printf(file, "%s %llu\n", counter_names[i],
			   sum(&mib->counters[i]));
	for (i = CLASP_DROP_NONE + 1; i < CLASP_DROP_MAX; i++)
		seq_printf(file, "%s %llu\n", drop_names[i],
			   sum(&mib->drops[i]));

	return 0;
}
