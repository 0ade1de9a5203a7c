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

static int set_option(struct sock *sk, int name, sockptr_t from,
		      unsigned int len)
{
	const struct clasp_knob *knob = clasp_knob_find(name);
	int value, err;

	if (name == CLASP_CONGESTION)
		return set_congestion(sk, from, len);
	if (!knob || !knob->set)
		return -ENOPROTOOPT;
	if (len < sizeof(value))
		return -EINVAL;
	if (copy_from_sockptr(&value, from, sizeof(value)))
		return -EFAULT;

	lock_sock(sk);
	err = knob->set(sk, value);
	release_sock(sk);

	return err;
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
		return set_option(sk, name, value, len);
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
	const struct clasp_knob *knob;
	int answer;

	if (!is_our_level(level))
		return is_v4s_level(sk, level) ?
		       ip_getsockopt(sk, level, name, value, len) :
		       ipv6_getsockopt(sk, level, name, value, len);

	switch (name) {
	case CLASP_CONGESTION:
		return get_congestion(sk, value, len);
	case CLASP_CC_INFO:
		return get_cc_info(sk, value, len);
	case CLASP_INFO:
		return get_info(sk, level, value, len);
	}

	knob = clasp_knob_find(name);
	if (!knob)
		return -ENOPROTOOPT;
	answer = knob->get(sk);

	return give(&answer, sizeof(answer), value, len);
}
