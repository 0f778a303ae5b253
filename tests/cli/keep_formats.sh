#!/bin/sh
# An index kept on disk (--keep-index) of every format that there is a generator
# of, and of the logs that real servers wrote: each grows between runs.
#
# KEEP_STEPS changes how often.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/cli/keep_lib.sh
. "$abs_top_srcdir/tests/cli/keep_lib.sh"
steps=${KEEP_STEPS:-2}

# cuts LENGTH: so many places in ascending order, the last at the end.
cuts() {
	seed=$((seed + 1))
	awk -v n="$steps" -v length_="$1" -v seed="$seed" 'BEGIN {
		srand(seed)
		for (i = 1; i < n; i++)
			print 2000 + int(rand() * (length_ - 2000))
		print length_ }' | sort -n
}

# grows NAME LOG: one case; the log is read each time that it has grown by
# something, which may end amid a line.
grows() {
	name=$1
	times=0
	rm -rf "$work/grown" "$cache"
	mkdir "$work/grown"
	log=$work/grown/$(basename "$2")
	length=$(wc -c <"$2")
	for cut in $(cuts "$length"); do
		head -c "$cut" "$2" >"$log"
		touch -t 202612010000 "$log"
		agrees "$name, seed $seed, at $cut" "$log" || return 1
		[ "$resumed" -eq 0 ] || times=$((times + 1))
	done
	agrees "$name, once more" "$log" || return 1
	if [ "$resumed" -eq 0 ] || [ "$times" -eq 0 ]; then
		not_ok "$name: nothing of it is read from what was kept"
	else
		ok "$name: is resumed $times times"
	fi
}

# grows_folder NAME FOLDER: the same of all its files at once.
grows_folder() {
	name=$1
	times=0
	rm -rf "$work/grown" "$cache"
	for part in 37 62 100; do
		mkdir -p "$work/grown"
		for log in "$2"/*; do
			seed=$((seed + 1))
			length=$(wc -c <"$log")
			head -c $((length * part / 100)) "$log" \
			    >"$work/grown/$(basename "$log")"
		done
		touch -t 202612010000 "$work"/grown/*
		agrees "$name, at $part of 100" "$work/grown" || return 1
		[ "$resumed" -eq 0 ] || times=$((times + 1))
	done
	same "$name: is resumed each time" "$times" 2
}

# made NAME GENERATOR-OPTION...
made() {
	name=$1
	shift
	rm -rf "$work/made"
	mkdir "$work/made"
	"$generate" --sessions=150 --seed="$seed" \
	    -o "$work/made/${file:-log}" "$@" || {
		not_ok "$name: generate $*"
		return 1
	}
	if [ -d "$work/made/log" ]; then
		grows_folder "$name" "$work/made/log"
	else
		grows "$name" "$work/made/${file:-log}"
	fi
}

# --- every format there is a generator of -----------------------------------

for format in exchange-csv exchange-ims halon transcript exim exim-default \
    exim-debug iis hmailserver haraka postfix postfix-verbose mdaemon \
    smartermail postal stalwart kumomta qmail sendmail opensmtpd \
    opensmtpd-report sendmail-x kerio courier domino; do
	made "$format, 100 at a time" --format=$format --open=100
done
file=2026-11-23.log made "communigate, 100 at a time" --format=communigate \
    --open=100
for format in exchange-csv exchange-ims transcript postfix; do
	made "$format, 1 at a time" --format=$format --open=1
done
made "Receive log with other columns half way" --format=exchange-csv --bom \
    --reorder-fields
made "Receive log without session ids" --format=exchange-csv --zero-ids
made "Send log that begins and ends amid sessions" --format=exchange-csv \
    --kind=send --start-cut --end-cut
made "5.5, entries on one line" --format=exchange-ims --glue
made "5.5, German dates" --format=exchange-ims --date=de
made "iis, other columns half way" --format=iis --reorder-fields
made "sendmail-x, lines without their end" --format=sendmail-x --glue

# --- logs that real servers wrote -------------------------------------------

for log in "$abs_top_srcdir"/tests/logs/*/*; do
	case $log in
	*/README.md | */truth | */hops | */traffic) continue ;;
	*.gz)
		gzip -dc "$log" >"$work/$(basename "$log" .gz)"
		grows "${log#"$abs_top_srcdir"/tests/}" \
		    "$work/$(basename "$log" .gz)" ;;
	*) grows "${log#"$abs_top_srcdir"/tests/}" "$log" ;;
	esac
done
done_testing
