# SPDX-License-Identifier: GPL-2.0
"""What carries the segment: IPv4, IPv6, fragments, extension headers, ICMP."""

import struct
from dataclasses import dataclass

from lib.wire import checksum, pseudo_header, Malformed

ICMP4, ICMP6, DSTOPTS, FRAGMENT = 1, 58, 60, 44

# name: (IPv4 type, code), (IPv6 type, code)
ICMP = {
    "net-unreachable": ((3, 0), (1, 0)),
    "host-unreachable": ((3, 1), (1, 3)),
    "protocol-unreachable": ((3, 2), (4, 1)),
    "port-unreachable": ((3, 3), (1, 4)),
    "frag-needed": ((3, 4), (2, 0)),
    "admin-prohibited": ((3, 13), (1, 1)),
    "source-quench": ((4, 0), None),
    "ttl-exceeded": ((11, 0), (3, 0)),
    "parameter-problem": ((12, 0), (4, 0)),
}


@dataclass
class Datagram:
    """An IP packet taken apart."""
    src: bytes
    dst: bytes
    protocol: int
    payload: bytes
    ttl: int = 64
    tos: int = 0


@dataclass
class IcmpError:
    """An ICMP or ICMPv6 error and the packet that it quotes."""
    name: str
    mtu: int
    quote: bytes


def build4(src, dst, protocol, payload, ttl=64, tos=0, options=b"", more=0, at=0, ident=0):
    """An IPv4 packet; `at` is the fragment offset in bytes, `more` its MF bit."""
    options += bytes(-len(options) % 4)
    words = 5 + len(options) // 4
    head = struct.pack("!BBHHHBBH4s4s", 0x40 | words, tos, 4 * words + len(payload),
                       ident, more << 13 | at // 8, ttl, protocol, 0, src, dst) + options
    return head[:10] + struct.pack("!H", checksum(head)) + head[12:] + payload


def build6(src, dst, protocol, payload, ttl=64, tos=0):
    """An IPv6 packet; an extension header is a payload with its own number."""
    return struct.pack("!IHBB16s16s", 6 << 28 | tos << 20, len(payload), protocol,
                       ttl, src, dst) + payload


def destination_options(protocol, body):
    """A destination options header (RFC 8200 section 4.6), padded, before `protocol`."""
    pad = -(len(body) + 2) % 8
    if pad == 1:
        body += b"\0"
    elif pad:
        body += bytes([1, pad - 2]) + bytes(pad - 2)
    return bytes([protocol, (len(body) + 2) // 8 - 1]) + body


def build(src, dst, protocol, payload, **how):
    """One IP packet, or several where `frag` says how many bytes each may carry."""
    frag = how.pop("frag", None)
    ipopt, dstopt = how.pop("ipopt", b""), how.pop("dstopt", b"")
    if len(src) == 4:
        if not frag:
            return [build4(src, dst, protocol, payload, options=ipopt, **how)]
        return [build4(src, dst, protocol, payload[at:at + frag], ident=0x1234, at=at,
                       more=at + frag < len(payload), options=ipopt, **how)
                for at in range(0, len(payload), frag)]
    if dstopt:
        payload = destination_options(protocol, dstopt) + payload
        protocol = DSTOPTS
    if not frag:
        return [build6(src, dst, protocol, payload, **how)]
    return [build6(src, dst, FRAGMENT,
                   struct.pack("!BBHI", protocol, 0, at | (at + frag < len(payload)), 0x1234)
                   + payload[at:at + frag], **how)
            for at in range(0, len(payload), frag)]


def parse(data):
    """An IP packet as it left the kernel."""
    if data[0] >> 4 == 4:
        words, tos, length, _, frag, ttl, protocol = struct.unpack("!BBHHHBB", data[:10])
        head = 4 * (words & 15)
        if checksum(data[:head]) or length != len(data):
            raise Malformed("the IPv4 header is wrong")
        if frag & 0x3fff:
            raise Malformed("a fragment")
        return Datagram(data[12:16], data[16:20], protocol, data[head:], ttl, tos)
    word, length, protocol, ttl = struct.unpack("!IHBB", data[:8])
    if length + 40 != len(data):
        raise Malformed("the IPv6 header is wrong")
    return Datagram(data[8:24], data[24:40], protocol, data[40:], ttl, word >> 20 & 0xff)


def build_error(name, src, dst, quote, mtu=0):
    """An ICMP error about `quote`; None if this IP version has no such error."""
    kind = ICMP[name][len(src) == 16]
    if kind is None:
        return None
    if len(src) == 4:
        body = struct.pack("!BBHHH", *kind, 0, 0, mtu) + quote
        body = body[:2] + struct.pack("!H", checksum(body)) + body[4:]
        return build4(src, dst, ICMP4, body)
    body = struct.pack("!BBHI", *kind, 0, mtu) + quote
    total = checksum(pseudo_header(src, dst, ICMP6, len(body)) + body)
    return build6(src, dst, ICMP6, body[:2] + struct.pack("!H", total) + body[4:])


def build_ping(src, dst):
    """An echo request, by which the stage is seen to be ready."""
    if len(src) == 4:
        body = struct.pack("!BBHI", 8, 0, 0, 1)
        return build4(src, dst, ICMP4, body[:2] + struct.pack("!H", checksum(body)) + body[4:])
    body = struct.pack("!BBHI", 128, 0, 0, 1)
    total = checksum(pseudo_header(src, dst, ICMP6, len(body)) + body)
    return build6(src, dst, ICMP6, body[:2] + struct.pack("!H", total) + body[4:])


def is_pong(data):
    """Is this packet an echo reply?"""
    packet = parse(data)
    return (packet.protocol, packet.payload[0]) in ((ICMP4, 0), (ICMP6, 129))


def parse_error(packet):
    """The IcmpError in a Datagram; None if it is some other ICMP message."""
    six = packet.protocol == ICMP6
    kind = tuple(packet.payload[:2])
    for name, pair in ICMP.items():
        if pair[six] == kind:
            rest = packet.payload
            mtu = struct.unpack("!I", rest[4:8])[0] & (0xffffffff if six else 0xffff)
            return IcmpError(name, mtu, rest[8:])
    return None
