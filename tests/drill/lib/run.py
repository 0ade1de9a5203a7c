# SPDX-License-Identifier: GPL-2.0
"""Playing one script: the clock, the queue of what we sent, line after line.

Time is measured from the line before: a packet's line happens when the packet
arrives, a call's when it is made, a resumed call's when it came back. Nothing
here spins: every wait is a select() with a time limit, so that a kernel whose
clock jumps when it is idle can jump.
"""

import select
import time

from lib import ip, notation, tun, wire
from lib.calls import Calls
from lib.compare import differences
from lib.conn import Conn
from lib.peer import Peer
from lib.script import CallEvent, PacketEvent, Silence

PORT = 7
SLACK, SHARE = .040, .15        # how late (or early): the timer wheel is late by an eighth
GRACE = .050                    # how long the end of a script listens
# ICMP that is no answer to a segment: echo replies (0, 129), MLD, neighbour discovery
CHATTER = {0, 129, 130, 131, 132, 133, 134, 135, 136, 143}


class Fail(Exception):
    """The kernel did not do what the script says."""


class Player:
    """One script, playing."""

    def __init__(self, script, world, patience=1.0, slack=1.0):
        self.script, self.world = script, world
        self.patience, self.factor = patience, slack
        self.tun = tun.Tun(script.mtu)
        self.conns, self.queue, self.log = {}, [], []
        self.local = PORT
        self.names = {"MSS": script.mtu - world.ip_header - 20, "MTU": script.mtu,
                      "MSSDEF": 536 if world.ip == 4 else 1220}
        self.calls, self.peer = Calls(self), Peer(self)
        self.event = None
        self.start = self.prev = self.stimulus = self.when = self.now()

    @staticmethod
    def now():
        return time.monotonic()

    def conn(self, port):
        """The connection with this port of the peer."""
        if port not in self.conns:
            self.conns[port] = Conn(self.local)
        return self.conns[port]

    def number(self, text, conn=None):
        """A number of the script, with the names that stand for one."""
        names = dict(self.names, nxt=conn.nxt, edge=conn.edge) if conn else self.names
        return notation.evaluate(text, names)

    # -- the ladder that a failure shows -----------------------------------------

    def note(self, text):
        self.log.append((self.now() - self.start, text))

    def words(self, entry):
        """A queued packet in the notation."""
        _, packet, what = entry
        if isinstance(what, ip.IcmpError):
            return "> icmp %s mtu %d" % (what.name, what.mtu)
        if what is None:
            return "> protocol %d %s" % (packet.protocol, packet.payload[:8].hex())
        return notation.segment_words(what, ">", self.conn(what.dport), what.dport)

    def ladder(self):
        """All that happened, in order, as lines of text."""
        left = [(entry[0] - self.start, self.words(entry) + "   (no line took it)")
                for entry in self.queue]
        return ["%9.3f  %s" % pair for pair in sorted(self.log + left, key=lambda p: p[0])]

    # -- waiting, and what arrives meanwhile ---------------------------------------

    def pump(self, until, wanted=None):
        """Take packets until this moment, or until the descriptor `wanted` is ready."""
        watched = [self.tun.fd] + ([wanted] if wanted else [])
        while True:
            left = max(0.0, until - self.now())
            ready, _, _ = select.select(watched, [], [], left)
            if self.tun.fd in ready:
                self.take_packets()
            if wanted in ready:
                return True
            if not ready and self.now() >= until:
                return False

    def wait_for_packet(self, until):
        """Until there is a packet in the queue, not longer than until then."""
        while not self.queue and (left := until - self.now()) > 0:
            select.select([self.tun.fd], [], [], left)
            self.take_packets()

    def take_packets(self):
        while (data := self.tun.read()) is not None:
            self.take(data, self.now())

    def take(self, data, when):
        """Check a packet from the kernel and queue it for the lines that expect it."""
        try:
            packet = ip.parse(data)
            if packet.protocol in (ip.ICMP4, ip.ICMP6):
                error = ip.parse_error(packet)
                if error or packet.payload[0] not in CHATTER:
                    self.queue.append((when, packet, error))
            elif packet.protocol == self.world.format.protocol:
                seg = self.world.format.parse(packet.payload, packet.src, packet.dst)
                for fault in self.world.format.faults(seg):
                    raise wire.Malformed(fault)
                self.conn(seg.dport).watch(seg, data)
                self.queue.append((when, packet, seg))
        except wire.Malformed as wrong:
            raise Fail("we sent what nobody may send: %s: %s" % (wrong, data.hex())) from None

    # -- the script ------------------------------------------------------------

    def play(self):
        """All lines, then silence; Fail when the kernel does something else."""
        for event in self.script.events:
            self.event = event
            self.when = (self.prev if event.relative else self.start) + event.at
            if isinstance(event, CallEvent):
                self.calls.make(event)
            elif isinstance(event, Silence):
                self.silence(event.length)
            elif isinstance(event, PacketEvent) and event.inject:
                self.peer.inject(event)
            else:
                self.expect(event)
        self.event, self.when = None, self.prev
        self.silence(GRACE)

    def reached(self):
        """Sleep until the line's moment; it is now."""
        self.pump(self.when)
        self.prev = self.stimulus = self.now()

    def silence(self, length):
        """Nothing may come for so long."""
        self.pump(self.when + length)
        if self.queue:
            raise Fail("expected nothing, got  %s" % self.words(self.queue[0]))
        self.prev = self.now()

    def slack(self, event):
        """How late or early a packet of this line may be."""
        slack = event.slack if event.slack is not None else max(SLACK, SHARE * event.at)
        return slack if getattr(event, "optional", False) else slack * self.factor

    def expect(self, event):
        """The next packet from the kernel must be this one, at this time."""
        self.wait_for_packet(self.when + self.slack(event))
        if not self.queue:
            if event.optional:
                return
            raise Fail("expected  %s\ngot       nothing until %.3f s" % (
                event.source, self.now() - self.start))
        wrong = self.compare(event)
        if event.optional and wrong:
            return
        wrong = wrong or self.timing(event)
        if wrong:
            raise Fail("expected  %s\ngot       %s\nbecause   %s" % (
                event.source, self.words(self.queue[0]), "; ".join(wrong)))
        when, _, what = self.take_first()
        if isinstance(what, wire.Segment):
            self.conn(what.dport).matched(what, event.fields.get("seq") == "new")
        self.prev = when

    def compare(self, event):
        """The first packet of the queue against the line."""
        _, packet, what = self.queue[0]
        conn = self.conn(what.dport) if isinstance(what, wire.Segment) else None
        return differences(event, packet, what, conn, self.world, self.names)

    def timing(self, event):
        late, slack = self.queue[0][0] - self.when, self.slack(event)
        if abs(late) <= slack:
            return []
        return ["it came %.3f s too %s (%.3f s are allowed)" % (
            abs(late), "late" if late > 0 else "early", slack)]

    def take_first(self):
        """The oldest packet, out of the queue and into the ladder."""
        entry = self.queue.pop(0)
        self.log.append((entry[0] - self.start, self.words(entry)))
        return entry

    def close(self):
        """Leave nothing open: the namespace goes when its sockets have gone."""
        self.calls.close()
        self.tun.close()
