# What the shell tests share; sourced, not run.
#
# Each case prints one line, "ok - NAME" or "not ok - NAME"; done_testing sets
# the exit status.  A test works in $work, a folder of its own in the build
# tree that is removed at the end, unless a case failed.
# shellcheck shell=sh
set -u
: "${abs_top_srcdir:?is set by make check}"
: "${abs_top_builddir:?is set by make check}"

EHLOG=${EHLOG:-$abs_top_builddir/ehlog}
work=$abs_top_builddir/tests/work/$(basename "$0" .sh).$$
failures=0
# Seconds until what does not come is not waited for any longer.
deadline=$((20 * ${EHLOG_SLOW:-1}))
cases=0
# shellcheck disable=SC2034 # for the tests
NL='
'

# Nothing of the person who runs the tests gets in.
unset NO_COLOR EHLOG_DATADIR LC_CTYPE LC_TIME LC_MESSAGES LANGUAGE
export LC_ALL=C.UTF-8 TZ=UTC
export HOME="$work/home" XDG_CONFIG_HOME="$work/home/.config"
mkdir -p "$XDG_CONFIG_HOME"

clean_up() {
	status=$?
	type at_exit >/dev/null 2>&1 && at_exit
	[ "$failures" -ne 0 ] || rm -rf "$work"
	exit "$status"
}
trap clean_up EXIT
trap 'exit 129' HUP
trap 'exit 130' INT
trap 'exit 143' TERM

ok() {
	cases=$((cases + 1))
	echo "ok - $*"
}

not_ok() {
	cases=$((cases + 1))
	failures=$((failures + 1))
	echo "not ok - $*"
}

# skip_all REASON: this machine cannot run the test.
skip_all() {
	echo "skip - $*"
	exit 77
}

# A short wait between two looks.
pause() {
	sleep 0.05 2>/dev/null || sleep 1
}

# until_true COMMAND...: polls until it succeeds; 1 after the deadline.
until_true() {
	start=$(date +%s)
	while ! "$@"; do
		[ $(($(date +%s) - start)) -lt "$deadline" ] || return 1
		pause
	done
}

# check NAME COMMAND...: one case.
check() {
	name=$1
	shift
	if "$@"; then
		ok "$name"
	else
		not_ok "$name"
		return 1
	fi
}

# same NAME GOT WANTED: one case; shows both where they differ.
same() {
	if [ "$2" = "$3" ]; then
		ok "$1"
	else
		not_ok "$1"
		printf '# got:\n%s\n# wanted:\n%s\n' "$2" "$3" | sed 's/^/#   /'
		return 1
	fi
}

# has NAME TEXT PART: one case.
has() {
	case $2 in
	*"$3"*) ok "$1" ;;
	*)
		not_ok "$1"
		printf 'no "%s" in:\n%s\n' "$3" "$2" | sed 's/^/#   /'
		return 1 ;;
	esac
}

# hasnt NAME TEXT PART: one case.
hasnt() {
	case $2 in
	*"$3"*)
		not_ok "$1"
		printf '"%s" is in:\n%s\n' "$3" "$2" | sed 's/^/#   /'
		return 1 ;;
	*) ok "$1" ;;
	esac
}

# run ARGUMENT...: runs ehlog; leaves $status, $out and $err.
run() {
	"$EHLOG" "$@" >"$work/out" 2>"$work/err" </dev/null
	status=$?
	# shellcheck disable=SC2034 # for the tests
	out=$(cat "$work/out")
	# shellcheck disable=SC2034
	err=$(cat "$work/err")
}

# exits NAME STATUS: one case on what run left.
exits() {
	if [ "$status" -eq "$2" ]; then
		ok "$1"
	else
		not_ok "$1: exit status $status, wanted $2"
		sed 's/^/#   /' "$work/err"
		return 1
	fi
}

done_testing() {
	[ "$cases" -gt 0 ] || failures=1
	[ "$failures" -eq 0 ] || exit 1
	exit 0
}
