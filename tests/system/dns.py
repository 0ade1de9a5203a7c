# SPDX-License-Identifier: GPL-2.0
#
# dns.py - a name server at 127.0.0.1 that knows 10.77.0.2 alone, by whatever
# name. It answers UDP with "ask over TCP", and TCP with the address.

import selectors
import socket
import struct

TRUNCATED, ANSWERED = 0x8600, 0x8400
A = 1


def answer(query, flags):
    """The query's header and question, and what we say to it."""
    question = query[12:query.index(b"\0", 12) + 5]
    kind = struct.unpack("!H", question[-4:-2])[0]
    found = flags == ANSWERED and kind == A
    head = struct.pack("!2sHHHHH", query[:2], flags, 1, found, 0, 0)
    if not found:
        return head + question
    return (head + question + struct.pack("!HHHIH", 0xc00c, A, 1, 60, 4) +
            socket.inet_aton("10.77.0.2"))


def over_udp(udp):
    query, peer = udp.recvfrom(1500)
    udp.sendto(answer(query, TRUNCATED), peer)


def over_tcp(listener):
    peer, _ = listener.accept()
    with peer:
        for _ in range(2):      # A and AAAA come one after the other
            size = peer.recv(2, socket.MSG_WAITALL)
            if len(size) < 2:
                break
            reply = answer(peer.recv(struct.unpack("!H", size)[0],
                                     socket.MSG_WAITALL), ANSWERED)
            peer.sendall(struct.pack("!H", len(reply)) + reply)


def main():
    ready = selectors.DefaultSelector()
    for kind, serve in ((socket.SOCK_DGRAM, over_udp), (socket.SOCK_STREAM, over_tcp)):
        sock = socket.socket(socket.AF_INET, kind)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        sock.bind(("127.0.0.1", 53))
        if kind == socket.SOCK_STREAM:
            sock.listen()
        ready.register(sock, selectors.EVENT_READ, serve)
    while True:
        for key, _ in ready.select():
            key.data(key.fileobj)


main()
