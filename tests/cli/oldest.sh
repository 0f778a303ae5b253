#!/bin/sh
# --keep=SIZE: of what comes through a pipe or from a command the newest text is
# kept, with the sessions that began in it; older ones are forgotten when they
# are over, and how many is told.  What is kept is as it is without it.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

cd "$work" || exit 99

# fields: number and first line of each session, then the session itself
# without its source.
fields() {
	sed -e 's/"source":"[^"]*",//' -e 's/^{"number":\([0-9]*\),.*"first_line":\([0-9]*\),.*/\1 \2 &/'
}

# begins_at SIZE LOG: the line with which the last SIZE bytes of a log begin.
begins_at() {
	tail -c "$1" "$2" | wc -l | awk -v all="$(wc -l <"$2")" \
	    '{ print all - $1 + 1 }'
}

# kept SIZE OPTION SOURCE: not a report that is written while the log is read,
# which keeps nothing.
kept() {
	"$EHLOG" --no-config --print=json --sort=-number --keep="$1" "$2" "$3" \
	    >out 2>err
	status=$?
	err=$(cat err)
	fields <out | sort -n >got
}

for format in exchange-csv postfix transcript; do
	"$abs_top_builddir/tests/generate" --format="$format" --sessions=12000 \
	    --open=50 --seed=7 -o log || exit 99
	"$EHLOG" --no-config --print=json log | fields | sort -n >all
	kept 300K -- - <log
	exits "$format: exit status" 0
	n=$(wc -l <got)
	same "$format: what was forgotten is told" "$err" "ehlog: $((12000 - n)) of the oldest sessions are not among these: they were forgotten (--keep)"
	check "$format: most of it is" test "$n" -lt 9000
	# By number they are in no order that comm knows.
	sort all >all.sorted
	sort got >got.sorted
	comm -13 all.sorted got.sorted >other
	same "$format: what is kept is as it was" "$(wc -l <other)" 0
	comm -23 all.sorted got.sorted >gone
	first=$(begins_at 307200 log)
	same "$format: nothing that began in the newest text is forgotten" \
	    "$(awk -v first="$first" '$2 >= first' gone | wc -l)" 0
	"$EHLOG" --no-config --print=json --filter=is:closed log | fields |
	    sort >over
	same "$format: nor what is not over" "$(comm -13 over gone | wc -l)" 0
	# To the next line whose place is known (index/store.h).
	same "$format: and what is older and over is not there" \
	    "$(comm -12 over got.sorted | awk -v first="$((first - 64))" \
	    '$2 < first' | wc -l)" 0
	kept 300K --exec 'cat log'
	same "$format: a command is as a pipe" "$(wc -l <got)" "$n"
done

# Of two pipes each keeps as much; files are left alone.
"$abs_top_builddir/tests/generate" --sessions=6000 --seed=8 -o file
"$EHLOG" --no-config --print=json --sort=-number --keep=300K \
    --exec 'cat log' file --exec 'cat log' >out 2>err
status=$?
exits "two commands and a file: exit status" 0
same "the file is whole" "$(grep -c '"source":"file"' out)" 6000
same "each command has kept as much" "$(grep -vc '"source":"file"' out)" \
    "$((2 * n))"
kept 300K -- file
same "of a file nothing is forgotten" "$(wc -l <got)" 6000
same "nor told" "$err" ""
kept 1G -- - <log
same "nor of a pipe that is shorter" "$(wc -l <got)" 12000
same "of which nothing is told" "$err" ""

# What is written while it is read needs not be kept.
"$EHLOG" --no-config --print=json --keep=300K - <log >out 2>err
same "a report that is written meanwhile has all" "$(wc -l <out)" 12000

# Totals and lines of no session are of what is kept.
{ cat log; echo "this is nothing"; } >strays
sed -i '1i this is nothing either' strays
"$EHLOG" --no-config --print=strays --keep=300K - <strays >out 2>err
same "lines of no session: the last" "$(grep -c 'this is nothing$' out)" 1
same "and not the first" "$(grep -c either out)" 0
"$EHLOG" --no-config --print=summary --keep=300K - <log >out 2>err
same "a summary is of what is kept" "$(awk '/^Outcome/ { on = 1; next }
    /^$/ || /^all/ { on = 0 } on { n += $2 } END { print n }' out)" "$n"

run --no-config --keep=0 log
exits "nothing: exit status" 2
has "to keep nothing is told" "$err" "--keep: '0' is no size"
done_testing
