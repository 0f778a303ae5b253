#!/bin/sh
# The command line itself.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

seed_log >"$work/seed-log"
four_log >"$work/RECV.LOG"

run
exits "ehlog alone: exit status" 2
has "ehlog alone says how to use it" "$out$err" "--demo"

run --help
exits "--help: exit status" 0
help=$out
names=$(sed -n 's/^OPTION([A-Z_]*, "\([a-z-]*\)".*/\1/p' \
    "$abs_top_srcdir/src/config/options.def")
check "there are options" test "$(echo "$names" | wc -l)" -gt 10
for name in $names; do
	has "--help has --$name" "$help" "--$name"
done
same "--help keeps to 100 columns" "$(echo "$help" | awk 'length > 100')" ""
run -h
same "-h is --help" "$out" "$help"

run --version
exits "--version: exit status" 0
has "--version tells a version" "$out" "ehlog 0."

run --list-formats
exits "--list-formats: exit status" 0
has "--list-formats: exchange-ims" "$out" exchange-ims
has "--list-formats: exchange-csv" "$out" exchange-csv

run --frobnicate "$work/seed-log"
exits "an unknown option: exit status" 2
has "an unknown option is named" "$err" frobnicate
same "an unknown option: nothing on standard output" "$out" ""
run --filte=is:ok --print=json "$work/RECV.LOG"
exits "an option may be cut short" 0
run --f=x "$work/RECV.LOG"
exits "but not so that it may be two: exit status" 2
run --demo=yes
exits "a value where none belongs: exit status" 2
run --filter
exits "a missing value: exit status" 2

run --print=json --format=exchange-ims "$work/seed-log"
exits "--format of the log's own kind: exit status" 0
run --print=json --format=exchange-csv "$work/seed-log"
exits "--format of another kind finds no session: exit status" 1
run --print=json --format=telegram "$work/seed-log"
exits "an unknown format: exit status" 2
has "an unknown format is named" "$err" telegram

cp "$work/seed-log" "$work/-dash"
(cd "$work" && "$EHLOG" --print=json -- -dash >out 2>err </dev/null)
same "-- ends the options" "$(grep -c outcome "$work/out")" 1

mkdir -p "$XDG_CONFIG_HOME/ehlog"
printf '[options]\nlimit = 2\n' >"$XDG_CONFIG_HOME/ehlog/ehlog.conf"
run --print=json "$work/RECV.LOG"
same "the configuration gives defaults" "$(grep -c outcome "$work/out")" 2
run --print=json --limit=3 "$work/RECV.LOG"
same "the command line goes first" "$(grep -c outcome "$work/out")" 3
run --print=json --no-config "$work/RECV.LOG"
same "--no-config leaves it unread" "$(grep -c outcome "$work/out")" 4
printf '[options]\n\nlimt = 2\n' >"$XDG_CONFIG_HOME/ehlog/ehlog.conf"
run --print=json "$work/RECV.LOG"
exits "a mistake in the configuration: exit status" 2
has "a mistake in the configuration: its line" "$err" "ehlog.conf:3"
rm "$XDG_CONFIG_HOME/ehlog/ehlog.conf"
done_testing
