#!/bin/sh
# The fuzz targets over their corpus, and over changed copies of it.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"

EHLOG_DATADIR=$abs_top_srcdir/data
export EHLOG_DATADIR
for target in "$abs_top_srcdir"/tests/fuzz/fuzz_*.c; do
	fuzz=$(basename "$target" .c)
	fuzz=${fuzz#fuzz_}
	corpus=$abs_top_srcdir/tests/fuzz/corpus/$fuzz
	check "$fuzz has a corpus" test -n "$(ls "$corpus")"
	(cd "$work" && "$abs_top_builddir/tests/fuzz/$fuzz" "$corpus") \
	    >"$work/out" 2>&1
	status=$?
	same "$fuzz over its corpus" "$status" 0 || sed 's/^/#   /' "$work/out"
done
done_testing
