#!/bin/sh
# A log is written and rotated all the time, and followed: in a report and on the
# screen.  No session is lost, none comes twice, each is as its generator knows
# it; memory grows no more than the index does.
#
#   soak.sh      SOAK_SECONDS (8), SOAK_RATE lines a second (2000), SOAK_PERIOD
#                milliseconds between two rotations (400); make check-soak runs
#                it for 720 with one each three seconds: what rotations write
#                at once makes ten minutes of them
#
# What stood in a file that was truncated cannot be read again: of sessions that
# lie on both sides only what the index knows is compared.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/tmux/lib.sh
. "$abs_top_srcdir/tests/tmux/lib.sh"
# shellcheck source=tests/cli/lib.sh
. "$abs_top_srcdir/tests/cli/lib.sh"

seconds=${SOAK_SECONDS:-8}
rate=${SOAK_RATE:-2000}
period=${SOAK_PERIOD:-400}
generate=$abs_top_builddir/tests/generate
writer=$abs_top_builddir/tests/soak/writer
compare=$abs_top_builddir/tests/compare
# So much may be taken beside twice the index (tables double when they grow).
spare_kb=$((48 * 1024))

[ -x "$compare" ] || skip_all "no jansson to compare with"
[ "$seconds" -le 60 ] || deadline=$((seconds + 120))

# About fourteen lines a session.
"$generate" --sessions=$((seconds * rate / 14)) --open=50 --seed=11 \
    --truth="$work/truth" -o "$work/source" || skip_all "no log to write"
sessions=$(wc -l <"$work/truth")

# --- the parts --------------------------------------------------------------

# across CUTS FILE: each line behind "1", where the session lies on both sides of
# a truncation, or "0"; and behind what the index alone knows of it.  A session that
# no line ends is written when all is over.
across() {
	awk -v cuts="$1" -v ends="$work/ends" '
	function field(name,  s) {
		if (!match($0, "\"" name "\":[^,}]+")) return ""
		s = substr($0, RSTART, RLENGTH)
		sub(/.*:/, "", s)
		return s
	}
	BEGIN {
		while ((getline line < cuts) > 0) cut[++n] = line + 0
		while ((getline line < ends) > 0) ended[line + 0] = 1
	}
	{
		first = field("first_line") + 0; last = field("last_line") + 0
		is = 0
		for (i = 1; i <= n && !is; i++)
			is = first <= cut[i] && (cut[i] < last ||
			    !(last in ended))
		print is, first ":" last ":" field("lines") ":" \
		    field("peer") ":" field("outcome"), $0
	}' "$2"
}

whole() {
	sed -n 's/^0 [^ ]* //p' "$1"
}

cut_through() {
	sed -n 's/^1 \([^ ]*\) .*/\1/p' "$1" | sort
}

# memory_of PID: the most it took, in kB.
memory_of() {
	awk '/^VmHWM:/ { print $2 }' "/proc/$1/status"
}

sanitized() {
	grep -q 'fsanitize' "$abs_top_builddir/config.status"
}

# bounded NAME KB INDEX-BYTES
bounded() {
	if sanitized; then
		echo "skip - $1: a sanitizer takes memory of its own"
	elif [ "$2" -le $(($3 * 2 / 1024 + spare_kb)) ]; then
		ok "$1: $2 kB for an index of $(($3 / 1024)) kB"
	else
		not_ok "$1: $2 kB for an index of $(($3 / 1024)) kB"
	fi
}

ended() {
	! kill -0 "$1" 2>/dev/null
}

# --- a report that follows a folder -----------------------------------------

mkdir "$work/in" "$work/seen"
: >"$work/in/smtp.log"
"$EHLOG" --no-config -f --print=json --stats "$work/in" >"$work/json" \
    2>"$work/err" &
reader=$!
"$writer" --rate="$rate" --period="$period" --until=- \
    --lines-of="$work/json" --cuts="$work/cuts" "$work/source" \
    "$work/in/smtp.log" >"$work/written" 2>"$work/writer-err" &
first=$!

# --- and the screen, a file ---------------------------------------------------

cat >"$work/shown" <<-HOOK
	tmux -S '$tmux_folder/socket1' capture-pane -p -t t | head -n 1 |
	    tr -d , | grep -q " \$1 sessions\\{0,1\\} "
HOOK
terminal 120 16
: >"$work/seen/smtp.log"
start_ehlog --no-config -f "$work/seen/smtp.log"
"$writer" --rate="$rate" --period="$period" --until=+ \
    --hook="sh $work/shown" --cuts="$work/cuts2" "$work/source" \
    "$work/seen/smtp.log" >"$work/written2" 2>"$work/writer-err2"
same "the screen kept up with every rotation" "$?$(cat "$work/writer-err2")" 0
shown=$(echo "$sessions" | sed -e :a -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/;ta')
sees "every session is on the screen" " $shown sessions "
screen_kb=$(memory_of "$(cat "$work/pid")")
keys G
sees "and is found there" "> "
quit_ehlog

# --- what the report says ----------------------------------------------------

wait "$first"
same "the report kept up with every rotation" "$?$(cat "$work/writer-err")" 0
read -r lines opened rotations took <"$work/written"
report_kb=$(memory_of "$reader")
# When a session behind all others is told of, all was read.
csv_session 305419896 23 192.0.2.254:25 last@example.com chris@play.com \
    '250 2.1.5 Recipient OK' >>"$work/in/smtp.log"
last_told() {
	tail -n 1 "$work/json" | grep -q '"from":"last@example.com"'
}
check "all was read" until_true last_told
kill "$reader"
until_true ended "$reader" || not_ok "it ends when it is told to"
wait "$reader"
echo "# $lines lines, $opened sessions, $rotations rotations, $took ms"
check "it was rotated" test "$rotations" -ge 8
# Seventeen bytes for eight lines, and a record of 64 for a session.
index=$((lines * 17 / 8 + opened * 64))
grep -v '"from":"last@example.com"' "$work/json" >"$work/json.all"
mv "$work/json.all" "$work/json"
same "no session is lost and none comes twice" \
    "$(wc -l <"$work/json")" "$sessions"
# An Exchange line that ends a session: its event, behind the addresses, is a dash.
grep -n ':[0-9]*,-,' "$work/source" | sed 's/:.*//' >"$work/ends"
across "$work/cuts" "$work/truth" >"$work/truth.across"
across "$work/cuts" "$work/json" >"$work/json.across"
whole "$work/truth.across" >"$work/truth.whole"
whole "$work/json.across" >"$work/json.whole"
if "$compare" "$work/truth.whole" "$work/json.whole" >"$work/differences"; then
	ok "each is as it was written: $(tail -n 1 "$work/differences")"
else
	not_ok "each is as it was written"
	sed 's/^/#   /' "$work/differences"
fi
same "sessions on both sides of a truncation are as the index has them" \
    "$(cut_through "$work/json.across")" \
    "$(cut_through "$work/truth.across")"
bounded "memory of the report" "$report_kb" "$index"
bounded "memory of the screen" "$screen_kb" "$index"
done_testing
