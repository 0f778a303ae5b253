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

# A session is known by its start.  In 16 rows the list shows 13 of the 61.
first=08:00:00.411
second=08:00:02.100
grey=08:00:04.900        # 451
news=08:00:12.000        # 550, the first
lost=08:01:26.000        # dropped
last=08:07:35.000

terminal 120 16
start_ehlog --demo
wait_for "$second"

does bottom "G leads to the last session" G "$last"
undoes top "g leads to the first" g "$last"
wait_for "$first"
undoes page-down "Space goes a screen on" Space "$first"
does page-up "b goes back" b "$first"
undoes half-down "^D goes half a screen on" "C-d C-d C-d" "$first"
does half-up "^U goes back" "C-u C-u C-u" "$first"

undoes only-permanent "5: only 5xx" 5 "$grey"
wait_for "$news"
does show-all "0: all" 0 "$grey"
undoes only-temporary "4: only 4xx" 4 "$news"
wait_for "$grey"
keys 4
sees "only-temporary: 4 again shows all" "$news"
undoes only-dropped "!: only dropped" "!" "$news"
wait_for "$lost"
keys 0
wait_for "$news"
undoes only-refused "R: only refused" R "$news"
keys 0
wait_for "$news"
undoes only-fine "2: only fine" 2 "$grey"
keys 0
wait_for "$grey"

used="$used filter "
keys f
type_text 'from:anna@example.com'
keys Enter
sees "filter: f leaves what matches" "08:06:42.500"
loses "filter: and nothing else" "$grey"
keys 0
wait_for "$grey"
keys f
type_text 'colour:red'
keys Enter
sees "filter: a mistake is told" "no field"
keys Escape
keys 0
wait_for "$grey"

# Order: the list begins by number.
does reverse "z turns the order round" "z g" "$last"
undoes reverse "and back" "z g" "$last"
wait_for "$first"
does sort-right "> takes the next column" ">" "by start"
does sort-left "< takes the one before" "< <" "no further column"
keys 0 g
wait_for "$first"

# Sessions.
does down "j goes down, and" "j Enter" "session 2 "
does back "q leads back from the transcript" q "$first"
does up "k goes up, and" "k Enter" "session 1 "
does open "Enter opens the transcript" "q g Enter" "session 1 "
does next-session "J goes to the next session" J "session 2 "
does previous-session "K goes back" K "session 1 "
does next-failure "e goes to the next failure" e "session 3 "
does next-failure "e goes on" e "session 5 "
does previous-failure "E goes back" E "session 3 "

# The transcript: raw lines, folds, sideways.
does raw "r shows the lines of the log" r "raw line"
undoes raw "and back" r "raw line"
used="$used right left "
wait_for "451 4.7.0"
keys l l
loses "right: what is said moves" "EHLO "
keys h h
sees "left: and back" "EHLO "
keys q
wait_for "$first"

# A window that has room for both.
tm resize-window -t t -x 120 -y 50
keys g Enter
wait_for "session 1 "
sees "open: beside or below the list where there is room" "$second"
does focus "Tab gives the list the keys" "Tab j" "session 2 "
keys Tab
keys q
tm resize-window -t t -x 120 -y 16
loses "back: the transcript is gone" "session 2 "

# Search in the list, over all text.
keys 0 g
wait_for "$first"
used="$used search "
keys /
type_text 'tarpit for'
sees "search: hits are counted while the pattern is typed" "of 3"
keys Enter
sees "search: Enter goes to a hit" "hit 1 of 3"
does next-hit "n goes to the next hit" n "hit 2 of 3"
does previous-hit "N goes back" N "hit 1 of 3"
undoes cancel "Esc ends the search" Escape "of 3"
keys /
type_text 'a(b'
sees "search: a wrong pattern is told" "parenthes"
keys Escape
keys g Enter
wait_for "session 1 "
keys /
type_text 'QUIT'
keys Enter
sees "search: in the transcript" "hit 1 of 1"
keys Escape q
wait_for "$first"

# Save, copy.
saved_lines() {
	[ "$(wc -l <"$work/saved.csv")" -eq "$1" ]
}
used="$used save copy "
keys s
wait_for "save list to"
keys C-u
type_text "$work/saved.csv"
keys Enter
sees "save: it is told" "saved"
check "save: a row a session and a head" until_true saved_lines 62
tm set-option -s set-clipboard on
keys g y
copied() {
	tm show-buffer 2>/dev/null | grep -q 192.0.2.10
}
check "copy: y puts the row into the clipboard" until_true copied

does help "? shows the keys" "?" "one line down"
undoes help "and back" "?" "one line down"
does help "F1 shows them as well" F1 "one line down"
undoes back "q leads back from the help" q "one line down"

# Message text and twins are folded.
quit_ehlog
tm resize-window -t t -x 120 -y 40
start_ehlog "'$abs_top_srcdir/data/demo-ims.log'"
wait_for "richie@test.com"
keys g Enter
wait_for "session 1 "
wait_for "250 OK"
hasnt "fold: message text is folded" "$(screen)" "Subject: lunch"
does fold-all "O opens everything" O "lunch"
undoes fold-all "and closes it" O "Subject: lunch"
keys /
type_text '354 Send'
keys Enter j
does fold "o opens the line" o "lunch"
undoes fold "and closes it" o "Subject: lunch"
quit_ehlog

start_ehlog --demo
wait_for "$first"
used="$used redraw follow pause suspend quit "
# Something else writes over the screen.
printf '\033[2J\033[Hscribbled' >"$(tm display-message -p -t t '#{pane_tty}')"
wait_for "scribbled"
keys C-l
loses "redraw: ^L draws the screen" "scribbled"
sees "redraw: all of it" "$first"
keys F
sees "follow: F is told" "following"
keys F
sees "follow: and its end" "no longer following"
keys p
sees "pause: nothing comes that could wait" "nothing to pause"
keys C-z
back "suspend: ^Z leads to the shell"
command_line fg
sees "suspend: fg leads back" "$last"
# The guess of a format can be corrected, and left to ehlog again.
used="$used command-line format "
keys :
type_text 'format exchange-ims'
keys Enter
sees "format: the log is read as what was named" "exchange-ims"
loses "format: and is another one now" "61 sessions"
keys :
type_text 'format nonsense'
keys Enter
sees "format: a name that is none is told" "there is no format 'nonsense'"
keys :
type_text 'form auto'
keys Enter
sees "format: as the content says" "61 sessions"
keys g 5 Enter
wait_for "550 5.1.10"
does explain "x explains the reply" x "Next step"
undoes explain "and back" x "Next step"
keys q 0
wait_for "$first"
does strays "U shows what belongs to no session" U "every line belongs to"
undoes strays "and back" U "every line belongs to"
keys Q
back "quit: Q ends ehlog"

names=$(sed -n 's/^COMMAND([A-Z_]*, "\([a-z-]*\)".*/\1/p' \
    "$abs_top_srcdir/src/ui/commands.def")
check "there are commands" test "$(echo "$names" | wc -l)" -gt 20
for name in $names; do
	has "the command $name is in this test" "$used" " $name "
done
done_testing
