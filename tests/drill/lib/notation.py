# SPDX-License-Identifier: GPL-2.0
"""Numbers and packets in the notation of the scripts, both ways.

A value in a script is a number, a sum (`1+2*MSS`), `*` for any, `>N`, `>=N`,
`<N`, `<=N` or `N..M`.
"""

import ast
import operator
import re

from lib.wire import FLAGS

ORDER = ("SYN", "FIN", "RST", "ACK", "PSH", "URG", "ECE", "CWR")
SUMS = {ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul,
        ast.FloorDiv: operator.floordiv}


def evaluate(text, names):
    """The value of a sum over numbers and names."""
    def value(node):
        if isinstance(node, ast.BinOp):
            return SUMS[type(node.op)](value(node.left), value(node.right))
        if isinstance(node, ast.UnaryOp):
            return -value(node.operand)
        if isinstance(node, ast.Name):
            return names[node.id]
        return int(node.value)
    try:
        return value(ast.parse(text, mode="eval").body)
    except (KeyError, AttributeError, SyntaxError, ValueError, TypeError):
        raise ValueError("cannot read the number `%s`" % text) from None


def fits(text, got, names):
    """Is `got` what this value of a script allows?"""
    if text == "*":
        return True
    if ".." in text:
        low, high = text.split("..")
        return evaluate(low, names) <= got <= evaluate(high, names)
    found = re.match(r"^([<>]=?)(.+)$", text)
    if found:
        bound = evaluate(found.group(2), names)
        return {"<": got < bound, "<=": got <= bound,
                ">": got > bound, ">=": got >= bound}[found.group(1)]
    return (got - evaluate(text, names)) % (1 << 32) == 0    # sequence numbers wrap


def flag_words(flags):
    """`SYN ACK`; `none` for no flag at all."""
    return " ".join(n for n in ORDER if flags & FLAGS[n]) or "none"


def option_words(option):
    """One option as a script writes it."""
    return " ".join(v.hex(":") if isinstance(v, bytes) else str(v) for v in option)


def segment_words(seg, arrow, conn, peer):
    """A segment as a script would write it, with numbers relative to our ISN."""
    ours = arrow == ">"
    seqno = conn.relative(seg.seq) if ours else seg.seq
    ackno = seg.ack if ours else conn.relative(seg.ack)
    words = [arrow, flag_words(seg.flags), "seq %d" % seqno]
    if seg.flags & FLAGS["ACK"]:
        words.append("ack %d" % ackno)
    words.append("win %d" % seg.win)
    if seg.payload:
        words.append("len %d" % len(seg.payload))
    if seg.options:
        words.append("<%s>" % ", ".join(option_words(o) for o in seg.options))
    if peer != 8080:
        words.append("%s %d" % ("to" if ours else "from", peer))
    return " ".join(words)
