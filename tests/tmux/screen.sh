#!/bin/sh
# Sizes that change while it runs, terminals without colours, logs that grow
# under the index, and what is too small to draw in.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"

esc=$(printf '\033')

resize() {
	tm resize-window -t t -x "$1" -y "$2"
}

last_line() {
	screen | sed -n "${1}p" | grep -q '[^ ]'
}

terminal 80 24
start_ehlog --demo
wait_for "08:00:02"
for size in '120 40' '65 17' '40 10' '20 5' '10 3' '1 1' '250 80' '80 24'; do
	# shellcheck disable=SC2086 # two words
	resize $size
	[ "${size% *}" -ge 40 ] || continue
	sees "resized to $size: drawn" "ehlog"
	check "resized to $size: down to the last line" \
	    until_true last_line "${size#* }"
done
keys 5 Enter
wait_for "550 5.1.10"
for size in '200 60' '65 17' '1 1' '80 24'; do
	# shellcheck disable=SC2086 # two words
	resize $size
	[ "${size% *}" -ge 40 ] || continue
	sees "transcript resized to $size: the failing reply is in view" \
	    "550 5.1.10"
done
quit_ehlog

# Colours, and none.
terminal 80 24 xterm-256color
start_ehlog --demo
wait_for "451 4.7.0"
coloured() {
	tm capture-pane -p -e -t t | grep -q "${esc}\\[[0-9;]*3[1-6]"
}
check "there are colours" until_true coloured
quit_ehlog
command_line "NO_COLOR=1 '$EHLOG' --demo"
wait_for "451 4.7.0"
same "NO_COLOR: there is none" \
    "$(tm capture-pane -p -e -t t |
	grep -c "${esc}\\[[0-9;]*\\(3[0-7]\\|9[0-7]\\|38;\\)")" 0
marked() {
	tm capture-pane -p -e -t t | grep -q "${esc}\\[[0-9;]*[147]m"
}
check "NO_COLOR: but there is bold, underline or reverse" until_true marked
quit_ehlog

# A large log: keys work while it is read, and the totals come out right.
generate=$abs_top_builddir/tests/generate
if [ -x "$generate" ]; then
	"$generate" --format=exchange-csv --sessions=30000 \
	    --truth="$work/truth" -o "$work/big.LOG" ||
	    not_ok "the generator works"
	start_ehlog "$work/big.LOG"
	keys 5 Enter
	sees "big log: 5 and Enter lead to a failing reply" " 5[0-9][0-9] " ||
	    true
	keys Q
	wait_ready
	rm -f "$work/big.LOG"
else
	echo "skip - the generator is not built"
fi
done_testing
