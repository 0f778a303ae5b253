#!/bin/sh
# The terminal is as it was on every way out: quit, stop and go on, terminate,
# hang-up, interrupt, a crash.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"

# What tmux knows of the terminal's modes.
modes() {
	tm display-message -p -t t 'alternate #{alternate_on} keypad #{keypad_flag} cursor keys #{keypad_cursor_flag} cursor #{cursor_flag} mouse #{mouse_any_flag} wrap #{wrap_flag} insert #{insert_flag}'
}

modes_are() {
	[ "$(modes)" = "$1" ]
}

# All but the size of the window, which may change.  The shell's own line editor may be at work while it waits for a key, so the
# shell is told to look.
settings() {
	rm -f "$work/$1"
	command_line "stty -a | tail -n +2 >$work/$1.new; mv $work/$1.new $work/$1"
	until_true test -e "$work/$1"
	wait_ready
}

process() {
	cat "$work/pid"
}

terminal 80 24
plain=$(modes)
settings before

# restored NAME
restored() {
	back "$1: the shell is back"
	check "$1: the modes of the terminal are as before" \
	    until_true modes_are "$plain" || echo "# $(modes), not $plain"
	settings after
	same "$1: stty says what it said before" \
	    "$(diff "$work/before" "$work/after")" ""
	command_line clear
	wait_ready
}

start_ehlog --demo
check "while it runs the modes are others" eval '! modes_are "$plain"'
keys Q
restored "Q"

for signal in TERM HUP USR1 USR2 ALRM XCPU SEGV ABRT SYS TRAP; do
	start_ehlog --demo
	wait_for "08:00:02"
	keys Enter
	kill -s "$signal" "$(process)"
	if [ "$signal" = ABRT ]; then
		sees "SIGABRT: it is told where it is seen" "ehlog: aborted"
	fi
	restored "SIG$signal"
done

# A file that may not grow is no reason to end.
start_ehlog --demo
wait_for "08:00:02"
kill -s XFSZ "$(process)"
keys 5 Enter
sees "SIGXFSZ: it goes on" "550 5.1.10"
keys Q
restored "Q after SIGXFSZ"

# Keys come from the terminal itself, which is opened for reading alone.
for signal in TERM SEGV; do
	start_ehlog --demo "</dev/null"
	wait_for "08:00:02"
	kill -s "$signal" "$(process)"
	restored "SIG$signal without standard input"
done

start_ehlog --demo
wait_for "08:00:02"
keys C-z
back "^Z: the shell is back"
check "^Z: the modes of the terminal are as before" until_true modes_are "$plain"
command_line fg
sees "fg: the list is there again" "08:00:02"
keys 5 Enter
sees "fg: and keys work" "550 5.1.10"
keys C-z
wait_ready
tm resize-window -t t -x 100 -y 30
command_line fg
sees "fg in another size: the transcript is there again" "550 5.1.10"
keys Q
restored "after ^Z and fg"

# Terminals without a second screen: the status line goes, no delay is printed.
for term in vt100 linux; do
	terminal 80 24 "$term"
	plain=$(modes)
	settings before
	for way in Q SEGV TERM C-z; do
		start_ehlog --demo
		wait_for "08:00:02"
		wait_for "? help"
		case $way in
		Q | C-z) keys "$way" ;;
		*) kill -s "$way" "$(process)" ;;
		esac
		wait_ready
		hasnt "$term, $way: the status line is gone" "$(screen)" "? help"
		hasnt "$term, $way: no delay is printed" "$(screen)" '$<'
		has "$term, $way: the list is still seen" "$(screen)" "08:00:02"
		if [ "$way" = C-z ]; then
			command_line fg
			wait_for "? help"
			keys Q
		fi
		restored "$term, $way"
	done
done

# A terminal that goes away.
terminal 80 24
start_ehlog --demo
wait_for "08:00:02"
gone=$(process)
tm kill-server
ended() {
	! kill -0 "$gone" 2>/dev/null
}
check "ehlog ends when its terminal is gone" until_true ended
done_testing
