// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_INFO and TCP_CC_INFO.
 */
#include "option.h"

CASE(stream, TCP_INFO, good, tcp_info_tells_of_the_connection)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);
	int one, two;
	char in[8];

	new_pair(&one, &two);
	send_all(one, "abcdef", 6);
	NEED(recv(two, in, 6, MSG_WAITALL) == 6);
	usleep(100000);
	EXPECT_EQ(getsockopt(one, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
	EXPECT_EQ(info.tcpi_state, TCP_ESTABLISHED);
	EXPECT_EQ(info.tcpi_unacked, 0);
	EXPECT_EQ(info.tcpi_retransmits, 0);
	EXPECT_EQ(info.tcpi_total_retrans, 0);
	EXPECT_TRUE(info.tcpi_rto >= 200000 && info.tcpi_rtt > 0);
	EXPECT_TRUE(info.tcpi_snd_mss > 1000 && info.tcpi_pmtu >= 65535);
	EXPECT_TRUE(info.tcpi_options & TCPI_OPT_TIMESTAMPS);
}

CASE(stream, TCP_INFO, edge, as_much_as_there_is_room_for)
{
	unsigned char room[512];
	socklen_t len = sizeof(room), all;
	int fd = new_socket(), i;

	NEED(!getsockopt(fd, IPPROTO_TCP, TCP_INFO, room, &len));
	all = len;
	for (i = 0; i < (int)sizeof(room); i += 7) {
		memset(room, 0x55, sizeof(room));
		len = i;
		EXPECT_EQ(getsockopt(fd, IPPROTO_TCP, TCP_INFO, room, &len), 0);
		EXPECT_EQ(len, i < (int)all ? i : (int)all);
		EXPECT_EQ(room[0], i ? TCP_CLOSE : 0x55);
		EXPECT_EQ(room[len], 0x55);
	}
}

CASE(stream, TCP_INFO, error, tcp_info_is_to_look_at)
{
	struct tcp_info info = { 0 };
	int fd = new_socket();
	socklen_t len = -1;

	EXPECT_ERR(setsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, sizeof(info)),
		   ENOPROTOOPT);
	EXPECT_ERR(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len), EINVAL);
	len = sizeof(info);
	EXPECT_ERR(getsockopt(fd, IPPROTO_TCP, TCP_INFO, (void *)8, &len), EFAULT);
	EXPECT_ERR(getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, (void *)8), EFAULT);
}

CASE(stream, TCP_CC_INFO, edge, bbr_tells_of_its_model)
{
	struct { unsigned int bw_lo, bw_hi, min_rtt, pacing, cwnd; } bbr;
	socklen_t len = sizeof(bbr);
	int one, two;

	new_pair(&one, &two);
	NEED(!setsockopt(one, level(), TCP_CONGESTION, "bbr", 3));
	send_all(one, "abc", 3);
	usleep(50000);
	EXPECT_EQ(getsockopt(one, level(), TCP_CC_INFO, &bbr, &len), 0);
	EXPECT_EQ(len, sizeof(bbr));
	EXPECT_TRUE(bbr.pacing > 0 && bbr.cwnd > 0);
	len = 7;
	EXPECT_EQ(getsockopt(one, level(), TCP_CC_INFO, &bbr, &len), 0);
	EXPECT_EQ(len, 7);
}

CASE(stream, TCP_CC_INFO, error, a_controllers_model_is_to_look_at)
{
	int fd = new_socket(), value = 1;
	socklen_t len = -1;

	EXPECT_ERR(set_option(fd, level(), TCP_CC_INFO, 1), ENOPROTOOPT);
	EXPECT_ERR(getsockopt(fd, level(), TCP_CC_INFO, &value, &len), EINVAL);
}
