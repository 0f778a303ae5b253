#!/bin/sh
# The newest sessions are on the screen before the index has come there: the
# index is held, so that nothing of it can be what is seen.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"

# Twice as much as is read ahead.
"$abs_top_builddir/tests/generate" --sessions=4000 --open=20 --seed=5 \
    --truth="$work/truth" -o "$work/smtp.log" || skip_all "no log"

# The session that began last, and lines of it.
last=$(awk 'match($0, /"first_line":[0-9]+/) {
	n = substr($0, RSTART + 13, RLENGTH - 13) + 0
	if (n > most) { most = n; line = $0 } } END { print line }' "$work/truth")
field() {
	echo "$last" | sed "s/.*\"$1\":\"\([^\"]*\)\".*/\1/"
}
began=$(field start | sed 's/.*T\(.*\)Z/\1/')
peer=$(field peer)

terminal 140 20
start_ehlog --paused "$work/smtp.log"
sees "--paused begins with nothing" "0 sessions"
sees "and says that much waits" "paused, "
keys G
sees "G shows the newest session" "$began"
has "of its peer" "$(screen | grep "$began")" "$peer"
sees "the header says what this is" "index at 0 %: the last, read ahead"
sees "and the status line" "sessions, read ahead of the index"
keys Enter
sees "its transcript opens" "- connected"
sees "and is that session's" "$peer"
keys q
wait_for "$began"
keys f
type_text "peer:$peer"
keys Enter
sees "a filter works there" "filter peer:$peer"
sees "on what was read" "$began"
keys 0 g
sees "g leads back to the list of all" "0 sessions"
keys G
wait_for "$began"
keys p
sees "p reads the log, and the index takes over" "4,000 sessions"
sees "which is told" "the index is complete"
sees "at the newest" "$began"
loses "and nothing is ahead of it" "read ahead"
keys k
loses "nor paused" "paused"
quit_ehlog
done_testing
