// SPDX-License-Identifier: GPL-2.0
/*
 * send() and recv(), where Clasp's counters tell what became of it.
 */
#include "calls.h"

#define MEBIBYTE	(1024 * 1024)

TEST(strange_sends_and_receives_are_refused)
{
	int client, server;
	char octet = 0;

	new_pair(&client, &server);
	EXPECT_ERR(recv(client, &octet, 1, MSG_ERRQUEUE), EAGAIN);
	EXPECT_EQ(send(client, &octet, 0, 0), 0);
	EXPECT_ERR(recv(client, &octet, 0, MSG_DONTWAIT), EAGAIN);
}

static long long count_of(const char *name)
{
	FILE *file = fopen("/proc/net/clasp_snmp", "r");
	long long value = -1;
	char line[200];

	NEED(file);
	while (fgets(line, sizeof(line), file))
		if (!strncmp(line, name, strlen(name)) &&
		    line[strlen(name)] == ' ')
			value = atoll(line + strlen(name));
	fclose(file);
	NEED(value >= 0);

	return value;
}

/* The sum of both buffers is more than 32 bits hold. */
TEST(huge_buffers_leave_room_for_a_backlog)
{
	static unsigned char buffer[MEBIBYTE];
	int client, server, size = 0x7fffffff;
	long long before;

	new_pair(&client, &server);
	NEED(!setsockopt(server, SOL_SOCKET, SO_RCVBUFFORCE, &size, sizeof(size)));
	NEED(!setsockopt(server, SOL_SOCKET, SO_SNDBUFFORCE, &size, sizeof(size)));
	before = count_of("DropBacklog");
	fill_pattern(buffer, 0, sizeof(buffer));
	/* unread, it counts with what comes while the server's calls run */
	send_all(client, buffer, sizeof(buffer));
	send_all(server, buffer, sizeof(buffer));
	receive_pattern(client, 0, sizeof(buffer));
	EXPECT_EQ(count_of("DropBacklog"), before);
}
