// SPDX-License-Identifier: GPL-2.0
/*
 * getsockopt() and setsockopt().
 */
#include <netinet/tcp.h>
#include <sched.h>

#include "calls.h"

static int set(int fd, int name, int value)
{
	return setsockopt(fd, SOL_CLASP, name, &value, sizeof(value));
}

static int get(int fd, int name)
{
	socklen_t len = sizeof(int);
	int value = -1;

	NEED(!getsockopt(fd, SOL_CLASP, name, &value, &len));

	return value;
}

TEST(unknown_options_are_refused)
{
	int fd = new_socket(), value = 1;
	socklen_t len = sizeof(value);

	EXPECT_ERR(set(fd, 9999, 1), ENOPROTOOPT);
	EXPECT_ERR(set(fd, -1, 1), ENOPROTOOPT);
	EXPECT_ERR(set(fd, CLASP_STATE, 1), ENOPROTOOPT);
	EXPECT_ERR(set(fd, CLASP_INFO, 1), ENOPROTOOPT);
	EXPECT_ERR(getsockopt(fd, SOL_CLASP, 9999, &value, &len), ENOPROTOOPT);
	EXPECT_ERR(setsockopt(fd, 77, 1, &value, len), ENOPROTOOPT);
	EXPECT_ERR(getsockopt(fd, 77, 1, &value, &len), ENOPROTOOPT);
	EXPECT_ERR(setsockopt(fd, SOL_CLASP_DG, 1, &value, len), ENOPROTOOPT);
}

TEST(bad_option_buffers_are_refused)
{
	int fd = new_socket(), value = 1;
	socklen_t len = sizeof(value);

	EXPECT_ERR(setsockopt(fd, SOL_CLASP, CLASP_NODELAY, &value, 3), EINVAL);
	EXPECT_ERR(setsockopt(fd, SOL_CLASP, CLASP_NODELAY, &value, 0), EINVAL);
	EXPECT_ERR(setsockopt(fd, SOL_CLASP, CLASP_NODELAY, &value, -1), EINVAL);
	EXPECT_ERR(setsockopt(fd, SOL_CLASP, CLASP_NODELAY, (void *)8, 4), EFAULT);
	EXPECT_ERR(getsockopt(fd, SOL_CLASP, CLASP_NODELAY, (void *)8, &len),
		   EFAULT);
	EXPECT_ERR(getsockopt(fd, SOL_CLASP, CLASP_NODELAY, &value,
			      (socklen_t *)8), EFAULT);
	len = -1;
	EXPECT_ERR(getsockopt(fd, SOL_CLASP, CLASP_NODELAY, &value, &len),
		   EINVAL);
}

TEST(nothing_is_written_past_the_room)
{
	int fd = new_socket();
	unsigned char room[512];
	socklen_t len;
	size_t i;

	for (len = 0; len < 200; len++) {
		socklen_t got = len;

		memset(room, 0x55, sizeof(room));
		EXPECT_EQ(getsockopt(fd, SOL_CLASP, CLASP_INFO, room, &got), 0);
		EXPECT_TRUE(got <= len);
		for (i = got; i < sizeof(room); i++)
			NEED(room[i] == 0x55);
	}
	len = 1;
	memset(room, 0x55, sizeof(room));
	EXPECT_EQ(getsockopt(fd, SOL_CLASP, CLASP_STATE, room, &len), 0);
	EXPECT_EQ(len, 1);
	EXPECT_EQ(room[0], CLASP_STATE_CLOSED);
	EXPECT_EQ(room[1], 0x55);
}

TEST(sol_tcp_is_the_same_level)
{
	int fd = new_socket(), value = 1;
	socklen_t len = sizeof(value);

	EXPECT_EQ(setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &value, len), 0);
	EXPECT_EQ(get(fd, CLASP_NODELAY), 1);
	EXPECT_ERR(setsockopt(fd, IPPROTO_TCP, 9999, &value, len), ENOPROTOOPT);
}

TEST(info_tells_of_the_connection)
{
	struct clasp_info info;
	struct tcp_info tcp;
	socklen_t len = sizeof(info);
	int client, server;
	char in[8];

	new_pair(&client, &server);
	send_all(client, "abcdef", 6);
	NEED(recv(server, in, 6, MSG_WAITALL) == 6);
	usleep(300000);
	EXPECT_EQ(getsockopt(client, SOL_CLASP, CLASP_INFO, &info, &len), 0);
	EXPECT_EQ(len, sizeof(info));
	EXPECT_EQ(info.clasp_info_size, sizeof(info));
	EXPECT_EQ(info.state, CLASP_STATE_ESTABLISHED);
	EXPECT_EQ(info.options, CLASP_INFO_TIMESTAMPS | CLASP_INFO_SACK);
	EXPECT_EQ(info.recovery, CLASP_RECOVERY_NONE);
	EXPECT_EQ(info.bytes_sent, 6);
	EXPECT_EQ(info.bytes_acked, 6);
	EXPECT_EQ(info.unacked, 0);
	EXPECT_EQ(info.total_retrans, 0);
	EXPECT_EQ(info.data_segs_out, 1);
	EXPECT_EQ(info.data_segs_in, 0);
	EXPECT_EQ(info.last_data_recv_ms, 0xffffffff);
	EXPECT_TRUE(info.last_data_sent_ms >= 200 && info.last_data_sent_ms < 60000);
	EXPECT_TRUE(info.last_ack_recv_ms < 60000);
	EXPECT_TRUE(info.srtt_us && info.rto_us >= 200000);
	EXPECT_TRUE(info.snd_mss && info.snd_cwnd >= info.snd_mss);
	EXPECT_EQ(info.snd_ssthresh, 0xffffffff);
	EXPECT_TRUE(info.pmtu >= 65535);
	EXPECT_EQ(info.delivered, 6);
	EXPECT_EQ(info.sacked + info.lost + info.retrans, 0);
	EXPECT_EQ(info.rto_recoveries, 0);
	EXPECT_EQ(info.rto_time_us, 0);
	EXPECT_EQ(info.max_pacing_rate, ~0ull);
	EXPECT_TRUE(info.rcv_buf >= 10000);
	EXPECT_EQ(info.accept_queue_max, 0);

	len = sizeof(info);
	EXPECT_EQ(getsockopt(server, SOL_CLASP, CLASP_INFO, &info, &len), 0);
	EXPECT_EQ(info.bytes_received, 6);
	EXPECT_EQ(info.data_segs_in, 1);

	len = sizeof(tcp);
	memset(&tcp, 0x55, sizeof(tcp));
	EXPECT_EQ(getsockopt(client, IPPROTO_TCP, TCP_INFO, &tcp, &len), 0);
	EXPECT_EQ(tcp.tcpi_state, TCP_ESTABLISHED);
	EXPECT_EQ(tcp.tcpi_options, TCPI_OPT_TIMESTAMPS | TCPI_OPT_SACK);
	EXPECT_EQ(tcp.tcpi_unacked, 0);
}

/* SO_ERROR, over and over for more than 2 s: how often it was @error. */
static int times_told(int fd, int error)
{
	int told = 0, looks, e;

	for (looks = 0; looks < 200; looks++) {
		e = error_of(fd);
		EXPECT_TRUE(!e || e == error);
		told += e == error;
		usleep(10000);
	}

	return told;
}

/* error-once (MUST-56, MUST-47): it aborts nothing, and is told. */
TEST(a_soft_error_is_told_once)
{
	int client, server;

	NEED(!unshare(CLONE_NEWNET));
	NEED(!system("ip link set lo up"));
	new_pair(&client, &server);
	/* no way leads there any more; what is sent again goes in vain, too */
	NEED(!system("ip address flush dev lo"));
	send_all(client, "x", 1);
	EXPECT_EQ(times_told(client, ipv4 ? EHOSTUNREACH : ENETUNREACH), 1);
	EXPECT_EQ(state_of(client), CLASP_STATE_ESTABLISHED);
}
