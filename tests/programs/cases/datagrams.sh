# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# clasp run --dgram: programs for UDP, and clasp cat as their peer

# iperf_datagrams ADDRESS - all that was sent has come
iperf_datagrams() {
	client --dgram iperf3 -J -u -b 4M -l 1200 -n 600000 -c "$1" >"$work/json" || {
		cat "$work/json"
		return 1
	}
	python3 - "$work/json" <<-'END'
	import json
	import sys

	sum = json.load(open(sys.argv[1]))["end"]["sum"]
	print(sum)
	sys.exit(sum["bytes"] < 600000 or sum["lost_packets"] > 0)
	END
}

# answers COMMAND... - one datagram, and one back
answers() {
	head -c 8000 "$root/srv/small" >"$work/datagram"
	"$@" <"$work/datagram" | cmp - "$work/datagram"
}

datagram_cases() {
	over_clasp iperf3-udp 600000 iperf_datagrams "$1"
}

socat_datagram_cases() {
	over_clasp socat-udp 16000 answers client --dgram socat -t 5 - "UDP:$(in_url "$1"):7"
	over_clasp cat-to-socat-udp 16000 answers in_client clasp cat -u -q 5 "$1" 7
}

it_must iperf3-udp-listens serves 5201 --dgram iperf3 -s
each_ip datagram_cases
gone "$server"
start_server chroot "$root" clasp run --dgram \
	socat UDP6-LISTEN:7,fork,reuseaddr,ipv6only=0 EXEC:cat >"$work/log" 2>&1
it_must socat-udp-listens until_true hears 7
each_ip socat_datagram_cases
gone "$server"
