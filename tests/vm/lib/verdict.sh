# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What a run's status is, from what it left: ctl/status and ctl/failed of the
# guest, and the kernel's log. Sourced after report.sh.

# verdict CTL LOG LATE - set status. LATE is yes if the VM had to be stopped.
verdict() {
	local reported=no

	[ ! -s "$1/leaks" ] || cat "$1/leaks" >>"$2"
	! find_reports "$2" || reported=yes
	status=$(cat "$1/status" 2>/dev/null) || status=none

	if [ -s "$1/failed" ]; then
		tail -n 20 "$2" >&2
		say "$(cat "$1/failed")"
		status=$STATUS_NOT_STARTED
	elif [ "$status" = late ] || [ "$3" = yes ]; then
		tail -n 40 "$2" >&2
		say "out of time: the command was not done after $limit seconds"
		status=$STATUS_TIMEOUT
	elif [ "$status" = none ]; then
		tail -n 40 "$2" >&2
		say "the VM died before the command was done"
		status=$STATUS_DIED
	fi
	[ "$reported" = no ] || status=$STATUS_REPORT
}
