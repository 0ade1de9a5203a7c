# SPDX-License-Identifier: GPL-2.0
"""The program's side of a script: its calls, and what they must return.

Every call runs in a thread of its own, so that one that blocks can be left
blocking (`connect(3, 8080) ...`) and met again (`... connect(3) = 0`), and one
that blocks by mistake fails the script and does not hang it.
"""

import errno
import fcntl
import os
import threading

from lib import notation
from lib.payload import ours, theirs
from lib.sight import Sight
from lib.sock import NONBLOCK, POLL_NAMES, call


class Wrong(Exception):
    """A call returned something else; the message says what."""


class Running:
    """A call under way; `done` becomes readable when it is back."""

    def __init__(self, player, work):
        self.player, self.work, self.answer = player, work, None
        self.done, self.end = os.pipe()
        self.returned = None
        self.thread = threading.Thread(target=self.go, daemon=True)
        self.thread.start()

    def go(self):
        self.answer = self.work()
        self.returned = self.player.now()
        os.write(self.end, b"!")

    def wait(self, until):
        return self.player.pump(until, self.done)

    def close(self):
        """It is back: nothing is left of it."""
        self.thread.join()
        os.close(self.done)
        os.close(self.end)


class Descriptor:
    """A socket of the script: its number there, its number here, how far it read and wrote."""

    def __init__(self, real, peer=None, rpos=None):
        self.real, self.peer = real, peer
        self.rpos, self.wpos = rpos, 1


class Calls(Sight):
    """All calls of one script."""

    def __init__(self, player):
        self.player, self.world = player, player.world
        self.fds, self.blocked = {}, {}

    def make(self, event):
        """Play one line with a call."""
        p = self.player
        if event.resumes:
            return self.resume(event)
        p.reached()
        work = getattr(self, "do_" + event.name, None)
        if not work:
            raise Wrong("there is no call %s()" % event.name)
        started, finish = work(event.args)
        if event.begins:
            p.note("%s(%s) ..." % (event.name, ", ".join(event.args)))
        running = Running(p, started)
        if event.begins:
            self.blocked[event.name, event.args[0]] = running, finish
            return None
        if not running.wait(p.now() + p.patience):
            self.blocked[event.name, "?"] = running, finish
            raise Wrong("%s() still blocks after %g s" % (event.name, p.patience))
        return self.compare(event, running, finish)

    def resume(self, event):
        """`... connect(3) = 0`: the call returns now, neither earlier nor later."""
        p = self.player
        running, finish = self.blocked.pop((event.name, event.args[0]))
        slack = p.slack(event)
        if not running.wait(p.when + slack):
            raise Wrong("%s() still blocks %.3f s later" % (event.name, p.now() - p.prev))
        if running.returned < max(p.stimulus, p.when - slack):
            raise Wrong("%s() was back too early, at %.3f s" % (
                event.name, running.returned - p.start))
        p.prev = running.returned
        return self.compare(event, running, finish)

    def close(self):
        """Close what the script left open; what still blocks keeps its thread."""
        for descriptor in self.fds.values():
            os.close(descriptor.real)
        self.fds.clear()

    def compare(self, event, running, finish):
        """What the call gave against what stands behind `=`."""
        got = finish(running.answer, event.result)
        running.close()
        self.player.note("%s%s(%s) = %s" % ("... " if event.resumes else "", event.name,
                                           ", ".join(event.args), got))
        if event.result is None or self.agrees(event.result, got):
            return
        raise Wrong("expected  %s\ngot       %s(%s) = %s" % (
            event.source, event.name, ", ".join(event.args), got))

    def agrees(self, want, got):
        """Equal, or one of several that stand between bars, or a number that fits."""
        if want == got:
            return True
        head, _, tail = want.partition(" ")
        if head == "-1" and got.startswith("-1 "):
            return got.split()[1] in tail.split("|")
        try:
            return notation.fits(want, int(got), self.player.names)
        except ValueError:
            return got in want.split("|") and not want.startswith("POLL")

    # -- arguments ---------------------------------------------------------------

    def number(self, text):
        """A number, a sum, or names of constants with bars between."""
        try:
            return self.player.number(text)
        except ValueError:
            return sum(self.world.constant(n.strip()) for n in text.split("|"))

    def fd(self, text):
        if text not in self.fds:
            raise Wrong("there is no socket %s" % text)
        return self.fds[text]

    def address(self, text, otherwise):
        """`7` or `LOCAL:7`; the colons of IPv6 come before the last one."""
        place, _, port = text.rpartition(":")
        return place or otherwise, self.number(port)

    @staticmethod
    def plain(answer, _want):
        result, err, _ = answer
        return "-1 " + err if err else str(result)

    # -- calls: each gives what to run in the thread, and how to read its answer ----

    def do_socket(self, args):
        flags = NONBLOCK if args else 0

        def finish(answer, want):
            if answer[1]:
                return "-1 " + answer[1]
            self.fds[want] = Descriptor(answer[0])
            return want
        return lambda: self.world.socket(flags), finish

    def do_bind(self, args):
        place, port = self.address(args[1], "ANY")
        self.player.local = port or self.player.local
        return self.addressed("bind", self.fd(args[0]), place, port), self.plain

    def do_connect(self, args):
        fd = self.fd(args[0])
        place, port = self.address(args[1], "REMOTE")
        fd.peer = port
        return self.addressed("connect", fd, place, port), self.plain

    def addressed(self, name, fd, place, port):
        return lambda: self.world.with_address(name, fd.real, place, port)

    def do_listen(self, args):
        return self.simple("listen", args[0], self.number(args[1]))

    def do_shutdown(self, args):
        return self.simple("shutdown", args[0], self.number(args[1]))

    def do_close(self, args):
        started = self.simple("close", args[0])
        del self.fds[args[0]]
        return started

    def simple(self, name, fd, *rest):
        real = self.fd(fd).real
        return lambda: call(name, real, *rest) + (None,), self.plain

    def do_accept(self, args):
        flags = NONBLOCK if "O_NONBLOCK" in args else 0

        def finish(answer, want):
            result, err, peer = answer
            if err:
                return "-1 " + err
            their_isn = self.player.conn(peer[1]).their_isn
            rpos = their_isn + 1 if their_isn is not None else None
            self.fds[want] = Descriptor(result, peer[1], rpos)
            return want
        real = self.fd(args[0]).real
        return lambda: self.world.accept(real, flags), finish

    def do_nonblock(self, args):
        real = self.fd(args[0]).real
        return lambda: (fcntl.fcntl(real, fcntl.F_SETFL, NONBLOCK), None, None), self.plain

    def do_write(self, args):
        fd, flags = self.fd(args[0]), self.number(args[2]) if len(args) > 2 else 0
        if args[1][0] == '"':
            data = args[1][1:-1].encode()
            self.player.conn(fd.peer).literal_out = True
        else:
            data = ours(fd.wpos, self.number(args[1]))

        def finish(answer, want):
            fd.wpos += max(answer[0], 0)
            return self.plain(answer, want)
        return lambda: self.world.send(fd.real, data, flags), finish

    do_send = do_write

    def do_read(self, args):
        fd, flags = self.fd(args[0]), self.number(args[2]) if len(args) > 2 else 0
        size = self.number(args[1])

        def finish(answer, want):
            result, err, data = answer
            if err or (want and want[0] == '"'):
                return "-1 " + err if err else '"%s"' % data.decode(errors="replace")
            self.check_pattern(fd, data, flags)
            return str(result)
        return lambda: self.world.recv(fd.real, size, flags), finish

    do_recv = do_read

    def check_pattern(self, fd, data, flags):
        """The bytes that a program reads are the ones that the peer sent."""
        conn = self.player.conn(fd.peer)
        if fd.rpos is None:
            fd.rpos = (conn.their_isn or 0) + 1
        if not conn.literal_in and data != theirs(fd.rpos, len(data)):
            raise Wrong("read %r ..., expected %r ..." % (
                data[:30], theirs(fd.rpos, min(len(data), 30))))
        if not flags & self.world.constant("MSG_PEEK"):
            fd.rpos += len(data)

    def do_setsockopt(self, args):
        """setsockopt(3, SOL_SOCKET, SO_LINGER, [1, 0])"""
        real, level, option = self.fd(args[0]).real, self.number(args[1]), self.number(args[2])
        values = [self.number(v.strip()) for v in args[3].strip("[]").split(",")]
        return lambda: self.world.setsockopt(real, level, option, values), self.plain

    def do_getsockopt(self, args):
        """getsockopt(3, SOL_SOCKET, SO_ERROR) = [ECONNREFUSED]; a value stands in brackets."""
        real, level, option = self.fd(args[0]).real, self.number(args[1]), self.number(args[2])

        def finish(answer, want):
            result, err, value = answer
            if result:
                return "-1 " + err
            if args[2] == "SO_ERROR" and value:
                return "[%s]" % errno.errorcode[value]
            if want and want[0] == "[" and self.agrees(want[1:-1], str(value)):
                return want
            return "[%d]" % value
        return lambda: self.world.getsockopt(real, level, option), finish

    def do_ioctl(self, args):
        real, request = self.fd(args[0]).real, self.number(args[1])
        return lambda: self.world.ioctl(real, request), self.plain

    def do_poll(self, args):
        """poll(3) = POLLIN|POLLOUT: the events that stand now, in this order."""
        real = self.fd(args[0]).real
        return lambda: self.world.poll(real), lambda answer, _: self.ordered(answer)

    @staticmethod
    def ordered(events):
        return "|".join(n for n in POLL_NAMES if n in events.split("|")) or "0"

    def do_getsockname(self, args):
        return self.named("getsockname", args)

    def do_getpeername(self, args):
        return self.named("getpeername", args)

    def named(self, name, args):
        real = self.fd(args[0]).real

        def finish(answer, want):
            if answer[1]:
                return "-1 " + answer[1]
            place, port = answer[2]
            if want and (self.world.place(want.rpartition(":")[0]), want.rpartition(":")[2]) in (
                    (place, str(port)), (place, "*")):
                return want
            return "%s:%d" % (place, port)
        return lambda: self.world.filled(name, real), finish
