#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0
"""Make docs/conformance.md: the rows of tests/conformance/rows.txt, and which tests name each.

usage: docs/conformance.py [--check]        --check: say whether it is current

A test names rows in the comment above it, at its beginning, and requirements (MUST-n)
anywhere in it: `zero-window, window-update (MUST-35): what is shown`. That holds for
packet scripts, KUnit cases, simulator scenarios, tests/both and tests/calls. The status is 1 when a
row that applies has no test.
"""

import glob
import os
import re
import sys

sys.dont_write_bytecode = True
TOP = os.path.join(os.path.dirname(os.path.realpath(__file__)), "..")
os.chdir(TOP)
sys.path.insert(0, "tests/drill")

import matrix                           # noqa: E402
from lib import suite                   # noqa: E402

PAGE = "docs/conformance.md"
ROWS = "tests/conformance/rows.txt"
REQUIREMENT = re.compile(r"MUST-\d+")
HEAD = """<!-- SPDX-License-Identifier: GPL-2.0 -->
# What Clasp is seen to do

Made by `make conformance` from the rows in `tests/conformance/rows.txt` and from the tests, which
name the rows that they are about. `drill.` are packet scripts against the module
([tests/drill](../tests/drill/README.md)), `core.` cases of the core
([tests/kunit](../tests/kunit/README.md)), `sim.` scenarios between two cores
([tests/sim](../tests/sim/README.md)), `system.both.` programs' calls over Clasp and over
TCP or UDP ([tests/both](../tests/both/README.md)), `system.calls.` those that Clasp alone has (`tests/calls`).

"""


class Row:
    """One line of rows.txt, and the tests that name it."""

    def __init__(self, line):
        parts = [part.strip() for part in line.split("|")]
        self.name, self.group, self.text = parts[:3]
        self.mark = parts[3] if parts[3:] else None
        self.tests = []

    def cell(self):
        """The last column."""
        tests = " ".join("`%s`" % t for t in self.tests)
        return " · ".join(filter(None, [self.mark, tests])) or "**no test**"

    def problem(self):
        """What is wrong with it, or None."""
        if self.mark and not re.match("(later|not applicable): .", self.mark):
            return "what is `%s`?" % self.mark
        return None if self.mark or self.tests else "no test names it"


def text_of(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


def read_rows():
    """Name to row, in the order of the file."""
    rows = {}
    for line in text_of(ROWS).splitlines():
        if line.strip() and not line.startswith("#"):
            row = Row(line)
            if row.name in rows:
                sys.exit("%s: %s is there twice" % (ROWS, row.name))
            rows[row.name] = row
    numbers = sorted(int(n[5:]) for n in rows if REQUIREMENT.fullmatch(n))
    if numbers != list(range(1, 70)):
        sys.exit("%s: RFC 9293 has MUST-1 to MUST-69" % ROWS)
    return rows


def named_in(comment):
    """The rows at the beginning of a comment's text, and the requirements anywhere in it."""
    found = re.match(r"([a-z0-9-]+(?:, [a-z0-9-]+)*)(?: \([^)]*\))?:", comment)
    return (found.group(1).split(", ") if found else []) + REQUIREMENT.findall(comment)


def comments_of(text):
    """All that stands in /* ... */, without the stars."""
    return [re.sub(r"\n\s*\*? ?", " ", c).strip(" *")
            for c in re.findall(r"/\*(.*?)\*/", text, re.S)]


def drill_tests():
    """Of each packet script (test, rows); those of the matrix are one test."""
    for script in suite.load("tests/drill", []):
        yield "drill.%s.%s" % (script.group, script.name), script.rows
    yield "drill.matrix", sorted({r for s in matrix.scripts("tests/drill") for r in s.rows})


def c_tests(path, prefix, head):
    """Of each test in a C file: rows in the comment above it, and in those inside of it.

    The functions and comments between two tests, helpers for instance, belong to neither.
    """
    text = text_of(path)
    for found in re.finditer(r"((?:^/\*(?:(?!\*/).)*\*/\n)?)^" + head + r"\)?\n\{\n(.*?)^\}\n",
                             text, re.M | re.S):
        named = []
        for comment in comments_of(found.group(1) + found.group(3)):
            named += named_in(comment)
        yield prefix + found.group(2), named


def kunit_tests():
    for path in sorted(glob.glob("tests/kunit/*_test.c")):
        name = os.path.basename(path)[:-len("_test.c")]
        yield from c_tests(path, "core.%s." % name, r"static void (\w+)\(struct kunit \*\w+")


def call_tests():
    for path in sorted(glob.glob("tests/calls/*.c")):
        yield from c_tests(path, "system.calls.", r"TEST\((\w+)")
    for path in sorted(glob.glob("tests/both/*.c")):
        yield from c_tests(path, "system.both.", r"CASE\(\w+, \w+, \w+, (\w+)")


def sim_tests():
    for path in sorted(glob.glob("tests/sim/scenarios/*.sim")):
        comment = " ".join(line[1:].strip() for line in text_of(path).splitlines()
                           if line.startswith("#") and "SPDX" not in line)
        yield "sim." + os.path.basename(path)[:-len(".sim")], named_in(comment)


def page(rows, more):
    """The text of the page."""
    out, group = [HEAD], None
    missing = [r.name for r in rows.values() if r.problem()]
    marked = [r for r in rows.values() if r.mark]
    out.append("%d rows: %d have tests, %d are marked with the reason why not, %d have none%s.\n" % (
        len(rows), len(rows) - len(missing) - len(marked), len(marked), len(missing),
        " (%s)" % ", ".join(missing) if missing else ""))
    for title, is_here in (("RFC 9293's requirements", REQUIREMENT.fullmatch),
                           ("Behaviours", lambda name: not REQUIREMENT.fullmatch(name))):
        out.append("\n## %s\n" % title)
        for row in filter(lambda row: is_here(row.name), rows.values()):
            if row.group != group:
                group = row.group
                out.append("\n### %s\n\n| row | what is seen | tests |\n| --- | --- | --- |\n" % (
                    group[0].upper() + group[1:]))
            out.append("| %s | %s | %s |\n" % (row.name, row.text, row.cell()))
    out.append("\n## Further rows\n\nWhat packet scripts name besides.\n\n"
               "| row | tests |\n| --- | --- |\n")
    for name in sorted(more):
        out.append("| %s | %s |\n" % (name, " ".join("`%s`" % t for t in more[name])))
    return "".join(out)


def main():
    rows, more = read_rows(), {}
    for tests in (drill_tests, kunit_tests, sim_tests, call_tests):
        for test, names in tests():
            for name in dict.fromkeys(names):
                if name in rows:
                    rows[name].tests.append(test)
                elif tests is drill_tests:
                    more.setdefault(name, []).append(test)
    text = page(rows, more)
    problems = ["%s: %s" % (row.name, row.problem()) for row in rows.values() if row.problem()]
    print("\n".join(problems), end="\n" if problems else "")
    if "--check" in sys.argv[1:]:
        current = os.path.exists(PAGE) and text_of(PAGE) == text
        if not current:
            print("%s is not of today: make conformance" % PAGE)
        sys.exit(0 if current and not problems else 1)
    with open(PAGE, "w", encoding="utf-8") as f:
        f.write(text)
    sys.exit(1 if problems else 0)


if __name__ == "__main__":
    main()
