# SPDX-License-Identifier: GPL-2.0
"""Playing one script: the clock, the peer, and the comparison.

Time is measured from the line before: a packet's line happens when the packet
arrives, a call's when it is made, a resumed call's when it came back. Nothing
here spins: every wait is a select() with a time limit, so that a kernel whose
clock jumps when it is idle can jump.
"""

import os
import select
import time

from lib import ip, notation, tun, wire
from lib.calls import Calls
from lib.payload import MASK, ours, theirs
from lib.script import CallEvent, PacketEvent, Silence, raw_bytes

PEER, PORT = 8080, 7
SLACK, SHARE = .040, .15        # how late (or early): the timer wheel is late by an eighth
GRACE = .050                    # how long the end of a script listens
# ICMP that is no answer to a segment: echo replies (0, 129), MLD, neighbour discovery
CHATTER = {0, 129, 130, 131, 132, 133, 134, 135, 136, 143}


class Fail(Exception):
    """The kernel did not do what the script says."""


class Conn:
    """What was seen on one connection, known by the peer's port."""

    def __init__(self, local):
        self.local = local          # our port
        self.isn = None             # our initial sequence number, absolute
        self.old_isn = None         # the one before, when the pair was opened again
        self.their_isn = None
        self.sent_to = 0            # the sequence number after all that we sent
        self.tsval = 0              # the last TSval that we sent
        self.last = 0               # the TSval that the line before saw
        self.nxt = self.edge = 0    # what we acknowledged, and how far our window reached
        self.sent = []              # our packets, for ICMP to quote
        self.literal_in = False     # payload in quotes was used: no pattern to compare
        self.literal_out = False

    def relative(self, number):
        return (number - (self.isn or 0)) & MASK

    def absolute(self, number):
        return (number + (self.isn or 0)) & MASK


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
        self.calls = Calls(self)
        self.start = self.prev = self.stimulus = self.now()

    @staticmethod
    def now():
        return time.monotonic()

    def conn(self, port):
        if port not in self.conns:
            self.conns[port] = Conn(self.local)
        return self.conns[port]

    def number(self, text, conn=None):
        names = dict(self.names, nxt=conn.nxt, edge=conn.edge) if conn else self.names
        return notation.evaluate(text, names)

    def note(self, text):
        """A line of the ladder that a failure shows."""
        self.log.append((self.now() - self.start, text))

    def ladder(self):
        """All that happened, in order, as lines of text."""
        left = [(entry[0] - self.start, self.words(entry) + "   (no line took it)")
                for entry in self.queue]
        return ["%9.3f  %s" % pair for pair in sorted(self.log + left, key=lambda p: p[0])]

    # -- waiting ---------------------------------------------------------------

    def pump(self, until, wanted=None):
        """Read packets until this moment, or until the descriptor `wanted` is ready."""
        while True:
            left = max(0.0, until - self.now())
            ready, _, _ = select.select([self.tun.fd] + ([wanted] if wanted else []), [], [], left)
            if self.tun.fd in ready:
                self.take_packets()
            if wanted in ready:
                return True
            if not ready and self.now() >= until:
                return False

    def take_packets(self):
        while (data := self.tun.read()) is not None:
            self.take(data, self.now())

    def take(self, data, when):
        """Check a packet from the kernel and queue it for the lines that expect it."""
        try:
            packet = ip.parse(data)
            if packet.protocol in (ip.ICMP4, ip.ICMP6):
                if error := ip.parse_error(packet):
                    self.queue.append((when, packet, error))
                elif packet.payload[0] not in CHATTER:
                    self.queue.append((when, packet, None))
            elif packet.protocol == self.world.format.protocol:
                seg = self.world.format.parse(packet.payload, packet.src, packet.dst)
                self.watch(seg, data)
                self.queue.append((when, packet, seg))
        except wire.Malformed as wrong:
            raise Fail("sent malformed: %s: %s" % (wrong, data.hex())) from None

    def watch(self, seg, data):
        """Learn from a segment of ours what later lines refer to."""
        for fault in self.world.format.faults(seg):
            raise Fail("sent a segment that nobody may send: " + fault)
        conn = self.conn(seg.dport)
        if seg.flags & wire.SYN:
            conn.local = seg.sport
            if conn.isn is None:
                conn.isn = seg.seq
            if seg.flags & wire.ACK:
                conn.their_isn = (seg.ack - 1) & MASK
        conn.tsval = self.tsval_of(seg, conn.tsval)
        conn.sent.append(data)
        end = (seg.seq + seg.length()) & MASK
        if seg.flags & wire.SYN or (end - conn.sent_to) & MASK < 1 << 31:
            conn.sent_to = end
        if not seg.flags & wire.RST and seg.flags & wire.ACK:
            conn.nxt = seg.ack
            edge = (seg.ack + seg.win) & MASK
            if seg.flags & wire.SYN or (edge - conn.edge) & MASK < 1 << 31:
                conn.edge = edge

    # -- the script ------------------------------------------------------------

    def play(self):
        """All lines, then silence; Fail when the kernel does something else."""
        for event in self.script.events:
            self.event = event
            self.when = (self.prev if event.relative else self.start) + event.at
            if isinstance(event, PacketEvent):
                self.inject(event) if event.inject else self.expect(event)
            elif isinstance(event, Silence):
                self.silence(event.length)
            elif isinstance(event, CallEvent):
                self.calls.make(event)
        self.event = None
        self.when = self.prev
        self.silence(GRACE)

    def reached(self):
        """Sleep until the line's moment; it is now."""
        self.pump(self.when)
        self.prev = self.stimulus = self.now()

    def silence(self, length):
        self.pump(self.when + length)
        if self.queue:
            raise Fail("expected nothing, got  %s" % self.words(self.queue[0]))
        self.prev = self.now()

    def words(self, entry):
        """A queued packet in the notation."""
        _, packet, what = entry
        if isinstance(what, ip.IcmpError):
            return "> icmp %s mtu %d" % (what.name, what.mtu)
        if what is None:
            return "> protocol %d %s" % (packet.protocol, packet.payload[:8].hex())
        return notation.segment_words(what, ">", self.conn(what.dport), what.dport)

    # -- `<` -------------------------------------------------------------------

    def inject(self, event):
        """Build what the line says and let it arrive."""
        f = event.fields
        peer = self.number(f.get("from", str(PEER)))
        conn = self.conn(peer)
        src = tun.pack(self.world.place(f.get("src", "REMOTE")))
        dst = tun.pack(self.world.place(f.get("dst", "LOCAL")))
        how = {k: self.number(f[k]) for k in ("ttl", "tos", "frag") if k in f}
        how.update({k: raw_bytes(f[k]) for k in ("ipopt", "dstopt") if k in f})
        self.reached()
        if event.icmp:
            self.inject_icmp(event, conn, src, dst)
        else:
            seg = self.segment(event, conn, peer)
            extra = sorted(set(f) - {"seq", "ack", "win", "len", "from"})
            self.note(" ".join([notation.segment_words(seg, "<", conn, peer)]
                               + [k if f[k] is True else "%s %s" % (k, f[k]) for k in extra]))
            self.send(src, dst, seg, **how)

    def send(self, src, dst, seg, **how):
        """A segment from the peer, in one IP packet or in several."""
        form = self.world.format
        for packet in ip.build(src, dst, form.protocol, form.build(seg, src, dst), **how):
            self.tun.write(packet)

    def segment(self, event, conn, peer):
        """The Segment of a `<` line."""
        f, number = event.fields, lambda key, other: self.number(f.get(key, other), conn)
        seq, syn = number("seq", "0") & MASK, bool(event.flags & wire.SYN)
        if syn and conn.their_isn is None:
            conn.their_isn = seq
        conn.literal_in |= event.text is not None
        payload = event.text if event.text is not None else theirs(seq + syn, number("len", "0"))
        return wire.Segment(
            sport=peer, dport=number("to", str(conn.local)), seq=seq,
            ack=conn.absolute(number("ack", "0")) if "ack" in f else 0,
            flags=event.flags, win=number("win", "65535"), urgent=number("urgptr", "0"),
            options=[self.option(o, conn) for o in event.options or ()], payload=payload,
            version=number("version", "0"), offset=number("offset", "0") if "offset" in f else None,
            cut=number("cut", "0") if "cut" in f else None, badsum="badsum" in f, nosum="nosum" in f, zerosum="zerosum" in f)

    def fill(self, peer):
        """Send all that our window takes, again and again, and take the ACKs; the last window."""
        conn, window = self.conn(peer), 1
        for _ in range(40):
            room = (conn.edge - conn.nxt) & MASK
            if not room:
                break
            seg = wire.Segment(peer, conn.local, conn.nxt, conn.sent_to,
                               wire.ACK, 65535, payload=theirs(conn.nxt, min(room, 16384)))
            self.note(notation.segment_words(seg, "<", conn, peer))
            src, dst = tun.pack(self.world.remote), tun.pack(self.world.local)
            self.send(src, dst, seg)
            self.pump_for_packet(self.now() + .5)
            while self.queue:
                window = self.take_first()[2].win
        return window

    def probes(self, peer, seconds, answered):
        """Take all that comes for so long, each answered with a window of 0 or not at all."""
        conn, end, probes = self.conn(peer), self.now() + seconds, 0
        una = conn.sent_to
        while self.now() < end:
            self.pump_for_packet(end)
            while self.queue:
                self.take_first()
                probes += 1
                if answered:
                    seg = wire.Segment(peer, conn.local, conn.nxt, una, wire.ACK, 0)
                    self.send(tun.pack(self.world.remote), tun.pack(self.world.local), seg)
        return probes

    def take_first(self):
        """The oldest packet, out of the queue and into the ladder."""
        entry = self.queue.pop(0)
        self.log.append((entry[0] - self.start, self.words(entry)))
        return entry

    def option(self, option, conn):
        """Numbers for the words of an option; `ts 110 *` echoes what we sent last."""
        name, *values = option
        if name == "ts" and values[1] == "*":
            values[1] = str(conn.tsval)
        if name == "sack":
            return (name, *(conn.absolute(self.number(v)) for v in values))
        return (name, *(v if isinstance(v, bytes) else self.number(v) for v in values))

    def inject_icmp(self, event, conn, src, dst):
        """An ICMP error about the last packet that we sent to this peer."""
        f = event.fields
        if not conn.sent:
            raise Fail("nothing was sent that ICMP could quote")
        quote, head = conn.sent[-1], self.world.ip_header
        if "quoting" in f:
            seq = conn.absolute(self.number(f["quoting"]))
            quote = quote[:head + 4] + seq.to_bytes(4, "big") + quote[head + 8:]
        quote = quote[:head + self.number(f.get("cut", "64"))]
        self.note("< icmp %s" % " ".join([event.icmp] + ["%s %s" % i for i in f.items()]))
        packet = ip.build_error(event.icmp, src, dst, quote, self.number(f.get("mtu", "0")))
        if packet:
            self.tun.write(packet)

    # -- `>` -------------------------------------------------------------------

    def slack(self, event):
        slack = event.slack if event.slack is not None else max(SLACK, SHARE * event.at)
        return slack * self.factor

    def expect(self, event):
        """The next packet from the kernel must be this one, at this time."""
        slack = self.slack(event)
        if not self.queue:
            self.pump_for_packet(self.when + slack)
        if event.optional:
            if self.queue and not self.differences(event, self.queue[0]):
                self.matched(event)
            return
        if not self.queue:
            raise Fail("expected  %s\ngot       nothing until %.3f s" % (
                event.source, self.now() - self.start))
        entry = self.queue[0]
        wrong = self.differences(event, entry)
        late = entry[0] - self.when
        if not wrong and abs(late) > slack:
            wrong = ["it came %.3f s too %s (%.3f s are allowed)" % (
                abs(late), "late" if late > 0 else "early", slack)]
        if wrong:
            raise Fail("expected  %s\ngot       %s\nbecause   %s" % (
                event.source, self.words(entry), "; ".join(wrong)))
        self.matched(event)

    def pump_for_packet(self, until):
        """Wait for the first packet, not longer than until then."""
        while not self.queue:
            left = until - self.now()
            if left <= 0:
                return
            select.select([self.tun.fd], [], [], left)
            self.take_packets()

    def matched(self, event):
        when, _, what = entry = self.queue.pop(0)
        if event.fields.get("seq") == "new":
            conn = self.conn(what.dport)
            conn.old_isn, conn.isn = conn.isn, what.seq
        if isinstance(what, wire.Segment):
            self.conn(what.dport).last = self.tsval_of(what, self.conn(what.dport).last)
        self.log.append((when - self.start, self.words(entry)))
        self.prev = when

    @staticmethod
    def tsval_of(seg, otherwise):
        return next((o[1] for o in seg.options if o[0] == "ts"), otherwise)

    def differences(self, event, entry):
        """In which points a packet is not what the line says."""
        _, packet, what = entry
        if event.icmp or not isinstance(what, wire.Segment):
            name = what.name if isinstance(what, ip.IcmpError) else "segment"
            return [] if name == event.icmp else ["it is no " + (event.icmp or "segment")]
        conn, f = self.conn(what.dport), event.fields
        wrong = []
        if (what.flags & ~event.maybe) != (event.flags & ~event.maybe):
            wrong.append("the flags are " + notation.flag_words(what.flags))
        got = {"seq": conn.relative(what.seq), "ack": what.ack, "win": what.win,
               "len": len(what.payload), "to": what.dport, "from": what.sport,
               "ttl": packet.ttl, "tos": packet.tos, "urgptr": what.urgent}
        want = {"len": "*" if event.text is not None else "0", "to": str(PEER),
                "from": str(conn.local), "ack": "*" if event.flags & wire.ACK else "0", **f}
        if want.get("seq") == "new":
            want["seq"] = str(got["seq"])
        for key in [k for k in want if k in got]:
            if not notation.fits(want[key], got[key], dict(self.names, nxt=conn.nxt)):
                wrong.append("%s is %d" % (key, got[key]))
        for key, address in (("src", packet.src), ("dst", packet.dst)):
            if address != tun.pack(self.world.place(f.get(key, "LOCAL" if key == "src" else "REMOTE"))):
                wrong.append("%s is %s" % (key, tun.text(address)))
        return wrong + self.payload_differs(event, what, conn) + self.options_differ(event, what, conn)

    @staticmethod
    def payload_differs(event, seg, conn):
        start = conn.relative(seg.seq) + bool(seg.flags & wire.SYN)
        if event.text is not None:
            right = event.text
        elif conn.literal_out:
            return []
        else:
            right = ours(start, len(seg.payload))
        return [] if seg.payload == right else ["the payload is %r" % seg.payload[:40]]

    def options_differ(self, event, seg, conn):
        """Order and alignment are free; `...` allows others beside the ones named."""
        if event.options is None:
            return []
        wrong, left = [], {o[0]: o[1:] for o in seg.options}
        for name, *values in event.options:
            got = left.pop(name, None)
            if got is None:
                wrong.append("there is no " + name)
            elif name != "raw" and not all(
                    notation.fits(v, g, dict(self.names, last=conn.last)) for v, g in zip(values, got)):
                wrong.append("it has " + notation.option_words((name, *got)))
        if left and not event.more_options:
            wrong += ["it has " + notation.option_words((n, *v)) for n, v in left.items()]
        return wrong

    def close(self):
        os.close(self.tun.fd)
