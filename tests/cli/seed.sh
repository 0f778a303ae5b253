#!/bin/sh
# The log that this project began with: one session, still open, each raw line
# folded with its twin.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

seed_log >"$work/seed-log"

# A JSON line in one spelling, whatever the blanks between.
json() {
	run --print=json "$@"
	out=$(echo "$out" | sed 's/": */":/g; s/, *"/,"/g; s/\([[{]\) */\1/g')
}

for variant in lf crlf cut; do
	case $variant in
	crlf) sed 's/$/\r/' "$work/seed-log" >"$work/log" ;;
	cut) printf '%s' "$(cat "$work/seed-log")" >"$work/log" ;;
	*) cp "$work/seed-log" "$work/log" ;;
	esac
	json "$work/log"
	exits "$variant: a session was found" 0
	same "$variant: it is one" "$(echo "$out" | wc -l | tr -d ' ')" 1
	for fact in '"number":1' '"format":"exchange-ims"' '"peer":"pop3.test.com"' \
	    '"helo":"pop3.test.com"' '"direction":"in"' '"outcome":"open"' \
	    '"from":"richie@test.com"' '"to":"chris@play.com"' '"code":250' \
	    '"start":"2001-04-02T11:44:31"' '"commands":4' '"replies":3' \
	    '"codes":[250,250,250]' '"first_line":1' '"last_line":11' \
	    '"lines":11' '"key":null' '"port":null' '"tls":null' '"auth":null' \
	    '"failed_command":null'; do
		has "$variant: $fact" "$out" "$fact"
	done
done

# The twins: each command stands once, its raw form beside it is marked as
# such; the DATA line, which has only its raw form, is a command.
run --print=transcript "$work/seed-log"
exits "a transcript is printed" 0
for line in 'HELO pop3.test.com' 'MAIL From:<richie@test.com>' \
    'RCPT To:<chris@play.com>' 'DATA'; do
	same "the transcript has '$line' once as a command" \
	    "$(echo "$out" | grep -c -e " C $line\$")" 1
done
same "the transcript marks three twins" "$(echo "$out" | grep -c ' = ')" 3

# Several files, each a stream of its own; one list.
mkdir -p "$work/logs"
cp "$work/seed-log" "$work/logs/L0000000.LOG"
sed 's/pop3/pop4/' "$work/seed-log" >"$work/logs/L0000001.LOG"
run --print=json "$work/logs"
same "a folder of two logs gives two sessions" \
    "$(echo "$out" | grep -c outcome)" 2
has "one from each: first" "$out" '.LOG'
has "one from each: second" "$out" 'pop4.test.com'

json --tz=Z "$work/seed-log"
has "--tz=Z says what the times mean" "$out" '"start":"2001-04-02T11:44:31Z"'
json --tz=+02:00 "$work/seed-log"
has "--tz=+02:00 too" "$out" '"start":"2001-04-02T11:44:31+02:00"'
done_testing
