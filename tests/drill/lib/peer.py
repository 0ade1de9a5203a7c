# SPDX-License-Identifier: GPL-2.0
"""The peer: `<` lines, and the few things that it does by itself."""

from lib import ip, notation, tun, wire
from lib.payload import MASK, theirs
from lib.script import raw_bytes

PORT = 8080
USUAL = {"seq", "ack", "win", "len", "from"}


class Peer:
    """The other end of the TUN device."""

    def __init__(self, player):
        self.player, self.world = player, player.world
        self.there, self.here = tun.pack(self.world.remote), tun.pack(self.world.local)

    def inject(self, event):
        """Build what a `<` line says and let it arrive at its time."""
        f, number = event.fields, self.player.number
        port = number(f.get("from", str(PORT)))
        conn = self.player.conn(port)
        src = tun.pack(self.world.place(f.get("src", "REMOTE")))
        dst = tun.pack(self.world.place(f.get("dst", "LOCAL")))
        how = {k: number(f[k]) for k in ("ttl", "tos", "frag") if k in f}
        how.update({k: raw_bytes(f[k]) for k in ("ipopt", "dstopt") if k in f})
        self.player.reached()
        if event.icmp:
            self.inject_icmp(event, conn, src, dst)
            return
        seg = self.segment(event, conn, port)
        extra = [k if f[k] is True else "%s %s" % (k, f[k]) for k in sorted(set(f) - USUAL)]
        self.player.note(" ".join([notation.segment_words(seg, "<", conn, port)] + extra))
        self.send(src, dst, seg, **how)

    def send(self, src, dst, seg, **how):
        """A segment in one IP packet or in several."""
        form = self.world.format
        for packet in ip.build(src, dst, form.protocol, form.build(seg, src, dst), **how):
            self.player.tun.write(packet)

    def segment(self, event, conn, port):
        """The Segment of a `<` line."""
        f = event.fields

        def number(key, otherwise=0):
            return self.player.number(f[key], conn) if key in f else otherwise

        seq, syn = number("seq") & MASK, bool(event.flags & wire.SYN)
        if syn and conn.their_isn is None:
            conn.their_isn = seq
        conn.literal_in |= event.text is not None
        return wire.Segment(
            sport=port, dport=number("to", conn.local), seq=seq,
            ack=conn.absolute(number("ack")) if "ack" in f else 0,
            flags=event.flags, win=number("win", 65535), urgent=number("urgptr"),
            options=[self.option(o, conn) for o in event.options or ()],
            payload=event.text if event.text is not None else theirs(seq + syn, number("len")),
            version=number("version"), offset=number("offset", None), cut=number("cut", None),
            badsum="badsum" in f, nosum="nosum" in f, zerosum="zerosum" in f)

    def option(self, option, conn):
        """Numbers for the words of an option; `ts 110 *` echoes what we sent last."""
        name, *values = option

        def number(text):
            return self.player.number(text, conn)

        if name == "ts" and values[1] == "*":
            values[1] = str(conn.tsval)
        if name == "sack":
            return (name, *(conn.absolute(number(v)) for v in values))
        return (name, *(v if isinstance(v, bytes) else number(v) for v in values))

    def inject_icmp(self, event, conn, src, dst):
        """An ICMP error about the last packet that we sent to this port."""
        f, number = event.fields, self.player.number
        if not conn.sent:
            raise ValueError("nothing was sent that ICMP could quote")
        quote, head = conn.sent[-1], self.world.ip_header
        if "quoting" in f:
            seq = conn.absolute(number(f["quoting"]))
            quote = quote[:head + 4] + seq.to_bytes(4, "big") + quote[head + 8:]
        quote = quote[:head + number(f.get("cut", "64"))]
        self.player.note("< icmp " + " ".join([event.icmp] + ["%s %s" % i for i in f.items()]))
        packet = ip.build_error(event.icmp, src, dst, quote, number(f.get("mtu", "0")))
        if packet:
            self.player.tun.write(packet)

    # -- of its own accord -------------------------------------------------------

    def fill(self, port):
        """Send all that our window takes, again and again, and take the ACKs; the last window."""
        player, conn, window = self.player, self.player.conn(port), 1
        for _ in range(40):
            room = (conn.edge - conn.nxt) & MASK
            if not room:
                break
            seg = wire.Segment(port, conn.local, conn.nxt, conn.sent_to, wire.ACK, 65535,
                               payload=theirs(conn.nxt, min(room, 16384)))
            player.note(notation.segment_words(seg, "<", conn, port))
            self.send(self.there, self.here, seg)
            player.wait_for_packet(player.now() + .5)
            while player.queue:
                window = player.take_first()[2].win
        return window

    def probes(self, port, seconds, answered):
        """Take all that comes for so long, each answered with a window of 0 or not at all."""
        player, conn, probes = self.player, self.player.conn(port), 0
        end, una = player.now() + seconds, conn.sent_to
        while player.now() < end:
            player.wait_for_packet(end)
            while player.queue:
                player.take_first()
                probes += 1
                if answered:
                    seg = wire.Segment(port, conn.local, conn.nxt, una, wire.ACK, 0)
                    self.send(self.there, self.here, seg)
        return probes

    def flood(self, port, segments):
        """Send all of these; what came meanwhile, and shortly after."""
        player, what = self.player, []
        for seg in segments:
            self.send(self.there, self.here, seg)
            player.take_packets()
        end = player.now() + .1
        while player.now() < end:
            player.wait_for_packet(end)
            while player.queue:
                what.append(player.queue.pop(0)[2])     # the ladder need not show each
        player.note("< %d segments, answered by %d" % (len(segments), len(what)))
        return what

    def fins(self, port, count):
        """FINs without text behind a gap of 100, each further on; how many were answered."""
        conn = self.player.conn(port)
        return len(self.flood(port, [
            wire.Segment(port, conn.local, (conn.nxt + 100 + i) & MASK, conn.sent_to,
                         wire.FIN | wire.ACK, 65535) for i in range(count)]))

    def duplicates(self, port, ack, count):
        """The same ACK again and again; how many octets were sent that had not been before."""
        conn = self.player.conn(port)
        before = conn.sent_to
        self.flood(port, [wire.Segment(port, conn.local, conn.nxt, conn.absolute(ack),
                                       wire.ACK, 65535)] * count)
        return (conn.sent_to - before) & MASK
