# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Programs of Debian, unpacked into a folder of the cache with all that they
# need: a root to chroot to inside of a VM. Nothing is installed or set up, so
# no service of theirs can start on the host. Sourced after common.sh.

# The first keeps a package away that would merge what is merged here.
readonly TREE_PACKAGES=(usr-is-merged bash coreutils curl iperf3 iproute2
	libpcap0.8 ncat nginx nodejs openssh-client openssh-server
	python3-minimal libpython3-stdlib socat)

tree_key() {
	local release

	release=$(. /etc/os-release && echo "$VERSION_ID")
	echo "$release-$(printf '%s\n' "${TREE_PACKAGES[@]}" | sha256sum | cut -c 1-12)"
}

# tree_use - set TREE; fetch and unpack if need be
tree_use() {
	TREE=$CACHE/tree/$(tree_key)
	[ -e "$TREE/ready" ] || locked tree tree_prepare
}

# Another run may have made it while we waited for the lock.
tree_prepare() {
	local part=$CACHE/tree/part packages

	[ ! -e "$TREE/ready" ] || return 0
	archive_open host
	mapfile -t packages < <(archive_closure "${TREE_PACKAGES[@]}")
	[ ${#packages[@]} -gt 0 ] || die "apt does not find ${TREE_PACKAGES[*]}"
	rm -rf "$part" "$CACHE/download"
	archive_fetch "$CACHE/download" "${packages[@]}"
	archive_close
	tree_unpack "$part"
	rm -rf "$CACHE/download"
	touch "$part/ready"
	mv "$part" "$TREE"
}

# The packages' own /bin and /lib are links here, as on a system today.
tree_unpack() {
	local folder deb

	for folder in bin sbin lib lib64; do
		mkdir -p "$1/usr/$folder"
		ln -s "usr/$folder" "$1/$folder"
	done
	say "unpacking ${#packages[@]} packages"
	for deb in "$CACHE/download"/*.deb; do
		dpkg-deb --fsys-tarfile "$deb" |
			tar -x --keep-directory-symlink --no-same-owner -C "$1" \
				--exclude='./usr/share/doc/*' --exclude='./usr/share/man/*' \
				--exclude='./usr/share/locale/*' ||
			die "could not unpack $deb"
		rm "$deb"
	done
}
