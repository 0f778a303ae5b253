#!/bin/sh
# A log through a pipe: sessions are on the screen while it runs, keys come from
# the terminal, its end is the end of the log; compressed logs, too.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

one() {
	csv_session "$1" 10 "192.0.2.$1:1000" "s$1@example.com" \
	    chris@play.com "${2-250 2.1.5 Recipient OK}"
}

# Writes what it is given by name, one file after another, until "end".
cat >"$work/writer" <<'WRITER'
while read -r name; do
	[ "$name" != end ] || exit 0
	cat "$name"
done <next
echo gone >writer.gone
WRITER
mkfifo "$work/next"

terminal 120 24
command_line "sh writer | '$EHLOG'; echo over >over"
exec 3>"$work/next"
sees "the screen is there before a line came" "standard input"
sees "and says that it reads" "reading"

{ csv_head; one 1; } >"$work/a"
echo a >&3
sees "a session is shown while the pipe runs" "s1@example.com"
one 2 '550 5.1.1 User unknown' >"$work/b"
echo b >&3
sees "and another" "s2@example.com"
keys 5
loses "a key from the terminal chooses" "s1@example.com"
keys 0
sees "and another takes that back" "s1@example.com"

# Read again as another format: a pipe cannot be, but what came of it can.
csv_row 10:30:00.000 3 0 192.0.2.3:1000 + >"$work/c"
echo c >&3
sees "a session that is still open" "192.0.2.3"
type_text ":format exchange-csv"
keys Enter
sees "what came can be read as another format" "s2@example.com"
one 4 >"$work/d"
echo d >&3
sees "and goes on behind that" "s4@example.com"

echo end >&3
exec 3>&-
loses "the end of the pipe is the end of the log" "reading"
keys q
check "and q leaves" until_true [ -f "$work/over" ]

# Who quits early is not kept by a pipe that goes on.
rm -f "$work/over"
mkfifo "$work/endless"
command_line "clear; '$EHLOG' <endless; echo over >over"
exec 4>"$work/endless"
{ csv_head; one 5; } >&4
sees "a pipe that does not end" "s5@example.com"
keys q
check "q leaves while the pipe is open" until_true [ -f "$work/over" ]
exec 4>&-

gzip -c <"$work/a" >"$work/a.gz"
command_line "clear; cat a.gz | '$EHLOG' - b"
sees "a compressed pipe beside a file" "s1@example.com"
keys q
done_testing
