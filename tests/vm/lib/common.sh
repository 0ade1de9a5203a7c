# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What every script of tests/vm shares: where things are, and how to speak.
# Sourced, never run.

VM_DIR=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd -P)
CHECKOUT=$(cd "$VM_DIR/../.." && pwd -P)
CACHE=${CLASP_CACHE:-${HOME:?needs a home}/.cache/clasp}

# Where a user's PATH may not lead: modprobe, ip.
PATH=$PATH:/usr/sbin:/sbin

# Statuses that are ours; every other one is COMMAND's own.
readonly STATUS_NOT_STARTED=97 STATUS_DIED=98 STATUS_REPORT=99 STATUS_TIMEOUT=124

# say SENTENCE... - one line for the person; output belongs to COMMAND alone
say() {
	printf 'vm: %s\n' "$*" >&2
}

die() {
	say "$@"
	exit "$STATUS_NOT_STARTED"
}

no_such_kernel() {
	die "no kernel «$1»: there are uml, uml-debug, stock-6.1, stock-6.12, stock"
}

# A short word for this checkout: several may share the cache.
checkout_key() {
	printf '%s' "$CHECKOUT" | sha256sum | cut -c 1-12
}

# A make that is ours to configure, whatever make called us.
plain_make() {
	env -u MAKEFLAGS -u MFLAGS -u MAKELEVEL -u MAKEOVERRIDES \
		make --no-print-directory "$@"
}

# locked NAME FUNCTION... - call FUNCTION, in a subshell, while no other run
# holds the cache's lock NAME
locked() (
	mkdir -p "$CACHE/lock"
	exec {fd}>"$CACHE/lock/$1"
	if ! flock -n "$fd"; then
		say "waiting for another run that works on $1"
		flock "$fd"
	fi
	shift
	"$@"
)

# watch PID WHAT COMMAND... - tell, while PID lives, that WHAT goes on: the
# output of COMMAND and the seconds. On a terminal one line that moves, else a
# line each half minute. Returns PID's status.
watch() {
	local pid=$1 what=$2 tick=30 start=$SECONDS eol='\n'
	shift 2

	say "$what"
	[ ! -t 2 ] || tick=1 eol='\r'
	while kill -0 "$pid" 2>/dev/null; do
		sleep 1
		(((SECONDS - start) % tick)) && continue
		printf "vm: %s: %s, %d s   $eol" \
			"$what" "$("$@")" $((SECONDS - start)) >&2
	done
	[ ! -t 2 ] || printf '\r\033[K' >&2
	wait "$pid"
}

# For paths that reach a kernel command line and make: neither can quote.
for path in "$CHECKOUT" "$CACHE"; do
	case $path in
	*[[:space:]:,\;\$\"\'\\]*)
		die "cannot work in «$path»: make and a kernel's command line" \
			"take no blanks, quotes, colons or commas in a path" ;;
	esac
done
unset path
