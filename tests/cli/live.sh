#!/bin/sh
# Reports of logs that are followed: a session is written when it is over.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

deadline=$((30 * ${EHLOG_SLOW:-1}))

one() {
	csv_session "$1" 10 "192.0.2.$1:1000" "s$1@example.com" \
	    chris@play.com '250 2.1.5 Recipient OK'
}

has_lines() {
	[ "$(wc -l <"$1")" -ge "$2" ]
}

# until_written FILE LINES: until so many lines are in the file.
until_written() {
	until_true has_lines "$1" "$2"
}

# A pipe that stays open: what is over comes out, what is open when it ends.
mkfifo "$work/pipe"
"$EHLOG" -f --print=json - <"$work/pipe" >"$work/out" 2>"$work/err" &
pid=$!
exec 3>"$work/pipe"
{
	csv_head
	one 1
	csv_row 11:00:00.000 2 0 192.0.2.2:1000 +
	one 3
} >&3
check "what is over is written" until_written "$work/out" 2
has "the first" "$(sed -n 1p "$work/out")" '"from":"s1@example.com"'
has "and the one behind it" "$(sed -n 2p "$work/out")" '"from":"s3@example.com"'
csv_row 11:00:00.100 2 1 192.0.2.2:1000 '>' '220 mail.play.com ready' >&3
one 4 >&3
check "one that ends later" until_written "$work/out" 3
exec 3>&-
wait "$pid"
same "the end of the pipe is the end" "$?" 0
same "all were written" "$(wc -l <"$work/out")" 4
has "what had no end comes last" "$(sed -n 4p "$work/out")" '"outcome":"open"'
has "with all its lines" "$(sed -n 4p "$work/out")" '"codes":[220]'
same "without complaint" "$(cat "$work/err")" ""

# A file that grows, a filter, and the end by a signal.
{ csv_head; one 5; } >"$work/log"
"$EHLOG" -f --print=csv --filter='from:s7@example.com or from:s5@example.com' \
    "$work/log" >"$work/out" 2>"$work/err" &
pid=$!
check "csv: the header and what is there" until_written "$work/out" 2
one 6 >>"$work/log"
one 7 >>"$work/log"
check "csv: what the filter lets through" until_written "$work/out" 3
has "csv: and no other" "$(sed -n 3p "$work/out")" "s7@example.com"
kill "$pid"
wait "$pid"
same "SIGTERM is no failure" "$?" 0

# Enough is enough.
"$EHLOG" -f --print=transcript --limit=2 "$work/log" >"$work/out" 2>&1
same "--limit ends it" "$?" 0
has "transcript: the second" "$(cat "$work/out")" "s6@example.com"
hasnt "transcript: not the third" "$(cat "$work/out")" "s7@example.com"

run -f --print=summary "$work/log"
exits "a summary has no end" 2
has "and that is told" "$err" "is made of a whole log"
run -f --print=json --sort=start "$work/log"
exits "an order has none" 2
has "and that is told, too" "$err" "written as they end"
done_testing
