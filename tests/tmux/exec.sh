#!/bin/sh
# Commands as sources on the screen: what they write is shown while they run;
# what ended is started again and gives nothing twice; their words are told and
# never shown raw; none is left behind.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

one() {
	csv_session "$1" 10 "192.0.2.$1:1000" "s$1@example.com" \
	    chris@play.com '250 2.1.5 Recipient OK'
}

# Gives all of its log and what is added to it, until the file "stop" is there;
# each run leaves its number in a file.
cat >"$work/source" <<'SOURCE'
log=$1
echo $$ >"$log.pid"
echo run >>"$log.runs"
given=0
while :; do
	size=$(wc -c <"$log")
	if [ "$size" -gt "$given" ]; then
		tail -c +$((given + 1)) "$log" | head -c $((size - given))
		given=$size
	fi
	if [ -f "$log.stop" ]; then
		printf 'the line \033[31mwas cut\007\n' >&2
		rm "$log.stop"
		exit 4
	fi
	sleep 0.05
done
SOURCE
runs() {
	[ "$(grep -c run "$work/$1.runs")" -ge "$2" ]
}

terminal 120 24
{ csv_head; one 1; one 2; } >"$work/a"
start_ehlog -f --host mx1 --exec "'sh source a'"
sees "what a command writes is shown" "s2@example.com"
sees "under its host's name" "mx1"
sees "which is followed, not read to its end" "following"
keys 5
sees "where nothing is chosen, that is said" "no session matches; 0 shows all"
keys Enter
sees "and nothing is waited for" "there is no session to open"
keys 0
one 3 >>"$work/a"
sees "and what it adds" "s3@example.com"

echo >"$work/a.stop"
sees "its end is told, with its words" "mx1: ended with status 4: the line"
sees "which are not shown raw" '^[[31mwas cut^G'
# While it is away the log grows.
one 4 >>"$work/a"
check "it is started again" until_true runs a 2
sees "what came meanwhile is shown" "s4@example.com"
one 5 >>"$work/a"
sees "and what comes then" "s5@example.com"
sees "and nothing is there twice" " 5 sessions"
echo >"$work/a.stop"
check "it is started a third time" until_true runs a 3
one 6 >>"$work/a"
sees "with nothing new before" "s6@example.com"
sees "still nothing is there twice" " 6 sessions"
# A log that is written anew is new.
echo >"$work/a.stop"
{ csv_head; one 7; } >"$work/b"
mv "$work/b" "$work/a"
sees "another log in its place is read" "s7@example.com"
sees "to its end" " 7 sessions"
quit_ehlog
ended() {
	! kill -0 "$(cat "$work/a.pid")" 2>/dev/null
}
check "who leaves ends the command" until_true ended

# Two hosts, and one that cannot be reached.
cp "$work/a" "$work/c"
start_ehlog -f --host mx1 --exec "'sh source a'" --host mx2 \
    --exec "'sh source c'" --host mx3 --exec "'no-such-command x'"
sees "two hosts are one list" " 2 sessions"
sees "what cannot be started is told" "mx3: ended with status 127"
sees "the source column has the one" "mx1 "
sees "and the other" "mx2 "
one 8 >>"$work/c"
sees "and goes on with both" "s8@example.com"
quit_ehlog

# Without --follow a command's end is the end.
start_ehlog --host mx1 --exec "'cat a; echo oops >&2; exit 9'"
sees "a command that ends" "s7@example.com"
sees "its failure is told" "mx1: ended with status 9: oops"
quit_ehlog

# What it says is told at once, not when it ends: to a reader who does not follow,
# and while nothing is read.
speaking="'cat a; echo a word first >&2; until [ -f speak ]; do sleep 0.05; done; echo again >&2; exec sleep 1000'"
start_ehlog --host mx1 --exec "$speaking"
sees "what a command says while it runs" "mx1: a word first"
sees "while it is read" "reading"
quit_ehlog
start_ehlog --paused --host mx1 --exec "$speaking"
sees "the same while reading is paused" "mx1: a word first"
keys '?'
wait_for "Moving"
keys q
wait_gone "Moving"
echo >"$work/speak"
sees "and what it says next" "mx1: again"
quit_ehlog

# A signal that ends ehlog ends what it started.
start_ehlog -f --exec "'sh source a'"
wait_for "s7@example.com"
kill -TERM "$(cat "$work/pid")"
check "a signal that ends ehlog ends the command" until_true ended
done_testing
