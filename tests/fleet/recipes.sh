#!/bin/sh
# doc/fleet.md: each recipe is run by a test, and each test's recipe is there.
# shellcheck source=tests/lib.sh disable=SC2154
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
# shellcheck source=tests/fleet/lib.sh
. "$abs_top_srcdir/tests/fleet/lib.sh"

sed -n 's/^<!-- recipe: \(.*\) -->$/\1/p' "$fleet_md" | sort >"$work/told"
same "no two recipes have one name" "$(uniq -d "$work/told")" ""
check "there are recipes" test "$(wc -l <"$work/told")" -gt 10
while read -r one; do
	check "$one is a block of text" test -n "$(recipe_text "$one")"
	check "$one is run by a test" grep -qE \
	    "(recipe|recipe_text|for name in)( [a-z-]+)* $one( |;|\\)|\$)" \
	    "$abs_top_srcdir"/tests/fleet/*.sh
done <"$work/told"
for file in clickhouse duckdb sqlite queries; do
	has "$file.sql is told of" "$(cat "$fleet_md")" "\$sql/$file.sql"
done
done_testing
