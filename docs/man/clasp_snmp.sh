#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
#
# clasp_snmp.sh - print the manual page clasp_snmp(5), of the tables from which
# the module itself makes /proc/net/clasp_snmp.

set -eu
cd "$(dirname "$0")/../.."

# entries PREFIX TABLE FILE - rows X(NAME, "Counter", "text") of a table
entries() {
	sed -n "/define $2(X)/,/[^\\\\]\$/p" "$3" | tr '\t' ' ' |
		sed -n "s/^ *X([A-Z_0-9]*, *\"\\([^\"]*\\)\", *\"\\(.*\\)\").*/.TP\\n.B $1\\1\\n\\2/p"
}

cat <<'END'
.\" SPDX-License-Identifier: GPL-2.0
.TH clasp_snmp 5 "" "Clasp" "Linux Programmer's Manual"
.SH NAME
clasp_snmp \- what Clasp counts
.SH SYNOPSIS
.I /proc/net/clasp_snmp
.SH DESCRIPTION
A name and a number in each line.
All count from the making of the network namespace or the loading of the module, and never back.
.SS Counters
END
entries '' CLASP_COUNTERS module/socket/sock.h
cat <<'END'
.SS Drops
Segments and datagrams, or what they carried, that went no further, by the reason.
END
entries Drop CLASP_DROP_REASONS module/core/reason.h
cat <<'END'
.SH SEE ALSO
.BR clasp\-stat (1),
.BR clasp (7)
END
