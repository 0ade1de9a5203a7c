# SPDX-License-Identifier: GPL-2.0
"""A packet of ours against a `>` line: in which points it is not what the line says."""

from lib import ip, notation, tun, wire
from lib.payload import ours
from lib.peer import PORT as PEER


def differences(event, packet, what, conn, world, names):
    """Sentences, none if the packet fits; `what` is its Segment, its IcmpError or None."""
    if event.icmp or not isinstance(what, wire.Segment):
        name = what.name if isinstance(what, ip.IcmpError) else "segment"
        return [] if name == event.icmp else ["it is no " + (event.icmp or "segment")]
    names = dict(names, nxt=conn.nxt, last=conn.last)
    return (flags_differ(event, what) + fields_differ(event, packet, what, conn, names)
            + addresses_differ(event, packet, world) + payload_differs(event, what, conn)
            + options_differ(event, what, conn, names))


def flags_differ(event, seg):
    if (seg.flags & ~event.maybe) == (event.flags & ~event.maybe):
        return []
    return ["the flags are " + notation.flag_words(seg.flags)]


def fields_differ(event, packet, seg, conn, names):
    """Numbers: those that the line names, and ports, length and ACK in any case."""
    got = {"seq": conn.relative(seg.seq), "ack": seg.ack, "win": seg.win,
           "len": len(seg.payload), "to": seg.dport, "from": seg.sport,
           "ttl": packet.ttl, "tos": packet.tos, "urgptr": seg.urgent}
    want = {"len": "*" if event.text is not None else "0", "to": str(PEER),
            "from": str(conn.local), "ack": "*" if event.flags & wire.ACK else "0",
            **event.fields}
    if want.get("seq") == "new":
        want["seq"] = "*"
    return ["%s is %d" % (key, got[key]) for key in want
            if key in got and not notation.fits(want[key], got[key], names)]


def addresses_differ(event, packet, world):
    wrong = []
    for key, usual, got in (("src", "LOCAL", packet.src), ("dst", "REMOTE", packet.dst)):
        if got != tun.pack(world.place(event.fields.get(key, usual))):
            wrong.append("%s is %s" % (key, tun.text(got)))
    return wrong


def payload_differs(event, seg, conn):
    start = conn.relative(seg.seq) + bool(seg.flags & wire.SYN)
    if event.text is not None:
        right = event.text
    elif conn.literal_out:
        return []
    else:
        right = ours(start, len(seg.payload))
    return [] if seg.payload == right else ["the payload is %r" % seg.payload[:40]]


def options_differ(event, seg, conn, names):
    """Order and alignment are free; `...` allows others beside the ones named."""
    if event.options is None:
        return []
    wrong, left = [], {o[0]: o[1:] for o in seg.options}
    if "urg" in left:
        left["urg"] = conn.relative(left["urg"][0]),
    for name, *values in event.options:
        got = left.pop(name, None)
        if got is None:
            wrong.append("there is no " + name)
        elif name != "raw" and not all(
                notation.fits(v, g, names) for v, g in zip(values, got)):
            wrong.append("it has " + notation.option_words((name, *got)))
    if left and not event.more_options:
        wrong += ["it has " + notation.option_words((n, *v)) for n, v in left.items()]
    return wrong
