# SPDX-License-Identifier: GPL-2.0
"""What was seen of one connection: the numbers that later lines refer to."""

from lib import wire
from lib.payload import MASK


def tsval_of(seg, otherwise):
    """The TSval of a segment, or another where it has none."""
    return next((o[1] for o in seg.options if o[0] == "ts"), otherwise)


class Conn:
    """A connection, known by the peer's port."""

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
        """Our absolute number as scripts write it."""
        return (number - (self.isn or 0)) & MASK

    def absolute(self, number):
        """A number of ours in a script as it travels."""
        return (number + (self.isn or 0)) & MASK

    def watch(self, seg, data):
        """Learn from a segment of ours; `data` is its whole packet."""
        if seg.flags & wire.SYN:
            self.local = seg.sport
            if self.isn is None:
                self.isn = seg.seq
            if seg.flags & wire.ACK:
                self.their_isn = (seg.ack - 1) & MASK
        self.tsval = tsval_of(seg, self.tsval)
        self.sent.append(data)
        end = (seg.seq + seg.length()) & MASK
        if seg.flags & wire.SYN or (end - self.sent_to) & MASK < 1 << 31:
            self.sent_to = end
        if seg.flags & wire.ACK and not seg.flags & wire.RST:
            self.nxt = seg.ack
            edge = (seg.ack + seg.win) & MASK
            if seg.flags & wire.SYN or (edge - self.edge) & MASK < 1 << 31:
                self.edge = edge

    def matched(self, seg, is_new):
        """A line of the script has taken this segment of ours."""
        if is_new:
            self.old_isn, self.isn = self.isn, seg.seq
        self.last = tsval_of(seg, self.last)
