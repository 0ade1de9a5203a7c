# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# OpenSSH: a folder there and back, a terminal, a forwarded port

ssh_keys() {
	mkdir -p "$root/run/sshd" "$root/root/.ssh"
	chroot "$root" ssh-keygen -q -t ed25519 -N '' -f /srv/host_key &&
		chroot "$root" ssh-keygen -q -t ed25519 -N '' -f /root/.ssh/id_ed25519 &&
		cp "$root/root/.ssh/id_ed25519.pub" "$root/root/.ssh/authorized_keys"
}

options=(-o StrictHostKeyChecking=no -o UserKnownHostsFile=/dev/null -o LogLevel=ERROR)

# scp_both_ways ADDRESS - a folder there and back
scp_both_ways() {
	local host
	host=root@$(in_url "$1")
	rm -rf "$root/tmp/there" "$root/tmp/back"
	client scp "${options[@]}" -r /srv/folder "$host:/tmp/there" &&
		client scp "${options[@]}" -r "$host:/tmp/there" /tmp/back &&
		diff -r "$root/srv/folder" "$root/tmp/back"
}

ssh_pipe() {
	client ssh "${options[@]}" "root@$1" cat <"$root/srv/middle" |
		cmp - "$root/srv/middle"
}

ssh_terminal() {
	client ssh "${options[@]}" -tt "root@$1" tty | grep /dev/pts/
}

ssh_cases() {
	over_clasp ssh-terminal 1000 ssh_terminal "$1"
	over_clasp ssh-pipe 2000000 ssh_pipe "$1"
	over_clasp scp-folder 2000000 scp_both_ways "$1"
}

it_must ssh-keys ssh_keys
it_must sshd-listens serves 22 /usr/sbin/sshd -D -e -f /srv/sshd_config
each_ip ssh_cases
gone "$server"
