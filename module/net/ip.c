// SPDX-License-Identifier: GPL-2.0
/*
 * Protocol 253 towards the IP layers: who is called for what.
 */
#include <net/protocol.h>

#include "net/wire.h"

static const struct net_protocol clasp_protocol_v4 = {
	.handler		= clasp_ip_receive,
	.err_handler		= clasp_icmp_v4,
	.no_policy		= 1,	/* checked when the socket is known */
	.icmp_strict_tag_validation = 1,
};

static const struct inet6_protocol clasp_protocol_v6 = {
	.handler		= clasp_ip_receive,
	.err_handler		= clasp_icmp_v6,
	.flags			= INET6_PROTO_NOPOLICY | INET6_PROTO_FINAL,
};

/**
 * clasp_ip_init() - begin to receive
 *
 * Return: 0, or -EAGAIN when somebody else has the protocol's number.
 */
int clasp_ip_init(void)
{
	if (inet_add_protocol(&clasp_protocol_v4, IPPROTO_CLASP))
		return -EAGAIN;
	if (inet6_add_protocol(&clasp_protocol_v6, IPPROTO_CLASP)) {
		inet_del_protocol(&clasp_protocol_v4, IPPROTO_CLASP);
		return -EAGAIN;
	}

	return 0;
}

/**
 * clasp_ip_exit() - receive no more
 *
 * Once this returns no handler runs.
 */
void clasp_ip_exit(void)
{
	inet6_del_protocol(&clasp_protocol_v6, IPPROTO_CLASP);
	inet_del_protocol(&clasp_protocol_v4, IPPROTO_CLASP);
}
