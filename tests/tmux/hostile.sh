#!/bin/sh
# Bytes of a log that would do something to a terminal are shown, not obeyed.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

esc=$(printf '\033')
bel=$(printf '\007')
c1=$(printf '\302\233')          # CSI in one code point
raw=$(printf '\233')             # CSI in one byte, invalid UTF-8
rlo=$(printf '\342\200\256')     # right-to-left override
log=$work/RECV.LOG
{
	csv_head
	csv_session 1 10 192.0.2.1:1001 "a${esc}[2Jb@example.com" \
	    "${esc}]0;owned${bel}x@play.com" \
	    "550 5.1.1 ${esc}[31mred${esc}[0m ${c1}31m ${raw}31m ${rlo}txt${esc}c"
	csv_session 2 11 192.0.2.2:1002 "plain@example.com" chris@play.com \
	    '250 2.1.5 Recipient OK'
} >"$log"

# The bytes themselves, as the terminal got them.
raw_output() {
	command_line "script -q -c \"'$EHLOG' '$log'\" '$work/typescript'"
}

# looks NAME: the screen after the log was drawn.
looks() {
	sees "$1: ESC is shown" '^[[31mred'
	hasnt "$1: the screen was not cleared" "$(screen | head -n 1)" 'ready$'
	same "$1: no window title was set" \
	    "$(tm display-message -p -t t '#{pane_title}' | grep -c owned)" 0
	styled=$(tm capture-pane -p -e -t t)
	hasnt "$1: no colour of the log's own" "$styled" "${esc}[31mred"
	hasnt "$1: no C1 control" "$styled" "$c1"
	hasnt "$1: no override of the direction" "$styled" "$rlo"
}

terminal 200 40
before=$(tm display-message -p -t t '#{pane_title}')
start_ehlog "$log"
wait_for "plain@example.com"
looks "list"
keys 5 Enter
wait_for "RCPT TO"
looks "transcript"
keys r
wait_for "0000000000000001"
looks "raw lines"
keys r
type_text '/red'
wait_for "red"
keys Enter
looks "search"
keys Escape
quit_ehlog
same "the title of the window is as before" \
    "$(tm display-message -p -t t '#{pane_title}')" "$before"

for form in table transcript csv json summary; do
	command_line clear
	wait_ready
	command_line "'$EHLOG' --print=$form '$log'; echo done-\$?"
	wait_for "done-0"
	same "--print=$form on a terminal: no window title" \
	    "$(tm display-message -p -t t '#{pane_title}' | grep -c owned)" 0
	styled=$(tm capture-pane -p -e -t t)
	hasnt "--print=$form on a terminal: no colour of the log's own" \
	    "$styled" "${esc}[31mred"
	hasnt "--print=$form on a terminal: no override" "$styled" "$rlo"
done

if command -v script >/dev/null 2>&1 &&
    script -q -c true "$work/typescript" >/dev/null 2>&1 </dev/null; then
	command_line clear
	raw_output
	wait_for "plain@example.com"
	keys 5 Enter
	wait_for "RCPT TO"
	quit_ehlog
	sent=$(LC_ALL=C tr -d '\000' <"$work/typescript")
	hasnt "nothing of the log's control sequences was sent: title" \
	    "$sent" "${esc}]0;owned"
	hasnt "nothing of the log's control sequences was sent: reset" \
	    "$sent" "txt${esc}c"
	hasnt "nothing of the log's control sequences was sent: C1" \
	    "$sent" "${c1}31m"
else
	echo "skip - script(1) is not there"
fi
done_testing
