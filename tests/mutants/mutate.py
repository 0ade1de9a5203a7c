# SPDX-License-Identifier: GPL-2.0
"""Which single tokens of a C file can be wrong: its mutants.

Works on lines, with comments, strings and directives left out. That is enough
for code in the kernel's style, where a statement that fits stands on one line.
"""

import re
from collections import namedtuple

# A mutant is a file with one line replaced; number counts from 1, function is
# where the line stands ("-": in none).
Mutant = namedtuple("Mutant", "file number function before after")

SWAPS = {
    "<": "<=", "<=": "<", ">": ">=", ">=": ">", "==": "!=", "!=": "==",
    "&&": "||", "||": "&&", "+": "-", "-": "+", "+=": "-=", "-=": "+=",
}

TOKEN = re.compile(r"""
    (?P<word>[A-Za-z_]\w*)
  | (?P<number>0[xX][0-9a-fA-F]+|\d+)(?P<suffix>[uUlL]*)
  | (?P<operator><<=|>>=|->|\+\+|--|<<|>>|<=|>=|==|!=|&&|\|\||[-+*/%&|^]=|.)
""", re.X)

# After these a + or - has one operand.
NO_OPERAND = {"return", "case", "(", "[", "{", ",", "?", ":", "=", "<", "<=", ">", ">=",
              "==", "!=", "&&", "||", "!", "~", "+", "-", "*", "/", "%", "&", "|", "^",
              "+=", "-=", "*=", "/=", "|=", "&=", "<<", ">>", ";", ""}

STATEMENT = re.compile(r"\t+[^\s].*;\s*$")
FUNCTION = re.compile(r"[a-z].*?(\w+)\(")
CONDITION = re.compile(r"^(\t+(?:\} else )?if )(\(.*\))( \{)?$")
CONDITION_LINE = re.compile(r"\t+(?:\} )?(?:else )?(?:if|for|while|\w*for_each\w*) ?\(")
# A statement begins behind a line that ends so.
STARTS = (";", "{", "}", ":", ")", "else")
# What a declaration begins with, and what is a label or belongs to the line before.
NO_STATEMENT = re.compile(r"\t+(?:(?:static|const|struct|union|enum|typedef|bool|char|int|long|"
                          r"unsigned|void|size_t|[us](?:8|16|32|64)|__be\d+)\b|[}{]|case\b|default:)")


def blank(match):
    """As many spaces, and line ends where they were."""
    return re.sub(r"[^\n]", " ", match.group())


def bare_lines(text):
    """The lines with comments, strings, characters and directives blanked."""
    text = re.sub(r"/\*.*?\*/|//[^\n]*|\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'",
                  blank, text, flags=re.S)
    text = re.sub(r"^#(?:[^\n]*\\\n)*[^\n]*", blank, text, flags=re.M)
    return text.split("\n")


def token_mutants(line):
    """(start, end, replacement) of each token of a bare line that can be another."""
    last = ""
    for token in TOKEN.finditer(line):
        text = token.group()
        if text.isspace():
            continue
        if token["number"]:
            value = int(text.rstrip("uUlL"), 0)
            show = hex if text[:2] in ("0x", "0X") else str
            for other in (value + 1, value - 1):
                if other >= 0:
                    yield token.start(), token.end(), show(other) + token["suffix"]
        elif text in SWAPS and not (text in "+-" and last in NO_OPERAND):
            yield token.start(), token.end(), SWAPS[text]
        last = text


def whole(condition):
    """Whether the first parenthesis is closed by the last."""
    depth = 0
    for at, char in enumerate(condition):
        depth += {"(": 1, ")": -1}.get(char, 0)
        if not depth:
            return at == len(condition) - 1
    return False


def last_of(bare):
    """A line's last character; another word where a statement goes on after it."""
    if re.search(r"\belse$", bare):
        return "else"
    if bare[-1] == ":" and not re.match(r"\t*(?:case\b.*|default|\w+):$", bare):
        return "?"
    if bare[-1] == ")" and not CONDITION_LINE.match(bare):
        return "and so on"
    return bare[-1]


def mutants(name, text):
    """All mutants of a file."""
    lines, found, function = text.split("\n"), set(), "-"
    end = ";"	# what stands before the first line
    for number, (line, bare) in enumerate(zip(lines, bare_lines(text)), 1):
        bare = bare.rstrip()
        if not bare:
            continue
        if FUNCTION.match(bare):
            function = FUNCTION.match(bare)[1]
        changed = [line[:start] + new + line[stop:]
                   for start, stop, new in token_mutants(bare)]
        condition = CONDITION.match(bare)
        if condition and whole(condition[2]):
            head, tail = line[:condition.start(2)], line[condition.end(2):]
            inner = line[condition.start(2):condition.end(2)]
            changed.append(f"{head}(!{inner}){tail}")
        if end in STARTS and STATEMENT.match(bare) and not NO_STATEMENT.match(bare):
            indent = re.match(r"\t+", line).group()
            changed.append(f"{indent}do {{ }} while (0);")
        end = last_of(bare)
        if bare == "}" or bare == "};":
            function = "-"
        found.update(Mutant(name, number, function, line, after)
                     for after in changed if after != line)
    return sorted(found)
