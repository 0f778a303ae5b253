#!/bin/sh
# What ehlog says of every session of a made-up log is what its generator
# knows, to the last recipient: session count, outcomes, failing commands, all.
#
#   exact.sh [million]     one log of a million sessions instead of many small
#
# EXACT_SESSIONS and EXACT_SEED change the size and the dice.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"

generate=$abs_top_builddir/tests/generate
compare=$abs_top_builddir/tests/compare
seed=${EXACT_SEED:-1}
sessions=${EXACT_SESSIONS:-2000}
[ "${1:-}" = million ] && sessions=${EXACT_SESSIONS:-1000000}

[ -x "$compare" ] || skip_all "no jansson to compare with"

# exact NAME GENERATOR-OPTION...: one case.  A log whose day stands in its
# name alone is called $file.  $by are options of the comparer.
exact() {
	name=$1
	shift
	rm -rf "$work/log"
	mkdir "$work/log"
	log=$work/log/${file:-log}
	"$generate" --sessions="$sessions" --seed="$seed" \
	    --truth="$work/truth" -o "$log" "$@" || {
		not_ok "$name: generate $*"
		return 1
	}
	# Stamps without a year are of the year before a file was written.
	[ -d "$log" ] || touch -t 202612010000 "$log"
	"$EHLOG" --no-config --print=json "$log" >"$work/json" \
	    2>"$work/err"
	status=$?
	if [ "$status" -ne 0 ]; then
		not_ok "$name: exit status $status"
		sed 's/^/#   /' "$work/err"
		return 1
	fi
	# shellcheck disable=SC2086 # options
	if "$compare" ${by:-} "$work/truth" "$work/json" >"$work/differences"; then
		ok "$name: $(tail -n 1 "$work/differences")"
	else
		not_ok "$name: generate --seed=$seed --sessions=$sessions $*"
		sed 's/^/#   /' "$work/differences"
	fi
}

# Nothing of a comparer that finds no fault can be trusted: it must see each
# of these.
sees_faults() {
	"$generate" --sessions=50 --seed=7 --truth="$work/truth" -o "$work/log"
	same "the comparer finds no fault in the truth" \
	    "$("$compare" "$work/truth" "$work/truth")" \
	    "50 sessions compared, 0 differ, 0 missing, 0 too many"
	# shellcheck disable=SC2016 # $d is sed's
	for fault in 's/"outcome":"ok"/"outcome":"open"/' \
	    's/"failed_command":"/&X/' 's/"code":250/"code":251/' \
	    's/"last_line":/&1/' 's/"from":"[a-z]/&x/' '$d' '7p' \
	    's/"tls":true/"tls":null/' 's/"commands":5/"commands":6/'; do
		sed "$fault" "$work/truth" >"$work/json"
		if "$compare" "$work/truth" "$work/json" >/dev/null; then
			not_ok "the comparer sees $fault"
		else
			ok "the comparer sees $fault"
		fi
	done
}

if [ "${1:-}" = million ]; then
	exact "a million sessions" --format=exchange-csv
	done_testing
fi

sees_faults
csv=--format=exchange-csv
ims=--format=exchange-ims
exact "Receive log" $csv
exact "Receive log, two at a time" $csv --open=2
exact "Receive log, two thousand at a time" $csv --open=2000
exact "Receive log that begins and ends amid sessions" $csv --start-cut \
    --end-cut
exact "Receive logs by rotation" $csv --rotate=200000
exact "Receive log with a mark and other columns half way" $csv --bom \
    --reorder-fields
exact "Receive log whose session ids are all zero" $csv --zero-ids
exact "Receive log as pasted: no stars, blank lines" $csv --lost-stars \
    --blank-lines
exact "Send log" $csv --kind=send
exact "Send log that begins and ends amid sessions" $csv --kind=send \
    --start-cut --end-cut
exact "Send log whose session ids are all zero" $csv --kind=send --zero-ids
exact "Send logs by rotation, other columns half way" $csv --kind=send \
    --rotate=300000 --reorder-fields
exact "5.5, level Maximum" $ims
exact "5.5, level Medium" $ims --level=medium
exact "5.5, one slot" $ims --open=1
exact "5.5, begins and ends amid sessions" $ims --start-cut --end-cut
exact "5.5, entries on one line" $ims --glue
exact "5.5, British dates" $ims --date=uk
exact "5.5, German dates" $ims --date=de
exact "5.5, ISO dates" $ims --date=iso --level=medium
node=--format=transcript
halon=--format=halon
exact "a format of a file, one session at a time" $halon --open=1
exact "a format of a file, ten at a time" $halon --open=10
exact "a format of a file, a thousand at a time" $halon --open=1000
exact "a format of a file, ends amid sessions" $halon --end-cut
exact "transcript of smtp-server, one at a time" $node --open=1
exact "transcript of smtp-server, ten at a time" $node --open=10
exact "transcript of smtp-server, a thousand at a time" $node --open=1000
exim=--format=exim
exact "Exim, one at a time" $exim --open=1
exact "Exim, ten at a time" $exim --open=10
exact "Exim, a thousand at a time" $exim --open=1000
for open in 1 10 1000; do
	exact "Exim as it logs by default, $open at a time" \
	    --format=exim-default --open=$open
done
for open in 1 10 1000; do
	by="--by=peer --by=port"
	exact "Exim's main log and reject log, $open at a time" $exim \
	    --folder --open=$open
	by="--by=peer --by=helo"
	exact "the same as Exim logs by default, $open at a time" \
	    --format=exim-default --folder --open=$open
	by=
done
debug=--format=exim-debug
exact "Exim's debugging output, one at a time" $debug --open=1
exact "Exim's debugging output, ten at a time" $debug --open=10
exact "Exim's debugging output, a thousand at a time" $debug --open=1000
for format in iis hmailserver haraka; do
	for open in 1 10 1000; do
		exact "$format, $open at a time" --format="$format" --open=$open
	done
done
exact "iis, begins and ends amid sessions" --format=iis --start-cut --end-cut
exact "iis, other columns half way" --format=iis --reorder-fields
for open in 1 10 1000; do
	exact "iis, outbound, $open at a time" --format=iis --kind=send \
	    --open=$open
done
exact "hmailserver, outbound" --format=hmailserver --kind=send
exact "hmailserver, ends amid sessions" --format=hmailserver --end-cut
for format in postfix postfix-verbose; do
	for open in 1 10 1000; do
		exact "$format, $open at a time" --format="$format" --open=$open
	done
	exact "$format, ISO stamps" --format="$format" --date=iso
done
# What is read by a format file.
for format in courier domino kerio; do
	for open in 1 10 1000; do
		exact "$format, $open at a time" --format=$format \
		    --sessions=1500 --open=$open
	done
done
few=--sessions=300
for format in mdaemon mailenable smartermail communigate postal stalwart \
    kumomta qmail; do
	[ "$format" = communigate ] && file=2026-11-23.log
	for open in 1 10 1000; do
		exact "$format, $open at a time" --format=$format $few \
		    --open=$open
	done
	file=
done
for format in mdaemon mailenable smartermail; do
	for open in 1 10 1000; do
		exact "$format, outbound, $open at a time" --format=$format \
		    $few --kind=send --open=$open
	done
done
for format in sendmail opensmtpd; do
	for open in 1 10 1000; do
		exact "$format, $open at a time" --format="$format" --open=$open
	done
done
for open in 1 10 1000; do
	exact "opensmtpd-report, $open at a time" --format=opensmtpd-report \
	    --open=$open
done
exact "opensmtpd-report, outbound" --format=opensmtpd-report --kind=send
exact "opensmtpd-report, ends amid sessions" --format=opensmtpd-report \
    --end-cut
for open in 1 10 1000; do
	exact "sendmail-x, $open at a time" --format=sendmail-x --open=$open
	exact "sendmail-x, $open at a time, lines without their end" \
	    --format=sendmail-x --open=$open --glue
done
exact "sendmail-x, outbound" --format=sendmail-x --kind=send
exact "sendmail-x, ends amid sessions" --format=sendmail-x --end-cut
done_testing
