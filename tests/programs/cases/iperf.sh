# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# iperf3: one stream, eight, and the other way

# iperf BYTES-IN-ALL OPTION... ADDRESS - what the receiver counted is what was sent
iperf() {
	local size=$1
	shift

	client iperf3 -J -n "$size" -c "${@: -1}" "${@:1:$#-1}" >"$work/json" || {
		cat "$work/json"
		return 1
	}
	python3 - "$work/json" "$size" <<-'END'
	import json
	import sys

	end = json.load(open(sys.argv[1]))["end"]
	sent, received = end["sum_sent"]["bytes"], end["sum_received"]["bytes"]
	print(sent, received)
	sys.exit(not sent >= received >= int(sys.argv[2]))
	END
}

iperf_cases() {
	over_clasp iperf3 8000000 iperf 8000000 "$1"
	over_clasp iperf3-8-streams 8000000 iperf 8000000 -P 8 "$1"
	over_clasp iperf3-reverse 8000000 iperf 8000000 -R "$1"
}

it_must iperf3-listens serves 5201 iperf3 -s
each_ip iperf_cases
gone "$server"
