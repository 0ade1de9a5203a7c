# shellcheck shell=bash
# SPDX-License-Identifier: GPL-2.0
#
# A stock kernel in QEMU: on the processor itself when KVM truly works, else
# translated (TCG). Sourced after common.sh.

# qemu_boots ACCEL SECONDS - whether KERNEL_DIR's kernel starts and ends so
qemu_boots() {
	timeout -s KILL "$2" qemu-system-x86_64 -nodefaults -no-user-config \
		-display none -no-reboot -machine q35 -accel "$1" -cpu max -m 512 \
		-kernel "$KERNEL_DIR"/boot/vmlinuz-* -initrd "$KERNEL_DIR/initramfs.cpio" \
		-append "panic=-1 quiet VM_PROBE=yes" </dev/null >/dev/null 2>&1
}

# Print kvm or tcg. On some machines /dev/kvm opens and then guests hang: so a
# guest is tried, once for each boot of the host.
qemu_accel() {
	if [ -n "${CLASP_VM_ACCEL:-}" ]; then
		echo "$CLASP_VM_ACCEL"
	elif [ ! -r /dev/kvm ] || [ ! -w /dev/kvm ]; then
		echo tcg
	else
		locked kvm qemu_try_kvm
	fi
}

qemu_try_kvm() {
	local boot accel=tcg

	boot=$(cat /proc/sys/kernel/random/boot_id)
	if [ "$(sed -n 1p "$CACHE/accel" 2>/dev/null)" != "$boot" ]; then
		say "trying whether KVM works here (15 seconds at most, once)"
		! { qemu_boots kvm 15; } 2>/dev/null || accel=kvm
		printf '%s\n%s\n' "$boot" "$accel" >"$CACHE/accel"
	fi
	sed -n 2p "$CACHE/accel"
}

# qemu_start - boot; sets VM_PID. The guest's output comes out of $out_fd and
# $err_fd, its console goes to $log.
qemu_start() {
	local accel cpu_model=max line options=() oops='' output=$log

	accel=$(qemu_accel)
	if [ "$shell" = yes ]; then
		output=/dev/fd/$out_fd
		options+=(-chardev "stdio,id=tty,signal=off"
			-device "virtconsole,chardev=tty")
	else
		oops="oops=panic"
		options+=(-chardev "file,id=out,path=/dev/fd/$out_fd"
			-device "virtserialport,chardev=out,name=out"
			-chardev "file,id=err,path=/dev/fd/$err_fd"
			-device "virtserialport,chardev=err,name=err")
	fi
	[ "$accel" != kvm ] || cpu_model=host
	# A kernel that oopses is over: what follows would hide what came first.
	line="console=ttyS0 loglevel=8 printk.devkmsg=on $oops panic=-1"
	line="$line mitigations=off no_timer_check VM_INIT=$VM_DIR/guest/init"
	setsid qemu-system-x86_64 -nodefaults -no-user-config -display none \
		-no-reboot -machine q35 -accel "$accel" -cpu "$cpu_model" \
		-m "$mem" -smp "$cpus" \
		-kernel "$KERNEL_DIR"/boot/vmlinuz-* -initrd "$KERNEL_DIR/initramfs.cpio" \
		-append "$line" \
		-virtfs "local,path=/,mount_tag=root,security_model=none,readonly=on,multidevs=remap" \
		-virtfs "local,path=$state/ctl,mount_tag=ctl,security_model=none" \
		-virtfs "local,path=$VM_OUT,mount_tag=out,security_model=none" \
		-device virtio-rng-pci -device virtio-serial-pci \
		-chardev "file,id=log,path=$log,append=on" -serial chardev:log \
		"${options[@]}" <&"$in_fd" >>"$output" 2>>"$log" &
	VM_PID=$!
}
