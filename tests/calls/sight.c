// SPDX-License-Identifier: GPL-2.0
/*
 * /proc/net/clasp, /proc/net/clasp_snmp and /proc/sys/net/clasp.
 */
#include <fcntl.h>

#include "calls.h"

/* How many lines of /proc/net/clasp have both words; the last is in @line. */
static int lines_with(const char *one, const char *two, char *line, int size)
{
	FILE *file = fopen("/proc/net/clasp", "r");
	char buffer[1024];
	int n = 0;

	NEED(file);
	while (fgets(buffer, sizeof(buffer), file)) {
		if (!strstr(buffer, one) || !strstr(buffer, two))
			continue;
		n++;
		if (line)
			snprintf(line, size, "%s", buffer);
	}
	fclose(file);

	return n;
}

static const char *name_of(int fd)
{
	static char name[4][64];
	static int next;
	char *to = name[next++ % 4];

	snprintf(to, 64, ipv4 ? "127.0.0.1:%d " : "[::1]:%d ", port_of(fd));

	return to;
}

TEST(each_socket_has_a_line)
{
	int listener = new_listener(3), client = new_socket(), server;
	char local[64], remote[64], state[32];
	unsigned int received;
	char line[1024];

	EXPECT_EQ(lines_with(name_of(listener), " LISTEN 0 3 ", NULL, 0), 1);
	connect_to(client, port_of(listener));
	EXPECT_EQ(lines_with(name_of(listener), " LISTEN 1 3 ", NULL, 0), 1);
	server = accept(listener, NULL, NULL);
	NEED(server >= 0);
	EXPECT_EQ(lines_with(name_of(client), " ESTABLISHED ", NULL, 0), 2);

	send_all(client, "abcdef", 6);
	usleep(100000);
	EXPECT_EQ(lines_with(name_of(client), " ESTABLISHED 6 0 ", line,
			     sizeof(line)), 1);
	EXPECT_EQ(sscanf(line, "%63s %63s %31s %u", local, remote, state,
			 &received), 4);
	strcat(local, " ");
	strcat(remote, " ");
	EXPECT_EQ(strcmp(local, name_of(server)), 0);
	EXPECT_EQ(strcmp(remote, name_of(client)), 0);
	EXPECT_EQ(received, 6);
}

TEST(time_wait_has_a_line)
{
	int client, server;
	const char *name;

	new_pair(&client, &server);
	name = name_of(client);
	close(client);
	EXPECT_EQ(await_state(server, CLASP_STATE_CLOSE_WAIT),
		  CLASP_STATE_CLOSE_WAIT);
	close(server);
	usleep(100000);
	EXPECT_EQ(lines_with(name, " TIME_WAIT ", NULL, 0), 1);
	EXPECT_EQ(lines_with(name, "", NULL, 0), 1);
}

TEST(many_lines_are_all_shown)
{
	enum { MANY = 200 };
	int listener = new_listener(MANY), fds[MANY], i;

	for (i = 0; i < MANY; i++) {
		fds[i] = new_socket();
		connect_to(fds[i], port_of(listener));
	}
	EXPECT_EQ(lines_with(name_of(listener), " ESTABLISHED ", NULL, 0),
		  2 * MANY);
	for (i = 0; i < MANY; i++)
		close(fds[i]);
}

static long long counter(const char *wanted)
{
	FILE *file = fopen("/proc/net/clasp_snmp", "r");
	long long value, found = -1;
	char name[64];

	NEED(file);
	while (fscanf(file, "%63s %lld", name, &value) == 2)
		if (!strcmp(name, wanted))
			found = value;
	fclose(file);

	return found;
}

TEST(counters_count)
{
	long long in = counter("SegsIn"), out = counter("SegsOut");
	long long active = counter("ActiveOpens");
	long long passive = counter("PassiveOpens");
	int client, server;

	EXPECT_TRUE(in >= 0 && counter("DropChecksum") >= 0);
	new_pair(&client, &server);
	usleep(100000);
	EXPECT_TRUE(counter("SegsIn") >= in + 3);
	EXPECT_TRUE(counter("SegsOut") >= out + 3);
	EXPECT_EQ(counter("ActiveOpens"), active + 1);
	EXPECT_EQ(counter("PassiveOpens"), passive + 1);
}

static bool write_to(const char *name, const char *value)
{
	char path[128];
	int fd, n;

	snprintf(path, sizeof(path), "/proc/sys/net/clasp/%s", name);
	fd = open(path, O_WRONLY);
	NEED(fd >= 0);
	n = write(fd, value, strlen(value));
	close(fd);

	return n == (int)strlen(value);
}

static const char *read_from(const char *name)
{
	static char value[128];
	char path[128];
	FILE *file;

	snprintf(path, sizeof(path), "/proc/sys/net/clasp/%s", name);
	file = fopen(path, "r");
	NEED(file && fgets(value, sizeof(value), file));
	fclose(file);
	value[strcspn(value, "\n")] = 0;

	return value;
}

static void expect_range(const char *name, const char *good, const char *bad)
{
	char before[128];

	snprintf(before, sizeof(before), "%s", read_from(name));
	if (!write_to(name, good) || strcmp(read_from(name), good))
		test_failed(__FILE__, __LINE__, "%s does not take %s", name, good);
	if (write_to(name, bad) || strcmp(read_from(name), good))
		test_failed(__FILE__, __LINE__, "%s takes %s", name, bad);
	NEED(write_to(name, before));
}

TEST(sysctls_are_checked)
{
	expect_range("time_wait_ms", "1000", "0");
	expect_range("fin_timeout", "30", "0");
	expect_range("rto_min_ms", "100", "60001");
	expect_range("delayed_ack_ms", "499", "500");
	expect_range("initial_cwnd", "3", "0");
	expect_range("syn_retries", "127", "128");
	expect_range("retries2", "255", "256");
	expect_range("nagle", "0", "2");
	expect_range("timestamps", "0", "-1");
	expect_range("isn", "fixed", "chance");
	expect_range("congestion_control", "none", "unknown");
	expect_range("rmem", "4096\t8192\t16384", "4096 16384 8192");
	expect_range("wmem", "4096\t8192\t16384", "1 2 3");
}
