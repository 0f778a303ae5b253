#!/bin/sh
# A log at 200,000 lines a second, followed: `make bench-live`.
#
# The writer writes LIVE_SECONDS (60) long at LIVE_RATE (200000) lines a second.
# Meanwhile the help is opened and closed, from the key to the first byte that is
# drawn of it; then one second of frames.  When the writer is done the lag is how
# long it takes until every session is on the screen.
set -u
: "${abs_top_builddir:=$(pwd)}"
seconds=${LIVE_SECONDS:-60}
rate=${LIVE_RATE:-200000}
tests=$abs_top_builddir/tests
ehlog=${EHLOG:-$abs_top_builddir/ehlog}
cache=$abs_top_builddir/bench/cache
source=$cache/live-$seconds-$rate.log
work=$cache/live.$$
unset NO_COLOR
export LC_ALL=C.UTF-8 TZ=UTC TERM=xterm-256color HOME="$cache/home" \
    XDG_CONFIG_HOME="$cache/home/.config"

mkdir -p "$work" "$XDG_CONFIG_HOME" || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# row WHAT FIGURE BUDGET VALUE LIMIT
row() {
	printf '%-40s %16s   %-18s %s\n' "$1" "$2" "$3" "$(awk -v v="$4" \
	    -v l="$5" 'BEGIN {
		if (l != "" && v !~ /^[0-9.]+$/) print "-"
		else if (l != "") print v + 0 > l + 0 ? "over" : "within" }')"
}

if [ ! -f "$source" ]; then
	echo "writing $((seconds * rate)) lines, once: $source" >&2
	"$tests/generate" --sessions=$((seconds * rate / 14)) --seed=3 \
	    --truth="$source.truth" -o "$source.new" &&
	    wc -l <"$source.truth" >"$source.sessions" &&
	    rm "$source.truth" && mv "$source.new" "$source" || exit 2
fi
sessions=$(($(cat "$source.sessions")))
shown=$(echo "$sessions" |
    sed -e :a -e 's/\([0-9]\)\([0-9]\{3\}\)\($\|,\)/\1,\2\3/;ta')

: >"$work/smtp.log"
"$tests/soak/writer" --rate="$rate" --period=100000000 --hook=true \
    --cuts="$work/cuts" "$source" "$work/smtp.log" >"$work/written" &
writer=$!

set -- "wait:following"
n=0
while [ "$n" -lt $((seconds * 2 / 3)) ]; do
	set -- "$@" "send:?" "wait:one line down" "send:q" "wait:192|203|198|10[.]" \
	    "frames:1"
	n=$((n + 1))
done
"$tests/ptytime" --columns=120 --patience=$((seconds * 3 + 60)) "$@" \
    "gone:$writer" "until:$shown sessions" -- \
    "$ehlog" --no-config -f "$work/smtp.log" >"$work/steps"
wait "$writer"
took=$(awk '{ printf "%d", $4 / 1000 + 0.5 }' "$work/written")

# The first wait is the start.
awk '$1 == "wait" { if (n++) print $2 }' "$work/steps" | sort -n >"$work/keys"
at() {
	awk -v p="$1" '{ v[NR] = $1 } END {
		i = int(NR * p / 100 + 0.9999); print v[i < 1 ? 1 : i] }' "$work/keys"
}
mean() {
	awk -v k="$1" '$1 == "frames" { s += $k; n++ } END {
		if (n) printf "%.0f\n", s / n }' "$work/steps"
}
lag=$(awk '$1 == "until" { print $2 }' "$work/steps")
ticks=$(getconf CLK_TCK 2>/dev/null || echo 100)

printf 'ehlog bench-live: %s lines, %s sessions, %s s, %s processors\n\n' \
    "$(wc -l <"$source")" "$sessions" "$took" "$(getconf _NPROCESSORS_ONLN)"
row "lines a second that were written" \
    "$(($(wc -l <"$source") / (took ? took : 1)))" "$rate" "" ""
row "lag at the end, ms" "${lag:--}" "at most 100" "$lag" 100
row "key to screen, median ms" "$(at 50)" "" "" ""
row "key to screen, 95 of 100, ms" "$(at 95)" "at most 50" "$(at 95)" 50
row "key to screen, longest ms" "$(at 100)" "" "" ""
row "frames a second" "$(mean 2)" "30" "" ""
row "bytes to the terminal a second" "$(mean 3)" "" "" ""
row "processor, percent of one" \
    "$(($(mean 4) * 100 / ticks))" "" "" ""
