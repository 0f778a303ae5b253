#!/bin/sh
# What ehlog makes of the logs of real servers is what their clients lived
# through: each folder of tests/logs against its truth.
#
#   check.sh [VARIANT...]       SERVER_LOGS: another folder than tests/logs
#
# A folder whose format this ehlog does not have is skipped with a word.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"

here=$abs_top_srcdir/tests/servers
logs=${SERVER_LOGS:-$abs_top_srcdir/tests/logs}
command -v python3 >/dev/null 2>&1 || skip_all "no python3 to compare with"
export PYTHONDONTWRITEBYTECODE=1

compare() {
	python3 "$here/compare.py" "$@"
}

# unpack FOLDER: its logs, as the server wrote them, into $work/logs.
unpack() {
	rm -rf "$work/logs"
	mkdir -p "$work/logs"
	for file in "$1"/*; do
		case $file in
		*/truth | */hops | */README.md) ;;
		*.gz) gzip -dc "$file" >"$work/logs/$(basename "$file" .gz)" ;;
		*) cp "$file" "$work/logs" ;;
		esac
	done
}

# hold VARIANT: one case.
hold() {
	format=$(compare --format "$1") || {
		not_ok "$1 has a profile"
		return
	}
	if ! "$EHLOG" --list-formats | grep -q "^$format "; then
		echo "skip - $1: no format $format yet"
		return
	fi
	unpack "$logs/$1"
	"$EHLOG" --no-config --show-secrets --print=json \
	    "$work/logs/$(compare --file "$1")" \
	    >"$work/facts" 2>"$work/err" </dev/null
	if compare --show=40 "$1" "$logs/$1/truth" "$work/facts" \
	    "$work/logs/$(compare --file "$1")" >"$work/said" 2>&1; then
		ok "$1: $(tail -n 1 "$work/said")"
	else
		not_ok "$1: $(tail -n 1 "$work/said")"
		sed 's/^/#   /' "$work/err" "$work/said"
	fi
	owned=$(compare --owned "$1")
	[ -z "$owned" ] || all_owned "$1" "$owned"
}

# all_owned VARIANT PATTERN: one case: such lines are all of some session.
all_owned() {
	"$EHLOG" --no-config --print=strays \
	    "$work/logs/$(compare --file "$1")" >"$work/strays" \
	    2>"$work/err" </dev/null
	if grep -P "$2" "$work/strays" >"$work/said"; then
		not_ok "$1: each line about mail is of a session"
		head -n 40 "$work/said" | sed 's/^/#   /'
	else
		ok "$1: each line about mail is of a session"
	fi
}

if [ $# -eq 0 ]; then
	# shellcheck disable=SC2046
	set -- $(cd "$logs" && ls)
fi
for variant; do
	hold "$variant"
done
done_testing
