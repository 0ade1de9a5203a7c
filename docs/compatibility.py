#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make docs/compatibility.md: each call and option over TCP or UDP, and over Clasp.

usage: docs/compatibility.py [--check] FILE     --check: say whether it is current

FILE is what tests/both prints (tests/both/both.c says in which form). The page has a row for
each call, flag, ioctl or option and each type of socket: how many cases there are, how many
hold over each protocol on both IP versions, and where the two are meant to differ.
"""

import os
import re
import sys

sys.dont_write_bytecode = True
os.chdir(os.path.join(os.path.dirname(os.path.realpath(__file__)), ".."))

PAGE = "docs/compatibility.md"
RESULT = re.compile(r"(ok|not ok) (stream|dgram)\.(\w+)\.(good|edge|error)\.(\w+)\.(\w+)\.(v[46])$")
HEAD = """<!-- SPDX-License-Identifier: GPL-2.0 -->
# Clasp beside TCP and UDP

Made by `make compatibility` from a run of [tests/both](../tests/both/README.md): each case is one
source that runs over AF_CLASP and over TCP (streams) or UDP (datagrams), on IPv6 and on IPv4, and
expects the same of both. Where they are meant to differ the case says so, and the last column why.
The columns in the middle say in how many cases the protocol does what is expected on both versions.

"""
SECTIONS = (
    ("Calls", re.compile(r"[a-z]")),
    ("Flags", re.compile(r"MSG_")),
    ("Ioctls and fcntl", re.compile(r"(SIOC|FIO|F_)")),
    ("Options at SOL_SOCKET", re.compile(r"(SO|SCM)_")),
    ("Options at SOL_IP and SOL_IPV6", re.compile(r"(IP|IPV6|MCAST)_")),
    ("Options of the protocol", re.compile(r"(TCP|UDP|CLASP)_")),
    ("Else", re.compile(r".")),
)


class Case:
    """A case over one type of socket: what it covers, and how it went."""

    def __init__(self, kind):
        self.kind = kind
        self.holds = {True: True, False: True}      # over Clasp, or not
        self.reasons = []


def read(path):
    """(call, type) to name to case."""
    rows, reasons = {}, []
    with open(path, encoding="utf-8") as f:
        for line in f:
            if line.startswith("# differs: "):
                reasons.append(line[11:].strip())
            found = RESULT.match(line)
            if not found:
                continue
            result, sort, call, kind, name, protocol, _ = found.groups()
            case = rows.setdefault((call, sort), {}).setdefault(name, Case(kind))
            case.holds[protocol == "clasp"] &= result == "ok"
            case.reasons += [r for r in reasons if r not in case.reasons]
            reasons = []
    return rows


def kinds(cases):
    """How many of each kind."""
    counts = [(k, sum(c.kind == k for c in cases)) for k in ("good", "edge", "error")]
    return ", ".join("%d %s" % (n, k) for k, n in counts if n)


def cell(cases, clasp):
    """How one protocol does."""
    held = sum(c.holds[clasp] for c in cases)
    return "as expected" if held == len(cases) else "**%d of %d**" % (held, len(cases))


def row(call, sort, cases):
    reasons = sorted({r for c in cases for r in c.reasons})
    return "| `%s` | %s | %s | %s | %s | %s |\n" % (
        call, "TCP" if sort == "stream" else "UDP", kinds(cases), cell(cases, False),
        cell(cases, True), "; ".join(reasons) or "nowhere")


def page(rows):
    """The text of the page."""
    cases = [c for named in rows.values() for c in named.values()]
    out = [HEAD, "%d cases of %d calls, flags and options; %d say of a difference.\n" % (
        len(cases), len({call for call, _ in rows}), sum(bool(c.reasons) for c in cases))]
    left = sorted(rows, key=lambda key: (key[0].lower(), key[1] != "stream"))
    for title, fits in SECTIONS:
        here = [key for key in left if fits.match(key[0])]
        left = [key for key in left if key not in here]
        if here:
            out.append("\n## %s\n\n| | beside | cases | TCP or UDP | Clasp | they differ |\n"
                       "| --- | --- | --- | --- | --- | --- |\n" % title)
        out += [row(*key, list(rows[key].values())) for key in here]
    return "".join(out)


def main():
    words = sys.argv[1:]
    check = "--check" in words
    if check:
        words.remove("--check")
    if len(words) != 1:
        sys.exit(__doc__)
    rows = read(words[0])
    if not rows:
        sys.exit("%s: no results" % words[0])
    text = page(rows)
    if check:
        if not os.path.exists(PAGE) or open(PAGE, encoding="utf-8").read() != text:
            sys.exit("%s is not of today: make compatibility" % PAGE)
        return
    with open(PAGE, "w", encoding="utf-8") as f:
        f.write(text)


if __name__ == "__main__":
    main()
