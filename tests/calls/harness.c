// SPDX-License-Identifier: GPL-2.0
/*
 * The harness: runs the tests, and what they have in common.
 *
 * usage: calls [NAME]...
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>

#include "harness.h"

#define LIMIT	60	/* seconds for a test */

bool ipv4;
const char *this_host;

static struct test *tests;
static int failures;

void test_add(struct test *test)
{
	struct test **last = &tests;

	while (*last)
		last = &(*last)->next;
	*last = test;
}

void test_failed(const char *file, int line, const char *format, ...)
{
	va_list more;

	failures++;
	printf("# %s:%d: ", file, line);
	va_start(more, format);
	vprintf(format, more);
	va_end(more);
	printf("\n");
}

static bool passes(const struct test *test)
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		alarm(LIMIT);
		test->run();
		exit(!!failures);
	}
	waitpid(pid, &status, 0);
	if (WIFSIGNALED(status))
		printf("# %s\n", strsignal(WTERMSIG(status)));

	return !status;
}

static bool wanted(const struct test *test, char **names)
{
	if (!*names)
		return true;
	for (; *names; names++)
		if (!strcmp(*names, test->name))
			return true;

	return false;
}

int main(int argc, char **argv)
{
	const struct test *test;
	int failed = 0, version;

	for (version = 6; version >= 4; version -= 2) {
		ipv4 = version == 4;
		this_host = ipv4 ? "::ffff:127.0.0.1" : "::1";
		for (test = tests; test; test = test->next) {
			bool ok;

			if (!wanted(test, argv + 1))
				continue;
			ok = passes(test);
			printf("%s v%d.%s\n", ok ? "ok" : "not ok", version,
			       test->name);
			failed += !ok;
		}
	}

	return !!failed;
}

/* --- sockets for tests ----------------------------------------------------- */

struct sockaddr_clasp address_of(const char *ip, int port)
{
	struct sockaddr_clasp address = {
		.scl_family	= AF_CLASP,
		.scl_port	= htons(port),
	};

	NEED(inet_pton(AF_INET6, ip, &address.scl_addr) == 1);

	return address;
}

int new_socket(void)
{
	int fd = socket(AF_CLASP, SOCK_STREAM, 0);

	NEED(fd >= 0);

	return fd;
}

int port_of(int fd)
{
	struct sockaddr_clasp name;
	socklen_t len = sizeof(name);

	NEED(!getsockname(fd, (struct sockaddr *)&name, &len));

	return ntohs(name.scl_port);
}

/* On any port of the loopback address. */
int new_listener(int backlog)
{
	struct sockaddr_clasp address = address_of(this_host, 0);
	int fd = new_socket();

	NEED(!bind(fd, SA(&address)));
	NEED(!listen(fd, backlog));

	return fd;
}

void connect_to(int fd, int port)
{
	struct sockaddr_clasp address = address_of(this_host, port);

	NEED(!connect(fd, SA(&address)));
}

void new_pair(int *client, int *server)
{
	int listener = new_listener(1);

	*client = new_socket();
	connect_to(*client, port_of(listener));
	*server = accept(listener, NULL, NULL);
	NEED(*server >= 0);
	close(listener);
}

int state_of(int fd)
{
	socklen_t len = sizeof(int);
	int state = -1;

	getsockopt(fd, SOL_CLASP, CLASP_STATE, &state, &len);

	return state;
}

/* Wait until the connection is in @state; returns the one that it came to. */
int await_state(int fd, int state)
{
	int tries;

	for (tries = 0; tries < 500 && state_of(fd) != state; tries++)
		usleep(10000);

	return state_of(fd);
}

static int look(int fd, int events, int wait_ms)
{
	struct pollfd p = { .fd = fd, .events = events };

	NEED(poll(&p, 1, wait_ms) >= 0);

	return p.revents;
}

/* Of POLLIN, POLLOUT, POLLRDHUP, POLLHUP and POLLERR: those that stand now. */
int events_of(int fd)
{
	return look(fd, POLLIN | POLLOUT | 0x2000 /* POLLRDHUP */, 0);
}

int await_events(int fd, int events)
{
	return look(fd, events, 5000);
}

int error_of(int fd)
{
	socklen_t len = sizeof(int);
	int error = -1;

	NEED(!getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len));

	return error;
}

void no_wait(int fd)
{
	NEED(!fcntl(fd, F_SETFL, O_NONBLOCK));
}

/* Octet number @at of a stream that repeats itself late. */
unsigned char pattern(size_t at)
{
	return (at * 2654435761u) >> 13;
}

void fill_pattern(unsigned char *to, size_t from, size_t len)
{
	while (len--)
		*to++ = pattern(from++);
}

bool is_pattern(const unsigned char *what, size_t from, size_t len)
{
	while (len--)
		if (*what++ != pattern(from++))
			return false;

	return true;
}

void send_all(int fd, const void *what, size_t len)
{
	ssize_t n;

	while (len) {
		n = send(fd, what, len, MSG_NOSIGNAL);
		NEED(n > 0);
		what = (const char *)what + n;
		len -= n;
	}
}

/*
 * Send the pattern until all buffers on the way are full, those of the peer
 * too; returns how much went in.
 */
size_t fill_up(int fd)
{
	static unsigned char buffer[30011];
	size_t sent = 0;
	int pauses = 0;
	ssize_t n;

	while (pauses < 3) {
		fill_pattern(buffer, sent, sizeof(buffer));
		n = send(fd, buffer, sizeof(buffer), MSG_DONTWAIT);
		if (n > 0) {
			sent += n;
			pauses = 0;
			continue;
		}
		NEED(errno == EAGAIN);
		usleep(100000);
		pauses++;
	}

	return sent;
}

/* The next @len octets must be those of the pattern from @from on. */
void receive_pattern(int fd, size_t from, size_t len)
{
	static unsigned char buffer[65536];
	ssize_t n;

	while (len) {
		n = recv(fd, buffer, len < sizeof(buffer) ? len : sizeof(buffer),
			 0);
		NEED(n > 0);
		NEED(is_pattern(buffer, from, n));
		from += n;
		len -= n;
	}
}
