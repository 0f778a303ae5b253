#!/bin/sh
# Which sessions, in which order: --filter --sort --since --until --limit.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

log=$work/RECV.LOG
four_log >"$log"

# numbers ARGUMENTS: which sessions come out, in which order.
numbers() {
	run --print=json "$@" "$log"
	out=$(sed 's/^{ *"number": *\([0-9]*\).*/\1/' "$work/out" | tr '\n' ' ')
	out=${out% }
}

# picks EXPRESSION NUMBERS
picks() {
	numbers --filter="$1"
	same "--filter='$1'" "$out" "$2"
}

picks '' '1 2 3 4'
picks 'code:5xx' 2
picks 'code:4xx' 3
picks 'code:550..554' 2
picks 'code:354' 1
picks 'esc:5.1.*' 2
picks 'from:*@example.org' 2
picks 'from:eve@example.net' '3 4'
picks 'to:nobody@play.com' 2
picks 'to:*@play.com' '1 2 3'
picks 'peer:192.0.2.0/24' '1 2'
picks 'peer:203.0.113.4' 4
picks 'helo:host3.example.com' 3
picks 'helo:/^HOST[12]\./' ''
picks 'helo:/^host[12]\./' '1 2'
picks 'verb:rcpt' '2 3'
picks 'took>10s' 4
picks 'took<10s' '1 2 3'
picks 'took>1500ms' 4
picks 'took>=1500ms' '1 2 3 4'
picks 'lines>13' 1
picks 'lines<=7' 4
picks 'start:11:00..12:30' '2 3'
picks 'start:2026-11-01' '1 2 3 4'
picks 'start:2026-11-02' ''
picks 'is:dropped' 4
picks 'is:permanent' 2
picks 'is:temporary' 3
picks 'is:ok' 1
picks 'is:failed' '2 3 4'
picks 'is:in' '1 2 3 4'
picks 'is:tls' ''
picks 'is:open' ''
picks 'text:/try again/' 3
picks 'unknown' 2
picks 'eve' '3 4'
picks '"Try again"' 3
picks 'eve code:4xx' 3
picks 'code:5xx or code:4xx' '2 3'
picks 'not code:5xx' '1 3 4'
picks '-code:5xx -code:4xx' '1 4'
picks 'eve (is:dropped or is:ok)' 4
picks 'not (code:5xx or code:4xx)' '1 4'

numbers --filter=is:tls
exits "none selected: exit status" 1

# mistake EXPRESSION COLUMN: the caret stands below that column.
mistake() {
	run --print=json --filter="$1" "$log"
	exits "--filter='$1': exit status" 2
	same "--filter='$1': no output" "$out" ""
	line=$(echo "$err" | grep -n -F -e "$1" | head -n 1)
	before=${line#*:}
	before=${before%%"$1"*}
	caret=$(echo "$err" | grep '^ *^' | head -n 1)
	caret=${caret%%^*}
	same "--filter='$1': the caret stands where it should" \
	    "$((${#caret} - ${#before}))" "$2"
}
mistake 'code:5xx (' 9
mistake 'colour:red' 0
mistake 'from:/a)b/' 7
mistake 'took>soon' 5
mistake 'code:5xx )' 9

numbers --sort=start
same "--sort=start" "$out" "1 2 3 4"
numbers --sort=-start
same "--sort=-start" "$out" "4 3 2 1"
numbers --sort=from
same "--sort=from" "$out" "1 2 3 4"
numbers --sort=-from
case $out in
"4 3 2 1" | "3 4 2 1") ok "--sort=-from" ;;
*) not_ok "--sort=-from: $out" ;;
esac
numbers --sort=-took --limit=1
same "--sort=-took --limit=1" "$out" 4
numbers --sort=helo
same "--sort=helo" "$out" "1 2 3 4"
numbers --limit=2
same "--limit=2" "$out" "1 2"
numbers --limit=2 --filter=is:failed
same "--limit=2 of those that match" "$out" "2 3"
run --print=json --sort=beauty "$log"
exits "an unknown column: exit status" 2
has "an unknown column is named" "$err" beauty
run --print=json --limit=many "$log"
exits "a limit that is no number: exit status" 2

numbers --since=2026-11-01T11:00
same "--since with a date: that moment is in" "$out" "2 3 4"
numbers --until=2026-11-01T12:00
same "--until with a date: that moment is out" "$out" "1 2"
numbers --since=11:00 --until=13:00
same "--since and --until, times of day" "$out" "2 3"
numbers --since=2026-11-02
same "--since a day later" "$out" ""
numbers --since=2026-11-01T12:00:00.001
same "--since a millisecond later" "$out" 4
run --print=json --since=soon "$log"
exits "--since=soon: exit status" 2
has "--since=soon is named" "$err" soon
done_testing
