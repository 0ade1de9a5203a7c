// SPDX-License-Identifier: GPL-2.0
/*
 * SO_REUSEPORT: who may share a port, and who gets what arrives there.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <sys/syscall.h>

#include "both.h"

#define GROUP		4
#define MANY		64
#define ENOTSUPP	524	/* the kernel's own, and yet seen here */

/* A listener in a group; @port 0 begins one. */
static int new_member(int port)
{
	struct address address = address_of(this_host, port);
	int fd = new_socket();

	NEED(!set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1));
	NEED(!bind(fd, SA(&address)));
	NEED(!listen(fd, MANY));

	return fd;
}

static int new_group(int fds[GROUP])
{
	int i, port;

	fds[0] = new_member(0);
	port = port_of(fds[0]);
	for (i = 1; i < GROUP; i++)
		fds[i] = new_member(port);

	return port;
}

static void connect_many(int port)
{
	int i;

	for (i = 0; i < MANY; i++)
		connect_to(new_socket(), port);
}

/* How many connections wait at a listener; they are accepted. */
static int count(int fd)
{
	int n = 0;

	no_wait(fd);
	while (accept(fd, NULL, NULL) >= 0)
		n++;

	return n;
}

static int bind_again(int port, bool reuseport)
{
	struct address address = address_of(this_host, port);
	int fd = new_socket();

	NEED(!set_option(fd, SOL_SOCKET, SO_REUSEPORT, reuseport));

	return bind(fd, SA(&address));
}

/* A classic program that always chooses @index. */
static int attach_classic(int fd, int index)
{
	struct sock_filter code = BPF_STMT(BPF_RET | BPF_K, index);
	struct sock_fprog program = { 1, &code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF, &program,
			  sizeof(program));
}

static int attach_extended(int fd, int index, int kind)
{
	struct bpf_insn code[] = {
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, index },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	union bpf_attr attr = {
		.prog_type	= kind,
		.insns		= (unsigned long)code,
		.insn_cnt	= 2,
		.license	= (unsigned long)"GPL",
	};
	int program = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));

	NEED(program >= 0);

	return set_option(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, program);
}

CASE(stream, SO_REUSEPORT, good, listeners_of_one_user_share_a_port)
{
	int fds[GROUP], port = new_group(fds), i, n, sum = 0;

	connect_many(port);
	for (i = 0; i < GROUP; i++) {
		n = count(fds[i]);
		/* that one gets none is as likely as 4 * 0.75^64 */
		EXPECT_TRUE(n > 0);
		sum += n;
	}
	EXPECT_EQ(sum, MANY);
}

CASE(stream, SO_REUSEPORT, edge, who_leaves_a_group_gets_nothing_more)
{
	int fds[GROUP], port = new_group(fds);

	close(fds[0]);
	EXPECT_EQ(shutdown(fds[2], SHUT_RD), 0);
	connect_many(port);
	EXPECT_EQ(count(fds[1]) + count(fds[3]), MANY);
	/* and may come back */
	EXPECT_EQ(listen(fds[2], MANY), 0);
	close(fds[1]);
	close(fds[3]);
	connect_many(port);
	EXPECT_EQ(count(fds[2]), MANY);
}

CASE(both, SO_REUSEPORT, error, all_must_ask_to_share)
{
	struct address address = address_of(this_host, 0);
	int fd = new_socket(), port;

	NEED(!bind(fd, SA(&address)));
	port = port_of(fd);
	EXPECT_ERR(bind_again(port, true), EADDRINUSE);
	close(fd);

	fd = new_socket();
	NEED(!set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1));
	NEED(!bind(fd, SA(&address)));
	port = port_of(fd);
	EXPECT_ERR(bind_again(port, false), EADDRINUSE);
	EXPECT_EQ(bind_again(port, true), 0);
}

CASE(both, SO_REUSEPORT, error, another_user_gets_no_share)
{
	struct address address = address_of(this_host, 0);
	int fd = new_socket();

	NEED(!set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1));
	NEED(!bind(fd, SA(&address)));
	NEED(!seteuid(1000));
	EXPECT_ERR(bind_again(port_of(fd), true), EADDRINUSE);
	NEED(!seteuid(0));
	EXPECT_EQ(bind_again(port_of(fd), true), 0);
}

/* Whoever asks for any port has one of his own. */
CASE(both, SO_REUSEPORT, edge, a_port_that_the_kernel_chooses_is_not_shared)
{
	int ports[MANY], i, j;

	for (i = 0; i < MANY; i++) {
		struct address address = address_of(this_host, 0);
		int fd = new_socket();

		NEED(!set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1));
		NEED(!bind(fd, SA(&address)));
		ports[i] = port_of(fd);
		for (j = 0; j < i; j++)
			EXPECT_TRUE(ports[i] != ports[j]);
	}
}

/* What an old connection has left can be shared by those who ask. */
CASE(stream, SO_REUSEPORT, edge, a_time_wait_of_the_group_is_shared)
{
	int fd = new_member(0), port = port_of(fd), client = new_socket(), server;

	connect_to(client, port);
	server = accept_one(fd);
	close(server);
	close(client);
	close(fd);
	EXPECT_ERR(bind_again(port, false), EADDRINUSE);
	EXPECT_EQ(bind_again(port, true), 0);
}

CASE(stream, SO_ATTACH_REUSEPORT_CBPF, good, a_classic_program_chooses)
{
	int fds[GROUP], port = new_group(fds);

	EXPECT_EQ(attach_classic(fds[1], 2), 0);
	connect_many(port);
	EXPECT_EQ(count(fds[2]), MANY);
	/* the last to come replaces the one before */
	EXPECT_EQ(attach_classic(fds[0], 3), 0);
	connect_many(port);
	EXPECT_EQ(count(fds[3]), MANY);
}

CASE(stream, SO_ATTACH_REUSEPORT_CBPF, edge, who_chooses_nobody_leaves_it_to_the_kernel)
{
	int fds[GROUP], port = new_group(fds), i, sum = 0;

	EXPECT_EQ(attach_classic(fds[0], GROUP), 0);
	connect_many(port);
	for (i = 0; i < GROUP; i++)
		sum += count(fds[i]);
	EXPECT_EQ(sum, MANY);
}

/* Attached before there is a group: it is the first's, and those who join it. */
CASE(stream, SO_ATTACH_REUSEPORT_CBPF, edge, a_program_may_come_before_the_group)
{
	struct address address = address_of(this_host, 0);
	int first = new_socket(), second, port;

	NEED(!set_option(first, SOL_SOCKET, SO_REUSEPORT, 1));
	EXPECT_EQ(attach_classic(first, 1), 0);
	NEED(!bind(first, SA(&address)));
	NEED(!listen(first, MANY));
	port = port_of(first);
	second = new_member(port);
	connect_many(port);
	EXPECT_EQ(count(second), MANY);
	EXPECT_EQ(count(first), 0);
}

CASE(both, SO_ATTACH_REUSEPORT_CBPF, error, a_program_is_for_those_who_share)
{
	struct sock_filter endless = BPF_STMT(BPF_JMP | BPF_JA, -1);
	struct sock_fprog program = { 1, &endless };
	int fd = new_socket();

	EXPECT_ERR(attach_classic(fd, 0), EINVAL);
	NEED(!set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1));
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF,
			      &program, sizeof(program)), EINVAL);
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_CBPF,
			      &program, 3), EINVAL);
	EXPECT_EQ(attach_classic(fd, 0), 0);
}

CASE(stream, SO_ATTACH_REUSEPORT_EBPF, good, an_ebpf_program_chooses)
{
	int fds[GROUP], port = new_group(fds);

	EXPECT_EQ(attach_extended(fds[1], 3, BPF_PROG_TYPE_SOCKET_FILTER), 0);
	connect_many(port);
	EXPECT_EQ(count(fds[3]), MANY);
}

CASE(both, SO_ATTACH_REUSEPORT_EBPF, error, what_is_no_program_is_refused)
{
	int fd = new_socket();

	NEED(!set_option(fd, SOL_SOCKET, SO_REUSEPORT, 1));
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, -1),
		   EBADF);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_ATTACH_REUSEPORT_EBPF, fd),
		   EINVAL);
	EXPECT_ERR(attach_extended(fd, 0, BPF_PROG_TYPE_XDP), EINVAL);
}

CASE(stream, SO_ATTACH_REUSEPORT_EBPF, edge, a_program_made_to_choose)
{
	int fd = new_member(0);

	EXPECT_ERR(attach_extended(fd, 1, BPF_PROG_TYPE_SK_REUSEPORT),
		   DIFFERS("the kernel lets these programs choose for TCP and UDP alone",
			   ENOTSUPP, 0));
}

CASE(stream, SO_DETACH_REUSEPORT_BPF, good, without_a_program_the_kernel_chooses)
{
	int fds[GROUP], port = new_group(fds), i;

	NEED(!attach_classic(fds[0], 1));
	EXPECT_EQ(set_option(fds[2], SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, 0), 0);
	connect_many(port);
	for (i = 0; i < GROUP; i++)
		EXPECT_TRUE(count(fds[i]) > 0);
}

CASE(stream, SO_DETACH_REUSEPORT_BPF, error, there_must_be_a_program)
{
	int fds[GROUP], fd = new_socket();

	new_group(fds);
	EXPECT_ERR(set_option(fds[0], SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, 0),
		   ENOENT);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_DETACH_REUSEPORT_BPF, 0),
		   EINVAL);
}

CASE(stream, SO_INCOMING_CPU, good, the_listener_of_this_processor_is_first)
{
	int fds[GROUP], port = new_group(fds);

	/* where there is one processor, that one is its */
	EXPECT_EQ(set_option(fds[2], SOL_SOCKET, SO_INCOMING_CPU, 0), 0);
	EXPECT_EQ(get_option(fds[2], SOL_SOCKET, SO_INCOMING_CPU), 0);
	if (sysconf(_SC_NPROCESSORS_CONF) > 1)
		return;
	connect_many(port);
	EXPECT_EQ(count(fds[2]), MANY);
}

CASE(both, SO_INCOMING_CPU, edge, a_new_socket_has_no_processor)
{
	int fd = new_socket();

	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_INCOMING_CPU), -1);
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_INCOMING_CPU, "x", 1), EINVAL);
}
