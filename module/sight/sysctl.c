// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/sys/net/clasp: what a network namespace may be told.
 *
 * Names and units are those of net.ipv4.tcp_* where TCP has the like. Each
 * value is checked; one that is out of range changes nothing. A connection
 * looks at most of them with each decision, so that a change is felt at once.
 */
#include <linux/slab.h>
#include <linux/sysctl.h>

#include "sight.h"
#include "cong.h"
#include "isn.h"
#include "socket/controller.h"

static int one = 1;
static int retries_most = U8_MAX;
static int syn_retries_most = 127;
static int minute_ms = 60 * MSEC_PER_SEC;
static int hour_ms = 3600 * MSEC_PER_SEC;
static int hour_s = 3600;
static int keepalive_most_s = 32767;
static int delayed_ack_most_ms = 499;	/* MUST-40: less than 0.5 s */
static int cwnd_most = 1000;
static int ecn_most = 2;
static int buffer_least = 4096;
static int buffer_most = 1024 * 1024 * 1024;	/* the largest window */
static int table_most = 4 * 1024 * 1024;

/* Seconds for people, milliseconds inside. */
static int do_seconds(clasp_compat_ctl_table *table, int write, void *buffer,
		      size_t *len, loff_t *pos)
{
	unsigned int seconds = READ_ONCE(*(u32 *)table->data) / MSEC_PER_SEC;
	struct ctl_table copy = *table;
	int err;

	copy.data = &seconds;
	err = proc_douintvec_minmax(&copy, write, buffer, len, pos);
	if (write && !err)
		WRITE_ONCE(*(u32 *)table->data, seconds * MSEC_PER_SEC);

	return err;
}

/* One of a few words; @word comes in with the present one. */
static int do_word(clasp_compat_ctl_table *table, int write, void *buffer,
		   size_t *len, loff_t *pos, char *word, int size)
{
	struct ctl_table copy = *table;

	copy.data = word;
	copy.maxlen = size;

	return proc_dostring(&copy, write, buffer, len, pos);
}

static int do_congestion(clasp_compat_ctl_table *table, int write, void *buffer,
			 size_t *len, loff_t *pos)
{
	struct clasp_net *cn = table->data;
	char name[CLASP_CONG_NAME_MAX];
	int err;

	clasp_cong_get_default(cn, name);
	err = do_word(table, write, buffer, len, pos, name, sizeof(name));
	if (!write || err)
		return err;

	return clasp_cong_set_default(cn, name);
}

static int do_available(clasp_compat_ctl_table *table, int write, void *buffer,
			size_t *len, loff_t *pos)
{
	char names[256];

	clasp_cong_list(names, sizeof(names));

	return do_word(table, write, buffer, len, pos, names, sizeof(names));
}

static int do_isn(clasp_compat_ctl_table *table, int write, void *buffer,
		  size_t *len, loff_t *pos)
{
	bool *fixed = table->data;
	char word[16];
	int err;

	strscpy(word, READ_ONCE(*fixed) ? "fixed" : "random", sizeof(word));
	err = do_word(table, write, buffer, len, pos, word, sizeof(word));
	if (!write || err)
		return err;

	if (strcmp(word, "fixed") && strcmp(word, "random"))
		return -EINVAL;
	WRITE_ONCE(*fixed, !strcmp(word, "fixed"));

	return 0;
}

/* Least, default, most, in this order. */
static int do_buffer(clasp_compat_ctl_table *table, int write, void *buffer,
		     size_t *len, loff_t *pos)
{
	struct ctl_table copy = *table;
	u32 *sizes = table->data;
	int new[3], i, err;

	for (i = 0; i < 3; i++)
		new[i] = READ_ONCE(sizes[i]);
	copy.data = new;
	err = proc_dointvec_minmax(&copy, write, buffer, len, pos);
	if (!write || err)
		return err;

	if (new[0] > new[1] || new[1] > new[2])
		return -EINVAL;
	for (i = 0; i < 3; i++)
		WRITE_ONCE(sizes[i], new[i]);

	return 0;
}

#define NET(member)	(offsetof(struct clasp_net, member))
#define SET(member)	NET(settings.member)

/* A row: name, where it is in struct clasp_net, least, most. */
#define ROW(name, offset, type, handler, least, most)			       \
	{								       \
		.procname	= name,					       \
		.data		= (void *)(offset),			       \
		.maxlen		= sizeof(type),				       \
		.mode		= 0644,					       \
		.proc_handler	= handler,				       \
		.extra1		= least,				       \
		.extra2		= most,					       \
	}
#define NUMBER(name, offset, least, most)				       \
	ROW(name, offset, u32, proc_douintvec_minmax, least, most)
#define SMALL(name, offset, least, most)				       \
	ROW(name, offset, u8, proc_dou8vec_minmax, least, most)
#define SWITCH(name, offset)						       \
	SMALL(name, offset, SYSCTL_ZERO, SYSCTL_ONE)
static_assert(sizeof(bool) == sizeof(u8));

/* A namespace's copy has addresses in the place of offsets. */
static const struct ctl_table rows[] = {
	NUMBER("time_wait_ms", SET(time_wait_ms), &one, &hour_ms),
	ROW("fin_timeout", SET(fin_timeout_ms), u32, do_seconds, &one, &hour_s),
	NUMBER("rto_min_ms", SET(rto_min_ms), &one, &minute_ms),
	NUMBER("delayed_ack_ms", SET(delayed_ack_ms), &one,
	       &delayed_ack_most_ms),
	NUMBER("initial_cwnd", SET(initial_cwnd), &one, &cwnd_most),
	NUMBER("challenge_ack_ms", SET(challenge_ack_ms), SYSCTL_ZERO,
	       &minute_ms),

	SMALL("ecn", SET(ecn), SYSCTL_ZERO, &ecn_most),

	SMALL("mtu_probing", SET(mtu_probing), SYSCTL_ZERO, SYSCTL_TWO),

	NUMBER("keepalive_time", SET(keepalive_time_s), &one, &keepalive_most_s),
	NUMBER("keepalive_intvl", SET(keepalive_intvl_s), &one,
	       &keepalive_most_s),
	SMALL("keepalive_probes", SET(keepalive_probes), &one,
	      &syn_retries_most),

	SMALL("syn_retries", SET(syn_retries), &one, &syn_retries_most),
	SMALL("synack_retries", SET(synack_retries), SYSCTL_ZERO,
	      &syn_retries_most),
	SMALL("retries1", SET(retries1), SYSCTL_ZERO, &retries_most),
	SMALL("retries2", SET(retries2), SYSCTL_ZERO, &retries_most),
	SMALL("orphan_retries", SET(orphan_retries), SYSCTL_ZERO,
	      &retries_most),

	SWITCH("moderate_rcvbuf", SET(moderate_rcvbuf)),
	SWITCH("sack", SET(sack)),
	SWITCH("timestamps", SET(timestamps)),
	SWITCH("delayed_ack", SET(delayed_ack)),
	SWITCH("nagle", SET(nagle)),
	SWITCH("fast_retransmit", SET(fast_retransmit)),
	SWITCH("tlp", SET(tlp)),
	SWITCH("frto", SET(frto)),
	SWITCH("flow_control", SET(flow_control)),

	ROW("isn", SET(isn_fixed), bool, do_isn, NULL, NULL),
	ROW("congestion_control", 0, struct clasp_net, do_congestion, NULL,
	    NULL),
	{
		.procname	= "available_congestion_control",
		.maxlen		= sizeof(struct clasp_net),
		.mode		= 0444,
		.proc_handler	= do_available,
	},

	ROW("rmem", NET(rmem), int[3], do_buffer, &buffer_least, &buffer_most),
	ROW("wmem", NET(wmem), int[3], do_buffer, &buffer_least, &buffer_most),
	NUMBER("max_tw_buckets", NET(max_tw), SYSCTL_ZERO, &table_most),
	SMALL("syncookies", SET(syncookies), SYSCTL_ZERO, SYSCTL_TWO),
	NUMBER("max_syn_backlog", NET(max_syn_backlog), &one, &table_most),
	NUMBER("max_orphans", NET(max_orphans), SYSCTL_ZERO, &table_most),
	ROW("notsent_lowat", NET(notsent_lowat), u32, proc_douintvec, NULL, NULL),
};

static struct ctl_table *copy_rows(struct clasp_net *cn)
{
	struct ctl_table *table;
	unsigned int i;

	/* an empty row behind the last is what older kernels look for */
	table = kcalloc(ARRAY_SIZE(rows) + 1, sizeof(*table), GFP_KERNEL);
	if (!table)
		return NULL;

	memcpy(table, rows, sizeof(rows));
	for (i = 0; i < ARRAY_SIZE(rows); i++)
		table[i].data = (void *)cn + (unsigned long)rows[i].data;

	return table;
}

/**
 * clasp_sysctl_net_init() - files to change what holds
 * @cn: new namespace, the defaults filled in
 *
 * Return: 0 or -ENOMEM.
 */
int clasp_sysctl_net_init(struct clasp_net *cn)
{
	struct ctl_table *table;

	table = copy_rows(cn);
	if (!table)
		return -ENOMEM;

	cn->sysctl = clasp_compat_register_sysctl(cn->net, "net/clasp", table,
						  ARRAY_SIZE(rows));
	if (!cn->sysctl) {
		kfree(table);
		return -ENOMEM;
	}

	return 0;
}

/**
 * clasp_sysctl_net_exit() - remove the files; the values stay
 * @cn: namespace
 */
void clasp_sysctl_net_exit(struct clasp_net *cn)
{
	const struct ctl_table *table = cn->sysctl->ctl_table_arg;

	unregister_net_sysctl_table(cn->sysctl);
	kfree(table);
}
