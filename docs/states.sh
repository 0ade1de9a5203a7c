#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# Make docs/states.md and docs/states.svg from the table in module/core/state.c.
#
# usage: docs/states.sh [--check]	--check: say whether they are current

set -eu
cd "$(dirname "$0")/.."

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/print.c" <<'C'
#include "state.h"

int printf(const char *format, ...);

int main(void)
{
	unsigned int i;

	for (i = 0; i < clasp_transition_count; i++) {
		const struct clasp_transition *row = &clasp_transitions[i];

		printf("%s|%s|%s|%s\n", clasp_state_name(row->from),
		       clasp_move_name(row->move), clasp_state_name(row->to),
		       row->section);
	}
	return 0;
}
C
cc -Itests/kunit/host/include/core -Imodule/core -o "$work/print" \
	"$work/print.c" module/core/state.c
"$work/print" >"$work/rows"

# RST, abort, timeout and ICMP errors all lead to CLOSED: told in the table,
# left out of the picture, which nobody could read otherwise.
{
	echo 'digraph clasp {'
	echo '	rankdir=TB; node [shape=box, style=rounded, fontname=Helvetica];'
	echo '	edge [fontname=Helvetica, fontsize=10];'
	awk -F'|' '$2 !~ /abort|RST|ICMP/ && !($2 == "timeout" && $1 != "TIME_WAIT") {
		printf "\t%s -> %s [label=\"%s\"];\n", $1, $3, $2
	}' "$work/rows"
	echo '}'
} >"$work/states.dot"

{
	cat <<-'END'
		# The states of a connection

		Made by `make states` from the table in `module/core/state.c`, which is
		what the module itself looks up: what stands here is what it does.

		![State diagram](states.svg)

		In the picture the ways out are left out that lead from anywhere to
		CLOSED; the table has them all. "RFC 9293" says where the row comes from.

		| from | what happens | to | RFC 9293 |
		| --- | --- | --- | --- |
	END
	awk -F'|' '{ printf "| %s | %s | %s | %s |\n", $1, $2, $3, $4 }' \
		"$work/rows"
	cat <<-'END'

		One row is never taken: rcv FIN in SYN_RCVD. RFC 9293 §3.10.7.4 lists it in
		its eighth step, but a segment gets there by the fifth alone, whose ACK of
		our SYN has made the connection ESTABLISHED by then.

		Two rows happen in mini-sockets: a listener stays in LISTEN, and the embryo that a
		SYN makes begins in SYN_RCVD (`core/embryo.c`); TIME_WAIT has nothing left of
		the connection but what a late segment needs (`core/timewait.c`).
	END
} >"$work/states.md"

if [ "${1:-}" = --check ]; then
	cmp "$work/states.md" docs/states.md && cmp "$work/states.dot" docs/states.dot
	exit
fi
cp "$work/states.md" "$work/states.dot" docs/
dot -Tsvg docs/states.dot >docs/states.svg
