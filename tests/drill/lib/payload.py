# SPDX-License-Identifier: GPL-2.0
"""The bytes of a stream, known from their sequence number alone.

So every segment and every read can be compared without the script saying what
is in it, and a retransmission that carries other bytes than the original fails.
"""

MASK = 0xffffffff


def ours(start, length):
    """What our program writes: a-z by sequence number relative to our ISN."""
    return bytes(97 + (start + i) % 26 for i in range(length))


def theirs(start, length):
    """What the peer sends: A-Z by absolute sequence number."""
    return bytes(65 + ((start + i) & MASK) % 26 for i in range(length))
