// SPDX-License-Identifier: GPL-2.0
/*
 * Protocols 253 and 254 towards the IP layers: who is called for what.
 */
#include <net/protocol.h>

#include "datagram/dgram.h"
#include "net/wire.h"

/* Policies are checked when the socket is known. */
static const struct net_protocol stream_v4 = {
	.handler		= clasp_ip_receive,
	.err_handler		= clasp_icmp_v4,
	.no_policy		= 1,
	.icmp_strict_tag_validation = 1,
};

static const struct inet6_protocol stream_v6 = {
	.handler		= clasp_ip_receive,
	.err_handler		= clasp_icmp_v6,
	.flags			= INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};

static const struct net_protocol datagram_v4 = {
	.handler		= clasp_dgram_receive,
	.err_handler		= clasp_dgram_icmp_v4,
	.no_policy		= 1,
};

static const struct inet6_protocol datagram_v6 = {
	.handler		= clasp_dgram_receive,
	.err_handler		= clasp_dgram_icmp_v6,
	.flags			= INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};

static int add(const struct net_protocol *v4, const struct inet6_protocol *v6,
	       u8 number)
{
	if (inet_add_protocol(v4, number))
		return -EAGAIN;
	if (inet6_add_protocol(v6, number)) {
		inet_del_protocol(v4, number);
		return -EAGAIN;
	}

	return 0;
}

static void del(const struct net_protocol *v4, const struct inet6_protocol *v6,
		u8 number)
{
	inet6_del_protocol(v6, number);
	inet_del_protocol(v4, number);
}

/**
 * clasp_ip_init() - begin to receive
 *
 * Return: 0, or -EAGAIN when somebody else has a protocol's number.
 */
int clasp_ip_init(void)
{
	int err;

	err = add(&stream_v4, &stream_v6, IPPROTO_CLASP);
	if (err)
		return err;
	err = add(&datagram_v4, &datagram_v6, IPPROTO_CLASP_DG);
	if (err)
		del(&stream_v4, &stream_v6, IPPROTO_CLASP);

	return err;
}

/**
 * clasp_ip_exit() - receive no more
 *
 * Once this returns no handler runs.
 */
void clasp_ip_exit(void)
{
	del(&datagram_v4, &datagram_v6, IPPROTO_CLASP_DG);
	del(&stream_v4, &stream_v6, IPPROTO_CLASP);
}
