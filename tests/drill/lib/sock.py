# SPDX-License-Identifier: GPL-2.0
"""Socket calls, straight to libc: Python's own socket module knows no AF_CLASP.

A World says which protocol is asked, over which IP version. Each call returns
(result, errno name or None, what it filled in).
"""

import ctypes
import errno
import re
import socket
import struct

from lib import tun, wire

AF_CLASP = 18
NONBLOCK = 0o4000
STATES = ("", "ESTABLISHED", "SYN_SENT", "SYN_RCVD", "FIN_WAIT_1", "FIN_WAIT_2", "TIME_WAIT",
          "CLOSED", "CLOSE_WAIT", "LAST_ACK", "LISTEN", "CLOSING", "SYN_RCVD")

NAMES = {
    "AF_CLASP": AF_CLASP, "AF_INET": 2, "AF_INET6": 10,
    "SOL_SOCKET": 1, "SOL_IP": 0, "SOL_IPV6": 41, "SOL_CLASP": 253,
    "SO_REUSEADDR": 2, "SO_ERROR": 4, "SO_BROADCAST": 6, "SO_SNDBUF": 7, "SO_RCVBUF": 8,
    "SO_KEEPALIVE": 9, "SO_LINGER": 13, "SO_OOBINLINE": 10, "SO_RCVTIMEO": 20, "SO_SNDTIMEO": 21,
    "SO_MEMINFO": 55,
    "IP_TOS": 1, "IP_TTL": 2, "IPV6_TCLASS": 67, "IPV6_UNICAST_HOPS": 16,
    "IP_RECVERR": 11, "IPV6_RECVERR": 25,
    "CLASP_NODELAY": 1, "CLASP_MAXSEG": 2, "CLASP_CORK": 3, "CLASP_LINGER2": 8,
    "CLASP_SYNCNT": 7, "CLASP_USER_TIMEOUT": 18, "CLASP_STATE": 130,
    "CLASP_KEEPIDLE": 4, "CLASP_KEEPINTVL": 5, "CLASP_KEEPCNT": 6,
    "CLASP_WINDOW_CLAMP": 10, "CLASP_QUICKACK": 12, "CLASP_NOTSENT_LOWAT": 25,
    "SHUT_RD": 0, "SHUT_WR": 1, "SHUT_RDWR": 2,
    "MSG_OOB": 1, "MSG_PEEK": 2, "MSG_DONTWAIT": 0x40, "MSG_WAITALL": 0x100, "MSG_TRUNC": 0x20,
    "MSG_NOSIGNAL": 0x4000, "MSG_MORE": 0x8000, "MSG_ERRQUEUE": 0x2000,
    "POLLIN": 1, "POLLPRI": 2, "POLLOUT": 4, "POLLERR": 8, "POLLHUP": 16, "POLLRDHUP": 0x2000,
    "SIOCINQ": 0x541B, "SIOCOUTQ": 0x5411, "SIOCATMARK": 0x8905, "O_NONBLOCK": NONBLOCK,
}
POLL_NAMES = ("POLLIN", "POLLPRI", "POLLOUT", "POLLERR", "POLLHUP", "POLLRDHUP")
# TCP's names for Clasp's switches, where they are not tcp_NAME
TCP_SYSCTL = {"tlp": "tcp_early_retrans"}

libc = ctypes.CDLL(None, use_errno=True)
libc.send.restype = libc.recv.restype = ctypes.c_ssize_t


def call(name, *args):
    """One libc call: (result, errno name or None)."""
    ctypes.set_errno(0)
    result = getattr(libc, name)(*args)
    if result == -1:
        return -1, errno.errorcode.get(ctypes.get_errno(), str(ctypes.get_errno()))
    return result, None


class World:
    """Clasp or TCP, over IPv4 or IPv6: all that differs between them for a program."""

    def __init__(self, ip, tcp):
        self.ip, self.tcp = ip, tcp
        self.format = wire.Tcp() if tcp else wire.Clasp()
        self.local, self.remote = tun.LOCAL[ip], tun.REMOTE[ip]
        self.family = AF_CLASP if not tcp else socket.AF_INET if ip == 4 else socket.AF_INET6
        self.ip_header = 20 if ip == 4 else 40
        self.base = self.counters()

    def place(self, name):
        """An address of a script (LOCAL, MULTICAST, 10.0.0.1 ...) as text."""
        six = self.ip == 6
        return {"LOCAL": self.local, "REMOTE": self.remote,
                "ANY": "::" if six or not self.tcp else "0.0.0.0",
                "NOBODY": "fd77::99" if six else "10.77.0.99",
                "LOOPBACK": "::1" if six else "127.0.0.1",
                "MULTICAST": "ff02::1" if six else "224.0.0.1",
                "BROADCAST": "ff02::1" if six else "255.255.255.255",
                "NETBROADCAST": "ff02::1" if six else "10.77.0.255"}.get(name, name)

    def sockaddr(self, place, port):
        """The address as the bytes that bind() and connect() take."""
        raw = tun.pack(self.place(place))
        if self.family == socket.AF_INET:
            return struct.pack("=H", self.family) + struct.pack("!H4s8x", port, raw)
        if len(raw) == 4:
            raw = bytes(10) + b"\xff\xff" + raw
        scope = 0
        if raw[0] == 0xff or raw[:2] == b"\xfe\x80":
            scope = socket.if_nametoindex(tun.NAME.decode())
        return struct.pack("=H", self.family) + struct.pack("!HI16s", port, 0, raw) \
            + struct.pack("=I", scope)

    def unsockaddr(self, raw):
        """Bytes from the kernel to (address in text, port)."""
        port, = struct.unpack("!H", raw[2:4])
        if self.family == socket.AF_INET:
            return tun.text(raw[4:8]), port
        address = raw[8:24]
        if address[:12] == bytes(10) + b"\xff\xff":
            address = address[12:]
        return tun.text(address), port

    def constant(self, name):
        """The number behind a name in a script; TCP's level where TCP is asked."""
        if self.tcp and name == "SOL_CLASP":
            return socket.IPPROTO_TCP
        return NAMES[name]

    # -- calls ---------------------------------------------------------------

    def socket(self, flags):
        return call("socket", self.family, socket.SOCK_STREAM | flags, 0) + (None,)

    def with_address(self, name, fd, place, port):
        raw = self.sockaddr(place, port)
        return call(name, fd, raw, len(raw)) + (None,)

    def accept(self, fd, flags):
        return self.filled("accept4", fd, flags)

    def filled(self, name, fd, *more):
        """accept4, getsockname, getpeername: the kernel fills in an address."""
        raw, size = ctypes.create_string_buffer(64), ctypes.c_uint32(64)
        result, err = call(name, fd, raw, ctypes.byref(size), *more)
        return result, err, None if err else self.unsockaddr(raw.raw)

    def send(self, fd, data, flags):
        return call("send", fd, data, ctypes.c_size_t(len(data)), flags) + (None,)

    def recv(self, fd, size, flags):
        raw = ctypes.create_string_buffer(max(size, 1))
        result, err = call("recv", fd, raw, ctypes.c_size_t(size), flags)
        return result, err, raw.raw[:max(result, 0)]

    def setsockopt(self, fd, level, option, values):
        raw = struct.pack("=%di" % len(values), *values)
        return call("setsockopt", fd, level, option, raw, len(raw)) + (None,)

    def getsockopt(self, fd, level, option):
        raw, size = ctypes.create_string_buffer(256), ctypes.c_uint32(4)
        result, err = call("getsockopt", fd, level, option, raw, ctypes.byref(size))
        return result, err, struct.unpack("=i", raw.raw[:4])[0]

    def ioctl(self, fd, request):
        value = ctypes.c_int(0)
        result, err = call("ioctl", fd, ctypes.c_ulong(request), ctypes.byref(value))
        return (result, err, None) if err else (value.value, None, None)

    def poll(self, fd):
        """Which of these events stand at this moment."""
        every = sum(NAMES[n] for n in POLL_NAMES)
        entry = ctypes.create_string_buffer(struct.pack("=ihh", fd, every, 0), 8)
        call("poll", entry, ctypes.c_ulong(1), 0)
        got, = struct.unpack("=6xh", entry.raw)
        return "|".join(n for n in POLL_NAMES if NAMES[n] & got) or "0"

    # -- what an operator sees -------------------------------------------------

    def state(self, fd):
        """The state's name as the socket itself tells it; None when it does not."""
        if not self.tcp:
            result, _, value = self.getsockopt(fd, NAMES["SOL_CLASP"], NAMES["CLASP_STATE"])
            return None if result else STATES[value]
        raw, size = ctypes.create_string_buffer(256), ctypes.c_uint32(256)
        result, _ = call("getsockopt", fd, socket.IPPROTO_TCP, 11, raw, ctypes.byref(size))
        return None if result else STATES[raw.raw[0]]

    def seen(self, lport, rport):
        """The state's name in /proc/net; CLOSED when the connection is not there."""
        return (self.seen_tcp if self.tcp else self.seen_clasp)(lport, rport)

    def seen_tcp(self, lport, rport):
        with open("/proc/net/tcp" if self.ip == 4 else "/proc/net/tcp6", encoding="ascii") as f:
            for line in f.readlines()[1:]:
                local, remote, state = line.split()[1:4]
                if (int(local[-4:], 16), int(remote[-4:], 16)) == (lport, rport):
                    return STATES[int(state, 16)]
        return "CLOSED"

    @staticmethod
    def seen_clasp(lport, rport):
        """A line of /proc/net/clasp holds address:port twice, ours first, and the state."""
        with open("/proc/net/clasp", encoding="ascii") as f:
            for line in f:
                ports = [int(p) for p in re.findall(r"[0-9a-f.:\]*]:(\d+)(?=\s|$)", line)]
                names = [w for w in line.split() if w in STATES]
                if names and ports[:2] == [lport, rport]:
                    return names[0]
        return "CLOSED"

    def counters(self):
        """Lines `Name value` of /proc/net/clasp_snmp; nothing where TCP is asked."""
        if self.tcp:
            return {}
        with open("/proc/net/clasp_snmp", encoding="ascii") as f:
            pairs = [line.split() for line in f if len(line.split()) == 2]
        return {name: int(value) for name, value in pairs}

    def counted(self, name):
        """How far a counter moved since the script began; None if there is none."""
        now = self.counters()
        return now[name] - self.base.get(name, 0) if name in now else None

    def sysctl(self, name, value):
        """Set a switch of Clasp, or TCP's of that name; False where there is none."""
        if self.tcp:
            return tun.write_sysctl("net/ipv4/" + TCP_SYSCTL.get(name, "tcp_" + name), value)
        return tun.write_sysctl("net/clasp/" + name, value)

    def level(self):
        """Ask Linux's TCP under the rules that Clasp promises (docs/protocol.md, section 4)."""
        rules = {"sack": 0, "window_scaling": 0, "rfc1337": 1, "syn_retries": 7,
                 "syn_linear_timeouts": 0, "early_retrans": 0, "syncookies": 0,
                 "no_metrics_save": 1, "min_snd_mss": 256, "congestion_control": "reno"}
        for name, value in rules.items() if self.tcp else ():
            tun.write_sysctl("net/ipv4/tcp_" + name, value)
