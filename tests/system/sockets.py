# SPDX-License-Identifier: GPL-2.0
#
# sockets.py CASE - what a program that clasp run started finds behind its
# socket(). The status is 0 if it finds what it must.

import fcntl
import os
import socket
import subprocess
import sys
from socket import (AF_INET, AF_INET6, AF_NETLINK, AF_UNIX, IPPROTO_TCP,
                    IPPROTO_UDP, SOCK_DGRAM, SOCK_NONBLOCK, SOCK_RAW,
                    SOCK_STREAM)

SO_PROTOCOL = 38
CLASP, CLASP_DG = 253, 254


def protocol(family, kind, number=0):
    with socket.socket(family, kind, number) as sock:
        return sock.getsockopt(socket.SOL_SOCKET, SO_PROTOCOL)


def must(found, wanted):
    if found != wanted:
        sys.exit(f"found {found}, not {wanted}")


def streams():
    for family in (AF_INET, AF_INET6):
        for number in (0, IPPROTO_TCP):
            must(protocol(family, SOCK_STREAM, number), CLASP)


def datagrams():
    for family in (AF_INET, AF_INET6):
        for number in (0, IPPROTO_UDP):
            must(protocol(family, SOCK_DGRAM, number), CLASP_DG)


def untouched():
    for family in (AF_INET, AF_INET6):
        must(protocol(family, SOCK_DGRAM), IPPROTO_UDP)
    must(protocol(AF_INET, SOCK_RAW, 200), 200)
    must(protocol(AF_UNIX, SOCK_STREAM), 0)
    must(protocol(AF_NETLINK, SOCK_RAW), 0)


def unknown():
    for family, kind in ((AF_INET, 9), (99, SOCK_STREAM)):
        try:
            protocol(family, kind)
        except OSError:
            continue
        sys.exit("opened a socket that nobody knows")


def flags():
    with socket.socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK) as sock:
        must(bool(fcntl.fcntl(sock, fcntl.F_GETFL) & os.O_NONBLOCK), True)
        must(os.get_inheritable(sock.fileno()), False)
    with socket.socket(AF_INET, SOCK_STREAM) as sock:
        must(bool(fcntl.fcntl(sock, fcntl.F_GETFL) & os.O_NONBLOCK), False)


def names():
    for family, host, rest in ((AF_INET, "127.0.0.1", ()), (AF_INET6, "::1", (0, 0))):
        with socket.socket(family) as listener, socket.socket(family) as client:
            listener.bind((host, 0))
            listener.listen()
            port = listener.getsockname()[1]
            client.connect((host, port))
            peer, name = listener.accept()
            with peer:
                must(listener.getsockname(), (host, port) + rest)
                must(client.getpeername(), (host, port) + rest)
                must(name, client.getsockname())
                must(peer.getsockopt(socket.SOL_SOCKET, SO_PROTOCOL), CLASP)


def children():
    line = f"exec {sys.executable} {sys.argv[0]} streams"
    must(subprocess.run(["sh", "-c", line], check=False).returncode, 0)


def dns():
    found = socket.getaddrinfo("over.example", 80, AF_INET, SOCK_STREAM)
    must(found[0][4], ("10.77.0.2", 80))


globals()[sys.argv[1]]()
