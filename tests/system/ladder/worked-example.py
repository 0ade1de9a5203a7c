# SPDX-License-Identifier: GPL-2.0
"""The worked example of docs/protocol.md, section 7, as a pcap file."""
import struct
import sys

FIN, SYN, PSH, ACK = 1, 2, 8, 16
CLIENT, SERVER = (bytes([10, 77, 0, 1]), 40000), (bytes([10, 77, 0, 2]), 7)


def packet(source, to, flags, seq, ack, data=b""):
    segment = struct.pack(">HHIIBBHI", source[1], to[1], seq, ack, 5, flags,
                          0, 65536) + data
    return struct.pack(">BBHHHBBH", 0x45, 0, 20 + len(segment), 0, 0, 64, 253,
                       0) + source[0] + to[0] + segment


def out(*what):
    return packet(CLIENT, SERVER, *what)


def back(*what):
    return packet(SERVER, CLIENT, *what)


packets = [out(SYN, 1000, 0), back(SYN | ACK, 5000, 1001),
           out(ACK, 1001, 5001), out(ACK | PSH, 1001, 5001, b"hello"),
           back(ACK, 5001, 1006), out(FIN | ACK, 1006, 5001),
           back(ACK, 5001, 1007), back(FIN | ACK, 5001, 1007),
           out(ACK, 1007, 5002)]
with open(sys.argv[1], "wb") as file:
    file.write(struct.pack("<IHHiIII", 0xa1b2c3d4, 2, 4, 0, 0, 65535, 101))
    for i, one in enumerate(packets):
        file.write(struct.pack("<IIII", 1, 100 * i, len(one), len(one)) + one)
