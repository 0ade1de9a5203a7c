// SPDX-License-Identifier: GPL-2.0
/*
 * What a descriptor can do besides: read(), write(), fstat(), dup(), fork().
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "both.h"

CASE(both, read, good, read_and_write_are_recv_and_send)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(write(one, "abc", 3), 3);
	EXPECT_EQ(read(two, in, 8), 3);
	EXPECT_EQ(memcmp(in, "abc", 3), 0);
}

CASE(both, read, edge, reading_nothing_waits_for_nothing)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_EQ(read(two, in, 0), 0);
	if (type == SOCK_STREAM)
		EXPECT_EQ(write(one, in, 0), 0);
}

CASE(both, read, error, a_socket_has_no_position)
{
	int one, two;
	char in[8];

	new_pair(&one, &two);
	EXPECT_ERR(pread(two, in, 8, 0), ESPIPE);
	EXPECT_ERR(pwrite(two, in, 8, 0), ESPIPE);
	EXPECT_ERR(lseek(two, 0, SEEK_SET), ESPIPE);
	EXPECT_ERR(ftruncate(two, 0), EINVAL);
}

CASE(dgram, mmap, error, datagrams_are_not_mapped)
{
	EXPECT_EQ((long)mmap(NULL, 4096, PROT_READ, MAP_SHARED, new_socket(), 0), -1);
	EXPECT_EQ(errno, ENODEV);
}

CASE(both, fstat, good, it_is_a_socket)
{
	struct stat status;

	EXPECT_EQ(fstat(new_socket(), &status), 0);
	EXPECT_TRUE(S_ISSOCK(status.st_mode));
}

/* descriptors: two of one open file share its flags and its socket */
CASE(both, dup, good, a_duplicate_is_the_same_socket)
{
	int one, two, twin;
	char in[8];

	new_pair(&one, &two);
	twin = dup(two);
	NEED(twin >= 0);
	no_wait(twin);
	EXPECT_TRUE(fcntl(two, F_GETFL) & O_NONBLOCK);
	EXPECT_EQ(send(one, "abc", 3, 0), 3);
	EXPECT_TRUE(await_events(twin, POLLIN) & POLLIN);
	EXPECT_EQ(recv(two, in, 8, 0), 3);
	EXPECT_ERR(recv(twin, in, 8, 0), EAGAIN);
}

CASE(stream, dup, edge, shutdown_is_for_all_duplicates)
{
	int one, two, twin;
	char octet;

	new_pair(&one, &two);
	twin = dup(one);
	NEED(!shutdown(twin, SHUT_WR));
	EXPECT_ERR(send(one, "x", 1, MSG_NOSIGNAL), EPIPE);
	EXPECT_EQ(recv(two, &octet, 1, 0), 0);
}

CASE(both, dup, error, a_closed_duplicate_closes_no_other)
{
	int one, two, twin;
	char octet;

	new_pair(&one, &two);
	twin = dup(two);
	close(two);
	EXPECT_ERR(recv(two, &octet, 1, 0), EBADF);
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_EQ(recv(twin, &octet, 1, 0), 1);
}

CASE(both, fork, good, a_child_has_its_parents_sockets)
{
	int one, two, status = -1;
	char octet = 0;
	pid_t child;

	new_pair(&one, &two);
	child = fork();
	if (!child)
		_exit(send(one, "x", 1, 0) != 1);
	NEED(waitpid(child, &status, 0) == child);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(recv(two, &octet, 1, 0), 1);
	/* its end has closed nothing */
	EXPECT_EQ(send(one, "y", 1, 0), 1);
	EXPECT_EQ(recv(two, &octet, 1, 0), 1);
	EXPECT_EQ(octet, 'y');
}

CASE(stream, fork, edge, the_last_of_them_ends_the_stream)
{
	int one, two, status;
	char octet;
	pid_t child;

	new_pair(&one, &two);
	child = fork();
	if (!child) {
		usleep(200000);
		_exit(0);
	}
	close(one);
	EXPECT_ERR(recv(two, &octet, 1, MSG_DONTWAIT), EAGAIN);
	NEED(waitpid(child, &status, 0) == child);
	EXPECT_EQ(recv(two, &octet, 1, 0), 0);
}

CASE(both, fork, edge, a_program_that_is_executed_keeps_what_is_not_cloexec)
{
	int one, two, status = -1;
	char octet = 0, text[40];
	pid_t child;

	new_pair(&one, &two);
	snprintf(text, sizeof(text), "printf x >&%d", one);
	child = fork();
	if (!child) {
		execl("/bin/bash", "bash", "-c", text, NULL);
		_exit(9);
	}
	NEED(waitpid(child, &status, 0) == child);
	EXPECT_EQ(status, 0);
	EXPECT_EQ(recv(two, &octet, 1, 0), 1);
	EXPECT_EQ(octet, 'x');
}

/* Send a descriptor from this process to this process. */
static int passed(int fd)
{
	char room[CMSG_SPACE(sizeof(int))] = { 0 }, octet = 0;
	struct iovec part = { &octet, 1 };
	struct msghdr msg = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);
	int way[2], got;

	NEED(!socketpair(AF_UNIX, SOCK_DGRAM, 0, way));
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &fd, sizeof(int));
	NEED(sendmsg(way[0], &msg, 0) == 1);
	close(fd);
	NEED(recvmsg(way[1], &msg, 0) == 1);
	memcpy(&got, CMSG_DATA(head), sizeof(int));

	return got;
}

CASE(both, SCM_RIGHTS, good, a_passed_descriptor_is_the_same_socket)
{
	int one, two;
	char octet;

	new_pair(&one, &two);
	one = passed(one);
	EXPECT_EQ(send(one, "x", 1, 0), 1);
	EXPECT_EQ(recv(two, &octet, 1, 0), 1);
}

CASE(stream, SCM_RIGHTS, edge, a_passed_listener_accepts)
{
	int fd = new_listener(1), port = port_of(fd);

	connect_to(new_socket(), port);
	fd = passed(fd);
	accept_one(fd);
	connect_to(new_socket(), port);
	accept_one(fd);
}

/* These are for sockets of AF_UNIX. */
CASE(both, SCM_RIGHTS, error, descriptors_do_not_travel_on_a_network)
{
	char room[CMSG_SPACE(sizeof(int))] = { 0 }, octet = 0;
	struct iovec part = { &octet, 1 };
	struct msghdr msg = {
		.msg_iov = &part, .msg_iovlen = 1,
		.msg_control = room, .msg_controllen = sizeof(room),
	};
	struct cmsghdr *head = CMSG_FIRSTHDR(&msg);
	int one, two;

	new_pair(&one, &two);
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &one, sizeof(int));
	/* ignored, as the kernel does for every socket */
	EXPECT_EQ(sendmsg(one, &msg, 0), 1);
	msg.msg_controllen = sizeof(room);
	EXPECT_EQ(recvmsg(two, &msg, 0), 1);
	EXPECT_EQ(msg.msg_controllen, 0);
}

/* --- splice() and sendfile() ------------------------------------------------ */

static int file_of(size_t len)
{
	static unsigned char buffer[100000];
	FILE *file = tmpfile();

	NEED(file && len <= sizeof(buffer));
	fill_pattern(buffer, 0, len);
	NEED(fwrite(buffer, len, 1, file) == 1 && !fflush(file));

	return fileno(file);
}

CASE(stream, sendfile, good, a_file_is_sent)
{
	off_t from = 0;
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(sendfile(one, file_of(50000), &from, 50000), 50000);
	EXPECT_EQ(from, 50000);
	receive_pattern(two, 0, 50000);
}

CASE(stream, sendfile, edge, a_file_ends_before_the_count_does)
{
	off_t from = 900;
	int one, two;

	new_pair(&one, &two);
	EXPECT_EQ(sendfile(one, file_of(1000), &from, 50000), 100);
	EXPECT_EQ(sendfile(one, file_of(1000), &from, 50000), 0);
	receive_pattern(two, 900, 100);
}

CASE(stream, sendfile, error, a_file_needs_a_connection)
{
	int one, two, file = file_of(1000);
	off_t from = 0;

	EXPECT_ERR(sendfile(new_socket(), -1, &from, 100), EBADF);
	new_pair(&one, &two);
	NEED(signal(SIGPIPE, SIG_IGN) != SIG_ERR);
	NEED(!shutdown(one, SHUT_RDWR));
	EXPECT_ERR(sendfile(one, file, &from, 100), EPIPE);
	EXPECT_EQ(from, 0);
	EXPECT_ERR(sendfile(file, two, &from, 100), ESPIPE);
}

CASE(stream, splice, edge, a_pipe_is_filled_from_a_stream)
{
	unsigned char in[4096];
	int one, two, ends[2];
	ssize_t n, got = 0;

	new_pair(&one, &two);
	NEED(!pipe(ends));
	fill_pattern(in, 0, sizeof(in));
	send_all(one, in, sizeof(in));
	NEED(!shutdown(one, SHUT_WR));
	while ((n = splice(two, NULL, ends[1], NULL, 3000, 0)) > 0) {
		EXPECT_EQ(read(ends[0], in, n), n);
		EXPECT_TRUE(is_pattern(in, got, n));
		got += n;
	}
	EXPECT_EQ(n, 0);
	EXPECT_EQ(got, sizeof(in));
}

CASE(stream, splice, error, splice_waits_as_the_socket_does)
{
	int one, two, ends[2];
	loff_t from = 0;

	new_pair(&one, &two);
	NEED(!pipe(ends));
	no_wait(two);
	EXPECT_ERR(splice(two, NULL, ends[1], NULL, 100, 0), EAGAIN);
	EXPECT_ERR(splice(two, &from, ends[1], NULL, 100, 0), EINVAL);
	EXPECT_ERR(splice(new_socket(), NULL, ends[1], NULL, 100, 0), ENOTCONN);
}
