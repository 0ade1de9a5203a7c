# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Programs that the host must have. Sourced after common.sh.

# need_packages WHY PACKAGE... - install those of the packages that are not
# there, as root or through sudo, and say so before
need_packages() {
	local why=$1 present package missing=() as_root=()
	shift

	present=$(dpkg-query -W -f '${Package} ${db:Status-Status}\n' "$@" \
		2>/dev/null) || true
	for package; do
		grep -qxF "$package installed" <<<"$present" ||
			missing+=("$package")
	done
	[ ${#missing[@]} -gt 0 ] || return 0

	say "installing with apt-get, $why: ${missing[*]}"
	if [ "$(id -u)" -ne 0 ]; then
		command -v sudo >/dev/null ||
			die "that takes root: apt-get install ${missing[*]}"
		as_root=(sudo)
	fi
	mkdir -p "$CACHE"
	install_packages && return
	say "refreshing the package lists"
	"${as_root[@]}" apt-get update -qq >&2 || true
	install_packages || {
		tail -n 20 "$CACHE/apt.log" >&2
		die "apt-get could not install ${missing[*]}"
	}
}

# Uses missing and as_root of need_packages
install_packages() {
	"${as_root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install \
		-qq -y --no-install-recommends "${missing[@]}" \
		>"$CACHE/apt.log" 2>&1 </dev/null
}
