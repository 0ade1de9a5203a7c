# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The checkout's modules, built for a test kernel. They are built in the cache,
# from links to the sources: the checkout stays clean, and kernels do not mix.
# Sourced after common.sh.

# Folders and files of the checkout that the module is made of
readonly MODULE_SOURCES=(Kbuild module include tests/kunit tests/cong)

# module_files - each source with its size and age
module_files() {
	local found=() source

	for source in "${MODULE_SOURCES[@]}"; do
		[ ! -e "$CHECKOUT/$source" ] || found+=("$source")
	done
	(cd "$CHECKOUT" && find "${found[@]}" -type f \
		! -name '*.o' ! -name '*.ko' ! -name '*.mod' ! -name '*.mod.c' \
		! -name '.*' ! -name Module.symvers ! -name modules.order \
		-printf '%p\t%s %T@\n' | LC_ALL=C sort)
}

# module_build FOLDER - build for KERNEL_BUILD what module_options say, and copy
# the modules to FOLDER
module_build() {
	local key name

	key=$(checkout_key)
	name=$(basename "$KERNEL_DIR")
	build=$CACHE/build/$key/$name
	[ -e "$CHECKOUT/Kbuild" ] ||
		die "this checkout has no Kbuild, so no module can be built;" \
			"--no-module boots without one"
	mkdir -p "$build"
	echo "$CHECKOUT" >"$CACHE/build/$key/checkout"
	locked "build-$key-$name" module_build_locked "$1"
}

module_build_locked() {
	if [ "$(module_state)" != "$(cat "$build/.built" 2>/dev/null)" ]; then
		module_forget
		module_make
		module_state >"$build/.built"
	fi
	find "$build" -name '*.ko' -exec cp -t "$1" {} +
	[ -e "$1/clasp.ko" ] || die "the build made no clasp.ko"
}

# Checkouts that are gone need no builds.
module_forget() {
	local file old

	for file in "$CACHE"/build/*/checkout; do
		old=$(basename "$(dirname "$file")")
		[ -d "$(cat "$file")" ] ||
			rm -rf "$CACHE/build/$old" "$CACHE/lock/"*"-$old"*
	done
}

# All that decides what the build makes
module_state() {
	echo "${module_options[*]}"
	module_files
}

module_make() {
	module_link
	rm -f "$build/.built"
	plain_make -C "$KERNEL_BUILD" "${KERNEL_MAKE[@]}" M="$build" \
		-j "$(nproc)" "${module_options[@]}" modules \
		>"$build/.log" 2>&1 || {
		sed "s|$build/||g" "$build/.log" | tail -n 60 >&2
		die "the module does not build for kernel $kernel;" \
			"--no-module boots without it"
	}
}

# Links for the sources of today; those of yesterday go, with what was made
module_link() {
	local file

	find "$build" -type l -delete
	module_files | cut -f 1 | while read -r file; do
		mkdir -p "$build/$(dirname "$file")"
		ln -s "$CHECKOUT/$file" "$build/$file"
	done
	find "$build" -name '*.ko' -delete
}
