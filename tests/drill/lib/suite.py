# SPDX-License-Identifier: GPL-2.0
"""Many scripts: finding them, playing each in a child of its own, reporting.

A child gets a network namespace of its own, so scripts cannot see one another
and several can play at the same time: mostly they wait.
"""

import gc
import glob
import os
import select
import signal
import sys
import time
import traceback

from lib import tun
from lib.calls import Wrong
from lib.run import Fail, Player
from lib.script import BadScript, parse
from lib.sock import World

SKIP = 77


def load(root, wanted):
    """Scripts below root whose group/name begins with one of these words; all if none."""
    scripts = []
    for path in sorted(glob.glob(os.path.join(root, "*", "*.drill"))):
        group, name = path[len(root) + 1:-len(".drill")].split("/")
        if group == "include":
            continue
        with open(path, encoding="utf-8") as f:
            scripts.append(parse(f.read(), group, name, os.path.join(root, "include")))
    return [s for s in scripts if chosen(s, wanted)]


def chosen(script, wanted):
    """Does one of these words name the script, its file, or its group?"""
    full = script.group + "/" + script.name
    wanted = ["/".join(w.split("/")[-2:]).removesuffix(".drill") for w in wanted]
    return not wanted or any(full == w or script.group == w.rstrip("/") or
                             (w.endswith("*") and full.startswith(w[:-1])) for w in wanted)


def prepare(script, ip, options):
    """The world of one script, in the namespace that this process now has."""
    tun.own_namespace()
    world = World(ip, options.tcp)
    world.level()
    for name, value in script.sysctl:
        world.sysctl(name, value)
    return world


def play(script, ip, options):
    """Play in this process; (exit status, lines to show)."""
    player = None
    try:
        world = prepare(script, ip, options)
        player = Player(script, world, options.patience, options.slack)
        player.play()
    except (Fail, Wrong, BadScript, ValueError, OSError, KeyError) as wrong:
        return 1, failure(player, wrong)
    except Exception:
        return 1, ["the runner itself failed:"] + traceback.format_exc().splitlines()
    return 0, player.ladder() if options.verbose else []


def failure(player, wrong):
    """Where it failed, what was expected, what came, and the whole ladder before it."""
    if not player:
        return ["%s: %s" % (type(wrong).__name__, wrong)]
    at = getattr(player, "event", None)
    where = "%s:%d: %s" % (at.file, at.line, at.source) if at else "after the last line"
    lines = [where] + str(wrong).splitlines()
    return lines + ["what happened, in seconds since the start:"] + player.ladder()


class Child:
    """One script on its way."""

    def __init__(self, number, script, ip, options):
        self.number, self.script, self.ip = number, script, ip
        self.output, end = os.pipe()
        self.deadline = time.monotonic() + script.longest() + 60 + 10 * options.patience
        self.text, self.status = b"", None
        sys.stdout.flush()
        self.pid = os.fork()
        if not self.pid:
            os.close(self.output)
            status, lines = play(script, ip, options)
            with os.fdopen(end, "w") as f:
                f.write("\n".join(lines))
            os._exit(status)
        os.close(end)

    def read(self):
        """Take what the child says; True once it is gone."""
        data = os.read(self.output, 65536)
        self.text += data
        if data:
            return False
        os.close(self.output)
        self.status = os.waitstatus_to_exitcode(os.waitpid(self.pid, 0)[1])
        return True

    def late(self):
        """A child that never ends is ended; its pipe then closes."""
        self.text += b"\nthe script did not come to its end"
        os.kill(self.pid, signal.SIGKILL)
        self.deadline += 60


class Report:
    """KTAP on the screen, one line each in the results file."""

    def __init__(self, total, path):
        self.file = open(path, "w", encoding="ascii") if path else None
        self.passed = self.failed = self.skipped = 0
        self.waiting, self.next = {}, 1
        print("KTAP version 1\n1..%d" % total)

    def add(self, number, script, ip, status, text):
        """Keep a result until its turn: lines come in the order of the plan."""
        self.waiting[number] = (script, ip, status, text)
        while self.next in self.waiting:
            self.show(self.next, *self.waiting.pop(self.next))
            self.next += 1

    def show(self, number, script, ip, status, text):
        word = "not ok" if status not in (0, SKIP) else "ok"
        print("%s %d %s/%s ipv%d%s" % (word, number, script.group, script.name, ip,
                                      " # SKIP " + text if status == SKIP else ""))
        if status != SKIP:
            for line in text.splitlines():
                print("# " + line)
        sys.stdout.flush()
        self.passed += status == 0
        self.skipped += status == SKIP
        self.failed += status not in (0, SKIP)
        if self.file:
            print("%s drill.%s.%s.ipv%d" % ("skip" if status == SKIP else word,
                                            script.group, script.name, ip), file=self.file)

    def close(self):
        """The closing line; True if nothing failed."""
        print("# %d passed, %d failed, %d skipped" % (self.passed, self.failed, self.skipped))
        if self.file:
            self.file.close()
        return not self.failed


def skipped(script, options):
    """Why this script is not played, or None."""
    if script.differs and options.tcp and not options.all:
        return "TCP differs because " + script.differs
    if "time-travel" in script.needs and not options.long:
        return "takes minutes: needs time-travel (--long)"
    return None


def run(scripts, options):
    """Play all, `jobs` at a time; True if none failed."""
    plan = [(s, ip) for s in scripts for ip in options.ips if ip in s.ips]
    report = Report(len(plan), options.results)
    todo = list(enumerate(plan, 1))
    gc.freeze()                 # a child then copies fewer pages
    under_way = []
    while todo or under_way:
        while todo and len(under_way) < options.jobs:
            number, (script, ip) = todo.pop(0)
            if why := skipped(script, options):
                report.add(number, script, ip, SKIP, why)
            else:
                under_way.append(Child(number, script, ip, options))
        if under_way:
            wait(under_way, report)
    return report.close()


def wait(under_way, report):
    """Until one of the children says something or is late."""
    soonest = min(c.deadline for c in under_way)
    ready, _, _ = select.select([c.output for c in under_way], [], [],
                                max(0, soonest - time.monotonic()))
    for child in list(under_way):
        if child.output in ready and child.read():
            under_way.remove(child)
            report.add(child.number, child.script, child.ip, child.status,
                       child.text.decode(errors="replace"))
        elif time.monotonic() > child.deadline:
            child.late()
