// SPDX-License-Identifier: GPL-2.0
/*
 * A TUN device, and ICMP errors about what was sent into it.
 */
#include <arpa/inet.h>
#include <fcntl.h>
#include <linux/if_tun.h>
#include <linux/ipv6.h>
#include <net/if.h>
#include <poll.h>
#include <sys/ioctl.h>

#include "wire.h"

#define V4_HEADER	20
#define V6_HEADER	40
#define ICMP_HEADER	8
#define TTL		64

const char *near_host(void)
{
	return ipv4 ? "::ffff:10.9.0.1" : "fd09::1";
}

const char *far_host(void)
{
	return ipv4 ? "::ffff:10.9.0.2" : "fd09::2";
}

const char *router(void)
{
	return ipv4 ? "::ffff:10.9.0.9" : "fd09::9";
}

static void bring_up(int fd, struct ifreq *device)
{
	NEED(!ioctl(fd, SIOCGIFFLAGS, device));
	device->ifr_flags |= IFF_UP;
	NEED(!ioctl(fd, SIOCSIFFLAGS, device));
}

static void set_v4(int fd, struct ifreq *device, int request, const char *what)
{
	struct sockaddr_in *in = (struct sockaddr_in *)&device->ifr_addr;

	memset(in, 0, sizeof(*in));
	in->sin_family = AF_INET;
	NEED(inet_pton(AF_INET, what, &in->sin_addr) == 1);
	NEED(!ioctl(fd, request, device));
}

static void name_v4(struct ifreq *device)
{
	int fd = socket(AF_INET, SOCK_DGRAM, 0);

	NEED(fd >= 0);
	set_v4(fd, device, SIOCSIFADDR, "10.9.0.1");
	set_v4(fd, device, SIOCSIFNETMASK, "255.255.255.0");
	bring_up(fd, device);
	close(fd);
}

static void name_v6(const struct ifreq *device)
{
	struct in6_ifreq name = {
		.ifr6_prefixlen	= 64,
		.ifr6_ifindex	= if_nametoindex(device->ifr_name),
	};
	int fd = socket(AF_INET6, SOCK_DGRAM, 0);

	NEED(fd >= 0);
	NEED(inet_pton(AF_INET6, "fd09::1", &name.ifr6_addr) == 1);
	NEED(!ioctl(fd, SIOCSIFADDR, &name));
	close(fd);
}

/* An address is ours once the kernel has thought about whether others have it. */
static void await_name(void)
{
	struct sockaddr_in6 name = { .sin6_family = AF_INET6 };
	int fd = socket(AF_INET6, SOCK_DGRAM, 0), tries = 0;

	NEED(fd >= 0 && inet_pton(AF_INET6, "fd09::1", &name.sin6_addr) == 1);
	while (bind(fd, (struct sockaddr *)&name, sizeof(name))) {
		NEED(tries++ < 100);
		usleep(10000);
	}
	close(fd);
}

int new_wire(void)
{
	struct ifreq device = {
		.ifr_name	= "wire0",
		.ifr_flags	= IFF_TUN | IFF_NO_PI,
	};
	int wire;

	own_network();
	wire = open("/dev/net/tun", O_RDWR);
	NEED(wire >= 0);
	NEED(!ioctl(wire, TUNSETIFF, &device));
	name_v4(&device);
	name_v6(&device);
	await_name();

	return wire;
}

/* protocol numbers as packets have them */
static int protocol_number(void)
{
	if (type == SOCK_STREAM)
		return over_clasp ? IPPROTO_CLASP : IPPROTO_TCP;

	return over_clasp ? IPPROTO_CLASP_DG : IPPROTO_UDP;
}

void next_packet(int wire, struct packet *packet)
{
	int wanted = protocol_number(), protocol;

	do {
		NEED(await_events(wire, POLLIN) & POLLIN);
		packet->len = read(wire, packet->bytes, sizeof(packet->bytes));
		NEED(packet->len > V4_HEADER);
		packet->ip_len = packet->bytes[0] >> 4 == 4 ? V4_HEADER :
							      V6_HEADER;
		protocol = packet->bytes[packet->ip_len == V4_HEADER ? 9 : 6];
	} while (protocol != wanted);
}

static unsigned int sum(const unsigned char *bytes, size_t len)
{
	unsigned int total = 0;
	size_t i;

	for (i = 0; i < len; i++)
		total += bytes[i] << (i % 2 ? 0 : 8);

	return total;
}

static void put_sum(unsigned char *to, unsigned int total)
{
	total = (total & 0xffff) + (total >> 16);
	total = (total & 0xffff) + (total >> 16);
	to[0] = (~total >> 8) & 0xff;
	to[1] = ~total & 0xff;
}

static void put_v4(struct packet *packet, const unsigned char *to)
{
	unsigned char *ip = packet->bytes;

	ip[0] = 0x45;
	ip[2] = packet->len >> 8;
	ip[3] = packet->len & 0xff;
	ip[8] = TTL;
	ip[9] = IPPROTO_ICMP;
	memcpy(ip + 12, (unsigned char[]){ 10, 9, 0, 9 }, 4);
	memcpy(ip + 16, to, 4);
	put_sum(ip + 10, sum(ip, V4_HEADER));
	put_sum(ip + V4_HEADER + 2,
		sum(ip + V4_HEADER, packet->len - V4_HEADER));
}

static void put_v6(struct packet *packet, const unsigned char *to)
{
	size_t len = packet->len - V6_HEADER;
	unsigned char *ip = packet->bytes;

	ip[0] = 0x60;
	ip[4] = len >> 8;
	ip[5] = len & 0xff;
	ip[6] = IPPROTO_ICMPV6;
	ip[7] = TTL;
	NEED(inet_pton(AF_INET6, router(), ip + 8) == 1);
	memcpy(ip + 24, to, 16);
	put_sum(ip + V6_HEADER + 2,
		sum(ip + 8, 32) + len + IPPROTO_ICMPV6 +
		sum(ip + V6_HEADER, len));
}

void send_icmp_error(int wire, const struct packet *about, int type, int code)
{
	bool v4 = about->ip_len == V4_HEADER;
	size_t quote = v4 ? about->ip_len + 8 : about->len;
	struct packet packet = {
		.len	= about->ip_len + ICMP_HEADER + quote,
		.ip_len	= about->ip_len,
	};
	unsigned char *icmp = packet.bytes + packet.ip_len;

	NEED(packet.len <= sizeof(packet.bytes));
	icmp[0] = type;
	icmp[1] = code;
	memcpy(icmp + ICMP_HEADER, about->bytes, quote);
	if (v4)
		put_v4(&packet, about->bytes + 12);
	else
		put_v6(&packet, about->bytes + 8);
	NEED(write(wire, packet.bytes, packet.len) == (ssize_t)packet.len);
}
