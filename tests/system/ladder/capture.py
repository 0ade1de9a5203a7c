# SPDX-License-Identifier: GPL-2.0
"""Write a pcap file: capture.py NAME FILE.

worked-example is section 7 of docs/protocol.md; options has one of each
option, a segment sent again, a malformed one, a RST and a datagram.
"""
import struct
import sys

FIN, SYN, RST, PSH, ACK, URG = 1, 2, 4, 8, 16, 32
CLIENT, SERVER = (bytes([10, 77, 0, 1]), 40000), (bytes([10, 77, 0, 2]), 7)


def ip(source, to, protocol, payload):
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(payload), 0, 0, 64,
                       protocol, 0) + source[0] + to[0] + payload


def packet(source, to, flags, seq, ack, data=b"", options=b""):
    words = 5 + len(options) // 4
    return ip(source, to, 253, struct.pack(
        ">HHIIBBHI", source[1], to[1], seq, ack, words, flags, 0,
        65536) + options + data)


def out(*what, **more):
    return packet(CLIENT, SERVER, *what, **more)


def back(*what, **more):
    return packet(SERVER, CLIENT, *what, **more)


def mss(size):
    return struct.pack(">BBH", 2, 4, size)


def timestamps(value, echo):
    return struct.pack(">BBBBII", 1, 1, 8, 10, value, echo)


def sack(*edges):
    return struct.pack(">BBBB%dI" % len(edges), 1, 1, 5, 2 + 4 * len(edges),
                       *edges)


def urgent(number):
    return struct.pack(">BBIBB", 6, 6, number, 0, 0)


captures = {}
captures["worked-example"] = [out(SYN, 1000, 0), back(SYN | ACK, 5000, 1001),
           out(ACK, 1001, 5001), out(ACK | PSH, 1001, 5001, b"hello"),
           back(ACK, 5001, 1006), out(FIN | ACK, 1006, 5001),
           back(ACK, 5001, 1007), back(FIN | ACK, 5001, 1007),
           out(ACK, 1007, 5002)]
captures["options"] = [
    out(SYN, 1000, 0, options=mss(1460) + timestamps(7, 0)),
    back(SYN | ACK, 5000, 1001, options=timestamps(9, 7) + mss(1440)),
    out(ACK, 1001, 5001, options=b"\x22\x02\x00\x00"),
    out(ACK | PSH | URG, 1001, 5001, b"hello", options=urgent(1006)),
    out(ACK | PSH, 1011, 5001, b"world"),
    back(ACK, 5001, 1006, options=sack(1011, 1016, 1021, 1026)),
    out(ACK, 1006, 5001, options=b"\x63\x04\x00\x00"),
    out(ACK | PSH, 1011, 5001, b"world"),
    back(ACK, 5001, 1006, options=b"\x02\x00\x00\x00"),
    back(RST, 5001, 0),
    ip(CLIENT, SERVER, 254, struct.pack(">HHHH", 40000, 7, 13, 1) +
       b"hello")]

packets = captures[sys.argv[1]]
with open(sys.argv[2], "wb") as file:
    file.write(struct.pack("<IIHHIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
    for i, one in enumerate(packets):
        file.write(struct.pack("<IIII", 1, 100 * i, len(one), len(one)) + one)
