# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Kernels «uml» and «uml-debug»: Linux 6.12 built as a program of the host.
# Sourced after common.sh.

readonly UML_SERIES=6.12

# uml_configs NAME - the files of kernel/ that NAME is configured from
uml_configs() {
	case $1 in
	uml) echo "$VM_DIR/kernel/uml.config" ;;
	uml-debug) echo "$VM_DIR/kernel/uml.config $VM_DIR/kernel/uml-debug.config" ;;
	esac
}

# What the configuration says, whatever its comments and order
uml_options() {
	# shellcheck disable=SC2046 # a list of files
	sed -n '/^CONFIG_[A-Z0-9_]*=/p; /^# CONFIG_[A-Z0-9_]* is not set/p' \
		$(uml_configs "$1")
}

uml_key() {
	uml_options "$1" | LC_ALL=C sort | sha256sum | cut -c 1-12
}

# uml_find NAME - the newest built kernel of today's configuration that has its
# source still: modules are built with both
uml_find() {
	local ready

	ready=$(find "$CACHE/kernel" -maxdepth 2 -path "*/$1-*-$(uml_key "$1")/ready" \
		2>/dev/null | sort -V | tail -n 1)
	[ -n "$ready" ] && [ -e "${ready%/*}/source/Makefile" ] && echo "${ready%/*}"
}

# uml_use NAME - set KERNEL_DIR, KERNEL_BUILD, KERNEL_MAKE; build if need be
uml_use() {
	KERNEL_DIR=$(uml_find "$1") || {
		locked "$1" uml_build "$1"
		KERNEL_DIR=$(uml_find "$1")
	}
	KERNEL_BUILD=$KERNEL_DIR
	KERNEL_MAKE=(ARCH=um)
	KERNEL_MODULES=
}

# Another run may have built it while we waited for the lock.
uml_build() {
	local name=$1 source out

	! uml_find "$name" >/dev/null || return 0
	need_packages "to build the test kernel" build-essential flex bison bc \
		xz-utils
	locked source uml_source
	source=$(readlink -f "$CACHE/src-$UML_SERIES")
	out=$CACHE/kernel/$name-$(basename "$source")-$(uml_key "$name")

	rm -rf "$out"
	mkdir -p "$out"
	uml_configure "$name" "$source" "$out"
	plain_make -C "$source" ARCH=um O="$out" -j "$(nproc)" \
		>"$out/build.log" 2>&1 &
	say "this happens once, and takes 5 to 15 minutes on two processors"
	watch $! "building kernel $name" uml_progress "$out" || {
		tail -n 20 "$out/build.log" >&2
		die "kernel $name does not build; all of it: $out/build.log"
	}
	touch "$out/ready"
}

uml_progress() {
	echo "$(wc -l <"$1/build.log") of about 1570 files"
}

uml_configure() {
	local name=$1 source=$2 out=$3 option

	plain_make -s -C "$source" ARCH=um O="$out" tinyconfig >/dev/null
	# The later of two lines for one option wins.
	uml_options "$name" >>"$out/.config"
	plain_make -s -C "$source" ARCH=um O="$out" olddefconfig \
		>"$out/config.log" 2>&1
	uml_options "$name" | grep '=' | while read -r option; do
		grep -qxF "$option" "$out/.config" ||
			die "this source does not take $option (tests/vm/kernel)"
	done
}

# The source of Debian's own 6.12, unpacked once for both kernels
uml_source() {
	local package=linux-source-$UML_SERIES version folder

	[ ! -e "$CACHE/src-$UML_SERIES/Makefile" ] || return 0

	archive_open_with "$package" trixie
	version=$(archive_version "$package" | tr '~:' '--')
	folder=$CACHE/src/$version
	rm -rf "$folder" "$folder.part"
	mkdir -p "$folder.part"
	archive_fetch "$CACHE/download" "$package"
	archive_close
	dpkg-deb --fsys-tarfile "$CACHE/download/$package"_*.deb |
		tar -xO "./usr/src/$package.tar.xz" |
		tar -xJ --strip-components=1 -C "$folder.part" &
	watch $! "unpacking $package $version" in_megabytes "$folder.part" ||
		die "could not unpack $package"
	rm -rf "$CACHE/download"
	mv "$folder.part" "$folder"
	ln -sfn "$folder" "$CACHE/src-$UML_SERIES"
}

# Where the memory file of UML can live: in memory, if it is big enough
uml_memory_folder() {
	local free

	free=$(df -Pm /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')
	if [ "${free:-0}" -ge "$1" ] &&
		! grep -q ' /dev/shm [^ ]* [^ ]*noexec' /proc/mounts; then
		echo /dev/shm
	else
		echo "$state"
	fi
}

# uml_start - boot; sets VM_PID. The guest's output comes out of $out_fd and
# $err_fd, its console goes to $log.
uml_start() {
	local folder pin=() options=()

	if [ "$shell" = yes ]; then
		options+=(con1="fd:$in_fd,fd:$out_fd")
	else
		options+=(ssl1="null,fd:$out_fd" ssl2="null,fd:$err_fd" oops=panic)
	fi

	folder=$(uml_memory_folder "$mem")
	pick_cpu
	[ -z "$cpu" ] || pin=(taskset -c "$cpu")
	[ "$time_travel" = no ] || options+=(time-travel=inf-cpu)
	"${pin[@]}" env -i PATH="$PATH" HOME="$state" TMPDIR="$folder" \
		"$KERNEL_DIR/linux" mem="${mem}M" \
		root=none rootfstype=hostfs rootflags=/ ro init="$VM_DIR/guest/init" \
		VM_CTL="$state/ctl" VM_OUT="$VM_OUT" uml_dir="$state" umid=vm \
		console=tty0 con0="null,fd:2" con=null ssl=null \
		noreboot loglevel=8 printk.time=1 printk.devkmsg=on \
		kasan_multi_shot "${options[@]}" \
		</dev/null >>"$log" 2>&1 &
	VM_PID=$!
}
