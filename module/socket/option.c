// SPDX-License-Identifier: GPL-2.0
/*
 * setsockopt() and getsockopt() at SOL_CLASP.
 *
 * A program for TCP says SOL_TCP and means the same level: the numbers are
 * TCP's. What each option does is in knob.c and info.c; the levels below are
 * the kernel's own functions.
 */
#include <linux/inet_diag.h>
#include <linux/tcp.h>
#include <net/ip.h>
#include <net/ipv6.h>

#include "option.h"
#include "controller.h"
#include "synsave.h"

static bool is_our_level(int level)
{
	return level == SOL_CLASP || level == SOL_TCP;
}

/* IPv4 also has to refuse what is none, for a socket that is IPv4-only. */
static bool is_v4s_level(const struct sock *sk, int level)
{
	return level == SOL_IP || READ_ONCE(sk->sk_family) == AF_INET;
}

static int set_congestion(struct sock *sk, sockptr_t from, unsigned int len)
{
	char name[CLASP_CONG_NAME_MAX];
	long err;

	if (!len)
		return -EINVAL;
	err = strncpy_from_sockptr(name, from,
				   min_t(long, sizeof(name) - 1, len));
	if (err < 0)
		return -EFAULT;
	name[err] = '\0';

	lock_sock(sk);
	err = clasp_cong_set(sk, name);
	release_sock(sk);

	return err;
}

/*
 * Of TCP's options those that Clasp has no use for: what TCP says to who may
 * not (no connection is ever in repair), or to who asks without having it.
 */
static const struct {
	int	name;
	int	set;
	int	get;	/* or 0: the answer is 0 */
} refusals[] = {
	{ TCP_REPAIR,		-EPERM,		0 },
	{ TCP_REPAIR_QUEUE,	-EPERM,		-EINVAL },
	{ TCP_QUEUE_SEQ,	-EPERM,		-EINVAL },
	{ TCP_REPAIR_OPTIONS,	-EINVAL,	-ENOPROTOOPT },
	{ TCP_REPAIR_WINDOW,	-EPERM,		-EPERM },
	{ TCP_IS_MPTCP,		-ENOPROTOOPT,	0 },
};

static int refuse_set(int name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		if (refusals[i].name == name)
			return refusals[i].set;

	return -ENOPROTOOPT;
}

static int refuse_get(int name)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(refusals); i++)
		if (refusals[i].name == name)
			return refusals[i].get;

	return -ENOPROTOOPT;
}

/* There is none, as for TCP where no module has it: programs do without. */
static int set_ulp(sockptr_t from, unsigned int len)
{
	char name;

	if (!len)
		return -EINVAL;
	if (copy_from_sockptr(&name, from, sizeof(name)))
		return -EFAULT;

	return -ENOENT;
}

/* The control message comes at the level that the program knows. */
static int set_inq(struct sock *sk, int level, int value)
{
	if (value < 0 || value > 1)
		return -EINVAL;

	WRITE_ONCE(clasp_sk(sk)->inq_level, value ? level : 0);

	return 0;
}

static int set_int(struct sock *sk, int level, int name, sockptr_t from,
		   unsigned int len)
{
	const struct clasp_knob *knob = clasp_knob_find(name);
	int value, err;

	if (len < sizeof(value))
		return -EINVAL;
	if (copy_from_sockptr(&value, from, sizeof(value)))
		return -EFAULT;
	if (name == CLASP_INQ)
		return set_inq(sk, level, value);
	if (!knob || !knob->set)
		return refuse_set(name);

	lock_sock(sk);
	err = knob->set(sk, value);
	release_sock(sk);

	return err;
}

static int set_option(struct sock *sk, int level, int name, sockptr_t from,
		      unsigned int len)
{
	switch (name) {
	case CLASP_CONGESTION:
		return set_congestion(sk, from, len);
	case TCP_ULP:
		return set_ulp(from, len);
	default:
		return set_int(sk, level, name, from, len);
	}
}

/*
 * The kernel knows TCP by a flag that Clasp cannot have, and lets all others
 * join multicast groups.
 */
static bool joins_group(int level, int name)
{
	if (level == SOL_IP)
		return name == IP_ADD_MEMBERSHIP || name == IP_DROP_MEMBERSHIP;

	return level == SOL_IPV6 && (name == IPV6_ADD_MEMBERSHIP ||
				     name == IPV6_DROP_MEMBERSHIP);
}

/**
 * clasp_setsockopt() - proto.setsockopt
 * @sk: socket
 * @level: SOL_CLASP, SOL_TCP, SOL_IP or SOL_IPV6
 * @name: option
 * @value: the program's
 * @len: bytes of it
 *
 * Return: 0 or a negative errno.
 */
int clasp_setsockopt(struct sock *sk, int level, int name, sockptr_t value,
		     unsigned int len)
{
	if (is_our_level(level))
		return set_option(sk, level, name, value, len);
	if (joins_group(level, name))
		return -EPROTO;
	if (is_v4s_level(sk, level))
		return ip_setsockopt(sk, level, name, value, len);

	return ipv6_setsockopt(sk, level, name, value, len);
}

/* As much as there is room for, and how much that was. */
static int give(const void *from, int size, char __user *to, int __user *len)
{
	int room;

	if (get_user(room, len))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;

	size = min(size, room);
	if (put_user(size, len) || copy_to_user(to, from, size))
		return -EFAULT;

	return 0;
}

static int get_info(struct sock *sk, int level, char __user *to,
		    int __user *len)
{
	struct clasp_info info;
	struct tcp_info tcp;

	if (level == SOL_TCP) {
		clasp_info_fill_tcp(sk, &tcp);
		return give(&tcp, sizeof(tcp), to, len);
	}

	clasp_info_fill(sk, &info);

	return give(&info, sizeof(info), to, len);
}

static int get_congestion(struct sock *sk, char __user *to, int __user *len)
{
	char name[CLASP_CONG_NAME_MAX];

	lock_sock(sk);
	strscpy_pad(name, clasp_sk(sk)->conn.cong_ops->name, sizeof(name));
	release_sock(sk);

	return give(name, sizeof(name), to, len);
}

static int get_cc_info(struct sock *sk, char __user *to, int __user *len)
{
	const struct clasp_conn *c = &clasp_sk(sk)->conn;
	struct clasp_cong_info info = {};
	struct tcp_bbr_info bbr = {};
	bool any;

	lock_sock(sk);
	any = c->cong_ops->info && c->cong_started;
	if (any)
		c->cong_ops->info(c, &info);
	release_sock(sk);

	bbr.bbr_bw_lo = (u32)info.bw;
	bbr.bbr_bw_hi = (u32)(info.bw >> 32);
	bbr.bbr_min_rtt = info.min_rtt_us;
	bbr.bbr_pacing_gain = info.pacing_gain;
	bbr.bbr_cwnd_gain = info.cwnd_gain;

	return give(&bbr, any ? sizeof(bbr) : 0, to, len);
}

/* Once, and only into room for all of it. */
static int get_saved_syn(struct sock *sk, char __user *to, int __user *len,
			 int room)
{
	struct clasp_saved_syn *syn;
	int err;

	lock_sock(sk);
	syn = clasp_sk(sk)->saved_syn;
	if (!syn) {
		err = put_user(0, len);
	} else if (put_user(syn->len, len)) {
		err = -EFAULT;
	} else if (room < syn->len) {
		err = -EINVAL;
	} else {
		err = copy_to_user(to, syn->data, syn->len) ? -EFAULT : 0;
		if (!err)
			clasp_synsave_forget(sk);
	}
	release_sock(sk);

	return err;
}

static int get_int(struct sock *sk, int name, char __user *to, int __user *len)
{
	const struct clasp_knob *knob = clasp_knob_find(name);
	int answer, err;

	err = knob ? 0 : refuse_get(name);
	if (err)
		return err;
	answer = knob ? knob->get(sk) : 0;

	return give(&answer, sizeof(answer), to, len);
}

/**
 * clasp_getsockopt() - proto.getsockopt
 * @sk: socket
 * @level: SOL_CLASP, SOL_TCP, SOL_IP or SOL_IPV6
 * @name: option
 * @value: where to
 * @len: room there, and then how much was written
 *
 * Return: 0 or a negative errno.
 */
int clasp_getsockopt(struct sock *sk, int level, int name, char __user *value,
		     int __user *len)
{
	int room;

	if (!is_our_level(level))
		return is_v4s_level(sk, level) ?
		       ip_getsockopt(sk, level, name, value, len) :
		       ipv6_getsockopt(sk, level, name, value, len);

	if (get_user(room, len))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;

	switch (name) {
	case CLASP_CONGESTION:
		return get_congestion(sk, value, len);
	case CLASP_CC_INFO:
		return get_cc_info(sk, value, len);
	case CLASP_INFO:
		return get_info(sk, level, value, len);
	case CLASP_SAVED_SYN:
		return get_saved_syn(sk, value, len, room);
	case TCP_ULP:
		return put_user(0, len);
	default:
		return get_int(sk, name, value, len);
	}
}
