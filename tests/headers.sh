#!/bin/sh
# Each header compiles alone, twice over, without a warning: it includes what
# it needs and guards itself.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"
: "${CC:=cc}"

compiles() {
	printf '#include "config.h"\n#include "%s"\n#include "%s"\n' \
	    "$1" "$1" >"$work/alone.c"
	# shellcheck disable=SC2086 # CC may hold switches
	$CC -std=c17 -Wall -Wextra -Wshadow -Wstrict-prototypes -Werror \
	    -fsyntax-only -I"$abs_top_builddir" -I"$2" "$work/alone.c"
}

mkdir -p "$work/bad/base"
echo 'struct bad { struct slice s; };' >"$work/bad/base/bad.h"
if compiles base/bad.h "$work/bad" 2>/dev/null; then
	not_ok "a header that needs another is seen"
else
	ok "a header that needs another is seen"
fi

for header in $(cd "$abs_top_srcdir/src" && find . -name '*.h' | sort); do
	header=${header#./}
	check "$header compiles alone" compiles "$header" "$abs_top_srcdir/src"
done
done_testing
