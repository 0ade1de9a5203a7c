# shellcheck shell=bash disable=SC2317
# SPDX-License-Identifier: GPL-2.0
#
# A root for the programs: the folder of Debian's, with a writable layer in
# memory, what packages would have set up, and clasp installed. Sourced by check.

root=/run/programs

# root_up TREE
root_up() {
	local folder

	mkdir -p "$root" "$work/upper" "$work/lower"
	# The tree is on the host, where a file system of ours may hide it.
	mount -t overlay -o "lowerdir=/run/vm/root$1,upperdir=$work/upper,workdir=$work/lower" \
		overlay "$root"
	for folder in dev proc; do
		mount --rbind "/$folder" "$root/$folder"
	done
	mkdir -p "$root/srv"
	ln -sf bash "$root/bin/sh"
	cp "$here"/files/* "$root/srv"
	cp "$here/files/passwd" "$here/files/group" "$here/files/hosts" "$root/etc"
	make -s -C "$here/../../userspace" -o all install DESTDIR="$root"
	root_files
}

# What is sent: something big in which no two places are alike, something
# middling, something small, and a folder of many things
root_files() {
	local i

	seq 10000000 30000000 | head -c 100M >"$root/srv/big"
	head -c 1M /dev/urandom >"$root/srv/middle"
	head -c 256K "$root/srv/middle" >"$root/srv/small"
	mkdir -p "$root/srv/folder/a/b" "$root/srv/folder/empty"
	for ((i = 0; i < 200; i++)); do
		head -c $((i * i)) "$root/srv/middle" >"$root/srv/folder/a/$i"
	done
	ln -s ../1 "$root/srv/folder/a/b/link"
	cp "$root/srv/middle" "$root/srv/folder/a/b/with a blank"
}

root_down() {
	umount -R "$root"
}

# serves PORT [--dgram] PROGRAM... - under clasp run at the server, until it listens
serves() {
	start_server chroot "$root" clasp run "${@:2}" >"$work/log" 2>&1
	until_true listens "$1" || {
		cat "$work/log"
		return 1
	}
}

# client [--dgram] PROGRAM... - under clasp run at the client
client() {
	timeout 120 ip netns exec client chroot "$root" clasp run "$@"
}

# each_ip COMMAND... - with an address of the server behind it, once for IPv4 and
# once for IPv6, and the IP version in $ip
each_ip() {
	local ip

	ip=ipv4
	"$@" 10.77.0.2
	ip=ipv6
	"$@" fd77::2
}

# in_url ADDRESS - as it is written before a port
in_url() {
	case $1 in
	*:*) echo "[$1]" ;;
	*) echo "$1" ;;
	esac
}
