# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What guest/init finds in the folder ctl: what to run, and how. Sourced after
# common.sh.

# quote WORD... - the words as a line of shell
quote() {
	local word

	for word; do
		printf "'%s' " "${word//\'/\'\\\'\'}"
	done
}

# setting NAME VALUE
setting() {
	printf '%s=%s\n' "$1" "$(quote "$2")"
}

# guest_settings FOLDER - write settings and command there, next to modules/
guest_settings() {
	local merge=no size='' depends='' aliases='' seconds=$limit

	# One channel if both outputs are one here: then their order is kept.
	[ ! /dev/fd/1 -ef /dev/fd/2 ] || merge=yes
	# While time travels only the host's clock means anything.
	[ "$time_travel$shell" = nono ] || seconds=''
	# A shell's terminal is as large as ours.
	[ "$shell" = no ] ||
		size=$(stty size | sed 's/\(.*\) \(.*\)/rows \1 columns \2/')
	if [ "$load" = yes ]; then
		depends=$(modinfo -F depends "$1/modules/clasp.ko" | tr ',' ' ')
		aliases=$(modinfo -F alias "$1/modules/clasp.ko" | tr '\n' ' ')
	fi

	{
		setting VM_KERNEL "$kernel"
		setting VM_KERNEL_MODULES "$KERNEL_MODULES"
		setting VM_CHECKOUT "$CHECKOUT"
		setting VM_LOAD "$load"
		setting VM_MODULE_DEPENDS "$depends"
		setting VM_MODULE_ALIASES "$aliases"
		setting VM_TIMEOUT "$seconds"
		setting VM_MERGE "$merge"
		setting VM_SHELL "$size"
		setting VM_LEAK_CHECK "$leak_check"
		setting VM_TERM "${TERM:-dumb}"
	} >"$1/settings"
	quote "${command[@]}" >"$1/command"
}
