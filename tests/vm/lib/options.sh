# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# The command line of run: it becomes the variables below, and command.
# Sourced after common.sh.

kernel=uml mem='' cpus=1 limit=300 leak_check=no time_travel=no load=yes
shell=${VM_SHELL:-no}
command=()

usage() {
	cat <<-'END'
		usage: tests/vm/run [OPTION]... -- COMMAND [ARGUMENT]...

		Boots a test kernel, loads clasp.ko built for it, runs COMMAND as root
		in the checkout, and exits with COMMAND's status. The host's root is
		visible read-only; /tmp, /run, /dev are the VM's own; what COMMAND
		writes to the folder $VM_OUT comes back: to the folder that VM_OUT
		names here, if it is set. The kernel's log is there too (kernel.log).

		  --kernel NAME  uml (the default), uml-debug, stock-6.1, stock-6.12,
		                 stock (the newest of this host's release)
		  --mem SIZE     memory, as 512M or 2G
		  --cpus N       processors (stock kernels)
		  --timeout S    seconds that COMMAND may take; 300 if not said
		  --leak-check   at the end search for leaks, with the module loaded
		                 and unloaded (uml-debug; some 10 seconds)
		  --time-travel  the VM's clock jumps over all waiting: an hour of
		                 sleep takes no time (uml, uml-debug)
		  --no-module    boot without building and loading the module
		  --help         this text

		Statuses of its own: 97 the VM could not be started, 98 it died,
		99 the kernel reported something, 124 COMMAND took too long.
		CLASP_CACHE names the cache of kernels, CLASP_VM_CPU the processor for
		a VM with one («any»: no choice), CLASP_VM_ACCEL kvm or tcg.
	END
}

# megabytes SIZE
megabytes() {
	case $1 in
	'' | *[!0-9MmGg]* | [!1-9]* | *[MmGg]?*)
		die "--mem takes a size as 512M or 2G, not «$1»" ;;
	*[Gg]) echo $((${1%[Gg]} * 1024)) ;;
	*) echo "${1%[Mm]}" ;;
	esac
}

# number OPTION VALUE
number() {
	case $2 in
	'' | *[!0-9]* | 0*) die "$1 takes a number, not «$2»" ;;
	esac
	echo "$2"
}

parse_options() {
	while [ $# -gt 0 ]; do
		case $1 in
		--kernel | --mem | --cpus | --timeout)
			[ $# -gt 1 ] || die "$1 needs a value"
			parse_value "$1" "$2"
			shift ;;
		--leak-check) leak_check=yes ;;
		--time-travel) time_travel=yes ;;
		--no-module) load=no ;;
		--help | -h)
			usage
			exit 0 ;;
		--)
			shift
			break ;;
		-*) die "no option $1; see --help" ;;
		*) break ;;
		esac
		shift
	done
	command=("$@")
	[ $# -gt 0 ] || die "no command to run; see --help"
	check_options
}

parse_value() {
	case $1 in
	--kernel) kernel=$2 ;;
	--mem) mem=$(megabytes "$2") ;;
	--cpus) cpus=$(number "$1" "$2") ;;
	--timeout) limit=$(number "$1" "$2") ;;
	esac
}

# What goes together, and what a kernel's name says: where it comes from
# (source) and what runs it (machine)
check_options() {
	case $kernel in
	uml | uml-debug)
		source=uml machine=uml
		[ "$cpus" = 1 ] ||
			die "User Mode Linux has one processor;" \
				"--kernel stock-6.12 can have $cpus" ;;
	stock-6.1 | stock-6.12 | stock)
		source=stock machine=qemu
		[ "$time_travel" = no ] ||
			die "only uml and uml-debug travel in time" ;;
	*) no_such_kernel "$kernel" ;;
	esac

	case $mem$kernel in
	uml) mem=512 ;;
	uml-debug | stock*) mem=1024 ;;
	esac
	[ "$shell" = no ] || { [ -t 0 ] && [ -t 1 ]; } ||
		die "a shell needs a terminal"
}
