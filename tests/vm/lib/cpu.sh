# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# On which processor a VM with one processor runs. UML is two or more processes
# that hand over to each other all the time: kept on one processor they do so
# three times faster. Sourced after common.sh.

# The processors this process may use, the last first: others start at 0
allowed_cpus() {
	taskset -cp $$ | sed 's/.*: //' | tr ',' '\n' |
		while IFS=- read -r first last; do
			seq "$first" "${last:-$first}"
		done | sort -rn
}

# pick_cpu - set cpu to a processor that no other VM holds, and hold it until
# this process ends; more VMs than processors share them. CLASP_VM_CPU: a
# processor's number, or «any» for no choice.
pick_cpu() {
	local cpus fd

	case ${CLASP_VM_CPU:-} in
	any)
		cpu=
		return ;;
	?*)
		cpu=$CLASP_VM_CPU
		return ;;
	esac

	mkdir -p "$CACHE/lock"
	mapfile -t cpus < <(allowed_cpus)
	for cpu in "${cpus[@]}"; do
		exec {fd}>"$CACHE/lock/cpu-$cpu"
		flock -n "$fd" && return
		exec {fd}>&-
	done
	cpu=${cpus[$$ % ${#cpus[@]}]}
}
