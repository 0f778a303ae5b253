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
	sees "resized to $size: drawn" "Outcome"
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

# What takes a while to find nothing says so when it has looked at all, though
# no session came.
"$abs_top_builddir/tests/generate" --sessions=20000 -o "$work/many.log"
start_ehlog many.log
wait_for "20,000 sessions"
keys f
type_text "text:nowhere-to-be-found"
keys Enter
sees "a long look that finds nothing ends" "no session matches; 0 shows all"
sees "and is told as ended" "0 of 0   Enter"
quit_ehlog

# Logs of two formats: how many there are is told in full, or not at all.
mkdir "$work/of-two-formats"
printf '%s\n' '<<< EHLO a.example' '>>> 250 mx.example' |
    sed 's/^/4\/2\/01 11:44:31 AM : /' >"$work/of-two-formats/L0000001.LOG"
printf '30206 %s\r\n' '>>> 220 mx.example' '<<< EHLO b.example' \
    '>>> 250 mx.example' >"$work/of-two-formats/traffic"
resize 110 24
start_ehlog of-two-formats
sees "two formats are counted in a wide header" "2 formats  2 sessions"
in_full() {
	screen | sed -n 1p |
	    grep -Eq '^(ehlog  )?of-two-formats \(2( logs)?\)(   2 formats)?  [^ ]'
}
for columns in 100 98 95 90 85 80 70 60; do
	resize "$columns" 24
	check "$columns columns: two formats are told in full, or not at all" \
	    until_true in_full || dump_screen
done
sees "60 columns: they are not told" "of-two-formats (2)  "
quit_ehlog
resize 80 24

# What the screen cannot do, or does not know, is told before it opens.
command_line "'$EHLOG' --demo --limit=3; echo status \$?"
sees "--limit without --print is refused" "--limit is for reports"
sees "--limit without --print: exit status" "status 2"
mkdir -p "$XDG_CONFIG_HOME/ehlog"
command_line clear
wait_gone "status"
printf '[optoins]\nfollow = yes\n' >"$XDG_CONFIG_HOME/ehlog/ehlog.conf"
# Into a file: the path may be longer than a row of the screen.
command_line "'$EHLOG' --demo 2>'$work/words'; echo status \$?"
sees "an unknown section: exit status" "status 2"
words=$(cat "$work/words")
case $words in
*"ehlog.conf:2:"*"[optoins]"*)
	ok "an unknown section is named, with its file and line" ;;
*)
	not_ok "an unknown section is named, with its file and line: $words" ;;
esac
command_line clear
wait_gone "status"
printf '[options]\nlimit = 3\n[Keys]\n[colors]\nfine = green\n' \
    >"$XDG_CONFIG_HOME/ehlog/ehlog.conf"
start_ehlog --demo
sees "a limit of the configuration is for reports" "61 sessions"
quit_ehlog
rm "$XDG_CONFIG_HOME/ehlog/ehlog.conf"

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

# A large log: 5 and Enter while it is read; and at the end the totals
# are those of the generator.
generate=$abs_top_builddir/tests/generate
a_row() {
	screen | grep -q '^> *[0-9]'
}
failing() {
	screen | grep -q '^.!.* S 5[0-9][0-9] '
}
"$generate" --format=exchange-csv --sessions=30000 --truth="$work/truth" \
    -o "$work/big.LOG" || not_ok "the generator works"
wanted=$(grep -c '"outcome": *"permanent"' "$work/truth" |
    sed 's/\([0-9]\{3\}\)$/,\1/')
start_ehlog big.LOG
keys 5
until_true a_row || give_up "a row comes up"
keys Enter
check "big log: 5 and Enter lead to a failing reply" until_true failing ||
    dump_screen
sees "big log: the totals come out right" " 5xx $wanted"
quit_ehlog
rm -f "$work/big.LOG"

done_testing
