// SPDX-License-Identifier: GPL-2.0
/*
 * io_uring: the calls of a stream without calling them.
 */
#include <liburing.h>
#include <poll.h>
#include <pthread.h>

#include "both.h"

#define ENTRIES		64
#define PIECE		(16 * 1024)
#define PIECES		32
#define GROUP		1		/* of buffers that the kernel chooses from */

static void new_ring(struct io_uring *ring)
{
	NEED(!io_uring_queue_init(ENTRIES, ring, 0));
}

static struct io_uring_sqe *next_entry(struct io_uring *ring)
{
	struct io_uring_sqe *sqe = io_uring_get_sqe(ring);

	NEED(sqe);

	return sqe;
}

/* The next completion: its result, and what it says besides. */
static int next_result(struct io_uring *ring, unsigned int *flags)
{
	struct __kernel_timespec limit = { .tv_sec = 20 };
	struct io_uring_cqe *cqe;
	int res;

	NEED(!io_uring_wait_cqe_timeout(ring, &cqe, &limit));
	res = cqe->res;
	if (flags)
		*flags = cqe->flags;
	io_uring_cqe_seen(ring, cqe);

	return res;
}

/* One entry there and back. */
static int call(struct io_uring *ring)
{
	NEED(io_uring_submit(ring) == 1);

	return next_result(ring, NULL);
}

static int ring_connect(struct io_uring *ring, int fd, int port)
{
	struct address to = address_of(this_host, port);

	io_uring_prep_connect(next_entry(ring), fd, SA(&to));

	return call(ring);
}

static int ring_send(struct io_uring *ring, int fd, const void *what,
		     size_t len)
{
	io_uring_prep_send(next_entry(ring), fd, what, len, MSG_NOSIGNAL);

	return call(ring);
}

static int ring_recv(struct io_uring *ring, int fd, void *to, size_t len,
		     int flags)
{
	io_uring_prep_recv(next_entry(ring), fd, to, len, flags);

	return call(ring);
}

/* --- an echo server, as liburing's examples have it ------------------------- */

static unsigned char buffers[PIECES][PIECE];

/* Buffers that the kernel may choose from; says nothing when all is well. */
static void provide(struct io_uring *ring, int first, int n)
{
	struct io_uring_sqe *sqe = next_entry(ring);

	io_uring_prep_provide_buffers(sqe, buffers[first], PIECE, n, GROUP,
				      first);
	sqe->flags |= IOSQE_CQE_SKIP_SUCCESS;
	NEED(io_uring_submit(ring) == 1);
}

static void receive_many(struct io_uring *ring, int fd)
{
	struct io_uring_sqe *sqe = next_entry(ring);

	io_uring_prep_recv_multishot(sqe, fd, NULL, 0, 0);
	sqe->flags |= IOSQE_BUFFER_SELECT;
	sqe->buf_group = GROUP;
	NEED(io_uring_submit(ring) == 1);
}

/* Sends back what one completion brought. Returns false at the end. */
static bool echo_one(struct io_uring *in, struct io_uring *out, int fd)
{
	unsigned int flags, which;
	int n = next_result(in, &flags);

	if (n == -ENOBUFS) {
		receive_many(in, fd);
		return true;
	}
	if (!n) {
		EXPECT_EQ(flags & IORING_CQE_F_MORE, 0);
		return false;
	}

	NEED(n > 0 && flags & IORING_CQE_F_BUFFER);
	which = flags >> IORING_CQE_BUFFER_SHIFT;
	io_uring_prep_send(next_entry(out), fd, buffers[which], n, MSG_WAITALL);
	NEED(call(out) == n);
	provide(in, which, 1);
	if (!(flags & IORING_CQE_F_MORE))
		receive_many(in, fd);

	return true;
}

static void *echo(void *fd)
{
	struct io_uring in, out;

	new_ring(&in);
	new_ring(&out);
	provide(&in, 0, PIECES);
	receive_many(&in, *(int *)fd);
	while (echo_one(&in, &out, *(int *)fd))
		;
	NEED(!shutdown(*(int *)fd, SHUT_WR));

	return NULL;
}

static void *send_all_pieces(void *fd)
{
	static unsigned char piece[PIECE];
	int i;

	for (i = 0; i < 4 * PIECES; i++) {
		fill_pattern(piece, i * PIECE, PIECE);
		send_all(*(int *)fd, piece, PIECE);
	}
	NEED(!shutdown(*(int *)fd, SHUT_WR));

	return NULL;
}

CASE(stream, io_uring_recv, good, a_multishot_echo_server)
{
	pthread_t sender, server;
	int client, end;
	char octet;

	new_pair(&client, &end);
	NEED(!pthread_create(&server, NULL, echo, &end));
	NEED(!pthread_create(&sender, NULL, send_all_pieces, &client));
	receive_pattern(client, 0, 4 * PIECES * PIECE);
	EXPECT_EQ(recv(client, &octet, 1, 0), 0);
	pthread_join(sender, NULL);
	pthread_join(server, NULL);
}

CASE(stream, io_uring_recv, edge, waits_and_can_be_called_off)
{
	struct io_uring ring;
	int client, server, first, second;
	char in[4] = "";

	new_ring(&ring);
	new_pair(&client, &server);
	io_uring_prep_recv(next_entry(&ring), server, in, 3, MSG_WAITALL);
	NEED(io_uring_submit(&ring) == 1);
	send_all(client, "ab", 2);
	usleep(20000);
	EXPECT_EQ(io_uring_cq_ready(&ring), 0);
	send_all(client, "c", 1);
	EXPECT_EQ(next_result(&ring, NULL), 3);
	EXPECT_EQ(strcmp(in, "abc"), 0);

	io_uring_prep_recv(next_entry(&ring), server, in, 3, 0);
	NEED(io_uring_submit(&ring) == 1);
	io_uring_prep_cancel_fd(next_entry(&ring), server, 0);
	NEED(io_uring_submit(&ring) == 1);
	first = next_result(&ring, NULL);
	second = next_result(&ring, NULL);
	EXPECT_EQ(first + second, -ECANCELED);
}

CASE(stream, io_uring_recv, error, without_a_connection_or_in_no_memory)
{
	int client, server, fd = new_socket();
	struct io_uring ring;
	char in[4];

	new_ring(&ring);
	new_pair(&client, &server);
	EXPECT_EQ(ring_recv(&ring, fd, in, 4, 0), -ENOTCONN);
	send_all(client, "abc", 3);
	EXPECT_EQ(await_events(server, POLLIN), POLLIN);
	EXPECT_EQ(ring_recv(&ring, server, (void *)8, 4, 0), -EFAULT);
	EXPECT_EQ(ring_recv(&ring, server, in, 4, MSG_PEEK), 3);
	EXPECT_EQ(ring_recv(&ring, server, in, 4, 0), 3);
}

/* --- the other calls -------------------------------------------------------- */

CASE(stream, io_uring_connect, good, opens_a_connection)
{
	int listener = new_listener(1), fd = new_socket(), server;
	struct io_uring ring;
	char in[4] = "";

	new_ring(&ring);
	EXPECT_EQ(ring_connect(&ring, fd, port_of(listener)), 0);
	server = accept_one(listener);
	EXPECT_EQ(ring_send(&ring, fd, "abc", 3), 3);
	EXPECT_EQ(ring_recv(&ring, server, in, 3, MSG_WAITALL), 3);
	EXPECT_EQ(strcmp(in, "abc"), 0);
}

CASE(stream, io_uring_connect, edge, only_once)
{
	struct io_uring ring;
	int client, server;

	new_ring(&ring);
	new_pair(&client, &server);
	EXPECT_EQ(ring_connect(&ring, client, 1), -EISCONN);
}

CASE(stream, io_uring_connect, error, nobody_listens)
{
	struct io_uring ring;

	new_ring(&ring);
	EXPECT_EQ(ring_connect(&ring, new_socket(), unused_port()),
		  -ECONNREFUSED);
}

CASE(stream, io_uring_accept, good, one_request_for_many)
{
	int listener = new_listener(8), i, fd, server;
	struct io_uring ring;
	unsigned int flags;
	char octet;

	new_ring(&ring);
	io_uring_prep_multishot_accept(next_entry(&ring), listener, NULL, NULL,
				       SOCK_CLOEXEC);
	NEED(io_uring_submit(&ring) == 1);
	for (i = 0; i < 5; i++) {
		fd = new_socket();
		connect_to(fd, port_of(listener));
		server = next_result(&ring, &flags);
		NEED(server >= 0);
		EXPECT_EQ(flags & IORING_CQE_F_MORE, IORING_CQE_F_MORE);
		send_all(fd, "x", 1);
		EXPECT_EQ(recv(server, &octet, 1, 0), 1);
	}
}

CASE(stream, io_uring_accept, edge, says_who_it_is)
{
	int listener = new_listener(1), fd = new_socket(), server;
	struct address peer = { .len = sizeof(peer.room) }, client;
	struct io_uring ring;

	new_ring(&ring);
	io_uring_prep_accept(next_entry(&ring), listener, &peer.sa, &peer.len,
			     0);
	NEED(io_uring_submit(&ring) == 1);
	connect_to(fd, port_of(listener));
	server = next_result(&ring, NULL);
	NEED(server >= 0);
	client = name_of(fd);
	EXPECT_TRUE(same_address(&peer, &client));
}

CASE(stream, io_uring_accept, error, who_does_not_listen)
{
	struct io_uring ring;

	new_ring(&ring);
	io_uring_prep_accept(next_entry(&ring), new_socket(), NULL, NULL, 0);
	EXPECT_EQ(call(&ring), -EINVAL);
}

CASE(stream, io_uring_send, good, waits_until_all_is_sent)
{
	static unsigned char all[4 * PIECES * PIECE];
	struct io_uring ring;
	int client, server;

	new_ring(&ring);
	new_pair(&client, &server);
	fill_pattern(all, 0, sizeof(all));
	io_uring_prep_send(next_entry(&ring), client, all, sizeof(all),
			   MSG_WAITALL);
	NEED(io_uring_submit(&ring) == 1);
	receive_pattern(server, 0, sizeof(all));
	EXPECT_EQ(next_result(&ring, NULL), sizeof(all));
}

CASE(stream, io_uring_send, error, into_what_is_shut)
{
	struct io_uring ring;
	int client, server;

	new_ring(&ring);
	new_pair(&client, &server);
	NEED(!shutdown(client, SHUT_WR));
	EXPECT_EQ(ring_send(&ring, client, "abc", 3), -EPIPE);
}

CASE(stream, io_uring_poll, good, tells_each_time)
{
	struct io_uring ring;
	unsigned int flags;
	int client, server, i;
	char octet;

	new_ring(&ring);
	new_pair(&client, &server);
	io_uring_prep_poll_multishot(next_entry(&ring), server, POLLIN);
	NEED(io_uring_submit(&ring) == 1);
	for (i = 0; i < 3; i++) {
		send_all(client, "x", 1);
		EXPECT_EQ(next_result(&ring, &flags) & POLLIN, POLLIN);
		EXPECT_EQ(flags & IORING_CQE_F_MORE, IORING_CQE_F_MORE);
		EXPECT_EQ(recv(server, &octet, 1, 0), 1);
	}
}

CASE(stream, io_uring_shutdown, good, ends_what_is_sent)
{
	struct io_uring ring;
	int client, server;
	char octet;

	new_ring(&ring);
	new_pair(&client, &server);
	io_uring_prep_shutdown(next_entry(&ring), client, SHUT_WR);
	EXPECT_EQ(call(&ring), 0);
	EXPECT_EQ(recv(server, &octet, 1, 0), 0);
}

/* --- send_zc ---------------------------------------------------------------- */

/* The result, and behind it that the memory is free again. */
static int send_pinned(struct io_uring *ring)
{
	unsigned int flags;
	int sent;

	NEED(io_uring_submit(ring) == 1);
	sent = next_result(ring, &flags);
	if (flags & IORING_CQE_F_MORE) {
		EXPECT_TRUE(next_result(ring, &flags) >= 0);
		EXPECT_EQ(flags & IORING_CQE_F_NOTIF, IORING_CQE_F_NOTIF);
	}

	return sent;
}

static void *receive_pieces(void *fd)
{
	receive_pattern(*(int *)fd, 0, PIECES * PIECE);

	return NULL;
}

CASE(stream, io_uring_send_zc, good, memory_is_given_back)
{
	static unsigned char all[PIECES * PIECE];
	struct io_uring ring;
	int client, server;
	pthread_t reader;
	size_t done = 0;
	int n;

	new_ring(&ring);
	new_pair(&client, &server);
	fill_pattern(all, 0, sizeof(all));
	NEED(!pthread_create(&reader, NULL, receive_pieces, &server));
	for (; done < sizeof(all); done += n) {
		io_uring_prep_send_zc(next_entry(&ring), client, all + done,
				      sizeof(all) - done, 0, 0);
		n = send_pinned(&ring);
		NEED(n > 0);
	}
	pthread_join(reader, NULL);
}

CASE(stream, io_uring_send_zc, good, registered_memory_is_given_back)
{
	static unsigned char all[PIECES * PIECE];
	struct iovec memory = { all, sizeof(all) };
	struct io_uring ring;
	int client, server;
	pthread_t reader;
	size_t done = 0, len;
	int n;

	new_ring(&ring);
	NEED(!io_uring_register_buffers(&ring, &memory, 1));
	new_pair(&client, &server);
	fill_pattern(all, 0, sizeof(all));
	NEED(!pthread_create(&reader, NULL, receive_pieces, &server));
	for (; done < sizeof(all); done += n) {
		len = sizeof(all) - done < 30000 ? sizeof(all) - done : 30000;
		io_uring_prep_send_zc_fixed(next_entry(&ring), client,
					    all + done, len, MSG_MORE, 0, 0);
		n = send_pinned(&ring);
		NEED(n > 0);
		/* what is copied comes into the same skb */
		if (done + n < sizeof(all)) {
			send_all(client, all + done + n, 1);
			n++;
		}
	}
	pthread_join(reader, NULL);
}

CASE(stream, io_uring_send_zc, error, shut_it_gives_memory_back)
{
	struct io_uring ring;
	int client, server;

	new_ring(&ring);
	new_pair(&client, &server);
	NEED(!shutdown(client, SHUT_WR));
	io_uring_prep_send_zc(next_entry(&ring), client, "abc", 3,
			      MSG_NOSIGNAL, 0);
	EXPECT_EQ(send_pinned(&ring), -EPIPE);
}
