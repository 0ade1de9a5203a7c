# SPDX-License-Identifier: GPL-2.0
"""Reading a script: text in, a list of events out. README.md has the notation."""

import os
import re
from dataclasses import dataclass, field

from lib.ip import ICMP
from lib.wire import FLAGS

TIME = re.compile(r"^(\+?)(\d*\.?\d+)(?:~(\d*\.?\d+))?$")
OPTIONS = re.compile(r"<((?:[a-z.][^>]*)?)>")
CALL = re.compile(r"^(\w+)\((.*?)\)\s*(?:=\s*(.+))?$")
WITH_VALUE = {"seq", "ack", "win", "len", "from", "to", "src", "dst", "ttl", "tos", "offset",
              "version", "cut", "mtu", "frag", "ipopt", "dstopt", "urgptr", "quoting"}
ALONE = {"badsum", "nosum", "zerosum", "new"}


class BadScript(Exception):
    """The script itself is wrong; the message names file and line."""


@dataclass
class Event:
    """One line: when, and what."""
    line: int
    source: str
    relative: bool
    at: float
    slack: float                # None: the runner's default
    file: str = ""


@dataclass
class PacketEvent(Event):
    """`<` or `>`, a segment or an ICMP error."""
    inject: bool = False
    optional: bool = False
    flags: int = 0
    maybe: int = 0              # flags written with a question mark
    icmp: str = None
    fields: dict = field(default_factory=dict)
    options: list = None        # None: not looked at
    more_options: bool = False  # `...`: others may come too
    text: bytes = None          # payload given in quotes


@dataclass
class Silence(Event):
    """`> nothing for T`"""
    length: float = 0.0


@dataclass
class CallEvent(Event):
    """A call; `begins` when it blocks and `resumes` when it comes back."""
    name: str = ""
    args: list = field(default_factory=list)
    result: str = None
    begins: bool = False
    resumes: bool = False

    @property
    def length(self):
        """Seconds that the line itself takes."""
        return float(self.args[1]) if self.name.endswith("_probes") else 0


@dataclass
class Script:
    """A whole script."""
    group: str
    name: str
    title: str
    rows: list
    events: list
    needs: set
    ips: list
    differs: str                # why Linux's TCP answers otherwise, or None
    mtu: int
    sysctl: list
    path: str = ""

    def longest(self):
        """Seconds that it can take at most, roughly, for the watchdog."""
        relative = sum(e.at + (e.slack or 0) for e in self.events if e.relative)
        absolute = max([e.at for e in self.events if not e.relative] or [0])
        return 1.2 * (relative + absolute) + sum(getattr(e, "length", 0) for e in self.events)


def strip_comment(line):
    """Cut `# ...` off, but not inside quotes."""
    quoted = False
    for i, c in enumerate(line):
        if c == '"':
            quoted = not quoted
        if c == "#" and not quoted:
            return line[:i]
    return line


def words_of(source):
    """Split at blanks, but keep "quoted text" in one piece."""
    return re.findall(r'"[^"]*"|\S+', source)


def split_args(text):
    """Split at commas, but not inside quotes or brackets."""
    parts, depth, quoted, now = [], 0, False, ""
    for c in text:
        if c == '"':
            quoted = not quoted
        depth += (c == "[") - (c == "]")
        if c == "," and not depth and not quoted:
            parts.append(now.strip())
            now = ""
        else:
            now += c
    return parts + [now.strip()] if now.strip() else parts


def raw_bytes(text):
    """`fd:a0:00*158` to bytes: a byte may say how often it stands there."""
    parts = (part.split("*") for part in text.split(":"))
    return b"".join(bytes.fromhex(p[0]) * int(p[1] if p[1:] else 1) for p in parts)


def parse_option(text):
    """`mss 1460`, `ts * 100`, `raw 08:0a:00` to (name, word ...)."""
    name, *values = text.split()
    if name == "raw":
        return ("raw", raw_bytes(values[0]))
    if name == "fastopen":
        return ("fastopen", raw_bytes(values[0]) if values else b"")
    return (name, *values)


def parse_options(event, text):
    """What stands between < and >."""
    event.options = []
    for part in (p.strip() for p in text.split(",")):
        if part == "...":
            event.more_options = True
        elif part:
            event.options.append(parse_option(part))


def parse_packet(event, source):
    """The part behind `<`, `>` or `>?`."""
    found = OPTIONS.search(source)
    if found:
        parse_options(event, found.group(1))
        source = source[:found.start()] + " " + source[found.end():]
    words = words_of(source)
    if words and words[0] == "icmp":
        event.icmp = words[1]
        if event.icmp not in ICMP:
            raise BadScript("unknown ICMP error " + event.icmp)
        words = words[2:]
    while words:
        word = words.pop(0)
        if word.rstrip("?") in FLAGS:
            which = "maybe" if word.endswith("?") else "flags"
            setattr(event, which, getattr(event, which) | FLAGS[word.rstrip("?")])
        elif word == "none":
            pass
        elif word[0] == '"':
            event.text = word[1:-1].encode()
        elif word in ALONE:
            event.fields[word] = True
        elif word in WITH_VALUE and words:
            event.fields[word] = words.pop(0)
        else:
            raise BadScript("what is `%s`?" % word)


def parse_call(event, source):
    """`name(args) = result`, `name(args) ...` and `... name(args) = result`."""
    if source.startswith("... "):
        event.resumes, source = True, source[4:]
    if source.endswith(" ..."):
        event.begins, source = True, source[:-4]
    found = CALL.match(source.strip())
    if not found:
        raise BadScript("no packet and no call: `%s`" % source)
    event.name, event.args = found.group(1), split_args(found.group(2))
    event.result = found.group(3).strip() if found.group(3) else None


def parse_line(number, line, file):
    """One line to one event, None for an empty one."""
    source = strip_comment(line).strip()
    if not source:
        return None
    when, _, what = source.partition(" ")
    found = TIME.match(when)
    if not found:
        raise BadScript("a line begins with a time, not with `%s`" % when)
    what = what.strip()
    common = (number, " ".join(source.split()), bool(found.group(1)), float(found.group(2)),
              float(found.group(3)) if found.group(3) else None, file)
    silence = re.match(r"^> nothing(?: for (\d*\.?\d+))?$", what)
    if silence:
        return Silence(*common, length=float(silence.group(1) or .05))
    if what[:1] in ("<", ">"):
        event = PacketEvent(*common, inject=what[0] == "<", optional=what[:2] == ">?")
        parse_packet(event, what.lstrip("<>?"))
    else:
        event = CallEvent(*common)
        parse_call(event, what)
    return event


def parse_lines(text, include_from, file):
    """All lines; `include NAME` puts include/NAME.drill in its place."""
    events = []
    for number, line in enumerate(text.splitlines(), 1):
        try:
            if line.startswith("include "):
                path = os.path.join(include_from, line.split()[1] + ".drill")
                with open(path, encoding="utf-8") as f:
                    events += parse_lines(f.read(), include_from, os.path.basename(path))
            elif event := parse_line(number, line, file):
                events.append(event)
        except (BadScript, OSError, ValueError) as wrong:
            raise BadScript("%s:%d: %s" % (file, number, wrong)) from None
    return events


def directive(text, name):
    """The values of every `# name: value` line."""
    return re.findall(r"^# %s:[ \t]*(.+)$" % name, text, re.M)


def parse(text, group, name, include_from):
    """A script from its text. Its first comment: `# row, row (MUST-1): title`."""
    comments = [line[2:] for line in text.splitlines()
                if line.startswith("# ") and not line.startswith("# SPDX")]
    found = re.match(r"^([^:]+?)(?: \(([^)]*)\))?: (.+)$", comments[0] if comments else "")
    if not found:
        raise BadScript("%s/%s: the first comment must read `# row (MUST-n): title`" % (
            group, name))
    rows = re.split(r"[,\s]+", found.group(1)) + re.findall(r"[A-Z]+-\d+", found.group(2) or "")
    differs = re.findall(r"^# tcp: differs because (.+)$", text, re.M)
    return Script(group, name, found.group(3), rows,
                  parse_lines(text, include_from, name + ".drill"),
                  set(" ".join(directive(text, "needs")).split()),
                  [int(i) for i in " ".join(directive(text, "ip")).split()] or [4, 6],
                  differs[0] if differs else None,
                  int((directive(text, "mtu") or ["1500"])[0]),
                  [s.split("=") for s in " ".join(directive(text, "sysctl")).split()])
