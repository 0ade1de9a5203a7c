# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# What counts as a report of the kernel: it says that something is wrong with
# it. Sourced, never run.

# One regular expression a line, as grep -E reads it
report_patterns() {
	cat <<-'END'
		WARNING:
		BUG:
		BUG [a-zA-Z_].*: .*
		kernel BUG at
		Oops:
		general protection fault[,:] 
		unable to handle
		Kernel panic
		KASAN:
		KFENCE:
		UBSAN:
		refcount_t:
		ODEBUG:
		ref_tracker:
		list_(add|del) corruption
		unreferenced object
		new suspected memory leaks
		Objects remaining in
		Slab cache still has objects
		Bad page (state|map)
		sleeping function called from invalid context
		scheduling while atomic
		possible (circular|recursive|irq lock|deadlock|unsafe)
		inconsistent lock state
		suspicious RCU usage
		trying to register non-static key
		INFO: task .* blocked for more than
		workqueue lockup
		detected stall
		self-detected stall
		unregister_netdevice: waiting
	END
}

# find_reports LOG - print each report of the log with what follows it; true
# if there was any
find_reports() {
	local patterns

	patterns=$(report_patterns)
	grep -qE -e "$patterns" "$1" || return 1
	say "the kernel reported:"
	grep -E -A 50 -e "$patterns" "$1" | head -n 400 >&2
	[ "$(grep -cE -e "$patterns" "$1")" -lt 9 ] ||
		say "and more; $(grep -cE -e "$patterns" "$1") lines of reports in all"
}
