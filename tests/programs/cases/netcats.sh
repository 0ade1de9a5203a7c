# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# socat and ncat: a server with a process for each client, and clasp cat, which
# needs no clasp run, as its peer

# echoes COMMAND... - what it is given comes back
echoes() {
	"$@" <"$root/srv/middle" | cmp - "$root/srv/middle"
}

socat_cases() {
	local at
	at=$(in_url "$1")
	over_clasp socat 2000000 echoes client socat -t 60 - "TCP:$at:7,nodelay,keepalive"
	over_clasp ncat-to-socat 2000000 echoes client ncat "$1" 7
	over_clasp cat-to-socat 2000000 echoes in_client clasp cat -N "$1" 7
}

# ncat_sends ADDRESS, ncat_hears ADDRESS - one way; ncat's own -e forgets what
# its program still says after the client's end
ncat_sends() {
	serves 7 ncat -l --recv-only 7 || return 1
	client ncat --send-only "$1" 7 <"$root/srv/middle" || return 1
	wait "$server"
	cmp "$work/log" "$root/srv/middle"
}

ncat_hears() {
	serves 7 ncat -l --send-only 7 <"$root/srv/middle" || return 1
	client ncat --recv-only "$1" 7 | cmp - "$root/srv/middle" && wait "$server"
}

ncat_cases() {
	over_clasp ncat-sends 1048576 ncat_sends "$1"
	over_clasp ncat-hears 1048576 ncat_hears "$1"
}

it_must socat-listens serves 7 socat TCP6-LISTEN:7,fork,reuseaddr,ipv6only=0,backlog=20 EXEC:cat
each_ip socat_cases
gone "$server"
each_ip ncat_cases
