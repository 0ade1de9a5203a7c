# SPDX-License-Identifier: GPL-2.0
"""The segment as bytes: building it, taking it apart, and spoiling it on demand.

Two formats with one face: Clasp (docs/protocol.md, sections 2 and 3) and TCP
(RFC 9293 section 3.1), so that the same script can ask both. A Segment is what
a script talks about; a Format turns it into bytes and back.
"""

import struct
from dataclasses import dataclass, field, replace

FLAGS = {"FIN": 0x01, "SYN": 0x02, "RST": 0x04, "PSH": 0x08,
         "ACK": 0x10, "URG": 0x20, "ECE": 0x40, "CWR": 0x80}
FIN, SYN, RST, PSH, ACK, URG, ECE, CWR = FLAGS.values()

END, NOP, MSS, WSCALE, SACKOK, SACK, URGENT, TS, FASTOPEN = 0, 1, 2, 3, 4, 5, 6, 8, 34


class Malformed(Exception):
    """Bytes that are no segment; the message says why."""


@dataclass
class Segment:
    """One segment. The fields under `spoil` exist to build wrong ones."""
    sport: int = 0
    dport: int = 0
    seq: int = 0
    ack: int = 0
    flags: int = 0
    win: int = 0
    urgent: int = 0                              # TCP's pointer field only
    options: list = field(default_factory=list)  # [(name, value ...)]
    payload: bytes = b""
    # spoil
    version: int = 0
    offset: int = None                           # data offset, in words
    cut: int = None                              # bytes of the segment that travel
    badsum: bool = False
    nosum: bool = False                          # the field says 0
    zerosum: bool = False                        # the window is such that the sum is 0

    def length(self):
        """SEG.LEN of RFC 9293: SYN and FIN count one each."""
        return (len(self.payload) + bool(self.flags & SYN) + bool(self.flags & FIN))


def checksum(data):
    """The Internet checksum of RFC 1071."""
    if len(data) % 2:
        data += b"\0"
    total = sum(struct.unpack("!%dH" % (len(data) // 2), data))
    while total >> 16:
        total = (total & 0xffff) + (total >> 16)
    return total ^ 0xffff


def pseudo_header(src, dst, protocol, length):
    """RFC 9293 section 3.1 for IPv4, RFC 8200 section 8.1 for IPv6."""
    if len(src) == 4:
        return src + dst + struct.pack("!BBH", 0, protocol, length)
    return src + dst + struct.pack("!IHBB", length, 0, 0, protocol)


def build_option(name, *value):
    """One option as bytes; `raw` is bytes already."""
    if name == "raw":
        return value[0]
    if name == "nop":
        return bytes([NOP])
    if name == "eol":
        return bytes([END])
    if name == "mss":
        return struct.pack("!BBH", MSS, 4, value[0])
    if name == "ts":
        return struct.pack("!BBII", TS, 10, *value)
    if name == "urg":
        return struct.pack("!BBI", URGENT, 6, value[0])
    if name == "sack":
        return struct.pack("!BB%dI" % len(value), SACK, 2 + 4 * len(value), *value)
    if name == "fastopen":
        return bytes([FASTOPEN, 2 + len(value[0])]) + value[0]
    if name == "sackok":
        return bytes([SACKOK, 2])
    if name == "wscale":
        return bytes([WSCALE, 3, value[0]])
    raise ValueError("unknown option " + name)


def name_option(kind, value):
    """The option as (name, value ...); (raw, bytes) for one that is not known."""
    if kind == MSS and len(value) == 2:
        return ("mss",) + struct.unpack("!H", value)
    if kind == TS and len(value) == 8:
        return ("ts",) + struct.unpack("!II", value)
    if kind == URGENT and len(value) == 4:
        return ("urg",) + struct.unpack("!I", value)
    if kind == SACK and value and len(value) % 8 == 0:
        return ("sack",) + struct.unpack("!%dI" % (len(value) // 4), value)
    if kind == FASTOPEN:
        return ("fastopen", value)
    if kind == SACKOK and not value:
        return ("sackok",)
    if kind == WSCALE and len(value) == 1:
        return ("wscale", value[0])
    return ("raw", bytes([kind, 2 + len(value)]) + value)


def parse_options(data):
    """Every option but padding; Malformed where RFC 9293 MUST-68/69 is broken."""
    found, at = [], 0
    while at < len(data):
        kind = data[at]
        if kind == END:
            if any(data[at:]):
                raise Malformed("padding after the end of options is not zero")
            break
        if kind == NOP:
            at += 1
            continue
        if at + 1 >= len(data) or data[at + 1] < 2 or at + data[at + 1] > len(data):
            raise Malformed("option %d has an impossible length" % kind)
        found.append(name_option(kind, data[at + 2:at + data[at + 1]]))
        at += data[at + 1]
    return found


class Format:
    """What Clasp and TCP have in common: 20 bytes, options, payload, a checksum."""
    protocol = None
    sum_at = win_at = None      # where the checksum is, and the low half of the window

    def build(self, seg, src, dst):
        """The segment as bytes, checksum filled in for these two addresses."""
        options = b"".join(build_option(*o) for o in seg.options)
        options += bytes(-len(options) % 4)
        words = seg.offset if seg.offset is not None else 5 + len(options) // 4
        data = self.header(seg, words) + options + seg.payload
        if seg.cut is not None:
            data = data[:seg.cut]
        total = checksum(pseudo_header(src, dst, self.protocol, len(data)) + data)
        if seg.zerosum:
            window = struct.unpack_from("!H", data, self.win_at)[0] + total
            window = (window & 0xffff) + (window >> 16)
            data = data[:self.win_at] + struct.pack("!H", window) + data[self.win_at + 2:]
        if seg.badsum:
            total ^= 0x5555
        if seg.nosum or seg.zerosum:
            total = 0
        if len(data) >= self.sum_at + 2:
            data = data[:self.sum_at] + struct.pack("!H", total) + data[self.sum_at + 2:]
        return data

    def parse(self, data, src, dst):
        """Bytes of a whole segment to a Segment; Malformed if it is none."""
        if len(data) < 20:
            raise Malformed("%d bytes are no header" % len(data))
        if checksum(pseudo_header(src, dst, self.protocol, len(data)) + data):
            raise Malformed("the checksum is wrong")
        return self.fields(data)

    def split(self, data, words):
        """Options and payload of a segment whose header is this many words long."""
        if words < 5 or words * 4 > len(data):
            raise Malformed("data offset %d of %d bytes" % (words, len(data)))
        return parse_options(data[20:words * 4]), data[words * 4:]

    def faults(self, seg):
        """Sentences about what a well-formed segment still must not do."""
        if not seg.sport or not seg.dport:
            yield "port 0"
        if seg.flags & SYN and not any(o[0] == "mss" for o in seg.options):
            yield "a SYN without MSS (RFC 9293 SHLD-5, docs/protocol.md section 3)"
        if not seg.flags & SYN and any(o[0] == "mss" for o in seg.options):
            yield "MSS on a segment that is no SYN (MUST-65)"


class Clasp(Format):
    """Byte 12 holds version and offset, byte 13 the flags; the window has 32 bits."""
    name = "clasp"
    protocol = 253
    sum_at, win_at = 14, 18
    longest = 45

    def header(self, seg, words):
        return struct.pack("!HHIIBBHI", seg.sport, seg.dport, seg.seq, seg.ack,
                           (seg.version << 6) | (words & 0x3f), seg.flags, 0, seg.win)

    def fields(self, data):
        sport, dport, seq, ack, first, flags, _, win = struct.unpack("!HHIIBBHI", data[:20])
        if first >> 6:
            raise Malformed("version %d" % (first >> 6))
        if first & 0x3f > self.longest:
            raise Malformed("data offset %d" % (first & 0x3f))
        options, payload = self.split(data, first & 0x3f)
        return Segment(sport, dport, seq, ack, flags, win, 0, options, payload)

    def faults(self, seg):
        yield from super().faults(seg)
        if seg.flags & RST and seg.options:
            yield "a RST with options"
        if bool(seg.flags & URG) != any(o[0] == "urg" for o in seg.options):
            yield "URG and its option do not come together"
        if any(o[0] in ("raw", "wscale", "sackok") for o in seg.options):
            yield "an option that Clasp does not have"


class Tcp(Format):
    """TCP's header; what it cannot say (version, a long offset) it leaves out."""
    name = "tcp"
    protocol = 6
    sum_at, win_at = 16, 14
    longest = 15

    def build(self, seg, src, dst):
        """Clasp's urgent pointer is an option and a number, TCP's a field and a distance."""
        pointer = [o[1] for o in seg.options if o[0] == "urg"]
        if pointer:
            seg = replace(seg, urgent=(pointer[0] - seg.seq) & 0xffff,
                          options=[o for o in seg.options if o[0] != "urg"])
        return super().build(seg, src, dst)

    def header(self, seg, words):
        return struct.pack("!HHIIBBHHH", seg.sport, seg.dport, seg.seq, seg.ack,
                           (words & 0xf) << 4, seg.flags, min(seg.win, 0xffff), 0, seg.urgent)

    def fields(self, data):
        sport, dport, seq, ack, first, flags, win, _, urgent = \
            struct.unpack("!HHIIBBHHH", data[:20])
        options, payload = self.split(data, first >> 4)
        if flags & URG:
            options.append(("urg", (seq + urgent) & 0xffffffff))
        return Segment(sport, dport, seq, ack, flags, win, urgent, options, payload)
