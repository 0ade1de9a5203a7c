# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Kernels «stock-6.1», «stock-6.12» and «stock»: Debian's own binaries, unpacked
# in the cache and installed nowhere. Sourced after common.sh.

# A kernel's package is linux-image-RELEASE; +bpo (backports) does not match.
stock_pattern() {
	case $1 in
	stock-*) echo "linux-image-${1#stock-}" ;;
	stock) echo 'linux-image-[0-9]+\.[0-9]+' ;;
	esac | sed 's/6\.1/6\\.1/; s/$/\\.[0-9]+(-[0-9]+|\\+deb[0-9u]+)?-amd64/'
}

# The release of Debian that carries it, should the host's own not do so
stock_suite() {
	case $1 in
	stock-6.1) echo bookworm ;;
	stock-6.12) echo trixie ;;
	stock) echo host ;;
	esac
}

# stock_use NAME - set KERNEL_DIR, KERNEL_BUILD, KERNEL_MAKE, KERNEL_MODULES;
# fetch if need be
stock_use() {
	local link=$CACHE/kernel/$1 release

	[ -e "$link/ready" ] || locked stock stock_prepare "$1"
	KERNEL_DIR=$(readlink -f "$link")
	release=$(cat "$KERNEL_DIR/ready")
	KERNEL_BUILD=$KERNEL_DIR/usr/src/linux-headers-$release
	KERNEL_MODULES=$KERNEL_DIR/lib/modules/$release
	# The type data of a module (BTF) would take one more program, pahole.
	KERNEL_MAKE=(CONFIG_DEBUG_INFO_BTF_MODULES=)
	# Debian names the compiler that it built with; any later one will do.
	command -v "x86_64-linux-gnu-$(sed -n 's/^CC = .*\(gcc-[0-9]*\).*/\1/p' \
		"$KERNEL_BUILD/.kernelvariables")" >/dev/null || KERNEL_MAKE+=(CC=gcc)
}

stock_prepare() {
	local image release folder

	[ ! -e "$CACHE/kernel/$1/ready" ] || return 0
	need_packages "to unpack Debian's kernels" kmod xz-utils
	archive_open_with "$(stock_pattern "$1")" "$(stock_suite "$1")"
	image=$(archive_newest "$(stock_pattern "$1")")
	release=${image#linux-image-}
	folder=$CACHE/kernel/stock-$release
	[ -e "$folder/ready" ] || stock_fetch
	archive_close
	ln -sfn "$folder" "$CACHE/kernel/$1"
}

# Uses image, release and folder of stock_prepare
stock_fetch() {
	local headers=linux-headers-$release deb

	rm -rf "$folder" "$CACHE/download"
	mkdir -p "$folder"
	# shellcheck disable=SC2046 # a list of packages
	archive_fetch "$CACHE/download" "$image" "$headers" busybox-static \
		$(archive_depends "$headers" 'linux-(headers|kbuild)-.*')
	say "unpacking kernel $release"
	for deb in "$CACHE/download"/*.deb; do
		dpkg-deb -x "$deb" "$folder"
		rm "$deb"
	done
	# Since Debian 13 the packages themselves know of /usr alone.
	[ -e "$folder/lib" ] || ln -s usr/lib "$folder/lib"
	[ -e "$folder/bin" ] || ln -s usr/bin "$folder/bin"
	stock_trim
	stock_relocate
	depmod -b "$folder" "$release"
	stock_initramfs
	echo "$release" >"$folder/ready"
}

# Drivers that no VM of ours has take most of the room.
stock_trim() {
	local kernel=$folder/lib/modules/$release/kernel

	rm -rf "$CACHE/download" "${folder:?}/usr/share" "$kernel/sound" \
		"$folder/boot/System.map-$release"
	find "$kernel/drivers" -mindepth 1 -maxdepth 1 \
		! -name char ! -name virtio ! -name net -exec rm -rf {} +
	find "$kernel/drivers/net" -mindepth 1 -maxdepth 1 -type d \
		! -name bonding ! -name team ! -name ipvlan ! -name macvlan \
		! -name vxlan ! -name wireguard -exec rm -rf {} +
}

# The packages expect to lie in the root of a file system.
stock_relocate() {
	grep -rlE '^include /usr/src/' --include=Makefile "$folder/usr/src/"linux-headers-*-amd64 |
		xargs sed -i "s|^include /usr/src/|include $folder/usr/src/|"
	rm -f "$folder/lib/modules/$release/build" "$folder/lib/modules/$release/source"
}

# An initramfs that knows one thing: how to get at the host's root
stock_initramfs() {
	local root=$folder/initramfs module number=10

	mkdir -p "$root/bin" "$root/modules" "$root/host"
	cp "$folder/bin/busybox" "$root/bin/busybox"
	cp "$VM_DIR/guest/initramfs" "$root/init"
	modprobe -d "$folder" -S "$release" -a --show-depends \
		virtio_pci virtio_console virtio_rng 9pnet_virtio 9p overlay |
		awk '$1 == "insmod" && !seen[$2]++ { print $2 }' |
		while read -r module; do
			stock_unpack_module "$module" "$root/modules/$number"
			number=$((number + 1))
		done
	(cd "$root" && find . | "$folder/bin/busybox" cpio -o -H newc 2>/dev/null) \
		>"$folder/initramfs.cpio"
	rm -rf "$root"
}

# busybox inserts what is not compressed.
stock_unpack_module() {
	case $1 in
	*.xz) xz -dc "$1" >"$2" ;;
	*.zst) zstd -dcq "$1" >"$2" ;;
	*) cp "$1" "$2" ;;
	esac
}
