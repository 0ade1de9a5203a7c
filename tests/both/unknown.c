// SPDX-License-Identifier: GPL-2.0
/*
 * Options that nobody knows.
 */
#include "option.h"

CASE(both, getsockopt, error, nobody_knows_these_options)
{
	int fd = new_socket(), value = 1;
	socklen_t len = sizeof(value);

	EXPECT_ERR(set_option(fd, level(), 9999, 1), ENOPROTOOPT);
	EXPECT_ERR(set_option(fd, level(), -1, 1), ENOPROTOOPT);
	EXPECT_ERR(getsockopt(fd, level(), 9999, &value, &len), ENOPROTOOPT);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, 9999, 1), ENOPROTOOPT);
	EXPECT_ERR(getsockopt(fd, SOL_SOCKET, 9999, &value, &len), ENOPROTOOPT);
	EXPECT_ERR(set_option(fd, ip_level(), 9999, 1), ENOPROTOOPT);
	EXPECT_ERR(getsockopt(fd, ip_level(), 9999, &value, &len), ENOPROTOOPT);
	EXPECT_ERR(set_option(fd, 77, 1, 1), ENOPROTOOPT);
	EXPECT_ERR(getsockopt(fd, 77, 1, &value, &len), ipv4 ?
		   DIFFERS("an unknown level fails as on an IPv6 socket",
			   ENOPROTOOPT, EOPNOTSUPP) : ENOPROTOOPT);
}

CASE(both, getsockopt, edge, a_closed_descriptor_has_no_options)
{
	int value = 1;
	socklen_t len = sizeof(value);

	EXPECT_ERR(getsockopt(-1, SOL_SOCKET, SO_TYPE, &value, &len), EBADF);
	EXPECT_ERR(setsockopt(-1, SOL_SOCKET, SO_KEEPALIVE, &value, len), EBADF);
	EXPECT_ERR(getsockopt(0, SOL_SOCKET, SO_TYPE, &value, &len), ENOTSOCK);
}
