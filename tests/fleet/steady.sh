#!/bin/sh
# A report that is written while the log is read says what one says that keeps
# all and is written at the end, to the byte; of files, pipes and packed files.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
generate=$abs_top_builddir/tests/generate

# kept ARGUMENT...: an index that is kept on disk is made of the whole log.
kept() {
	rm -rf "$work/cache"
	XDG_CACHE_HOME="$work/cache" "$EHLOG" --no-config --keep-index "$@"
}

bare() {
	sed 's/"source":"[^"]*"//' "$1"
}

# both_ways NAME GENERATOR-OPTION...
both_ways() {
	what=$1
	shift
	rm -rf "$work/log"
	"$generate" --sessions=300 --seed=3 -o "$work/log" "$@" || {
		not_ok "$what: generate $*"
		return 1
	}
	# Several logs are kept until all are read.
	[ -d "$work/log" ] && mv "$work/log" "$work/logs" &&
	    cat "$work"/logs/* >"$work/log" && rm -rf "$work/logs"
	touch -t 202612010000 "$work/log"
	for form in csv json transcript; do
		kept --print=$form "$work/log" >"$work/wanted"
		"$EHLOG" --no-config --print=$form "$work/log" >"$work/got"
		check "$what: $form: the same" cmp "$work/got" "$work/wanted"
		[ $form != json ] || cp "$work/wanted" "$work/all"
	done
	kept --print=json --filter='text:/[13]7/' "$work/log" >"$work/wanted"
	"$EHLOG" --no-config --print=json --filter='text:/[13]7/' "$work/log" \
	    >"$work/got"
	check "$what: of a text: the same" cmp "$work/got" "$work/wanted"
	check "$what: there is something to compare" test -s "$work/all"
	bare "$work/all" >"$work/wanted"
	gzip -c "$work/log" >"$work/log.gz"
	for how in log log.gz; do
		"$EHLOG" --no-config --print=json - <"$work/$how" |
		    cat >"$work/out"
		bare "$work/out" >"$work/got"
		check "$what: $how as a pipe: the same" \
		    cmp "$work/got" "$work/wanted"
	done
}

for format in exchange-csv halon transcript exim exim-default exim-debug iis \
    hmailserver haraka postfix postfix-verbose mdaemon smartermail postal \
    stalwart kumomta qmail sendmail opensmtpd sendmail-x kerio courier domino \
    exchange-ims; do
	both_ways $format --format=$format --open=100
done
both_ways "exchange-csv, cut" --format=exchange-csv --start-cut --end-cut
both_ways "exchange-ims, entries on one line" --format=exchange-ims --open=1 \
    --glue
"$EHLOG" --no-config --print=json --limit=7 "$work/log" >"$work/got"
same "--limit" "$(wc -l <"$work/got")" 7

# --- what is not wanted is not read ---------------------------------------------

# At most so long; what ends by itself has another status than 124.
ends() {
	timeout "$deadline" "$EHLOG" --no-config --print=json "$@"
}

endless() {
	while cat "$work/log"; do :; done
}

endless 2>"$work/gone" | ends --limit=7 - >"$work/got"
same "--limit of an endless pipe: ends" $? 0
same "--limit of an endless pipe" "$(wc -l <"$work/got")" 7
endless 2>"$work/gone" | {
	ends - 2>"$work/words"
	echo $? >"$work/status"
} | head -n 1 >"$work/got"
same "nobody reads any more: ends" "$(cat "$work/status")" 0
same "one line was read" "$(wc -l <"$work/got")" 1

"$EHLOG" --no-config --print=json --limit=1 --stats "$work/log" >"$work/got" \
    2>"$work/words"
same "--stats tells of all" "$(sed -n 's/^bytes: //p' "$work/words")" \
    "$(wc -c <"$work/log")"
done_testing
