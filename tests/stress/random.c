// SPDX-License-Identifier: GPL-2.0
/*
 * Random socket calls from eight threads at once, over streams and datagrams.
 *
 * usage: random CALLS [SEED]
 *
 * The threads share a table of descriptors: one closes what another waits on.
 * What a call returns does not matter here, as long as it returns and the kernel
 * has nothing to say. Prints how often each call was made and succeeded; the
 * same seed makes the same calls, though not in the same order between threads.
 * The status is 1 when a thread is stuck, or when one of the calls never succeeds.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/clasp.h>
#include <linux/sockios.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/sendfile.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

#define THREADS		8
#define SLOTS		96	/* descriptors that all of them know */
#define PORTS		16	/* few, so that some meet */
#define FIRST_PORT	10000
#define STUCK_S		120	/* without a call done: a hang */

struct worker {
	pthread_t	thread;
	unsigned long	random;
	long		calls;
	atomic_long	done;
	atomic_int	now;	/* which call it is in */
};

static atomic_int slots[SLOTS];
static struct worker workers[THREADS];
static int pipe_ends[2], file, epoll;
static unsigned char *bad;	/* no memory there */

static __thread struct worker *me;

/* --- chance ------------------------------------------------------------------ */

/* xorshift64* */
static unsigned int any(void)
{
	me->random ^= me->random >> 12;
	me->random ^= me->random << 25;
	me->random ^= me->random >> 27;

	return (me->random * 0x2545f4914f6cdd1dul) >> 32;
}

static unsigned int below(unsigned int limit)
{
	return any() % limit;
}

static bool one_in(unsigned int n)
{
	return !below(n);
}

/* A small number, a power of two or one less, or any. */
static int some_number(void)
{
	switch (below(5)) {
	case 0:
		return 0;
	case 1:
		return below(300);
	case 2:
		return 1u << below(32);
	case 3:
		return (1u << below(32)) - 1;
	default:
		return any();
	}
}

static int some_fd(void)
{
	return slots[below(SLOTS)];
}

/* A buffer of at least that much, or what only looks like one. */
static void *some_buffer(void)
{
	static __thread unsigned char buffer[1 << 17];

	return one_in(40) ? bad : buffer;
}

static size_t some_length(void)
{
	return one_in(8) ? below(1 << 17) : below(2000);
}

/* Flags of send() and recv(); SIGPIPE is ignored. */
static int some_flags(void)
{
	int flags = one_in(3) ? 0 : MSG_DONTWAIT;

	if (one_in(3))
		flags |= 1u << below(27);
	if (one_in(20))
		flags |= any() & 0x07ffffff;

	return flags;
}

/* An address of this host in one of its forms; sometimes none at all. */
static socklen_t some_address(struct sockaddr_storage *to)
{
	struct sockaddr_clasp *clasp = (struct sockaddr_clasp *)to;
	struct sockaddr_in *in = (struct sockaddr_in *)to;
	static const char * const hosts[] = {
		"::1", "::ffff:127.0.0.1", "::", "::ffff:0.0.0.0",
		"ff02::1", "::ffff:224.0.0.5", "fe80::1", "::ffff:127.255.255.255",
	};

	memset(to, 0, sizeof(*to));
	if (one_in(20)) {
		to->ss_family = one_in(2) ? AF_UNSPEC : some_number();
		return below(sizeof(*to));
	}
	clasp->scl_port = htons(one_in(6) ? 0 : FIRST_PORT + below(PORTS));
	if (one_in(4)) {
		in->sin_family = AF_INET;
		in->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
		return sizeof(*in);
	}
	clasp->scl_family = one_in(3) ? AF_INET6 : AF_CLASP;
	inet_pton(AF_INET6, hosts[one_in(3) ? below(8) : below(2)],
		  &clasp->scl_addr);

	return one_in(40) ? below(sizeof(*to)) : sizeof(*clasp);
}

/* --- calls; each returns what the kernel did ---------------------------------- */

/* No call may wait for long. */
static void bound(int fd)
{
	struct timeval limit = { 0, 20000 };

	setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof(limit));
	setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit));
}

/* Into a slot; what was there is closed. */
static void keep(int fd)
{
	int old;

	if (fd < 0)
		return;
	old = atomic_exchange(&slots[below(SLOTS)], fd);
	if (old >= 0)
		close(old);
}

static long do_socket(void)
{
	int type = one_in(3) ? SOCK_DGRAM : SOCK_STREAM, family, fd;

	fd = socket(AF_CLASP, type | (one_in(2) ? SOCK_NONBLOCK : 0), 0);
	if (fd < 0)
		return fd;
	bound(fd);
	if (one_in(4)) {
		family = one_in(2) ? AF_INET : AF_INET6;
		setsockopt(fd, SOL_CLASP, 128, &family, sizeof(family));
	}
	keep(fd);

	return 0;
}

static long do_bind(void)
{
	struct sockaddr_storage address;
	int fd = some_fd(), on = 1;

	if (one_in(2))
		setsockopt(fd, SOL_SOCKET, one_in(2) ? SO_REUSEADDR : SO_REUSEPORT,
			   &on, sizeof(on));

	return bind(fd, (struct sockaddr *)&address, some_address(&address));
}

/* All three at once, so that there is somebody to connect to. */
static long do_listen(void)
{
	struct sockaddr_storage address;
	int fd = some_fd();

	if (one_in(2))
		bind(fd, (struct sockaddr *)&address, some_address(&address));

	return listen(fd, one_in(20) ? some_number() : below(8));
}

static long do_connect(void)
{
	struct sockaddr_storage address;

	return connect(some_fd(), (struct sockaddr *)&address,
		       some_address(&address));
}

static long do_accept(void)
{
	struct sockaddr_storage address;
	socklen_t len = below(sizeof(address) + 1);
	int fd;

	fd = accept4(some_fd(), (struct sockaddr *)&address, &len,
		     one_in(2) ? SOCK_NONBLOCK : 0);
	if (fd < 0)
		return fd;
	bound(fd);
	keep(fd);

	return 0;
}

static long do_send(void)
{
	return send(some_fd(), some_buffer(), some_length(), some_flags());
}

static long do_recv(void)
{
	return recv(some_fd(), some_buffer(), some_length(), some_flags());
}

static long do_sendto(void)
{
	struct sockaddr_storage address;

	return sendto(some_fd(), some_buffer(), some_length(), some_flags(),
		      (struct sockaddr *)&address, some_address(&address));
}

static long do_recvfrom(void)
{
	struct sockaddr_storage address;
	socklen_t len = below(sizeof(address) + 1);

	return recvfrom(some_fd(), some_buffer(), some_length(), some_flags(),
			(struct sockaddr *)&address, &len);
}

static void fill_message(struct msghdr *msg, struct iovec parts[4],
			 struct sockaddr_storage *address, char *control)
{
	int i;

	for (i = 0; i < 4; i++)
		parts[i] = (struct iovec){ some_buffer(), one_in(5) ? 0 : below(3000) };
	*msg = (struct msghdr){ .msg_iov = parts, .msg_iovlen = below(5) };
	if (one_in(2)) {
		msg->msg_name = address;
		msg->msg_namelen = some_address(address);
	}
	if (one_in(2)) {
		msg->msg_control = control;
		msg->msg_controllen = below(200);
	}
}

/* Control messages that make sense to somebody, and some that do not. */
static void fill_control(char *control, size_t len)
{
	static const int levels[] = { SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6,
				      SOL_CLASP, SOL_CLASP_DG, IPPROTO_UDP };
	struct cmsghdr head;
	size_t at, i;

	for (i = 0; i < len; i++)
		control[i] = any();
	for (at = 0; at + sizeof(head) <= len; at += CMSG_ALIGN(head.cmsg_len)) {
		head.cmsg_level = levels[below(6)];
		head.cmsg_type = below(110);
		head.cmsg_len = one_in(20) ? some_number() :
				CMSG_LEN(one_in(2) ? sizeof(int) : below(32));
		memcpy(control + at, &head, sizeof(head));
		if (head.cmsg_len > len)
			return;
	}
}

static long do_sendmsg(void)
{
	struct sockaddr_storage address;
	struct iovec parts[4];
	struct msghdr msg;
	char control[200];

	fill_message(&msg, parts, &address, control);
	fill_control(control, msg.msg_controllen);

	return sendmsg(some_fd(), &msg, some_flags());
}

static long do_recvmsg(void)
{
	struct sockaddr_storage address;
	struct iovec parts[4];
	struct msghdr msg;
	char control[200];

	fill_message(&msg, parts, &address, control);

	return recvmsg(some_fd(), &msg, some_flags() | (one_in(6) ? MSG_ERRQUEUE : 0));
}

static long do_many(bool out)
{
	struct sockaddr_storage addresses[3];
	struct iovec parts[3][4];
	struct mmsghdr many[3];
	char control[3][200];
	int i;

	for (i = 0; i < 3; i++) {
		fill_message(&many[i].msg_hdr, parts[i], &addresses[i], control[i]);
		fill_control(control[i], many[i].msg_hdr.msg_controllen);
	}

	return out ? sendmmsg(some_fd(), many, 3, some_flags()) :
		     recvmmsg(some_fd(), many, 3, some_flags() | MSG_WAITFORONE, NULL);
}

static long do_sendmmsg(void)
{
	return do_many(true);
}

static long do_recvmmsg(void)
{
	return do_many(false);
}

static long do_shutdown(void)
{
	return shutdown(some_fd(), one_in(20) ? some_number() : below(3));
}

static long do_close(void)
{
	int fd = atomic_exchange(&slots[below(SLOTS)], -1);
	struct linger linger = { 1, 0 };

	if (one_in(3))
		setsockopt(fd, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger));

	return close(fd);
}

static const int levels[] = {
	SOL_SOCKET, IPPROTO_IP, IPPROTO_IPV6, SOL_CLASP, SOL_CLASP_DG,
	IPPROTO_TCP, IPPROTO_UDP,
};

static int some_option(void)
{
	return one_in(10) ? some_number() : (int)below(140);
}

/* What would make calls wait for long is not set, or set to little. */
static bool is_patient(int level, int name)
{
	if (level != SOL_SOCKET)
		return false;

	return name == SO_LINGER || name == SO_BUSY_POLL ||
	       name == SO_RCVTIMEO || name == SO_SNDTIMEO ||
	       name == 66 || name == 67 /* the same with 64-bit times */;
}

static long do_setsockopt(void)
{
	int level = levels[below(7)], name = some_option(), value = some_number();
	unsigned char room[256];
	socklen_t len;
	size_t i;

	if (is_patient(level, name))
		return 0;
	if (one_in(2))
		return setsockopt(some_fd(), level, name, &value, sizeof(value));

	for (i = 0; i < sizeof(room); i++)
		room[i] = one_in(4) ? any() : 0;
	len = one_in(30) ? (socklen_t)some_number() : below(sizeof(room));

	return setsockopt(some_fd(), level, name,
			  len > sizeof(room) || one_in(40) ? bad : room, len);
}

static long do_getsockopt(void)
{
	unsigned char room[512];
	socklen_t len = below(sizeof(room));

	return getsockopt(some_fd(), levels[below(7)], some_option(),
			  one_in(40) ? bad : room, &len);
}

static long do_names(void)
{
	struct sockaddr_storage address;
	socklen_t len = below(sizeof(address));

	return one_in(2) ? getsockname(some_fd(), (struct sockaddr *)&address, &len) :
			   getpeername(some_fd(), (struct sockaddr *)&address, &len);
}

static long do_ioctl(void)
{
	static const unsigned long what[] = {
		SIOCINQ, SIOCOUTQ, SIOCOUTQNSD, SIOCATMARK, FIONBIO, FIOASYNC,
	};
	int value = below(2);

	return ioctl(some_fd(), one_in(20) ? any() : what[below(6)],
		     one_in(40) ? (void *)bad : &value);
}

static long do_poll(void)
{
	struct pollfd polls[4];
	int i;

	for (i = 0; i < 4; i++)
		polls[i] = (struct pollfd){ .fd = some_fd(), .events = any() };

	return poll(polls, 4, below(3));
}

static long do_epoll(void)
{
	struct epoll_event e = { .events = any() & (EPOLLIN | EPOLLOUT | EPOLLET |
						    EPOLLONESHOT | EPOLLRDHUP |
						    EPOLLEXCLUSIVE | EPOLLPRI) };

	if (one_in(3))
		return epoll_wait(epoll, &e, 1, 0);

	return epoll_ctl(epoll, 1 + below(3), some_fd(), &e);
}

static long do_dup(void)
{
	int fd = dup(some_fd());

	if (fd < 0)
		return fd;
	keep(fd);

	return 0;
}

static long do_splice(void)
{
	if (one_in(3))
		return sendfile(some_fd(), file, &(off_t){ 0 }, below(60000));
	if (one_in(2))
		return splice(some_fd(), NULL, pipe_ends[1], NULL, below(60000),
			      SPLICE_F_NONBLOCK);

	return splice(pipe_ends[0], NULL, some_fd(), NULL, below(60000),
		      SPLICE_F_NONBLOCK);
}

static long do_read(void)
{
	struct iovec parts[2] = {
		{ some_buffer(), below(2000) }, { some_buffer(), below(2000) },
	};

	return one_in(2) ? readv(some_fd(), parts, 2) : writev(some_fd(), parts, 2);
}

/* Two sockets that know each other, or there would be little to do. */
static long do_pair(void)
{
	struct sockaddr_clasp address = { .scl_family = AF_CLASP };
	socklen_t len = sizeof(address);
	int type = one_in(3) ? SOCK_DGRAM : SOCK_STREAM, one, two, first;
	long r = -1;

	first = socket(AF_CLASP, type, 0);
	one = socket(AF_CLASP, type | SOCK_NONBLOCK, 0);
	if (first < 0 || one < 0)
		goto out;
	bound(first);
	bound(one);
	inet_pton(AF_INET6, one_in(2) ? "::1" : "::ffff:127.0.0.1",
		  &address.scl_addr);
	if (bind(first, (struct sockaddr *)&address, len) ||
	    (type == SOCK_STREAM && listen(first, 4)) ||
	    getsockname(first, (struct sockaddr *)&address, &len))
		goto out;
	r = connect(one, (struct sockaddr *)&address, len);
	if (type == SOCK_DGRAM) {
		keep(first);
		keep(one);
		return r;
	}
	two = accept(first, NULL, NULL);
	if (two < 0)
		goto out;
	close(first);
	keep(one);
	keep(two);

	return 0;
out:
	if (first >= 0)
		close(first);
	if (one >= 0)
		close(one);

	return r;
}

static long do_look(void)
{
	static const char * const files[] = {
		"/proc/net/clasp", "/proc/net/clasp_snmp", "/proc/net/clasp_dgram",
	};
	char buffer[4096];
	long n, all = 0;
	int fd = open(files[below(3)], O_RDONLY);

	if (fd < 0)
		return fd;
	while ((n = read(fd, buffer, sizeof(buffer))) > 0)
		all += n;
	close(fd);

	return all;
}

static struct call {
	const char	*name;
	long		(*call)(void);
	int		weight;
	atomic_long	made, done;
} calls[] = {
	{ "pair",	do_pair,	3 },
	{ "socket",	do_socket,	5 },
	{ "bind",	do_bind,	5 },
	{ "listen",	do_listen,	4 },
	{ "connect",	do_connect,	8 },
	{ "accept",	do_accept,	6 },
	{ "send",	do_send,	10 },
	{ "recv",	do_recv,	10 },
	{ "sendto",	do_sendto,	6 },
	{ "recvfrom",	do_recvfrom,	6 },
	{ "sendmsg",	do_sendmsg,	8 },
	{ "recvmsg",	do_recvmsg,	8 },
	{ "sendmmsg",	do_sendmmsg,	3 },
	{ "recvmmsg",	do_recvmmsg,	3 },
	{ "shutdown",	do_shutdown,	2 },
	{ "close",	do_close,	4 },
	{ "setsockopt",	do_setsockopt,	10 },
	{ "getsockopt",	do_getsockopt,	8 },
	{ "names",	do_names,	2 },
	{ "ioctl",	do_ioctl,	3 },
	{ "poll",	do_poll,	2 },
	{ "epoll",	do_epoll,	3 },
	{ "dup",	do_dup,		1 },
	{ "splice",	do_splice,	4 },
	{ "read",	do_read,	4 },
	{ "look",	do_look,	1 },
};

#define CALLS	((int)(sizeof(calls) / sizeof(*calls)))

static int some_call(void)
{
	int sum = 0, at, i;

	for (i = 0; i < CALLS; i++)
		sum += calls[i].weight;
	at = below(sum);
	for (i = 0; i < CALLS; i++) {
		at -= calls[i].weight;
		if (at < 0)
			return i;
	}

	return 0;
}

static void *work(void *worker)
{
	long i;
	int call;

	me = worker;
	for (i = 0; i < me->calls; i++) {
		call = some_call();
		me->now = call;
		calls[call].made++;
		if (calls[call].call() >= 0)
			calls[call].done++;
		me->done++;
	}
	me->now = -1;

	return NULL;
}

/* --- the main thread looks on -------------------------------------------------- */

static long all_done(void)
{
	long sum = 0;
	int i;

	for (i = 0; i < THREADS; i++)
		sum += workers[i].done;

	return sum;
}

static void give_up(void)
{
	int i;

	for (i = 0; i < THREADS; i++)
		printf("# thread %d is in %s\n", i, workers[i].now < 0 ? "nothing" :
		       calls[workers[i].now].name);
	printf("not ok random-calls (stuck)\n");
	fflush(stdout);
	_exit(1);
}

static void watch(long count)
{
	long before = -1, now;
	int idle = 0;

	while ((now = all_done()) < count) {
		idle = now == before ? idle + 1 : 0;
		if (idle == STUCK_S)
			give_up();
		if (now != before && !(time(NULL) % 10))
			fprintf(stderr, "%ld of %ld calls\n", now, count);
		before = now;
		sleep(1);
	}
}

static void prepare(void)
{
	static const int ignored[] = { SIGPIPE, SIGIO, SIGURG };
	char block[60000];
	FILE *temporary = tmpfile();
	int i;

	for (i = 0; i < 3; i++)
		signal(ignored[i], SIG_IGN);
	for (i = 0; i < SLOTS; i++)
		slots[i] = -1;
	memset(block, 'x', sizeof(block));
	if (!temporary || fwrite(block, sizeof(block), 1, temporary) != 1 ||
	    fflush(temporary) || pipe2(pipe_ends, O_NONBLOCK)) {
		perror("random");
		exit(1);
	}
	file = fileno(temporary);
	epoll = epoll_create1(0);
	bad = (unsigned char *)8;
}

static bool tell(long count)
{
	bool all = true;
	int i;

	for (i = 0; i < CALLS; i++) {
		printf("# %-10s %8ld calls, %8ld done\n", calls[i].name,
		       calls[i].made, calls[i].done);
		all &= calls[i].done || count < 10000;
	}

	return all;
}

int main(int argc, char **argv)
{
	long count = argc > 1 ? atol(argv[1]) : 100000;
	unsigned long seed = argc > 2 ? strtoul(argv[2], NULL, 0) : (unsigned long)time(NULL);
	bool all;
	int i;

	printf("# %ld calls, seed %lu\n", count, seed);
	fflush(stdout);
	prepare();
	for (i = 0; i < THREADS; i++) {
		workers[i].random = (seed * THREADS + i + 1) * 0x9e3779b97f4a7c15ull;
		workers[i].calls = count / THREADS;
		if (pthread_create(&workers[i].thread, NULL, work, &workers[i])) {
			perror("random");
			return 1;
		}
	}
	watch(count / THREADS * THREADS);
	for (i = 0; i < THREADS; i++)
		pthread_join(workers[i].thread, NULL);
	for (i = 0; i < SLOTS; i++)
		if (slots[i] >= 0)
			close(slots[i]);
	all = tell(count);
	printf("%s random-calls\n", all ? "ok" : "not ok");

	return !all;
}
