# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The checkout's programs, so that the guest has them on its PATH. Sourced
# after common.sh.

# userspace_build - make the programs, if the checkout says how
userspace_build() {
	grep -qs '^userspace:' "$CHECKOUT/Makefile" || return 0
	locked "userspace-$(checkout_key)" userspace_make
}

userspace_make() {
	plain_make -s -C "$CHECKOUT" userspace >&2 ||
		die "the programs of userspace/ do not build"
}
