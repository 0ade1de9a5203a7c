// SPDX-License-Identifier: GPL-2.0
/*
 * TCP_INFO, member by member.
 */
#include "both.h"

/* What struct tcp_info has behind the part that glibc's header knows. */
struct later {
	unsigned long long	pacing_rate;
	unsigned long long	max_pacing_rate;
	unsigned long long	bytes_acked;
	unsigned long long	bytes_received;
	unsigned int		segs_out;
	unsigned int		segs_in;
	unsigned int		notsent_bytes;
	unsigned int		min_rtt;
	unsigned int		data_segs_in;
	unsigned int		data_segs_out;
	unsigned long long	delivery_rate;
	unsigned long long	busy_time;
	unsigned long long	rwnd_limited;
	unsigned long long	sndbuf_limited;
	unsigned int		delivered;
	unsigned int		delivered_ce;
	unsigned long long	bytes_sent;
	unsigned long long	bytes_retrans;
	unsigned int		dsack_dups;
	unsigned int		reord_seen;
	unsigned int		rcv_ooopack;
	unsigned int		snd_wnd;
	unsigned int		rcv_wnd;
	unsigned int		rehash;
	unsigned short		total_rto;
	unsigned short		total_rto_recoveries;
	unsigned int		total_rto_time;
};

#define LATER_AT	104

static struct later later_of(int fd)
{
	unsigned char room[LATER_AT + sizeof(struct later)] = { 0 };
	socklen_t len = sizeof(room);
	struct later later;

	NEED(!getsockopt(fd, IPPROTO_TCP, TCP_INFO, room, &len));
	memcpy(&later, room + LATER_AT, sizeof(later));

	return later;
}

/* TCP's own level is ours, too, and its struct is TCP's. */
CASE(stream, TCP_INFO, good, a_connection_tells_of_itself)
{
	struct tcp_info info;
	socklen_t len = sizeof(info);
	int client, server;
	char room[8];

	new_pair(&client, &server);
	send_all(client, "abcdef", 6);
	NEED(recv(server, room, 6, MSG_WAITALL) == 6);
	usleep(300000);
	memset(&info, 0x55, sizeof(info));
	EXPECT_EQ(getsockopt(client, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
	EXPECT_EQ(len, sizeof(info));
	EXPECT_EQ(info.tcpi_state, TCP_ESTABLISHED);
	EXPECT_EQ(info.tcpi_ca_state, 0);
	EXPECT_EQ(info.tcpi_retransmits, 0);
	EXPECT_EQ(info.tcpi_backoff, 0);
	EXPECT_TRUE(info.tcpi_options & TCPI_OPT_TIMESTAMPS);
	EXPECT_TRUE(info.tcpi_options & TCPI_OPT_SACK);
	EXPECT_TRUE(info.tcpi_rto >= 200000);
	EXPECT_TRUE(info.tcpi_snd_mss > 500 && info.tcpi_rcv_mss > 80);
	EXPECT_EQ(info.tcpi_unacked, 0);
	EXPECT_EQ(info.tcpi_sacked, 0);
	EXPECT_EQ(info.tcpi_lost, 0);
	EXPECT_EQ(info.tcpi_retrans, 0);
	EXPECT_TRUE(info.tcpi_last_data_sent >= 200 &&
		    info.tcpi_last_data_sent < 60000);
	EXPECT_TRUE(info.tcpi_last_ack_recv < 60000);
	EXPECT_TRUE(info.tcpi_pmtu >= 65535);
	EXPECT_TRUE(info.tcpi_rcv_ssthresh > 1000);
	EXPECT_TRUE(info.tcpi_rtt);
	EXPECT_EQ(info.tcpi_snd_ssthresh, 0x7fffffff);
	EXPECT_EQ(info.tcpi_snd_cwnd, 10);
	EXPECT_TRUE(info.tcpi_advmss > 500);
	EXPECT_EQ(info.tcpi_reordering, 3);
	EXPECT_EQ(info.tcpi_total_retrans, 0);
}

/* A listener tells how many wait for accept(), and how many may. */
CASE(stream, TCP_INFO, edge, a_listener_tells_of_its_queue)
{
	int listener = new_listener(7);
	struct tcp_info info;
	socklen_t len = sizeof(info);

	connect_to(new_socket(), port_of(listener));
	connect_to(new_socket(), port_of(listener));
	usleep(100000);
	EXPECT_EQ(getsockopt(listener, IPPROTO_TCP, TCP_INFO, &info, &len), 0);
	EXPECT_EQ(info.tcpi_state, TCP_LISTEN);
	EXPECT_EQ(info.tcpi_unacked, 2);
	EXPECT_EQ(info.tcpi_sacked, 7);
}

CASE(stream, TCP_INFO, good, what_was_sent_and_received_is_counted)
{
	struct later sent, received;
	int client, server;
	char room[8];

	new_pair(&client, &server);
	NEED(!set_option(client, SOL_SOCKET, SO_MAX_PACING_RATE, 12345678));
	send_all(client, "abcdef", 6);
	NEED(recv(server, room, 6, MSG_WAITALL) == 6);
	usleep(300000);
	sent = later_of(client);
	received = later_of(server);
	EXPECT_EQ(sent.max_pacing_rate, 12345678);
	EXPECT_EQ(received.max_pacing_rate, ~0ull);
	EXPECT_EQ(sent.bytes_sent, 6);
	EXPECT_EQ(sent.bytes_acked, DIFFERS("TCP counts its SYN", 6, 7));
	EXPECT_EQ(sent.delivered, DIFFERS("TCP counts its SYN", 1, 2));
	EXPECT_EQ(sent.bytes_retrans, 0);
	EXPECT_EQ(sent.bytes_received, 0);
	EXPECT_EQ(sent.notsent_bytes, 0);
	EXPECT_EQ(sent.data_segs_out, 1);
	EXPECT_EQ(sent.data_segs_in, 0);
	EXPECT_EQ(received.bytes_received, 6);
	EXPECT_EQ(received.data_segs_in, 1);
	EXPECT_TRUE(sent.segs_out >= 3 && sent.segs_in >= 2);
	EXPECT_TRUE(sent.snd_wnd > 10000 && sent.rcv_wnd > 10000);
	EXPECT_TRUE(sent.min_rtt);
	EXPECT_EQ(sent.delivered_ce + sent.dsack_dups + sent.reord_seen +
		  sent.rcv_ooopack + sent.total_rto, 0);
}

/* The peer's program does not read: that is where the time goes. */
CASE(stream, TCP_INFO, good, time_at_a_full_window_is_told)
{
	int client, server;
	struct later later;

	new_pair(&client, &server);
	fill_up(client);
	later = later_of(client);
	EXPECT_TRUE(later.busy_time >= 200000);
	EXPECT_TRUE(later.rwnd_limited >= 200000);
	EXPECT_TRUE(later.rwnd_limited <= later.busy_time);
	EXPECT_TRUE(later.notsent_bytes > 0);
	EXPECT_TRUE(later_of(server).busy_time < later.busy_time);
}
