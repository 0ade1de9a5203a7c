# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# curl against Python's http.server and nginx: 100 MiB, parts, fifty at once. In a
# kernel that watches 100 MiB take their time: each IP version has them once.

# gets URL FILE OPTION...
gets() {
	client curl -sS --fail "${@:3}" "$1" | cmp - "$2"
}

# gets_part URL FIRST LENGTH
gets_part() {
	client curl -sS --fail -r "$2-$(($2 + $3 - 1))" "$1" |
		cmp - <(tail -c +$(($2 + 1)) "$root/srv/big" | head -c "$3")
}

# gets_at_once URL COUNT
gets_at_once() {
	local i

	client curl -sS --fail -Z --parallel-immediate --parallel-max "$2" \
		-o '/tmp/got.#1' "$1?[1-$2]" || return 1
	for ((i = 1; i <= $2; i++)); do
		cmp "$root/srv/small" "$root/tmp/got.$i" || return 1
	done
	rm "$root"/tmp/got.*
}

python_cases() {
	local url
	url=http://$(in_url "$1"):8000
	[ "$ip" != ipv4 ] || over_clasp http.server-100M 104857600 gets "$url/big" "$root/srv/big"
	over_clasp http.server-50-at-once 13107200 gets_at_once "$url/small" 50
}

nginx_cases() {
	local url
	url=http://$(in_url "$1")
	[ "$ip" != ipv6 ] || over_clasp nginx-100M 104857600 gets "$url/big" "$root/srv/big"
	over_clasp nginx-range 3000000 gets_part "$url/big" 12345678 3000000
	over_clasp nginx-range-1 1 gets_part "$url/big" 104857599 1
	over_clasp nginx-50-at-once 13107200 gets_at_once "$url/small" 50
}

it_must http.server-listens serves 8000 python3 -m http.server -d /srv --bind :: 8000
each_ip python_cases
gone "$server"
it_must nginx-listens serves 80 nginx -c /srv/nginx.conf
each_ip nginx_cases
over_clasp curl-by-name 1048576 gets http://server/middle "$root/srv/middle"

# What is said above must fail where one side speaks TCP.
tcp_does_not() {
	! in_client chroot "$root" curl -sS http://10.77.0.2/middle -o /dev/null
}
it_must curl-by-tcp-is-refused tcp_does_not
gone "$server"
