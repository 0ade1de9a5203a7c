# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# Debian's archive, read without touching the host's own apt state: private
# package lists, made from the site that the host itself uses. So a kernel of
# another release can be had, nobody need be root, and stale lists of the host
# do no harm. Sourced after common.sh.

# The archives that the host's own sources name, one «suite uri» a line. Asked
# of apt with an empty state, so that a host that never ran update answers too.
archive_sites() {
	archive_apt_bare apt-get update --print-uris 2>/dev/null |
		sed -n "s|^'\(.*/\)dists/\([^/]*\)/InRelease'.*|\2 \1|p"
}

# archive_open SUITE - ready private lists of SUITE (a code name, or «host»)
archive_open() {
	local suite=$1 codename main security

	archive=$CACHE/apt/$suite
	mkdir -p "$archive/lists/partial" "$archive/cache/archives/partial"
	codename=$(. /etc/os-release && echo "${VERSION_CODENAME:-sid}")
	[ "$suite" != host ] || suite=$codename
	main=$(archive_sites | awk -v own="$codename" \
		'$1 ~ "^(" own "|stable|testing|unstable|sid)$" { print $2; exit }')
	security=$(archive_sites | awk '$1 ~ /-security$/ { print $2; exit }')
	[ -n "$main" ] ||
		die "apt knows no Debian archive here: its sources list no $codename"

	{
		archive_source "$main" "$suite"
		case $suite in
		sid | unstable) ;;
		*) [ -z "$security" ] || archive_source "$security" "$suite-security" ;;
		esac
	} >"$archive/sources.list"

	say "reading the package lists of Debian $suite"
	archive_apt apt-get update -qq >&2 ||
		die "cannot read Debian's package lists (see above)"
}

# archive_open_with PATTERN SUITE - lists that hold a package of that name: the
# host's if they do, else those of SUITE
archive_open_with() {
	archive_open host
	[ -z "$(archive_newest "$1")" ] || return 0
	archive_open "$2"
	[ -n "$(archive_newest "$1")" ] ||
		die "Debian's archive here has no package $1"
}

archive_source() {
	echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] $1 $2 main"
}

# archive_apt PROGRAM ARGUMENT... - apt-get or apt-cache on the private lists
archive_apt() {
	local program=$1
	shift

	archive_apt_bare "$program" \
		-o Dir::Etc::SourceList="$archive/sources.list" \
		-o Dir::Etc::SourceParts=/dev/null "$@"
}

# The same with the host's sources, but none of its state
archive_apt_bare() {
	local program=$1
	shift

	"$program" -o Dir::State::Lists="$archive/lists" \
		-o Dir::State::Status=/dev/null \
		-o Dir::Cache="$archive/cache" -o Debug::NoLocking=1 \
		-o APT::Sandbox::User= -o Acquire::Languages=none "$@"
}

# archive_newest PATTERN - the newest package whose whole name matches
archive_newest() {
	archive_apt apt-cache pkgnames | grep -Ex "$1" | sort -V | tail -n 1
}

# archive_depends PACKAGE PATTERN - names PACKAGE depends on that match
archive_depends() {
	archive_apt apt-cache depends --important "$1" |
		sed -n 's/^[ |]*Depends: //p' | grep -Ex "$2"
}

archive_version() {
	archive_apt apt-cache show --no-all-versions "$1" | sed -n 's/^Version: //p'
}

# archive_closure PACKAGE... - these and all that they need, whatever the host has
archive_closure() {
	archive_apt apt-get install -s -qq --no-install-recommends "$@" |
		sed -n 's/^Inst \([^ ]*\) .*/\1/p'
}

# archive_fetch FOLDER PACKAGE... - bring the packages' .deb files into FOLDER
archive_fetch() {
	local folder=$1 what
	shift

	what=$*
	[ $# -lt 10 ] || what="$# packages"
	mkdir -p "$folder"
	(cd "$folder" && archive_apt apt-get download -qq "$@" >&2) &
	watch $! "fetching $what" in_megabytes "$folder" ||
		die "could not fetch $what"
}

in_megabytes() {
	du -sm "$1" | awk '{ print $1 " MB" }'
}

# The lists are big and soon old: nothing of them is kept.
archive_close() {
	rm -rf "$CACHE/apt"
}
