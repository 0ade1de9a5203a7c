# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Programs that the host must have. Sourced after common.sh.

# need_packages WHY PACKAGE... - install those of the packages that are not
# there, as root or through sudo, and say so before
need_packages() {
	local why=$1 package missing=() as_root=()
	shift

	for package; do
		dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null |
			grep -qx installed || missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0

	say "installing with apt-get, $why: ${missing[*]}"
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null ||
			die "that takes root: apt-get install ${missing[*]}"
		as_root=(sudo)
	fi
	install_packages || {
		say "refreshing the package lists"
		"${as_root[@]}" apt-get update -qq >&2
		install_packages || die "apt-get could not install ${missing[*]}"
	}
}

# Uses missing and as_root of need_packages
install_packages() {
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install \
		-qq -y --no-install-recommends "${missing[@]}" \
		>"$CACHE/apt.log" 2>&1 || return 1
}
