#!/bin/sh
# The figures of doc/architecture.md, measured: `make bench`.
#
# Everything is a ratio in one run: ehlog and what it is held against take
# turns on the same cached log, BENCH_ROUNDS times (5), and the median of the
# ratios counts.  The log is written once, by tests/generate, into a cache in
# the build tree: BENCH_SESSIONS sessions (1000000).  A figure over its budget
# is said to be so; the run does not fail for it.  See bench/README.md.
set -u
: "${abs_top_builddir:=$(pwd)}"
sessions=${BENCH_SESSIONS:-1000000}
rounds=${BENCH_ROUNDS:-5}
tests=$abs_top_builddir/tests
measure=$abs_top_builddir/bench/measure
scan=$abs_top_builddir/bench/scan
ehlog=${EHLOG:-$abs_top_builddir/ehlog}
cache=$abs_top_builddir/bench/cache
log=$cache/exchange-$sessions.log
home=$cache/home
work=$cache/work.$$
unset NO_COLOR
export LC_ALL=C.UTF-8 TZ=UTC TERM=xterm-256color HOME="$home" \
    XDG_CONFIG_HOME="$home/.config"

mkdir -p "$work" "$XDG_CONFIG_HOME" || exit 2
trap 'rm -rf "$work"' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

say() {
	printf '%s\n' "$*" >&2
}

have() {
	command -v "$1" >/dev/null 2>&1
}

# median FILE: of the numbers in its lines.
median() {
	sort -n "$1" | awk '{ v[NR] = $1 } END {
		if (!NR) print "-"
		else if (NR % 2) print v[(NR + 1) / 2]
		else print (v[NR / 2] + v[NR / 2 + 1]) / 2 }'
}

# calc A OPERATOR B FORMAT: "-" where a number is missing.
calc() {
	awk -v a="$1" -v op="$2" -v b="$3" -v f="$4" 'BEGIN {
		if (a !~ /^[0-9.]+$/ || b !~ /^[0-9.]+$/ || (op == "/" && !+b))
			print "-"
		else
			printf f "\n", op == "/" ? a / b : a * b }'
}

# row WHAT FIGURE BUDGET VERDICT
row() {
	printf '%-44s %22s   %-26s %s\n' "$1" "$2" "$3" "$4"
}

# judge VALUE LIMIT: "within" or "over".
judge() {
	awk -v v="$1" -v l="$2" 'BEGIN {
		print v !~ /^[0-9.]+$/ ? "-" : +v <= +l ? "within" : "over" }'
}

# seconds COMMAND...: wall time of one run; its line is left in $work/run.
seconds() {
	"$tests/ptytime" --run -- "$@" >"$work/run" 2>/dev/null
	awk '{ print $2 }' "$work/run"
}

# on_terminal STEPS... -- PROGRAM...: the lines of ptytime.
on_terminal() {
	"$tests/ptytime" --patience=30 "$@" 2>/dev/null
}

make_log() {
	[ -f "$log" ] && return
	say "writing a log of $sessions sessions, once: $log"
	mkdir -p "$cache" &&
	    "$tests/generate" --format=exchange-csv --sessions="$sessions" \
	    --seed=1 -o "$log.new" && mv "$log.new" "$log" || exit 2
}

# --- index ------------------------------------------------------------------

index_speed() {
	: >"$work/ratio"
	: >"$work/peak"
	: >"$work/took"
	i=0
	while [ "$i" -lt "$rounds" ]; do
		i=$((i + 1))
		wc=$(seconds wc -l "$log")
		took=$(seconds "$ehlog" --no-config --print=none "$log")
		awk '{ print $4 / 1024 }' "$work/run" >>"$work/peak"
		echo "$took" >>"$work/took"
		calc "$took" / "$wc" "%.2f" >>"$work/ratio"
	done
	ratio=$(median "$work/ratio")
	row "full index, times wc -l" "$ratio" "at most 5 (design: 3)" \
	    "$(judge "$ratio" 5)"
	row "  seconds" "$(median "$work/took")" "" ""
	row "  peak memory, MiB" \
	    "$(calc "$(median "$work/peak")" "*" 1 "%.0f")" "" ""
}

# Other formats, each with the sessions of its log, its budget, and what else the
# generator is told.  Sendmail tells no end of a connection: for 65 minutes all are
# taken for open, so that here it is as busy as a large host is, with twenty a second.
other_formats='postfix 400000 6
postfix-verbose 100000 6
exim 200000 6
exim-debug 250000 6
haraka 100000 6
hmailserver 200000 6
iis 400000 6
opensmtpd 200000 6
opensmtpd-report 100000 6
sendmail 400000 6 --pause=10000
sendmail-x 400000 6
transcript 250000 6
halon 200000 25
communigate 250000 25
kumomta 200000 25
mdaemon 250000 25
postal 200000 25
qmail 200000 25
smartermail 250000 25
stalwart 100000 25'

# ratios_of LOG: what it takes to scan it and to index it, in units of wc -l: the
# medians.
ratios_of() {
	: >"$work/ratio"
	: >"$work/scan"
	cat "$1" >/dev/null
	i=0
	while [ "$i" -lt "$rounds" ]; do
		i=$((i + 1))
		wc=$(seconds wc -l "$1")
		took=$(seconds "$ehlog" --no-config --print=none "$1")
		calc "$took" / "$wc" "%.2f" >>"$work/ratio"
		calc "$(seconds "$scan" "$1")" / "$wc" "%.2f" >>"$work/scan"
	done
	echo "$(median "$work/scan") $(median "$work/ratio")"
}

format_speed() {
	printf '%s\n' "$other_formats" | while read -r format n budget more; do
		file=$cache/$format-$n$more.log
		[ -f "$file" ] || "$tests/generate" --format="$format" \
		    --sessions="$n" --seed=1 ${more:+"$more"} -o "$file" ||
		    exit 2
		ratios=$(ratios_of "$file")
		ratio=${ratios#* }
		[ "$budget" -gt 6 ] || row "scanning $format, times wc -l" \
		    "${ratios% *}" "at most 6" "$(judge "${ratios% *}" 6)"
		row "index of $format, times wc -l" "$ratio" \
		    "at most $budget" "$(judge "$ratio" "$budget")"
	done
}

# --- without the face ---------------------------------------------------------

# What people look for: a word, an address, a code, a set, a class, a rare one.
patterns='RecipientNotFound
user42@example[.]com
5[.]7[.][0-9]+
(Greylisting|Temporary server error)
[a-z.]+17[0-9]+@play[.]com
08DE29A3B4C5002A'

parts() {
	steps="filter:code:5xx filter:is:failed filter:code:550..554 sort:start
	    sort:took sort:peer sort:outcome"
	# shellcheck disable=SC2086 # a list of words
	set -- $steps decode:50
	old=$IFS
	IFS='
'
	for p in $patterns; do
		set -- "$@" "search:$p"
	done
	IFS=$old
	i=0
	while [ "$i" -lt "$rounds" ]; do
		i=$((i + 1))
		"$measure" "$log" "$@" >"$work/parts.$i" || return
		n=0
		have rg && printf '%s\n' "$patterns" | while read -r p; do
			n=$((n + 1))
			seconds rg -c -j2 -e "$p" "$log" >>"$work/rg.$n"
		done
	done
	show_parts
}

# ms_of STEP: the median time of one step; all times are left in $work/ms,
# round by round.  What follows a step in its line are numbers.
ms_of() {
	: >"$work/ms"
	i=0
	while [ "$i" -lt "$rounds" ]; do
		i=$((i + 1))
		STEP=$1 awk 'index($0, ENVIRON["STEP"] " ") == 1 {
			print substr($0, length(ENVIRON["STEP"]) + 2) + 0 }' \
		    "$work/parts.$i" >>"$work/ms"
	done
	median "$work/ms"
}

show_parts() {
	# shellcheck disable=SC2046 # two numbers
	set -- $(awk '$1 == "index" { print $5, $6; exit }' "$work/parts.1")
	share=$(calc "$2" / "$1" "%.5f")
	share=$(calc "$share" "*" 100 "%.2f")
	row "memory of the index, % of the log" "$share" "at most 5" \
	    "$(judge "$share" 5)"
	for step in $steps; do
		ms=$(ms_of "$step")
		row "$step, ms" "$ms" "at most 16" "$(judge "$ms" 16)"
	done
	ms=$(ms_of decode:50)
	row "facts of a screen (50 sessions), ms" "$ms" "at most 16" \
	    "$(judge "$ms" 16)"
	n=0
	printf '%s\n' "$patterns" | while read -r p; do
		n=$((n + 1))
		ms=$(ms_of "search:$p")
		if [ -s "$work/rg.$n" ]; then
			rg=$(calc "$(median "$work/rg.$n")" "*" 1000 "%.0f")
			paste "$work/ms" "$work/rg.$n" | awk '$2 > 0 {
				print $1 / 1000 / $2 }' >"$work/ratio"
			ratio=$(calc "$(median "$work/ratio")" "*" 1 "%.2f")
			row "search $p" "$ratio ($(calc "$ms" "*" 1 "%.0f") : $rg ms)" \
			    "at most 1 x rg -c -j2" "$(judge "$ratio" 1)"
		else
			row "search $p, ms" "$ms" "rg is not installed" "-"
		fi
	done
}

# --- on a terminal --------------------------------------------------------------

# A time of day: only a row of the list has one.
a_row='[0-9][0-9]:[0-9][0-9]:[0-9][0-9]'

# column_of STEP-WORD FIELD FILE: one column of what ptytime said.
column_of() {
	awk -v what="$1" -v field="$2" '$1 == what { print $field }' "$3"
}

# first_row COMMAND...: the median time until a row is on the screen, in ms.
first_row() {
	: >"$work/first"
	i=0
	while [ "$i" -lt "$rounds" ]; do
		i=$((i + 1))
		on_terminal "wait:$a_row" -- "$@" >"$work/pty"
		column_of wait 2 "$work/pty" >>"$work/first"
	done
	median "$work/first"
}

# first_of WHAT BUDGET PATH...: until the first session is on the screen.
first_of() {
	what=$1 budget=$2
	shift 2
	ms=$(first_row "$ehlog" --no-config "$@")
	row "$what" "$ms" "at most $budget" "$(judge "$ms" "$budget")"
}

first_screen() {
	first_of "first session on the screen, ms" 50 "$log"
	! have less || row "  less, ms" "$(first_row less "$log")" "" ""
	! have lnav || one_lnav
}

# Three thousand files of one log, in a folder and each named as a shell does it.
many_files() {
	files=$cache/files
	if [ ! -d "$files" ]; then
		rm -rf "$files.new"
		mkdir -p "$files.new" && "$tests/generate" \
		    --format=exchange-csv --sessions=150000 --seed=1 \
		    -o "$work/files.log" &&
		    split -n l/3000 -a 4 -d --additional-suffix=.LOG \
		    "$work/files.log" "$files.new/RECV2026112300-" &&
		    mv "$files.new" "$files" || exit 2
		rm -f "$work/files.log"
	fi
	cat "$files"/* >/dev/null
	first_of "first session of 3000 files in a folder, ms" 50 "$files"
	first_of "first session of 3000 files, each named, ms" 50 "$files"/*
}

# The index is kept by the first run; then that is all there is to read.
reopening() {
	export XDG_CACHE_HOME="$work/kept"
	seconds "$ehlog" --no-config --keep-index --print=none "$log" >/dev/null
	first_of "first session, its index kept, ms" 50 --keep-index "$log"
	: >"$work/took"
	i=0
	while [ "$i" -lt "$rounds" ]; do
		i=$((i + 1))
		calc "$(seconds "$ehlog" --no-config --keep-index --print=none \
		    "$log")" "*" 1000 "%.0f" >>"$work/took"
	done
	ms=$(median "$work/took")
	row "whole index reopened (--keep-index), ms" "$ms" "at most 100" \
	    "$(judge "$ms" 100)"
	unset XDG_CACHE_HOME
}

# lnav knows no such log: only its first screen can be held against ours.
one_lnav() {
	on_terminal "wait:$a_row" -- lnav -N "$log" >"$work/pty"
	row "  lnav, ms (once)" "$(column_of wait 2 "$work/pty")" "" ""
}

# repeat N WORD: the word N times.
repeat() {
	n=$1
	while [ "$n" -gt 0 ]; do
		printf '%s\n' "$2"
		n=$((n - 1))
	done
}

# How many bytes a cursor key costs: within the page, at its edge; and none
# when nothing happens.  The index must be through, or progress counts, too.
cursor() {
	# shellcheck disable=SC2046 # words without blanks
	on_terminal "wait:$a_row" quiet:1500 $(repeat 15 key:j) key:G key:g \
	    idle:3 $(repeat 40 key:j) 'send:\r' 'wait:session [0-9]' \
	    -- "$ehlog" --no-config "$log" >"$work/pty"
	column_of key 2 "$work/pty" >"$work/keys"
	sed -n 3,15p "$work/keys" >"$work/within"
	sed -n 45,57p "$work/keys" >"$work/edge"
	for where in within edge; do
		bytes=$(median "$work/$where")
		row "bytes for j, $where the page" "$bytes" "at most 200" \
		    "$(judge "$bytes" 200)"
	done
	bytes=$(column_of idle 2 "$work/pty")
	row "bytes in 3 s of rest" "${bytes:--}" "0" "$(judge "${bytes:--}" 0)"
	used=$(column_of idle 3 "$work/pty")
	row "clock ticks in 3 s of rest" "${used:--}" "0" \
	    "$(judge "${used:--}" 0)"
	ms=$(column_of wait 2 "$work/pty" | sed -n 2p)
	row "transcript on the screen, ms" "${ms:--}" "at most 16" \
	    "$(judge "${ms:--}" 16)"
}

make_log
cat "$log" >/dev/null
printf 'ehlog bench: %s sessions, %s bytes, %s rounds, %s processors\n\n' \
    "$sessions" "$(wc -c <"$log")" "$rounds" "$(getconf _NPROCESSORS_ONLN)"
row "what" "figure" "budget" "verdict"
index_speed
format_speed
parts
first_screen
many_files
reopening
cursor
exit 0
