#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Inside a VM: two hosts, files from one to the other over IPv4 and IPv6, each
# segment of a small file drawn, and the sums of both sides compared.

set -eu

hosts=$(dirname "$(readlink -f "$0")")/../vm/hosts
work=$(mktemp -d)
text=/usr/share/common-licenses/GPL-3
random=$work/random
port=7007
number=0

clean_up() {
	jobs -p | xargs -r kill 2>/dev/null || true
	wait 2>/dev/null || true
	"$hosts" down
	rm -rf "$work"
}
trap clean_up EXIT

# until_seen FILE TEXT - wait until a program that writes FILE has said TEXT
until_seen() {
	local left=300

	until grep -q "$2" "$1"; do
		sleep 0.1
		left=$((left - 1))
		if [ $left -eq 0 ]; then
			echo "demo: «$2» never came:" >&2
			cat "$1" >&2
			exit 1
		fi
	done
}

# transfer ADDRESS FILE - send FILE to the server, compare the sums
transfer() {
	local sent got started=$EPOCHREALTIME

	number=$((number + 1))
	ip netns exec client client -p $port "$1" "$2"
	echo "$(stat -c %s "$2") bytes in $(awk "BEGIN { printf \"%.1f\", \
		$EPOCHREALTIME - $started }") s"
	sent=$(sha256sum <"$2")
	got=$(sha256sum <"$work/stored/$number")
	echo "sent   ${sent%% *}"
	echo "stored ${got%% *}"
	if [ "$sent" != "$got" ]; then
		echo "demo: what arrived is not what was sent" >&2
		exit 1
	fi
}

# drawn ADDRESS FILE - the same, with each segment on the screen
drawn() {
	local ladder=$work/ladder

	: >"$ladder"
	ip netns exec client clasp dump -i eth0 --color=never \
		>"$ladder" 2>"$work/dump" &
	until_seen "$work/dump" listening
	transfer "$1" "$2"
	until_seen "$ladder" CLOSED
	kill -INT $!
	wait $! || true
	cat "$ladder"
	for step in 'SYN  *seq' 'SYN ACK' 'FIN ACK' TIME_WAIT; do
		if ! grep -q "$step" "$ladder"; then
			echo "demo: the ladder lacks «$step»" >&2
			exit 1
		fi
	done
}

"$hosts" up
mkdir "$work/stored"
ip netns exec server server -p $port -s "$work/stored" >"$work/server" &
until_seen "$work/server" listening
head -c 64M /dev/urandom >"$random"

echo
echo "Linux $(uname -r): client 10.77.0.1 fd77::1, server 10.77.0.2 fd77::2"
for address in 10.77.0.2 fd77::2; do
	echo
	echo "== $(basename "$text") to $address, each segment"
	drawn $address "$text"
	echo
	echo "== 64 MiB of random bytes to $address"
	transfer $address "$random"
done

echo
echo "== what the client's host counted (clasp stat -s)"
ip netns exec client clasp stat -s
echo
echo "All sums are equal. Next: make shell, and README.md."
