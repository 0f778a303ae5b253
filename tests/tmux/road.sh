#!/bin/sh
# From a log to the failing reply in two keys, on every terminal and in every
# size that ehlog promises, in UTF-8 and in the C locale.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"

# The first session of the bundled log with a 5xx reply is that of the news
# letter to an old address.
reply='550 5.1.10 RESOLVER'
command='RCPT TO:<old.friend@play.com>'

# road NAME
road() {
	start_ehlog --demo
	sees "$1: the list comes up" "08:00:02"
	keys 5
	loses "$1: 5 leaves 5xx sessions alone" "451 4.7.0"
	keys Enter
	sees "$1: Enter shows the failing reply" "$reply"
	sees "$1: down to its end" "address lookup"
	sees "$1: and the command that drew it" "$command"
	quit_ehlog
	ok "$1: Q ends it"
	if [ -n "$(tput -T "${2:-screen-256color}" smcup)" ]; then
		loses "$1: the screen is as it was" "$reply"
	fi
}

for size in '80 24' '65 17' '250 80' '120 40'; do
	# shellcheck disable=SC2086 # two words
	terminal $size
	road "at $size"
done

for kind in xterm-256color screen tmux linux vt100 putty; do
	if tput -T "$kind" cols >/dev/null 2>&1; then
		terminal 80 24 "$kind"
		road "on $kind" "$kind"
	else
		echo "skip - the terminal $kind is not known here"
	fi
done

LC_ALL=C
terminal 80 24
road "in the C locale"
# tmux draws what it does not know as a blank or a _; what is sent is asked.
start_ehlog --demo
wait_for "08:00:02"
keys 5 Enter
wait_for "$reply"
same "in the C locale nothing but ASCII is drawn" \
    "$(screen | LC_ALL=C tr -d '\n -~')" ""
quit_ehlog
LC_ALL=C.UTF-8

terminal 80 24
for how in 'q q' 'Q' 'F10 F10'; do
	start_ehlog --demo
	wait_for "08:00:02"
	keys Enter
	wait_for "221 2.0.0"
	# shellcheck disable=SC2086 # one or two keys
	keys $how
	back "$how leads back to the shell from a transcript"
done
done_testing
