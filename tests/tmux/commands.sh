#!/bin/sh
# Every command of src/ui/commands.def, once, in a real terminal.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"

used=

# does COMMAND NAME KEYS TEXT: after the keys the text comes up.
does() {
	used="$used $1 "
	# shellcheck disable=SC2086 # several keys
	keys $3
	sees "$1: $2" "$4"
}

# undoes COMMAND NAME KEYS TEXT: after the keys the text goes away.
undoes() {
	used="$used $1 "
	# shellcheck disable=SC2086 # several keys
	keys $3
	loses "$1: $2" "$4"
}

terminal 120 16
start_ehlog --demo
wait_for "richie@example.com"

# The list: 61 sessions, of which 16 rows show at most a dozen.
does bottom "G leads to the last session" G "smith, john"
undoes top "g leads to the first" g "smith, john"
wait_for "08:00:02"
undoes page-down "Space goes a screen on" Space "08:00:02"
does page-up "b goes back" b "08:00:02"
undoes half-down "^D goes half a screen on" "C-d C-d" "08:00:02"
does half-up "^U goes back" "C-u C-u" "08:00:02"

does only-permanent "5: only 5xx" 5 "old.friend"
undoes show-all "0: all" 0 "no such text at all"
wait_for "451 4.7.0"
undoes only-temporary "4: only 4xx" 4 "550 5.1.10"
keys 0
wait_for "550 5.1.10"
undoes only-dropped "!: only dropped" "!" "550 5.1.10"
wait_for "peter@example.org"
keys 0
wait_for "550 5.1.10"
undoes only-fine "2: only fine" 2 "451 4.7.0"
keys 0 g

used="$used filter "
keys f
type_text 'from:anna@example.com'
keys Enter
sees "filter: f leaves what matches" "anna@example.com"
loses "filter: and nothing else" "451 4.7.0"
keys 0
wait_for "451 4.7.0"
keys f
type_text 'colour:red'
keys Enter
sees "filter: a mistake is shown" "colour"
keys Escape Escape
keys 0
wait_for "451 4.7.0"

# Order: by start it is the order of the log; reversed, the last comes first.
used="$used sort-left sort-right "
does reverse "z turns the order round" "z g" "smith, john"
undoes reverse "and back" "z g" "smith, john"
keys '>' '>' g
sees "sort-right: > takes the next column" "ehlog "
keys '<' '<' g
sees "sort-left: < comes back" "08:00:02"

# Down, up, open.
does down "j and Enter open the second session" "j Enter" "MAIL FROM:<richie@example.com>"
keys q
wait_for "08:00:02"
does up "k and Enter open the first" "k Enter" "15220 bytes"
used="$used open back "
does next-session "J goes to the next session" J "MAIL FROM:<richie@example.com>"
does previous-session "K goes back" K "15220 bytes"
does next-failure "e goes to the next failure" e "451 4.7.0"
does next-failure "e goes on" e "550 5.1.10"
does previous-failure "E goes back" E "451 4.7.0"
keys q
wait_for "08:00:02"

# The transcript: raw lines, folds, sideways, its own search.
keys 5 Enter
wait_for "550 5.1.10"
does raw "r shows the lines of the log" r "08DE2A5B"
undoes raw "and back" r "08DE2A5B"
used="$used fold fold-all left right focus "
keys O
sees "fold-all: O opens everything" "550 5.1.10"
keys O g o
sees "fold: o opens the line" "ehlog "
keys l l h h
sees "right, left: and back" "RCPT TO"
keys q
wait_for "08:00:02"
keys 0

# Search in the list, over all text.
used="$used search cancel next-hit previous-hit "
keys /
type_text 'tarpit'
sees "search: hits are counted" "of 3"
keys Enter
does next-hit "n goes to the next hit" n "of 3"
does previous-hit "N goes back" N "of 3"
keys Escape
loses "cancel: Esc ends the search" "of 3"
keys /
type_text 'a(b'
sees "search: a wrong pattern is told" "parenthesis"
keys Escape Escape

does focus "Enter opens beside or below the list" "g Enter" "15220 bytes"
keys Tab Tab
sees "focus: Tab and Tab again" "15220 bytes"
keys q

# Save, copy.
saved_lines() {
	[ "$(wc -l <"$work/saved.csv")" -eq "$1" ]
}
used="$used save copy "
rm -f "$work/saved.csv"
keys s
wait_for "file"
keys C-u
type_text "$work/saved.csv"
keys Enter
check "save: the file is there" until_true test -s "$work/saved.csv"
check "save: a row a session and a head" \
    until_true saved_lines 62
tm set-option -s set-clipboard on 2>/dev/null
keys g y
copied() {
	tm show-buffer 2>/dev/null | grep -q 192.0.2.10
}
check "copy: y puts the row into the clipboard" until_true copied

does help "? shows the keys" "?" "next-failure"
undoes help "and back" "?" "next-failure"
does help "F1 shows them as well" F1 "next-failure"
undoes back "q leads back" q "next-failure"

used="$used redraw follow suspend quit "
# Something else writes over the screen.
tm send-keys -t t ''
keys C-l
sees "redraw: ^L draws the screen" "08:00:02"
keys F
sees "follow: F is told" "ollow"
keys F
keys C-z
sees "suspend: ^Z leads to the shell" 'ready$'
command_line fg
sees "suspend: fg leads back" "08:00:02"
keys Q
sees "quit: Q ends ehlog" 'ready$'

names=$(sed -n 's/^COMMAND([A-Z_]*, "\([a-z-]*\)".*/\1/p' \
    "$abs_top_srcdir/src/ui/commands.def")
check "there are commands" test "$(echo "$names" | wc -l)" -gt 20
for name in $names; do
	has "the command $name is in this test" "$used" " $name "
done
done_testing
