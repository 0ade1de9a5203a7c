// SPDX-License-Identifier: GPL-2.0
/*
 * SO_ATTACH_FILTER and its kin: a program decides what a socket hears.
 */
#include <linux/bpf.h>
#include <linux/filter.h>
#include <sys/syscall.h>

#include "both.h"

/* A classic program that keeps so many bytes of everything. */
static int attach_classic(int fd, int keeps)
{
	struct sock_filter code = BPF_STMT(BPF_RET | BPF_K, keeps);
	struct sock_fprog program = { 1, &code };

	return setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
			  sizeof(program));
}

static int attach_extended(int fd, int keeps)
{
	struct bpf_insn code[] = {
		{ BPF_ALU64 | BPF_MOV | BPF_K, 0, 0, 0, keeps },
		{ BPF_JMP | BPF_EXIT, 0, 0, 0, 0 },
	};
	union bpf_attr attr = {
		.prog_type	= BPF_PROG_TYPE_SOCKET_FILTER,
		.insns		= (unsigned long)code,
		.insn_cnt	= 2,
		.license	= (unsigned long)"GPL",
	};
	int program = syscall(SYS_bpf, BPF_PROG_LOAD, &attr, sizeof(attr));

	NEED(program >= 0);

	return set_option(fd, SOL_SOCKET, SO_ATTACH_BPF, program);
}

/* Nothing comes through; when the filter is gone it does, sent again. */
static void expect_deaf(int client, int server)
{
	char octet;

	send_all(client, "x", 1);
	usleep(200000);
	EXPECT_ERR(recv(server, &octet, 1, MSG_DONTWAIT), EAGAIN);
	EXPECT_EQ(set_option(server, SOL_SOCKET, SO_DETACH_FILTER, 0), 0);
	EXPECT_EQ(await_events(server, 1), 1);
	EXPECT_EQ(recv(server, &octet, 1, MSG_DONTWAIT), 1);
	EXPECT_EQ(octet, 'x');
}

CASE(stream, SO_ATTACH_FILTER, good, what_a_filter_drops_comes_again)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(attach_classic(server, 0), 0);
	expect_deaf(client, server);
}

/* The header stays, and the payload is as if it had not been sent. */
CASE(stream, SO_ATTACH_FILTER, edge, what_a_filter_cuts_comes_again)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(attach_classic(server, 1), 0);
	expect_deaf(client, server);
}

CASE(stream, SO_ATTACH_BPF, good, an_ebpf_program_filters)
{
	int client, server;

	new_pair(&client, &server);
	EXPECT_EQ(attach_extended(server, 0), 0);
	expect_deaf(client, server);
}

CASE(stream, SO_ATTACH_FILTER, edge, the_last_filter_counts)
{
	int client, server;
	char octet;

	new_pair(&client, &server);
	EXPECT_EQ(attach_extended(server, 0), 0);
	EXPECT_EQ(attach_classic(server, -1), 0);
	send_all(client, "x", 1);
	EXPECT_EQ(recv(server, &octet, 1, 0), 1);
}

CASE(both, SO_ATTACH_FILTER, error, bad_filters_are_refused)
{
	struct sock_filter endless = BPF_STMT(BPF_JMP | BPF_JA, -1);
	struct sock_fprog program = { 1, &endless };
	int fd = new_socket();

	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
			      sizeof(program)), EINVAL);
	program.len = 0;
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program,
			      sizeof(program)), EINVAL);
	EXPECT_ERR(setsockopt(fd, SOL_SOCKET, SO_ATTACH_FILTER, &program, 5),
		   EINVAL);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_ATTACH_BPF, -1), EBADF);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_ATTACH_BPF, fd), EINVAL);
}

CASE(both, SO_DETACH_FILTER, error, there_must_be_a_filter)
{
	int fd = new_socket();

	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_DETACH_FILTER, 0), ENOENT);
	NEED(!attach_classic(fd, -1));
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_DETACH_FILTER, 0), 0);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_DETACH_FILTER, 0), ENOENT);
}

CASE(both, SO_LOCK_FILTER, good, a_locked_filter_stays)
{
	int fd = new_socket();

	NEED(!attach_classic(fd, -1));
	EXPECT_EQ(set_option(fd, SOL_SOCKET, SO_LOCK_FILTER, 1), 0);
	EXPECT_EQ(get_option(fd, SOL_SOCKET, SO_LOCK_FILTER), 1);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_DETACH_FILTER, 0), EPERM);
	EXPECT_ERR(attach_classic(fd, 0), EPERM);
	EXPECT_ERR(set_option(fd, SOL_SOCKET, SO_LOCK_FILTER, 0), EPERM);
}

/* Those whom a listener accepts hear through its filter. */
CASE(stream, SO_ATTACH_FILTER, good, a_filter_is_inherited)
{
	int listener = new_listener(1), client = new_socket(), server;

	NEED(!attach_classic(listener, -1));
	connect_to(client, port_of(listener));
	server = accept_one(listener);
	EXPECT_EQ(set_option(server, SOL_SOCKET, SO_DETACH_FILTER, 0), 0);
	/* whose own stays */
	EXPECT_EQ(set_option(listener, SOL_SOCKET, SO_DETACH_FILTER, 0), 0);
}
