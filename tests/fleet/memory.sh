#!/bin/sh
# A report takes the memory of what it waits for, not of the log: of a log and
# of a quarter of it about the same.  Sessions that never end are in both.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
generate=$abs_top_builddir/tests/generate

# More lines than a session that is silent is waited for (index/forget.h).
"$generate" --format=transcript --sessions=80000 --open=100 --seed=5 \
    -o "$work/log" || exit 99

# --- those without an end come last, and are whole ----------------------------

XDG_CACHE_HOME="$work/cache" "$EHLOG" --no-config --keep-index --print=json \
    "$work/log" >"$work/wanted"
rm -rf "$work/cache"
sort "$work/wanted" >"$work/wanted.sorted"
for how in file pipe; do
	case $how in
	file) "$EHLOG" --no-config --print=json "$work/log" >"$work/out" ;;
	pipe) "$EHLOG" --no-config --print=json - <"$work/log" |
	    cat >"$work/out" ;;
	esac
	sed 's/"source":"[^"]*"//' "$work/out" | sort >"$work/got"
	sed 's/"source":"[^"]*"//' "$work/wanted.sorted" |
	    cmp - "$work/got" >/dev/null
	same "$how: every session is as it was" $? 0
	sed 's/^{"number":\([0-9]*\).*/\1/' "$work/out" |
	    awk '$1 < before { n++ } { before = $1 } END { print n + 0 }' \
	    >"$work/back"
	same "$how: in their order, and then those that were waited for" \
	    "$(cat "$work/back")" 1
done
rm -f "$work"/log "$work"/wanted*

# --- memory --------------------------------------------------------------------

if grep -q fsanitize "$abs_top_builddir/config.status"; then
	echo "skip - memory: a sanitizer takes memory of its own"
	done_testing
fi

# peak ARGUMENT...: in kB, of a report.
peak() {
	"$EHLOG" --no-config --print=json --stats "$@" 2>&1 >"$work/out" |
	    awk '/^peak-memory:/ { print int($2 / 1024) }'
}

"$generate" --format=mdaemon --sessions=320000 --seed=5 -o "$work/log" ||
    exit 99
head -c $(($(wc -c <"$work/log") / 4)) "$work/log" >"$work/part"
part=$(peak "$work/part")
all=$(peak "$work/log")
check "a file: $part kB for a quarter, $all kB for all" \
    test "$all" -lt $((part + 12000))
same "all of it was written" "$(wc -l <"$work/out")" 320000
part=$(peak - <"$work/part")
all=$(peak - <"$work/log")
check "a pipe: $part kB for a quarter, $all kB for all" \
    test "$all" -lt $((part + 16000))
same "all of it was written, too" "$(wc -l <"$work/out")" 320000
"$EHLOG" --no-config --follow --print=json - <"$work/log" >"$work/out"
same "all of it was written, followed" "$(wc -l <"$work/out")" 320000
# All of a pipe that is wanted in another order than it comes in.
part=$(peak --sort=-number --keep=8M - <"$work/part")
all=$(peak --sort=-number --keep=8M - <"$work/log")
check "what is kept of a pipe: $part kB for a quarter, $all kB for all" \
    test "$all" -lt $((part + 12000))
done_testing
