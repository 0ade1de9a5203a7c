# SPDX-License-Identifier: GPL-2.0
"""The stage: a network namespace of the script's own and a TUN device in it.

What the kernel sends to the peer is read from the device, what the peer sends
is written to it. Set up by ioctl alone: no other program is needed.
"""

import ctypes
import fcntl
import os
import select
import socket
import struct
import time

from lib import ip

CLONE_NEWNET = 0x40000000
TUNSETIFF = 0x400454CA
IFF_TUN, IFF_NO_PI, IFF_UP = 0x0001, 0x1000, 0x0001
SIOCGIFFLAGS, SIOCSIFFLAGS, SIOCSIFADDR, SIOCSIFNETMASK = 0x8913, 0x8914, 0x8916, 0x891C
SIOCSIFMTU, SIOCGIFINDEX = 0x8922, 0x8933

NAME = b"tun0"
LOCAL = {4: "10.77.0.2", 6: "fd77::2"}
REMOTE = {4: "10.77.0.1", 6: "fd77::1"}


def pack(address):
    """An address in text to 4 or 16 bytes."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    return socket.inet_pton(family, address)


def text(address):
    """4 or 16 bytes to an address in text."""
    return socket.inet_ntop(socket.AF_INET if len(address) == 4 else socket.AF_INET6, address)


def own_namespace():
    """Leave the network namespace that we were started in for a fresh one."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "unshare(CLONE_NEWNET)")


def write_sysctl(name, value):
    """Write one file under /proc/sys; False where the kernel has no such file."""
    try:
        with open("/proc/sys/" + name, "w", encoding="ascii") as f:
            f.write(str(value))
        return True
    except FileNotFoundError:
        return False


class Tun:
    """tun0 with 10.77.0.2/24 and fd77::2/64; the peer is .1 and ::1."""

    def __init__(self, mtu):
        self.fd = os.open("/dev/net/tun", os.O_RDWR | os.O_NONBLOCK)
        fcntl.ioctl(self.fd, TUNSETIFF, struct.pack("16sH22x", NAME, IFF_TUN | IFF_NO_PI))
        for conf in ("all", NAME.decode()):
            write_sysctl("net/ipv4/conf/%s/rp_filter" % conf, 0)
        write_sysctl("net/ipv6/conf/%s/addr_gen_mode" % NAME.decode(), 1)
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as s:
            fcntl.ioctl(s, SIOCSIFMTU, struct.pack("16si20x", NAME, mtu))
            self.up(s, b"lo")
            self.address(s, SIOCSIFADDR, LOCAL[4])
            self.address(s, SIOCSIFNETMASK, "255.255.255.0")
            self.up(s, NAME)
        self.address6()
        for version in (4, 6):
            self.wait_until_ready(version)

    @staticmethod
    def up(s, name):
        flags, = struct.unpack("16xh22x", fcntl.ioctl(s, SIOCGIFFLAGS, struct.pack("16s24x", name)))
        fcntl.ioctl(s, SIOCSIFFLAGS, struct.pack("16sh22x", name, flags | IFF_UP))

    @staticmethod
    def address(s, request, address):
        sockaddr = struct.pack("=HH4s8x", socket.AF_INET, 0, pack(address))
        fcntl.ioctl(s, request, struct.pack("16s16s8x", NAME, sockaddr))

    @staticmethod
    def address6():
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as s:
            answer = fcntl.ioctl(s, SIOCGIFINDEX, struct.pack("16s24x", NAME))
            index, = struct.unpack("16xi20x", answer)
            fcntl.ioctl(s, SIOCSIFADDR, struct.pack("=16sIi", pack(LOCAL[6]), 64, index))

    def wait_until_ready(self, version):
        """Ping our own side until it answers: addresses become usable a little later."""
        ping = ip.build_ping(pack(REMOTE[version]), pack(LOCAL[version]))
        end = time.monotonic() + 10
        while time.monotonic() < end:
            self.write(ping)
            select.select([self.fd], [], [], .01)
            while (data := self.read()) is not None:
                if ip.is_pong(data):
                    return
        raise OSError("tun0 never answered over IPv%d" % version)

    def read(self):
        """The next packet that the kernel sent, None when there is none now."""
        try:
            return os.read(self.fd, 65536)
        except BlockingIOError:
            return None

    def write(self, packet):
        """Let a packet arrive from the peer."""
        os.write(self.fd, packet)

    def close(self):
        os.close(self.fd)
