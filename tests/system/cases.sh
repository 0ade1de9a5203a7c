# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What scripts of cases share. Sourced, never run.

work=$(mktemp -d)
failed=0

# it_must NAME COMMAND... - one case: status 0
it_must() {
	local name=$1
	shift
	if "$@" >"$work/out" 2>&1; then
		echo "ok $name"
	else
		echo "not ok $name"
		sed 's/^/    /' "$work/out" | head -n 20
		failed=1
	fi
}

# until_true COMMAND... - try for twenty seconds
until_true() {
	local left=200

	until "$@"; do
		sleep 0.1
		left=$((left - 1))
		[ "$left" -gt 0 ] || return 1
	done
}

# gone PID... - end these, and wait until they are
gone() {
	kill "$@" 2>/dev/null
	wait "$@" 2>/dev/null
}

in_client() {
	timeout 60 ip netns exec client "$@"
}

# start_server COMMAND... - in the background; its process, $server, passes on
# the signal that ends it
start_server() {
	timeout 600 ip netns exec server "$@" <&0 &
	server=$!
}

# listens PORT - is somebody of the server's there?
listens() {
	ip netns exec server grep -q ":$1 .* LISTEN " /proc/net/clasp
}

# hears PORT - is a datagram socket of the server's there?
hears() {
	ip netns exec server grep -q "^[^ ]*:$1 " /proc/net/clasp_dgram
}

# What must hold in the end: nobody holds the module. The first socket() does
# not load it again.
unloads() {
	rm -f /run/modprobe.d/clasp.conf
	until_true rmmod clasp 2>/dev/null || rmmod clasp
}
