#!/bin/sh
# --keep=SIZE on the screen: an endless log's oldest sessions go and are counted,
# what the reader is at stays, and what goes on is shown, chosen, ordered and
# searched as before.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

# some FROM TO: sessions, of which each tenth fails.  One has about 1 KB.
some() {
	awk -v from="$1" -v to="$2" 'BEGIN {
		for (i = from; i <= to; i++) {
			code = i % 10 ? "250 2.1.5 Recipient OK" : \
			    "550 5.1.1 User unknown"
			at = sprintf("2026-11-01T%02d:%02d:%02d", i / 3600,
			    i / 60 % 60, i % 60)
			id = sprintf("%s.%03dZ,EX01\\Default,%016X", at, 0, i)
			row(0, "+", "")
			row(1, ">", "220 mail.play.com ready")
			row(2, "<", "EHLO host" i ".example.com")
			row(3, ">", "250 mail.play.com")
			row(4, "<", "MAIL FROM:<s" i "@example.com>")
			row(5, ">", "250 2.1.0 Sender OK")
			row(6, "<", "RCPT TO:<chris@play.com>")
			row(7, ">", code)
			row(8, "<", "QUIT")
			row(9, ">", "221 2.0.0 bye")
			row(10, "-", "")
		}
	}
	function row(n, event, data) {
		printf "%s,%d,10.0.0.5:25,192.0.2.%d:%d,%s,%s,\r\n", id, n,
		    i % 250 + 1, 1000 + i, event, data
	}'
}

terminal 120 24
mkfifo "$work/pipe"
start_ehlog -f --keep=200K pipe
exec 3>"$work/pipe"
{ csv_head; some 1 20; } >&3
sees "what comes is shown" " 20 sessions"
keys g
keys Enter
sees "the first one opens" "session 1 "
some 21 2000 >&3
gone_but() {
	n=$(screen | sed -n '1s/.* \([0-9]*\) sessions .*/\1/p')
	[ -n "$n" ] && [ "$n" -gt 20 ] && [ "$n" -lt "$1" ]
}
check "when more comes, not all is there" until_true gone_but 400
sees "but what is read just now" "host1.example.com"
keys r
sees "with its lines" "<,MAIL FROM:<s1@example.com>"
keys q
sees "how many were forgotten is told" " forgotten)"
sees "who was at the first one is there still" ">    1 "
sees "and is told of what came" " new"
keys G
wait_for "s2000@example.com"
some 2011 4000 >&3
sees "the list goes on" "s4000@example.com"
keys g
first_is() {
	screen | sed -n '3s/^> *\([0-9]*\) .*/\1/p' | grep -q "$1"
}
check "it begins with what is kept" until_true first_is '^3[0-9][0-9][0-9]$'
check "the first one is gone" until_true first_is '^[^1]'
# In round figures: the newest 200 KB, of about a kilobyte each.
keys 5
sees "the failed ones of them" "only 5xx"
check "are in the list" until_true first_is '^3[0-9][0-9]0$'
keys 0
keys f
type_text "peer:192.0.2.152"
keys Enter
sees "a filter finds no more than there is" "1 of 1 "
keys 0
keys /
type_text "User unknown"
keys Enter
sees "a search finds what is kept" "hit 1 of "
hits() {
	n=$(screen | sed -n 's/.* of \([0-9]*\) (\([0-9]*\) lines).*/\1 \2/p')
	[ -n "$n" ] && [ "${n% *}" -eq "${n#* }" ] && [ "${n% *}" -lt 60 ]
}
check "as many lines as sessions" until_true hits
some 4001 6000 >&3
keys G
sees "to the last" "s6000@example.com"
check "hits that were forgotten count no more" until_true hits
keys Escape
# What was forgotten cannot be read again as another format; the rest can.
keys :
type_text "format exchange-csv"
keys Enter
some 6001 6003 >&3
sees "the log is read again from where it is kept" "s6003@example.com"
quit_ehlog
exec 3>&-

# A command that gives its log anew gives nothing twice, though most of what it
# gave is forgotten.
{ csv_head; some 1 3000; } >"$work/log"
cat >"$work/source" <<'SOURCE'
echo run >>runs
cat log
while ! [ -f stop ]; do sleep 0.05; done
rm stop
SOURCE
start_ehlog -f --keep=200K --exec "'sh source'"
sees "a command's log, too" "s3000@example.com"
sees "is forgotten" "forgotten)"
some 3001 3005 >>"$work/log"
echo >"$work/stop"
again() {
	[ "$(grep -c run "$work/runs")" -ge 2 ]
}
check "it is started again" until_true again
sees "what came meanwhile is shown" "s3005@example.com"
total() {
	screen | tr -d ',' | awk -v all="$1" '/forgotten\)/ {
		for (i = 1; i < NF; i++)
			if ($i == "of" && $(i + 2) ~ /^\(/)
				exit substr($(i + 2), 2) + $(i + 1) != all
		exit 1
	}'
}
check "and nothing twice" until_true total 3005
quit_ehlog

# What nobody reads is taken in up to a bound.  Each block is random text, told
# when it was taken, and there is an end of them.
cat >"$work/source" <<'SOURCE'
rm -f taken end
i=0
while [ "$i" -lt 150 ]; do
	cat block
	i=$((i + 1))
	echo "$i" >taken
done
: >end
sleep 1000
SOURCE
rests() {
	before=$(cat "$work/taken" 2>/dev/null)
	sleep 1
	[ "${before:-0}" -gt 0 ] &&
	    [ "$(cat "$work/taken")" -eq "$before" ]
}
rm -f "$work/taken"
head -c 600000 /dev/urandom | od -A n -x >"$work/block"
head -c 1000000 "$work/block" >"$work/junk"
mv "$work/junk" "$work/block"
start_ehlog --keep=200K --exec "'sh source'"
sees "a log of no known format" "its first lines are of no format known"
check "is waited with" until_true rests
check "before it ends" [ ! -e "$work/end" ]
quit_ehlog
rm -f "$work/taken"
{ csv_head; some 1 1000; } >"$work/block"
start_ehlog --paused --keep=200K --exec "'sh source'"
sees "reading is paused from the first line on" "paused"
check "what comes then is waited with" until_true rests
check "and not taken in to the end" [ ! -e "$work/end" ]
quit_ehlog
done_testing
