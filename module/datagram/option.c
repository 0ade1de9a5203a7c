// SPDX-License-Identifier: GPL-2.0
/*
 * setsockopt() and getsockopt() at SOL_CLASP_DG, which is SOL_UDP's equal, and the
 * one option of SOL_CLASP that is about names and not about streams.
 */
#include <net/ip.h>
#include <net/ipv6.h>

#include "dgram.h"
#include "socket/address.h"

static bool is_our_level(int level)
{
	return level == SOL_CLASP_DG || level == SOL_UDP;
}

/* IPv4 also has to refuse what is none, for a socket that is IPv4-only. */
static bool is_v4s_level(const struct sock *sk, int level)
{
	return level == SOL_IP || READ_ONCE(sk->sk_family) == AF_INET;
}

static int set_cork(struct sock *sk, int value)
{
	WRITE_ONCE(clasp_dgram_sk(sk)->corked, !!value);

	return value ? 0 : clasp_dgram_uncork(sk);
}

static int get_cork(const struct sock *sk)
{
	return READ_ONCE(clasp_dgram_sk(sk)->corked);
}

static int set_segment(struct sock *sk, int value)
{
	if (value < 0 || value > U16_MAX)
		return -EINVAL;

	WRITE_ONCE(clasp_dgram_sk(sk)->segment, value);

	return 0;
}

static int get_segment(const struct sock *sk)
{
	return READ_ONCE(clasp_dgram_sk(sk)->segment);
}

static int set_gro(struct sock *sk, int value)
{
	WRITE_ONCE(clasp_dgram_sk(sk)->gather, !!value);

	return 0;
}

static int get_gro(const struct sock *sk)
{
	return READ_ONCE(clasp_dgram_sk(sk)->gather);
}

static int set_name_family(struct sock *sk, int value)
{
	int err = clasp_address_set_family(sk, value);

	if (!err)
		WRITE_ONCE(clasp_dgram_sk(sk)->name_family, value);

	return err;
}

static int get_name_family(const struct sock *sk)
{
	return READ_ONCE(clasp_dgram_sk(sk)->name_family);
}

static const struct knob {
	int	level;
	int	name;
	int	(*set)(struct sock *sk, int value);
	int	(*get)(const struct sock *sk);
} knobs[] = {
	{ SOL_CLASP_DG,	CLASP_DG_CORK,	   set_cork,	    get_cork },
	{ SOL_CLASP_DG,	CLASP_DG_SEGMENT,  set_segment,	    get_segment },
	{ SOL_CLASP_DG,	CLASP_DG_GRO,	   set_gro,	    get_gro },
	{ SOL_CLASP,	CLASP_NAME_FAMILY, set_name_family, get_name_family },
};

static const struct knob *find(int level, int name)
{
	unsigned int i;

	if (is_our_level(level))
		level = SOL_CLASP_DG;
	for (i = 0; i < ARRAY_SIZE(knobs); i++)
		if (knobs[i].level == level && knobs[i].name == name)
			return &knobs[i];

	return NULL;
}

static int take_option(struct sock *sk, int level, int name, sockptr_t from,
		       unsigned int len)
{
	const struct knob *knob = find(level, name);
	int value, err;

	if (len < sizeof(value))
		return -EINVAL;
	if (copy_from_sockptr(&value, from, sizeof(value)))
		return -EFAULT;
	if (!knob)
		return -ENOPROTOOPT;

	lock_sock(sk);
	err = knob->set(sk, value);
	release_sock(sk);

	return err;
}

/*
 * Whether a socket hears itself the kernel takes from IPv6's option for all that
 * is AF_INET6: what a program says for IPv4 counts there too.
 */
static int set_ip(struct sock *sk, int name, sockptr_t value, unsigned int len)
{
	int err = ip_setsockopt(sk, SOL_IP, name, value, len);

	if (!err && name == IP_MULTICAST_LOOP)
		clasp_compat_set_mc6_loop(sk, clasp_compat_mc_loop(sk));

	return err;
}

/**
 * clasp_dgram_setsockopt() - proto.setsockopt
 * @sk: socket
 * @level: SOL_CLASP_DG, SOL_UDP, SOL_CLASP, SOL_IP or SOL_IPV6
 * @name: option
 * @value: the program's
 * @len: bytes of it
 *
 * Return: 0 or a negative errno.
 */
int clasp_dgram_setsockopt(struct sock *sk, int level, int name,
			   sockptr_t value, unsigned int len)
{
	if (is_our_level(level) || level == SOL_CLASP)
		return take_option(sk, level, name, value, len);
	if (level == SOL_IP)
		return set_ip(sk, name, value, len);
	if (is_v4s_level(sk, level))
		return ip_setsockopt(sk, level, name, value, len);

	return ipv6_setsockopt(sk, level, name, value, len);
}

static int tell_option(struct sock *sk, int level, int name, char __user *to,
		       int __user *len)
{
	const struct knob *knob = find(level, name);
	int room, value;

	if (get_user(room, len))
		return -EFAULT;
	if (room < 0)
		return -EINVAL;
	if (!knob)
		return -ENOPROTOOPT;

	value = knob->get(sk);
	room = min_t(int, room, sizeof(value));
	if (put_user(room, len) || copy_to_user(to, &value, room))
		return -EFAULT;

	return 0;
}

/**
 * clasp_dgram_getsockopt() - proto.getsockopt
 * @sk: socket
 * @level: SOL_CLASP_DG, SOL_UDP, SOL_CLASP, SOL_IP or SOL_IPV6
 * @name: option
 * @value: where to
 * @len: room there, and then how much was written
 *
 * Return: 0 or a negative errno.
 */
int clasp_dgram_getsockopt(struct sock *sk, int level, int name,
			   char __user *value, int __user *len)
{
	if (is_our_level(level) || level == SOL_CLASP)
		return tell_option(sk, level, name, value, len);
	if (is_v4s_level(sk, level))
		return ip_getsockopt(sk, level, name, value, len);

	return ipv6_getsockopt(sk, level, name, value, len);
}
