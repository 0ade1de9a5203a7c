# SPDX-License-Identifier: GPL-2.0
"""Every state, every kind of segment, every place in the window: 500 small scripts.

What each cell must answer is worked out here from RFC 9293 section 3.10.7, check
by check in its order, with RFC 5961 (challenge ACKs), RFC 1337 and RFC 6191
(TIME_WAIT) as docs/protocol.md section 4 takes them. It is not worked out from
any implementation: `drill --show matrix/fin-wait-1-rst-left` prints a cell.

Two points are left open, because good reasons speak for both sides. A segment
that begins exactly at the right edge of the window is unacceptable by the
letter, but that is where a peer stands that has filled the window, and its ACK
is worth reading; so "after" is one further, but for RST and SYN. And a SYN in
the window of a passive SYN_RCVD returns it to LISTEN by the letter, while the
challenge ACK of RFC 5961 keeps a stranger from doing that.
"""

import os

from lib.script import parse

PLACES = ("before", "left", "inside", "right", "after")
IN_WINDOW = ("left", "inside", "right")


class State:
    """How to get there, and where our numbers then stand."""

    def __init__(self, name, una, nxt, rcv, setup, active=False):
        self.name, self.una, self.nxt, self.rcv, self.setup = name, una, nxt, rcv, setup
        self.label = name.lower().replace("_", "-") + "-active" * active
        self.port = "*" if active else "7"
        self.passive = not active


FIN_SENT = "+.010 shutdown(4, SHUT_WR) = 0\n+0 > FIN ACK seq 1 ack 1001\n"
FIN_TAKEN = "+.010 < FIN ACK seq 1001 ack 1\n+0~.5 > ACK seq 1 ack 1002\n"

SYNCHRONIZED = [
    State("SYN_RCVD", 1, 1, 1001,
          "include listening\n+0 < SYN seq 1000 <mss MSS>\n+0 > SYN ACK seq 0 ack 1001\n"),
    State("SYN_RCVD", 1, 1, 1001, "include syn-sent\n+0 < SYN seq 1000 <mss MSS>\n"
          "+0 > SYN ACK seq 0 ack 1001\n", active=True),
    State("ESTABLISHED", 1, 1, 1001, "include established\n"),
    State("FIN_WAIT_1", 1, 2, 1001, "include established\n" + FIN_SENT),
    State("FIN_WAIT_2", 2, 2, 1001,
          "include established\n" + FIN_SENT + "+.010 < ACK seq 1001 ack 2\n"),
    State("CLOSE_WAIT", 1, 1, 1002, "include established\n" + FIN_TAKEN),
    State("CLOSING", 1, 2, 1002, "include established\n" + FIN_SENT
          + "+.010 < FIN ACK seq 1001 ack 1\n+0 > ACK seq 2 ack 1002\n"),
    State("LAST_ACK", 1, 2, 1002, "include established\n" + FIN_TAKEN
          + "+.010 shutdown(4, SHUT_WR) = 0\n+0 > FIN ACK seq 1 ack 1002\n"),
    State("TIME_WAIT", 2, 2, 1002, "include established\n" + FIN_SENT
          + "+.010 < FIN ACK seq 1001 ack 2\n+0 > ACK seq 2 ack 1002\n"),
]

# kind: (flags, acknowledgment, bytes); `una` says nothing new, `nxt` acknowledges our FIN
KINDS = {
    "rst": ("RST", None, 0),
    "rst-ack": ("RST ACK", "unsent", 0),
    "syn": ("SYN", None, 0),
    "syn-ack": ("SYN ACK", "nxt", 0),
    "ack": ("ACK", "una", 0),
    "ack-new": ("ACK", "nxt", 0),
    "ack-unsent": ("ACK", "unsent", 0),
    "ack-old": ("ACK", "old", 0),
    "data": ("ACK PSH", "una", 10),
    "data-no-ack": ("PSH", None, 10),
    "fin": ("FIN ACK", "una", 0),
    "fin-no-ack": ("FIN", None, 0),
    "none": ("none", None, 0),
}

AFTER_FIN = {"CLOSE_WAIT", "CLOSING", "LAST_ACK", "TIME_WAIT"}
FIN_MOVES = {"SYN_RCVD": "CLOSE_WAIT", "ESTABLISHED": "CLOSE_WAIT",
             "FIN_WAIT_1": "CLOSING", "FIN_WAIT_2": "TIME_WAIT"}
ACK_MOVES = {"FIN_WAIT_1": "FIN_WAIT_2", "CLOSING": "TIME_WAIT", "LAST_ACK": "CLOSED"}


class Answer:
    """What comes back (a `>` line without its time, or None), and the state afterwards."""

    def __init__(self, reply, state, wait="+0"):
        self.reply, self.state, self.wait = reply, state, wait


def answer(state, kind, place):
    """RFC 9293 section 3.10.7.4, for the states that have a window."""
    flags, ackno, length = KINDS[kind]
    same = state.name
    ack = "> ACK seq %d ack %d" % (state.nxt, state.rcv)
    maybe = ">?" + ack[1:]

    if state.name == "TIME_WAIT" and "RST" in flags:            # RFC 1337
        return Answer(None, same)
    if state.name == "TIME_WAIT" and flags == "SYN" and place in ("inside", "right", "after"):
        return Answer("> SYN ACK seq new ack *", "SYN_RCVD")    # RFC 6191
    # first, the sequence number
    if place not in IN_WINDOW:
        if "RST" in flags:
            return Answer(None, same)
        if state.name == "SYN_RCVD" and (kind, place) == ("syn", "before"):
            return Answer("> SYN? ACK seq 0..1 ack 1001", same)  # our SYN+ACK was lost
        if not state.passive and (kind, place) == ("syn-ack", "before"):
            return Answer(maybe, "ESTABLISHED|SYN_RCVD")        # section 3.5, figure 7
        return Answer(ack, same)
    # second, RST
    if "RST" in flags:
        return Answer(None, "CLOSED") if place == "left" else Answer(ack, same)
    # fourth, SYN
    if "SYN" in flags:
        if state.name == "SYN_RCVD" and state.passive:
            return Answer(maybe, "CLOSED|SYN_RCVD")
        return Answer(ack, same)
    # fifth, ACK
    if "ACK" not in flags:
        return Answer(None, same)
    if ackno in ("unsent", "old"):
        if state.name == "SYN_RCVD":
            return Answer("> RST seq %s" % number(state, ackno), same)
        return Answer(maybe if state.name == "TIME_WAIT" else ack, same)
    if state.name == "SYN_RCVD":
        same = "ESTABLISHED"
    if ackno == "nxt":
        same = ACK_MOVES[state.name]
    # seventh, text, and eighth, FIN
    return text_and_fin(state, kind, place, same, ack, maybe)


def text_and_fin(state, kind, place, same, ack, maybe):
    """The last checks, for a segment that got so far."""
    if kind not in ("data", "fin"):
        # TIME_WAIT expects a FIN again and nothing else: an ACK is allowed
        return Answer(maybe if state.name == "TIME_WAIT" else None, same)
    if state.name in AFTER_FIN:
        return Answer(maybe, same)                               # "should not occur": ignore
    if place != "left":
        return Answer(ack, same)                                 # a gap: duplicate ACK
    taken = KINDS[kind][2] + (kind == "fin")
    reply = "> ACK seq %d ack %d" % (state.nxt, state.rcv + taken)
    return Answer(reply, FIN_MOVES[state.name] if kind == "fin" else same, "+0~.5")


def number(state, ackno):
    """The acknowledgment number that a word of KINDS stands for."""
    return {"una": state.una, "nxt": state.nxt, "unsent": state.nxt + 1000,
            "old": "%d-100000" % state.una}[ackno]


def at(place, length, flags):
    """The sequence number of a segment of this length at this place."""
    span = max(length, 1)
    edge = "edge" if "RST" in flags or "SYN" in flags else "edge+1"
    return {"before": "nxt-%d" % span, "left": "nxt", "inside": "nxt+100",
            "right": "edge-%d" % span, "after": edge}[place]


def windowed():
    """The cells of all states that have a window: (name, setup, stimulus, answer)."""
    for state in SYNCHRONIZED:
        for kind, (flags, ackno, length) in KINDS.items():
            if kind == "ack-new" and state.name not in ACK_MOVES:
                continue
            for place in PLACES:
                if (state.name, kind, place) == ("TIME_WAIT", "syn", "left"):
                    continue    # RFC 6191 leaves open whether this is "greater"
                span = length + kind.startswith("fin")
                stimulus = "< %s seq %s" % (flags, at(place, span, flags))
                stimulus += " ack %s" % number(state, ackno) if ackno else ""
                stimulus += " len %d" % length if length else ""
                yield (state.label, kind + "-" + place, state.setup, stimulus,
                       answer(state, kind, place), state.port)


# LISTEN and CLOSED have no window: the answer hangs on the flags alone.
# (name, segment, answer in CLOSED, answer in LISTEN)
NO_WINDOW = [
    ("rst", "RST seq 1000", None, None),
    ("rst-ack", "RST ACK seq 1000 ack 5000", None, None),
    ("ack", "ACK seq 1000 ack 5000", "> RST seq 5000", "> RST seq 5000"),
    ("syn-ack", "SYN ACK seq 1000 ack 5000", "> RST seq 5000", "> RST seq 5000"),
    ("fin-ack", "FIN ACK seq 1000 ack 5000", "> RST seq 5000", "> RST seq 5000"),
    ("data", "ACK PSH seq 1000 ack 5000 len 10", "> RST seq 5000", "> RST seq 5000"),
    ("syn", "SYN seq 1000", "> RST ACK seq 0 ack 1001", "> SYN ACK seq 0 ack 1001"),
    ("fin", "FIN seq 1000", "> RST ACK seq 0 ack 1001", None),
    ("data-no-ack", "PSH seq 1000 len 10", "> RST ACK seq 0 ack 1010", None),
    ("none", "none seq 1000", "> RST ACK seq 0 ack 1000", None),
]

# RFC 9293 section 3.10.7.3; our SYN has number 0, so 1 is the right acknowledgment
IN_SYN_SENT = [
    ("rst", "RST seq 1000", None, "SYN_SENT"),
    ("rst-ack-right", "RST ACK seq 0 ack 1", None, "CLOSED"),
    ("rst-ack-low", "RST ACK seq 0 ack 0", None, "SYN_SENT"),
    ("rst-ack-high", "RST ACK seq 0 ack 2", None, "SYN_SENT"),
    ("syn", "SYN seq 1000", "> SYN ACK seq 0 ack 1001", "SYN_RCVD"),
    ("syn-ack-right", "SYN ACK seq 1000 ack 1", "> ACK seq 1 ack 1001", "ESTABLISHED"),
    ("syn-ack-low", "SYN ACK seq 1000 ack 0", "> RST seq 0", "SYN_SENT"),
    ("syn-ack-high", "SYN ACK seq 1000 ack 2", "> RST seq 2", "SYN_SENT"),
    ("ack-right", "ACK seq 1000 ack 1", None, "SYN_SENT"),
    ("ack-low", "ACK seq 1000 ack 0", "> RST seq 0", "SYN_SENT"),
    ("ack-high", "ACK seq 1000 ack 2", "> RST seq 2", "SYN_SENT"),
    ("fin-right", "FIN ACK seq 1000 ack 1", None, "SYN_SENT"),
    ("fin-low", "FIN ACK seq 1000 ack 0", "> RST seq 0", "SYN_SENT"),
    ("fin-no-ack", "FIN seq 1000", None, "SYN_SENT"),
    ("data-right", "ACK PSH seq 1000 ack 1 len 10", None, "SYN_SENT"),
    ("data-no-ack", "PSH seq 1000 len 10", None, "SYN_SENT"),
    ("none", "none seq 1000", None, "SYN_SENT"),
]


def windowless():
    """The cells of CLOSED, LISTEN and SYN_SENT."""
    for name, segment, closed, listen in NO_WINDOW:
        after = "SYN_RCVD" if name == "syn" else "CLOSED"
        yield "closed", name, "", "< " + segment, Answer(closed, "CLOSED"), "7"
        yield "listen", name, "include listening\n", "< " + segment, Answer(listen, after), "7"
    for name, segment, reply, after in IN_SYN_SENT:
        # a wrong answer may mean that ours was lost: a SYN at once is allowed
        extra = "\n+0~.05 >? SYN seq 0" if after == "SYN_SENT" else ""
        yield ("syn-sent", name, "include syn-sent\n", "< " + segment,
               Answer((reply or "> nothing for .005") + extra, after), "*")


# Where Linux's TCP is known to answer otherwise: (states, kinds, places, why)
NO_ACK = ("data-no-ack", "fin-no-ack", "none")
LATE = ("close-wait", "closing", "last-ack")
OPEN = ("established", "fin-wait-1", "fin-wait-2") + LATE
LINUX = [
    (("syn-rcvd", "syn-rcvd-active") + OPEN, ("rst", "rst-ack"), ("after",),
     "Linux counts the right edge itself as inside the window"),
    (("syn-rcvd-active",) + OPEN, NO_ACK, ("before", "after"),
     "Linux looks for ACK before it looks at the number"),
    (LATE, ("rst", "rst-ack"), ("before",), "Linux takes a RST with the number of the FIN"),
    (("syn-rcvd",), ("syn", "syn-ack"), IN_WINDOW, "Linux answers with RST"),
    (("syn-rcvd",), ("ack-old", "ack-unsent"), ("before", "after"),
     "Linux looks at the acknowledgment before the number"),
    (("syn-rcvd-active",), ("data", "fin"), ("before",),
     "Linux reads the acknowledgment of a segment that ends where the window begins"),
    (("time-wait",), NO_ACK, IN_WINDOW, "Linux acknowledges all that is not exactly next"),
    (("syn-rcvd",), ("rst", "rst-ack"), ("inside", "right"),
     "Linux up to 6.12 lets any RST in the window end a request"),
    (OPEN, ("ack-unsent",), IN_WINDOW, "Linux up to 6.12 drops it without an answer"),
]


def differs(state, kind, place):
    """The line that says why TCP cannot pass this cell, if it cannot."""
    for states, kinds, places, why in LINUX:
        if state in states and kind in kinds and place in places:
            return "# tcp: differs because %s\n" % why
    return ""


def scripts(root):
    """All cells as scripts of the group `matrix`."""
    include = os.path.join(root, "include")
    made = []
    for state, name, setup, stimulus, right, port in list(windowless()) + list(windowed()):
        full = state + "-" + name
        reply = "%s %s\n" % (right.wait, right.reply) if right.reply else ""
        kind, _, place = name.rpartition("-")
        text = ("# matrix: in %s: %s\n" % (state, stimulus) + differs(state, kind, place)
                + setup + "+.010 " + stimulus + "\n" + reply
                + "+0 > nothing for .02\n+0 seen(%s, 8080) = %s\n" % (port, right.state))
        made.append(parse(text, "matrix", full, include))
    return made
