# SPDX-License-Identifier: GPL-2.0
"""Many scripts: finding them, playing each in a network namespace of its own, reporting.

So scripts cannot see one another, and several can play at the same time: mostly
they wait.
"""

import glob
import json
import os
import select
import signal
import sys
import threading
import time
import traceback

from lib import tun
from lib.calls import Wrong
from lib.run import Fail, Player
from lib.script import BadScript, parse
from lib.sock import World

SKIP = 77
BATCH = 16          # scripts that one child plays: a fork costs more than a namespace


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
    finally:
        if player:
            player.close()
    return 0, player.ladder() if options.verbose else []


def failure(player, wrong):
    """Where it failed, what was expected, what came, and the whole ladder before it."""
    if not player:
        return ["%s: %s" % (type(wrong).__name__, wrong)]
    at = player.event
    where = "%s:%d: %s" % (at.file, at.line, at.source) if at else "after the last line"
    lines = [where] + str(wrong).splitlines()
    return lines + ["what happened, in seconds since the start:"] + player.ladder()


class Child:
    """A process that plays some scripts one after the other, each in a new namespace.

    It tells of each in a line of JSON. After a failure, or when a call still
    blocks, it ends: what it has not played is for another.
    """

    def __init__(self, batch, options):
        self.batch, self.text = batch, b""
        self.output, end = os.pipe()
        self.deadline = time.monotonic() + 60 + sum(
            s.longest() + 10 * options.patience for _, s, _ in batch)
        sys.stdout.flush()
        self.pid = os.fork()
        if not self.pid:
            os.close(self.output)
            with os.fdopen(end, "w") as f:
                self.play_all(f, options)
            os._exit(0)
        os.close(end)

    def play_all(self, told, options):
        """The life of the child."""
        for number, script, ip in self.batch:
            status, lines = play(script, ip, options)
            print(json.dumps([number, status, "\n".join(lines)]), file=told, flush=True)
            if status or threading.active_count() > 1:
                break

    def read(self, report):
        """Take what the child tells; None, or what it left once it is gone."""
        data = os.read(self.output, 65536)
        self.text += data
        *lines, self.text = self.text.split(b"\n")
        for line in lines:
            number, status, text = json.loads(line)
            _, script, ip = self.batch.pop(0)
            report.add(number, script, ip, status, text)
        if data:
            return None
        os.close(self.output)
        if os.waitpid(self.pid, 0)[1]:
            number, script, ip = self.batch.pop(0)
            report.add(number, script, ip, 1, "the script did not come to its end")
        return self.batch

    def late(self):
        """A child that never ends is ended; its pipe then closes."""
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
    return None


def run(scripts, options):
    """Play all, with `jobs` children at a time; True if none failed."""
    plan = [(s, ip) for s in scripts for ip in options.ips if ip in s.ips]
    report = Report(len(plan), options.results)
    todo, under_way = [], []
    for number, (script, ip) in enumerate(plan, 1):
        if why := skipped(script, options):
            report.add(number, script, ip, SKIP, why)
        else:
            todo.append((number, script, ip))
    while todo or under_way:
        while todo and len(under_way) < options.jobs:
            size = max(1, min(BATCH, len(todo) // options.jobs))
            under_way.append(Child(todo[:size], options))
            del todo[:size]
        todo = wait(under_way, report) + todo
    return report.close()


def wait(under_way, report):
    """Until one of the children tells something or is late; what the gone ones left."""
    left = []
    soonest = min(c.deadline for c in under_way)
    ready, _, _ = select.select([c.output for c in under_way], [], [],
                                max(0, soonest - time.monotonic()))
    for child in list(under_way):
        if child.output in ready:
            rest = child.read(report)
            if rest is not None:
                under_way.remove(child)
                left += rest
        elif time.monotonic() > child.deadline:
            child.late()
    return left
