#!/bin/sh
# The law of the layers (doc/architecture.md): reads every #include of src/ and
# fails on one that goes up or sideways, on a second file with curses in it,
# and on files that include each other in a circle.  A room (x.c with x.h)
# counts as one.  Also: every source and test is named in Makefile.am.
# shellcheck source=tests/lib.sh
. "${abs_top_srcdir:?is set by make check}/tests/lib.sh"

# verdict SRC: one line for each breach, nothing where the law is kept.
verdict() {
	# shellcheck disable=SC2016 # the $ are awk's
	(cd "$1" && find . -name '*.[ch]' | sed 's/^\.\///' | sort |
	    xargs awk '
	function dir(f) { return f ~ /\// ? substr(f, 1, index(f, "/") - 1) : "" }
	function room(f) { sub(/\.[ch]$/, "", f); return f }
	BEGIN {
		n = split("base:0 input:1 format:1 smtp:1 config:1 index:2 " \
		    "query:3 report:4 ui:5 :6", a, " ")
		for (i = 1; i <= n; i++) {
			split(a[i], b, ":")
			rank[b[1]] = b[2]
		}
		curses_home = "ui/term.c"
	}
	FNR == 1 {
		from = dir(FILENAME)
		if (!(from in rank))
			print FILENAME ": " from "/ is no layer"
	}
	/^[ \t]*#[ \t]*include[ \t]*[<"](n?curses|(term|panel|menu|form)\.h)/ {
		if (FILENAME != curses_home)
			print FILENAME ": curses belongs to " curses_home
	}
	/^[ \t]*#[ \t]*include[ \t]*"/ {
		split($0, q, "\"")
		file = q[2]
		if (file == "config.h" || file ~ /\.def$/)
			next
		to = dir(file)
		if (!(to in rank) || to == "") {
			print FILENAME ": \"" file "\" names no layer"
			next
		}
		# xargs must not have split the list, or edges are lost.
		r = room(FILENAME)
		t = room(file)
		rooms[r]
		rooms[t]
		if (r != t)
			edge[r, t] = 1
		if (to == from || rank[to] < rank[from] ||
		    from == "format" && to == "smtp")
			next
		print FILENAME ": " from "/ must not include " file
	}
	END {
		# Take away rooms that include none that is left, or that none
		# includes, until no more can go: circles stay.
		do {
			gone = 0
			for (r in rooms) {
				out = into = 0
				for (t in rooms) {
					out += (r, t) in edge
					into += (t, r) in edge
				}
				if (!out || !into) {
					delete rooms[r]
					gone = 1
				}
			}
		} while (gone)
		for (r in rooms)
			for (t in rooms)
				if ((r, t) in edge)
					print r " includes " t " in a circle"
	}')
}

# law NAME FILE TEXT PART: a tree with this one more file breaks the law.
law() {
	rm -rf "$work/src"
	mkdir -p "$work/src/base" "$work/src/ui" "$work/src/query" \
	    "$work/src/input" "$work/src/format" "$work/src/smtp"
	echo '#include "base/slice.h"' >"$work/src/query/filter.c"
	echo '#include <curses.h>' >"$work/src/ui/term.c"
	echo '#include "smtp/reply.h"' >"$work/src/format/good.c"
	echo '#include "query/filter.h"' >"$work/src/main.c"
	echo '#include "query/filter.h"' >"$work/src/query/parser.c"
	same "$1: the law is kept without it" "$(verdict "$work/src")" ""
	printf '%b\n' "$3" >"$work/src/$2"
	has "$1" "$(verdict "$work/src")" "$4"
}

law "an upward include is seen" base/a.c '#include "ui/list.h"' \
    "base/ must not include ui/list.h"
law "a sideways include is seen" input/a.c '#include "format/event.h"' \
    "input/ must not include format/event.h"
law "smtp does not see format" smtp/a.h '  # include "format/event.h"' \
    "smtp/ must not include"
law "a second curses file is seen" ui/list.c '#include <ncursesw/curses.h>' \
    "curses belongs to"
law "a circle of two rooms is seen" query/filter.h \
    '#include "query/parser.h"\n#include "query/filter.h"' \
    "query/parser includes query/filter in a circle"
law "a folder that is no layer is seen" base/a.c '#include "util/a.h"' \
    "names no layer"

same "the law of the layers is kept" "$(verdict "$abs_top_srcdir/src")" ""

# A unit test is named as its program, without the .c.
unlisted() {
	(cd "$abs_top_srcdir" && find src tests doc bench -name work -prune -o \
	    -name '*.[ch]' -print -o -name '*.def' -print -o \
	    -name '*.sh' -print) |
	sort | while read -r file; do
		# shellcheck disable=SC1003 # a backslash, for tr
		tr -s ' \t\\' '\n' <"$abs_top_srcdir/Makefile.am" |
		    grep -q -x -F -e "$file" -e "${file%.c}" || echo "$file"
	done
}
same "every source and test is named in Makefile.am" "$(unlisted)" ""
done_testing
