// SPDX-License-Identifier: GPL-2.0
/*
 * The harness: runs a test, and what tests have in common.
 */
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdarg.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <time.h>

#include "harness.h"

#define LIMIT	60	/* seconds for a test */

static int failures;

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

/*
 * In a process of its own, which is the first of a group: what it leaves behind
 * ends with it.
 */
bool test_passes(void (*run)(void))
{
	pid_t pid;
	int status;

	fflush(stdout);
	pid = fork();
	if (!pid) {
		setpgid(0, 0);
		setvbuf(stdout, NULL, _IOLBF, 0);
		alarm(LIMIT);
		run();
		exit(!!failures);
	}
	waitpid(pid, &status, 0);
	kill(-pid, SIGKILL);
	if (WIFSIGNALED(status))
		printf("# %s\n", strsignal(WTERMSIG(status)));

	return !status;
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

/* Two pages, of which only the first may be touched; the end of that. */
unsigned char *before_a_hole(void)
{
	long page = sysconf(_SC_PAGESIZE);
	unsigned char *both;

	both = mmap(NULL, 2 * page, PROT_READ | PROT_WRITE,
		    MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	NEED(both != MAP_FAILED);
	NEED(!mprotect(both + page, page, PROT_NONE));

	return both + page;
}

long long now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);

	return now.tv_sec * 1000LL + now.tv_nsec / 1000000;
}
