#!/bin/sh
# Real servers under a driver that knows the truth: what make check-servers
# runs.  Needs root, installs Debian's packages into a copy of the system that
# is thrown away, talks on loopback only.
#
#   run.sh [--store] [--sessions=N] [--open=N] [--seed=N] [VARIANT...]
#
# Each variant gets namespaces of its own: its file system is an overlay over
# the present one, its network is a loopback, and all its processes end with
# the script.  --store keeps the logs in tests/logs; otherwise they stay in
# the build tree.  conf/SERVER.sh says how a server is set up.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
top=$(cd "$here/../.." && pwd)
build=${abs_top_builddir:-$top/build}
work=$build/tests/servers

all="postfix-normal postfix-verbose postfix-relay postfix-relay-verbose
    postfix-screen exim-normal exim-all exim-debug exim-relay
    sendmail-9 sendmail-15 sendmail-x
    opensmtpd-maillog opensmtpd-trace opensmtpd-report opensmtpd-relay
    haraka-protocol haraka-logfmt smtp-server aiosmtpd swaks curl"
store=no
sessions=100
open=20
seed=1
variants=
for arg; do
	case $arg in
	--store) store=yes ;;
	--sessions=*) sessions=${arg#*=} ;;
	--open=*) open=${arg#*=} ;;
	--seed=*) seed=${arg#*=} ;;
	-*) echo "run.sh: what is $arg?" >&2; exit 2 ;;
	*) variants="$variants $arg" ;;
	esac
done
[ "$(id -u)" -eq 0 ] || { echo "run.sh: needs root" >&2; exit 77; }

# One at a time: they share what was downloaded and the folder of a run.
mkdir -p "$work/debs/partial"
exec 9>"$work/lock"
flock -n 9 || { echo "run.sh: another one runs in $work" >&2; exit 2; }

# An interrupt ends the variant with all its processes, and what is half done
# is not kept.
child=
stopped() {
	trap '' INT TERM HUP
	if [ -n "$child" ]; then
		kill -KILL "$child" 2>/dev/null
		wait "$child" 2>/dev/null || :
	fi
	rm -rf "$work/out"
	echo "run.sh: interrupted" >&2
	exit 130
}
trap stopped INT TERM HUP

failed=
ran=
for variant in ${variants:-$all}; do
	out=$work/logs/$variant
	[ $store = no ] || out=$top/tests/logs/$variant
	rm -rf "$work/out"
	mkdir -p "$work/out"
	export here work variant sessions open seed
	unshare --mount --pid --uts --fork --kill-child --mount-proc \
	    sh "$here/inside.sh" install 9>&- </dev/null &
	child=$!
	if wait "$child"; then
		rm -rf "$out"
		mkdir -p "$(dirname "$out")"
		mv "$work/out" "$out"
		echo "ran: $variant"
		ran="$ran $variant"
	else
		echo "did not run: $variant"
		failed="$failed $variant"
	fi
done

# Without a built ehlog there is nothing to hold against the logs.
status=0
[ $store = no ] && logs=$work/logs || logs=$top/tests/logs
if [ -x "${EHLOG:-$build/ehlog}" ] && [ -n "$ran" ]; then
	# shellcheck disable=SC2086
	abs_top_srcdir=$top abs_top_builddir=$build SERVER_LOGS=$logs \
	    sh "$here/check.sh" $ran || status=1
fi
[ -z "$failed" ] || { echo "did not run:$failed"; status=1; }
exit $status
