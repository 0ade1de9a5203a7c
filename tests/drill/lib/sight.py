# SPDX-License-Identifier: GPL-2.0
"""Lines that look like calls but are no program's: what an operator sees and does."""

import subprocess

from lib.payload import MASK


class Sight:
    """Part of Calls; each gives what to run in a thread, and how to read its answer."""

    def do_state(self, args):
        """state(4): what the socket says of itself."""
        real = self.fd(args[0]).real
        return lambda: self.world.state(real), lambda answer, _: str(answer)

    def do_seen(self, args):
        """seen(7, 8080): what /proc/net shows between our port and the peer's."""
        local = self.player.conn(self.number(args[1])).local if args[0] == "*" \
            else self.number(args[0])
        peer = self.number(args[1])
        return lambda: self.world.seen(local, peer), lambda answer, _: answer

    def do_drops(self, args):
        """drops(CHECKSUM) = 1: segments dropped for this reason since the script began."""
        return self.counter("Drop" + "".join(w.capitalize() for w in args[0].split("_")))

    def do_count(self, args):
        """count(RetransSegs) = 1: how far a counter of clasp_snmp moved."""
        return self.counter(args[0])

    def counter(self, name):
        def finish(answer, want):
            if self.world.tcp:
                return want
            return str(answer)
        return lambda: self.world.counted(name), finish

    def do_sysctl(self, args):
        """sysctl(time_wait_ms, 500) = 0: a switch of this namespace."""
        return (lambda: (0 if self.world.sysctl(args[0], args[1]) else -1, None, None)), self.plain

    def do_isn(self, args):
        """isn(8080, 8081) = different, and isn(8080) = ahead of the one before it."""
        conns = [self.player.conn(self.number(a)) for a in args]
        if len(conns) == 1:
            one, two = conns[0].old_isn, conns[0].isn
            ahead = 0 < (two - one) & MASK < 1 << 31
            return lambda: None, lambda *_: "ahead" if ahead else "%d after %d" % (two, one)
        one, two = (c.isn for c in conns)
        far = min((one - two) & MASK, (two - one) & MASK) > 1 << 16
        return lambda: None, lambda *_: "different" if far else "%d and %d" % (one, two)

    def do_fill(self, args):
        """fill(8080) = 0: the peer sends until our window is shut; what it then is."""
        port = self.number(args[0])
        return lambda: None, lambda *_: str(self.player.peer.fill(port))

    def do_answer_probes(self, args):
        """answer_probes(8080, 2000) = 20..99: so many probes came, each met a shut window."""
        port, seconds = self.number(args[0]), self.number(args[1])
        return lambda: None, lambda *_: str(self.player.peer.probes(port, seconds, True))

    def do_ignore_probes(self, args):
        """ignore_probes(8080, 2000) = 14..17: the same, but nobody answers."""
        port, seconds = self.number(args[0]), self.number(args[1])
        return lambda: None, lambda *_: str(self.player.peer.probes(port, seconds, False))

    def do_flood_fins(self, args):
        """flood_fins(8080, 1000) = 1000: FINs alone behind a gap; so many were answered."""
        port, count = self.number(args[0]), self.number(args[1])
        return lambda: None, lambda *_: str(self.player.peer.fins(port, count))

    def do_flood_dupacks(self, args):
        """flood_dupacks(8080, 1, 200) = 0..10*MSS: ACKs of 1; so many new octets left for it."""
        port, ack, count = (self.number(a) for a in args)
        return lambda: None, lambda *_: str(self.player.peer.duplicates(port, ack, count))

    def do_sh(self, args):
        """sh("ip link set tun0 mtu 1300") = 0: a command in the script's namespace."""
        def started():
            done = subprocess.run(args[0].strip('"'), shell=True, check=False)
            return done.returncode, None, None
        return started, self.plain
