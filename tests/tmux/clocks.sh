#!/bin/sh
# Two hosts in two zones on the screen: one list in the order of time, each
# session's lines at the times they had, raw lines as they are.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"

# log NAME DAY-AND-HOUR: three connections, five minutes apart.
log() {
	for minute in 00 05 10; do
		for what in 'connect from a.example[192.0.2.1]' \
		    'disconnect from a.example[192.0.2.1] ehlo=1 quit=1 commands=2'; do
			echo "$2:$minute:07 $1 postfix/smtpd[1$minute]: $what"
		done
	done >"$work/$1.log"
	touch -t 202612010000 "$work/$1.log"
}

# The same moment, but for two minutes that the second clock is slow.
log mx1 'Nov 23 01'
log mx2 'Nov 22 18'
terminal 120 24
start_ehlog --host mx1 --tz=+01:00 mx1.log --host mx2 --tz=-06:00 --skew=2m \
    mx2.log
sees "the first host as its log has it" "01:10:07"
sees "the other one on the same clock" "01:12:07"
# order: the hosts from the top of the list to its end.
order() {
	screen | sed -n 's/.*01:[01][0-9]:07 .*\(mx[12]\):.*/\1/p' | tr '\n' ' '
}
in_turn() {
	[ "$(order)" = "mx1 mx2 mx1 mx2 mx1 mx2 " ]
}
check "both are one list, in the order of time" until_true in_turn
type_text f
type_text 'start:01:12'
keys Enter
sees "a filter goes by what is shown" "1 of 1"
keys Enter
sees "a transcript has the right day" "session 6   2026-11-23"
# told: the line that ends the connection, with its time.
told() {
	screen | grep -q '01:12:07 .*: disconnect from a\.example'
}
check "and the right time of each line" until_true told
keys r
sees "a raw line is what it is" "Nov 22 18:10:07 mx2"
done_testing
