#!/bin/sh
# A log that grows, is renamed, is truncated, appears later: the screen shows
# what comes, without a key.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

log=$work/RECV.LOG

one() {
	csv_session "$1" 10 "192.0.2.$1:1000" "s$1@example.com" \
	    chris@play.com '250 2.1.5 Recipient OK'
}

terminal 120 24
{ csv_head; one 1; } >"$log"
start_ehlog -f "$log"
sees "what is there is shown" "s1@example.com"

one 2 >>"$log"
sees "a session that was appended" "s2@example.com"

csv_row 11:00:00.000 3 0 192.0.2.3:1000 + >>"$log"
sees "a session that has only begun" "192.0.2.3"
{
	csv_row 11:00:00.100 3 1 192.0.2.3:1000 '>' '220 mail.play.com ready'
	csv_row 11:00:00.200 3 2 192.0.2.3:1000 '<' 'EHLO three.example.com'
	csv_row 11:00:00.300 3 3 192.0.2.3:1000 '>' '250  ok'
	csv_row 11:00:00.400 3 4 192.0.2.3:1000 '<' 'MAIL FROM:<s3@example.com>'
} >>"$log"
sees "new lines of an open session" "s3@example.com"
printf '2026-11-01T11:00:00.500Z,EX01\\Default,0000000000000003,5,10.0.0.5:25,192.0.2.3:1000,>,552 5.2.2 mail' \
    >>"$log"
printf 'box full,\r\n' >>"$log"
sees "a line that came in two pieces" "552 5.2.2 mailbox full"

mv "$log" "$log.1"
{ csv_head; one 4; one 70; } >"$log"
sees "renamed and made anew" "s4@example.com"
sees "and what was before is kept" "s1@example.com"

{ csv_head; one 5; } >"$work/next"
cat "$work/next" >"$log"
sees "truncated and written anew" "s5@example.com"
one 6 >>"$log"
sees "and appended to" "s6@example.com"

# Off and on again by its key.
keys F
one 7 >>"$log"
keys F
sees "F takes up what came meanwhile" "s7@example.com"

# The view holds still while the reader is elsewhere.
keys g
wait_for "s1@example.com"
n=10
while [ $n -lt 60 ]; do
	one $n
	n=$((n + 1))
done >>"$log"
keys 0
sees "the reader at the top stays there" "s1@example.com"
keys G
sees "and finds the end where it is" "s59@example.com"
quit_ehlog

# A folder takes its name: that is told, what was read stays.
cp "$log" "$work/barred.LOG"
start_ehlog -f "$work/barred.LOG"
wait_for "s59@example.com"
mv "$work/barred.LOG" "$work/moved.LOG"
mkdir "$work/barred.LOG"
sees "a log that a folder replaces: is told" "is no regular file any more"
keys Enter
sees "and what stood in it is shown" "EHLO"
quit_ehlog

# A file that is not there yet.
rm -f "$work/later.LOG"
start_ehlog -f "$work/later.LOG"
{ csv_head; one 8; } >"$work/later.LOG"
sees "a log that appears later" "s8@example.com"
quit_ehlog

# Paused: what comes waits, and is not lost when the log is rotated meanwhile.
held=$work/held.LOG
{ csv_head; one 60; } >"$held"
start_ehlog -f "$held"
wait_for "s60@example.com"
keys p
sees "p says that it is paused" "paused"
one 61 >>"$held"
sees "and how much waits" "kB (about 1"
hasnt "which is not shown" "$(screen)" "s61@example.com"
mv "$held" "$held.1"
{ csv_head; one 62; } >"$held"
sees "what another file brings waits, too" "kB (about 3"
keys p
sees "p reads on with the old file" "s61@example.com"
sees "and with the new one" "s62@example.com"
type_text ":pause"
keys Enter
sees "the command by its name does the same" "fine  paused"
type_text ":pause"
keys Enter
loses "and takes it back" "paused"
quit_ehlog

# Deleted while it is viewed.
cp "$log" "$work/doomed.LOG"
start_ehlog "$work/doomed.LOG"
wait_for "s5@example.com"
rm "$work/doomed.LOG"
keys Enter
sees "a log that was deleted can still be read" "EHLO"
keys Q
wait_ready

# Truncated while it is viewed: what is gone is marked, nothing breaks.
cp "$log" "$work/shrunk.LOG"
start_ehlog "$work/shrunk.LOG"
wait_for "s5@example.com"
: >"$work/shrunk.LOG"
keys G Enter
sees "the transcript of a truncated log says so" "the log was truncated"
quit_ehlog
ok "and ehlog goes on"
done_testing
